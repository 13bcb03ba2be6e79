/* vector_arith.c: vectors added, subtracted and multiplied element by element, and scaled to length one, with pgvector's errors. */
#include "array.h"
#include "kernels.h"
#include "rowctx.h"

static f32 at(const fl_str *v, u64 k) {
  f32 x;
  __builtin_memcpy(&x, v->p + k * sizeof x, sizeof x);
  return x;
}
/* op: '+', '-' or '*'. */
static fl_str combined(fl_worker *w, u32 row, const fl_str *a, const fl_str *b, u8 op, i32 pos) {
  if (a->n != b->n) {
    fl_raise_context_row(w, row, NULL);
    fl_raise(w, "22000", pos, "different vector dimensions %d and %d", (i64)(a->n / sizeof(f32)), (i64)(b->n / sizeof(f32)));
  }
  u64 count = a->n / sizeof(f32);
  f32 *out = fl_temp(w, a->n);
  int infinite = 0, vanished = 0;
  for (u64 k = 0; k < count; k++) {
    f32 x = at(a, k), y = at(b, k), z = op == '+' ? x + y : op == '-' ? x - y : x * y;
    out[k] = z;
    infinite |= __builtin_isinf(z);
    vanished |= op == '*' && z == 0 && x != 0 && y != 0;
  }
  if (infinite || vanished) {
    fl_raise_context_row(w, row, NULL);
    fl_raise(w, "22003", pos, infinite ? "value out of range: overflow" : "value out of range: underflow");
  }
  return (fl_str){(const u8 *)out, a->n};
}
#define COMBINE(name, op)                                                                                                       \
  void flk_vector_##name(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *b, const u64 *m, i32 pos, u32 n) {             \
    for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? combined(w, i, &a[i], &b[i], op, pos) : no_text;                          \
  }
COMBINE(add, '+')
COMBINE(sub, '-')
COMBINE(mul, '*')

/* A vector of zeros stays one. */
void flk_vector_normalize(fl_worker *w, fl_str *d, const fl_str *a, const f64 *norm, const u64 *m, i32 pos, u32 n) {
  (void)pos;
  for (u32 i = 0; i < n; i++) {
    d[i] = no_text;
    if (!picked(m, i)) continue;
    u64 count = a[i].n / sizeof(f32);
    f32 *out = fl_temp(w, a[i].n);
    for (u64 k = 0; k < count; k++) out[k] = norm[i] > 0 ? (f32)(at(&a[i], k) / norm[i]) : 0;
    d[i] = (fl_str){(const u8 *)out, a[i].n};
  }
}
