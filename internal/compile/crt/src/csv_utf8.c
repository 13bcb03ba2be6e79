/* csv_utf8.c: is it UTF-8, by PostgreSQL's rules: no zero byte, no overlong form, no surrogate, nothing past U+10FFFF. */
#include "csv_format.h"

/* Length of the valid sequence at p, 0 when there is none. */
static u64 sequence(const u8 *p, u64 n) {
  u8 b = p[0];
  if (b < 0x80) return b != 0;
  u64 want = b < 0xC2 ? 0 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : b < 0xF5 ? 4 : 0;
  if (want == 0 || n < want) return 0;
  u8 low = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80, high = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
  if (p[1] < low || p[1] > high) return 0;
  for (u64 i = 2; i < want; i++)
    if ((p[i] & 0xC0) != 0x80) return 0;
  return want;
}

const u8 *fl_csv_utf8_bad(const u8 *p, u64 n) {
  for (u64 i = 0; i < n;) {
    u64 k = sequence(p + i, n - i);
    if (!k) return p + i;
    i += k;
  }
  return NULL;
}
