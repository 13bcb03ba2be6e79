/* cast_float.c: floats to the shortest text that reads back as the same number, and from text. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "value.h"
#include "wide.h"

/* ---- to text ---- */
/* A positive number's shortest digits: digits · 10^exponent. */
typedef struct { u64 digits; i32 exponent; } decimal;

/* The number m·2^e, exactly, as 128-bit fractions: everything between the middles to its neighbours reads back as it. 10^p is
 * taken so that some digits more than needed are there; then digits are dropped as long as the interval holds a shorter one. */
static decimal shortest(u64 m, i32 e, int lower_is_nearer, u32 p) {
  uwide scale = fl_pow10[p], mid = 4 * (uwide)m * scale, high = (4 * (uwide)m + 2) * scale,
        low = (4 * (uwide)m - (lower_is_nearer ? 1 : 2)) * scale;
  i32 shift = 2 - e, exponent = -(i32)p;
  u32 last = 0;
  int rest_is_zero = 1;
  uwide vr, vp, vm;
  if (shift > 0) {
    uwide below = ((uwide)1 << shift) - 1;
    rest_is_zero = (mid & below) == 0;
    vr = mid >> shift;
    vm = low >> shift;
    vp = (high >> shift) - ((high & below) == 0); /* the ends do not belong to the interval */
  } else {
    vr = mid << -shift;
    vm = low << -shift;
    vp = (high << -shift) - 1;
  }
  if (!rest_is_zero) { /* what is below the point decides between equal halves, as a digit dropped would */
    uwide below = ((uwide)1 << shift) - 1, half = (uwide)1 << (shift - 1), rest = mid & below;
    last = rest > half ? 6 : rest == half ? 5 : 1;
    rest_is_zero = rest == half;
  }
  while (vp / 10 > vm / 10) {
    rest_is_zero = rest_is_zero && last == 0;
    last = (u32)(vr % 10);
    vr /= 10, vp /= 10, vm /= 10;
    exponent++;
  }
  if (rest_is_zero && last == 5 && vr % 2 == 0) last = 4;
  decimal d = {(u64)vr + (vr == vm || last >= 5), exponent};
  while (d.digits % 10 == 0) d.digits /= 10, d.exponent++;
  return d;
}
/* The C library's digits, for the far ends of the range: the fewest that read back. Where the interval is lopsided (below a power
 * of two it is half as wide) the nearest decimal may lie outside and the next one above it inside. */
static int reads_back(decimal d, f64 x, int single) {
  char text[48];
  snprintf(text, sizeof text, "%lue%d", d.digits, d.exponent);
  return single ? strtof(text, NULL) == (f32)x : strtod(text, NULL) == x;
}
static decimal by_library(f64 x, int single) {
  for (int n = x < (single ? 2e-38 : 3e-308) ? 1 : single ? 6 : 15;; n++) {
    char text[40], *c = text;
    decimal d = {0, 0};
    snprintf(text, sizeof text, "%.*e", n - 1, x);
    for (; *c != 'e'; c++)
      if (*c != '.') d.digits = d.digits * 10 + (u64)(*c - '0');
    d.exponent = (i32)strtol(c + 1, NULL, 10) - (n - 1);
    int found = reads_back(d, x, single);
    if (!found) {
      d.digits++;
      found = reads_back(d, x, single);
      if (!found) d.digits--;
    }
    if (!found && n < 17) continue;
    while (d.digits % 10 == 0) d.digits /= 10, d.exponent++;
    return d;
  }
}
/* As %g: the exponent is written below 10^-4 and from 10^most on. */
static u32 lay_out(u8 *d, decimal x, i32 most) {
  u8 t[24];
  u32 n = fl_put_i64(t, (i64)x.digits), at = 0;
  i32 e = x.exponent + (i32)n - 1;
  if (e >= -4 && e < most) {
    if (e < 0) {
      d[at++] = '0';
      d[at++] = '.';
      for (i32 k = -1; k > e; k--) d[at++] = '0';
      memcpy(d + at, t, n);
      return at + n;
    }
    for (i32 k = 0; k < (i32)n || k <= e; k++) {
      if (k == e + 1) d[at++] = '.';
      d[at++] = k < (i32)n ? t[k] : '0';
    }
    return at;
  }
  d[at++] = t[0];
  if (n > 1) {
    d[at++] = '.';
    memcpy(d + at, t + 1, n - 1);
    at += n - 1;
  }
  d[at++] = 'e';
  d[at++] = e < 0 ? '-' : '+';
  u32 a = (u32)(e < 0 ? -e : e);
  if (a < 10) d[at++] = '0';
  return at + fl_put_i64(d + at, a);
}
static u32 put_special(u8 *d, f64 x) {
  const char *t = x != x ? "NaN" : x > 0 ? "Infinity" : "-Infinity";
  memcpy(d, t, strlen(t));
  return (u32)strlen(t);
}
u32 fl_put_f64(u8 *d, f64 x) {
  union { f64 f; u64 u; } v = {x};
  u32 sign = 0;
  if (x - x != 0) return put_special(d, x);
  if (v.u >> 63) d[sign++] = '-', x = -x;
  if (x == 0) return d[sign] = '0', sign + 1;
  if (x < 1e15 && x == (f64)(i64)x) { /* whole numbers of at most 15 digits are their own shortest text */
    return sign + fl_put_i64(d + sign, (i64)x);
  }
  u64 m = v.u & 0xfffffffffffff;
  i32 e = (i32)(v.u >> 52 & 0x7ff);
  if (x < 1e-4 || x >= 1e37) return sign + lay_out(d + sign, by_library(x, 0), 15);
  u32 p = 0;
  for (f64 y = x; y < 1e16 && p < 21; y *= 10) p++;
  return sign + lay_out(d + sign, shortest(m | 1ul << 52, e - 1075, m == 0, p), 15);
}
u32 fl_put_f32(u8 *d, f32 x) {
  union { f32 f; u32 u; } v = {x};
  u32 sign = 0;
  if (x - x != 0) return put_special(d, x);
  if (v.u >> 31) d[sign++] = '-', x = -x;
  if (x == 0) return d[sign] = '0', sign + 1;
  u32 m = v.u & 0x7fffff;
  i32 e = (i32)(v.u >> 23 & 0xff);
  if (x < 1e-20f || x >= 1e36f) return sign + lay_out(d + sign, by_library(x, 1), 6);
  u32 p = 0;
  for (f64 y = x; y < 1e9 && p < 30; y *= 10) p++;
  return sign + lay_out(d + sign, shortest(m | 1u << 23, e - 150, m == 0, p), 6);
}

/* ---- from text ---- */
static const f64 exact10[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                              1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
/* Plain numbers of up to 15 digits: both factors are exact, so one operation rounds right. 0 when it is not one. */
static int plain(const u8 *p, const u8 *end, f64 *x) {
  int minus = p < end && *p == '-';
  u64 v = 0;
  u32 digits = 0, scale = 0, point = 0;
  for (p += minus; p < end; p++) {
    u32 c = (u32)*p - '0';
    if (c < 10) {
      v = v * 10 + c;
      if (++digits > 15) return 0;
      scale += point;
    } else if (*p == '.' && !point) {
      point = 1;
    } else {
      return 0;
    }
  }
  if (!digits) return 0;
  f64 r = (f64)v / exact10[scale];
  *x = minus ? -r : r;
  return 1;
}
/* What strtod reads, with spaces around; `single` rounds once, to float4. */
static int by_strtod(const u8 *p, u64 n, f64 *x, int single) {
  char local[128], *text = n < sizeof local ? local : malloc(n + 1), *end;
  if (!text) return FL_RANGE;
  memcpy(text, p, n);
  text[n] = 0;
  errno = 0;
  *x = single ? (f64)strtof(text, &end) : strtod(text, &end);
  int err = end == text || end != text + n || memchr(text, 0, n) ? FL_SYNTAX : FL_OK;
  if (!err && errno == ERANGE && (*x == 0 || *x - *x != 0)) err = FL_RANGE;
  if (text != local) free(text);
  return err;
}
static void trim(const u8 **p, u64 *n) {
  while (*n && fl_is_space(**p)) ++*p, --*n;
  while (*n && fl_is_space((*p)[*n - 1])) --*n;
}
int fl_get_f64(const u8 *p, u64 n, f64 *x) {
  trim(&p, &n);
  return plain(p, p + n, x) ? FL_OK : by_strtod(p, n, x, 0);
}
int fl_get_f32(const u8 *p, u64 n, f32 *x) {
  union { f64 f; u64 u; } v;
  trim(&p, &n);
  /* Rounding twice is wrong only where the first result lies halfway between two float4. */
  if (plain(p, p + n, &v.f) && (v.u & 0x1fffffff) != 0x10000000) {
    f64 a = v.f < 0 ? -v.f : v.f;
    if (a == 0 || (a > 1e-37 && a < 1e38)) {
      *x = (f32)v.f;
      return FL_OK;
    }
  }
  f64 wide = 0;
  int err = by_strtod(p, n, &wide, 1);
  *x = (f32)wide;
  return err;
}
