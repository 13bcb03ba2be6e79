/* conv.c: convolutions of arrays [depth, height, width, channels], each row's by itself.
 *
 * They are products of the places' windows with a packed matrix of weights, whose columns are the result's channels. No window is
 * copied: a line of it is a run of the input (conv_tile.h), or of a strip of the input with its padding (conv_strip.h). A strip meets
 * one panel of weights after the other; a chunk of a panel stays in the nearest cache while BLOCK places pass, and between chunks
 * the sums wait in `part`. */
#include "conv_strip.h"
#include "conv_tile.h"
#include "kernels.h"

#define BLOCK 96
#define OFTEN 32 /* chunks of a block between looks whether the run is to end */

/* The most chunks that a window is cut into. */
static u64 most_chunks(const fl_window *w) {
  return (u64)(w->window[0] * w->window[1] * w->window[2] * (w->in_channels / w->groups / TILE_K + 1));
}
/* The window's elements, cut into chunks of runs. Returns how many there are. */
static u64 chunks_of(tile_run *to, const fl_window *w, strip_steps s) {
  u64 n = 0;
  i64 last = 0, per = w->in_channels / w->groups;
  u32 lines = w->groups == 1 && w->dilation[2] == 1;
  i64 length = lines ? w->window[2] * per : per, across = lines ? 1 : w->window[2];
  i64 piece = (i64)tile_chunk((u64)length);
  for (i64 z = 0; z < w->window[0]; z++)
    for (i64 y = 0; y < w->window[1]; y++)
      for (i64 x = 0; x < across; x++) {
        i64 at = z * s.depth + y * w->dilation[1] * s.line + x * w->dilation[2] * w->in_channels;
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

#if TILE_R_f32 == 3
#define PANEL_f32(wide, ...)                                                                \
  do {                                                                                      \
    if (wide == 48) conv_tiles_f32_3(__VA_ARGS__);                                          \
    else if (wide == 32) conv_tiles_f32_2(__VA_ARGS__);                                     \
    else conv_tiles_f32_1(__VA_ARGS__);                                                     \
  } while (0)
#define PANEL_STEP_f32 48
#else
#define PANEL_f32(wide, ...) conv_tiles_f32_1(__VA_ARGS__)
#define PANEL_STEP_f32 16
#endif
#define PANEL_f64(wide, ...) conv_tiles_f64_1(__VA_ARGS__)
#define PANEL_STEP_f64 16

#define PRODUCT(T)                                                                                                           \
  /* Places of a result, or of what is added to it: [lines, width], so many elements apart. */                               \
  typedef struct {                                                                                                           \
    fl_worker *worker;                                                                                                       \
    T *out;                                                                                                                  \
    const T *add; /* NULL for nothing */                                                                                     \
    u64 out_place, add_place;                                                                                                \
    i64 width;     /* of the whole result */                                                                                 \
    u32 act;                                                                                                                 \
    f64 alpha;                                                                                                               \
  } sums_##T;                                                                                                                \
  /* lines × count places from (y, x) on: n columns of a panel that is `wide`. */                                            \
  static void block_##T(const sums_##T *to, i64 y, i64 x, i64 lines, i64 count, const T *s, i64 s_line, i64 s_place,         \
                        const tile_run *runs, u64 chunks, const T *panel, u64 n, u64 wide) {                                 \
    T part[BLOCK * FL_PANEL] __attribute__((aligned(64)));                                                                   \
    const T *v = panel + wide;                                                                                               \
    for (u64 k = 0; k < chunks; k++) {                                                                                       \
      if (k % OFTEN == 0) fl_obey(to->worker);                                                                               \
      const tile_run *run = &runs[k];                                                                                        \
      u32 last = k + 1 == chunks, direct = last && n == wide;                                                                \
      for (i64 l = 0; l < lines; l++) {                                                                                      \
        i64 place = (y + l) * to->width + x;                                                                                 \
        T *waiting = part + l * count * FL_PANEL, *dst = direct ? to->out + (u64)place * to->out_place : waiting;            \
        const T *add = last && to->add ? to->add + (u64)place * to->add_place : NULL;                                        \
        u64 ldd = direct ? to->out_place : FL_PANEL, lds = k ? FL_PANEL : 0;                                                 \
        for (u64 c = 0; c < wide; c += PANEL_STEP_##T)                                                                       \
          PANEL_##T(wide, (u64)count, dst + c, ldd, (k ? waiting : panel) + c, lds, run, v + c, wide, s + l * s_line, (u64)s_place, \
                    add ? add + c : NULL, to->add_place, last ? to->act : FL_ACT_NONE, to->alpha);                           \
        if (last && !direct)                                                                                                 \
          for (i64 i = 0; i < count; i++)                                                                                    \
            __builtin_memcpy(to->out + (u64)(place + i) * to->out_place, waiting + i * FL_PANEL, n * sizeof(T));             \
      }                                                                                                                      \
      v += (u64)(run->count * run->length) * wide;                                                                           \
    }                                                                                                                        \
  }                                                                                                                          \
  /* lines × count places, n columns of the weights. */                                                                      \
  static void product_##T(sums_##T to, i64 y, i64 x, i64 lines, i64 count, const T *s, i64 s_line, i64 s_place,              \
                          const tile_run *runs, u64 chunks, const T *packed, u64 k, u64 n) {                                 \
    i64 pieces = (count + BLOCK - 1) / BLOCK, piece = (count + pieces - 1) / pieces, abreast = pieces > 1 ? 1 : BLOCK / count; \
    for (u64 j = 0; j < n; j += FL_PANEL) {                                                                                  \
      u64 some = n - j < FL_PANEL ? n - j : FL_PANEL, wide = (some + 15) / 16 * 16;                                          \
      for (i64 l = 0; l < lines; l += abreast)                                                                               \
        for (i64 i = 0; i < count; i += piece)                                                                               \
          block_##T(&to, y + l, x + i, lines - l < abreast ? lines - l : abreast, count - i < piece ? count - i : piece,     \
                    s + l * s_line + i * s_place, s_line, s_place, runs, chunks, packed, some, wide);                        \
      packed += (k + 1) * wide;                                                                                              \
      to.out += some;                                                                                                        \
      if (to.add) to.add += some;                                                                                            \
    }                                                                                                                        \
  }                                                                                                                          \
  /* A window of one element without strides or padding: all rows' places are one line. */                                   \
  static void pointwise_##T(sums_##T to, const T *in, const T *packed, const fl_window *w, tile_run *runs, u64 rows) {       \
    i64 c = w->in_channels, places = (i64)rows * w->in[0] * w->in[1] * w->in[2];                                             \
    i64 most = STRIP_BYTES / (c * (i64)sizeof(T)) / BLOCK * BLOCK;                                                           \
    if (most < BLOCK) most = BLOCK;                                                                                          \
    i64 strips = (places + most - 1) / most, strip = (places + strips - 1) / strips;                                         \
    u64 chunks = chunks_of(runs, w, (strip_steps){0, 0});                                                                    \
    for (i64 x = 0; x < places; x += strip)                                                                                  \
      product_##T(to, 0, x, 1, places - x < strip ? places - x : strip, in + x * c, 0, c, runs, chunks, packed, (u64)c, (u64)w->other); \
  }                                                                                                                          \
  /* The strips of one row. */                                                                                               \
  static void windows_##T(sums_##T to, const T *in, const T *packed, const fl_window *w, tile_run *runs, T *copy, i64 lines) { \
    i64 per = w->in_channels / w->groups, n = w->other / w->groups, k = per * w->window[0] * w->window[1] * w->window[2];    \
    for (i64 z = 0; z < w->out[0]; z++)                                                                                      \
      for (i64 y = 0; y < w->out[1]; y += lines) {                                                                           \
        i64 some = w->out[1] - y < lines ? w->out[1] - y : lines;                                                            \
        strip_steps steps;                                                                                                   \
        const T *s = strip_##T(copy, in, w, z, y, some, &steps);                                                             \
        u64 chunks = chunks_of(runs, w, steps);                                                                              \
        sums_##T group = to;                                                                                                 \
        for (i64 g = 0; g < w->groups; g++, s += per, group.out += n, group.add += group.add ? n : 0)                        \
          product_##T(group, z * w->out[1] + y, 0, some, w->out[2], s, w->stride[1] * steps.line, w->stride[2] * w->in_channels, \
                      runs, chunks, packed + (u64)g * fl_gemm_packed((u64)k, (u64)n), (u64)k, (u64)n);                       \
      }                                                                                                                      \
  }                                                                                                                          \
  void flk_conv_##T(fl_worker *worker, T *out, const T *in, const T *packed, const T *add, const i64 *window, const i64 *ends, \
                    u64 rows) {                                                                                              \
    const fl_window *w = (const fl_window *)window;                                                                          \
    const fl_conv_end *end = (const fl_conv_end *)ends;                                                                      \
    i64 plane = w->in[0] * w->in[1] * w->in[2], places = w->out[0] * w->out[1] * w->out[2];                                  \
    i64 elements = w->window[0] * w->window[1] * w->window[2];                                                               \
    sums_##T to = {worker, out, add, (u64)end->stride, (u64)w->other, w->out[2], (u32)end->act, end->alpha};                         \
    u32 direct = (u32)unpadded(w);                                                                                           \
    void *mark = fl_temp_mark(worker);                                                                                       \
    tile_run *runs = fl_temp(worker, most_chunks(w) * sizeof(tile_run));                                                     \
    if (elements == 1 && direct && w->groups == 1 && plane == places) {                                                      \
      pointwise_##T(to, in, packed, w, runs, rows);                                                                          \
    } else {                                                                                                                 \
      i64 lines = strip_lines(w, sizeof(T), BLOCK);                                                                          \
      T *copy = direct ? NULL : fl_temp_lines(worker, strip_room_##T(w, lines));                                              \
      for (u64 r = 0; r < rows; r++, in += plane * w->in_channels, to.out += places * end->stride, to.add += to.add ? places * w->other : 0) \
        windows_##T(to, in, packed, w, runs, copy, lines);                                                                   \
    }                                                                                                                        \
    fl_temp_release(worker, mark);                                                                                           \
  }
PRODUCT(f32)
PRODUCT(f64)

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
