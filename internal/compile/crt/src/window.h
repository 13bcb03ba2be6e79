/* window.h: convolutions and pools: how a window walks over an array's axes, as ml/lower describes it.
 *
 * Arrays are [depth, height, width, channels]: the channels of a place lie side by side, across the lanes. */
#ifndef FL_WINDOW_H
#define FL_WINDOW_H
#include "fl.h"

typedef struct {
  i64 in_channels;
  i64 other;  /* Conv: channels of the result; Pool: enum fl_pool */
  i64 groups; /* of channels (Conv) */
  /* depth, height and width of each; axes that are not there are 1 long */
  i64 in[3], out[3], window[3], stride[3], dilation[3], before[3], after[3];
} fl_window;

enum fl_pool { FL_POOL_MAX, FL_POOL_MEAN, FL_POOL_MEAN_PADDED };

/* What happens to the sums of a convolution. */
typedef struct {
  i64 stride; /* elements from one place of the result to the next */
  i64 act;    /* enum fl_act, applied last */
  f64 alpha;
} fl_conv_end;

/* Convolutions with products of bf16, in f32 or by the instruction for them. */
void fl_conv_bf16(fl_worker *worker, f32 *out, const f32 *in, const f32 *packed, const f32 *add, const fl_window *w, const fl_conv_end *end,
                  u64 rows);
void fl_conv_bf16_native(fl_worker *worker, f32 *out, const f32 *in, const f32 *packed, const f32 *add, const fl_window *w,
                         const fl_conv_end *end, u64 rows);
#endif
