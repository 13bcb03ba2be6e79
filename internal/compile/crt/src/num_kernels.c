/* num_kernels.c: kernels over numerics of variable scale, and between them and the other numbers. */
#include "num.h"
#include "value.h"

static const fl_num zero_head = {0, 0, 0, 0};
static const fl_str zero_value = {(const u8 *)&zero_head, sizeof zero_head};

/* ---- comparison ---- */
#define COMPARE(op, sign)                                                                           \
  void flk_##op##_num(u64 *d, const fl_str *a, const fl_str *b, const u64 *m, u32 bc, u32 n) {      \
    for (u32 i = 0; i < (n + 63) / 64; i++) d[i] = 0;                                               \
    ROWS(i, m, n) {                                                                                 \
      num x = num_read(&a[bc & 1 ? 0 : i]), y = num_read(&b[bc & 2 ? 0 : i]);                       \
      d[i / 64] |= (u64)(num_compare(&x, &y) sign 0) << (i % 64);                                   \
    }                                                                                               \
  }
COMPARE(eq, ==)
COMPARE(ne, !=)
COMPARE(lt, <)
COMPARE(le, <=)
COMPARE(gt, >)
COMPARE(ge, >=)

/* ---- arithmetic ---- */
#define EACH(i, d, m, n)       \
  for (u32 i = 0; i < n; i++)  \
    if (!picked(m, i)) d[i] = zero_value; else
#define BINARY(op, call)                                                                                          \
  void flk_##op##_num(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *b, const u64 *m, i32 pos, u32 n) {  \
    EACH(i, d, m, n) {                                                                                            \
      num x = num_read(&a[i]), y = num_read(&b[i]);                                                               \
      d[i] = num_pack(w, call, pos);                                                                              \
    }                                                                                                             \
  }
BINARY(add, num_add(w, &x, &y))
BINARY(sub, num_sub(w, &x, &y))
BINARY(mul, num_mul(w, &x, &y))
BINARY(div, num_div(w, &x, &y, pos))
BINARY(mod, num_mod(w, &x, &y, pos))

static num negated(num x) {
  if (x.sign == NUM_INFINITY) x.sign = NUM_MINUS_INFINITY;
  else if (x.sign == NUM_MINUS_INFINITY) x.sign = NUM_INFINITY;
  else if (x.sign != NUM_NAN) x.sign ^= NUM_NEGATIVE;
  return x;
}
static num without_sign(num x) {
  return x.sign == NUM_NEGATIVE || x.sign == NUM_MINUS_INFINITY ? negated(x) : x;
}
static num sign_as_num(num x) {
  static const i16 one[1] = {1};
  if (x.sign == NUM_NAN) return x;
  if (num_special(&x)) return (num){1, 0, x.sign == NUM_INFINITY ? 0 : NUM_NEGATIVE, 0, one};
  return (num){x.ndigits != 0, 0, x.sign, 0, one};
}
#define UNARY(op, call)                                                                             \
  void flk_##op##_num(fl_worker *w, fl_str *d, const fl_str *a, const u64 *m, u32 n) {              \
    EACH(i, d, m, n) {                                                                              \
      num x = num_read(&a[i]);                                                                      \
      d[i] = num_pack(w, call, 0);                                                                  \
    }                                                                                               \
  }
UNARY(neg, negated(x))
UNARY(abs, without_sign(x))
UNARY(sign, sign_as_num(x))
UNARY(floor, num_floor(w, &x))
UNARY(ceil, num_ceil(w, &x))
#define TO_SCALE(op)                                                                                             \
  void flk_##op##_num(fl_worker *w, fl_str *d, const fl_str *a, const i32 *digits, const u64 *m, u32 n) {        \
    EACH(i, d, m, n) {                                                                                           \
      num x = num_read(&a[i]);                                                                                   \
      d[i] = num_pack(w, num_##op(w, &x, digits[i]), 0);                                           \
    }                                                                                                            \
  }
TO_SCALE(round)
TO_SCALE(trunc)

/* ---- from other numbers ---- */
void flk_num_dec64(fl_worker *w, fl_str *d, const i64 *a, i32 scale, const u64 *m, u32 n) {
  EACH(i, d, m, n) d[i] = num_pack(w, num_of_dec(w, a[i], (u32)scale), 0);
}
void flk_num_dec128(fl_worker *w, fl_str *d, const fl_i128 *a, i32 scale, const u64 *m, u32 n) {
  EACH(i, d, m, n) d[i] = num_pack(w, num_of_dec(w, wide_of(a[i]), (u32)scale), 0);
}
void flk_num_f32(fl_worker *w, fl_str *d, const f32 *a, const u64 *m, u32 n) {
  EACH(i, d, m, n) d[i] = num_pack(w, num_of_f64(w, (f64)a[i], 6), 0);
}
void flk_num_f64(fl_worker *w, fl_str *d, const f64 *a, const u64 *m, u32 n) {
  EACH(i, d, m, n) d[i] = num_pack(w, num_of_f64(w, a[i], 15), 0);
}

/* ---- to other numbers ---- */
void flk_typmod_num(fl_worker *w, fl_str *d, const fl_str *a, i32 precision, i32 scale, const u64 *m, i32 pos, u32 n) {
  EACH(i, d, m, n) d[i] = num_pack(w, num_typmod(w, num_read(&a[i]), precision, scale, pos), pos);
}
/* A value that passed numeric(precision, scale) as a whole number; NaN has no such form. */
static wide unscaled(fl_worker *w, const fl_str *a, i32 precision, i32 scale, i32 pos) {
  wide v = 0;
  num x = num_typmod(w, num_read(a), precision, scale, pos);
  if (num_special(&x)) fl_raise(w, "0A000", pos, "NaN in a numeric with precision is not supported");
  if (!num_to_dec(w, &x, scale, &v)) fl_numeric_overflow(w, precision, scale, pos);
  return v;
}
void flk_dec64_num(fl_worker *w, i64 *d, const fl_str *a, i32 precision, i32 scale, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? (i64)unscaled(w, &a[i], precision, scale, pos) : 0;
}
void flk_dec128_num(fl_worker *w, fl_i128 *d, const fl_str *a, i32 precision, i32 scale, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = wide_to(picked(m, i) ? unscaled(w, &a[i], precision, scale, pos) : 0);
}
static i64 narrowed(fl_worker *w, u32 row, wide v, int fits, i32 bits, i32 pos) {
  if (!fits || v != (i64)v || !int_fits((i64)v, bits)) int_range_error(w, row, NULL, bits, pos);
  return (i64)v;
}
static void no_integer(fl_worker *w, const char *what, i32 bits, i32 pos) {
  const char *name = bits == 16 ? "smallint" : bits == 32 ? "integer" : "bigint";
  fl_str x = {(const u8 *)what, __builtin_strlen(what)}, y = {(const u8 *)name, __builtin_strlen(name)};
  fl_raise(w, "0A000", pos, "cannot convert %s to %s", &x, &y);
}
void flk_int_num(fl_worker *w, i64 *d, const fl_str *a, i32 bits, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = 0;
    if (!picked(m, i)) continue;
    num x = num_read(&a[i]);
    if (num_special(&x)) no_integer(w, x.sign == NUM_NAN ? "NaN" : "infinity", bits, pos);
    wide v = 0;
    int fits = num_to_dec(w, &x, 0, &v);
    d[i] = narrowed(w, i, v, fits, bits, pos);
  }
}
void flk_int_dec128(fl_worker *w, i64 *d, const fl_i128 *a, i32 scale, i32 bits, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? narrowed(w, i, wide_shrink(wide_of(a[i]), (u32)scale), 1, bits, pos) : 0;
}
static void float_range(fl_worker *w, const num *x, const char *type, i32 pos) {
  u8 *text = fl_temp(w, num_text_size(x));
  fl_str s = {text, num_put(text, x)}, t = {(const u8 *)type, __builtin_strlen(type)};
  fl_raise(w, "22003", pos, "\"%s\" is out of range for type %s", &s, &t);
}
void flk_f64_num(fl_worker *w, f64 *d, const fl_str *a, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = 0;
    if (!picked(m, i)) continue;
    num x = num_read(&a[i]);
    if (num_to_f64(w, &x, &d[i])) float_range(w, &x, "double precision", pos);
  }
}
void flk_f32_num(fl_worker *w, f32 *d, const fl_str *a, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = 0;
    if (!picked(m, i)) continue;
    num x = num_read(&a[i]);
    u8 *text = fl_temp(w, num_text_size(&x));
    if (fl_get_f32(text, num_put(text, &x), &d[i])) float_range(w, &x, "real", pos);
  }
}
static f64 float_of_dec(wide x, u32 scale) {
  static const f64 exact[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                              1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  if (scale <= 22 && wide_abs(x) <= (uwide)1 << 53) return (f64)(i64)x / exact[scale];
  u8 text[FL_PUT_DEC];
  f64 r = 0;
  fl_get_f64(text, fl_put_dec128(text, wide_to(x), scale), &r);
  return r;
}
void flk_f64_dec64(f64 *d, const i64 *a, i32 scale, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = float_of_dec(a[i], (u32)scale);
}
void flk_f64_dec128(f64 *d, const fl_i128 *a, i32 scale, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = float_of_dec(wide_of(a[i]), (u32)scale);
}

/* ---- aggregates ---- */
void flk_avg_i128(fl_worker *w, fl_str *d, const fl_i128 *sum, i32 scale, const i64 *count, const u64 *m, u32 n) {
  EACH(i, d, m, n) {
    num s = num_of_dec(w, wide_of(sum[i]), (u32)scale), c = num_of_dec(w, count[i], 0);
    d[i] = num_pack(w, num_div(w, &s, &c, 0), 0);
  }
}
void flk_avg_num(fl_worker *w, fl_str *d, const fl_str *sum, const i64 *count, const u64 *m, u32 n) {
  EACH(i, d, m, n) {
    num s = num_read(&sum[i]), c = num_of_dec(w, count[i], 0);
    d[i] = num_pack(w, num_div(w, &s, &c, 0), 0);
  }
}
/* Memory of the query for an accumulator. Before the value lies how much may lie there; it grows by half at least and never
 * shrinks, so that a sum whose length goes up and down takes no more and more of it. */
typedef struct { u64 room, pad; } kept_head;
static void keep(fl_worker *w, fl_str *kept, fl_str s) {
  kept_head *h = kept->p ? (kept_head *)kept->p - 1 : NULL;
  if (!h || h->room < s.n) {
    u64 room = h && s.n < h->room + h->room / 2 ? h->room + h->room / 2 : s.n;
    kept_head *more = fl_alloc(w, sizeof *more + room);
    more->room = room;
    if (h) fl_free(w, h, sizeof *h + h->room);
    kept->p = (const u8 *)(more + 1);
  }
  if (s.n) __builtin_memcpy((u8 *)kept->p, s.p, s.n);
  kept->n = s.n;
}
void flk_sum_num(fl_worker *w, fl_str *acc, const fl_str *v, const u64 *m, u32 n) {
  num total = acc->p ? num_read(acc) : (num){0, 0, 0, 0, NULL};
  int any = acc->p != NULL;
  ROWS(i, m, n) {
    num x = num_read(&v[i]);
    total = any ? num_add(w, &total, &x) : x;
    any = 1;
  }
  if (any) keep(w, acc, num_pack(w, total, 0));
}
