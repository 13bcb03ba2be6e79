/* support_test.c: the translator's helpers (support.c) against the plainest way to say the same. */
#include "../src/support.h"
#include "../src/num.h"
#include "testing.h"

/* ---- bounds of codes ---- */

/* The codes of 0 … most whose value lies in lo … hi, looked at one by one. */
static void bounds_of(const fl_column *c, i64 divisor, u32 most, i64 lo, i64 hi) {
  u32 first = 1, last = 0;
  for (u32 x = most + 1; x-- > 0;) {
    __int128 v = (__int128)x * divisor + c->base;
    if (v < lo || v > hi) continue;
    if (first > last) last = x;
    first = x;
  }
  u32 l = fl_encode_lo(c, divisor, most, lo, hi), h = fl_encode_hi(c, divisor, most, lo, hi);
  if (first > last ? l <= h : l != first || h != last)
    failed("codes of %ld … %ld, base %ld, divisor %ld, most %u: %u … %u, not %u … %u", lo, hi, c->base, divisor, most, l, h, first, last);
}

static void codes(void) {
  const i64 least = (i64)(1ul << 63), greatest = ~least, extremes[] = {least, least + 1, -1, 0, 1, greatest - 1, greatest};
  for (i64 base = -7; base <= 7; base += 7)
    for (i64 divisor = 1; divisor <= 5; divisor += 2)
      for (u32 most = 0; most <= 12; most += 3)
        for (i64 lo = -25; lo <= 75; lo++)
          for (i64 hi = lo - 1; hi <= 75; hi += 3) bounds_of(&(fl_column){.base = base}, divisor, most, lo, hi);
  for (u32 b = 0; b < 7; b++)
    for (u32 l = 0; l < 7; l++)
      for (u32 h = 0; h < 7; h++)
        for (u32 k = 0; k < 3; k++) {
          const i64 divisors[] = {1, 1000, greatest};
          bounds_of(&(fl_column){.base = extremes[b]}, divisors[k], 20, extremes[l], extremes[h]);
        }
}

/* ---- lists ---- */
#define LANES 1000

static u64 picked_rows[FL_BLOCK / 64];
static const u64 *pick(void) {
  memset(picked_rows, 0, sizeof picked_rows);
  for (u32 i = 0; i < LANES; i++)
    if (rnd() % 4) picked_rows[i / 64] |= 1ul << (i % 64);
  return picked_rows;
}

static int by_value(const void *a, const void *b) {
  i64 x = *(const i64 *)a, y = *(const i64 *)b;
  return (x > y) - (x < y);
}

/* The bitmap of n sorted numbers, or NULL when it is long. */
static u64 *bitmap_of(const i64 *v, u64 n) {
  if (n == 0 || (u64)v[n - 1] - (u64)v[0] > 1 << 16) return NULL;
  u64 span = (u64)v[n - 1] - (u64)v[0] + 1, *list = fl_alloc(&worker, 16 + (span + 63) / 64 * 8);
  list[0] = span;
  list[1] = (u64)v[0];
  for (u64 k = 0; k < n; k++) {
    u64 at = (u64)v[k] - (u64)v[0];
    list[2 + at / 64] |= 1ul << (at % 64);
  }
  return list;
}

/* Lists of numbers around `middle`, within 2^bits. */
static void in_numbers(u64 count, i64 middle, u32 bits) {
  u64 *list = fl_temp(&worker, (count + 2) * 8), span = bits == 64 ? ~0ul : (1ul << bits) - 1;
  i64 *v = (i64 *)list + 2, a[FL_BLOCK] = {0};
  for (u64 k = 0; k < count; k++) v[k] = (i64)((u64)middle + (rnd() & span));
  qsort(v, count, sizeof *v, by_value);
  u64 n = 0;
  for (u64 k = 0; k < count; k++)
    if (n == 0 || v[n - 1] != v[k]) v[n++] = v[k];
  list[0] = 0;
  list[1] = n;
  const i64 least = (i64)(1ul << 63), extremes[] = {least, least + 1, -1, 0, 1, ~least - 1, ~least};
  for (u32 i = 0; i < LANES; i++) {
    switch (rnd() % 4) {
    case 0: a[i] = extremes[rnd() % 7]; break;
    case 1: a[i] = n ? (i64)((u64)v[rnd() % n] + rnd() % 3 - 1) : 0; break;
    default: a[i] = (i64)((u64)middle - 3 + (rnd() & span));
    }
  }
  u64 d[FL_BLOCK / 64], e[FL_BLOCK / 64], *bitmap = bitmap_of(v, n);
  const u64 *m = pick();
  memset(d, 0xff, sizeof d);
  flk_in_i64(d, a, (const u8 *)list, m, LANES);
  for (u32 i = 0; i < LANES; i++) {
    u64 there = 0;
    for (u64 k = 0; k < n; k++) there |= v[k] == a[i];
    if ((d[i / 64] >> (i % 64) & 1) != (there && picked(m, i))) failed("%ld in %lu of %u bits at %ld", a[i], n, bits, middle);
  }
  memcpy(e, d, sizeof e);
  if (bitmap) flk_in_i64(e, a, (const u8 *)bitmap, m, LANES);
  if (memcmp(d, e, sizeof e)) failed("%lu numbers of %u bits at %ld as a bitmap", n, bits, middle);
  fl_temp_reset(&worker);
}

/* Lists of the texts "", "a", "aa" … and others over two letters, some of which are looked for. */
static fl_str some_text(u32 most) {
  u8 *p = fl_temp(&worker, most + 1);
  u64 n = rnd() % (most + 1);
  for (u64 k = 0; k < n; k++) p[k] = rnd() % 3 ? 'a' : 0xc3;
  return (fl_str){p, n};
}
static int by_text(const void *a, const void *b) { return fl_compare_str(*(const fl_str *)a, *(const fl_str *)b); }

static void in_texts(u32 count, u32 most) {
  fl_str *list = fl_temp(&worker, (count + 1) * sizeof *list), a[FL_BLOCK] = {{0}};
  u64 bytes = 0;
  u32 n = 0;
  for (u32 k = 0; k < count; k++) list[k] = some_text(most);
  qsort(list, count, sizeof *list, by_text);
  for (u32 k = 0; k < count; k++)
    if (n == 0 || !fl_equal_str(list[n - 1], list[k])) list[n++] = list[k];
  for (u32 k = 0; k < n; k++) bytes += list[k].n;
  u32 *table = fl_temp(&worker, (n + 2) * 4 + bytes), *offsets = table + 1;
  u8 *to = (u8 *)(offsets + n + 1);
  table[0] = n;
  offsets[0] = 0;
  for (u32 k = 0; k < n; k++) {
    if (list[k].n) memcpy(to + offsets[k], list[k].p, list[k].n);
    offsets[k + 1] = offsets[k] + (u32)list[k].n;
  }
  for (u32 i = 0; i < LANES; i++) a[i] = some_text(most);
  u64 d[FL_BLOCK / 64];
  const u64 *m = pick();
  memset(d, 0xff, sizeof d);
  flk_in_str(d, a, (const u8 *)table, m, LANES);
  for (u32 i = 0; i < LANES; i++) {
    u64 there = 0;
    for (u32 k = 0; k < n; k++) there |= (u64)fl_equal_str(list[k], a[i]);
    if ((d[i / 64] >> (i % 64) & 1) != (there && picked(m, i))) failed("text %u in %u", i, n);
  }
  fl_temp_reset(&worker);
}

/* ---- order: two ways to say the same ---- */
static void numerics(void) {
  static const char *const values[] = {"-Infinity", "-10000.0001", "-10000", "-1", "-0.00010001", "-0.0001", "0",
                                       "0.00009999", "0.0001", "1", "9999.9999", "10000", "10000.0001", "1e40", "Infinity", "NaN"};
  const u32 count = sizeof values / sizeof *values;
  fl_str v[sizeof values / sizeof *values];
  for (u32 i = 0; i < count; i++) {
    num x;
    num_get(&worker, (const u8 *)values[i], strlen(values[i]), &x);
    v[i] = num_pack(&worker, x, 0);
  }
  for (u32 i = 0; i < count; i++)
    for (u32 k = 0; k < count; k++) {
      if (fl_compare_num(v[i], v[k]) != (i > k) - (i < k)) failed("order of %s and %s", values[i], values[k]);
      if (fl_equal_num(v[i], v[k]) != (i == k)) failed("equality of %s and %s", values[i], values[k]);
    }
  fl_str one[2];
  for (u32 i = 0; i < 2; i++) {
    num x;
    num_get(&worker, (const u8 *)(i ? "1.0" : "1.00000"), i ? 3 : 7, &x);
    one[i] = num_pack(&worker, x, 0);
  }
  if (!fl_equal_num(one[0], one[1])) failed("1.0 is not 1.00000");
  fl_temp_reset(&worker);
}

/* ---- segments ---- */
static void segments(void) {
  fl_segment s[50];
  u32 n = 0, morsels = 0;
  for (; n < 50; morsels += 1 + (u32)(rnd() % 4)) s[n++].first_morsel = morsels;
  for (u32 count = 1; count <= n; count++) {
    fl_table t = {.nsegments = count, .segments = s};
    for (u32 m = 0, at = 0; m < morsels; m++) {
      while (at + 1 < count && s[at + 1].first_morsel <= m) at++;
      if (fl_segment_of(&t, m) != &s[at]) failed("segment of morsel %u of %u", m, count);
    }
  }
}

int main(void) {
  codes();
  const u64 counts[] = {0, 1, 2, 5, 63, 64, 65, 500, 1023};
  const i64 middles[] = {0, -300, 1l << 40, (i64)(1ul << 63), (i64)(~0ul >> 1) - 600};
  const u32 bits[] = {3, 9, 10, 16, 40, 63, 64};
  for (u32 c = 0; c < sizeof counts / sizeof *counts; c++) {
    for (u32 k = 0; k < 5; k++)
      for (u32 b = 0; b < 7; b++) in_numbers(counts[c], middles[k], bits[b]);
    for (u32 most = 0; most <= 12; most += 3) in_texts((u32)counts[c], most);
  }
  numerics();
  segments();
  return report("support");
}
