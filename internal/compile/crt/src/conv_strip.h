/* conv_strip.h: the part of an input that some lines of a convolution's result are made of, its padding included.
 *
 * It lies in the input itself where nothing is padded, else in a copy that is small enough for the second cache. */
#ifndef FL_CONV_STRIP_H
#define FL_CONV_STRIP_H
#include "window.h"
#include <string.h>

#define STRIP_BYTES (256 << 10)

/* How to walk in a strip: elements from one depth of the window to the next, from one line of the input to the next. */
typedef struct { i64 depth, line; } strip_steps;

/* How far the window reaches along an axis. */
static inline i64 reach(const fl_window *w, u32 axis) { return (w->window[axis] - 1) * w->dilation[axis] + 1; }
/* Elements of an axis of the input, or its padding, that `count` places of the result meet. */
static inline i64 met(const fl_window *w, u32 axis, i64 count) { return (count - 1) * w->stride[axis] + reach(w, axis); }

static inline int unpadded(const fl_window *w) {
  for (u32 a = 0; a < 3; a++)
    if (w->before[a] || met(w, a, w->out[a]) > w->in[a]) return 0;
  return 1;
}
/* Lines of the result in a strip: as many as STRIP_BYTES allow, a place of the input having `bytes`, but `places` places if there are,
 * and all strips about alike. */
static inline i64 strip_lines(const fl_window *w, u64 bytes, i64 places) {
  i64 line = met(w, 2, w->out[2]) * w->window[0] * (i64)bytes;
  i64 lines = (STRIP_BYTES / line - reach(w, 1)) / w->stride[1] + 1, least = (places + w->out[2] - 1) / w->out[2];
  if (lines < least) lines = least;
  i64 strips = (w->out[1] + lines - 1) / lines;
  return (w->out[1] + strips - 1) / strips;
}

/* STRIP(N, T, E): strips of arrays of T have E: channels_N tells how many a place has, copy_N copies places; COPIED_N asks for a copy
 * where nothing is padded, too. */
#define STRIP_COPIES(T)                                                                              \
  static inline i64 channels_##T(const fl_window *w) { return w->in_channels; }                     \
  static inline void copy_##T(T *to, const T *from, i64 places, const fl_window *w) {               \
    memcpy(to, from, (u64)(places * w->in_channels) * sizeof(T));                                   \
  }
STRIP_COPIES(f32)
STRIP_COPIES(f64)
#define COPIED_f32 0
#define COPIED_f64 0

#define STRIP(N, T, E)                                                                                                     \
  static u64 strip_room_##N(const fl_window *w, i64 lines) {                                                               \
    return (u64)(w->window[0] * met(w, 1, lines) * met(w, 2, w->out[2]) * channels_##N(w)) * sizeof(E);                    \
  }                                                                                                                        \
  /* Where the window's first element of place (z, y, 0) is, for the lines y … y+lines-1 of the result; copied to `to` if not NULL. */ \
  static const E *strip_##N(E *to, const T *in, const fl_window *w, i64 z, i64 y, i64 lines, strip_steps *s) {             \
    i64 c = channels_##N(w), line = w->in[2] * w->in_channels, wide = met(w, 2, w->out[2]) * c, high = met(w, 1, lines);   \
    i64 iz = z * w->stride[0] - w->before[0], iy = y * w->stride[1] - w->before[1];                                        \
    if (!to) {                                                                                                             \
      *s = (strip_steps){w->dilation[0] * w->in[1] * line, line};                                                          \
      return (const E *)in + (iz * w->in[1] + iy) * line;                                                                  \
    }                                                                                                                      \
    *s = (strip_steps){high * wide, wide};                                                                                 \
    i64 left = w->before[2] * c, most = met(w, 2, w->out[2]) - w->before[2], inner = w->in[2] < most ? w->in[2] : most;    \
    E *d = to;                                                                                                             \
    for (i64 k = 0; k < w->window[0]; k++) {                                                                               \
      i64 at = iz + k * w->dilation[0];                                                                                    \
      for (i64 i = iy; i < iy + high; i++, d += wide) {                                                                    \
        if ((u64)at >= (u64)w->in[0] || (u64)i >= (u64)w->in[1] || inner <= 0) {                                           \
          memset(d, 0, (u64)wide * sizeof(E));                                                                             \
          continue;                                                                                                        \
        }                                                                                                                  \
        memset(d, 0, (u64)left * sizeof(E));                                                                               \
        copy_##N(d + left, in + (at * w->in[1] + i) * line, inner, w);                                                     \
        memset(d + left + inner * c, 0, (u64)(wide - left - inner * c) * sizeof(E));                                       \
      }                                                                                                                    \
    }                                                                                                                      \
    return to;                                                                                                             \
  }
#endif
