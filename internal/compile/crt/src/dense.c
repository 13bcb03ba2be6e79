/* dense.c: dense layers: outputs are bias plus the inputs times weights, with a block's rows across the lanes.
 *
 * A tile of rows × outputs stays in registers while the inputs pass once; every output adds its inputs in ascending order, one fma
 * each, so that a row's result depends neither on the tiling nor on the row's place. */
#include "kernels.h"
#include "flv.h"

#if defined(FL_AVX512)
#define ROWS_TILE 3 /* vectors of 16 rows: 24 accumulators in 32 registers */
#define OUTS_TILE 8
#elif defined(FL_AVX2)
#define ROWS_TILE 1 /* 12 accumulators in 16 registers */
#define OUTS_TILE 6
#else
#define ROWS_TILE 1
#define OUTS_TILE 3
#endif

#define UNROLL _Pragma("GCC unroll 8")
/* R vectors of rows and J outputs, from row r on. */
#define TILE(T, R, J)                                                                                                        \
  static inline __attribute__((always_inline)) void tile_##T##_##R##_##J(                                                    \
      T *const *out, const T *const *in, const T *weights, const T *bias, u32 nin, u32 r) {                                  \
    v_##T acc[R][J];                                                                                                         \
    UNROLL for (u32 j = 0; j < J; j++) UNROLL for (u32 k = 0; k < R; k++) acc[k][j] = fl_set_##T(bias ? bias[j] : 0);         \
    for (u32 i = 0; i < nin; i++) {                                                                                          \
      v_##T x[R];                                                                                                            \
      UNROLL for (u32 k = 0; k < R; k++) x[k] = fl_load_##T(in[i] + r + 16 * k);                                             \
      UNROLL for (u32 j = 0; j < J; j++) {                                                                                   \
        v_##T c = fl_set_##T(weights[(u64)j * nin + i]);                                                                     \
        UNROLL for (u32 k = 0; k < R; k++) acc[k][j] = fl_fma_##T(x[k], c, acc[k][j]);                                       \
      }                                                                                                                      \
    }                                                                                                                        \
    UNROLL for (u32 j = 0; j < J; j++) UNROLL for (u32 k = 0; k < R; k++) fl_store_##T(out[j] + r + 16 * k, acc[k][j]);       \
  }
/* The last outputs, fewer than a tile, go by four and then one by one. */
#define LAYER(T, R, J)                                                                                                       \
  TILE(T, R, J)                                                                                                              \
  TILE(T, R, 4)                                                                                                              \
  TILE(T, R, 1)                                                                                                              \
  static void rows_##T##_##R(T *const *out, const T *const *in, const T *weights, const T *bias, u32 nin, u32 nout, u32 r) { \
    u32 j = 0;                                                                                                               \
    for (; j + J <= nout; j += J) tile_##T##_##R##_##J(out + j, in, weights + (u64)j * nin, bias ? bias + j : bias, nin, r); \
    for (; j + 4 <= nout; j += 4) tile_##T##_##R##_4(out + j, in, weights + (u64)j * nin, bias ? bias + j : bias, nin, r);   \
    for (; j < nout; j++) tile_##T##_##R##_1(out + j, in, weights + (u64)j * nin, bias ? bias + j : bias, nin, r);           \
  }
#define PASTE(M, ...) M(__VA_ARGS__)
PASTE(LAYER, f32, ROWS_TILE, OUTS_TILE)
#if ROWS_TILE > 1
PASTE(LAYER, f32, 1, OUTS_TILE)
PASTE(LAYER, f64, 1, OUTS_TILE)
#else
LAYER(f64, 1, 3)
#endif

/* A single output has one sum a vector of rows: more vectors at once hide the latency of its additions. */
TILE(f32, 8, 1)
void flk_dense_f32(f32 *const *out, const f32 *const *in, const f32 *weights, const f32 *bias, u32 nin, u32 nout, u32 n) {
  u32 r = 0;
  if (nout == 1)
    for (; r + 16 * 8 <= n; r += 16 * 8) tile_f32_8_1(out, in, weights, bias, nin, r);
  for (; r + 16 * ROWS_TILE <= n; r += 16 * ROWS_TILE) PASTE(FL_CAT, rows_f32_, ROWS_TILE)(out, in, weights, bias, nin, nout, r);
  for (; r < n; r += 16) rows_f32_1(out, in, weights, bias, nin, nout, r);
}
void flk_dense_f64(f64 *const *out, const f64 *const *in, const f64 *weights, const f64 *bias, u32 nin, u32 nout, u32 n) {
  for (u32 r = 0; r < n; r += 16) rows_f64_1(out, in, weights, bias, nin, nout, r);
}
