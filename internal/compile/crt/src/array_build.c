/* array_build.c: arrays made of the elements of others. */
#include "array.h"
#include "kernels.h"
#include "rowctx.h"

/* Bytes of the texts from one element up to another. */
static u64 text_bytes(const fl_str *a, u32 kind, u32 from, u32 to) {
  u32 start, end;
  if (array_width(kind) || from >= to) return 0;
  const u8 *offsets = array_values(a);
  __builtin_memcpy(&start, offsets + 4ul * from, 4);
  __builtin_memcpy(&end, offsets + 4ul * to, 4);
  return end - start;
}
static void put_range(array_writer *out, const fl_str *a, u32 kind, u32 from, u32 to) {
  const u8 *bitmap = array_bitmap(a);
  for (u32 k = from; k < to; k++) {
    if (array_null(bitmap, k)) array_put_null(out);
    else array_put(out, array_get(a, kind, k));
  }
}

static fl_str concatenated(fl_worker *w, const fl_str *a, const fl_str *b, u32 kind) {
  u32 na = array_head(a).count, nb = array_head(b).count;
  if (!na) return *b;
  if (!nb) return *a;
  array_writer out = array_begin(w, kind, na + nb, text_bytes(a, kind, 0, na) + text_bytes(b, kind, 0, nb));
  put_range(&out, a, kind, 0, na);
  put_range(&out, b, kind, 0, nb);
  return array_done(&out);
}
void flk_array_concat(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *b, const u64 *there_a, const u64 *there_b, u32 kind,
                      const u64 *m, i32 pos, u32 n) {
  (void)pos;
  for (u32 i = 0; i < n; i++) {
    d[i] = no_text;
    if (!picked(m, i)) continue;
    if (!picked(there_a, i)) d[i] = b[i];
    else d[i] = picked(there_b, i) ? concatenated(w, &a[i], &b[i], kind) : a[i];
  }
}

/* Elements from `from` up to and without `to`, both from 0 and within the array. */
static fl_str range(fl_worker *w, const fl_str *a, u32 kind, u32 from, u32 to) {
  array_writer out = array_begin(w, kind, to - from, text_bytes(a, kind, from, to));
  put_range(&out, a, kind, from, to);
  return array_done(&out);
}
void flk_array_slice(fl_worker *w, fl_str *d, const fl_str *a, const i32 *lower, const i32 *upper, u32 kind, const u64 *m, i32 pos, u32 n) {
  (void)pos;
  for (u32 i = 0; i < n; i++) {
    d[i] = no_text;
    if (!picked(m, i)) continue;
    i64 count = array_head(&a[i]).count, from = lower[i] < 1 ? 0 : (i64)lower[i] - 1, to = upper[i] < count ? upper[i] : count;
    d[i] = from < to ? range(w, &a[i], kind, (u32)from, (u32)to) : range(w, &a[i], kind, 0, 0);
  }
}
void flk_array_trim(fl_worker *w, fl_str *d, const fl_str *a, const i32 *by, u32 kind, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = no_text;
    if (!picked(m, i)) continue;
    u32 count = array_head(&a[i]).count;
    if (by[i] < 0 || (u32)by[i] > count) {
      fl_raise_context_row(w, i, NULL);
      fl_raise(w, "2202E", pos, "number of elements to trim must be between 0 and %d", (i64)count);
    }
    d[i] = range(w, &a[i], kind, 0, count - (u32)by[i]);
  }
}

/* ---- elements taken out or exchanged; x and y are arrays of one element, which may be null ---- */
static int same_element(const fl_str *a, const u8 *bitmap, u32 k, const fl_str *x, u32 kind) {
  int null = array_null(bitmap, k), x_null = array_head(x).nulls != 0;
  if (null || x_null) return null && x_null;
  return array_compare_elements(array_get(a, kind, k), array_get(x, kind, 0), kind) == 0;
}
/* a with what equals x taken out, or, with y, exchanged for y. */
static fl_str exchanged(fl_worker *w, const fl_str *a, const fl_str *x, const fl_str *y, u32 kind) {
  u32 count = array_head(a).count, found = 0;
  const u8 *bitmap = array_bitmap(a);
  u64 text = text_bytes(a, kind, 0, count);
  for (u32 k = 0; k < count; k++) {
    if (!same_element(a, bitmap, k, x, kind)) continue;
    found++;
    if (y) text += text_bytes(y, kind, 0, 1);
  }
  if (!found) return *a;
  array_writer out = array_begin(w, kind, y ? count : count - found, text);
  for (u32 k = 0; k < count; k++) {
    if (!same_element(a, bitmap, k, x, kind)) put_range(&out, a, kind, k, k + 1);
    else if (y) put_range(&out, y, kind, 0, 1);
  }
  return array_done(&out);
}
void flk_array_remove(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *x, u32 kind, const u64 *m, i32 pos, u32 n) {
  (void)pos;
  for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? exchanged(w, &a[i], &x[i], NULL, kind) : no_text;
}
void flk_array_replace(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *x, const fl_str *y, u32 kind, const u64 *m, i32 pos, u32 n) {
  (void)pos;
  for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? exchanged(w, &a[i], &x[i], &y[i], kind) : no_text;
}

/* ---- where elements are ---- */
void flk_array_position(i32 *d, u64 *valid, const fl_str *a, const fl_str *x, const i32 *from, u32 kind, const u64 *m, u32 n) {
  for (u32 k = 0; k < (n + 63) / 64; k++) valid[k] = 0;
  for (u32 i = 0; i < n; i++) {
    d[i] = 0;
    if (!picked(m, i)) continue;
    u32 count = array_head(&a[i]).count;
    const u8 *bitmap = array_bitmap(&a[i]);
    u32 k = from[i] < 1 ? 0 : (u32)from[i] - 1;
    while (k < count && !same_element(&a[i], bitmap, k, &x[i], kind)) k++;
    if (k >= count) continue;
    d[i] = (i32)k + 1;
    valid[i / 64] |= 1ul << (i % 64);
  }
}
static fl_str positions(fl_worker *w, const fl_str *a, const fl_str *x, u32 kind) {
  u32 count = array_head(a).count, found = 0;
  const u8 *bitmap = array_bitmap(a);
  for (u32 k = 0; k < count; k++) found += (u32)same_element(a, bitmap, k, x, kind);
  array_writer out = array_begin(w, FL_I32, found, 0);
  for (u32 k = 0; k < count; k++)
    if (same_element(a, bitmap, k, x, kind)) array_put(&out, (array_element){.i = (i64)k + 1});
  return array_done(&out);
}
void flk_array_positions(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *x, u32 kind, const u64 *m, i32 pos, u32 n) {
  (void)pos;
  for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? positions(w, &a[i], &x[i], kind) : no_text;
}
