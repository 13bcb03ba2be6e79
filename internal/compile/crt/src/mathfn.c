/* mathfn.c: functions of numbers by libm, a lane at a time. Errors are PostgreSQL's; see mathfn.h. */
#include "kernels.h"
#include <math.h>

static f64 sigmoid(f64 x) {
  f64 e = exp(-fabs(x));
  return (x < 0 ? e : 1) / (1 + e);
}
static f64 softplus(f64 x) { return (x > 0 ? x : 0) + log1p(exp(-fabs(x))); }

#define LANES(name, call)                                        \
  void flk_##name##_f64(f64 *d, const f64 *a, u32 bc, u32 n) {   \
    for (u32 i = 0; i < n; i++) d[i] = call(a[bc & 1 ? 0 : i]);  \
  }
LANES(exp, exp)
LANES(log, log)
LANES(tanh, tanh)
LANES(sigmoid, sigmoid)
LANES(erf, erf)
LANES(softplus, softplus)
LANES(sin, sin)
LANES(cos, cos)
