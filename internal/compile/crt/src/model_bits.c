/* model_bits.c: numbers' bits as those of another type, for models. */
#include "kernels.h"
#include <string.h>

#define BITS(T, U) \
  void flk_bits_##T##_##U(T *d, const U *a, u32 n) { memcpy(d, a, n * sizeof *d); }
BITS(f32, i32)
BITS(i32, f32)
BITS(f64, i64)
BITS(i64, f64)
