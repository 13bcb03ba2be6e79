/* conv.c: convolutions of arrays [channels, depth, height, width], each row's by itself.
 *
 * It is a product of matrices: weights, a row for each channel of the result, times patches, a column for each place of the window.
 * Patches are laid out FL_PANEL places at a time and a chunk of the window's elements at a time, as a panel for gemm_tile.h;
 * the chunk is small enough for the nearest cache, and between chunks the sums wait where the result goes. */
#include "gemm_tile.h"
#include "kernels.h"
#include "window.h"

#define PATCH 256 /* elements of the window in a chunk */
#define SUMS 96   /* channels of the result at once, where a panel is narrower than its vectors */

/* Where an element of the window meets the input: its channel, and the offsets of the window's element. */
typedef struct { i64 channel, z, y, x; } place;

static place place_of(const fl_window *w, i64 element) {
  place p;
  p.x = element % w->window[2] * w->dilation[2];
  element /= w->window[2];
  p.y = element % w->window[1] * w->dilation[1];
  element /= w->window[1];
  p.z = element % w->window[0] * w->dilation[0];
  p.channel = element / w->window[0];
  return p;
}

#define CONV(T, WIDEST)                                                                                                    \
  /* One element of the window for `count` places from `first` on: to[0 … wide-1], zeros past count and where padding is. */ \
  static void patch_row_##T(T *to, const T *plane, const fl_window *w, place p, i64 first, i64 count, i64 wide) {          \
    i64 width = w->out[2], x = first % width, rest = first / width, y = rest % w->out[1], z = rest / w->out[1], at = 0;    \
    while (at < count) {                                                                                                   \
      i64 run = width - x < count - at ? width - x : count - at;                                                           \
      i64 iz = z * w->stride[0] + p.z - w->before[0], iy = y * w->stride[1] + p.y - w->before[1];                          \
      i64 step = w->stride[2], ix = x * step + p.x - w->before[2];                                                         \
      if (iz < 0 || iz >= w->in[0] || iy < 0 || iy >= w->in[1]) {                                                          \
        for (i64 k = 0; k < run; k++) to[at + k] = 0;                                                                      \
      } else {                                                                                                             \
        const T *line = plane + (iz * w->in[1] + iy) * w->in[2];                                                           \
        if (step == 1 && ix >= 0 && ix + run <= w->in[2])                                                                  \
          for (i64 k = 0; k < run; k++) to[at + k] = line[ix + k];                                                         \
        else                                                                                                               \
          for (i64 k = 0; k < run; k++) to[at + k] = (u64)(ix + k * step) < (u64)w->in[2] ? line[ix + k * step] : 0;       \
      }                                                                                                                    \
      at += run;                                                                                                           \
      x = 0;                                                                                                               \
      if (++y == w->out[1]) y = 0, z++;                                                                                    \
    }                                                                                                                      \
    for (; at < wide; at++) to[at] = 0;                                                                                    \
  }                                                                                                                        \
  /* `sums` channels of the result at the panel's places; src is where they are so far, dst where they go. */              \
  static void panel_##T(T *dst, u64 ldd, const T *src, u64 lds, const T *bias, u64 sums, u64 k, const T *panel, u64 wide,  \
                        const T *weights, u64 row) {                                                                       \
    u64 c = 0;                                                                                                             \
    for (; c + 16 * WIDEST <= wide; c += 16 * WIDEST)                                                                      \
      FL_CAT(tiles_##T##_, WIDEST)(dst + c, ldd, src + c, lds, bias, sums, k, panel + c, wide, weights, 1, row, FL_ACT_NONE, 0); \
    for (; c < wide; c += 16)                                                                                              \
      tiles_##T##_1(dst + c, ldd, src + c, lds, bias, sums, k, panel + c, wide, weights, 1, row, FL_ACT_NONE, 0);          \
  }                                                                                                                        \
  /* One group of channels: out has `sums` rows of `places`. */                                                            \
  static void group_##T(T *out, const T *in, const T *weights, const T *bias, const fl_window *w, T *panel, i64 sums,      \
                        i64 places, i64 elements, i64 plane) {                                                             \
    T part[SUMS * FL_PANEL] __attribute__((aligned(64)));                                                                  \
    for (i64 first = 0; first < places; first += FL_PANEL) {                                                               \
      i64 count = places - first < FL_PANEL ? places - first : FL_PANEL, wide = (count + 15) / 16 * 16;                    \
      for (i64 e = 0; e < elements; e += PATCH) {                                                                          \
        i64 steps = elements - e < PATCH ? elements - e : PATCH;                                                           \
        for (i64 k = 0; k < steps; k++) {                                                                                  \
          place p = place_of(w, e + k);                                                                                    \
          patch_row_##T(panel + k * wide, in + p.channel * plane, w, p, first, count, wide);                               \
        }                                                                                                                  \
        if (count == wide) {                                                                                               \
          panel_##T(out + first, places, out + first, places, e ? NULL : bias, sums, steps, panel, wide, weights + e, elements); \
          continue;                                                                                                        \
        }                                                                                                                  \
        for (i64 j = 0; j < sums; j += SUMS) {                                                                             \
          i64 some = sums - j < SUMS ? sums - j : SUMS;                                                                    \
          T *to = out + j * places + first;                                                                                \
          if (e)                                                                                                           \
            for (i64 i = 0; i < some; i++) __builtin_memcpy(part + i * FL_PANEL, to + i * places, (u64)count * sizeof(T)); \
          panel_##T(part, FL_PANEL, part, FL_PANEL, e ? NULL : bias + j, some, steps, panel, wide, weights + j * elements + e, elements); \
          for (i64 i = 0; i < some; i++) __builtin_memcpy(to + i * places, part + i * FL_PANEL, (u64)count * sizeof(T));   \
        }                                                                                                                  \
      }                                                                                                                    \
    }                                                                                                                      \
  }                                                                                                                        \
  void flk_conv_##T(fl_worker *worker, T *out, const T *in, const T *weights, const T *bias, const i64 *window, u64 rows) { \
    const fl_window *w = (const fl_window *)window;                                                                        \
    i64 plane = w->in[0] * w->in[1] * w->in[2], places = w->out[0] * w->out[1] * w->out[2];                                \
    i64 channels = w->in_channels / w->groups, sums = w->other / w->groups;                                                \
    i64 elements = channels * w->window[0] * w->window[1] * w->window[2];                                                  \
    void *mark = fl_temp_mark(worker);                                                                                     \
    T *panel = fl_temp(worker, PATCH * FL_PANEL * sizeof(T));                                                              \
    for (u64 r = 0; r < rows; r++)                                                                                         \
      for (i64 g = 0; g < w->groups; g++, in += channels * plane, out += sums * places)                                    \
        group_##T(out, in, weights + g * sums * elements, bias + g * sums, w, panel, sums, places, elements, plane);       \
    fl_temp_release(worker, mark);                                                                                         \
  }
CONV(f32, TILE_R_f32)
CONV(f64, TILE_R_f64)
