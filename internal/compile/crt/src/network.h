/* network.h: what kernels of dense layers share (network.c, network_bf16.c). */
#ifndef FL_NETWORK_H
#define FL_NETWORK_H
#include "kernels.h"
#include "flv.h"

/* Where the rows of m are, if they are so few that gathering them pays; n becomes their number, and one more tile may be read. */
FL u16 *few(u16 *places, const u64 *m, u32 *n) {
  u32 count = m ? flk_count(m, *n) : *n;
  if (count + count / 8 >= *n) return NULL;
  flk_indices(places, m, *n);
  for (u32 i = count; i < (count + FL_PANEL - 1) / FL_PANEL * FL_PANEL; i++) places[i] = count ? places[count - 1] : 0;
  *n = count;
  return places;
}

/* Dense layers with products of bf16: a layer of `vectors` × 16 rows from src, whose element k of row r is src[k * FL_PANEL + r], to
 * dst. scratch has room for what enters it. Weights lie in panels of eight outputs: eight f32 biases, then for each two inputs eight words,
 * the first input's weight in the lower half. */
void fl_bf16_layer(f32 *dst, const f32 *src, const fl_layer *l, const u8 *panels, u32 vectors, void *scratch);
void fl_bf16_layer_native(f32 *dst, const f32 *src, const fl_layer *l, const u8 *panels, u32 vectors, void *scratch);
#endif
