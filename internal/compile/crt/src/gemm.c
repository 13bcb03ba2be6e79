/* gemm.c: products of row-major matrices; see gemm.h.
 *
 * A panel's columns lie across the lanes, and the tile's factors are elements of a's rows. A chunk of a panel's rows stays in
 * the nearest cache while ROWS rows of a pass; between chunks their sums wait in `part`. */
#include "gemm_tile.h"

#define ROWS 96

u64 fl_gemm_packed(u64 k, u64 n) { return (k + 1) * ((n + 15) / 16 * 16); }

#define ROWS_ARGS(T) \
  T *dst, u64 ldd, const T *src, u64 lds, u64 m, u64 k, const T *panel, u64 wide, const T *a, u64 lda
/* m rows of a panel's columns, `wide` of them, over k rows of the panel. */
#if TILE_R_f32 == 3
static void rows_f32(ROWS_ARGS(f32)) {
  if (wide == 48)
    tiles_f32_3(dst, ldd, src, lds, NULL, m, k, panel, wide, a, 1, lda, FL_ACT_NONE, 0);
  else if (wide == 32)
    tiles_f32_2(dst, ldd, src, lds, NULL, m, k, panel, wide, a, 1, lda, FL_ACT_NONE, 0);
  else
    tiles_f32_1(dst, ldd, src, lds, NULL, m, k, panel, wide, a, 1, lda, FL_ACT_NONE, 0);
}
#else
static void rows_f32(ROWS_ARGS(f32)) {
  for (u64 c = 0; c < wide; c += 16) tiles_f32_1(dst + c, ldd, src + c, lds, NULL, m, k, panel + c, wide, a, 1, lda, FL_ACT_NONE, 0);
}
#endif
static void rows_f64(ROWS_ARGS(f64)) {
  for (u64 c = 0; c < wide; c += 16) tiles_f64_1(dst + c, ldd, src + c, lds, NULL, m, k, panel + c, wide, a, 1, lda, FL_ACT_NONE, 0);
}

/* A panel's columns of c, n of them, from m rows of a; sums begin with the biases or, onto, with what c has. What the panel pads is
 * computed in `part`, and not copied. */
#define PANEL(T)                                                                                                          \
  static void panel_##T(T *c, u64 ldc, const T *a, u64 lda, const T *panel, u32 onto, u64 m, u64 n, u64 k) {               \
    T part[ROWS * FL_PANEL] __attribute__((aligned(64)));                                                                 \
    u64 wide = (n + 15) / 16 * 16;                                                                                        \
    for (u64 i = 0; i < m; i += ROWS) {                                                                                   \
      u64 rows = m - i < ROWS ? m - i : ROWS;                                                                             \
      const T *src = onto ? c + i * ldc : panel;                                                                          \
      u64 lds = onto ? ldc : 0, at = 0, chunk = tile_chunk(k);                                                            \
      if (onto && wide != n) {                                                                                            \
        for (u64 r = 0; r < rows; r++) __builtin_memcpy(part + r * FL_PANEL, c + (i + r) * ldc, n * sizeof(T));           \
        src = part, lds = FL_PANEL;                                                                                       \
      }                                                                                                                   \
      do {                                                                                                                \
        u64 steps = k - at < chunk ? k - at : chunk;                                                                      \
        u32 direct = at + steps == k && wide == n;                                                                        \
        rows_##T(direct ? c + i * ldc : part, direct ? ldc : FL_PANEL, src, lds, rows, steps, panel + (at + 1) * wide, wide, \
                 a + i * lda + at, lda);                                                                                  \
        src = part, lds = FL_PANEL, at += steps;                                                                          \
      } while (at < k);                                                                                                   \
      if (wide != n)                                                                                                      \
        for (u64 r = 0; r < rows; r++) __builtin_memcpy(c + (i + r) * ldc, part + r * FL_PANEL, n * sizeof(T));           \
    }                                                                                                                     \
  }
PANEL(f32)
PANEL(f64)

#define GEMM(T)                                                                                                           \
  void fl_gemm_##T(T *c, u64 ldc, const T *a, u64 lda, const T *b, u64 m, u64 n, u64 k) {                                 \
    for (u64 j = 0; j < n; j += FL_PANEL)                                                                                 \
      panel_##T(c + j, ldc, a, lda, b + j * (k + 1), 0, m, n - j < FL_PANEL ? n - j : FL_PANEL, k);                       \
  }                                                                                                                       \
  void fl_gemm_onto_##T(T *c, u64 ldc, const T *a, u64 lda, const T *b, u64 m, u64 n, u64 k) {                            \
    for (u64 j = 0; j < n; j += FL_PANEL)                                                                                 \
      panel_##T(c + j, ldc, a, lda, b + j * (k + 1), 1, m, n - j < FL_PANEL ? n - j : FL_PANEL, k);                       \
  }                                                                                                                       \
  /* One panel: the columns from j on. */                                                                                 \
  static void pack_##T(T *to, const T *b, u64 ldb, u32 transposed, const T *bias, u64 k, u64 n, u64 j) {                  \
    u64 left = n - j < FL_PANEL ? n - j : FL_PANEL, wide = (left + 15) / 16 * 16;                                         \
    __builtin_memset(to, 0, wide * sizeof(T));                                                                            \
    if (bias) __builtin_memcpy(to, bias + j, left * sizeof(T));                                                           \
    to += wide;                                                                                                           \
    for (u64 i = 0; i < k; i++, to += wide) {                                                                             \
      if (transposed)                                                                                                     \
        for (u64 c = 0; c < left; c++) to[c] = b[(j + c) * ldb + i];                                                      \
      else                                                                                                                \
        __builtin_memcpy(to, b + i * ldb + j, left * sizeof(T));                                                          \
      if (left < wide) __builtin_memset(to + left, 0, (wide - left) * sizeof(T));                                         \
    }                                                                                                                     \
  }                                                                                                                       \
  void fl_gemm_pack_##T(T *to, const T *b, u64 ldb, u32 transposed, const T *bias, u64 k, u64 n) {                        \
    for (u64 j = 0; j < n; j += FL_PANEL) pack_##T(to + j * (k + 1), b, ldb, transposed, bias, k, n, j);                  \
  }                                                                                                                       \
  void fl_matmul_##T(fl_worker *w, T *c, u64 ldc, const T *a, u64 lda, const T *b, u64 ldb, u64 m, u64 n, u64 k) {         \
    void *mark = fl_temp_mark(w);                                                                                         \
    T *panel = fl_temp(w, (k + 1) * FL_PANEL * sizeof(T));                                                                \
    for (u64 j = 0; j < n; j += FL_PANEL) {                                                                               \
      fl_obey(w);                                                                                                         \
      pack_##T(panel, b, ldb, 0, NULL, k, n, j);                                                                          \
      panel_##T(c + j, ldc, a, lda, panel, 0, m, n - j < FL_PANEL ? n - j : FL_PANEL, k);                                 \
    }                                                                                                                     \
    fl_temp_release(w, mark);                                                                                             \
  }
GEMM(f32)
GEMM(f64)
