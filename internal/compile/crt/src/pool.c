/* pool.c: the greatest element, or the mean, of windows over arrays [depth, height, width, channels], the channels across the lanes. */
#include "flv.h"
#include "kernels.h"
#include "window.h"

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

#define OFTEN (1 << 22) /* operations between looks whether the run is to end */

#define POOL(T)                                                                                                            \
  /* NaN if either is one. */                                                                                              \
  FL v_##T greater_##T(v_##T a, v_##T b) { return fl_sel_##T(fl_isnan_##T(b), b, fl_max_##T(a, b)); }                      \
  static void pooled_##T(T *out, const T *in, const fl_window *w, i64 oz, i64 oy, i64 ox) {                                \
    span z = span_of(w, 0, oz), y = span_of(w, 1, oy), x = span_of(w, 2, ox);                                              \
    i64 channels = w->in_channels, across = w->dilation[2] * channels, line = w->in[2] * channels;                         \
    i64 down = w->dilation[1] * line, back = w->dilation[0] * w->in[1] * line;                                             \
    in += (oz * w->stride[0] - w->before[0] + z.from * w->dilation[0]) * w->in[1] * line;                                  \
    in += (oy * w->stride[1] - w->before[1] + y.from * w->dilation[1]) * line;                                             \
    in += (ox * w->stride[2] - w->before[2] + x.from * w->dilation[2]) * channels;                                         \
    i64 inside = (z.to - z.from) * (y.to - y.from) * (x.to - x.from), counted = z.counted * y.counted * x.counted;         \
    v_##T by = fl_set_##T((T)(w->other == FL_POOL_MEAN ? inside : counted));                                               \
    for (i64 c = 0; c < channels; c += 16) {                                                                               \
      v_##T acc = w->other == FL_POOL_MAX ? fl_load_##T(in + c) : fl_set_##T(0);                                           \
      for (i64 i = z.from; i < z.to; i++)                                                                                  \
        for (i64 j = y.from; j < y.to; j++) {                                                                              \
          const T *p = in + (i - z.from) * back + (j - y.from) * down + c;                                                 \
          if (w->other == FL_POOL_MAX)                                                                                     \
            for (i64 k = x.from; k < x.to; k++, p += across) acc = greater_##T(acc, fl_load_##T(p));                       \
          else                                                                                                             \
            for (i64 k = x.from; k < x.to; k++, p += across) acc = fl_add_##T(acc, fl_load_##T(p));                        \
        }                                                                                                                  \
      if (w->other != FL_POOL_MAX) acc = fl_div_##T(acc, by);                                                              \
      if (channels - c >= 16) {                                                                                            \
        fl_store_##T(out + c, acc);                                                                                        \
      } else {                                                                                                             \
        T part[16];                                                                                                        \
        fl_store_##T(part, acc);                                                                                           \
        for (i64 k = 0; k < channels - c; k++) out[c + k] = part[k];                                                       \
      }                                                                                                                    \
    }                                                                                                                      \
  }                                                                                                                        \
  void flk_pool_##T(fl_worker *worker, T *out, const T *in, const i64 *window, u64 rows) {                                 \
    const fl_window *w = (const fl_window *)window;                                                                        \
    i64 each = w->window[0] * w->window[1] * w->window[2] * w->in_channels, left = 0; /* until the next look */            \
    for (u64 r = 0; r < rows; r++, in += w->in[0] * w->in[1] * w->in[2] * w->in_channels)                                  \
      for (i64 z = 0; z < w->out[0]; z++)                                                                                  \
        for (i64 y = 0; y < w->out[1]; y++)                                                                                \
          for (i64 x = 0; x < w->out[2]; x++, left -= each, out += w->in_channels) {                                       \
            if (left <= 0) fl_obey(worker), left = OFTEN;                                                                  \
            pooled_##T(out, in, w, z, y, x);                                                                               \
          }                                                                                                                \
  }
POOL(f32)
POOL(f64)
