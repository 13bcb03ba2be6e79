/* sink_sketch.c: estimates of how many values are distinct (HyperLogLog). Sketches of segments merge by the maximum of each
 * register, which is why the hash is part of the format: of an integer, day, microsecond or unscaled numeric as 64 bits, of
 * the bits of a float as f64, of the bytes of anything else. */
#include "sink_int.h"

u64 fl_sketch_hash_int(u64 v) {
  v = (v ^ v >> 32) * 0x9E3779B97F4A7C15ul;
  v = (v ^ v >> 29) * 0xD6E8FEB86659FD93ul;
  return v ^ v >> 32;
}

static u64 word(const u8 *p, u64 n) {
  u64 v = 0;
  if (n >= 8) __builtin_memcpy(&v, p, 8);
  else
    for (u64 i = 0; i < n; i++) v |= (u64)p[i] << (8 * i);
  return v;
}

u64 fl_sketch_hash_bytes(const u8 *p, u64 n) {
  u64 h = n * 0x9E3779B97F4A7C15ul;
  for (; n > 8; p += 8, n -= 8) {
    h = (h ^ word(p, 8)) * 0xD6E8FEB86659FD93ul;
    h ^= h >> 32;
  }
  return fl_sketch_hash_int(h ^ word(p, n));
}

/* ln(x), x >= 1, to about six digits: the runtime has no need of libm here. */
static f64 natural_log(f64 x) {
  int e = 0;
  for (; x >= 2; x /= 2) e++;
  f64 t = (x - 1) / (x + 1), t2 = t * t, sum = 0, power = t;
  for (int k = 1; k < 16; k += 2, power *= t2) sum += power / k;
  return 2 * sum + e * 0.69314718055994531;
}

u64 fl_sketch_estimate(const u8 *sketch) {
  f64 sum = 0, m = FL_SKETCH;
  u32 zeros = 0;
  for (u32 i = 0; i < FL_SKETCH; i++) {
    sum += 1.0 / (f64)(1ul << sketch[i]);
    zeros += sketch[i] == 0;
  }
  f64 e = 0.7213 / (1 + 1.079 / m) * m * m / sum;
  if (e <= 2.5 * m && zeros) e = m * natural_log(m / zeros);
  return (u64)(e + 0.5);
}
