/* model_divide.c: division and its remainders as models have them. Nothing here traps. */
#include "kernels.h"
#include "wide.h"
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

/* Whether row i counts; then its divisor must not be 0. */
static u32 counts(fl_worker *w, const u64 *m, u32 i, i64 by, i32 pos) {
  if (!picked(m, i)) return 0;
  if (by == 0) fl_raise(w, "22012", pos, "division by zero");
  return 1;
}

void flk_divide_i64(fl_worker *w, i64 *d, const i64 *a, const i64 *b, u32 what, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = 0;
    if (!counts(w, m, i, b[i], pos)) continue;
    if (what == 0) flk_quo_i64(d + i, a + i, b[i], 1);
    else if (what == 1) flk_rem_i64(d + i, a + i, b[i], 1);
    else flk_mod_i64(d + i, a + i, b[i], 1);
  }
}

void flk_divide_u64(fl_worker *w, i64 *d, const i64 *a, const i64 *b, u32 what, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = 0;
    if (!counts(w, m, i, b[i], pos)) continue;
    d[i] = what == 0 ? (u64)a[i] / (u64)b[i] : (u64)a[i] % (u64)b[i];
  }
}
