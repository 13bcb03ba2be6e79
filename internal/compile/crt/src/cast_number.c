/* cast_number.c: floats to whole numbers and to float4, with PostgreSQL's range errors. */
#include <math.h>

#include "rowctx.h"
#include "value.h"
#include "wide.h"

static i64 rounded(fl_worker *w, u32 row, f64 x, i32 bits, i32 pos) {
  f64 r = rint(x), limit = bits == 16 ? 0x1p15 : bits == 32 ? 0x1p31 : 0x1p63;
  if (!(r >= -limit && r < limit)) int_range_error(w, row, NULL, bits, pos);
  return (i64)r;
}
void flk_int_f64(fl_worker *w, i64 *d, const f64 *a, i32 bits, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? rounded(w, i, a[i], bits, pos) : 0;
}
void flk_int_f32(fl_worker *w, i64 *d, const f32 *a, i32 bits, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? rounded(w, i, (f64)a[i], bits, pos) : 0;
}
void flk_f32_f64(fl_worker *w, f32 *d, const f64 *a, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = 0;
    if (!picked(m, i)) continue;
    d[i] = (f32)a[i];
    if (isinf(d[i]) && !isinf(a[i])) fl_raise(w, "22003", pos, "value out of range: overflow");
    if (d[i] == 0 && a[i] != 0) fl_raise(w, "22003", pos, "value out of range: underflow");
  }
}
