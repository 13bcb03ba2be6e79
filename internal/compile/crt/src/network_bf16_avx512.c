/* network_bf16_avx512.c: products of bf16 by the instruction for them; network_bf16.c asks the processor whether it has it. */
#ifdef __AVX512BW__
#pragma GCC target("avx512bf16")
#include <immintrin.h>
#include "gemm_tile.h"
#include "network.h"

/* Pairs of a sum between two visits of memory: so many rows of a panel lie in the nearest cache. */
#define PAIRS 128

/* Two inputs of 16 rows as pairs of bf16. */
FL __m512i paired(const f32 *first, const f32 *second) {
  __m512i lo = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(_mm512_loadu_ps(first)));
  __m512i hi = second ? _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(_mm512_loadu_ps(second))) : _mm512_setzero_si512();
  return _mm512_or_si512(lo, _mm512_slli_epi32(hi, 16));
}

/* Eight sums of R × 16 rows: from bias, or from where they are. */
#define EIGHT(R)                                                                                                           \
  FL void eight_##R(f32 *dst, const f32 *bias, const u32 *x, const u32 *weights, u64 pairs, u32 act) {                     \
    __m512 acc[8][R];                                                                                                      \
    UNROLL for (u32 j = 0; j < 8; j++) UNROLL for (u32 r = 0; r < R; r++)                                                  \
      acc[j][r] = bias ? _mm512_set1_ps(bias[j]) : _mm512_loadu_ps(dst + j * FL_PANEL + 16 * r);                           \
    for (u64 k = 0; k < pairs; k++, x += FL_PANEL, weights += 8) {                                                         \
      __m512bh v[R];                                                                                                       \
      UNROLL for (u32 r = 0; r < R; r++) v[r] = (__m512bh)_mm512_loadu_si512(x + 16 * r);                                  \
      UNROLL for (u32 j = 0; j < 8; j++) {                                                                                 \
        __m512bh f = (__m512bh)_mm512_set1_epi32((int)weights[j]);                                                         \
        UNROLL for (u32 r = 0; r < R; r++) acc[j][r] = _mm512_dpbf16_ps(acc[j][r], v[r], f);                               \
      }                                                                                                                    \
    }                                                                                                                      \
    if (act == FL_ACT_RELU) {                                                                                              \
      UNROLL for (u32 j = 0; j < 8; j++) UNROLL for (u32 r = 0; r < R; r++)                                                \
        acc[j][r] = fl_max_f32((v_f32){acc[j][r]}, fl_set_f32(0)).a;                                                       \
    }                                                                                                                      \
    UNROLL for (u32 j = 0; j < 8; j++) UNROLL for (u32 r = 0; r < R; r++) _mm512_storeu_ps(dst + j * FL_PANEL + 16 * r, acc[j][r]); \
  }                                                                                                                        \
  static void layer_##R(f32 *dst, const u32 *x, const fl_layer *l, const u8 *panels) {                                     \
    u64 pairs = (l->in + 1) / 2, at = 0;                                                                                   \
    do {                                                                                                                   \
      u64 some = pairs - at < PAIRS ? pairs - at : PAIRS;                                                                  \
      u32 act = at + some == pairs ? l->act : FL_ACT_NONE;                                                                 \
      for (u64 j = 0; j < l->out; j += 8) {                                                                                \
        const u8 *panel = panels + j / 8 * (32 + pairs * 32);                                                              \
        f32 *to = dst + j * FL_PANEL;                                                                                      \
        eight_##R(to, at ? NULL : (const f32 *)panel, x + at * FL_PANEL, (const u32 *)(panel + 32) + at * 8, some, act);   \
        if (act > FL_ACT_RELU) activate_f32(to, FL_PANEL, 8, R, act, l->alpha);                                            \
      }                                                                                                                    \
      at += some;                                                                                                          \
    } while (at < pairs);                                                                                                  \
  }
EIGHT(1)
EIGHT(2)
EIGHT(3)

void fl_bf16_layer_native(f32 *dst, const f32 *src, const fl_layer *l, const u8 *panels, u32 vectors, void *scratch) {
  u32 *x = scratch;
  for (u64 k = 0; k < l->in; k += 2)
    for (u32 v = 0; v < vectors; v++) {
      const f32 *first = src + k * FL_PANEL + 16 * v;
      _mm512_storeu_si512(x + k / 2 * FL_PANEL + 16 * v, paired(first, k + 1 < l->in ? first + FL_PANEL : NULL));
    }
  if (vectors == 3) layer_3(dst, x, l, panels);
  else if (vectors == 2) layer_2(dst, x, l, panels);
  else layer_1(dst, x, l, panels);
}
#endif
