/* network_bf16.c: flk_network_f32 with weights, and what enters each layer, rounded to bf16; sums are f32.
 *
 * Numbers: a sum begins with its bias. Of each two inputs first the second's product is added, then the first's, one fused
 * multiply-add each, which is what the instruction vdpbf16ps does (network_bf16_avx512.c); numbers below the least normal one are
 * zeros. Processors without it do the same in f32; there sums keep what lies below the least normal number. */
#include "bf16.h"
#include "gemm_tile.h"
#include "network.h"

static f32 rounded(f32 x) {
  u32 bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  bits = fl_bf16_bits(bits);
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}

static f32 of_half(u32 bits) {
  f32 x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}

#define WEIGHTS TILE_K /* of a panel that are unpacked at a time */

/* Inputs and weights of each two change places, so that a tile's ascending order is that of the instruction. */
void fl_bf16_layer(f32 *dst, const f32 *src, const fl_layer *l, const u8 *panels, u32 vectors, void *scratch) {
  f32 *x = scratch, weights[WEIGHTS * 8] __attribute__((aligned(64)));
  u64 steps = (l->in + 1) / 2 * 2;
  for (u64 k = 0; k < steps; k++) {
    u64 from = k ^ 1;
    for (u32 r = 0; r < 16 * vectors; r++) x[k * FL_PANEL + r] = from < l->in ? rounded(src[from * FL_PANEL + r]) : 0;
  }
  for (u64 j = 0; j < l->out; j += 8, panels += 32 + steps / 2 * 32) {
    const f32 *bias = (const f32 *)panels;
    const u32 *pairs = (const u32 *)(panels + 32);
    f32 *to = dst + j * FL_PANEL;
    u64 sums = l->out - j < 8 ? l->out - j : 8, at = 0;
    do {
      u64 some = steps - at < WEIGHTS ? steps - at : WEIGHTS;
      for (u64 k = 0; k < some; k += 2)
        for (u32 c = 0; c < 8; c++) {
          u32 pair = pairs[(at + k) / 2 * 8 + c];
          weights[k * 8 + c] = of_half(pair & 0xffff0000), weights[(k + 1) * 8 + c] = of_half(pair << 16);
        }
      u32 act = at + some == steps ? l->act : FL_ACT_NONE;
      for (u32 v = 0; v < vectors; v++)
        tiles_f32_1(to + 16 * v, FL_PANEL, to + 16 * v, FL_PANEL, at ? NULL : bias, sums, some, x + at * FL_PANEL + 16 * v, FL_PANEL,
                    weights, 8, 1, act, l->alpha);
      at += some;
    } while (at < steps);
  }
}

#ifdef FL_AVX512
#define LAYER (__builtin_cpu_supports("avx512bf16") ? fl_bf16_layer_native : fl_bf16_layer)
#else
#define LAYER fl_bf16_layer
#endif

void flk_network_bf16(fl_worker *w, f32 *const *out, const f32 *const *in, const u8 *net, const u64 *m, u32 n) {
  const fl_network *head = (const fl_network *)net;
  const fl_layer *layers = (const fl_layer *)(head + 1);
  u32 inputs = layers[0].in, outputs = layers[head->layers - 1].out;
  u16 places[FL_BLOCK + FL_PANEL], *at = few(places, m, &n);
  if (at)
    for (u32 k = 0; k < outputs; k++) __builtin_memset(out[k], 0, FL_BLOCK * sizeof(f32));
  u64 bytes = (head->widest + 7) / 8 * 8 * FL_PANEL * sizeof(f32);
  f32 *a = fl_temp_lines(w, bytes), *b = fl_temp_lines(w, bytes);
  void *scratch = fl_temp_lines(w, bytes);
  for (u32 r = 0; r < n; r += FL_PANEL) {
    u32 rows = n - r < FL_PANEL ? n - r : FL_PANEL, vectors = (rows + 15) / 16;
    for (u32 k = 0; k < inputs; k++)
      for (u32 i = 0; i < 16 * vectors; i++) a[k * FL_PANEL + i] = in[k][at ? at[r + i] : r + i];
    for (u32 l = 0; l < head->layers; l++) {
      LAYER(b, a, layers + l, net + layers[l].panels, vectors, scratch);
      f32 *t = a;
      a = b, b = t;
    }
    for (u32 k = 0; k < outputs; k++)
      for (u32 i = 0; i < rows; i++) out[k][at ? at[r + i] : r + i] = a[k * FL_PANEL + i];
  }
}
