/* support.c: the scalar functions of support.h, and the kernels that only the translator needs. */
#include "support.h"

#include <math.h>
#include <string.h>

#include "datetime.h"
#include "text.h"

u64 fl_min_u64(u64 a, u64 b) { return a < b ? a : b; }
u64 fl_max_u64(u64 a, u64 b) { return a > b ? a : b; }
u32 fl_ctz(u64 x) { return (u32)__builtin_ctzl(x); }
u32 fl_lowest_bit(u32 x, u32 none) { return x ? (u32)__builtin_ctz(x) : none; }
i64 fl_min_of_i64(i64 a, i64 b) { return a < b ? a : b; }
i64 fl_max_of_i64(i64 a, i64 b) { return a > b ? a : b; }
f64 fl_nan(void) { return NAN; }
f64 fl_minus_infinity(void) { return -INFINITY; }
f64 fl_min_of_f64(f64 a, f64 b) { return fl_compare_f64(b, a) < 0 ? b : a; }
f64 fl_max_of_f64(f64 a, f64 b) { return fl_compare_f64(b, a) > 0 ? b : a; }
f32 fl_min_of_f32(f32 a, f32 b) { return fl_compare_f64(b, a) < 0 ? b : a; }
f32 fl_max_of_f32(f32 a, f32 b) { return fl_compare_f64(b, a) > 0 ? b : a; }

fl_i128 fl_i128_add_i64(fl_i128 a, i64 b) { return wide_to((wide)((uwide)wide_of(a) + (uwide)(wide)b)); }

static void too_wide(fl_worker *w) { fl_raise(w, "0A000", 0, "a sum of more than 38 digits is not supported"); }

fl_i128 fl_i128_add_checked(fl_worker *w, fl_i128 a, fl_i128 b) {
  wide sum;
  if (__builtin_add_overflow(wide_of(a), wide_of(b), &sum)) too_wide(w);
  return wide_to(sum);
}

void fl_copy(u8 *to, const u8 *from, u64 bytes) { memcpy(to, from, bytes); }

void fl_setbit(u64 *mask, u32 row, i32 value) {
  u64 bit = 1ul << (row & 63);
  mask[row >> 6] = value ? mask[row >> 6] | bit : mask[row >> 6] & ~bit;
}

/* ---- order ---- */

i32 fl_compare_u64(u64 a, u64 b) { return (a > b) - (a < b); }
i32 fl_compare_i64(i64 a, i64 b) { return (a > b) - (a < b); }
i32 fl_compare_f64(f64 a, f64 b) {
  if (a != a) return b == b;
  if (b != b) return -1;
  return (a > b) - (a < b);
}
i32 fl_equal_f64(f64 a, f64 b) { return fl_compare_f64(a, b) == 0; }

i32 fl_compare_str(fl_str a, fl_str b) {
  int c = text_compare(&a, &b);
  return (c > 0) - (c < 0);
}
i32 fl_compare_char(fl_str a, fl_str b) { return fl_compare_str(without_padding(a), without_padding(b)); }
i32 fl_equal_str(fl_str a, fl_str b) { return text_equal(&a, &b); }
i32 fl_equal_char(fl_str a, fl_str b) { return fl_equal_str(without_padding(a), without_padding(b)); }

i32 fl_compare_i128(fl_i128 a, fl_i128 b) {
  wide x = wide_of(a), y = wide_of(b);
  return (x > y) - (x < y);
}
i32 fl_equal_i128(fl_i128 a, fl_i128 b) { return a.lo == b.lo && a.hi == b.hi; }

i32 fl_compare_interval(fl_interval a, fl_interval b) {
  wide x = interval_length(a), y = interval_length(b);
  return (x > y) - (x < y);
}
i32 fl_equal_interval(fl_interval a, fl_interval b) { return interval_length(a) == interval_length(b); }

/* Of values that are equal and do not read alike, one is better whoever comes first: what a query shows does not depend on the
 * order in which workers meet. */
static i32 before_str(fl_str x, fl_str y) { return (void)x, (void)y, 0; }
static i32 before_char(fl_str x, fl_str y) { return x.n < y.n; }
static i32 before_num(fl_str x, fl_str y) { return ((const fl_num *)x.p)->dscale < ((const fl_num *)y.p)->dscale; }
static i32 before_i128(fl_i128 x, fl_i128 y) { return (void)x, (void)y, 0; }
static i32 before_interval(fl_interval x, fl_interval y) { return x.months != y.months ? x.months < y.months : x.days < y.days; }
#define BETTER(name, T)                                           \
  i32 fl_better_##name(i32 seen, T old, T x, i32 direction) {     \
    if (!seen) return 1;                                          \
    i32 order = fl_compare_##name(x, old) * direction;            \
    return order > 0 || (order == 0 && before_##name(x, old));    \
  }
BETTER(str, fl_str)
BETTER(char, fl_str)
BETTER(num, fl_str)
BETTER(i128, fl_i128)
BETTER(interval, fl_interval)

/* ---- text ---- */

fl_str fl_str_of_blob(const u8 *blob) {
  fl_str s = {blob + 8, *(const u64 *)blob};
  return s;
}

fl_str fl_str_keep(fl_worker *w, fl_str s) {
  u8 *p = fl_alloc(w, s.n ? s.n : 1);
  if (s.n) memcpy(p, s.p, s.n);
  s.p = p;
  return s;
}

fl_str fl_str_keep_in(fl_worker *w, fl_buffer *b, fl_str s) {
  if (s.n > b->room || !b->p) {
    u64 room = 16;
    while (room < s.n) room *= 2;
    b->p = fl_alloc(w, room);
    b->room = room;
  }
  if (s.n) memcpy(b->p, s.p, s.n);
  s.p = b->p;
  return s;
}

/* ---- scans ---- */

const fl_segment *fl_segment_of(const fl_table *t, u64 morsel) {
  u32 lo = 0, hi = t->nsegments - 1;
  while (lo < hi) {
    u32 mid = (lo + hi + 1) / 2;
    if (t->segments[mid].first_morsel <= morsel) lo = mid;
    else hi = mid - 1;
  }
  return &t->segments[lo];
}

u64 fl_morsels_of(const fl_query *q, u64 rows) { return (rows + q->morsel - 1) / q->morsel; }

i32 fl_excluded(const fl_column *c, i64 lo, i64 hi) { return lo > hi || (c->has_bounds && (hi < c->min || lo > c->max)); }

static wide wide_floor_div(wide a, wide b) {
  wide q = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}

u32 fl_encode_lo(const fl_column *c, i64 divisor, u32 most, i64 lo, i64 hi) {
  if (lo > hi) return 1;
  wide x = -wide_floor_div(-((wide)lo - c->base), divisor);
  if (wide_floor_div((wide)hi - c->base, divisor) < 0) return 1;
  return x < 0 ? 0 : x > most ? 1 : (u32)x;
}

u32 fl_encode_hi(const fl_column *c, i64 divisor, u32 most, i64 lo, i64 hi) {
  if (lo > hi || -wide_floor_div(-((wide)lo - c->base), divisor) > most) return 0;
  wide x = wide_floor_div((wide)hi - c->base, divisor);
  return x < 0 ? 0 : x > most ? most : (u32)x;
}

/* ---- kernels ---- */

void flk_series_i32(i32 *d, i64 start, i64 step, u64 at, u32 n) {
  u64 first = (u64)start + at * (u64)step;
  for (u32 i = 0; i < n; i++) d[i] = (i32)(first + i * (u64)step);
}

void flk_series_i64(i64 *d, i64 start, i64 step, u64 at, u32 n) {
  u64 first = (u64)start + at * (u64)step;
  for (u32 i = 0; i < n; i++) d[i] = (i64)(first + i * (u64)step);
}

void flk_fill_16(void *d, const void *value, u32 n) {
  fl_i128 v;
  memcpy(&v, value, sizeof v);
  for (u32 i = 0; i < n; i++) ((fl_i128 *)d)[i] = v;
}

void flk_hash_where(u64 *d, const u64 *hash, const u64 *valid, u32 n) {
  memcpy(d, hash, n * sizeof *d);
  flk_hashnull(d, valid, n);
}

void flk_indices_of(u16 *d, u32 *count, const u64 *m, u32 n) { *count = flk_indices(d, m, n); }

void flk_mask_bytes(u8 *d, const u64 *m, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = m[i >> 6] >> (i & 63) & 1;
}

void flk_label_str(fl_str *d, const u8 *table, const i32 *index, u32 n) {
  u32 count = *(const u32 *)table;
  const u32 *offsets = (const u32 *)table + 1;
  const u8 *bytes = (const u8 *)(offsets + count + 1);
  for (u32 i = 0; i < n; i++) {
    u32 k = (u32)index[i] < count ? (u32)index[i] : 0;
    d[i] = (fl_str){bytes + offsets[k], offsets[k + 1] - offsets[k]};
  }
}

void flk_pow(f64 *d, const f64 *a, const f64 *b, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = pow(a[i], b[i]);
}

u64 fl_next_block(fl_worker *w) {
  static _Thread_local u64 block;
  return (u64)w->id << 48 | ++block;
}

/* Whether x is among the sorted values, at least one; without a branch that depends on x. */
static inline u64 in_sorted(i64 x, const i64 *v, u64 count) {
  while (count > 1) {
    u64 half = count / 2;
    v += v[half - 1] < x ? half : 0;
    count -= half;
  }
  return *v == x;
}

/* Those of the 64 values from a on that are members. */
static inline u64 in_list(const i64 *a, u64 rows, const i64 *v, u64 count) {
  u64 found = 0;
  for (; rows; rows &= rows - 1) {
    u32 i = fl_ctz(rows);
    found |= in_sorted(a[i], v, count) << i;
  }
  return found;
}

static inline u64 in_bitmap(const i64 *a, u32 n, const u64 *bits, u64 span, u64 least) {
  u64 found = 0;
  for (u32 i = 0; i < 64 && i < n; i++) {
    u64 at = (u64)a[i] - least, within = at < span;
    at = within ? at : 0;
    found |= (bits[at >> 6] >> (at & 63) & within) << i;
  }
  return found;
}

void flk_in_i64(u64 *d, const i64 *a, const u8 *list, const u64 *m, u32 n) {
  u64 span = ((const u64 *)list)[0], second = ((const u64 *)list)[1]; /* the least, or the count */
  const void *members = list + 2 * sizeof(u64);
  for (u32 at = 0; at < n; at += 64) {
    u64 rows = m[at >> 6], found = 0;
    if (rows && span) found = in_bitmap(a + at, n - at, members, span, second);
    else if (second) found = in_list(a + at, rows, members, second);
    d[at >> 6] = found & rows;
  }
}

static i32 in_str(fl_str x, const u32 *offsets, u32 count, const u8 *bytes) {
  u32 lo = 0, hi = count;
  while (lo < hi) {
    u32 mid = (lo + hi) / 2;
    i32 c = fl_compare_str((fl_str){bytes + offsets[mid], offsets[mid + 1] - offsets[mid]}, x);
    if (c == 0) return 1;
    if (c < 0) lo = mid + 1;
    else hi = mid;
  }
  return 0;
}

void flk_in_str(u64 *d, const fl_str *a, const u8 *list, const u64 *m, u32 n) {
  u32 count = *(const u32 *)list;
  const u32 *offsets = (const u32 *)list + 1;
  const u8 *bytes = (const u8 *)(offsets + count + 1);
  memset(d, 0, (n + 63) / 64 * sizeof *d);
  for (u32 w = 0; w < n; w += 64)
    for (u64 rest = m[w >> 6]; rest; rest &= rest - 1) {
      u32 i = w + fl_ctz(rest);
      d[i >> 6] |= (u64)in_str(a[i], offsets, count, bytes) << (i & 63);
    }
}

i64 flk_field_i32(const i32 *v, const u64 *m, u32 shift, u32 bits, u32 n) {
  i64 sum = 0;
  u32 field = (1u << bits) - 1;
  for (u32 i = 0; i < n; i++)
    if (m[i >> 6] >> (i & 63) & 1) sum += (u32)v[i] >> shift & field;
  return sum;
}
