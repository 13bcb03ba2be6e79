/* conv_bf16_avx512.c: convolutions with products of bf16 (conv_bf16.h) by the instruction for them; conv_bf16.c asks the processor
 * whether it has it. */
#ifdef __AVX512BW__
#pragma GCC target("avx512bf16")
#include <immintrin.h>
#include "bf16.h"
#include "conv_tile.h"

typedef __m512i v_bf16;
FL v_bf16 fl_load_bf16(const u32 *p) { return _mm512_loadu_si512(p); }
FL v_bf16 fl_set_bf16(u32 word) { return _mm512_set1_epi32((int)word); }
FL v_f32 fl_fma_bf16(v_bf16 x, v_bf16 y, v_f32 sum) {
  return (v_f32){(fp_f32)_mm512_dpbf16_ps((__m512)sum.a, (__m512bh)x, (__m512bh)y)};
}
static void pairs_bf16(u32 *to, const f32 *from, u64 n) {
  u64 i = 0;
  for (; i + 32 <= n; i += 32)
    _mm512_storeu_si512(to + i / 2, (__m512i)_mm512_cvtne2ps_pbh(_mm512_loadu_ps(from + i + 16), _mm512_loadu_ps(from + i)));
  const u32 *bits = (const u32 *)from;
  for (; i < n; i += 2) to[i / 2] = fl_bf16_bits(bits[i]) >> 16 | (i + 1 < n ? fl_bf16_bits(bits[i + 1]) : 0);
}
#define CONV_J_bf16 8
#include "conv_bf16.h"

void fl_conv_bf16_native(fl_worker *worker, f32 *out, const f32 *in, const f32 *packed, const f32 *add, const fl_window *w,
                         const fl_conv_end *end, u64 rows) {
  convolve_bf16(worker, out, in, packed, add, w, end, rows);
}
#endif
