/* conv_tile.h: the tile that convolutions are made of: J places × R vectors of channels, held in registers while products pass.
 *
 * CONV_*(N, T, E): sums are of T; weights and factors of E, by the primitives fl_load_N, fl_set_N and fl_fma_N.
 * The vectors come from a packed matrix (gemm.h), the factors from the J places' channels, `srow` apart. They lie in `count` runs of
 * `length` elements, `jump` apart: a line of the window is a run, for the channels of neighbouring places are neighbours. */
#ifndef FL_CONV_TILE_H
#define FL_CONV_TILE_H
#include "gemm_tile.h"

typedef struct { i64 at, count, length, jump; } tile_run;

#if defined(FL_AVX2)
#define CONV_J_f32 6
#define CONV_J_f64 3
#else
#define CONV_J_f32 TILE_J_f32
#define CONV_J_f64 TILE_J_f64
#endif

#define CONV_ARGS(T, E)                                                                                                        \
  T *dst, u64 ldd, const T *src, u64 lds, const tile_run *run, const E *v, u64 vstep, const E *s, u64 srow, const T *add,   \
      u64 ladd, u32 act, f64 alpha
#define CONV_TILE(N, T, E, R, J)                                                                                                  \
  static __attribute__((noinline)) void conv_##N##_##R##_##J(CONV_ARGS(T, E)) {                                                \
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
        v_##N x[R];                                                                                                         \
        UNROLL for (u32 r = 0; r < R; r++) x[r] = fl_load_##N(v + 16 * r);                                                  \
        UNROLL for (u32 j = 0; j < J; j++) {                                                                                \
          v_##N f = fl_set_##N(s[j * srow]);                                                                                \
          UNROLL for (u32 r = 0; r < R; r++) acc[j][r] = fl_fma_##N(x[r], f, acc[j][r]);                                    \
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
#define CONV_CALL(N, T, E, R, J) \
  case J: conv_##N##_##R##_##J(dst, ldd, src, lds, run, v, vstep, s, srow, add, ladd, act, alpha); break;
#define UPTO_1(F, ...) F(__VA_ARGS__, 1)
#define UPTO_2(F, ...) UPTO_1(F, __VA_ARGS__) F(__VA_ARGS__, 2)
#define UPTO_3(F, ...) UPTO_2(F, __VA_ARGS__) F(__VA_ARGS__, 3)
#define UPTO_4(F, ...) UPTO_3(F, __VA_ARGS__) F(__VA_ARGS__, 4)
#define UPTO_6(F, ...) UPTO_4(F, __VA_ARGS__) F(__VA_ARGS__, 5) F(__VA_ARGS__, 6)
#define UPTO_8(F, ...) UPTO_6(F, __VA_ARGS__) F(__VA_ARGS__, 7) F(__VA_ARGS__, 8)
/* `places` of them in tiles of about one size. */
#define CONV_TILES(N, T, E, R)                                                     \
  FL_CAT(UPTO_, CONV_J_##N)(CONV_TILE, N, T, E, R)                                 \
  static void conv_tiles_##N##_##R(u64 places, CONV_ARGS(T, E)) {                  \
    for (u64 tiles = (places + CONV_J_##N - 1) / CONV_J_##N; tiles > 0; tiles--) { \
      u64 n = (places + tiles - 1) / tiles;                                        \
      switch (n) { FL_CAT(UPTO_, CONV_J_##N)(CONV_CALL, N, T, E, R) }              \
      places -= n, dst += n * ldd, src += n * lds, s += n * srow;                  \
      if (add) add += n * ladd;                                                    \
    }                                                                              \
  }
#define CONV_PASS(c) dst + c, ldd, src + c, lds, run, v + c, vstep, s, srow, add ? add + c : NULL, ladd, act, alpha
/* All columns of a panel that is `wide`: a vector at a time, or together. */
#define CONV_BY_1(N, T, E)                                                        \
  CONV_TILES(N, T, E, 1)                                                          \
  FL void conv_panel_##N(u64 places, u64 wide, CONV_ARGS(T, E)) {                 \
    for (u64 c = 0; c < wide; c += 16) conv_tiles_##N##_1(places, CONV_PASS(c));  \
  }
#define CONV_BY_3(N, T, E)                                              \
  CONV_TILES(N, T, E, 1)                                                \
  CONV_TILES(N, T, E, 2)                                                \
  CONV_TILES(N, T, E, 3)                                                \
  FL void conv_panel_##N(u64 places, u64 wide, CONV_ARGS(T, E)) {       \
    if (wide == 48)                                                     \
      conv_tiles_##N##_3(places, CONV_PASS(0));                         \
    else if (wide == 32)                                                \
      conv_tiles_##N##_2(places, CONV_PASS(0));                         \
    else                                                                \
      conv_tiles_##N##_1(places, CONV_PASS(0));                         \
  }
#endif
