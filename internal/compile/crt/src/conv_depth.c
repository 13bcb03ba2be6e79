/* conv_depth.c: depthwise convolutions, each channel by itself: a place's channels across the lanes, a window's weights one vector an
 * element. */
#include "conv_strip.h"
#include "gemm_tile.h"
#include "kernels.h"

#define ABREAST 8 /* places at once, that share the weights' loads */
#define PLACES 32 /* of a strip, at least */
#define OFTEN (1 << 22)

#define DEPTH(T)                                                                                                           \
  /* `places` of them, up to ABREAST: one vector of channels, `left` of which there are. */                                \
  FL void some_##T(T *out, u64 stride, u32 places, u64 left, const T *s, i64 s_place, const i64 *at, i64 elements,         \
                   const T *weights, i64 w_step, const T *add, u64 a_step, u32 act, f64 alpha) {                           \
    v_##T acc[ABREAST];                                                                                                    \
    for (u32 j = 0; j < places; j++) acc[j] = fl_load_##T(weights);                                                        \
    for (i64 e = 0; e < elements; e++) {                                                                                   \
      v_##T f = fl_load_##T(weights + (e + 1) * w_step);                                                                   \
      for (u32 j = 0; j < places; j++) acc[j] = fl_fma_##T(f, fl_load_##T(s + at[e] + j * s_place), acc[j]);               \
    }                                                                                                                      \
    T part[ABREAST * 16];                                                                                                  \
    T *to = left < 16 ? part : out;                                                                                        \
    u64 step = left < 16 ? 16 : stride;                                                                                    \
    for (u32 j = 0; j < places; j++) {                                                                                     \
      if (add) acc[j] = fl_add_##T(acc[j], fl_load_##T(add + j * a_step));                                                 \
      if (act == FL_ACT_RELU || act == FL_ACT_RELU_TO) acc[j] = fl_max_##T(acc[j], fl_set_##T(0));                         \
      if (act == FL_ACT_RELU_TO) acc[j] = fl_min_##T(acc[j], fl_set_##T((T)alpha));                                        \
      fl_store_##T(to + j * step, acc[j]);                                                                                 \
    }                                                                                                                      \
    if (act > FL_ACT_RELU && act != FL_ACT_RELU_TO) activate_##T(to, step, places, 1, act, alpha);                         \
    if (left < 16)                                                                                                         \
      for (u32 j = 0; j < places; j++) __builtin_memcpy(out + j * stride, part + j * 16, left * sizeof(T));                \
  }                                                                                                                        \
  /* A line of the result. */                                                                                              \
  static void line_##T(fl_worker *worker, T *out, const fl_window *w, const fl_conv_end *end, const T *s, const i64 *at, i64 elements,        \
                       const T *weights, const T *add) {                                                                   \
    i64 channels = w->in_channels, step = (channels + 15) / 16 * 16, s_place = w->stride[2] * channels;                    \
    i64 left = 0; /* operations until the next look whether the run is to end */                                           \
    for (i64 x = 0; x < w->out[2]; x += ABREAST) {                                                                         \
      if (left <= 0) fl_obey(worker), left = OFTEN;                                                                        \
      left -= ABREAST * elements * step;                                                                                   \
      for (i64 c = 0; c < channels; c += 16) {                                                                             \
        i64 places = w->out[2] - x < ABREAST ? w->out[2] - x : ABREAST;                                                    \
        T *to = out + x * end->stride + c;                                                                                 \
        const T *from = s + x * s_place + c, *more = add ? add + x * channels + c : NULL;                                  \
        if (places == ABREAST)                                                                                             \
          some_##T(to, (u64)end->stride, ABREAST, (u64)(channels - c), from, s_place, at, elements, weights + c, step, more, \
                   (u64)channels, (u32)end->act, end->alpha);                                                              \
        else                                                                                                               \
          for (i64 i = 0; i < places; i++)                                                                                 \
            some_##T(to + i * end->stride, (u64)end->stride, 1, (u64)(channels - c), from + i * s_place, s_place, at, elements, \
                     weights + c, step, more ? more + i * channels : NULL, (u64)channels, (u32)end->act, end->alpha);      \
      }                                                                                                                    \
    }                                                                                                                      \
  }                                                                                                                        \
  /* packed: a row of biases, then one for each element of the window, each padded to a multiple of 16 channels. */        \
  void flk_conv_depth_##T(fl_worker *worker, T *out, const T *in, const T *packed, const T *add, const i64 *window,        \
                          const i64 *ends, u64 rows) {                                                                     \
    const fl_window *w = (const fl_window *)window;                                                                        \
    const fl_conv_end *end = (const fl_conv_end *)ends;                                                                    \
    i64 plane = w->in[0] * w->in[1] * w->in[2], elements = w->window[0] * w->window[1] * w->window[2];                     \
    i64 lines = strip_lines(w, sizeof(T), PLACES);                                                                         \
    void *mark = fl_temp_mark(worker);                                                                                     \
    T *copy = unpadded(w) ? NULL : fl_temp_lines(worker, strip_room_##T(w, lines));                                         \
    i64 *at = fl_temp(worker, (u64)elements * sizeof(i64));                                                                \
    for (u64 r = 0; r < rows; r++, in += plane * w->in_channels)                                                           \
      for (i64 z = 0; z < w->out[0]; z++)                                                                                  \
        for (i64 y = 0; y < w->out[1]; y += lines) {                                                                       \
          i64 some = w->out[1] - y < lines ? w->out[1] - y : lines, e = 0;                                                 \
          strip_steps steps;                                                                                               \
          const T *s = strip_##T(copy, in, w, z, y, some, &steps);                                                         \
          for (i64 k = 0; k < w->window[0]; k++)                                                                           \
            for (i64 j = 0; j < w->window[1]; j++)                                                                         \
              for (i64 i = 0; i < w->window[2]; i++)                                                                       \
                at[e++] = k * steps.depth + j * w->dilation[1] * steps.line + i * w->dilation[2] * w->in_channels;         \
          for (i64 l = 0; l < some; l++) {                                                                                 \
            line_##T(worker, out, w, end, s + l * w->stride[1] * steps.line, at, elements, packed, add);                           \
            out += w->out[2] * end->stride;                                                                                \
            if (add) add += w->out[2] * w->in_channels;                                                                    \
          }                                                                                                                \
        }                                                                                                                  \
    fl_temp_release(worker, mark);                                                                                         \
  }
DEPTH(f32)
DEPTH(f64)
