/* pool.c: the greatest element, or the mean, of windows over arrays [channels, depth, height, width]. */
#include "kernels.h"
#include "window.h"

/* NaN if either is one. */
#define GREATER(a, b) ((a) != (a) ? (a) : (b) != (b) ? (b) : (a) < (b) ? (b) : (a))

/* The first and the last (exclusive) element of a window that lies inside of an axis; `counted`: that lies there or in its padding. */
typedef struct { i64 from, to, counted; } span;
static span span_of(const fl_window *w, u32 axis, i64 at) {
  i64 start = at * w->stride[axis] - w->before[axis], d = w->dilation[axis], k = w->window[axis];
  i64 from = start < 0 ? (-start + d - 1) / d : 0;
  i64 to = start >= w->in[axis] ? 0 : (w->in[axis] - start + d - 1) / d;
  i64 end = w->in[axis] + w->after[axis], counted = start >= end ? 0 : (end - start + d - 1) / d;
  span s = {from, to < k ? to : k, counted < k ? counted : k};
  return s;
}

#define POOL(T)                                                                                                            \
  static T pooled_##T(const T *plane, const fl_window *w, const i64 *at) {                                                 \
    span z = span_of(w, 0, at[0]), y = span_of(w, 1, at[1]), x = span_of(w, 2, at[2]);                                     \
    plane += (at[0] * w->stride[0] - w->before[0]) * w->in[1] * w->in[2];                                                  \
    plane += (at[1] * w->stride[1] - w->before[1]) * w->in[2] + at[2] * w->stride[2] - w->before[2];                       \
    T acc = 0;                                                                                                             \
    u32 first = 1;                                                                                                         \
    for (i64 i = z.from; i < z.to; i++)                                                                                    \
      for (i64 j = y.from; j < y.to; j++) {                                                                                \
        const T *line = plane + (i * w->dilation[0] * w->in[1] + j * w->dilation[1]) * w->in[2];                           \
        for (i64 k = x.from; k < x.to; k++) {                                                                              \
          T v = line[k * w->dilation[2]];                                                                                  \
          acc = w->other != FL_POOL_MAX ? acc + v : first ? v : GREATER(acc, v);                                           \
          first = 0;                                                                                                       \
        }                                                                                                                  \
      }                                                                                                                    \
    if (w->other == FL_POOL_MEAN) acc /= (T)((z.to - z.from) * (y.to - y.from) * (x.to - x.from));                         \
    if (w->other == FL_POOL_MEAN_PADDED) acc /= (T)(z.counted * y.counted * x.counted);                                    \
    return acc;                                                                                                            \
  }                                                                                                                        \
  void flk_pool_##T(T *out, const T *in, const i64 *window, u64 rows) {                                                    \
    const fl_window *w = (const fl_window *)window;                                                                        \
    i64 plane = w->in[0] * w->in[1] * w->in[2];                                                                            \
    for (u64 c = 0; c < rows * (u64)w->in_channels; c++, in += plane)                                                      \
      for (i64 z = 0; z < w->out[0]; z++)                                                                                  \
        for (i64 y = 0; y < w->out[1]; y++)                                                                                \
          for (i64 x = 0; x < w->out[2]; x++) {                                                                            \
            i64 at[] = {z, y, x};                                                                                          \
            *out++ = pooled_##T(in, w, at);                                                                                \
          }                                                                                                                \
  }
POOL(f32)
POOL(f64)
