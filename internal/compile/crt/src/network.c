/* network.c: dense layers one after another, with a block's rows across the lanes.
 *
 * FL_PANEL rows go through all layers before the next ones do, so that what is between layers stays in the nearest caches, and
 * weights come from further away once for so many rows. Numbers are as in gemm.h: neither the rows beside a row nor its place have a part
 * in them. Where a filter leaves few rows, only those are computed: they are gathered as they are copied anyway. */
#include "gemm_tile.h"
#include "kernels.h"
#include "network.h"

/* How many rows ahead of those that are computed columns are asked for. */
#define AHEAD (2 * FL_PANEL)

/* One layer of `vectors` × 16 rows, from src to dst, element by element FL_PANEL apart. Panels of weights have eight columns. */
#define LAYER(T, R)                                                                                                       \
  static void layer_##T##_##R(T *dst, const T *src, const fl_layer *l, const T *panels) {                                 \
    u64 k = l->in, chunk = tile_chunk(k), at = 0;                                                                         \
    do {                                                                                                                  \
      u64 steps = k - at < chunk ? k - at : chunk;                                                                        \
      u32 act = at + steps == k ? l->act : FL_ACT_NONE;                                                                   \
      for (u64 j = 0; j < l->out; j += 8) {                                                                               \
        const T *panel = panels + j * (k + 1);                                                                            \
        T *to = dst + j * FL_PANEL;                                                                                       \
        tiles_##T##_##R(to, FL_PANEL, to, FL_PANEL, at ? NULL : panel, l->out - j < 8 ? l->out - j : 8, steps,            \
                        src + at * FL_PANEL, FL_PANEL, panel + (at + 1) * 8, 8, 1, act, l->alpha);                        \
      }                                                                                                                   \
      at += steps;                                                                                                        \
    } while (at < k);                                                                                                     \
  }
LAYER(f32, 1)
LAYER(f64, 1)
#if TILE_R_f32 == 3
LAYER(f32, 2)
LAYER(f32, 3)
static void layer_f32(f32 *dst, const f32 *src, const fl_layer *l, const f32 *panels, u32 vectors) {
  if (vectors == 3)
    layer_f32_3(dst, src, l, panels);
  else if (vectors == 2)
    layer_f32_2(dst, src, l, panels);
  else
    layer_f32_1(dst, src, l, panels);
}
#else
static void layer_f32(f32 *dst, const f32 *src, const fl_layer *l, const f32 *panels, u32 vectors) {
  for (u32 r = 0; r < vectors; r++) layer_f32_1(dst + 16 * r, src + 16 * r, l, panels);
}
#endif
static void layer_f64(f64 *dst, const f64 *src, const fl_layer *l, const f64 *panels, u32 vectors) {
  for (u32 r = 0; r < vectors; r++) layer_f64_1(dst + 16 * r, src + 16 * r, l, panels);
}

#define NETWORK(T)                                                                                                        \
  /* The inputs of the rows from r on, or of those at places at … at + 16 * vectors. */                                   \
  static void fetch_##T(T *to, const T *const *in, u32 count, u32 r, const u16 *at, u32 vectors) {                        \
    for (u32 k = 0; k < count; k++, to += FL_PANEL) {                                                                     \
      const T *from = in[k];                                                                                              \
      if (at)                                                                                                             \
        for (u32 i = 0; i < 16 * vectors; i++) to[i] = from[at[r + i]];                                                   \
      else                                                                                                                \
        for (u32 v = 0; v < vectors; v++) {                                                                               \
          for (u32 line = 0; line < sizeof(T) / 4; line++) fl_prefetch((const u8 *)(from + r + 16 * v + AHEAD) + 64 * line); \
          fl_store_##T(to + 16 * v, fl_load_##T(from + r + 16 * v));                                                      \
        }                                                                                                                 \
    }                                                                                                                     \
  }                                                                                                                       \
  static void deliver_##T(T *const *out, const T *from, u32 count, u32 r, const u16 *at, u32 rows, u32 vectors) {         \
    for (u32 k = 0; k < count; k++, from += FL_PANEL) {                                                                   \
      if (at)                                                                                                             \
        for (u32 i = 0; i < rows; i++) out[k][at[r + i]] = from[i];                                                       \
      else                                                                                                                \
        for (u32 v = 0; v < vectors; v++) fl_store_##T(out[k] + r + 16 * v, fl_load_##T(from + 16 * v));                  \
    }                                                                                                                     \
  }                                                                                                                       \
  void flk_network_##T(fl_worker *w, T *const *out, const T *const *in, const u8 *net, const u64 *m, u32 n) {             \
    const fl_network *head = (const fl_network *)net;                                                                     \
    const fl_layer *layers = (const fl_layer *)(head + 1);                                                                \
    u32 inputs = layers[0].in, outputs = layers[head->layers - 1].out;                                                    \
    u16 places[FL_BLOCK + FL_PANEL], *at = few(places, m, &n);                                                            \
    if (at)                                                                                                               \
      for (u32 k = 0; k < outputs; k++) __builtin_memset(out[k], 0, FL_BLOCK * sizeof(T));                                \
    T *a = fl_temp_lines(w, head->widest * FL_PANEL * sizeof(T)), *b = fl_temp_lines(w, head->widest * FL_PANEL * sizeof(T));               \
    for (u32 r = 0; r < n; r += FL_PANEL) {                                                                               \
      u32 rows = n - r < FL_PANEL ? n - r : FL_PANEL, vectors = (rows + 15) / 16;                                         \
      fetch_##T(a, in, inputs, r, at, vectors);                                                                           \
      for (u32 l = 0; l < head->layers; l++) {                                                                            \
        layer_##T(b, a, layers + l, (const T *)(net + layers[l].panels), vectors);                                        \
        T *t = a;                                                                                                         \
        a = b, b = t;                                                                                                     \
      }                                                                                                                   \
      deliver_##T(out, a, outputs, r, at, rows, vectors);                                                                 \
    }                                                                                                                     \
  }

NETWORK(f32)
NETWORK(f64)
