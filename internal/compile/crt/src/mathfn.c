/* mathfn.c: functions of numbers by libm, a lane at a time. Errors are PostgreSQL's; see mathfn.h. */
#include "wide.h"
#include <math.h>

static f64 sigmoid(f64 x) {
  f64 e = exp(-fabs(x));
  return (x < 0 ? e : 1) / (1 + e);
}
static f64 softplus(f64 x) { return (x > 0 ? x : 0) + log1p(exp(-fabs(x))); }

#define LANES(name, call)                                        \
  void flk_##name##_f64(f64 *d, const f64 *a, u32 bc, u32 n) {   \
    for (u32 i = 0; i < n; i++) d[i] = call(a[bc & 1 ? 0 : i]);  \
  }
LANES(exp, exp)
LANES(log, log)
LANES(tanh, tanh)
LANES(sigmoid, sigmoid)
LANES(erf, erf)
LANES(softplus, softplus)
LANES(sin, sin)
LANES(cos, cos)

/* ---- SQL's functions: NaN passes through; results that are infinite or zero without cause are errors ---- */
static f64 checked(fl_worker *w, f64 r, int may_be_infinite, int may_be_zero, i32 pos) {
  if (isinf(r) && !may_be_infinite) fl_raise(w, "22003", pos, "value out of range: overflow");
  if (r == 0 && !may_be_zero) fl_raise(w, "22003", pos, "value out of range: underflow");
  return r;
}
static f64 sql_sqrt(fl_worker *w, f64 x, i32 pos) {
  if (x < 0) fl_raise(w, "2201F", pos, "cannot take square root of a negative number");
  return sqrt(x);
}
static f64 sql_exp(fl_worker *w, f64 x, i32 pos) { return checked(w, exp(x), isinf(x), isinf(x), pos); }
static f64 positive(fl_worker *w, f64 x, i32 pos) {
  if (x == 0) fl_raise(w, "2201E", pos, "cannot take logarithm of zero");
  if (x < 0) fl_raise(w, "2201E", pos, "cannot take logarithm of a negative number");
  return x;
}
static f64 sql_ln(fl_worker *w, f64 x, i32 pos) { return log(positive(w, x, pos)); }
static f64 sql_log10(fl_worker *w, f64 x, i32 pos) { return log10(positive(w, x, pos)); }
static f64 finite_input(fl_worker *w, f64 x, i32 pos) {
  if (isinf(x)) fl_raise(w, "22003", pos, "input is out of range");
  return x;
}
static f64 sql_sin(fl_worker *w, f64 x, i32 pos) { return sin(finite_input(w, x, pos)); }
static f64 sql_cos(fl_worker *w, f64 x, i32 pos) { return cos(finite_input(w, x, pos)); }
static f64 sql_tan(fl_worker *w, f64 x, i32 pos) { return tan(finite_input(w, x, pos)); }
static f64 unit_input(fl_worker *w, f64 x, i32 pos) {
  if (x < -1 || x > 1) fl_raise(w, "22003", pos, "input is out of range");
  return x;
}
static f64 sql_asin(fl_worker *w, f64 x, i32 pos) { return asin(unit_input(w, x, pos)); }
static f64 sql_acos(fl_worker *w, f64 x, i32 pos) { return acos(unit_input(w, x, pos)); }
static f64 sql_atan(fl_worker *w, f64 x, i32 pos) { return (void)w, (void)pos, atan(x); }
static f64 sql_tanh(fl_worker *w, f64 x, i32 pos) { return (void)w, (void)pos, tanh(x); }
static f64 sql_sign(fl_worker *w, f64 x, i32 pos) { return (void)w, (void)pos, x > 0 ? 1 : x < 0 ? -1 : 0; }
static f64 sql_atan2(fl_worker *w, f64 x, f64 y, i32 pos) { return (void)w, (void)pos, atan2(x, y); }

static f64 power_of_infinity(f64 x, f64 y) {
  if (y == 0) return 1;
  if (x > 0) return y > 0 ? x : 0;
  int odd = fmod(y, 2) != 0;
  return y > 0 ? (odd ? x : -x) : odd ? -0.0 : 0.0;
}
static f64 sql_power(fl_worker *w, f64 x, f64 y, i32 pos) {
  if (isnan(x)) return isnan(y) || y != 0 ? x : 1;
  if (isnan(y)) return x != 1 ? y : 1;
  if (x == 0 && y < 0) fl_raise(w, "2201F", pos, "zero raised to a negative power is undefined");
  if (x < 0 && floor(y) != y) fl_raise(w, "2201F", pos, "a negative number raised to a non-integer power yields a complex result");
  if (isinf(y)) return fabs(x) == 1 ? 1 : (fabs(x) > 1) == (y > 0) ? fabs(y) : 0;
  if (isinf(x)) return power_of_infinity(x, y);
  return checked(w, pow(x, y), 0, x == 0, pos);
}

#define MATH(name)                                                                                       \
  void flk_math_##name(fl_worker *w, f64 *d, const f64 *a, const u64 *m, i32 pos, u32 n) {               \
    for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? sql_##name(w, a[i], pos) : 0;                      \
  }
MATH(sqrt)
MATH(exp)
MATH(ln)
MATH(log10)
MATH(sin)
MATH(cos)
MATH(tan)
MATH(asin)
MATH(acos)
MATH(atan)
MATH(tanh)
MATH(sign)
#define MATH2(name)                                                                                                \
  void flk_math_##name(fl_worker *w, f64 *d, const f64 *a, const f64 *b, const u64 *m, i32 pos, u32 n) {           \
    for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? sql_##name(w, a[i], b[i], pos) : 0;                          \
  }
MATH2(atan2)
MATH2(power)

/* Each draw is a function of its place alone, so that threads and tiers do not change it. */
static inline u64 mixed(u64 x) {
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ul;
  x = (x ^ x >> 27) * 0x94d049bb133111ebul;
  return x ^ x >> 31;
}
void flk_random(f64 *d, u64 seed, u64 call, u64 morsel, u64 block, u32 n) {
  u64 base = mixed(mixed(mixed(seed + 0x9e3779b97f4a7c15ul * (call + 1)) + morsel * 0xd1342543de82ef95ul) + block * 0xaf251af3b0f025b5ul);
  for (u32 i = 0; i < n; i++) d[i] = (f64)(i64)(mixed(base + (i + 1) * 0x9e3779b97f4a7c15ul) >> 11) * 0x1p-53;
}
