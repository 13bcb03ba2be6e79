/* gemm_test.c: products of matrices against a plain loop, to the bit, over shapes around the tiles' edges. */
#include "activated.h"
#include "testing.h"

static const u64 shapes[][3] = {/* m, n, k */
  {1, 1, 1},   {1, 48, 7},  {8, 48, 64},    {9, 49, 128},   {7, 15, 129},  {3, 16, 0},     {96, 32, 200},
  {97, 10, 5}, {200, 1, 3}, {13, 100, 257}, {15, 144, 300}, {31, 63, 128}, {100, 47, 256},
};
#define SHAPES (sizeof shapes / sizeof *shapes)

static f64 some(void) { return (f64)(i64)rnd() / 9e18; }

#define TEST(T)                                                                                                  \
  static void check_##T(const char *what, const T *c, u64 ldc, const T *a, u64 lda, const T *b, u64 ldb, u32 transposed, \
                        const T *bias, u64 m, u64 n, u64 k) {                                                    \
    for (u64 i = 0; i < m; i++)                                                                                  \
      for (u64 j = 0; j < n; j++) {                                                                              \
        T x = bias ? bias[j] : 0;                                                                                \
        for (u64 p = 0; p < k; p++) x = STEP_##T(a[i * lda + p], transposed ? b[j * ldb + p] : b[p * ldb + j], x); \
        if (x != c[i * ldc + j] && (x == x || c[i * ldc + j] == c[i * ldc + j]))                                   \
          failed("%s " #T " %lux%lux%lu: (%lu, %lu) is %g, not %g", what, m, n, k, i, j, (f64)c[i * ldc + j], (f64)x); \
      }                                                                                                          \
    for (u64 i = 0; i + 1 < m; i++)                                                                              \
      for (u64 j = n; j < ldc; j++)                                                                              \
        if (c[i * ldc + j] != 42) failed("%s " #T " %lux%lux%lu wrote beyond row %lu", what, m, n, k, i);        \
  }                                                                                                              \
  static T *matrix_##T(u64 rows, u64 ld, u64 last) {                                                             \
    u64 size = rows ? (rows - 1) * ld + last : 0;                                                                \
    T *p = malloc(size * sizeof(T) + 1);                                                                         \
    for (u64 i = 0; i < size; i++) p[i] = (T)some();                                                             \
    return p;                                                                                                    \
  }                                                                                                              \
  static void test_##T(void) {                                                                                   \
    for (u64 s = 0; s < SHAPES * 2; s++) {                                                                       \
      u64 m = shapes[s / 2][0], n = shapes[s / 2][1], k = shapes[s / 2][2], lda = k + rnd() % 3, ldc = n + rnd() % 3; \
      u32 transposed = s & 1;                                                                                    \
      u64 ldb = (transposed ? k : n) + rnd() % 3;                                                                \
      T *a = matrix_##T(m, lda, k), *b = transposed ? matrix_##T(n, ldb, k) : matrix_##T(k, ldb, n), *c = matrix_##T(m, ldc, n); \
      T *bias = s % 3 ? matrix_##T(1, n, n) : NULL, *packed = malloc(fl_gemm_packed(k, n) * sizeof(T));          \
      if (s % 4 == 1 && k > 0) a[rnd() % m * lda] = (T)NAN;                                                      \
      for (u64 i = 0; i < (m - 1) * ldc + n; i++) c[i] = 42;                                                     \
      fl_gemm_pack_##T(packed, b, ldb, transposed, bias, k, n);                                                  \
      fl_gemm_##T(c, ldc, a, lda, packed, m, n, k);                                                              \
      check_##T("gemm", c, ldc, a, lda, b, ldb, transposed, bias, m, n, k);                                      \
      if (!transposed) {                                                                                         \
        for (u64 i = 0; i < (m - 1) * ldc + n; i++) c[i] = 42;                                                   \
        fl_matmul_##T(&worker, c, ldc, a, lda, b, ldb, m, n, k);                                                 \
        check_##T("matmul", c, ldc, a, lda, b, ldb, 0, NULL, m, n, k);                                           \
      }                                                                                                          \
      free(a), free(b), free(c), free(bias), free(packed);                                                       \
    }                                                                                                            \
  }
TEST(f32)
TEST(f64)

int main(void) {
  test_f32();
  test_f64();
  return report("products of matrices");
}
