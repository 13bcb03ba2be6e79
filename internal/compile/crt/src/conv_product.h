/* conv_product.h: convolutions of arrays [depth, height, width, channels], each row's by itself.
 *
 * They are products of the places' windows with a packed matrix of weights, whose columns are the result's channels. No window is
 * copied: a line of it is a run of the input (conv_tile.h), or of a strip of the input with its padding (conv_strip.h). A strip meets
 * one panel of weights after the other; a chunk of a panel stays in the nearest cache while BLOCK places pass, and between chunks
 * the sums wait in `part`.
 *
 * CONVOLUTION(N, T, E) makes convolve_N of arrays of T, whose products are of E, as wide as T: strips and weights have E where arrays and
 * biases have T. channels_N, copy_N and COPIED_N are conv_strip.h's. */
#ifndef FL_CONV_PRODUCT_H
#define FL_CONV_PRODUCT_H
#include "conv_strip.h"
#include "conv_tile.h"
#include "kernels.h"

#define BLOCK 96
#define OFTEN 32 /* chunks of a block between looks whether the run is to end */

/* The most chunks that a window is cut into. */
static u64 most_chunks(const fl_window *w, i64 channels) {
  return (u64)(w->window[0] * w->window[1] * w->window[2] * (channels / w->groups / TILE_K + 1));
}
/* The window's elements, cut into chunks of runs. Returns how many there are. */
static u64 chunks_of(tile_run *to, const fl_window *w, i64 channels, strip_steps s) {
  u64 n = 0;
  i64 last = 0, per = channels / w->groups;
  u32 lines = w->groups == 1 && w->dilation[2] == 1;
  i64 length = lines ? w->window[2] * per : per, across = lines ? 1 : w->window[2];
  i64 piece = (i64)tile_chunk((u64)length);
  for (i64 z = 0; z < w->window[0]; z++)
    for (i64 y = 0; y < w->window[1]; y++)
      for (i64 x = 0; x < across; x++) {
        i64 at = z * s.depth + y * w->dilation[1] * s.line + x * w->dilation[2] * channels;
        tile_run *run = &to[n ? n - 1 : 0];
        if (n && run->length == length && (run->count + 1) * length <= TILE_K && (run->count == 1 || at - last == run->jump)) {
          run->jump = at - last;
          run->count++;
        } else {
          for (i64 done = 0; done < length; done += piece)
            to[n++] = (tile_run){at + done, 1, length - done < piece ? length - done : piece, 0};
        }
        last = at;
      }
  return n;
}

#define CONVOLUTION(N, T, E)                                                                                                 \
  /* Places of a result, or of what is added to it: [lines, width], so many elements apart. */                               \
  typedef struct {                                                                                                           \
    fl_worker *worker;                                                                                                       \
    T *out;                                                                                                                  \
    const T *add; /* NULL for nothing */                                                                                     \
    u64 out_place, add_place;                                                                                                \
    i64 width;     /* of the whole result */                                                                                 \
    u32 act;                                                                                                                 \
    f64 alpha;                                                                                                               \
  } sums_##N;                                                                                                                \
  /* lines × count places from (y, x) on: n columns of a panel that is `wide`. */                                            \
  static void block_##N(const sums_##N *to, i64 y, i64 x, i64 lines, i64 count, const E *s, i64 s_line, i64 s_place,         \
                        const tile_run *runs, u64 chunks, const T *panel, u64 n, u64 wide) {                                 \
    T part[BLOCK * FL_PANEL] __attribute__((aligned(64)));                                                                   \
    const E *v = (const E *)panel + wide;                                                                                    \
    for (u64 k = 0; k < chunks; k++) {                                                                                       \
      if (k % OFTEN == 0) fl_obey(to->worker);                                                                               \
      const tile_run *run = &runs[k];                                                                                        \
      u32 last = k + 1 == chunks, direct = last && n == wide;                                                                \
      for (i64 l = 0; l < lines; l++) {                                                                                      \
        i64 place = (y + l) * to->width + x;                                                                                 \
        T *waiting = part + l * count * FL_PANEL, *dst = direct ? to->out + (u64)place * to->out_place : waiting;            \
        const T *add = last && to->add ? to->add + (u64)place * to->add_place : NULL;                                        \
        u64 ldd = direct ? to->out_place : FL_PANEL, lds = k ? FL_PANEL : 0;                                                 \
        conv_panel_##N((u64)count, wide, dst, ldd, k ? waiting : panel, lds, run, v, wide, s + l * s_line, (u64)s_place, add, \
                       to->add_place, last ? to->act : FL_ACT_NONE, to->alpha);                                              \
        if (last && !direct)                                                                                                 \
          for (i64 i = 0; i < count; i++)                                                                                    \
            __builtin_memcpy(to->out + (u64)(place + i) * to->out_place, waiting + i * FL_PANEL, n * sizeof(T));             \
      }                                                                                                                      \
      v += (u64)(run->count * run->length) * wide;                                                                           \
    }                                                                                                                        \
  }                                                                                                                          \
  /* lines × count places, n columns of the weights. */                                                                      \
  static void product_##N(sums_##N to, i64 y, i64 x, i64 lines, i64 count, const E *s, i64 s_line, i64 s_place,              \
                          const tile_run *runs, u64 chunks, const T *packed, u64 k, u64 n) {                                 \
    i64 pieces = (count + BLOCK - 1) / BLOCK, piece = (count + pieces - 1) / pieces, abreast = pieces > 1 ? 1 : BLOCK / count; \
    for (u64 j = 0; j < n; j += FL_PANEL) {                                                                                  \
      u64 some = n - j < FL_PANEL ? n - j : FL_PANEL, wide = (some + 15) / 16 * 16;                                          \
      for (i64 l = 0; l < lines; l += abreast)                                                                               \
        for (i64 i = 0; i < count; i += piece)                                                                               \
          block_##N(&to, y + l, x + i, lines - l < abreast ? lines - l : abreast, count - i < piece ? count - i : piece,     \
                    s + l * s_line + i * s_place, s_line, s_place, runs, chunks, packed, some, wide);                        \
      packed += (k + 1) * wide;                                                                                              \
      to.out += some;                                                                                                        \
      if (to.add) to.add += some;                                                                                            \
    }                                                                                                                        \
  }                                                                                                                          \
  /* A window of one element without strides or padding: all rows' places are one line. */                                   \
  static void pointwise_##N(sums_##N to, const T *in, const T *packed, const fl_window *w, tile_run *runs, u64 rows) {       \
    i64 c = channels_##N(w), places = (i64)rows * w->in[0] * w->in[1] * w->in[2];                                            \
    i64 most = STRIP_BYTES / (c * (i64)sizeof(E)) / BLOCK * BLOCK;                                                           \
    if (most < BLOCK) most = BLOCK;                                                                                          \
    i64 strips = (places + most - 1) / most, strip = (places + strips - 1) / strips;                                         \
    E *copy = COPIED_##N ? fl_temp_lines(to.worker, (u64)(strip * c) * sizeof(E)) : NULL;                                    \
    u64 chunks = chunks_of(runs, w, c, (strip_steps){0, 0});                                                                 \
    for (i64 x = 0; x < places; x += strip, in += strip * w->in_channels) {                                                  \
      i64 count = places - x < strip ? places - x : strip;                                                                   \
      if (copy) copy_##N(copy, in, count, w);                                                                                \
      product_##N(to, 0, x, 1, count, copy ? copy : (const E *)in, 0, c, runs, chunks, packed, (u64)c, (u64)w->other);       \
    }                                                                                                                        \
  }                                                                                                                          \
  /* The strips of one row. */                                                                                               \
  static void windows_##N(sums_##N to, const T *in, const T *packed, const fl_window *w, tile_run *runs, E *copy, i64 lines) { \
    i64 c = channels_##N(w), per = c / w->groups, n = w->other / w->groups, k = per * w->window[0] * w->window[1] * w->window[2]; \
    for (i64 z = 0; z < w->out[0]; z++)                                                                                      \
      for (i64 y = 0; y < w->out[1]; y += lines) {                                                                           \
        i64 some = w->out[1] - y < lines ? w->out[1] - y : lines;                                                            \
        strip_steps steps;                                                                                                   \
        const E *s = strip_##N(copy, in, w, z, y, some, &steps);                                                             \
        u64 chunks = chunks_of(runs, w, c, steps);                                                                           \
        sums_##N group = to;                                                                                                 \
        for (i64 g = 0; g < w->groups; g++, s += per, group.out += n, group.add += group.add ? n : 0)                        \
          product_##N(group, z * w->out[1] + y, 0, some, w->out[2], s, w->stride[1] * steps.line, w->stride[2] * c,          \
                      runs, chunks, packed + (u64)g * fl_gemm_packed((u64)k, (u64)n), (u64)k, (u64)n);                       \
      }                                                                                                                      \
  }                                                                                                                          \
  static void convolve_##N(fl_worker *worker, T *out, const T *in, const T *packed, const T *add, const fl_window *w,        \
                           const fl_conv_end *end, u64 rows) {                                                               \
    i64 plane = w->in[0] * w->in[1] * w->in[2], places = w->out[0] * w->out[1] * w->out[2];                                  \
    i64 elements = w->window[0] * w->window[1] * w->window[2];                                                               \
    sums_##N to = {worker, out, add, (u64)end->stride, (u64)w->other, w->out[2], (u32)end->act, end->alpha};                 \
    u32 direct = (u32)unpadded(w), copied = !direct || COPIED_##N;                                                           \
    void *mark = fl_temp_mark(worker);                                                                                       \
    tile_run *runs = fl_temp(worker, most_chunks(w, channels_##N(w)) * sizeof(tile_run));                                    \
    if (elements == 1 && direct && w->groups == 1 && plane == places) {                                                      \
      pointwise_##N(to, in, packed, w, runs, rows);                                                                          \
    } else {                                                                                                                 \
      i64 lines = strip_lines(w, (u64)channels_##N(w) * sizeof(E), BLOCK);                                                   \
      E *copy = !copied ? NULL : fl_temp_lines(worker, strip_room_##N(w, lines));                                            \
      for (u64 r = 0; r < rows; r++, in += plane * w->in_channels, to.out += places * end->stride, to.add += to.add ? places * w->other : 0) \
        windows_##N(to, in, packed, w, runs, copy, lines);                                                                   \
    }                                                                                                                        \
    fl_temp_release(worker, mark);                                                                                           \
  }
#endif
