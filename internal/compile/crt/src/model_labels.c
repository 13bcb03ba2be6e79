/* model_labels.c: tables of models: where a key stands in one, and equality of texts. */
#include "kernels.h"
#include "text.h"

void flk_find_i64(u32 *d, const i64 *a, const i64 *keys, u32 count, u32 n) {
  for (u32 i = 0; i < n; i++) {
    u32 lo = 0, hi = count;
    while (lo < hi) {
      u32 mid = (lo + hi) / 2;
      if (keys[mid] < a[i]) lo = mid + 1;
      else hi = mid;
    }
    d[i] = lo < count && keys[lo] == a[i] ? lo : count;
  }
}

void flk_order_f64(i64 *d, const f64 *a, u32 n) {
  for (u32 i = 0; i < n; i++) {
    i64 bits;
    __builtin_memcpy(&bits, &a[i], sizeof bits);
    if (a[i] != a[i]) d[i] = 0x7fffffffffffffff;
    else if (a[i] == 0) d[i] = 0;
    else d[i] = bits < 0 ? bits ^ 0x7fffffffffffffff : bits;
  }
}

static u32 find_str(fl_str x, const u32 *offsets, u32 count, const u8 *bytes) {
  u32 lo = 0, hi = count;
  while (lo < hi) {
    u32 mid = (lo + hi) / 2;
    fl_str key = {bytes + offsets[mid], offsets[mid + 1] - offsets[mid]};
    int c = text_compare(&key, &x);
    if (c == 0) return mid;
    if (c < 0) lo = mid + 1;
    else hi = mid;
  }
  return count;
}

void flk_find_str(u32 *d, const fl_str *a, const u8 *table, const u64 *m, u32 n) {
  u32 count = *(const u32 *)table;
  const u32 *offsets = (const u32 *)table + 1;
  const u8 *bytes = (const u8 *)(offsets + count + 1);
  for (u32 i = 0; i < n; i++) d[i] = !m || m[i / 64] >> (i % 64) & 1 ? find_str(a[i], offsets, count, bytes) : count;
}

void flk_same_str(u64 *d, const fl_str *a, const fl_str *b, const u64 *m, u32 n) {
  __builtin_memset(d, 0, (n + 63) / 64 * sizeof *d);
  for (u32 i = 0; i < n; i++)
    if (!m || m[i / 64] >> (i % 64) & 1) d[i / 64] |= (u64)(text_compare(&a[i], &b[i]) == 0) << (i % 64);
}
