/* wide.c: whole numbers with errors, and 128-bit lanes: numerics of fixed scale that need more than 18 digits. */
#include "wide.h"
#include "rowctx.h"
#include "value.h"

const uwide fl_pow10[39] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000,
    10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000,
#define T(k) (uwide)1000000000000000000u * k
    T(10u), T(100u), T(1000u), T(10000u), T(100000u), T(1000000u), T(10000000u), T(100000000u), T(1000000000u),
    T(10000000000u), T(100000000000u), T(1000000000000u), T(10000000000000u), T(100000000000000u), T(1000000000000000u),
    T(10000000000000000u), T(100000000000000000u), T(1000000000000000000u), T(10000000000000000000u),
    T((uwide)10000000000u * 10000000000u)};

/* ---- whole numbers ---- */
static void divide(fl_worker *w, i64 *d, const i64 *a, const i64 *b, const u64 *m, i32 pos, u32 n, int rest) {
  for (u32 i = 0; i < n; i++) {
    d[i] = 0;
    if (!picked(m, i)) continue;
    if (b[i] == 0) fl_raise(w, "22012", pos, "division by zero");
    if (b[i] != -1) {
      d[i] = rest ? a[i] % b[i] : a[i] / b[i];
    } else if (!rest) {
      if (a[i] == INT64_LEAST) fl_raise(w, "22003", pos, "bigint out of range");
      d[i] = -a[i];
    }
  }
}
void flk_intdiv(fl_worker *w, i64 *d, const i64 *a, const i64 *b, const u64 *m, i32 pos, u32 n) {
  divide(w, d, a, b, m, pos, n, 0);
}
void flk_intmod(fl_worker *w, i64 *d, const i64 *a, const i64 *b, const u64 *m, i32 pos, u32 n) {
  divide(w, d, a, b, m, pos, n, 1);
}

void flk_check_int(fl_worker *w, const i64 *a, i32 bits, const u64 *m, i32 pos, u32 n) {
  ROWS(i, m, n)
  if (!int_fits(a[i], bits)) int_range_error(w, i, NULL, bits, pos);
}
void int_range_error(fl_worker *w, u32 row, const fl_str *text, i32 bits, i32 pos) {
  fl_raise_context_row(w, row, text);
  fl_raise(w, "22003", pos, bits == 16 ? "smallint out of range" : bits == 32 ? "integer out of range" : "bigint out of range");
}

/* ---- 128-bit lanes ---- */
void flk_i128_i64(fl_i128 *d, const i64 *a, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = (fl_i128){(u64)a[i], a[i] >> 63};
}
void flk_i128_i32(fl_i128 *d, const i32 *a, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = (fl_i128){(u64)(i64)a[i], a[i] >> 31};
}
void flk_i64_i128(i64 *d, const fl_i128 *a, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = (i64)a[i].lo;
}
void flk_mulw_i64(fl_i128 *d, const i64 *a, const i64 *b, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = wide_to((wide)a[i] * b[i]);
}
#define WIDE2(name, op)                                                                                     \
  void flk_##name##_i128(fl_i128 *d, const fl_i128 *a, const fl_i128 *b, u32 n) {                           \
    for (u32 i = 0; i < n; i++) d[i] = wide_to((wide)((uwide)wide_of(a[i]) op(uwide) wide_of(b[i])));       \
  }
WIDE2(add, +)
WIDE2(sub, -)
WIDE2(mul, *)
void flk_neg_i128(fl_i128 *d, const fl_i128 *a, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = wide_to((wide)-(uwide)wide_of(a[i]));
}
void flk_abs_i128(fl_i128 *d, const fl_i128 *a, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = wide_to((wide)wide_abs(wide_of(a[i])));
}
#define COMPARE(op, sign)                                                                                      \
  void flk_##op##_i128(u64 *d, const fl_i128 *a, const fl_i128 *b, const u64 *m, u32 bc, u32 n) {              \
    (void)m;                                                                                                   \
    for (u32 i = 0; i < n; i += 64) {                                                                          \
      u64 bits = 0;                                                                                            \
      for (u32 k = 0; k < 64 && i + k < n; k++)                                                                \
        bits |= (u64)(wide_of(a[bc & 1 ? 0 : i + k]) sign wide_of(b[bc & 2 ? 0 : i + k])) << k;                \
      d[i / 64] = bits;                                                                                        \
    }                                                                                                          \
  }
COMPARE(eq, ==)
COMPARE(ne, !=)
COMPARE(lt, <)
COMPARE(le, <=)
COMPARE(gt, >)
COMPARE(ge, >=)

/* ---- scale ---- */
wide wide_shrink(wide x, u32 k) {
  if (k > 38) return 0;
  uwide a = wide_abs(x), p = fl_pow10[k], q, rest;
  if (a >> 64 == 0 && p >> 64 == 0) {
    q = (u64)a / (u64)p;
    rest = (u64)a % (u64)p;
  } else {
    q = a / p;
    rest = a % p;
  }
  if (rest >= p - rest && k) q++;
  return (wide)(x < 0 ? -q : q);
}
void flk_rescale_i64(i64 *d, const i64 *a, i32 k, u32 n) {
  if (k >= 0) {
    u64 p = k > 18 ? 0 : (u64)fl_pow10[k];
    for (u32 i = 0; i < n; i++) d[i] = (i64)((u64)a[i] * p);
  } else {
    for (u32 i = 0; i < n; i++) d[i] = (i64)wide_shrink(a[i], (u32)-k);
  }
}
void flk_rescale_i128(fl_i128 *d, const fl_i128 *a, i32 k, u32 n) {
  uwide p = k < 0 || k > 38 ? 0 : fl_pow10[k];
  for (u32 i = 0; i < n; i++)
    d[i] = wide_to(k >= 0 ? (wide)((uwide)wide_of(a[i]) * p) : wide_shrink(wide_of(a[i]), (u32)-k));
}
void fl_numeric_overflow(fl_worker *w, i32 precision, i32 scale, i32 pos) {
  if (precision == scale)
    fl_raise(w, "22003", pos, "numeric field overflow\nA field with precision %d, scale %d must round to an absolute value less than 1.",
             (i64)precision, (i64)scale);
  fl_raise(w, "22003", pos,
           "numeric field overflow\nA field with precision %d, scale %d must round to an absolute value less than 10^%d.",
           (i64)precision, (i64)scale, (i64)precision - scale);
}
void flk_typmod_i64(fl_worker *w, const i64 *a, i32 precision, i32 scale, const u64 *m, i32 pos, u32 n) {
  if (precision > 18) return;
  i64 limit = (i64)fl_pow10[precision];
  ROWS(i, m, n)
  if (a[i] >= limit || a[i] <= -limit) {
    fl_raise_context_row(w, i, NULL);
    fl_numeric_overflow(w, precision, scale, pos);
  }
}
void flk_typmod_i128(fl_worker *w, const fl_i128 *a, i32 precision, i32 scale, const u64 *m, i32 pos, u32 n) {
  if (precision > 38) return;
  ROWS(i, m, n)
  if (wide_abs(wide_of(a[i])) >= fl_pow10[precision]) {
    fl_raise_context_row(w, i, NULL);
    fl_numeric_overflow(w, precision, scale, pos);
  }
}

/* ---- aggregates ---- */
void flk_sum_i128(fl_worker *w, fl_i128 *acc, const fl_i128 *v, const u64 *m, u32 n) {
  wide t = wide_of(*acc);
  u32 over = 0;
  ROWS(i, m, n) over |= __builtin_add_overflow(t, wide_of(v[i]), &t);
  if (over) fl_raise(w, "0A000", 0, "a sum of numeric values of more than 38 digits is not supported");
  *acc = wide_to(t);
}
/* Blocks have at most 2^10 rows, so the sums of the values' halves fit 64 bits. */
void flk_sumw_i64(fl_i128 *acc, const i64 *v, const u64 *m, u32 n) {
  i64 high = 0;
  u64 low = 0;
  for (u32 i = 0; i < n; i++) {
    i64 x = picked(m, i) ? v[i] : 0;
    high += x >> 32;
    low += (u64)x & 0xffffffffu;
  }
  *acc = wide_to((wide)((uwide)wide_of(*acc) + (uwide)((wide)high * ((wide)1 << 32)) + low));
}
void flk_min_i128(fl_i128 *acc, const fl_i128 *v, const u64 *m, u32 n) {
  ROWS(i, m, n) if (wide_of(v[i]) < wide_of(*acc)) *acc = v[i];
}
void flk_max_i128(fl_i128 *acc, const fl_i128 *v, const u64 *m, u32 n) {
  ROWS(i, m, n) if (wide_of(v[i]) > wide_of(*acc)) *acc = v[i];
}
