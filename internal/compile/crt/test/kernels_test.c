/* kernels_test.c: kernels whose reference is a few lines of C: wide numbers, searching, floats' text, result rows. */
#define _GNU_SOURCE
#include "../src/text.h"
#include "../src/value.h"
#include "testing.h"
#include <math.h>

static fl_i128 random_wide(void) {
  wide x = (wide)((uwide)rnd() << 64 | rnd()) >> (rnd() % 127);
  return wide_to(x);
}

static void test_wide(void) {
  static const u32 scales[] = {0, 1, 2, 5, 18, 19, 25, 37};
  for (u32 round = 0; round < 20000; round++) {
    fl_i128 a = random_wide(), b = random_wide(), d;
    wide x = wide_of(a), y = wide_of(b);
    i64 small[2] = {(i64)rnd() >> (rnd() % 63), (i64)rnd() >> (rnd() % 63)};
    flk_add_i128(&d, &a, &b, 1);
    if (wide_of(d) != (wide)((uwide)x + (uwide)y)) failed("add_i128");
    flk_mulw_i64(&d, &small[0], &small[1], 1);
    if (wide_of(d) != (wide)small[0] * small[1]) failed("mulw_i64");
    u32 k = scales[round % 8];
    wide p = (wide)fl_pow10[k], q = x / p, rest = x % p;
    if ((uwide)(rest < 0 ? -rest : rest) * 2 >= (uwide)p && k) q += x < 0 ? -1 : 1;
    flk_rescale_i128(&d, &a, -(i32)k, 1);
    if (wide_of(d) != q) failed("rescale_i128 by 10^-%u", k);
    /* text and back through numeric */
    if (wide_abs(x) < fl_pow10[38]) {
      u8 *text = fl_temp(&worker, FL_PUT_DEC);
      fl_str s = {text, fl_put_dec128(text, a, k)};
      flk_dec128_str(&worker, &d, &s, 38, (i32)k, NULL, 0, 1);
      if (wide_of(d) != x) failed("dec128 text %.*s", (int)s.n, text);
      fl_str n;
      flk_num_dec128(&worker, &n, &a, (i32)k, NULL, 1);
      flk_dec128_num(&worker, &d, &n, 38, (i32)k, NULL, 0, 1);
      if (wide_of(d) != x) failed("dec128 numeric %.*s", (int)s.n, text);
    }
    fl_temp_reset(&worker);
  }
}

static void test_sums(void) {
  i64 v[FL_BLOCK];
  u64 m[FL_BLOCK / 64];
  for (u32 round = 0; round < 50; round++) {
    fl_i128 acc = {0, 0};
    wide want = 0;
    for (u32 i = 0; i < FL_BLOCK; i++) v[i] = (i64)rnd();
    for (u32 i = 0; i < FL_BLOCK / 64; i++) m[i] = rnd();
    for (u32 i = 0; i < FL_BLOCK; i++)
      if (m[i / 64] >> (i % 64) & 1) want += v[i];
    flk_sumw_i64(&acc, v, m, FL_BLOCK);
    if (wide_of(acc) != want) failed("sumw_i64");
  }
}

static void test_find(void) {
  for (u32 round = 0; round < 20000; round++) {
    u64 n = rnd() % 200, k = 1 + rnd() % (round % 3 ? 4 : 40);
    u8 *p = fl_temp(&worker, n), *needle = fl_temp(&worker, k);
    for (u64 i = 0; i < n; i++) p[i] = (u8)('a' + rnd() % 3);
    for (u64 i = 0; i < k; i++) needle[i] = (u8)('a' + rnd() % 3);
    if (n > k && round % 2) memcpy(p + rnd() % (n - k), needle, k);
    const u8 *want = memmem(p, n, needle, k), *got = text_find(p, n, needle, k);
    if (want != got) failed("text_find: %ld, not %ld", (long)(got - p), (long)(want - p));
    fl_temp_reset(&worker);
  }
}

/* Every text reads back as its number, and no shorter one does (at ends of the interval between two floats, which great numbers
 * hit, PostgreSQL takes the longer). */
static void test_floats(void) {
  for (u32 round = 0; round < 200000; round++) {
    union { u64 u; f64 f; } v = {rnd()};
    if (round % 3 == 0) v.f = (f64)(i64)(rnd() >> 20) / 1000;
    if (round % 3 == 1) v.f = ldexp((f64)(rnd() >> 11), (int)(rnd() % 120) - 100);
    u8 text[FL_PUT_F64 + 1];
    char shorter[40];
    u32 n = fl_put_f64(text, v.f);
    f64 back = 0;
    text[n] = 0;
    if (fl_get_f64(text, n, &back) || (memcmp(&back, &v.f, 8) && !isnan(v.f))) failed("float8 %s (%.17g)", text, v.f);
    int digits = 0;
    for (const u8 *c = text; *c && *c != 'e'; c++) digits += *c >= '0' && *c <= '9' && (digits || *c != '0');
    if (isfinite(v.f) && digits > 1 && digits <= 17 && !strchr((char *)text, '0')) {
      snprintf(shorter, sizeof shorter, "%.*e", digits - 2, v.f);
      if (strtod(shorter, NULL) == v.f && fabs(v.f) < 1e15) failed("float8 %s: %s is shorter", text, shorter);
    }
    f32 g = (f32)v.f, gback = 0;
    n = fl_put_f32(text, g);
    text[n] = 0;
    if (fl_get_f32(text, n, &gback) || (memcmp(&gback, &g, 4) && !isnan(g))) failed("float4 %s (%.9g)", text, (double)g);
  }
}

/* ---- result rows ---- */
static u32 get32(const u8 *p) { return (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | p[3]; }
static const u8 *expect_value(const u8 *p, const char *want, u64 n) {
  if (!want) {
    if (get32(p) != 0xffffffffu) failed("result: a value, not NULL");
    return p + 4;
  }
  if (get32(p) != n || memcmp(p + 4, want, n)) failed("result: %.*s, not %s", (int)get32(p), p + 4, want);
  return p + 4 + get32(p);
}
static void test_result(void) {
  i32 ints[64] = {1, -2, 3}, days[64] = {-10957, 0, 2147483647};
  i64 decs[64] = {12345, -5, 0};
  f64 floats[64] = {1.5, -0.1, NAN};
  f32 singles[64] = {0.1f, 1e10f, -3};
  fl_str words[64] = {{(const u8 *)"ab", 2}, {(const u8 *)"a \"b", 4}, {(const u8 *)"", 0}};
  u64 truth = 5, valid = 5, mask = 7;
  fl_vec members[2] = {{.kind = FL_F32, .data = singles}, {.kind = FL_F32, .data = singles, .valid = &valid}};
  fl_vec record[2] = {{.kind = FL_STR, .data = words}, {.kind = FL_ARRAY, .elems = members, .count = 2}};
  fl_vec cols[] = {{.kind = FL_I32, .data = ints},
                   {.kind = FL_DEC64, .scale = 2, .data = decs},
                   {.kind = FL_F64, .data = floats},
                   {.kind = FL_STR, .data = words},
                   {.kind = FL_BOOL, .data = &truth, .valid = &valid},
                   {.kind = FL_DATE, .data = days},
                   {.kind = FL_ARRAY, .elems = members, .count = 2},
                   {.kind = FL_RECORD, .elems = record, .count = 2}};
  static const char *const want[3][8] = {
      {"1", "123.45", "1.5", "ab", "t", "1970-01-01", "{0.1,0.1}", "(ab,\"{0.1,0.1}\")"},
      {"-2", "-0.05", "-0.1", "a \"b", NULL, "2000-01-01", "{1e+10,NULL}", "(\"a \"\"b\",\"{1e+10,NULL}\")"},
      {"3", "0.00", "NaN", "", "t", "infinity", "{-3,-3}", "(\"\",\"{-3,-3}\")"}};
  result_len = result_rows = 0;
  flk_result_rows(&worker, cols, 8, NULL, &mask, 3);
  const u8 *p = result_bytes;
  for (u32 r = 0; r < 3; r++) {
    const u8 *start = p;
    if (*p != 'D' || p[5] != 0 || p[6] != 8) failed("result: no DataRow");
    p += 7;
    for (u32 c = 0; c < 8; c++) p = expect_value(p, want[r][c], want[r][c] ? strlen(want[r][c]) : 0);
    if (get32(start + 1) != (u64)(p - start - 1)) failed("result: length of row %u", r);
  }
  if (result_rows != 3 || p != result_bytes + result_len) failed("result: %lu rows", result_rows);

  const i16 binary[8] = {1, 1, 1, 1, 1, 1, 1, 1};
  mask = 1;
  result_len = result_rows = 0;
  flk_result_rows(&worker, cols, 7, binary, &mask, 3);
  p = result_bytes + 7;
  p = expect_value(p, "\0\0\0\1", 4);
  p = expect_value(p, "\0\2\0\0\0\0\0\2\0\173\21\224", 12); /* 123 and 4500 */
  p = expect_value(p, "\77\370\0\0\0\0\0\0", 8);
  p = expect_value(p, "ab", 2);
  p = expect_value(p, "\1", 1);
  p = expect_value(p, "\377\377\325\63", 4);
  expect_value(p, "\0\0\0\1\0\0\0\0\0\0\2\274\0\0\0\2\0\0\0\1\0\0\0\4\75\314\314\315\0\0\0\4\75\314\314\315", 36);

  /* A full block of strings, all kinds of room. */
  static fl_str many[FL_BLOCK];
  for (u32 i = 0; i < FL_BLOCK; i++) {
    u64 n = i % 97 ? rnd() % 30 : 20000;
    u8 *t = fl_temp(&worker, n);
    memset(t, 'x', n);
    many[i] = (fl_str){t, n};
  }
  fl_vec one = {.kind = FL_STR, .data = many};
  result_len = result_rows = 0;
  flk_result_rows(&worker, &one, 1, NULL, NULL, FL_BLOCK);
  p = result_bytes;
  for (u32 i = 0; i < FL_BLOCK; i++, p += 1 + get32(p + 1))
    if (get32(p + 7) != many[i].n) failed("result: string %u", i);
  if (p != result_bytes + result_len) failed("result: %lu bytes", result_len);
  fl_temp_reset(&worker);
}

static void test_random(void) {
  f64 d[FL_BLOCK], e[FL_BLOCK], sum = 0;
  for (u32 b = 0; b < 100; b++) {
    flk_random(d, 42, 1, b / 64, b, FL_BLOCK);
    for (u32 i = 0; i < FL_BLOCK; i++) {
      if (!(d[i] >= 0 && d[i] < 1)) failed("random: %g", d[i]);
      sum += d[i];
    }
  }
  flk_random(e, 42, 1, 1, 99, FL_BLOCK);
  if (memcmp(d, e, sizeof d)) failed("random: the same place gives another number");
  if (fabs(sum / (100.0 * FL_BLOCK) - 0.5) > 0.01) failed("random: mean %g", sum / (100.0 * FL_BLOCK));
}

static void raising(const fl_str *s, const fl_str *half, const fl_str *pattern) {
  const fl_str escape = {(const u8 *)"\\", 1};
  fl_str d;
  i64 x;
  u64 bits;
  (void)CATCH(flk_num_str(&worker, &d, s, NULL, 0, 1));
  (void)CATCH(flk_dec64_str(&worker, &x, s, 10, 3, NULL, 0, 1));
  (void)CATCH(flk_like_each(&worker, &bits, half, pattern, &escape, 0, NULL, 0, 1));
  (void)CATCH(flk_like_each(&worker, &bits, half, pattern, &escape, 1, NULL, 0, 1));
}
/* Whatever bytes come in, every input function answers or refuses, and reads nothing outside. */
static void test_hostile(void) {
  static const char *const words[] = {"1999", "-", "01", ":", " ", "BC", "infinity", "e", "+", ".", "99999999999999999999", "jan", "T", "P",
                                      "Y", "NaN", "0", "/", "days", "ago", "%", "_", "\\", "\xc3", "\xa4", "'", "Z", "am", "1", "12", "30"};
  for (u32 round = 0; round < 100000; round++) {
    char text[400];
    u64 n = 0;
    for (u64 k = rnd() % 9; k; k--) {
      const char *w = words[rnd() % (sizeof words / sizeof *words)];
      memcpy(text + n, w, strlen(w));
      n += strlen(w);
    }
    if (n && round % 5 == 0) text[rnd() % n] = (char)rnd();
    u8 *p = fl_temp(&worker, n);
    memcpy(p, text, n);
    fl_str s = {p, n}, d[2], pattern = {p + n / 2, n - n / 2}, half = {p, n / 2};
    i32 date, count = (i32)rnd() % 20, len = (i32)(rnd() % 20);
    i64 x;
    f64 f;
    f32 g;
    u32 b;
    fl_interval v;
    fl_get_date(p, n, &date);
    fl_get_timestamp(p, n, &x);
    fl_get_interval(p, n, &v);
    fl_get_i64(p, n, &x);
    fl_get_f64(p, n, &f);
    fl_get_f32(p, n, &g);
    fl_get_bool(p, n, &b);
    raising(&s, &half, &pattern);
    flk_substr(&worker, d, &s, &count, NULL, 1);
    flk_substr_len(&worker, d, &s, &count, &len, NULL, 0, 1);
    flk_right(d, &s, &count, NULL, 1);
    flk_btrim(d, &s, &pattern, NULL, 1);
    flk_char_str(&worker, d, &s, 5, 0, NULL, 0, 1);
    fl_temp_reset(&worker);
  }
}

int main(void) {
  test_hostile();
  test_wide();
  test_sums();
  test_find();
  test_floats();
  test_result();
  test_random();
  return report("kernels");
}
