/* wide.h: 128-bit whole numbers inside the runtime (programs see fl_i128), powers of ten, and the selection of rows. */
#ifndef FL_WIDE_H
#define FL_WIDE_H
#include "kernels.h"

typedef __int128 wide;
typedef unsigned __int128 uwide;

static inline wide wide_of(fl_i128 x) { return (wide)((uwide)(u64)x.hi << 64 | x.lo); }
static inline fl_i128 wide_to(wide x) { return (fl_i128){(u64)x, (i64)(x >> 64)}; }
static inline uwide wide_abs(wide x) { return x < 0 ? -(uwide)x : (uwide)x; }
static inline int picked(const u64 *m, u32 i) { return !m || m[i / 64] >> (i % 64) & 1; }
/* The rows of m, one after another. */
#define ROWS(i, m, n) \
  for (u32 i = 0; i < n; i++)  \
    if (picked(m, i))

extern const uwide fl_pow10[39]; /* 10^0 … 10^38 */

/* x / 10^k, rounded half away from zero; 0 when k is past 38. */
wide wide_shrink(wide x, u32 k);
void fl_numeric_overflow(fl_worker *w, i32 precision, i32 scale, i32 pos); /* "numeric field overflow" */
#endif
