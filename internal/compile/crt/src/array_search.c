/* array_search.c: what looks for elements in arrays. Nulls are equal to nulls where PostgreSQL has it so (array_position), to nothing
 * elsewhere. */
#include "array.h"
#include "kernels.h"
#include "support.h"

/* ---- x op ANY (array), ALL ---- */
typedef struct { int truth, known; } verdict;
static verdict quantified(array_element x, int there, const fl_str *a, u32 kind, u32 accepts, int all) {
  u32 count = array_head(a).count;
  const u8 *bitmap = array_bitmap(a);
  if (!there) return (verdict){all, count == 0};
  int null = 0;
  for (u32 k = 0; k < count; k++) {
    if (array_null(bitmap, k)) {
      null = 1;
      continue;
    }
    i32 order = array_compare_elements(x, array_get(a, kind, k), kind);
    int holds = accepts >> ((order > 0) - (order < 0) + 1) & 1;
    if (holds != all) return (verdict){!all, 1};
  }
  return (verdict){all, !null};
}
#define QUANTIFIED(name, T, field)                                                                                              \
  void flk_quantified_##name(u64 *d, u64 *valid, const T *x, const u64 *there, const fl_str *a, u32 kind, u32 accepts, i32 all, \
                             const u64 *m, u32 n) {                                                                             \
    for (u32 k = 0; k < (n + 63) / 64; k++) d[k] = valid[k] = 0;                                                                \
    ROWS(i, m, n) {                                                                                                             \
      verdict v = quantified((array_element){.field = x[i]}, picked(there, i), &a[i], kind, accepts, all);                      \
      d[i / 64] |= (u64)(v.truth && v.known) << (i % 64);                                                                       \
      valid[i / 64] |= (u64)v.known << (i % 64);                                                                                \
    }                                                                                                                           \
  }
QUANTIFIED(i64, i64, i)
QUANTIFIED(f64, f64, f)
QUANTIFIED(str, fl_str, s)

/* ---- arrays as sets: a null is no element of any ---- */
static int has(const fl_str *a, const u8 *bitmap, u32 count, array_element e, u32 kind) {
  for (u32 k = 0; k < count; k++)
    if (!array_null(bitmap, k) && array_compare_elements(array_get(a, kind, k), e, kind) == 0) return 1;
  return 0;
}
/* Whether a has all elements of b, or with any one of them. */
static int shares(fl_worker *w, const fl_str *a, const fl_str *b, u32 kind, int any) {
  u32 na = array_head(a).count, nb = array_head(b).count;
  const u8 *ma = array_bitmap(a), *mb = array_bitmap(b);
  for (u32 k = 0; k < nb; k++) {
    if (na > 4096 || k % 1024 == 0) fl_obey(w);
    int in = !array_null(mb, k) && has(a, ma, na, array_get(b, kind, k), kind);
    if (in == any) return any;
  }
  return !any;
}
void flk_array_contains(fl_worker *w, u64 *d, const fl_str *a, const fl_str *b, u32 kind, const u64 *m, u32 n) {
  for (u32 k = 0; k < (n + 63) / 64; k++) d[k] = 0;
  ROWS(i, m, n) d[i / 64] |= (u64)shares(w, &a[i], &b[i], kind, 0) << (i % 64);
}
void flk_array_overlaps(fl_worker *w, u64 *d, const fl_str *a, const fl_str *b, u32 kind, const u64 *m, u32 n) {
  for (u32 k = 0; k < (n + 63) / 64; k++) d[k] = 0;
  ROWS(i, m, n) d[i / 64] |= (u64)shares(w, &a[i], &b[i], kind, 1) << (i % 64);
}
