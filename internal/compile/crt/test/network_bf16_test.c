/* network_bf16_test.c: dense layers with products of bf16 against a plain loop, to the bit, and both forms against each other. */
#include "../src/gemm.h"
#include "../src/kernels.h"
#include "../src/network.h"
#include "testing.h"
#include <math.h>

#ifdef __FMA__
#define STEP(a, b, c) fmaf(a, b, c)
#else
#define STEP(a, b, c) ((a) * (b) + (c))
#endif
#define MOST 520

static const u32 nets[][5] = {{1, 1}, {4, 4}, {33, 9, 1}, {130, 7, 300, 2}, {5, 513, 8, 15}, {256, 31, 48, 10}};
static const u32 counts[] = {1, 16, 17, 48, 49, 100, 1024};

static f32 of_bits(u32 b) { f32 x; memcpy(&x, &b, 4); return x; }
static u32 bits_of(f32 x) { u32 b; memcpy(&b, &x, 4); return b; }
/* Rounded to the nearest of bf16, ties to even, by comparing with both neighbours. */
static f32 half(f32 x) {
  if (x != x || isinf(x)) return x;
  if (fabsf(x) < 0x1p-126f) return copysignf(0, x);
  f32 down = of_bits(bits_of(x) & 0xffff0000), up = of_bits((bits_of(x) & 0xffff0000) + 0x10000);
  f64 a = fabs((f64)x - down), b = isinf(up) ? ldexp(1, 128) - fabs((f64)x) : fabs((f64)up - x);
  return a < b || (a == b && !(bits_of(down) >> 16 & 1)) ? down : up;
}
static f32 some(void) { return (f32)((f64)(i64)rnd() / 9e18); }
static f32 weight[4][MOST][MOST]; /* layer, output, input; already bf16 */
static f32 bias[4][MOST];

static u8 *make(const u32 *sizes) {
  u64 layers = 0, bytes = sizeof(fl_network), widest = sizes[0];
  for (; sizes[layers + 1]; layers++) bytes += sizeof(fl_layer) + (sizes[layers + 1] + 7) / 8 * ((sizes[layers] + 1) / 2 + 1) * 32 + 64;
  u8 *net = aligned_alloc(64, (bytes + 127) / 64 * 64);
  memset(net, 0, bytes);
  fl_layer *l = (fl_layer *)(net + sizeof(fl_network));
  u64 at = (sizeof(fl_network) + layers * sizeof(fl_layer) + 63) / 64 * 64;
  for (u32 i = 0; i < layers; i++, l++) {
    u64 pairs = (sizes[i] + 1) / 2, panel = 32 + pairs * 32;
    *l = (fl_layer){sizes[i], sizes[i + 1], i + 1 < layers ? FL_ACT_RELU : FL_ACT_LEAKY_RELU, 0, 0.25, at};
    if (l->out > widest) widest = l->out;
    for (u32 j = 0; j < l->out; j++) {
      u8 *to = net + at + j / 8 * panel;
      ((f32 *)to)[j % 8] = bias[i][j] = some();
      for (u32 k = 0; k < l->in; k++) {
        f32 w = weight[i][j][k] = half(some());
        ((u16 *)(to + 32))[(k / 2 * 8 + j % 8) * 2 + k % 2] = (u16)(bits_of(w) >> 16);
      }
    }
    at += (l->out + 7) / 8 * panel + 63;
    at -= at % 64;
  }
  *(fl_network *)net = (fl_network){layers, widest};
  return net;
}

static f32 in[MOST][FL_BLOCK] __attribute__((aligned(64))), out[MOST][FL_BLOCK] __attribute__((aligned(64)));

static void run(u8 *net, const u64 *m, u32 n) {
  const f32 *ins[MOST];
  f32 *outs[MOST], x[MOST], y[MOST];
  const fl_network *head = (fl_network *)net;
  const fl_layer *layers = (fl_layer *)(net + sizeof *head);
  for (u32 k = 0; k < MOST; k++) ins[k] = in[k], outs[k] = out[k];
  flk_network_bf16(&worker, outs, ins, net, m, n);
  for (u32 r = 0; r < n; r += n > 100 ? 7 : 1) {
    if (m && !(m[r / 64] >> r % 64 & 1)) continue;
    for (u32 k = 0; k < layers[0].in; k++) x[k] = in[k][r];
    for (u32 i = 0; i < head->layers; i++) {
      const fl_layer *l = layers + i;
      for (u32 k = 0; k < l->in; k++) x[k] = half(x[k]);
      if (l->in % 2) x[l->in] = 0;
      for (u32 j = 0; j < l->out; j++) {
        f32 s = bias[i][j];
        for (u32 k = 0; k < l->in; k += 2) {
          if (k + 1 < l->in) s = STEP(x[k + 1], weight[i][j][k + 1], s);
          s = STEP(x[k], weight[i][j][k], s);
        }
        y[j] = s < 0 ? l->act == FL_ACT_RELU ? 0 : s * 0.25f : s;
      }
      memcpy(x, y, sizeof x);
    }
    for (u32 j = 0; j < layers[head->layers - 1].out; j++)
      if (memcmp(x + j, &out[j][r], sizeof(f32)))
        failed("%u inputs: output %u of row %u of %u is %.9g, not %.9g", layers->in, j, r, n, (f64)out[j][r], (f64)x[j]);
  }
  fl_temp_reset(&worker);
}

/* What is no number, infinite, or less than normal. */
static void test_edges(void) {
  static const u32 sizes[] = {4, 3, 0};
  static const f32 edges[] = {NAN, INFINITY, -INFINITY, 1e-40f, 3.3e38f, 0, -0.0f, 1};
  u8 *net = make(sizes);
  for (u32 k = 0; k < 4; k++)
    for (u32 r = 0; r < 64; r++) in[k][r] = k == 3 ? 1 : edges[r >> (k ? k == 1 ? 3 : 0 : 0) & 7];
  const f32 *ins[4] = {in[0], in[1], in[2], in[3]};
  f32 *outs[3] = {out[0], out[1], out[2]};
  flk_network_bf16(&worker, outs, ins, net, NULL, 64);
  for (u32 r = 0; r < 64; r++)
    for (u32 j = 0; j < 3; j++) {
      f32 s = bias[0][j];
      for (u32 k = 0; k < 4; k += 2) s = STEP(half(in[k + 1][r]), weight[0][j][k + 1], s), s = STEP(half(in[k][r]), weight[0][j][k], s);
      if (s < 0) s *= 0.25f;
      if (s == s ? s != out[j][r] : out[j][r] == out[j][r]) failed("edges: output %u of row %u is %g, not %g", j, r, (f64)out[j][r], (f64)s);
    }
  free(net);
  fl_temp_reset(&worker);
}

static void test_forms(void) {
#ifdef __AVX512BW__
  if (!__builtin_cpu_supports("avx512bf16")) return;
  static f32 a[MOST * FL_PANEL], b[2][MOST * FL_PANEL], scratch[MOST * FL_PANEL];
  static const u32 sizes[] = {515, 510, 0};
  u8 *net = make(sizes);
  const fl_layer *l = (fl_layer *)(net + sizeof(fl_network));
  for (u32 i = 0; i < MOST * FL_PANEL; i++) a[i] = some();
  for (u32 vectors = 1; vectors <= 3; vectors++) {
    fl_bf16_layer(b[0], a, l, net + l->panels, vectors, scratch);
    fl_bf16_layer_native(b[1], a, l, net + l->panels, vectors, scratch);
    for (u32 j = 0; j < l->out; j++)
      if (memcmp(b[0] + j * FL_PANEL, b[1] + j * FL_PANEL, 64 * vectors)) failed("the forms differ in output %u of %u vectors", j, vectors);
  }
  free(net);
#endif
}

int main(void) {
  for (u32 k = 0; k < MOST; k++)
    for (u32 r = 0; r < FL_BLOCK; r++) in[k][r] = some();
  for (u32 s = 0; s < sizeof nets / sizeof *nets; s++) {
    u8 *net = make(nets[s]);
    for (u32 c = 0; c < sizeof counts / sizeof *counts; c++) {
      u64 few[FL_BLOCK / 64], none[FL_BLOCK / 64] = {0};
      for (u32 i = 0; i < FL_BLOCK / 64; i++) few[i] = rnd() & rnd();
      flk_ones_m(none, counts[c]);
      for (u32 i = 0; i < FL_BLOCK / 64; i++) few[i] &= none[i], none[i] = 0;
      run(net, NULL, counts[c]);
      run(net, few, counts[c]);
      run(net, none, counts[c]);
    }
    free(net);
  }
  test_edges();
  test_forms();
  return report("networks in bf16");
}
