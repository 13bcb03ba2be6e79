/* conv_depth.c: depthwise convolutions, each channel by itself: a place's channels across the lanes, a window's weights one vector an
 * element. Windows are read where they lie; zeros are read for what lies outside. */
#include "gemm_tile.h"
#include "kernels.h"
#include "window.h"

#define ABREAST 8 /* places at once, that share the weights' loads */
#define OFTEN (1 << 22)
#define ALL _Pragma("GCC unroll 16")

/* A window's line of 3 or 5 neighbouring places, of places that are neighbours: what one's window has, its neighbour's has too. */
static i64 shares(const fl_window *w) {
  return w->stride[2] == 1 && w->dilation[2] == 1 && (w->window[2] == 3 || w->window[2] == 5) ? w->window[2] : 0;
}

#define DEPTH_ARGS(T)                                                                                                      \
  T *out, const fl_window *w, const fl_conv_end *end, const T *const *at, const T *weights, const T *add
#define DEPTH(T)                                                                                                           \
  /* The sums over a line of the window, one vector of channels from c on; each place has its own elements. */             \
  FL void along_##T(v_##T *acc, const u32 places, const T *const *at, i64 c, const T *weights, i64 step, i64 wide) {       \
    for (i64 i = 0; i < wide; i++) {                                                                                       \
      v_##T f = fl_load_##T(weights + i * step);                                                                           \
      ALL for (u32 j = 0; j < places; j++) acc[j] = fl_fma_##T(f, fl_load_##T(at[j * wide + i] + c), acc[j]);              \
    }                                                                                                                      \
  }                                                                                                                        \
  /* The same where they share them: each is loaded once. */                                                               \
  FL void shared_##T(v_##T *acc, const u32 places, const T *const *at, i64 c, const T *weights, i64 step, const u32 wide) { \
    v_##T in[ABREAST + 4];                                                                                                 \
    ALL for (u32 j = 0; j < places + wide - 1; j++) in[j] = fl_load_##T(at[j] + c);                                        \
    ALL for (u32 i = 0; i < wide; i++) {                                                                                   \
      v_##T f = fl_load_##T(weights + i * step);                                                                           \
      ALL for (u32 j = 0; j < places; j++) acc[j] = fl_fma_##T(f, in[i + j], acc[j]);                                      \
    }                                                                                                                      \
  }                                                                                                                        \
  /* Neighbouring places, so many; `at` has their windows' elements line by line. */                                       \
  FL void places_##T(const u32 places, DEPTH_ARGS(T)) {                                                                    \
    i64 channels = w->in_channels, step = (channels + 15) / 16 * 16, wide = w->window[2], high = w->window[0] * w->window[1]; \
    i64 sharing = shares(w);                                                                                               \
    u32 act = (u32)end->act;                                                                                               \
    for (i64 c = 0; c < channels; c += 16) {                                                                               \
      const T *f = weights + step + c, *const *line = at;                                                                  \
      v_##T acc[ABREAST];                                                                                                  \
      /* The results' memory is asked for before the sums. */                                                               \
      ALL for (u32 j = 0; j < places; j++) acc[j] = fl_load_##T(weights + c), __builtin_prefetch(out + j * end->stride + c, 1); \
      if (sharing == 3)                                                                                                    \
        for (i64 l = 0; l < high; l++, f += 3 * step, line += places + 2) shared_##T(acc, places, line, c, f, step, 3);    \
      else if (sharing)                                                                                                    \
        for (i64 l = 0; l < high; l++, f += 5 * step, line += places + 4) shared_##T(acc, places, line, c, f, step, 5);    \
      else                                                                                                                 \
        for (i64 l = 0; l < high; l++, f += wide * step, line += places * wide) along_##T(acc, places, line, c, f, step, wide); \
      T part[ABREAST * 16], *to = channels - c < 16 ? part : out + c;                                                      \
      i64 stride = channels - c < 16 ? 16 : end->stride;                                                                   \
      ALL for (u32 j = 0; j < places; j++) {                                                                               \
        if (add) acc[j] = fl_add_##T(acc[j], fl_load_##T(add + j * channels + c));                                         \
        if (act == FL_ACT_RELU || act == FL_ACT_RELU_TO) acc[j] = fl_max_##T(acc[j], fl_set_##T(0));                       \
        if (act == FL_ACT_RELU_TO) acc[j] = fl_min_##T(acc[j], fl_set_##T((T)end->alpha));                                 \
        fl_store_##T(to + j * stride, acc[j]);                                                                             \
      }                                                                                                                    \
      if (act > FL_ACT_RELU && act != FL_ACT_RELU_TO) activate_##T(to, (u64)stride, places, 1, act, end->alpha);           \
      if (to == part)                                                                                                      \
        for (u32 j = 0; j < places; j++) __builtin_memcpy(out + j * end->stride + c, part + j * 16, (u64)(channels - c) * sizeof(T)); \
    }                                                                                                                      \
  }                                                                                                                        \
  DEPTH_J(T, 1) DEPTH_J(T, 2) DEPTH_J(T, 3) DEPTH_J(T, 4) DEPTH_J(T, 5) DEPTH_J(T, 6) DEPTH_J(T, 7) DEPTH_J(T, 8)          \
  /* Where the elements of n places' windows lie, from place (z, y, x) of a row on. */                                     \
  FL void find_##T(const T **at, const T *in, const fl_window *w, i64 z, i64 y, i64 x, i64 n, const T *zeros) {            \
    i64 wide = w->window[2], sharing = shares(w), places = sharing ? 1 : n, each = sharing ? n + wide - 1 : wide;          \
    for (i64 k = 0; k < w->window[0]; k++)                                                                                 \
      for (i64 j = 0; j < w->window[1]; j++) {                                                                             \
        i64 iz = z * w->stride[0] - w->before[0] + k * w->dilation[0], iy = y * w->stride[1] - w->before[1] + j * w->dilation[1]; \
        u32 there = (u64)iz < (u64)w->in[0] && (u64)iy < (u64)w->in[1];                                                    \
        const T *line = there ? in + (iz * w->in[1] + iy) * w->in[2] * w->in_channels : zeros;                             \
        i64 step = there ? w->in_channels : 0, first = x * w->stride[2] - w->before[2];                                    \
        if (!there || (first >= 0 && first + (n - 1) * w->stride[2] + (wide - 1) * w->dilation[2] < w->in[2])) {           \
          line += first * step;                                                                                            \
          for (i64 p = 0; p < places; p++, line += w->stride[2] * step)                                                    \
            for (i64 i = 0; i < each; i++) *at++ = line + i * w->dilation[2] * step;                                       \
        } else {                                                                                                           \
          for (i64 p = 0; p < places; p++, first += w->stride[2])                                                          \
            for (i64 i = 0; i < each; i++) {                                                                               \
              i64 ix = first + i * w->dilation[2];                                                                         \
              *at++ = (u64)ix < (u64)w->in[2] ? line + ix * step : zeros;                                                  \
            }                                                                                                              \
        }                                                                                                                  \
      }                                                                                                                    \
  }                                                                                                                        \
  /* packed: a row of biases, then one for each element of the window, each padded to a multiple of 16 channels. */        \
  void flk_conv_depth_##T(fl_worker *worker, T *out, const T *in, const T *packed, const T *add, const i64 *window,        \
                          const i64 *ends, u64 rows) {                                                                     \
    const fl_window *w = (const fl_window *)window;                                                                        \
    const fl_conv_end *end = (const fl_conv_end *)ends;                                                                    \
    i64 plane = w->in[0] * w->in[1] * w->in[2] * w->in_channels, elements = w->window[0] * w->window[1] * w->window[2];    \
    u64 padded = (u64)(w->in_channels + 15) / 16 * 16;                                                                     \
    i64 blocks = (w->out[2] + ABREAST - 1) / ABREAST, most = (w->out[2] + blocks - 1) / blocks; /* of about one size */    \
    i64 left = 0; /* operations until the next look whether the run is to end */                                           \
    void *mark = fl_temp_mark(worker);                                                                                     \
    T *zeros = fl_temp_lines(worker, padded * sizeof(T));                                                                  \
    __builtin_memset(zeros, 0, padded * sizeof(T));                                                                        \
    const T **at = fl_temp(worker, (u64)elements * ABREAST * sizeof *at);                                                  \
    for (u64 r = 0; r < rows; r++, in += plane)                                                                            \
      for (i64 z = 0; z < w->out[0]; z++)                                                                                  \
        for (i64 y = 0; y < w->out[1]; y++)                                                                                \
          for (i64 x = 0, n; x < w->out[2]; x += n) {                                                                      \
            n = w->out[2] - x < most ? w->out[2] - x : most;                                                               \
            if (left <= 0) fl_obey(worker), left = OFTEN;                                                                  \
            left -= n * elements * (i64)padded;                                                                            \
            find_##T(at, in, w, z, y, x, n, zeros);                                                                        \
            switch (n) {                                                                                                   \
              DEPTH_CALL(T, 1) DEPTH_CALL(T, 2) DEPTH_CALL(T, 3) DEPTH_CALL(T, 4)                                          \
              DEPTH_CALL(T, 5) DEPTH_CALL(T, 6) DEPTH_CALL(T, 7) DEPTH_CALL(T, 8)                                          \
            }                                                                                                              \
            out += n * end->stride;                                                                                        \
            if (add) add += n * w->in_channels;                                                                            \
          }                                                                                                                \
    fl_temp_release(worker, mark);                                                                                         \
  }
#define DEPTH_J(T, J) \
  static __attribute__((noinline)) void depth_##T##_##J(DEPTH_ARGS(T)) { places_##T(J, out, w, end, at, weights, add); }
#define DEPTH_CALL(T, J) case J: depth_##T##_##J(out, w, end, at, packed, add); break;
DEPTH(f32)
DEPTH(f64)
