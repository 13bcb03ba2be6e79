/* gemm_tile.h: the tile that products of matrices are made of, for gemm.c and network.c.
 *
 * A tile is J sums × R vectors of 16, held in registers while k products pass: the vectors come from one matrix, each step's
 * `vstep` elements after the last, and the J factors from the other, `srow` apart, each step's `sstep` after the last. The sums begin
 * as what lies at src, or, where bias is given, one bias a row. tiles_T_R goes over any number of sums, and applies the activation.
 */
#include "gemm.h"
#include "flv.h"

/* The sums that fit the registers: 24 of AVX-512's 32, 8 of the others' 16. */
#if defined(FL_AVX512)
#define TILE_R_f32 3
#define TILE_J_f32 8
#define TILE_R_f64 1
#define TILE_J_f64 8
#elif defined(FL_AVX2)
#define TILE_R_f32 1
#define TILE_J_f32 4
#define TILE_R_f64 1
#define TILE_J_f64 2
#else
#define TILE_R_f32 1
#define TILE_J_f32 2
#define TILE_R_f64 1
#define TILE_J_f64 1
#endif
/* The most steps of a sum between two visits of memory: so many rows of a panel, and of eight factors, lie in the nearest cache. */
#define TILE_K 128
/* Chunks of k steps are of one length as nearly as may be. */
FL u64 tile_chunk(u64 k) {
  u64 chunks = (k + TILE_K - 1) / TILE_K;
  return chunks ? (k + chunks - 1) / chunks : 0;
}

#define UNROLL _Pragma("GCC unroll 8")
#define TILE(T, R, J)                                                                                                      \
  FL void tile_##T##_##R##_##J(T *dst, u64 ldd, const T *src, u64 lds, const T *bias, u64 k, const T *v, u64 vstep,        \
                               const T *s, u64 sstep, u64 srow, u32 act) {                                                 \
    v_##T acc[J][R];                                                                                                       \
    if (bias) {                                                                                                            \
      UNROLL for (u32 j = 0; j < J; j++) UNROLL for (u32 r = 0; r < R; r++) acc[j][r] = fl_set_##T(bias[j]);               \
    } else {                                                                                                               \
      UNROLL for (u32 j = 0; j < J; j++) UNROLL for (u32 r = 0; r < R; r++) acc[j][r] = fl_load_##T(src + j * lds + 16 * r); \
    }                                                                                                                      \
    for (u64 i = 0; i < k; i++, v += vstep, s += sstep) {                                                                  \
      v_##T x[R];                                                                                                          \
      UNROLL for (u32 r = 0; r < R; r++) x[r] = fl_load_##T(v + 16 * r);                                                   \
      UNROLL for (u32 j = 0; j < J; j++) {                                                                                 \
        v_##T f = fl_set_##T(s[j * srow]);                                                                                 \
        UNROLL for (u32 r = 0; r < R; r++) acc[j][r] = fl_fma_##T(x[r], f, acc[j][r]);                                     \
      }                                                                                                                    \
    }                                                                                                                      \
    if (act == FL_ACT_RELU) {                                                                                              \
      UNROLL for (u32 j = 0; j < J; j++) UNROLL for (u32 r = 0; r < R; r++) acc[j][r] = fl_max_##T(acc[j][r], fl_set_##T(0)); \
    }                                                                                                                      \
    UNROLL for (u32 j = 0; j < J; j++) UNROLL for (u32 r = 0; r < R; r++) fl_store_##T(dst + j * ldd + 16 * r, acc[j][r]);  \
  }

/* Activations of rows × vectors in place; ReLU is the tile's. */
#define EACH(T, EXPR)                                 \
  for (u32 j = 0; j < rows; j++)                      \
    for (u32 r = 0; r < vectors; r++) {               \
      v_##T x = fl_load_##T(p + j * ld + 16 * r);     \
      fl_store_##T(p + j * ld + 16 * r, EXPR);        \
    }                                                 \
  break;
/* x/2 · (1 + gate), as ml/lower writes it with primitives. */
#define GELU(T)                                                                                                             \
  FL v_##T gated_##T(v_##T x, v_##T gate) {                                                                                 \
    return fl_mul_##T(fl_mul_##T(x, fl_set_##T((T)0.5)), fl_add_##T(gate, fl_set_##T(1)));                                  \
  }                                                                                                                         \
  FL v_##T gelu_##T(v_##T x) { return gated_##T(x, fl_erf_##T(fl_mul_##T(x, fl_set_##T((T)0.70710678118654752)))); }        \
  FL v_##T gelu_tanh_##T(v_##T x) {                                                                                         \
    v_##T slope = fl_fma_##T(fl_mul_##T(x, x), fl_set_##T((T)0.035677408136300125), fl_set_##T((T)0.79788456080286536));    \
    return gated_##T(x, fl_tanh_##T(fl_mul_##T(x, slope)));                                                                 \
  }
GELU(f32)
GELU(f64)
#define ACTIVATE(T)                                                                                                         \
  static __attribute__((noinline)) void activate_##T(T *p, u64 ld, u32 rows, u32 vectors, u32 act, f64 attribute) {         \
    v_##T zero = fl_set_##T(0), one = fl_set_##T(1), alpha = fl_set_##T((T)attribute);                                      \
    switch (act) {                                                                                                          \
      case FL_ACT_LEAKY_RELU: EACH(T, fl_sel_##T(fl_olt_##T(x, zero), fl_mul_##T(x, alpha), x))                             \
      case FL_ACT_ELU:                                                                                                      \
        EACH(T, fl_sel_##T(fl_olt_##T(x, zero), fl_mul_##T(fl_sub_##T(fl_exp_##T(x), one), alpha), x))                      \
      case FL_ACT_SIGMOID: EACH(T, fl_sigmoid_##T(x))                                                                       \
      case FL_ACT_TANH: EACH(T, fl_tanh_##T(x))                                                                             \
      case FL_ACT_SOFTPLUS: EACH(T, fl_softplus_##T(x))                                                                     \
      case FL_ACT_ERF: EACH(T, fl_erf_##T(x))                                                                               \
      case FL_ACT_EXP: EACH(T, fl_exp_##T(x))                                                                               \
      case FL_ACT_RELU_TO: EACH(T, fl_min_##T(fl_max_##T(x, zero), alpha))                                                  \
      case FL_ACT_SWISH: EACH(T, fl_mul_##T(x, fl_sigmoid_##T(x)))                                                          \
      case FL_ACT_HARD_SWISH:                                                                                               \
        EACH(T, fl_mul_##T(x, fl_max_##T(fl_min_##T(fl_add_##T(fl_mul_##T(x, fl_set_##T((T)(1.0 / 6))), fl_set_##T((T)0.5)), one), zero))) \
      case FL_ACT_GELU: EACH(T, gelu_##T(x))                                                                                \
      case FL_ACT_GELU_TANH: EACH(T, gelu_tanh_##T(x))                                                                      \
    }                                                                                                                       \
  }
ACTIVATE(f32)
ACTIVATE(f64)

#define TILES_ARGS(T)                                                                                                  \
  T *dst, u64 ldd, const T *src, u64 lds, const T *bias, u64 sums, u64 k, const T *v, u64 vstep, const T *s, u64 sstep, \
      u64 srow, u32 act, f64 alpha
#define TILES_STEP(T, R, J)                                                                                            \
  while (sums >= J) {                                                                                                  \
    tile_##T##_##R##_##J(dst, ldd, src, lds, bias, k, v, vstep, s, sstep, srow, act);                                  \
    if (act > FL_ACT_RELU) activate_##T(dst, ldd, J, R, act, alpha);                                                   \
    sums -= J, dst += J * ldd, src += J * lds, s += J * srow;                                                          \
    if (bias) bias += J;                                                                                               \
  }
#define TILES_1(T, R) TILE(T, R, 1) FL void tiles_##T##_##R(TILES_ARGS(T)) { TILES_STEP(T, R, 1) }
#define TILES_2(T, R) \
  TILE(T, R, 2) TILE(T, R, 1) FL void tiles_##T##_##R(TILES_ARGS(T)) { TILES_STEP(T, R, 2) TILES_STEP(T, R, 1) }
#define TILES_4(T, R)                       \
  TILE(T, R, 4) TILE(T, R, 2) TILE(T, R, 1) \
  FL void tiles_##T##_##R(TILES_ARGS(T)) { TILES_STEP(T, R, 4) TILES_STEP(T, R, 2) TILES_STEP(T, R, 1) }
#define TILES_8(T, R)                                     \
  TILE(T, R, 8) TILE(T, R, 4) TILE(T, R, 2) TILE(T, R, 1) \
  FL void tiles_##T##_##R(TILES_ARGS(T)) { TILES_STEP(T, R, 8) TILES_STEP(T, R, 4) TILES_STEP(T, R, 2) TILES_STEP(T, R, 1) }

FL_CAT(TILES_, TILE_J_f32)(f32, 1)
#if TILE_R_f32 == 3
FL_CAT(TILES_, TILE_J_f32)(f32, 2)
FL_CAT(TILES_, TILE_J_f32)(f32, 3)
#endif
FL_CAT(TILES_, TILE_J_f64)(f64, 1)
