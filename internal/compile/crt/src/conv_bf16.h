/* conv_bf16.h: convolutions with products of bf16, made by conv_bf16.c and conv_bf16_avx512.c of the primitives that these bring.
 *
 * A strip has u32 words instead of a place's channels, each two channels of bf16, the first one in the lower half; where there is
 * an odd number of them, a zero. It is always a copy. Weights have the same words: of two of the window's channels the two numbers of
 * one column. pairs_bf16 makes words of n numbers; fl_load_bf16 and fl_set_bf16 read words, 16 or one for all lanes; fl_fma_bf16 adds
 * first the second numbers' products, then the first ones'. */
#include "conv_product.h"

#define COPIED_bf16 1
static i64 channels_bf16(const fl_window *w) { return w->groups * ((w->in_channels / w->groups + 1) / 2); }
static void copy_bf16(u32 *to, const f32 *from, i64 places, const fl_window *w) {
  u64 per = (u64)(w->in_channels / w->groups), runs = (u64)(places * w->groups);
  if (per % 2 == 0) per *= runs, runs = 1;
  for (; runs > 0; runs--, from += per, to += (per + 1) / 2) pairs_bf16(to, from, per);
}

STRIP(bf16, f32, u32)
FL_CAT(CONV_BY_, TILE_R_f32)(bf16, f32, u32)
CONVOLUTION(bf16, f32, u32)
