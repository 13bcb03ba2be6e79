/* num_text.c: numerics of variable scale to and from text and floats. */
#include <stdio.h>
#include <stdlib.h>

#include "num.h"
#include "value.h"

/* ---- to text ---- */
u64 num_text_size(const num *x) {
  if (num_special(x)) return 9;
  return (u64)(x->weight > 0 ? x->weight + 1 : 1) * 4 + x->dscale + 6;
}
static u8 *put_group(u8 *d, u32 group) {
  d[0] = (u8)('0' + group / 1000);
  d[1] = (u8)('0' + group / 100 % 10);
  d[2] = (u8)('0' + group / 10 % 10);
  d[3] = (u8)('0' + group % 10);
  return d + 4;
}
u64 num_put(u8 *d, const num *x) {
  const u8 *start = d;
  const char *word = x->sign == NUM_NAN ? "NaN" : x->sign == NUM_INFINITY ? "Infinity" : x->sign == NUM_MINUS_INFINITY ? "-Infinity" : NULL;
  if (word) {
    u64 n = __builtin_strlen(word);
    __builtin_memcpy(d, word, n);
    return n;
  }
  if (x->sign == NUM_NEGATIVE) *d++ = '-';
  if (x->weight < 0 || !x->ndigits) {
    *d++ = '0';
  } else {
    d += fl_put_i64(d, x->digits[0]);
    for (i32 i = 1; i <= x->weight; i++) d = put_group(d, i < x->ndigits ? (u32)x->digits[i] : 0);
  }
  if (x->dscale) {
    *d++ = '.';
    u8 *end = d + x->dscale;
    for (i32 i = x->weight + 1; d < end; i++) {
      i32 at = x->ndigits ? i : -1;
      d = put_group(d, at >= 0 && at < x->ndigits ? (u32)x->digits[at] : 0);
      if (!x->ndigits && end - d > 4096) { /* a long zero */
        __builtin_memset(d, '0', (u64)(end - d));
        d = end;
      }
    }
    d = end;
  }
  return (u64)(d - start);
}

/* ---- from text ---- */
static int starts(const u8 *p, const u8 *end, const char *word, u64 n) {
  if ((u64)(end - p) < n) return 0;
  for (u64 i = 0; i < n; i++)
    if ((p[i] >= 'A' && p[i] <= 'Z' ? p[i] | 0x20 : p[i]) != word[i]) return 0;
  return 1;
}
/* NaN and the infinities, spelt as float8's input takes them; how many bytes, 0 if none. */
static u64 special_word(const u8 *p, const u8 *end, num *x) {
  int sign = p < end && (*p == '+' || *p == '-');
  *x = (num){0, 0, NUM_NAN, 0, NULL};
  if (starts(p, end, "nan", 3)) return 3;
  x->sign = sign && *p == '-' ? NUM_MINUS_INFINITY : NUM_INFINITY;
  if (starts(p + sign, end, "infinity", 8)) return 8 + (u64)sign;
  return starts(p + sign, end, "inf", 3) ? 3 + (u64)sign : 0;
}
static inline int digit(u8 c) { return c >= '0' && c <= '9'; }

/* An exponent as strtol reads it. */
static int get_exponent(const u8 **at, const u8 *end, i64 *exponent) {
  const u8 *p = *at;
  i64 v = 0, minus = 0;
  while (p < end && fl_is_space(*p)) p++;
  if (p < end && (*p == '+' || *p == '-')) minus = *p++ == '-';
  if (p == end || !digit(*p)) return FL_SYNTAX;
  for (; p < end && digit(*p); p++)
    if (v < 1l << 32) v = v * 10 + (*p - '0');
  *at = p;
  *exponent = minus ? -v : v;
  return v < 2147483647 / 2 ? FL_OK : FL_NUMERIC_RANGE;
}

static int get_digits(fl_worker *w, const u8 **at, const u8 *end, num *x) {
  const u8 *p = *at, *first;
  i64 whole = 0, scale = 0, exponent = 0;
  int point = 0;
  u32 sign = 0;
  if (p < end && (*p == '+' || *p == '-')) sign = *p++ == '-' ? NUM_NEGATIVE : 0;
  first = p;
  if (p < end && *p == '.') point = 1, p++;
  if (p == end || !digit(*p)) return FL_SYNTAX;
  for (; p < end; p++) {
    if (digit(*p)) {
      if (point) scale++;
      else whole++;
    } else if (*p == '.' && !point) {
      point = 1;
    } else {
      break;
    }
  }
  const u8 *last = p;
  if (p < end && *p == '.') return FL_SYNTAX;
  if (p < end && (*p | 0x20) == 'e') {
    p++;
    int err = get_exponent(&p, end, &exponent);
    if (err) return err;
  }
  *at = p;
  i64 places = whole + exponent; /* decimal digits before the point */
  i64 groups = places >= 0 ? (places + 3) / 4 : -(-places / 4), lead = groups * 4 - places;
  i64 n = (lead + whole + scale + 3) / 4;
  if (n > 1 << 28) return FL_NUMERIC_RANGE;
  i16 *d = fl_temp(w, (u64)(n + 1) * 2);
  i64 k = lead, value = 0;
  for (const u8 *c = first; c < last; c++) {
    if (*c == '.') continue;
    value = value * 10 + (*c - '0');
    if (k++ % 4 == 3) d[k / 4 - 1] = (i16)value, value = 0;
  }
  if (k % 4) d[k / 4] = (i16)(value * (i64)fl_pow10[4 - k % 4]);
  i64 dscale = scale - exponent < 0 ? 0 : scale - exponent;
  *x = (num){(i32)n, (i32)(groups - 1), sign, (u32)dscale, d};
  while (x->ndigits && !x->digits[0]) x->digits++, x->ndigits--, x->weight--;
  while (x->ndigits && !x->digits[x->ndigits - 1]) x->ndigits--;
  if (!x->ndigits) x->weight = 0, x->sign = 0;
  return FL_OK;
}
int num_get(fl_worker *w, const u8 *p, u64 n, num *x) {
  const u8 *end = p + n;
  while (p < end && fl_is_space(*p)) p++;
  u64 word = special_word(p, end, x);
  if (word) {
    p += word;
  } else {
    int err = get_digits(w, &p, end, x);
    if (err) return err;
  }
  while (p < end && fl_is_space(*p)) p++;
  return p == end ? FL_OK : FL_SYNTAX;
}

/* ---- floats ---- */
num num_of_f64(fl_worker *w, f64 x, int digits) {
  char text[40];
  num r = {0, 0, NUM_NAN, 0, NULL};
  if (x != x) return r;
  r.sign = x > 0 ? NUM_INFINITY : NUM_MINUS_INFINITY;
  if (x - x != 0) return r;
  int n = snprintf(text, sizeof text, "%.*g", digits, x);
  num_get(w, (const u8 *)text, (u64)n, &r);
  return r;
}
int num_to_f64(fl_worker *w, const num *x, f64 *d) {
  if (num_special(x)) {
    *d = x->sign == NUM_NAN ? __builtin_nan("") : x->sign == NUM_INFINITY ? __builtin_inf() : -__builtin_inf();
    return FL_OK;
  }
  u8 *text = fl_temp(w, num_text_size(x) + 1);
  return fl_get_f64(text, num_put(text, x), d);
}
