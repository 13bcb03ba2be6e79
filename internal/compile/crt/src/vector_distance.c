/* vector_distance.c: distances of vectors, as pgvector has them but summed in f64, where a product of two f32s is exact: the bits are
 * the same on every CPU. Lane k of 16 sums the elements k, k+16, …; lanes are summed by halves (internal/compile/refexec/vector.go
 * does the same). */
#include "array.h"
#include "flv.h"
#include "rowctx.h"
#include "kernels.h"

/* 16 elements from at on of n, zeros behind the last. */
FL v_f64 elements(const u8 *p, u64 at, u64 n) {
  f32 last[16] = {0};
  if (at + 16 <= n) return fl_cvt_f64_f32(fl_load_f32((const f32 *)(p + 4 * at)));
  __builtin_memcpy(last, p + 4 * at, 4 * (n - at));
  return fl_cvt_f64_f32(fl_load_f32(last));
}
FL f64 halves(v_f64 sums) {
  f64 s[16];
  fl_store_f64(s, sums);
  for (u32 half = 8; half; half /= 2)
    for (u32 k = 0; k < half; k++) s[k] += s[k + half];
  return s[0];
}
FL v_f64 add_product(v_f64 sum, v_f64 x, v_f64 y) { return fl_add_f64(sum, fl_mul_f64(x, y)); }

#define EACH(n, a, b, what)                                          \
  for (u64 k = 0; k < (n); k += 16) {                                \
    v_f64 x = elements((a)->p, k, n), y = elements((b)->p, k, n);    \
    what;                                                            \
  }
static f64 l2_distance(const fl_str *a, const fl_str *b) {
  v_f64 sum = fl_set_f64(0);
  EACH(a->n / 4, a, b, v_f64 d = fl_sub_f64(x, y); sum = add_product(sum, d, d))
  return __builtin_sqrt(halves(sum));
}
static f64 l1_distance(const fl_str *a, const fl_str *b) {
  v_f64 sum = fl_set_f64(0);
  EACH(a->n / 4, a, b, sum = fl_add_f64(sum, fl_abs_f64(fl_sub_f64(x, y))))
  return halves(sum);
}
static f64 inner_product(const fl_str *a, const fl_str *b) {
  v_f64 sum = fl_set_f64(0);
  EACH(a->n / 4, a, b, sum = add_product(sum, x, y))
  return halves(sum);
}
/* NaN where a vector is zero. */
static f64 cosine_distance(const fl_str *a, const fl_str *b) {
  v_f64 both = fl_set_f64(0), first = both, second = both;
  EACH(a->n / 4, a, b, both = add_product(both, x, y); first = add_product(first, x, x); second = add_product(second, y, y))
  f64 likeness = halves(both) / __builtin_sqrt(halves(first) * halves(second));
  return 1 - (likeness > 1 ? 1 : likeness < -1 ? -1 : likeness);
}

static void check_same_dimensions(fl_worker *w, u32 row, const fl_str *a, const fl_str *b, i32 pos) {
  if (a->n == b->n) return;
  fl_raise_context_row(w, row, NULL);
  fl_raise(w, "22000", pos, "different vector dimensions %d and %d", (i64)(a->n / 4), (i64)(b->n / 4));
}
#define DISTANCE(name)                                                                                                  \
  void flk_##name(fl_worker *w, f64 *d, const fl_str *a, const fl_str *b, const u64 *m, i32 pos, u32 n) {               \
    for (u32 i = 0; i < n; i++) {                                                                                       \
      d[i] = 0;                                                                                                         \
      if (!picked(m, i)) continue;                                                                                      \
      check_same_dimensions(w, i, &a[i], &b[i], pos);                                                                   \
      d[i] = name(&a[i], &b[i]);                                                                                        \
    }                                                                                                                   \
  }
DISTANCE(l2_distance)
DISTANCE(l1_distance)
DISTANCE(inner_product)
DISTANCE(cosine_distance)

void flk_vector_norm(f64 *d, const fl_str *a, const u64 *m, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? __builtin_sqrt(inner_product(&a[i], &a[i])) : 0;
}
