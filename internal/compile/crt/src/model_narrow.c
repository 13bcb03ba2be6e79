/* model_narrow.c: floats of 16 bits, held in 32. Nothing here traps or raises. */
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
