/* model_narrow.c: floats of 16, 8 and 4 bits, held in 32. Nothing here traps or raises. */
#include "kernels.h"
#include <string.h>

/* 11 bits of the significand; below 2^-14, where sums with 0.5 have units of 2^-24, multiples of that. */
static inline f32 round_f16(f32 x) {
  u32 bits, sign;
  memcpy(&bits, &x, sizeof bits);
  sign = bits & 0x80000000u;
  bits ^= sign;
  if (bits >= 0x477ff000u) return bits > 0x7f800000u ? x : sign ? -__builtin_inff() : __builtin_inff();
  if (bits < 0x38800000u) {
    f32 small;
    memcpy(&small, &bits, sizeof small);
    small = (small + 0.5f) - 0.5f;
    memcpy(&bits, &small, sizeof bits);
  } else {
    bits += 0xfff + (bits >> 13 & 1);
    bits &= ~0x1fffu;
  }
  bits |= sign;
  memcpy(&x, &bits, sizeof x);
  return x;
}

void flk_f16_f32(f32 *d, const f32 *a, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = round_f16(a[i]);
}

void flk_bf16_f32(f32 *d, const f32 *a, u32 n) {
  for (u32 i = 0; i < n; i++) {
    u32 bits;
    memcpy(&bits, a + i, sizeof bits);
    if ((bits & 0x7fffffffu) <= 0x7f800000u) bits = (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000u;
    memcpy(d + i, &bits, sizeof bits);
  }
}

/* A float of fewer bits: multiples of 2^least, fraction+1 significant bits, no infinity but `most`. UNSIGNED has no -0, and
 * FINITE no NaN, which becomes -0. */
enum { SIGNED, UNSIGNED, FINITE };
static inline f32 round_mini(f32 x, u32 fraction, i32 least, f32 most, u32 kind) {
  u32 bits, sign, drop = 23 - fraction;
  f32 magic = __builtin_ldexpf(1, least + 23), y;
  memcpy(&bits, &x, sizeof bits);
  sign = bits & 0x80000000u;
  bits ^= sign;
  if (bits > 0x7f800000u) return kind == FINITE ? -0.0f : x;
  if ((i32)(bits >> 23) - 127 < least + (i32)fraction) {
    memcpy(&y, &bits, sizeof y);
    y = (y + magic) - magic;
  } else {
    bits += ((u32)1 << (drop - 1)) - 1 + (bits >> drop & 1);
    bits &= ~(((u32)1 << drop) - 1);
    memcpy(&y, &bits, sizeof y);
    y = y < most ? y : most;
  }
  if (y == 0 && kind == UNSIGNED) return 0;
  memcpy(&bits, &y, sizeof bits);
  bits |= sign;
  memcpy(&x, &bits, sizeof x);
  return x;
}

#define MINI(name, ...) \
  void flk_##name##_f32(f32 *d, const f32 *a, u32 n) { \
    for (u32 i = 0; i < n; i++) d[i] = round_mini(a[i], __VA_ARGS__); \
  }
MINI(f8e4m3fn, 3, -9, 448, SIGNED)
MINI(f8e4m3fnuz, 3, -10, 240, UNSIGNED)
MINI(f8e5m2, 2, -16, 57344, SIGNED)
MINI(f8e5m2fnuz, 2, -17, 57344, UNSIGNED)
MINI(f4e2m1, 1, -1, 6, FINITE)

/* Powers of two from 2^-127 to 2^127, rounded up; no sign. */
void flk_f8e8m0_f32(f32 *d, const f32 *a, u32 n) {
  for (u32 i = 0; i < n; i++) {
    u32 bits;
    memcpy(&bits, a + i, sizeof bits);
    bits &= 0x7fffffff;
    if (bits <= 0x7f800000u) {
      bits = bits <= 0x00400000u ? 0x00400000u : (bits + 0x7fffff) & 0x7f800000u;
      if (bits > 0x7f000000u) bits = 0x7f000000u;
    }
    memcpy(d + i, &bits, sizeof bits);
  }
}
