/* remember.c: what a model computes of a dictionary's strings is computed when one is first met, and remembered by its code.
 *
 * A code's state is 0, a worker's number plus 1 while that worker computes it, or REMEMBERED, which is written after the values.
 * Two workers may compute the same: they write the same values. */
#include "kernels.h"
#include "wide.h"

#define REMEMBERED 0xffffffffu

#define NEW_CODES(C)                                                                                                          \
  void flk_new_codes_##C(fl_worker *w, u32 *d, u32 *count, u32 *states, u32 limit, const C *codes, const u64 *m, u32 n) {     \
    u32 found = 0;                                                                                                            \
    ROWS(i, m, n) {                                                                                                           \
      if (codes[i] >= limit) continue;                                                                                        \
      u32 state = __atomic_load_n(&states[codes[i]], __ATOMIC_ACQUIRE);                                                       \
      if (state == REMEMBERED || state == w->id + 1) continue;                                                                \
      if (!state) __atomic_store_n(&states[codes[i]], w->id + 1, __ATOMIC_RELAXED);                                           \
      d[found++] = codes[i];                                                                                                  \
    }                                                                                                                         \
    count[0] = found;                                                                                                         \
  }
NEW_CODES(u8)
NEW_CODES(u16)
NEW_CODES(u32)

void flk_remember_m(u8 *table, const u32 *codes, const u64 *a, u32 n) {
  for (u32 i = 0; i < n; i++) table[codes[i]] = a[i / 64] >> i % 64 & 1;
}
#define REMEMBER(T)                                                              \
  void flk_remember_##T(T *table, const u32 *codes, const T *a, u32 n) {         \
    for (u32 i = 0; i < n; i++) table[codes[i]] = a[i];                          \
  }
REMEMBER(i64)
REMEMBER(f32)
REMEMBER(f64)

void flk_remembered(u32 *states, const u32 *codes, u32 n) {
  for (u32 i = 0; i < n; i++) __atomic_store_n(&states[codes[i]], REMEMBERED, __ATOMIC_RELEASE);
}
