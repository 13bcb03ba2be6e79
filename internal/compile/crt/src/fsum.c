/* fsum.c: exact sums of doubles. */
#include "fsum.h"

#include <stdbool.h>
#include <string.h>

static u64 bits_of(f64 x) {
  u64 b;
  memcpy(&b, &x, sizeof b);
  return b;
}

/* Adds or subtracts the two limbs lo and hi, and what carries over, at the first of n limbs. */
static void add_at(u64 *a, u64 n, u64 lo, u64 hi, u64 minus) {
  u64 carry;
  if (minus) {
    carry = __builtin_sub_overflow(a[0], lo, &a[0]);
    u64 first = __builtin_sub_overflow(a[1], hi, &a[1]);
    carry = first | __builtin_sub_overflow(a[1], carry, &a[1]);
    for (u64 i = 2; carry && i < n; i++) carry = __builtin_sub_overflow(a[i], 1, &a[i]);
  } else {
    carry = __builtin_add_overflow(a[0], lo, &a[0]);
    u64 first = __builtin_add_overflow(a[1], hi, &a[1]);
    carry = first | __builtin_add_overflow(a[1], carry, &a[1]);
    for (u64 i = 2; carry && i < n; i++) carry = __builtin_add_overflow(a[i], 1, &a[i]);
  }
}

static __int128 narrow_sum(const fl_fsum *s) { return (__int128)((unsigned __int128)(u64)s->sum.hi << 64 | s->sum.lo); }

/* Copies a sum's limbs, with its sign, to where they belong among those of all doubles. */
static void spread(const fl_fsum *s, u64 *all) {
  if (s->wide) {
    memcpy(all, s->wide, FL_FSUM_LIMBS * sizeof(u64));
    return;
  }
  u64 at = s->base / 64, shift = s->base % 64, sign = (u64)(s->sum.hi >> 63), lo = s->sum.lo, hi = (u64)s->sum.hi;
  for (u64 i = 0; i < FL_FSUM_LIMBS; i++) all[i] = i < at ? 0 : sign;
  all[at] = lo << shift;
  all[at + 1] = shift ? hi << shift | lo >> (64 - shift) : hi;
  if (shift) all[at + 2] = sign << shift | hi >> (64 - shift);
}

static void widen(fl_worker *w, fl_fsum *s) {
  if (s->wide) return;
  u64 *all = fl_alloc(w, FL_FSUM_LIMBS * sizeof(u64));
  spread(s, all);
  s->wide = all;
}

#define BELOW 24 /* bits kept below the first value's */

/* Adds a finite value, not zero: m times 2^(e - 1074). */
static void add(fl_worker *w, fl_fsum *s, u64 m, u32 e, u64 minus) {
  if (!(s->what & FSUM_USED)) {
    s->what |= FSUM_USED;
    s->base = e > BELOW ? e - BELOW : 0;
  }
  u32 up = e - s->base; /* of a smaller one: very much */
  if (!s->wide && up < 127 - 53) {
    __int128 x = (__int128)m << up, sum;
    if (!(minus ? __builtin_sub_overflow(narrow_sum(s), x, &sum) : __builtin_add_overflow(narrow_sum(s), x, &sum))) {
      s->sum = (fl_i128){(u64)sum, (i64)(sum >> 64)};
      return;
    }
  }
  widen(w, s);
  u64 limb = e / 64, shift = e % 64;
  add_at(s->wide + limb, FL_FSUM_LIMBS - limb, m << shift, shift ? m >> (64 - shift) : 0, minus);
}

void fl_fsum_add(fl_worker *w, fl_fsum *s, f64 x) {
  u64 b = bits_of(x), m = b & 0xfffffffffffffu;
  u32 e = b >> 52 & 2047;
  if (__builtin_expect(e == 2047, 0)) {
    s->what |= m ? FSUM_NAN : b >> 63 ? FSUM_MINUS : FSUM_PLUS;
    return;
  }
  if (e) m |= 1ul << 52, e--;
  if (m) add(w, s, m, e, b >> 63);
}

void fl_fsum_row(fl_worker *w, fl_fsum *s, f64 x) {
  if (x - x != 0) s->odd++;
  fl_fsum_add(w, s, x);
}

static void add_limbs(u64 *a, const u64 *b, u64 n) {
  u64 carry = 0;
  for (u64 i = 0; i < n; i++) {
    u64 first = __builtin_add_overflow(a[i], b[i], &a[i]);
    carry = first | __builtin_add_overflow(a[i], carry, &a[i]);
  }
}

/* Adds a sum of the same unit, if the total fits. */
static bool added(fl_fsum *s, const fl_fsum *from) {
  __int128 sum;
  if (s->wide || from->wide || s->base != from->base || __builtin_add_overflow(narrow_sum(s), narrow_sum(from), &sum)) return false;
  s->sum = (fl_i128){(u64)sum, (i64)(sum >> 64)};
  return true;
}

void fl_fsum_merge(fl_worker *w, fl_fsum *s, const fl_fsum *from) {
  s->odd += from->odd;
  u32 what = s->what | from->what;
  if (!(from->what & FSUM_USED)) {
  } else if (!(s->what & FSUM_USED)) { /* from is not added to any more, so what it has may be shared */
    u64 odd = s->odd;
    *s = *from;
    s->odd = odd;
  } else if (added(s, from)) {
  } else {
    u64 all[FL_FSUM_LIMBS];
    widen(w, s);
    spread(from, all);
    add_limbs(s->wide, all, FL_FSUM_LIMBS);
  }
  s->what = what;
}

/* The highest bit set, counted from the lowest limb's lowest; -1 if there is none. */
static i64 highest(const u64 *a) {
  for (i64 i = FL_FSUM_LIMBS; i-- > 0;)
    if (a[i]) return i * 64 + 63 - __builtin_clzl(a[i]);
  return -1;
}

static u64 bits_from(const u64 *a, i64 at) {
  u64 limb = (u64)at / 64, shift = (u64)at % 64, low = a[limb] >> shift;
  return shift && limb + 1 < FL_FSUM_LIMBS ? low | a[limb + 1] << (64 - shift) : low;
}

static i32 any_below(const u64 *a, i64 at) {
  for (i64 i = 0; i < at / 64; i++)
    if (a[i]) return 1;
  return at % 64 && a[at / 64] & ((1ul << at % 64) - 1) ? 1 : 0;
}

/* Rounds the magnitude to `digits` bits (fewer for subnormal numbers, whose last bit is `last`), half to even. */
static f64 rounded(const u64 *a, i64 digits, i64 last, f64 largest) {
  i64 top = highest(a), low = top - digits + 1;
  if (low < last) low = last;
  if (top < 0) return 0;
  u64 m = low > top ? 0 : bits_from(a, low);
  if (top - low < 63) m &= (2ul << (top - low)) - 1;
  if (low > 0 && (bits_from(a, low - 1) & 1) && ((m & 1) || any_below(a, low - 1))) m++;
  f64 x = (f64)m; /* exact; scaled in two steps, as 2^low may be no double */
  i64 e = low - 1074;
  if (e > 971) return __builtin_inf();
  while (e > 0) {
    i64 step = e > 900 ? 900 : e;
    x *= __builtin_ldexp(1.0, (int)step);
    e -= step;
  }
  if (e < -1000) x *= 0x1p-500, e += 500; /* of no more than 53 bits: x·2^e is a double, its halves are exact */
  if (e < 0) x *= __builtin_ldexp(1.0, (int)e);
  return x > largest ? __builtin_inf() : x;
}

f64 fl_fsum_value(fl_worker *w, const fl_fsum *s, i32 narrow) {
  u32 infinite = s->what & (FSUM_PLUS | FSUM_MINUS);
  if (s->what & FSUM_NAN || infinite == (FSUM_PLUS | FSUM_MINUS)) {
    if (s->odd == 0) fl_raise(w, "22003", 0, "value out of range: overflow");
    return __builtin_nan("");
  }
  u64 all[FL_FSUM_LIMBS], minus = 0;
  f64 x = __builtin_inf();
  if (!infinite) {
    spread(s, all);
    minus = all[FL_FSUM_LIMBS - 1] >> 63;
    if (minus) {
      u64 one[FL_FSUM_LIMBS] = {1};
      for (u64 i = 0; i < FL_FSUM_LIMBS; i++) all[i] = ~all[i];
      add_limbs(all, one, FL_FSUM_LIMBS);
    }
    x = narrow ? rounded(all, 24, 1074 - 149, 0x1.fffffep127) : rounded(all, 53, 0, 0x1.fffffffffffffp1023);
  } else {
    minus = s->what & FSUM_MINUS;
  }
  if (x > 0x1.fffffffffffffp1023 && s->odd == 0) fl_raise(w, "22003", 0, "value out of range: overflow");
  return minus ? -x : x;
}
