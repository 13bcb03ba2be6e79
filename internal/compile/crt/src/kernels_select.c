/* kernels_select.c: counting, listing, gathering and scattering rows of a block. */
#include "kernels.h"
#include "flv.h"

u32 flk_count(const u64 *m, u32 n) {
  u32 total = 0;
  if (!m) return n;
  for (u32 i = 0; i < n; i += 64) total += (u32)__builtin_popcountl(m[i / 64]);
  return total;
}

u32 flk_indices(u16 *d, const u64 *m, u32 n) {
  u32 count = 0;
#ifdef FL_AVX512
  fp_i32 at = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  for (u32 i = 0; i < n; i += 16) {
    u16 bits = m ? fl_load_m(m, i) : n - i >= 16 ? 0xffff : (u16)((1u << (n - i)) - 1);
    u32 found = (u32)__builtin_popcount(bits);
    fp_i32 kept;
    __asm__("vpcompressd %1, %0%{%2%}%{z%}" : "=v"(kept) : "v"(at), "Yk"(bits));
    fp_u16 narrow = fz_u16_i32(kept);
    if (count + 16 <= ((n + 15) & ~15u)) {
      *(fq_u16 *)(d + count) = narrow;
    } else {
      for (u32 k = 0; k < found; k++) d[count + k] = narrow[k];
    }
    count += found;
    at += 16;
  }
#else
  for (u32 i = 0; i < n; i += 64) {
    u64 bits = m ? m[i / 64] : n - i >= 64 ? ~(u64)0 : ((u64)1 << (n - i)) - 1;
    while (bits) {
      d[count++] = (u16)(i + (u32)__builtin_ctzl(bits));
      bits &= bits - 1;
    }
  }
#endif
  return count;
}

typedef struct { u64 lo, hi; } wide;
#define GATHER(W, T)                                                                                         \
  void flk_gather_##W(void *d, const void *a, const u16 *idx, u32 n) {                                       \
    T *to = d;                                                                                               \
    const T *from = a;                                                                                       \
    for (u32 i = 0; i < n; i++) to[i] = from[idx[i]];                                                        \
  }
GATHER(1, u8)
GATHER(2, u16)
GATHER(4, u32)
GATHER(8, u64)
GATHER(16, wide)

void flk_gather_m(u64 *d, const u64 *a, const u16 *idx, u32 n) {
  for (u32 i = 0; i < n; i += 64) {
    u32 most = n - i < 64 ? n - i : 64;
    u64 bits = 0;
    for (u32 k = 0; k < most; k++) {
      u32 at = idx[i + k];
      bits |= (a ? a[at / 64] >> (at % 64) & 1 : (u64)1) << k;
    }
    d[i / 64] = bits;
  }
}

#define SCATTER(W, T)                                                       \
  void flk_scatter_##W(void *d, const void *a, const u16 *idx, u32 n) {     \
    T *to = d;                                                              \
    const T *from = a;                                                      \
    for (u32 i = 0; i < n; i++) to[idx[i]] = from[i];                       \
  }
SCATTER(4, u32)
SCATTER(8, u64)
SCATTER(16, wide)

void flk_scatter_m(u64 *d, const u64 *a, const u16 *idx, u32 n) {
  for (u32 i = 0; i < n; i++) {
    u64 bit = (u64)1 << idx[i] % 64, *word = &d[idx[i] / 64];
    *word = !a || a[i / 64] >> i % 64 & 1 ? *word | bit : *word & ~bit;
  }
}

void flk_clear_m(u64 *d) { __builtin_memset(d, 0, FL_BLOCK / 8); }

void flk_sel_16(void *d, const u64 *m, const void *a, const void *b, u32 bc, u32 n) {
  wide *to = d;
  const wide *x = a, *y = b;
  for (u32 i = 0; i < n; i++)
    to[i] = !m || m[i / 64] >> (i % 64) & 1 ? x[bc & 1 ? 0 : i] : y[bc & 2 ? 0 : i];
}
