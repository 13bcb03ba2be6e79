/* vector_sum.c: sums and averages of vectors, element by element. The sums are exact, so that no result depends on how rows fall to
 * workers, and rounded once. An accumulator is as many fl_fsum as its vectors have elements, n of them; p is NULL before the first. */
#include "array.h"
#include "fsum.h"
#include "kernels.h"
#include "support.h"

static fl_fsum *sums_of(fl_worker *w, fl_str *acc, u64 count, u32 average) {
  if (!acc->p) *acc = (fl_str){fl_alloc(w, count * sizeof(fl_fsum)), count};
  if (acc->n != count)
    fl_raise(w, "22000", 0, average ? "expected %d dimensions, not %d" : "different vector dimensions %d and %d", (i64)acc->n, (i64)count);
  return (fl_fsum *)acc->p;
}
void flk_sum_vector(fl_worker *w, fl_str *acc, const fl_str *v, u32 average, const u64 *m, u32 n) {
  ROWS(i, m, n) {
    u64 count = v[i].n / sizeof(f32);
    fl_fsum *sums = sums_of(w, acc, count, average);
    for (u64 k = 0; k < count; k++) {
      f32 x;
      __builtin_memcpy(&x, v[i].p + k * sizeof x, sizeof x);
      fl_fsum_row(w, &sums[k], x);
    }
  }
}
void fl_vector_sum_merge(fl_worker *w, fl_str *into, const fl_str *from, u32 average) {
  if (!from->p) return;
  fl_fsum *sums = sums_of(w, into, from->n, average);
  for (u64 k = 0; k < from->n; k++) fl_fsum_merge(w, &sums[k], (const fl_fsum *)from->p + k);
}
/* Totals as vectors, or divided by the numbers of rows if those are averages. */
void flk_vector_of_sum(fl_worker *w, fl_str *d, const fl_str *acc, const i64 *rows, u32 average, const u64 *m, i32 pos, u32 n) {
  (void)pos;
  for (u32 i = 0; i < n; i++) {
    d[i] = no_text;
    if (!picked(m, i)) continue;
    f32 *out = fl_temp(w, acc[i].n * sizeof(f32));
    for (u64 k = 0; k < acc[i].n; k++) {
      const fl_fsum *sum = (const fl_fsum *)acc[i].p + k;
      out[k] = average ? (f32)(fl_fsum_value(w, sum, 0) / (f64)rows[i]) : (f32)fl_fsum_value(w, sum, 1);
    }
    d[i] = (fl_str){(const u8 *)out, acc[i].n * sizeof(f32)};
  }
}
