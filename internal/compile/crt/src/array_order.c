/* array_order.c: arrays and vectors compared and hashed: element by element as their type compares, a null after every value and
 * equal to another, a prefix first. */
#include "array.h"
#include "support.h"
#include "kernels.h"

static i32 order_i64(i64 a, i64 b) { return (a > b) - (a < b); }
i32 array_compare_elements(array_element a, array_element b, u32 kind) {
  switch (kind) {
  case FL_F32:
  case FL_F64: return fl_compare_f64(a.f, b.f);
  case FL_STR: return fl_compare_str(a.s, b.s);
  }
  return order_i64(a.i, b.i);
}
static i32 order_vector(const fl_str *a, const fl_str *b) {
  u64 most = a->n < b->n ? a->n : b->n;
  for (u64 k = 0; k < most; k += sizeof(f32)) {
    f32 x, y;
    __builtin_memcpy(&x, a->p + k, sizeof x);
    __builtin_memcpy(&y, b->p + k, sizeof y);
    if (x != y) return x < y ? -1 : 1;
  }
  return order_i64((i64)a->n, (i64)b->n);
}
i32 fl_compare_array(fl_str a, fl_str b, u32 kind) {
  if (kind == FL_VECTOR) return order_vector(&a, &b);
  u32 na = array_head(&a).count, nb = array_head(&b).count;
  const u8 *ma = array_bitmap(&a), *mb = array_bitmap(&b);
  for (u32 k = 0; k < na && k < nb; k++) {
    int xa = array_null(ma, k), xb = array_null(mb, k);
    if (xa != xb) return xa - xb;
    if (xa) continue;
    i32 c = array_compare_elements(array_get(&a, kind, k), array_get(&b, kind, k), kind);
    if (c) return c;
  }
  return order_i64(na, nb);
}
i32 fl_equal_array(fl_str a, fl_str b, u32 kind) {
  if (kind == FL_VECTOR ? a.n != b.n : array_head(&a).count != array_head(&b).count) return 0;
  return fl_compare_array(a, b, kind) == 0;
}
/* Of arrays that are equal and do not read alike (zeros have two signs), the first by its bytes is better. */
i32 fl_better_array(i32 seen, fl_str old, fl_str x, i32 direction, u32 kind) {
  if (!seen) return 1;
  i32 order = fl_compare_array(x, old, kind) * direction;
  return order > 0 || (order == 0 && text_compare(&x, &old) < 0);
}
void flk_compare_array(i32 *d, const fl_str *a, const fl_str *b, u32 kind, const u64 *m, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? fl_compare_array(a[i], b[i], kind) : 0;
}
void flk_eq_array(u64 *d, const fl_str *a, const fl_str *b, u32 kind, const u64 *m, u32 n) {
  for (u32 k = 0; k < (n + 63) / 64; k++) d[k] = 0;
  ROWS(i, m, n) d[i / 64] |= (u64)fl_equal_array(a[i], b[i], kind) << (i % 64);
}

/* Equal arrays are equal bytes, but for floats: zeros have two signs, and there are many NaNs. */
static u64 hash_floats(const fl_str *a, u32 kind) {
  u32 count = kind == FL_VECTOR ? (u32)(a->n / sizeof(f32)) : array_head(a).count;
  const u8 *bitmap = kind == FL_VECTOR ? NULL : array_bitmap(a);
  u64 h = count;
  for (u32 k = 0; k < count; k++) {
    f64 x = 0;
    f32 single;
    if (kind == FL_VECTOR) __builtin_memcpy(&single, a->p + k * sizeof single, sizeof single), x = single;
    else if (!array_null(bitmap, k)) x = array_get(a, kind, k).f;
    if (x == 0) x = array_null(bitmap, k); /* any number: who hashes alike is compared */
    if (x != x) x = -1;
    u64 pair[2] = {h, 0};
    __builtin_memcpy(&pair[1], &x, sizeof x);
    h = flk_hash_bytes((const u8 *)pair, sizeof pair);
  }
  return h;
}
void flk_hash_array(u64 *d, const fl_str *a, u32 kind, const u64 *m, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = 0;
    if (!picked(m, i)) continue;
    d[i] = kind == FL_VECTOR || kind == FL_F32 || kind == FL_F64 ? hash_floats(&a[i], kind) : flk_hash_bytes(a[i].p, a[i].n);
  }
}
