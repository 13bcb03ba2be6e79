/* fsum_test.c: exact sums against themselves in other orders, and against values known to be sums. */
#include "testing.h"

#include "../src/fsum.h"

static void check(int ok, const char *what, u32 a, u32 b) {
  if (!ok) failed("%s (%u, %u)", what, a, b);
}

/* A finite double of any exponent within [lo, hi]. */
static f64 any(u32 lo, u32 hi) {
  u64 b = (rnd() & 0x800ffffffffffffful) | (lo + rnd() % (hi - lo + 1)) << 52;
  f64 x;
  memcpy(&x, &b, sizeof x);
  return x;
}

static f64 total(const f64 *x, u32 n, u32 parts) {
  fl_fsum s[8];
  memset(s, 0, sizeof s);
  for (u32 i = 0; i < n; i++) fl_fsum_row(&worker, &s[i % parts], x[i]);
  for (u32 k = 1; k < parts; k++) fl_fsum_merge(&worker, &s[0], &s[k]);
  return fl_fsum_value(&worker, &s[0], 0);
}

static void orders(u32 lo, u32 hi) {
  f64 x[1000];
  for (u32 i = 0; i < 1000; i++) x[i] = any(lo, hi);
  f64 want = total(x, 1000, 1);
  for (u32 parts = 2; parts <= 8; parts++) check(total(x, 1000, parts) == want, "in parts, of exponents", lo, hi);
  for (u32 i = 999; i > 0; i--) {
    u32 k = (u32)(rnd() % (i + 1));
    f64 t = x[i];
    x[i] = x[k];
    x[k] = t;
  }
  check(total(x, 1000, 3) == want, "in another order, of exponents", lo, hi);
  /* With their negatives but one, what is left is that one. */
  f64 y[2001];
  for (u32 i = 0; i < 1000; i++) y[2 * i] = x[i], y[2 * i + 1] = -x[i];
  y[2000] = x[7];
  check(total(y, 2001, 5) == x[7], "what is left, of exponents", lo, hi);
}

int main(void) {
  for (u32 round = 0; round < 50; round++) {
    orders(1023, 1023 + 10);
    orders(0, 3);
    orders(1000, 1100);
    orders(0, 2020);
    orders(2000, 2020);
  }
  for (u32 i = 0; i < 100000; i++) { /* two values: the processor rounds their sum likewise */
    u32 e = 1 + (u32)(rnd() % 2040);
    f64 x[2] = {any(e, e + 4), any(e > 60 ? e - 60 : 0, e + 4)};
    if (total(x, 2, 1 + i % 2) != x[0] + x[1]) failed("%a + %a", x[0], x[1]);
  }
  f64 tenth[10] = {.1, .1, .1, .1, .1, .1, .1, .1, .1, .1};
  check(total(tenth, 10, 1) == 1, "ten tenths", 0, 0);
  return report("fsum");
}
