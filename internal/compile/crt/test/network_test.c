/* network_test.c: dense layers over lane arrays against a plain loop, to the bit: shapes, numbers of rows and selections around the
 * tiles' edges. */
#include "activated.h"
#include "testing.h"

#define MOST 300

/* Inputs of the first layer and outputs of each; 0 ends. */
static const u32 nets[][5] = {{1, 1}, {4, 4}, {33, 9, 1}, {130, 7, 300, 2}, {5, 257, 8, 15}, {64, 64, 48, 10}};
static const u32 counts[] = {1, 15, 16, 17, 47, 48, 49, 100, 1000, 1024};

#define TEST(T)                                                                                                    \
  static T *weights_##T(u8 *net, const fl_layer *l, u32 j, u32 k) { /* k: 0 for the bias */                        \
    return (T *)(net + l->panels) + (u64)(j / 8) * 8 * (l->in + 1) + (u64)k * 8 + j % 8;                           \
  }                                                                                                                \
  static u8 *make_##T(const u32 *sizes) {                                                                          \
    u64 layers = 0, bytes = sizeof(fl_network) + 4 * sizeof(fl_layer) + 64, widest = sizes[0];                     \
    for (; sizes[layers + 1]; layers++) bytes += (sizes[layers + 1] + 7) / 8 * 8 * (sizes[layers] + 1) * sizeof(T) + 64; \
    u8 *net = aligned_alloc(64, (bytes + 63) / 64 * 64);                                                           \
    memset(net, 0, bytes);                                                                                         \
    fl_layer *l = (fl_layer *)(net + sizeof(fl_network));                                                          \
    u64 at = (sizeof(fl_network) + layers * sizeof(fl_layer) + 63) / 64 * 64;                                      \
    for (u32 i = 0; i < layers; i++, l++) {                                                                        \
      *l = (fl_layer){sizes[i], sizes[i + 1], (u32)(rnd() % FL_ACTS), 0, 0.25, at};                                \
      if (l->out > widest) widest = l->out;                                                                        \
      at += ((u64)(l->out + 7) / 8 * 8 * (l->in + 1) * sizeof(T) + 63) / 64 * 64;                                  \
      for (u32 j = 0; j < l->out; j++)                                                                             \
        for (u32 k = 0; k <= l->in; k++) *weights_##T(net, l, j, k) = (T)((f64)(i64)rnd() / 9e18 / sqrt(l->in));   \
    }                                                                                                              \
    *(fl_network *)net = (fl_network){layers, widest};                                                             \
    return net;                                                                                                    \
  }                                                                                                                \
  static T in_##T[MOST][FL_BLOCK] __attribute__((aligned(64))), out_##T[MOST][FL_BLOCK] __attribute__((aligned(64))); \
  static void run_##T(u8 *net, const u64 *m, u32 n) {                                                              \
    const T *ins[MOST];                                                                                            \
    T *outs[MOST], x[MOST], y[MOST];                                                                               \
    const fl_network *head = (fl_network *)net;                                                                    \
    const fl_layer *layers = (fl_layer *)(net + sizeof *head);                                                     \
    for (u32 k = 0; k < MOST; k++) ins[k] = in_##T[k], outs[k] = out_##T[k];                                       \
    flk_network_##T(&worker, outs, ins, net, m, n);                                                                \
    for (u32 r = 0; r < n; r++) {                                                                                  \
      if (m && !(m[r / 64] >> r % 64 & 1)) continue;                                                               \
      for (u32 k = 0; k < layers[0].in; k++) x[k] = in_##T[k][r];                                                  \
      for (u32 i = 0; i < head->layers; i++) {                                                                     \
        const fl_layer *l = layers + i;                                                                            \
        for (u32 j = 0; j < l->out; j++) {                                                                         \
          y[j] = *weights_##T(net, l, j, 0);                                                                       \
          for (u32 k = 0; k < l->in; k++) y[j] = STEP_##T(x[k], *weights_##T(net, l, j, k + 1), y[j]);             \
          y[j] = activated_##T(y[j], l->act, (T)l->alpha);                                                                 \
        }                                                                                                          \
        memcpy(x, y, sizeof x);                                                                                    \
      }                                                                                                            \
      for (u32 j = 0; j < layers[head->layers - 1].out; j++)                                                       \
        if (memcmp(x + j, &out_##T[j][r], sizeof(T)))                                                              \
          failed("network " #T " of %lu layers, %u inputs: output %u of row %u of %u is %g, not %g", head->layers, layers->in, j, r, n, \
                 (f64)out_##T[j][r], (f64)x[j]);                                                                   \
    }                                                                                                              \
    fl_temp_reset(&worker);                                                                                        \
  }                                                                                                                \
  static void test_##T(void) {                                                                                     \
    for (u32 k = 0; k < MOST; k++)                                                                                 \
      for (u32 r = 0; r < FL_BLOCK; r++) in_##T[k][r] = (T)((f64)(i64)rnd() / 9e18);                               \
    for (u32 s = 0; s < sizeof nets / sizeof *nets; s++) {                                                         \
      u8 *net = make_##T(nets[s]);                                                                                 \
      for (u32 c = s % 2; c < sizeof counts / sizeof *counts; c += 2) {                                            \
        u32 n = counts[c];                                                                                         \
        u64 some[FL_BLOCK / 64], none[FL_BLOCK / 64] = {0}, most[FL_BLOCK / 64];                                   \
        flk_ones_m(most, n);                                                                                       \
        for (u32 i = 0; i < (n + 63) / 64; i++) some[i] = most[i] & rnd() & rnd();                                 \
        most[0] &= ~1ul;                                                                                           \
        run_##T(net, NULL, n);                                                                                     \
        run_##T(net, some, n);                                                                                     \
        run_##T(net, most, n);                                                                                     \
        run_##T(net, none, n);                                                                                     \
      }                                                                                                            \
      free(net);                                                                                                   \
    }                                                                                                              \
  }
TEST(f32)
TEST(f64)

int main(void) {
  test_f32();
  test_f64();
  return report("networks");
}
