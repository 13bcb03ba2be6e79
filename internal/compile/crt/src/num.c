/* num.c: arithmetic of numerics of variable scale; see num.h. */
#include "num.h"
#include "support.h"
#include "value.h"

#define BASE 10000
#define MIN_SIG_DIGITS 16
#define MAX_DISPLAY_SCALE 1000
static const num nan_value = {0, 0, NUM_NAN, 0, NULL};

num num_read(const fl_str *s) {
  fl_num head;
  __builtin_memcpy(&head, s->p, sizeof head);
  return (num){head.ndigits, head.weight, head.sign, head.dscale, (const i16 *)(s->p + sizeof head)};
}

static num strip(num x) {
  while (x.ndigits && x.digits[0] == 0) x.digits++, x.ndigits--, x.weight--;
  while (x.ndigits && x.digits[x.ndigits - 1] == 0) x.ndigits--;
  if (!x.ndigits && !num_special(&x)) x.weight = 0, x.sign = 0;
  return x;
}

static u64 put_packed(u8 *d, num x) {
  fl_num head = {(u16)x.ndigits, (i16)x.weight, (u16)x.sign, (u16)x.dscale};
  __builtin_memcpy(d, &head, sizeof head);
  if (x.ndigits) __builtin_memcpy(d + sizeof head, x.digits, (u64)x.ndigits * 2);
  return sizeof head + (u64)x.ndigits * 2;
}

fl_str num_pack(fl_worker *w, num x, i32 pos) {
  x = strip(x);
  if (x.weight > 32767 || x.weight < -32768 || x.dscale > NUM_DSCALE_MAX || x.ndigits > 65535)
    fl_raise(w, "22003", pos, "value overflows numeric format");
  u8 *p = fl_temp(w, sizeof(fl_num) + (u64)x.ndigits * 2);
  return (fl_str){p, put_packed(p, x)};
}

static i16 *room(fl_worker *w, i32 ndigits) { return fl_temp(w, (u64)(ndigits > 0 ? ndigits : 1) * 2); }

/* ---- from and to fixed scale ---- */
#define DEC_DIGITS 20 /* of 2^127 below one and above */

/* The value, its digits in t. */
static num digits_of_dec(i16 t[DEC_DIGITS], wide v, u32 scale) {
  uwide a = wide_abs(v);
  i32 at = DEC_DIGITS, below = (i32)(scale + 3) / 4;
  u32 part = scale % 4;
  if (part) {
    u32 p = (u32)fl_pow10[part];
    t[--at] = (i16)((u32)(a % p) * (u32)fl_pow10[4 - part]);
    a /= p;
  }
  for (; a >> 64; a /= BASE) t[--at] = (i16)(a % BASE);
  for (u64 b = (u64)a; b; b /= BASE) t[--at] = (i16)(b % BASE);
  i32 n = DEC_DIGITS - at;
  return strip((num){n, n - below - 1, v < 0 ? NUM_NEGATIVE : 0, scale, t + at});
}
num num_of_dec(fl_worker *w, wide v, u32 scale) {
  i16 t[DEC_DIGITS], *d;
  num x = digits_of_dec(t, v, scale);
  d = room(w, x.ndigits);
  __builtin_memcpy(d, x.digits, (u64)x.ndigits * 2);
  x.digits = d;
  return x;
}
u64 num_put_dec(u8 *d, wide v, u32 scale) {
  i16 t[DEC_DIGITS];
  return put_packed(d, digits_of_dec(t, v, scale));
}

int num_to_dec(fl_worker *w, const num *x, i32 scale, wide *d) {
  num r = num_round(w, x, scale);
  if (r.ndigits && r.weight > 9) return 0;
  uwide a = 0;
  const uwide limit = fl_pow10[38];
  i32 groups = scale > 0 ? (scale + 3) / 4 : -(-scale / 4);
  for (i32 i = 0; i <= r.weight + groups; i++) { /* digit i has the value 10000^(weight - i) */
    i32 digit = i < r.ndigits ? r.digits[i] : 0, keep = 4;
    if (i == r.weight + groups && scale > 0 && scale % 4) {
      keep = scale % 4;
      digit /= (i32)fl_pow10[4 - keep];
    }
    if (a > limit / fl_pow10[keep]) return 0;
    a = a * fl_pow10[keep] + (u32)digit;
  }
  if (scale < 0 && -scale % 4) a /= fl_pow10[-scale % 4];
  if (a >= limit) return 0;
  *d = r.sign == NUM_NEGATIVE ? -(wide)a : (wide)a;
  return 1;
}

/* ---- comparison ---- */
static int compare_size(const num *a, const num *b) {
  if (!a->ndigits || !b->ndigits) return (a->ndigits != 0) - (b->ndigits != 0);
  if (a->weight != b->weight) return a->weight < b->weight ? -1 : 1;
  for (i32 i = 0; i < a->ndigits || i < b->ndigits; i++) {
    i32 x = i < a->ndigits ? a->digits[i] : 0, y = i < b->ndigits ? b->digits[i] : 0;
    if (x != y) return x < y ? -1 : 1;
  }
  return 0;
}
static int rank(const num *x) {
  switch (x->sign) {
  case NUM_MINUS_INFINITY: return 0;
  case NUM_INFINITY: return 4;
  case NUM_NAN: return 5;
  }
  return !x->ndigits ? 2 : x->sign == NUM_NEGATIVE ? 1 : 3;
}
int num_compare(const num *a, const num *b) {
  int ra = rank(a), rb = rank(b);
  if (ra != rb) return ra < rb ? -1 : 1;
  if (ra == 1) return compare_size(b, a);
  return ra == 3 ? compare_size(a, b) : 0;
}
i32 fl_compare_num(fl_str a, fl_str b) {
  num x = num_read(&a), y = num_read(&b);
  return num_compare(&x, &y);
}
i32 fl_equal_num(fl_str a, fl_str b) { return fl_compare_num(a, b) == 0; }

/* ---- addition ---- */
static inline i32 digit_at(const num *x, i32 weight) { /* the digit that counts 10000^weight */
  i32 i = x->weight - weight;
  return i < 0 || i >= x->ndigits ? 0 : x->digits[i];
}
static i32 lowest(const num *x) { return x->weight - x->ndigits + 1; }

static num add_sizes(fl_worker *w, const num *a, const num *b, u32 sign, int minus) {
  if (!a->ndigits && !minus) return (num){b->ndigits, b->weight, sign, 0, b->digits};
  i32 top = (a->weight > b->weight || !b->ndigits ? a->weight : b->weight) + 1;
  i32 low = !b->ndigits || lowest(a) < lowest(b) ? lowest(a) : lowest(b), n = top - low + 1, carry = 0;
  i16 *d = room(w, n);
  for (i32 at = low; at <= top; at++) {
    i32 s = digit_at(a, at) + (minus ? -digit_at(b, at) : digit_at(b, at)) + carry;
    carry = s >= BASE ? 1 : s < 0 ? -1 : 0;
    d[top - at] = (i16)(s - carry * BASE);
  }
  return strip((num){n, top, sign, 0, d});
}
static u32 flipped(u32 sign) {
  switch (sign) {
  case NUM_INFINITY: return NUM_MINUS_INFINITY;
  case NUM_MINUS_INFINITY: return NUM_INFINITY;
  case NUM_NAN: return NUM_NAN;
  }
  return sign ^ NUM_NEGATIVE;
}
num num_add(fl_worker *w, const num *a, const num *b) {
  if (num_special(a) || num_special(b)) {
    if (a->sign == NUM_NAN || b->sign == NUM_NAN || (num_special(a) && num_special(b) && a->sign != b->sign)) return nan_value;
    return num_special(a) ? *a : *b;
  }
  num r;
  if (a->sign == b->sign) {
    r = add_sizes(w, a, b, a->sign, 0);
  } else {
    int c = compare_size(a, b);
    r = c == 0 ? (num){0, 0, 0, 0, NULL} : c > 0 ? add_sizes(w, a, b, a->sign, 1) : add_sizes(w, b, a, b->sign, 1);
  }
  r.dscale = a->dscale > b->dscale ? a->dscale : b->dscale;
  return r;
}
num num_sub(fl_worker *w, const num *a, const num *b) {
  num minus = *b;
  minus.sign = flipped(b->sign);
  return num_add(w, a, &minus);
}

/* ---- multiplication ---- */
static int sign_of(const num *x) {
  if (x->sign == NUM_NEGATIVE || x->sign == NUM_MINUS_INFINITY) return -1;
  return x->sign == NUM_INFINITY || x->ndigits ? 1 : 0;
}
static num infinite(int sign) { return (num){0, 0, sign < 0 ? NUM_MINUS_INFINITY : NUM_INFINITY, 0, NULL}; }

static num mul_sizes(fl_worker *w, const num *a, const num *b) {
  i32 n = a->ndigits + b->ndigits;
  u64 *t = fl_temp(w, (u64)(n + 1) * 8);
  __builtin_memset(t, 0, (u64)(n + 1) * 8);
  for (i32 i = 0; i < a->ndigits; i++)
    for (i32 k = 0; k < b->ndigits; k++) t[i + k + 1] += (u64)(a->digits[i] * b->digits[k]);
  i16 *d = room(w, n);
  u64 carry = 0;
  for (i32 i = n - 1; i >= 0; i--) {
    carry += t[i];
    d[i] = (i16)(carry % BASE);
    carry /= BASE;
  }
  return (num){n, a->weight + b->weight + 1, 0, 0, d};
}
num num_mul(fl_worker *w, const num *a, const num *b) {
  if (num_special(a) || num_special(b)) {
    if (a->sign == NUM_NAN || b->sign == NUM_NAN) return nan_value;
    int s = sign_of(a) * sign_of(b);
    return s ? infinite(s) : nan_value;
  }
  num r = mul_sizes(w, a, b);
  r.sign = (a->sign ^ b->sign) & NUM_NEGATIVE;
  r.dscale = a->dscale + b->dscale;
  r = strip(r);
  return r.dscale > NUM_DSCALE_MAX ? num_round(w, &r, NUM_DSCALE_MAX) : r;
}

/* ---- division ---- */
/* The quotient's digits: of 10000^shift times a's digits as a whole number, by b's. Ends are cut, not rounded. */
static num divide_digits(fl_worker *w, const num *a, const num *b, i32 shift) {
  i32 n = a->ndigits + shift;
  if (n < 1) return (num){0, 0, 0, 0, NULL};
  i16 *q = room(w, n);
  if (b->ndigits <= 3) { /* the rest stays below 10000^3 */
    u64 by = 0, rest = 0;
    for (i32 i = 0; i < b->ndigits; i++) by = by * BASE + (u32)b->digits[i];
    for (i32 i = 0; i < n; i++) {
      rest = rest * BASE + (u32)(i < a->ndigits ? a->digits[i] : 0);
      q[i] = (i16)(rest / by);
      rest %= by;
    }
    return (num){n, n - 1, 0, 0, q};
  }
  /* Knuth's algorithm D, in base 10000. */
  i32 bn = b->ndigits, f = BASE / (b->digits[0] + 1);
  i32 *u = fl_temp(w, (u64)(n + 1) * 4), *v = fl_temp(w, (u64)bn * 4);
  i32 carry = 0;
  for (i32 i = bn - 1; i >= 0; i--) {
    carry += b->digits[i] * f;
    v[i] = carry % BASE;
    carry /= BASE;
  }
  carry = 0;
  for (i32 i = n - 1; i >= 0; i--) {
    carry += (i < a->ndigits ? a->digits[i] : 0) * f;
    u[i + 1] = carry % BASE;
    carry /= BASE;
  }
  u[0] = carry;
  for (i32 k = 0; k < bn - 1 && k < n; k++) q[k] = 0;
  for (i32 k = 0; k + bn <= n; k++) {
    i32 two = u[k] * BASE + u[k + 1], guess = two / v[0], rest = two % v[0];
    while (guess >= BASE || (i64)guess * v[1] > (i64)rest * BASE + u[k + 2]) {
      guess--;
      rest += v[0];
      if (rest >= BASE) break;
    }
    i32 borrow = 0;
    for (i32 i = bn - 1; i >= 0; i--) {
      i32 t = u[k + 1 + i] - guess * v[i] - borrow;
      borrow = t < 0 ? (-t + BASE - 1) / BASE : 0;
      u[k + 1 + i] = t + borrow * BASE;
    }
    u[k] -= borrow;
    if (u[k] < 0) {
      guess--;
      i32 add = 0;
      for (i32 i = bn - 1; i >= 0; i--) {
        i32 t = u[k + 1 + i] + v[i] + add;
        add = t >= BASE;
        u[k + 1 + i] = t - add * BASE;
      }
      u[k] += add;
    }
    q[k + bn - 1] = (i16)guess;
  }
  return (num){n, n - 1, 0, 0, q};
}
/* a / b with at least `groups` digits after the point, cut. */
static num quotient(fl_worker *w, const num *a, const num *b, i32 groups) {
  i32 shift = groups - lowest(b) + lowest(a);
  num q = divide_digits(w, a, b, shift);
  q.weight -= groups;
  return strip(q);
}
static i32 div_scale(const num *a, const num *b) {
  i32 wa = a->ndigits ? a->weight : 0, wb = b->ndigits ? b->weight : 0;
  i32 fa = a->ndigits ? a->digits[0] : 0, fb = b->ndigits ? b->digits[0] : 0;
  i32 qw = wa - wb - (fa <= fb), scale = MIN_SIG_DIGITS - qw * 4;
  if (scale < (i32)a->dscale) scale = (i32)a->dscale;
  if (scale < (i32)b->dscale) scale = (i32)b->dscale;
  if (scale < 0) scale = 0;
  return scale > MAX_DISPLAY_SCALE ? MAX_DISPLAY_SCALE : scale;
}
num num_div(fl_worker *w, const num *a, const num *b, i32 pos) {
  if (a->sign == NUM_NAN || b->sign == NUM_NAN) return nan_value;
  if (num_special(a)) {
    if (num_special(b)) return nan_value;
    if (!sign_of(b)) fl_raise(w, "22012", pos, "division by zero");
    return infinite(sign_of(a) * sign_of(b));
  }
  if (num_special(b)) return (num){0, 0, 0, 0, NULL};
  if (!b->ndigits) fl_raise(w, "22012", pos, "division by zero");
  i32 scale = div_scale(a, b);
  if (!a->ndigits) return (num){0, 0, 0, (u32)scale, NULL};
  num q = quotient(w, a, b, scale / 4 + 1);
  q.sign = (a->sign ^ b->sign) & NUM_NEGATIVE;
  q.dscale = (u32)scale + 4;
  return num_round(w, &q, scale);
}
num num_mod(fl_worker *w, const num *a, const num *b, i32 pos) {
  if (a->sign == NUM_NAN || b->sign == NUM_NAN) return nan_value;
  if (num_special(a)) {
    if (!num_special(b) && !b->ndigits) fl_raise(w, "22012", pos, "division by zero");
    return nan_value;
  }
  if (num_special(b)) return *a;
  if (!b->ndigits) fl_raise(w, "22012", pos, "division by zero");
  u32 dscale = a->dscale > b->dscale ? a->dscale : b->dscale;
  num r = {0, 0, 0, dscale, NULL};
  if (!a->ndigits) return r;
  num q = quotient(w, a, b, 0);
  q.sign = (a->sign ^ b->sign) & NUM_NEGATIVE;
  if (!q.ndigits) {
    r = *a;
  } else {
    num p = mul_sizes(w, &q, b);
    p.sign = a->sign;
    p = strip(p);
    r = num_sub(w, a, &p);
  }
  r.dscale = dscale;
  return r;
}

/* ---- rounding ---- */
static num cut(fl_worker *w, const num *x, i32 digits, int up) {
  num r = *x;
  if (num_special(x)) return r;
  if (digits > NUM_DSCALE_MAX) digits = NUM_DSCALE_MAX;
  if (digits < -131072 - 4) digits = -131072 - 4;
  r.dscale = digits > 0 ? (u32)digits : 0;
  /* keep: whole digits that stay; part: decimal digits of the one after them. */
  i32 places = digits + (x->weight + 1) * 4, keep = places >= 0 ? places / 4 : -1, part = places >= 0 ? places % 4 : 0;
  if (!x->ndigits || keep >= x->ndigits) return strip(r);
  if (places < 0) return (num){0, 0, 0, r.dscale, NULL};
  i16 *d = room(w, keep + 2);
  d[0] = 0;
  for (i32 i = 0; i < keep; i++) d[i + 1] = x->digits[i];
  i32 unit = (i32)fl_pow10[4 - part], next = x->digits[keep], kept = next / unit * unit;
  int round_up = up && (part ? (next - kept) * 2 >= unit : next * 2 >= BASE);
  i32 n = keep + 1;
  if (part) {
    d[n++] = (i16)kept;
  } else {
    unit = BASE;
  }
  if (round_up) {
    i32 add = part ? unit : 1;
    for (i32 i = n - 1; add; i--) {
      i32 t = d[i] + add;
      add = t >= BASE;
      d[i] = (i16)(t - add * BASE);
    }
  }
  return strip((num){n, x->weight + 1, x->sign, r.dscale, d});
}
num num_round(fl_worker *w, const num *x, i32 digits) { return cut(w, x, digits, 1); }
num num_trunc(fl_worker *w, const num *x, i32 digits) { return cut(w, x, digits, 0); }
static num toward(fl_worker *w, const num *x, u32 sign) {
  static const i16 one_digit[1] = {1};
  num one = {1, 0, sign, 0, one_digit}, r = num_trunc(w, x, 0);
  if (num_special(x) || x->sign != sign || !compare_size(x, &r)) return r;
  return num_add(w, &r, &one);
}
num num_floor(fl_worker *w, const num *x) { return toward(w, x, NUM_NEGATIVE); }
num num_ceil(fl_worker *w, const num *x) { return toward(w, x, 0); }
int num_fits(const num *x, i32 precision, i32 scale) {
  if (num_special(x)) return x->sign == NUM_NAN;
  if (!x->ndigits) return 1;
  i32 first = x->digits[0], places = x->weight * 4 + (first >= 1000 ? 4 : first >= 100 ? 3 : first >= 10 ? 2 : 1);
  return places <= precision - scale;
}
void num_typmod_error(fl_worker *w, const num *x, i32 precision, i32 scale, i32 pos) {
  if (num_special(x))
    fl_raise(w, "22003", pos, "numeric field overflow\nA field with precision %d, scale %d cannot hold an infinite value.",
             (i64)precision, (i64)scale);
  fl_numeric_overflow(w, precision, scale, pos);
}
num num_typmod(fl_worker *w, num x, i32 precision, i32 scale, i32 pos) {
  num r = num_round(w, &x, scale);
  if (!num_fits(&r, precision, scale)) num_typmod_error(w, &r, precision, scale, pos);
  return r;
}
