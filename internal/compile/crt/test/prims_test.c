/* prims_test.c: every lane primitive of prims.def against a scalar statement of what it means, on random and extreme values. */
#include "../src/kernels.h"
#include "testing.h"
#include <math.h>

#define N 203 /* no multiple of 16 */
static int tolerance; /* units in the last place by which a float may differ */

/* ---- inputs ---- */
#define RANDOM_INT(T, least, most)                                        \
  static T random_##T(void) {                                             \
    static const T extreme[] = {0, 1, (T)-1, least, most, 2, 100, (T)-7}; \
    u64 r = rnd();                                                        \
    if (r % 4 == 0) return extreme[r / 4 % 8];                            \
    return (T)(rnd() >> (r / 4 % (sizeof(T) * 8)));                       \
  }
RANDOM_INT(u8, 0, 255)
RANDOM_INT(u16, 0, 65535)
RANDOM_INT(u32, 0, 4294967295u)
RANDOM_INT(i32, -2147483647 - 1, 2147483647)
RANDOM_INT(i64, -9223372036854775807L - 1, 9223372036854775807L)
#define RANDOM_FLOAT(T, U, tiny)                                                                                     \
  static T random_##T(void) {                                                                                        \
    static const T extreme[] = {0, -0.0, 1, -1, INFINITY, -INFINITY, NAN, tiny, -tiny, 0.5, -0.5, 1.5, 2.5, -1e30, 8388609, 1e15}; \
    u64 r = rnd();                                                                                                   \
    union { U u; T f; } v = {(U)rnd()};                                                                              \
    if (r % 4 == 0) return extreme[r / 4 % 16];                                                                      \
    return r % 4 == 1 ? v.f : (T)((f64)(i64)rnd() / (f64)(1ul << (r / 4 % 63)) / 1e3);                               \
  }
RANDOM_FLOAT(f32, u32, 1e-40f)
RANDOM_FLOAT(f64, u64, 1e-310)

/* ---- references ---- */
#define S32(x) (i32)(u32)(x)
#define S64(x) (i64)(u64)(x)
#define ARITH(op, sign)                                                                  \
  static i32 r_##op##_i32(i32 a, i32 b) { return S32((u32)a sign(u32) b); }              \
  static i64 r_##op##_i64(i64 a, i64 b) { return S64((u64)a sign(u64) b); }              \
  static f32 r_##op##_f32(f32 a, f32 b) { return a sign b; }                             \
  static f64 r_##op##_f64(f64 a, f64 b) { return a sign b; }
ARITH(add, +)
ARITH(sub, -)
ARITH(mul, *)
static f32 r_div_f32(f32 a, f32 b) { return a / b; }
static f64 r_div_f64(f64 a, f64 b) { return a / b; }
#define MINMAX(T)                                              \
  static T r_min_##T(T a, T b) { return b < a ? b : a; }       \
  static T r_max_##T(T a, T b) { return a < b ? b : a; }
MINMAX(i32)
MINMAX(i64)
MINMAX(f32)
MINMAX(f64)
static i32 r_neg_i32(i32 a) { return S32(0u - (u32)a); }
static i64 r_neg_i64(i64 a) { return S64(0ul - (u64)a); }
static i32 r_abs_i32(i32 a) { return a < 0 ? r_neg_i32(a) : a; }
static i64 r_abs_i64(i64 a) { return a < 0 ? r_neg_i64(a) : a; }
#define FLOATS(T, s)                                                       \
  static T r_neg_##T(T a) { return -a; }                                   \
  static T r_abs_##T(T a) { return fabs##s(a); }                           \
  static T r_sqrt_##T(T a) { return sqrt##s(a); }                          \
  static T r_floor_##T(T a) { return floor##s(a); }                        \
  static T r_ceil_##T(T a) { return ceil##s(a); }                          \
  static T r_trunc_##T(T a) { return trunc##s(a); }                        \
  static T r_rint_##T(T a) { return rint##s(a); }                          \
  static u32 r_isnan_##T(T a) { return isnan(a) != 0; }                    \
  static u32 r_isinf_##T(T a) { return isinf(a) != 0; }                    \
  static u32 r_oeq_##T(T a, T b) { return a == b; }                        \
  static u32 r_one_##T(T a, T b) { return a < b || a > b; }                \
  static u32 r_olt_##T(T a, T b) { return a < b; }                         \
  static u32 r_ole_##T(T a, T b) { return a <= b; }                        \
  static u32 r_ogt_##T(T a, T b) { return a > b; }                         \
  static u32 r_oge_##T(T a, T b) { return a >= b; }                        \
  static int order_##T(T a, T b) {                                         \
    if (isnan(a) || isnan(b)) return (isnan(a) != 0) - (isnan(b) != 0);    \
    return (a > b) - (a < b);                                              \
  }
FLOATS(f32, f)
FLOATS(f64, )
#ifdef __FMA__
static f32 r_fma_f32(f32 a, f32 b, f32 c) { return fmaf(a, b, c); }
static f64 r_fma_f64(f64 a, f64 b, f64 c) { return fma(a, b, c); }
#else
static f32 r_fma_f32(f32 a, f32 b, f32 c) { f32 p = a * b; return p + c; }
static f64 r_fma_f64(f64 a, f64 b, f64 c) { f64 p = a * b; return p + c; }
#endif
#define BITS(T)                                              \
  static T r_and_##T(T a, T b) { return a & b; }             \
  static T r_or_##T(T a, T b) { return a | b; }              \
  static T r_xor_##T(T a, T b) { return a ^ b; }
BITS(u8)
BITS(u32)
BITS(i32)
BITS(i64)
static i32 r_not_i32(i32 a) { return ~a; }
static i64 r_not_i64(i64 a) { return ~a; }
static i32 r_shl_i32(i32 a, i32 b) { return S32((u32)a << (b & 31)); }
static i64 r_shl_i64(i64 a, i64 b) { return S64((u64)a << (b & 63)); }
static i32 r_shr_i32(i32 a, i32 b) { return a >> (b & 31); }
static i64 r_shr_i64(i64 a, i64 b) { return a >> (b & 63); }
static i64 r_mulw_i32(i32 a, i32 b) { return (i64)a * b; }
#define OVER(T)                                                                                    \
  static u32 r_addo_##T(T a, T b) { T r; return __builtin_add_overflow(a, b, &r); }                \
  static u32 r_subo_##T(T a, T b) { T r; return __builtin_sub_overflow(a, b, &r); }                \
  static u32 r_mulo_##T(T a, T b) { T r; return __builtin_mul_overflow(a, b, &r); }
OVER(i32)
OVER(i64)
#define order_u8(a, b) ((a) > (b)) - ((a) < (b))
#define order_u16 order_u8
#define order_u32 order_u8
#define order_i32 order_u8
#define order_i64 order_u8
#define COMPARE(T)                                                          \
  static u32 r_eq_##T(T a, T b) { return (order_##T(a, b)) == 0; }          \
  static u32 r_ne_##T(T a, T b) { return (order_##T(a, b)) != 0; }          \
  static u32 r_lt_##T(T a, T b) { return (order_##T(a, b)) < 0; }           \
  static u32 r_le_##T(T a, T b) { return (order_##T(a, b)) <= 0; }          \
  static u32 r_gt_##T(T a, T b) { return (order_##T(a, b)) > 0; }           \
  static u32 r_ge_##T(T a, T b) { return (order_##T(a, b)) >= 0; }
COMPARE(u8)
COMPARE(u16)
COMPARE(u32)
COMPARE(i32)
COMPARE(i64)
COMPARE(f32)
COMPARE(f64)
#define CVT(R, A) static R r_cvt_##R##_##A(A a) { return (R)a; }
CVT(i32, u8) CVT(i32, u16) CVT(i32, u32) CVT(i32, i64)
CVT(i64, u8) CVT(i64, u16) CVT(i64, u32) CVT(i64, i32)
CVT(u8, i32) CVT(u8, i64) CVT(u16, i32) CVT(u16, i64) CVT(u32, i32) CVT(u32, i64)
CVT(f32, u8) CVT(f32, u16) CVT(f32, i32) CVT(f32, i64) CVT(f32, f64)
CVT(f64, u8) CVT(f64, u16) CVT(f64, i32) CVT(f64, i64) CVT(f64, f32)
/* Out of range the processor gives the least number; callers guard the range. */
#define CVTF(R, A, limit, least) \
  static R r_cvt_##R##_##A(A a) { return a >= -limit && a < limit ? (R)a : least; }
CVTF(i32, f32, 0x1p31f, -2147483647 - 1)
CVTF(i32, f64, 0x1p31, -2147483647 - 1)
CVTF(i64, f32, 0x1p63f, -9223372036854775807L - 1)
CVTF(i64, f64, 0x1p63, -9223372036854775807L - 1)
static f32 r_exp_f32(f32 a) { return (f32)exp(a); }
static f32 r_log_f32(f32 a) { return (f32)log(a); }
static f32 r_tanh_f32(f32 a) { return (f32)tanh(a); }
static f32 r_sigmoid_f32(f32 a) { return (f32)(1 / (1 + exp(-(f64)a))); }
static f32 r_erf_f32(f32 a) { return (f32)erf(a); }
static f32 r_softplus_f32(f32 a) { return (f32)((a > 0 ? (f64)a : 0) + log1p(exp(-fabs((f64)a)))); }
static f32 r_sin_f32(f32 a) { return (f32)sin(a); }
static f32 r_cos_f32(f32 a) { return (f32)cos(a); }

/* ---- comparison of results ---- */
static i64 place_f32(f32 x) {
  union { f32 f; i32 i; } v = {x};
  return v.i < 0 ? -(i64)(v.i & 0x7fffffff) : v.i;
}
static u32 same_f32(f32 a, f32 b) {
  if (isnan(a) || isnan(b)) return isnan(a) && isnan(b);
  union { f32 f; u32 u; } x = {a}, y = {b};
  if (tolerance) return llabs(place_f32(a) - place_f32(b)) <= tolerance;
  return x.u == y.u;
}
static u32 same_f64(f64 a, f64 b) {
  union { f64 f; u64 u; } x = {a}, y = {b};
  return isnan(a) ? isnan(b) : x.u == y.u;
}
#define same_u8(a, b) ((a) == (b))
#define same_u16 same_u8
#define same_u32 same_u8
#define same_i32 same_u8
#define same_i64 same_u8
#define ELEMENT_u8(d, i) d[i]
#define ELEMENT_u16 ELEMENT_u8
#define ELEMENT_u32 ELEMENT_u8
#define ELEMENT_i32 ELEMENT_u8
#define ELEMENT_i64 ELEMENT_u8
#define ELEMENT_f32 ELEMENT_u8
#define ELEMENT_f64 ELEMENT_u8
#define ELEMENT_m(d, i) (u32)(d[(i) / 64] >> ((i) % 64) & 1)
#define same_m same_u8
#define SHOW(x) (double)(x)
#define FILL(T, p) for (u32 k = 0; k < N + 16; k++) p[k] = random_##T()
#define LANES(T, p) static T p[N + 21] __attribute__((aligned(64)))

#define P1(op, R, A)                                                                                          \
  static void test_##op(void) {                                                                               \
    LANES(A, a); static FLK_##R d[N + 64] __attribute__((aligned(64)));                                       \
    FILL(A, a);                                                                                               \
    for (u32 bc = 0; bc < 2; bc++) {                                                                          \
      flk_##op(d, a, bc, N);                                                                                  \
      for (u32 i = 0; i < N; i++) {                                                                           \
        A x = a[bc ? 0 : i];                                                                                  \
        if (!same_##R(ELEMENT_##R(d, i), r_##op(x)))                                                          \
          failed(#op " lane %u: %.17g gives %.17g, not %.17g", i, SHOW(x), SHOW(ELEMENT_##R(d, i)), SHOW(r_##op(x))); \
      }                                                                                                       \
    }                                                                                                         \
  }
#define P2(op, R, A, B)                                                                                       \
  static void test_##op(void) {                                                                               \
    LANES(A, a); LANES(B, b); static FLK_##R d[N + 64] __attribute__((aligned(64)));                          \
    FILL(A, a); FILL(B, b);                                                                                   \
    for (u32 k = 0; k < N; k += 5) b[k] = (B)a[k];                                                            \
    for (u32 bc = 0; bc < 4; bc++) {                                                                          \
      flk_##op(d, a, b, bc, N);                                                                               \
      for (u32 i = 0; i < N; i++) {                                                                           \
        A x = a[bc & 1 ? 0 : i]; B y = b[bc & 2 ? 0 : i];                                                     \
        if (!same_##R(ELEMENT_##R(d, i), r_##op(x, y)))                                                       \
          failed(#op " lane %u bc %u: %.17g %.17g gives %.17g, not %.17g", i, bc, SHOW(x), SHOW(y),           \
                 SHOW(ELEMENT_##R(d, i)), SHOW(r_##op(x, y)));                                                \
      }                                                                                                       \
    }                                                                                                         \
  }
#define P3(op, R, A, B, C)                                                                                    \
  static void test_##op(void) {                                                                               \
    LANES(A, a); LANES(B, b); LANES(C, c); static R d[N + 64] __attribute__((aligned(64)));                   \
    FILL(A, a); FILL(B, b); FILL(C, c);                                                                       \
    for (u32 bc = 0; bc < 8; bc++) {                                                                          \
      flk_##op(d, a, b, c, bc, N);                                                                            \
      for (u32 i = 0; i < N; i++)                                                                             \
        if (!same_##R(d[i], r_##op(a[bc & 1 ? 0 : i], b[bc & 2 ? 0 : i], c[bc & 4 ? 0 : i])))                 \
          failed(#op " lane %u bc %u", i, bc);                                                                \
    }                                                                                                         \
  }
#define PLIBM(op, R, A)
static u64 mask[N / 64 + 2];
#define BIT(m, i) ((m)[(i) / 64] >> ((i) % 64) & 1)
#define PSEL(T)                                                                                               \
  static void test_sel_##T(void) {                                                                            \
    LANES(T, a); LANES(T, b); LANES(T, d);                                                                    \
    FILL(T, a); FILL(T, b);                                                                                   \
    for (u32 bc = 0; bc < 4; bc++) {                                                                          \
      flk_sel_##T(d, mask, a, b, bc, N);                                                                      \
      for (u32 i = 0; i < N; i++)                                                                             \
        if (!same_##T(d[i], BIT(mask, i) ? a[bc & 1 ? 0 : i] : b[bc & 2 ? 0 : i])) failed("sel_" #T " %u", i); \
    }                                                                                                         \
  }
#define word_and(a, b) (a & b)
#define word_or(a, b) (a | b)
#define word_xor(a, b) (a ^ b)
#define word_andnot(a, b) (a & !(b))
#define PM2(op)                                                                                               \
  static void test_m_##op(void) {                                                                             \
    u64 a[N / 64 + 2], d[N / 64 + 2];                                                                         \
    for (u32 k = 0; k < N / 64 + 2; k++) a[k] = rnd();                                                        \
    flk_##op##_m(d, a, mask, N);                                                                              \
    for (u32 i = 0; i < N; i++)                                                                               \
      if (BIT(d, i) != (u64)word_##op(BIT(a, i), BIT(mask, i))) failed(#op "_m %u", i);                       \
    flk_##op##_m(d, NULL, mask, N);                                                                           \
    for (u32 i = 0; i < N; i++)                                                                               \
      if (BIT(d, i) != (u64)word_##op(1, BIT(mask, i))) failed(#op "_m NULL %u", i);                          \
    if (d[N / 64] >> N % 64) failed(#op "_m leaves bits above n");                                            \
  }
#define PMK(T)                                                                                                \
  static void test_mk_##T(void) {                                                                             \
    LANES(T, d);                                                                                              \
    flk_mk_##T(d, mask, N);                                                                                   \
    for (u32 i = 0; i < N; i++)                                                                               \
      if (d[i] != (T)BIT(mask, i)) failed("mk_" #T " %u", i);                                                 \
  }
#define TRUTH_m(x) ((x) != 0)
#define TRUTH_u8(x) (x)
#define TRUTH_i32 TRUTH_u8
#define TRUTH_i64 TRUTH_u8
#define TRUTH_f32 TRUTH_u8
#define TRUTH_f64 TRUTH_u8
#define TABLE(R, size)                                                         \
  static FLK_ENTRY_##R table[size];                                            \
  for (u32 k = 0; k < size; k++) table[k] = (FLK_ENTRY_##R)(rnd() % 3 ? rnd() % 200 : 0);
#define PLUT(op, R, C)                                                                                        \
  static void test_##op(void) {                                                                               \
    LANES(C, a); static FLK_##R d[N + 64] __attribute__((aligned(64)));                                       \
    TABLE(R, 256)                                                                                             \
    FILL(C, a);                                                                                               \
    flk_##op(d, table, a, N);                                                                                 \
    for (u32 i = 0; i < N; i++)                                                                               \
      if (!same_##R(ELEMENT_##R(d, i), TRUTH_##R(table[a[i]]))) failed(#op " %u", i);                         \
  }
#define PLUTN(op, R, C)                                                                                       \
  static void test_##op(void) {                                                                               \
    LANES(C, a); static FLK_##R d[N + 64] __attribute__((aligned(64)));                                       \
    TABLE(R, 300)                                                                                             \
    FILL(C, a);                                                                                               \
    flk_##op(d, table, 300, a, N);                                                                            \
    for (u32 i = 0; i < N; i++)                                                                               \
      if (!same_##R(ELEMENT_##R(d, i), (a[i] < 300 ? TRUTH_##R(table[a[i]]) : 0))) failed(#op " %u", i);      \
  }
/* Reductions: whole numbers in any order; floats in the order of the contract; the extremes by PostgreSQL's order. */
#define sum_step(acc, x) acc += (x)
#define REDUCE(op, H, A, T)                                                                                   \
  static H r_##op(const T *v, const u64 *m) {                                                                 \
    A t[16] = {0};                                                                                            \
    for (u32 i = 0; i < N; i++)                                                                               \
      if (!m || BIT(m, i)) t[i % 16] = (A)(t[i % 16] + (A)v[i]);                                              \
    for (u32 s = 8; s; s /= 2)                                                                                \
      for (u32 i = 0; i < s; i++) t[i] = (A)(t[i] + t[i + s]);                                                \
    return (H)t[0];                                                                                           \
  }
REDUCE(sumn_i32, i32, u32, i32)
REDUCE(sum_u8, i64, u64, u8)
REDUCE(sum_u16, i64, u64, u16)
REDUCE(sum_u32, i64, u64, u32)
REDUCE(sum_i32, i64, u64, i32)
REDUCE(sum_i64, i64, u64, i64)
REDUCE(sum_f32, f64, f64, f32)
REDUCE(sum_f64, f64, f64, f64)
static i64 r_sumw_i32(const i32 *v, const u64 *m) {
  u32 t[16] = {0};
  i64 sum = 0;
  for (u32 i = 0; i < N; i++)
    if (!m || BIT(m, i)) t[i % 16] += (u32)v[i];
  for (u32 i = 0; i < 16; i++) sum += (i32)t[i];
  return sum;
}
static i32 r_ror_i32(const i32 *v, const u64 *m) {
  i32 all = 0;
  for (u32 i = 0; i < N; i++)
    if (!m || BIT(m, i)) all |= v[i];
  return all;
}
#define EXTREME(T, sign, name, first)                                                                         \
  static T r_##name##_##T(const T *v, const u64 *m) {                                                         \
    T best = first;                                                                                           \
    for (u32 i = 0; i < N; i++)                                                                               \
      if ((!m || BIT(m, i)) && sign(order_##T(v[i], best)) > 0) best = v[i];                                  \
    return best + 0;                                                                                          \
  }
EXTREME(i32, -, rmin, 2147483647)
EXTREME(i32, +, rmax, -2147483647 - 1)
EXTREME(i64, -, rmin, 9223372036854775807L)
EXTREME(i64, +, rmax, -9223372036854775807L - 1)
EXTREME(f32, -, rmin, NAN)
EXTREME(f32, +, rmax, -INFINITY)
EXTREME(f64, -, rmin, NAN)
EXTREME(f64, +, rmax, -INFINITY)
#define PRED(op, H, A, T)                                                                                     \
  static void test_##op(void) {                                                                               \
    LANES(T, a);                                                                                              \
    FILL(T, a);                                                                                               \
    H x = flk_##op(a, mask, N) + (H)0, y = r_##op(a, mask);                                                   \
    if (!same_##H(x, y)) failed(#op ": %.17g, not %.17g", SHOW(x), SHOW(y));                                  \
    x = flk_##op(a, NULL, N) + (H)0, y = r_##op(a, NULL);                                                     \
    if (!same_##H(x, y)) failed(#op " of all: %.17g, not %.17g", SHOW(x), SHOW(y));                           \
  }
#include "../src/prims.def"
#undef P1
#undef P2
#undef P3
#undef PSEL
#undef PM2
#undef PMK
#undef PLUT
#undef PLUTN
#undef PRED

static void test_all(void) {
#define P1(op, R, A) tolerance = is_approximate(#op) ? 2 : 0; test_##op();
#define P2(op, R, A, B) tolerance = 0; test_##op();
#define P3(op, R, A, B, C) test_##op();
#define PSEL(T) test_sel_##T();
#define PM2(op) test_m_##op();
#define PMK(T) test_mk_##T();
#define PLUT(op, R, C) test_##op();
#define PLUTN(op, R, C) test_##op();
#define PRED(op, H, A, T) test_##op();
#define is_approximate(op) (strstr("exp_f32 log_f32 tanh_f32 sigmoid_f32 erf_f32 softplus_f32 sin_f32 cos_f32", op) != NULL)
#include "../src/prims.def"
}

/* Every 997th float, so all exponents with some hundred mantissas each. */
static void test_accuracy(void) {
  static const struct { const char *name; void (*f)(f32 *, const f32 *, u32, u32); f32 (*r)(f32); } fs[] = {
      {"exp", flk_exp_f32, r_exp_f32},       {"log", flk_log_f32, r_log_f32}, {"tanh", flk_tanh_f32, r_tanh_f32},
      {"sigmoid", flk_sigmoid_f32, r_sigmoid_f32}, {"erf", flk_erf_f32, r_erf_f32}, {"sin", flk_sin_f32, r_sin_f32},
      {"softplus", flk_softplus_f32, r_softplus_f32}, {"cos", flk_cos_f32, r_cos_f32}};
  for (u32 k = 0; k < 8; k++) {
    i64 worst = 0;
    f32 at = 0;
    for (u64 u = 0; u < 1ul << 32; u += 997 * 16) {
      f32 a[16] __attribute__((aligned(64))), d[16] __attribute__((aligned(64)));
      for (u32 i = 0; i < 16; i++) {
        union { u32 u; f32 f; } v = {(u32)(u + i * 997)};
        a[i] = v.f;
      }
      fs[k].f(d, a, 0, 16);
      for (u32 i = 0; i < 16; i++) {
        f32 want = fs[k].r(a[i]);
        if (isnan(want) != isnan(d[i])) failed("%s(%g) = %g", fs[k].name, (double)a[i], (double)d[i]);
        i64 off = isnan(want) ? 0 : llabs(place_f32(want) - place_f32(d[i]));
        if (off > worst) worst = off, at = a[i];
      }
    }
    if (worst > 2) failed("%s: %ld units in the last place at %.9g", fs[k].name, (long)worst, (double)at);
    if (getenv("SHOW_ULP")) printf("%s: %ld at %.9g\n", fs[k].name, (long)worst, (double)at);
  }
}

static void test_select(void) {
  u16 idx[N + 16];
  u32 n = flk_indices(idx, mask, N), k = 0;
  if (n != flk_count(mask, N)) failed("indices: %u, count %u", n, flk_count(mask, N));
  for (u32 i = 0; i < N; i++)
    if (BIT(mask, i) && (k >= n || idx[k++] != i)) failed("indices at %u", i);
  u64 from[N + 16], to[N + 16], bits[N / 64 + 1];
  for (u32 i = 0; i < N; i++) from[i] = rnd();
  flk_gather_8(to, from, idx, n);
  flk_gather_m(bits, mask, idx, n);
  for (u32 i = 0; i < n; i++)
    if (to[i] != from[idx[i]] || !BIT(bits, i)) failed("gather at %u", i);
}

/* Whole numbers around all sums of two powers of two, to floats and back: exact, halfway between two floats, and just beside. */
static void test_rounding(void) {
  LANES(i64, a); LANES(f32, narrow); LANES(f64, wide); LANES(i64, whole);
  for (u32 high = 0; high < 64; high++) {
    u32 n = 0;
    for (u32 low = 0; low < 64; low++)
      for (i64 off = -1; off <= 1; off++) a[n++] = S64(((1ul << high) + (1ul << low) + (u64)off) * (high % 2 ? 1ul : -1ul));
    flk_cvt_f32_i64(narrow, a, 0, n);
    flk_cvt_f64_i64(wide, a, 0, n);
    for (u32 i = 0; i < n; i++)
      if (narrow[i] != (f32)a[i] || wide[i] != (f64)a[i]) failed("%ld to floats: %.9g, %.17g", (long)a[i], (double)narrow[i], wide[i]);
    flk_cvt_i64_f64(whole, wide, 0, n);
    for (u32 i = 0; i < n; i++)
      if (whole[i] != r_cvt_i64_f64(wide[i])) failed("%.17g to i64: %ld", wide[i], (long)whole[i]);
  }
}

int main(void) {
  for (u32 round = 0; round < 200; round++) {
    for (u32 k = 0; k < N / 64 + 2; k++) mask[k] = round % 3 ? rnd() & rnd() : rnd() | rnd();
    mask[N / 64] &= (1ul << N % 64) - 1;
    mask[N / 64 + 1] = 0;
    test_all();
    test_select();
  }
  test_rounding();
  test_accuracy();
  return report("prims");
}
