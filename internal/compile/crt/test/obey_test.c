/* obey_test.c: kernels whose one call may take long end it when the run is over. */
#include "../src/gemm.h"
#include "../src/kernels.h"
#include "../src/window.h"
#include "testing.h"

#define CHANNELS 16
#define SIDE 24
#define ELEMENTS (CHANNELS * SIDE * SIDE + 64)

static f32 in[ELEMENTS], out[2 * ELEMENTS];

static fl_window window_of(i64 side, i64 groups) {
  i64 left = SIDE - side + 1;
  return (fl_window){CHANNELS, CHANNELS, groups, {1, SIDE, SIDE}, {1, left, left}, {1, side, side}, {1, 1, 1}, {1, 1, 1}, {0}, {0}};
}

/* The statement ends with what a stopped run raises, and only then. */
#define OBEYS(what, statement)                                                                 \
  do {                                                                                         \
    const char *raises = CATCH(statement);                                                     \
    if (raises) failed("%s: %s", what, raises);                                                \
    worker.q->stop = 1;                                                                        \
    raises = CATCH(statement);                                                                 \
    if (!raises || strncmp(raises, "57014", 5)) failed("%s goes on", what);                    \
    worker.q->stop = 0;                                                                        \
  } while (0)

int main(void) {
  static f32 packed[ELEMENTS];
  fl_conv_end end = {CHANNELS, FL_ACT_NONE, 0};
  fl_window point = window_of(1, 1), wide = window_of(3, 1), deep = window_of(3, CHANNELS), pool = deep;
  pool.other = FL_POOL_MAX;
  OBEYS("a convolution of places", flk_conv_f32(&worker, out, in, packed, NULL, (const i64 *)&point, (const i64 *)&end, 1));
  OBEYS("a convolution", flk_conv_f32(&worker, out, in, packed, NULL, (const i64 *)&wide, (const i64 *)&end, 1));
  OBEYS("a convolution in bf16", flk_conv_bf16(&worker, out, in, (const u8 *)packed, NULL, (const i64 *)&wide, (const i64 *)&end, 1));
  OBEYS("squares of a convolution", flk_conv_winograd_f32(&worker, out, in, packed, NULL, (const i64 *)&wide, (const i64 *)&end, 1));
  OBEYS("a depthwise convolution", flk_conv_depth_f32(&worker, out, in, packed, NULL, (const i64 *)&deep, (const i64 *)&end, 1));
  OBEYS("a pool", flk_pool_f32(&worker, out, in, (const i64 *)&pool, 1));
  i64 at[2] = {0, 0};
  OBEYS("a product", flk_arr_matmul_f32(&worker, out, in, in, at, 1, 16, 16, 16, 0, 0, 1));
  /* heads, lengths and widths; how far rows lie apart; no mask; a head at the beginning of everything */
  i64 attention[21] = {1, 8, 8, 16, 16, 16, 16, 16, 16};
  OBEYS("attention", flk_arr_attention_f32(&worker, out, in, in, in, (const u8 *)in, 0, 1, 0, attention, 1));
  return report("obey");
}
