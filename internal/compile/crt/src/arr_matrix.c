/* arr_matrix.c: products of matrices over models' arrays, by gemm.h. */
#include "gemm.h"
#include "kernels.h"

#define MATRIX(T)                                                                                                          \
  /* Of every row, `count` products: operands lie at at[2·i] and at[2·i+1] of the rows' arrays. */                         \
  void flk_arr_matmul_##T(fl_worker *w, T *out, const T *a, const T *b, const i64 *at, u64 count, u64 m, u64 n, u64 k,     \
                          u64 a_row, u64 b_row, u64 rows) {                                                                \
    for (u64 r = 0; r < rows; r++, a += a_row, b += b_row)                                                                 \
      for (u64 i = 0; i < count; i++, out += m * n)                                                                        \
        fl_matmul_##T(w, out, n, a + at[2 * i], k, b + at[2 * i + 1], n, m, n, k);                                         \
  }
MATRIX(f32)
MATRIX(f64)
