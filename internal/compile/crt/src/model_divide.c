/* model_divide.c: division and its remainders as models have them. Nothing here traps or raises. */
#include "kernels.h"
#include <math.h>

/* A divisor of -1 is a case of its own: the processor traps where the quotient does not fit. */
void flk_quo_i64(i64 *d, const i64 *a, i64 by, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = by == 0 ? 0 : by == -1 ? (i64)(0 - (u64)a[i]) : a[i] / by;
}

void flk_rem_i64(i64 *d, const i64 *a, i64 by, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = by == 0 || by == -1 ? 0 : a[i] % by;
}

void flk_mod_i64(i64 *d, const i64 *a, i64 by, u32 n) {
  flk_rem_i64(d, a, by, n);
  for (u32 i = 0; i < n; i++)
    if (d[i] && (d[i] ^ by) < 0) d[i] += by;
}

void flk_rem_f64(f64 *d, const f64 *a, const f64 *b, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = fmod(a[i], b[i]);
}
