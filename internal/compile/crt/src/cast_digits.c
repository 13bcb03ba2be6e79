/* cast_digits.c: whole numbers, numerics of fixed scale and truth values to and from text. */
#include "value.h"
#include "wide.h"

static const char pairs[] =
    "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"
    "5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

static u32 count_digits(u64 x) {
  u32 n = 1;
  for (; x >= 10000; x /= 10000) n += 4;
  return n + (x >= 10) + (x >= 100) + (x >= 1000);
}
/* x in exactly n digits, ending before end. */
static void put_digits(u8 *end, u64 x, u32 n) {
  for (; n >= 2; n -= 2, x /= 100) {
    end -= 2;
    __builtin_memcpy(end, pairs + x % 100 * 2, 2);
  }
  if (n) *--end = (u8)('0' + x % 10);
}
static u32 put_u64(u8 *d, u64 x) {
  u32 n = count_digits(x);
  put_digits(d + n, x, n);
  return n;
}
u32 fl_put_i64(u8 *d, i64 x) {
  if (x >= 0) return put_u64(d, (u64)x);
  *d = '-';
  return 1 + put_u64(d + 1, -(u64)x);
}
static u32 put_wide(u8 *d, uwide x) {
  const u64 block = 1000000000000000000u;
  if (x < block) return put_u64(d, (u64)x);
  u32 n = put_wide(d, x / block);
  put_digits(d + n + 18, (u64)(x % block), 18);
  return n + 18;
}
static u32 put_fraction(u8 *d, uwide x, u32 scale) {
  const u64 block = 1000000000000000000u;
  *d = '.';
  u32 rest = scale;
  for (; rest > 18; rest -= 18, x /= block) put_digits(d + 1 + rest, (u64)(x % block), 18);
  put_digits(d + 1 + rest, (u64)x, rest);
  return 1 + scale;
}
u32 fl_put_dec64(u8 *d, i64 x, u32 scale) {
  if (!scale) return fl_put_i64(d, x);
  if (scale > 18) return fl_put_dec128(d, (fl_i128){(u64)x, x >> 63}, scale);
  u32 n = 0;
  u64 a = x < 0 ? -(u64)x : (u64)x, p = (u64)fl_pow10[scale];
  if (x < 0) d[n++] = '-';
  n += put_u64(d + n, a / p);
  d[n] = '.';
  put_digits(d + n + 1 + scale, a % p, scale);
  return n + 1 + scale;
}
u32 fl_put_dec128(u8 *d, fl_i128 v, u32 scale) {
  wide x = wide_of(v);
  uwide a = wide_abs(x), p = fl_pow10[scale];
  u32 n = 0;
  if (x < 0) d[n++] = '-';
  n += put_wide(d + n, a / p);
  return scale ? n + put_fraction(d + n, a % p, scale) : n;
}

/* Signs, digits and spaces on both sides, as pg_strtoint. */
int fl_get_i64(const u8 *p, u64 n, i64 *x) {
  const u8 *end = p + n;
  while (p < end && fl_is_space(*p)) p++;
  int minus = p < end && *p == '-';
  if (p < end && (*p == '-' || *p == '+')) p++;
  const u8 *first = p;
  u64 v = 0;
  for (; p < end && (u8)(*p - '0') < 10; p++) {
    u32 c = *p - '0';
    if (p - first >= 18 && (v > 1844674407370955161u || (v == 1844674407370955161u && c > 5))) return FL_RANGE;
    v = v * 10 + c;
  }
  if (p == first) return FL_SYNTAX;
  while (p < end && fl_is_space(*p)) p++;
  if (p != end) return FL_SYNTAX;
  if (v > 9223372036854775807u + (u64)minus) return FL_RANGE;
  *x = (i64)(minus ? -v : v);
  return FL_OK;
}

/* Unique prefixes of true, false, yes, no, and of on and off from the second letter, and 1 and 0. */
int fl_get_bool(const u8 *p, u64 n, u32 *x) {
  static const struct { const char *word; u32 least, value; } words[] = {
      {"true", 1, 1}, {"false", 1, 0}, {"yes", 1, 1}, {"no", 1, 0}, {"on", 2, 1}, {"off", 2, 0}, {"1", 1, 1}, {"0", 1, 0}};
  while (n && fl_is_space(*p)) p++, n--;
  while (n && fl_is_space(p[n - 1])) n--;
  for (u32 k = 0; k < sizeof words / sizeof *words; k++) {
    u64 i = 0;
    if (n < words[k].least || n > __builtin_strlen(words[k].word)) continue;
    while (i < n && (p[i] >= 'A' && p[i] <= 'Z' ? p[i] | 0x20 : p[i]) == words[k].word[i]) i++;
    if (i < n) continue;
    *x = words[k].value;
    return FL_OK;
  }
  return FL_SYNTAX;
}
