/* conv_tile.h: the tile that convolutions are made of: J places × R vectors of channels, held in registers while products pass.
 *
 * The vectors come from a packed matrix (gemm.h), the factors from the J places' channels, `srow` apart. They lie in `count` runs of
 * `length` elements, `jump` apart: a line of the window is a run, for the channels of neighbouring places are neighbours. */
#include "gemm_tile.h"

typedef struct { i64 at, count, length, jump; } tile_run;

#if defined(FL_AVX2)
#define CONV_J_f32 6
#define CONV_J_f64 3
#else
#define CONV_J_f32 TILE_J_f32
#define CONV_J_f64 TILE_J_f64
#endif

#define CONV_ARGS(T)                                                                                                        \
  T *dst, u64 ldd, const T *src, u64 lds, const tile_run *run, const T *v, u64 vstep, const T *s, u64 srow, const T *add,   \
      u64 ladd, u32 act, f64 alpha
#define CONV_TILE(T, R, J)                                                                                                  \
  static __attribute__((noinline)) void conv_##T##_##R##_##J(CONV_ARGS(T)) {                                                \
    v_##T acc[J][R];                                                                                                        \
    UNROLL for (u32 j = 0; j < J; j++) UNROLL for (u32 r = 0; r < R; r++) acc[j][r] = fl_load_##T(src + j * lds + 16 * r);  \
    UNROLL for (u32 j = 0; j < J; j++) UNROLL for (u32 r = 0; r < R; r++) __builtin_prefetch(dst + j * ldd + 16 * r, 1);    \
    if (add) {                                                                                                              \
      UNROLL for (u32 j = 0; j < J; j++) UNROLL for (u32 r = 0; r < R; r++) __builtin_prefetch(add + j * ladd + 16 * r);    \
    }                                                                                                                       \
    s += run->at;                                                                                                           \
    i64 length = run->length, jump = run->jump - length;                                                                    \
    for (i64 c = run->count; c > 0; c--, s += jump)                                                                         \
      for (i64 i = 0; i < length; i++, v += vstep, s++) {                                                                   \
        v_##T x[R];                                                                                                         \
        UNROLL for (u32 r = 0; r < R; r++) x[r] = fl_load_##T(v + 16 * r);                                                  \
        UNROLL for (u32 j = 0; j < J; j++) {                                                                                \
          v_##T f = fl_set_##T(s[j * srow]);                                                                                \
          UNROLL for (u32 r = 0; r < R; r++) acc[j][r] = fl_fma_##T(x[r], f, acc[j][r]);                                    \
        }                                                                                                                   \
      }                                                                                                                     \
    if (add) {                                                                                                              \
      UNROLL for (u32 j = 0; j < J; j++) UNROLL for (u32 r = 0; r < R; r++) {                                               \
        acc[j][r] = fl_add_##T(acc[j][r], fl_load_##T(add + j * ladd + 16 * r));                                            \
      }                                                                                                                     \
    }                                                                                                                       \
    if (act == FL_ACT_RELU || act == FL_ACT_RELU_TO) {                                                                      \
      UNROLL for (u32 j = 0; j < J; j++) UNROLL for (u32 r = 0; r < R; r++) acc[j][r] = fl_max_##T(acc[j][r], fl_set_##T(0)); \
    }                                                                                                                       \
    if (act == FL_ACT_RELU_TO) {                                                                                            \
      UNROLL for (u32 j = 0; j < J; j++) UNROLL for (u32 r = 0; r < R; r++) {                                               \
        acc[j][r] = fl_min_##T(acc[j][r], fl_set_##T((T)alpha));                                                            \
      }                                                                                                                     \
    }                                                                                                                       \
    UNROLL for (u32 j = 0; j < J; j++) UNROLL for (u32 r = 0; r < R; r++) fl_store_##T(dst + j * ldd + 16 * r, acc[j][r]);  \
    if (act > FL_ACT_RELU && act != FL_ACT_RELU_TO) activate_##T(dst, ldd, J, R, act, alpha);                               \
  }
#define CONV_CALL(T, R, J) \
  case J: conv_##T##_##R##_##J(dst, ldd, src, lds, run, v, vstep, s, srow, add, ladd, act, alpha); break;
/* `places` of them in tiles of about one size. */
#define CONV_TILES(T, R, MOST, CASES)                                             \
  static void conv_tiles_##T##_##R(u64 places, CONV_ARGS(T)) {                    \
    for (u64 tiles = (places + MOST - 1) / MOST; tiles > 0; tiles--) {            \
      u64 n = (places + tiles - 1) / tiles;                                       \
      switch (n) { CASES(CONV_CALL, T, R) }                                       \
      places -= n, dst += n * ldd, src += n * lds, s += n * srow;                 \
      if (add) add += n * ladd;                                                   \
    }                                                                             \
  }
#define UPTO_1(F, T, R) F(T, R, 1)
#define UPTO_2(F, T, R) UPTO_1(F, T, R) F(T, R, 2)
#define UPTO_3(F, T, R) UPTO_2(F, T, R) F(T, R, 3)
#define UPTO_4(F, T, R) UPTO_3(F, T, R) F(T, R, 4)
#define UPTO_6(F, T, R) UPTO_4(F, T, R) F(T, R, 5) F(T, R, 6)
#define UPTO_8(F, T, R) UPTO_6(F, T, R) F(T, R, 7) F(T, R, 8)
#define CONV(T, R) \
  FL_CAT(UPTO_, CONV_J_##T)(CONV_TILE, T, R) CONV_TILES(T, R, CONV_J_##T, FL_CAT(UPTO_, CONV_J_##T))
CONV(f32, 1)
#if TILE_R_f32 == 3
CONV(f32, 2)
CONV(f32, 3)
#endif
CONV(f64, 1)
