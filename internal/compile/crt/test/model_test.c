/* model_test.c: tables, texts and divisions of models, at their edges. */
#include "../src/kernels.h"
#include "testing.h"
#include <math.h>
#include <stdlib.h>

#define LEAST (-9223372036854775807L - 1)

static void test_find(void) {
  static const i64 edges[] = {LEAST, -1, 0, 1, 9223372036854775807L};
  for (u32 count = 0; count <= 5; count++) {
    u32 d[5];
    flk_find_i64(d, edges, edges, count, 5);
    for (u32 i = 0; i < 5; i++)
      if (d[i] != (i < count ? i : count)) failed("find_i64: %u of %u is at %u", i, count, d[i]);
  }
  for (u32 round = 0; round < 2000; round++) {
    i64 keys[100], a[64], at = -50;
    u32 count = rnd() % 100, d[64];
    for (u32 k = 0; k < count; k++) keys[k] = at += 1 + rnd() % 3;
    for (u32 i = 0; i < 64; i++) a[i] = (i64)(rnd() % 300) - 100;
    flk_find_i64(d, a, keys, count, 64);
    for (u32 i = 0; i < 64; i++) {
      u32 want = 0;
      while (want < count && keys[want] != a[i]) want++;
      if (d[i] != want) failed("find_i64: %ld is at %u, not %u", a[i], d[i], want);
    }
  }
}

static void test_order(void) {
  static const f64 ascending[] = {-INFINITY, -1e300, -1, -4e-324, 0, 4e-324, 1, 1e300, INFINITY, NAN};
  i64 d[10];
  flk_order_f64(d, ascending, 10);
  for (u32 i = 1; i < 10; i++)
    if (d[i - 1] >= d[i]) failed("order_f64: %g does not precede %g", ascending[i - 1], ascending[i]);
  f64 equal[] = {0, -0.0, NAN, -NAN};
  flk_order_f64(d, equal, 4);
  if (d[0] != d[1] || d[2] != d[3]) failed("order_f64: equal values");
}

static fl_str text(const char *s) { return (fl_str){(const u8 *)s, strlen(s)}; }

static void test_texts(void) {
  struct { u32 count, offsets[5]; char bytes[5]; } table = {4, {0, 0, 1, 3, 5}, {'a', 'a', 'b', 'b', (char)0xff}}; /* '', a, ab, and b with a byte above */
  fl_str a[70] = {text(""), text("a"), text("ab"), text("b\xff"), text("aa"), text("abc"), text("zz"), {NULL, 9}};
  fl_str b[70] = {text(""), text("b"), text("ab"), text("b"), text("aa"), text("ab"), text("zz"), {NULL, 1}};
  u64 m[2] = {0x7f, 0}, same[2] = {~0ul, ~0ul};
  u32 d[70], want[] = {0, 1, 2, 3, 4, 4, 4, 4};
  flk_find_str(d, a, (const u8 *)&table, m, 70);
  for (u32 i = 0; i < 8; i++)
    if (d[i] != want[i]) failed("find_str: row %u is at %u, not %u", i, d[i], want[i]);
  flk_same_str(same, a, b, m, 70);
  if (same[0] != 0x55 || same[1] != 0) failed("same_str: %lx %lx", same[0], same[1]);
  table.count = 0;
  flk_find_str(d, a, (const u8 *)&table, NULL, 7);
  if (d[0] || d[6]) failed("find_str in none");
}

static void test_divide(void) {
  static const i64 by[] = {1, -1, 2, -2, 3, -3, 10, LEAST, 9223372036854775807L};
  for (u32 k = 0; k < sizeof by / sizeof *by; k++) {
    i64 a[64] = {LEAST, LEAST + 1, 9223372036854775807L, 0, 1, -1, 7, -7, 6, -6}, quo[64], rem[64], mod[64];
    for (u32 i = 10; i < 64; i++) a[i] = (i64)rnd() >> (rnd() % 63);
    flk_quo_i64(quo, a, by[k], 64);
    flk_rem_i64(rem, a, by[k], 64);
    flk_mod_i64(mod, a, by[k], 64);
    for (u32 i = 0; i < 64; i++) {
      __int128 x = a[i], y = by[k], r = x % y, s = r && (r < 0) != (y < 0) ? r + y : r;
      if (quo[i] != (i64)(x / y) || rem[i] != (i64)r || mod[i] != (i64)s) failed("%ld by %ld: %ld, %ld, %ld", a[i], by[k], quo[i], rem[i], mod[i]);
    }
    flk_quo_i64(quo, a, 0, 64);
    flk_mod_i64(mod, a, 0, 64);
    if (quo[0] || mod[0]) failed("by 0");
  }
  f64 x[] = {-7.5, 7.5, 5, INFINITY, 5}, y[] = {2, -2, INFINITY, 2, 0}, d[5];
  flk_rem_f64(d, x, y, 5);
  if (d[0] != -1.5 || d[1] != 1.5 || d[2] != 5 || d[3] == d[3] || d[4] == d[4]) failed("rem_f64");
}

/* Lanes by lanes: rows that do not count may have 0 for a divisor. */
static void test_divide_lanes(void) {
  static const i64 edges[] = {0, 1, -1, 2, -3, LEAST, LEAST + 1, 9223372036854775807L};
  i64 a[100], b[100], d[100];
  u64 m[2];
  for (u32 round = 0; round < 200; round++) {
    m[0] = rnd(), m[1] = rnd();
    for (u32 i = 0; i < 100; i++) {
      a[i] = rnd() % 4 ? (i64)rnd() >> (rnd() % 63) : edges[rnd() % 8];
      b[i] = rnd() % 4 ? (i64)rnd() >> (rnd() % 63) : edges[rnd() % 8];
      if (!b[i] && (m[i / 64] >> i % 64 & 1)) b[i] = 1;
    }
    for (u32 what = 0; what < 3; what++) {
      flk_divide_i64(&worker, d, a, b, what, m, 1, 100);
      for (u32 i = 0; i < 100; i++) {
        if (!(m[i / 64] >> i % 64 & 1)) continue;
        __int128 x = a[i], y = b[i], r = x % y, s = r && (r < 0) != (y < 0) ? r + y : r;
        if (d[i] != (i64)(what == 0 ? x / y : what == 1 ? r : s)) failed("divide_i64 %u: %ld by %ld is %ld", what, a[i], b[i], d[i]);
      }
      flk_divide_u64(&worker, d, a, b, what, m, 1, 100);
      for (u32 i = 0; i < 100; i++) {
        if (!(m[i / 64] >> i % 64 & 1)) continue;
        u64 x = (u64)a[i], y = (u64)b[i];
        if ((u64)d[i] != (what == 0 ? x / y : x % y)) failed("divide_u64 %u: %lu by %lu is %lu", what, x, y, (u64)d[i]);
      }
    }
  }
  b[70] = 0;
  m[1] |= 1 << 6;
  const char *e = CATCH(flk_divide_i64(&worker, d, a, b, 0, m, 1, 100));
  if (!e || strncmp(e, "22012", 5)) failed("divide_i64 by 0: %s", e ? e : "no error");
  e = CATCH(flk_divide_u64(&worker, d, a, b, 2, m, 1, 100));
  if (!e || strncmp(e, "22012", 5)) failed("divide_u64 by 0: %s", e ? e : "no error");
  e = CATCH(flk_divide_i64(&worker, d, a, b, 0, m, 1, 70)); /* past the last row */
  if (e) failed("divide_i64 of 70 rows: %s", e);
}

/* Known values, and what IEEE 754 asks of the edges. */
static void test_math(void) {
  static const struct { const char *name; void (*kernel)(f64 *, const f64 *, u32); f64 x, y; } cases[] = {
    {"tan", flk_tan_f64, 0.5, 0.54630248984379051},    {"tan", flk_tan_f64, INFINITY, NAN},
    {"asin", flk_asin_f64, 0.5, 0.52359877559829888},  {"asin", flk_asin_f64, 1.5, NAN},
    {"acos", flk_acos_f64, 0.5, 1.0471975511965979},   {"acos", flk_acos_f64, -1, 3.1415926535897931},
    {"atan", flk_atan_f64, 0.5, 0.46364760900080611},  {"atan", flk_atan_f64, -INFINITY, -1.5707963267948966},
    {"sinh", flk_sinh_f64, 0.5, 0.52109530549374738},  {"sinh", flk_sinh_f64, -1000, -INFINITY},
    {"cosh", flk_cosh_f64, 0.5, 1.1276259652063807},   {"cosh", flk_cosh_f64, -1000, INFINITY},
    {"asinh", flk_asinh_f64, 0.5, 0.48121182505960347}, {"asinh", flk_asinh_f64, -0.0, -0.0},
    {"acosh", flk_acosh_f64, 1.5, 0.96242365011920694}, {"acosh", flk_acosh_f64, 0.5, NAN},
    {"atanh", flk_atanh_f64, 0.5, 0.54930614433405489}, {"atanh", flk_atanh_f64, -1, -INFINITY},
    {"atanh", flk_atanh_f64, NAN, NAN},
  };
  for (u32 i = 0; i < sizeof cases / sizeof *cases; i++) {
    f64 x[3] = {0.25, cases[i].x, 1}, d[3], want = cases[i].y;
    cases[i].kernel(d + 1, x + 1, 1);
    if (isnan(want) ? !isnan(d[1]) : d[1] != want && !(fabs(d[1] - want) <= 4e-16 * fabs(want)))
      failed("%s of %g is %.17g, not %.17g", cases[i].name, cases[i].x, d[1], want);
    if (want == 0 && signbit(want) != signbit(d[1])) failed("%s of %g loses the sign", cases[i].name, cases[i].x);
    f64 alone = d[1];
    cases[i].kernel(d, x, 3);
    if (memcmp(&alone, d + 1, sizeof alone)) failed("%s of %g among others is %.17g", cases[i].name, cases[i].x, d[1]);
  }
}

static void test_narrow(void) {
  static const f32 a[] = {0, -0.0f, 1, 65504, 65519.996f, 65520, -1e9f, 5.9604645e-8f, 2.98e-8f, 3e-8f, 6.1035156e-5f, 2049, 2051, INFINITY};
  static const f32 half[] = {0, 0, 1, 65504, 65504, INFINITY, -INFINITY, 5.9604645e-8f, 0, 5.9604645e-8f, 6.1035156e-5f, 2048, 2052, INFINITY};
  f32 d[14], nan = NAN;
  flk_f16_f32(d, a, 14);
  for (u32 i = 0; i < 14; i++)
    if (d[i] != half[i]) failed("f16 of %a is %a", a[i], d[i]);
  static const f32 b[] = {1, 257, 259, 3.39e38f, -1.00390625f};
  static const f32 brain[] = {1, 256, 260, 3.3895314e38f, -1};
  flk_bf16_f32(d, b, 5);
  for (u32 i = 0; i < 5; i++)
    if (d[i] != brain[i]) failed("bf16 of %a is %a", b[i], d[i]);
  flk_f16_f32(d, &nan, 1);
  flk_bf16_f32(d + 1, &nan, 1);
  if (d[0] == d[0] || d[1] == d[1]) failed("NaN");
}

/* Floats of 8 and 4 bits: what is exact, ties, what is too large, the least numbers. */
static void test_mini(void) {
  static const struct { void (*kernel)(f32 *, const f32 *, u32); f32 x, y; } cases[] = {
    {flk_f8e4m3fn_f32, 1.0625f, 1},      {flk_f8e4m3fn_f32, 1.1875f, 1.25f}, {flk_f8e4m3fn_f32, -1e9f, -448},     {flk_f8e4m3fn_f32, 0.0029296875f, 0.00390625f},
    {flk_f8e4m3fnuz_f32, 1e9f, 240},     {flk_f8e4m3fnuz_f32, -1e-9f, 0},    {flk_f8e5m2_f32, INFINITY, 57344},    {flk_f8e5m2_f32, 1.125f, 1},
    {flk_f8e5m2_f32, -1e-9f, -0.0f},     {flk_f8e5m2fnuz_f32, 1e-5f, 7.6293945e-6f}, {flk_f4e2m1_f32, 2.5f, 2}, {flk_f4e2m1_f32, 5, 4},
    {flk_f4e2m1_f32, -0.3f, -0.5f},      {flk_f4e2m1_f32, NAN, -0.0f},       {flk_f8e8m0_f32, 0, 0x1p-127f},      {flk_f8e8m0_f32, 1.1f, 2},
    {flk_f8e8m0_f32, 0x1.8p-127f, 0x1p-126f}, {flk_f8e8m0_f32, INFINITY, 0x1p127f}, {flk_f8e8m0_f32, 4, 4},
  };
  for (u32 i = 0; i < sizeof cases / sizeof *cases; i++) {
    f32 d;
    cases[i].kernel(&d, &cases[i].x, 1);
    if (memcmp(&d, &cases[i].y, sizeof d)) failed("float of few bits, case %u: %a becomes %a, not %a", i, cases[i].x, d, cases[i].y);
  }
}

/* Vectors of every length, of exactly their memory, of numbers of every kind: what a kernel gives has few bits already, and does
 * not depend on the neighbours. */
static void test_few_bits(void) {
  static void (*const kernels[])(f32 *, const f32 *, u32) = {flk_f16_f32, flk_bf16_f32, flk_f8e4m3fn_f32, flk_f8e4m3fnuz_f32, flk_f8e5m2_f32,
    flk_f8e5m2fnuz_f32, flk_f8e8m0_f32, flk_f4e2m1_f32};
  for (u32 k = 0; k < sizeof kernels / sizeof *kernels; k++)
    for (u32 n = 0; n <= 70; n++) {
      u32 *a = malloc(n * sizeof *a), *d = malloc(n * sizeof *d), *again = malloc(n * sizeof *again), alone;
      for (u32 i = 0; i < n; i++) a[i] = (u32)rnd();
      kernels[k]((f32 *)d, (f32 *)a, n);
      kernels[k]((f32 *)again, (f32 *)d, n);
      for (u32 i = 0; i < n; i++) {
        kernels[k]((f32 *)&alone, (f32 *)&a[i], 1);
        if (d[i] != again[i] || d[i] != alone) failed("kernel %u of few bits, %u of %u: %08x gives %08x, which gives %08x; alone %08x", k, i, n, a[i], d[i], again[i], alone);
      }
      free(a), free(d), free(again);
    }
}

/* The bits of numbers as another type's, of any value: NaNs with whatever they carry. */
static void test_bits(void) {
  for (u32 n = 0; n <= 70; n++) {
    u64 *a = malloc(n * sizeof *a), *d = malloc(n * sizeof *d);
    for (u32 i = 0; i < n; i++) a[i] = i % 3 ? (u64)rnd() << 32 ^ (u64)rnd() : 0x7ff0000000000001ul;
    flk_bits_f64_i64((f64 *)d, (i64 *)a, n);
    if (n && memcmp(a, d, n * sizeof *a)) failed("bits_f64_i64 of %u", n);
    for (u32 i = 0; i < n; i++) d[i] = 1;
    flk_bits_i64_f64((i64 *)d, (f64 *)a, n);
    if (n && memcmp(a, d, n * sizeof *a)) failed("bits_i64_f64 of %u", n);
    u32 *b = malloc(n * sizeof *b), *e = malloc(n * sizeof *e);
    for (u32 i = 0; i < n; i++) b[i] = i % 3 ? (u32)rnd() : 0x7f800001u;
    flk_bits_f32_i32((f32 *)e, (i32 *)b, n);
    if (n && memcmp(b, e, n * sizeof *b)) failed("bits_f32_i32 of %u", n);
    for (u32 i = 0; i < n; i++) e[i] = 1;
    flk_bits_i32_f32((i32 *)e, (f32 *)b, n);
    if (n && memcmp(b, e, n * sizeof *b)) failed("bits_i32_f32 of %u", n);
    free(a), free(d), free(b), free(e);
  }
}

int main(void) {
  test_narrow();
  test_mini();
  test_few_bits();
  test_bits();
  test_find();
  test_order();
  test_texts();
  test_divide();
  test_divide_lanes();
  test_math();
  return report("model kernels");
}
