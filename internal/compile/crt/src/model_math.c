/* model_math.c: functions of models that are rare: the C library's, in double precision. Nothing here raises. */
#include "kernels.h"
#include <math.h>

#define FUNCTION(name) \
  void flk_##name##_f64(f64 *d, const f64 *a, u32 n) { \
    for (u32 i = 0; i < n; i++) d[i] = name(a[i]); \
  }
FUNCTION(tan)
FUNCTION(asin)
FUNCTION(acos)
FUNCTION(atan)
FUNCTION(sinh)
FUNCTION(cosh)
FUNCTION(asinh)
FUNCTION(acosh)
FUNCTION(atanh)
