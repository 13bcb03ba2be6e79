/* conv.c: convolutions (conv_product.h) of f32 and f64. */
#include "conv_product.h"

STRIP(f32, f32, f32)
STRIP(f64, f64, f64)
FL_CAT(CONV_BY_, TILE_R_f32)(f32, f32, f32)
FL_CAT(CONV_BY_, TILE_R_f64)(f64, f64, f64)

#define CONV_KERNEL(T)                                                                                                        \
  CONVOLUTION(T, T, T)                                                                                                        \
  void flk_conv_##T(fl_worker *worker, T *out, const T *in, const T *packed, const T *add, const i64 *window, const i64 *end, \
                    u64 rows) {                                                                                               \
    convolve_##T(worker, out, in, packed, add, (const fl_window *)window, (const fl_conv_end *)end, rows);                    \
  }
CONV_KERNEL(f32)
CONV_KERNEL(f64)

#include "conv_winograd.h"

void flk_conv_winograd_f32(fl_worker *worker, f32 *out, const f32 *in, const f32 *packed, const f32 *add, const i64 *window,
                           const i64 *ends, u64 rows) {
  const fl_window *w = (const fl_window *)window;
  const fl_conv_end *end = (const fl_conv_end *)ends;
  i64 plane = w->in[1] * w->in[2] * w->in_channels, places = w->out[1] * w->out[2];
  sums_f32 to = {worker, out, add, (u64)end->stride, (u64)w->other, w->out[2], (u32)end->act, end->alpha};
  void *mark = fl_temp_mark(worker);
  winograd g = winograd_of(worker, w);
  for (u64 r = 0; r < rows; r++, in += plane, to.out += places * end->stride, to.add += to.add ? places * w->other : 0)
    if (!winograd_row(to, &g, in, packed)) flk_conv_f32(worker, to.out, in, packed, to.add, window, ends, 1);
  fl_temp_release(worker, mark);
}
