/* conv_test.c: convolutions and pools (conv.c, pool.c) of random shapes against plain loops over the places of a window, to the bit. */
#include "activated.h"
#include "some_window.h"

/* The place of the input that element (i) of an axis' window meets at place (at) of the result. */
static i64 meets(const fl_window *w, u32 axis, i64 at, i64 i) { return at * w->stride[axis] + i * w->dilation[axis] - w->before[axis]; }
static u32 inside(const fl_window *w, u32 axis, i64 p) { return p >= 0 && p < w->in[axis]; }
static u32 padded(const fl_window *w, u32 axis, i64 p) { return p >= -w->before[axis] && p < w->in[axis] + w->after[axis]; }

#define EACH(i, list, n) for (i64 i = 0; i < (list)[n]; i++)
#define EACH3(a, list) EACH(a##0, list, 0) EACH(a##1, list, 1) EACH(a##2, list, 2)

#define TEST(T)                                                                                                 \
  static T *vector_##T(i64 n, u32 specials) {                                                                   \
    static const T special[] = {NAN, INFINITY, -INFINITY, 0, -0.0};                                             \
    T *p = malloc((u64)n * sizeof(T));                                                                          \
    for (i64 i = 0; i < n; i++) p[i] = specials && rnd() % 50 == 0 ? special[rnd() % 5] : (T)((f64)(i64)rnd() / 9e18); \
    return p;                                                                                                   \
  }                                                                                                             \
  static u32 same_##T(T a, T b) { return !memcmp(&a, &b, sizeof a) || (a != a && b != b); }                     \
  /* The sum of one place and channel; weights are [other, per group, window]. */                               \
  static T summed_##T(const T *in, const T *weights, T sum, const fl_window *w, i64 c0, i64 z, i64 y, i64 x) {  \
    i64 channels = w->in_channels / w->groups, elements = w->window[0] * w->window[1] * w->window[2], e = 0;    \
    EACH3(k, w->window) {                                                                                       \
      i64 iz = meets(w, 0, z, k0), iy = meets(w, 1, y, k1), ix = meets(w, 2, x, k2);                            \
      u32 in_it = inside(w, 0, iz) && inside(w, 1, iy) && inside(w, 2, ix);                                     \
      for (i64 c = 0; c < channels; c++) {                                                                      \
        T v = in_it ? in[((iz * w->in[1] + iy) * w->in[2] + ix) * w->in_channels + c0 + c] : 0;                 \
        sum = STEP_##T(weights[c * elements + e], v, sum);                                                      \
      }                                                                                                         \
      e++;                                                                                                      \
    }                                                                                                           \
    return sum;                                                                                                 \
  }                                                                                                             \
  /* Weights as flk_conv_* reads them, or flk_conv_depth_*. */                                                  \
  static T *packed_##T(const T *weights, const T *bias, const fl_window *w, i64 elements, u32 depthwise) {      \
    i64 channels = w->in_channels / w->groups, sums = w->other / w->groups, k = channels * elements;            \
    if (depthwise) {                                                                                            \
      i64 wide = (w->other + 15) / 16 * 16;                                                                     \
      T *p = calloc((u64)((elements + 1) * wide), sizeof(T));                                                   \
      for (i64 c = 0; c < w->other; c++) {                                                                      \
        p[c] = bias[c];                                                                                         \
        for (i64 e = 0; e < elements; e++) p[(e + 1) * wide + c] = weights[c * elements + e];                   \
      }                                                                                                         \
      return p;                                                                                                 \
    }                                                                                                           \
    u64 each = fl_gemm_packed((u64)k, (u64)sums);                                                               \
    T *p = malloc((u64)w->groups * each * sizeof(T)), *matrix = malloc((u64)(k * sums) * sizeof(T));            \
    for (i64 g = 0; g < w->groups; g++) {                                                                       \
      for (i64 j = 0; j < sums; j++)                                                                            \
        for (i64 c = 0; c < channels; c++)                                                                      \
          for (i64 e = 0; e < elements; e++) matrix[(e * channels + c) * sums + j] = weights[((g * sums + j) * channels + c) * elements + e];\
      fl_gemm_pack_##T(p + (u64)g * each, matrix, (u64)sums, 0, bias + g * sums, (u64)k, (u64)sums);            \
    }                                                                                                           \
    free(matrix);                                                                                               \
    return p;                                                                                                   \
  }                                                                                                             \
  static void test_conv_##T(u32 rank, u64 longest) {                                                            \
    fl_window w = some_window(rank, longest);                                                                   \
    u64 rows = 1 + rnd() % 3;                                                                                   \
    u32 depthwise = rnd() % 4 == 0, pointwise = !depthwise && rnd() % 4 == 0;                                   \
    w.groups = depthwise ? upto(40) : rnd() % 2 ? 1 : upto(4);                                                  \
    i64 channels = depthwise ? 1 : rnd() % 8 ? upto(5) : upto(300), sums = depthwise ? 1 : rnd() % 8 ? upto(9) : upto(100);\
    if (pointwise) {                                                                                            \
      w.groups = 1;                                                                                             \
      for (u32 a = 0; a < 3; a++) w.window[a] = w.stride[a] = 1, w.before[a] = w.after[a] = 0, w.out[a] = w.in[a];\
    }                                                                                                           \
    w.in_channels = channels * w.groups, w.other = sums * w.groups;                                             \
    i64 plane = w.in[0] * w.in[1] * w.in[2], places = w.out[0] * w.out[1] * w.out[2];                           \
    i64 elements = w.window[0] * w.window[1] * w.window[2];                                                     \
    fl_conv_end end = {w.other + (rnd() % 2 ? upto(20) : 0), rnd() % 2 ? FL_ACT_RELU : (i64)(rnd() % FL_ACTS), 0.3};\
    i64 size = (i64)rows * places * end.stride;                                                                 \
    /* Vectors may be read, but not written, beyond the ends. */                                                \
    T *in = vector_##T((i64)rows * w.in_channels * plane + 16, 0), *out = vector_##T(size, 0), *old = malloc((u64)size * sizeof(T));\
    T *weights = vector_##T(w.other * channels * elements, 0), *bias = vector_##T(w.other, 0);                  \
    T *add = rnd() % 2 ? vector_##T((i64)rows * w.other * places + 48, 0) : NULL;                               \
    T *packed = packed_##T(weights, bias, &w, elements, depthwise);                                             \
    memcpy(old, out, (u64)size * sizeof(T));                                                                    \
    (depthwise ? flk_conv_depth_##T : flk_conv_##T)(&worker, out, in, packed, add, (const i64 *)&w, (const i64 *)&end, rows);\
    for (u64 r = 0; r < rows; r++) {                                                                            \
      i64 place = (i64)r * places;                                                                              \
      EACH3(p, w.out) {                                                                                         \
        for (i64 o = 0; o < end.stride; o++) {                                                                  \
          T got = out[place * end.stride + o], want = old[place * end.stride + o];                              \
          if (o < w.other) {                                                                                    \
            want = summed_##T(in + (i64)r * w.in_channels * plane, weights + o * channels * elements, bias[o], &w, o / sums * channels, p0, p1, p2);\
            if (add) want += add[place * w.other + o];                                                          \
            want = activated_##T(want, (u32)end.act, (T)end.alpha);                                             \
          }                                                                                                     \
          if (!same_##T(got, want))                                                                             \
            failed("conv_" #T "%s of %ld channels in %ld groups, activation %ld: row %lu, channel %ld, place %ld,%ld,%ld: %g, not %g",\
                   depthwise ? " by depth" : "", w.in_channels, w.groups, end.act, r, o, p0, p1, p2, (f64)got, (f64)want);\
        }                                                                                                       \
        place++;                                                                                                \
      }                                                                                                         \
    }                                                                                                           \
    free(in), free(out), free(old), free(weights), free(bias), free(add), free(packed);                         \
    fl_temp_reset(&worker);                                                                                     \
  }                                                                                                             \
  static T pooled_##T(const T *in, const fl_window *w, i64 z, i64 y, i64 x) {                                   \
    T acc = 0;                                                                                                  \
    i64 there = 0, counted = 0;                                                                                 \
    EACH3(k, w->window) {                                                                                       \
      i64 iz = meets(w, 0, z, k0), iy = meets(w, 1, y, k1), ix = meets(w, 2, x, k2);                            \
      counted += padded(w, 0, iz) && padded(w, 1, iy) && padded(w, 2, ix);                                      \
      if (!inside(w, 0, iz) || !inside(w, 1, iy) || !inside(w, 2, ix)) continue;                                \
      T v = in[((iz * w->in[1] + iy) * w->in[2] + ix) * w->in_channels];                                                           \
      if (w->other == FL_POOL_MAX) acc = !there ? v : acc != acc || v != v ? acc + v : acc < v ? v : acc;       \
      else acc += v;                                                                                            \
      there++;                                                                                                  \
    }                                                                                                           \
    return w->other == FL_POOL_MEAN ? acc / (T)there : w->other == FL_POOL_MEAN_PADDED ? acc / (T)counted : acc; \
  }                                                                                                             \
  static void test_pool_##T(u32 rank, u64 longest) {                                                            \
    fl_window w = some_window(rank, longest);                                                                   \
    u64 rows = 1 + rnd() % 3;                                                                                   \
    w.in_channels = upto(20), w.other = (i64)(rnd() % 3);                                                       \
    i64 plane = w.in[0] * w.in[1] * w.in[2], places = w.out[0] * w.out[1] * w.out[2];                           \
    T *in = vector_##T((i64)rows * w.in_channels * plane + 16, 1), *out = vector_##T((i64)rows * w.in_channels * places, 0), *to = out;\
    flk_pool_##T(&worker, out, in, (const i64 *)&w, rows);                                                               \
    for (u64 r = 0; r < rows; r++)                                                                              \
      EACH3(p, w.out)                                                                                           \
        for (i64 c = 0; c < w.in_channels; c++) {                                                               \
          T want = pooled_##T(in + (i64)r * w.in_channels * plane + c, &w, p0, p1, p2);                         \
          if (!same_##T(*to, want))                                                                             \
            failed("pool_" #T " %ld, window %ld,%ld,%ld: channel %ld, place %ld,%ld,%ld: %g, not %g", w.other, w.window[0], w.window[1],\
                   w.window[2], c, p0, p1, p2, (f64)*to, (f64)want);                                            \
          to++;                                                                                                 \
        }                                                                                                       \
    free(in), free(out);                                                                                        \
  }
TEST(f32)
TEST(f64)

/* Weights as flk_conv_winograd_f32 reads them. */
static f32 *turned(const f32 *weights, const f32 *bias, const fl_window *w) {
  static const f64 g[4][3] = {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}};
  u64 k = (u64)w->in_channels, n = (u64)w->other, plain = fl_gemm_packed(9 * k, n), each = fl_gemm_packed(k, n);
  f32 *windows = packed_f32(weights, bias, w, 9, 0), *p = malloc((plain + 16 * each) * sizeof(f32)), *matrix = malloc(k * n * sizeof(f32));
  memcpy(p, windows, plain * sizeof(f32));
  for (u64 e = 0; e < 16; e++) {
    for (u64 c = 0; c < k; c++)
      for (u64 o = 0; o < n; o++) {
        f64 sum = 0;
        for (u64 i = 0; i < 9; i++) sum += g[e / 4][i / 3] * g[e % 4][i % 3] * (f64)weights[(o * k + c) * 9 + i];
        matrix[c * n + o] = (f32)sum;
      }
    fl_gemm_pack_f32(p + plain + e * each, matrix, n, 0, NULL, k, n);
  }
  free(windows), free(matrix);
  return p;
}
static f32 *numbers(i64 n, u32 whole) {
  f32 *p = vector_f32(n, 0);
  for (i64 i = 0; whole && i < n; i++) p[i] = (f32)(rnd() % 9) - 4;
  return p;
}
/* Whole numbers give what windows give, to the bit; others nearly, and the same in whatever rows. A row that has a number that is not
 * finite gives what windows give. */
static void test_winograd(u32 whole) {
  fl_window w = {upto(100), upto(100), 1, {1, upto(20), upto(20)}, {1}, {1, 3, 3}, {1, 1, 1}, {1, 1, 1}, {0}, {0}};
  for (u32 a = 1; a < 3; a++) {
    w.before[a] = (i64)(rnd() % 3), w.after[a] = (i64)(rnd() % 3);
    if (w.in[a] + w.before[a] + w.after[a] < 3) w.in[a] = 3;
    w.out[a] = w.in[a] + w.before[a] + w.after[a] - 2;
  }
  if (rnd() % 4 == 0) w.in_channels += 200;
  i64 plane = w.in[1] * w.in[2] * w.in_channels, places = w.out[1] * w.out[2];
  fl_conv_end end = {w.other + (rnd() % 2 ? upto(20) : 0), whole ? (i64)(rnd() % FL_ACTS) : FL_ACT_NONE, 0.3};
  i64 each = places * end.stride;
  f32 *in = numbers(3 * plane + 16, whole), *weights = numbers(w.other * w.in_channels * 9, whole), *bias = numbers(w.other, whole);
  in[plane + (i64)(rnd() % (u64)plane)] = rnd() % 2 ? NAN : rnd() % 2 ? -INFINITY : 3e38f; /* in the second row */
  f32 *add = rnd() % 2 ? numbers(3 * w.other * places + 48, whole) : NULL;
  f32 *out = vector_f32(3 * each, 0), *want = malloc((u64)(3 * each) * sizeof(f32)), *alone = malloc((u64)each * sizeof(f32));
  memcpy(want, out, (u64)(3 * each) * sizeof(f32)), memcpy(alone, out + 2 * each, (u64)each * sizeof(f32));
  f32 *packed = turned(weights, bias, &w);
  flk_conv_f32(&worker, want, in, packed, add, (const i64 *)&w, (const i64 *)&end, 3);
  flk_conv_winograd_f32(&worker, out, in, packed, add, (const i64 *)&w, (const i64 *)&end, 3);
  flk_conv_winograd_f32(&worker, alone, in + 2 * plane, packed, add ? add + 2 * w.other * places : NULL, (const i64 *)&w, (const i64 *)&end, 1);
  for (i64 i = 0; i < 3 * each; i++) {
    u32 outside = i % end.stride >= w.other, exact = outside || whole || i / each == 1;
    f32 far = out[i] - want[i], most = 1e-5f * (f32)w.in_channels;
    if (exact ? !same_f32(out[i], want[i]) : !(far <= most && far >= -most))
      failed("winograd %ldx%ld, %ld to %ld channels, activation %ld, element %ld of row %ld: %g, not %g", w.in[1], w.in[2], w.in_channels,
             w.other, end.act, i % each, i / each, (f64)out[i], (f64)want[i]);
    if (i >= 2 * each && !same_f32(out[i], alone[i - 2 * each])) failed("winograd: element %ld of a row alone", i - 2 * each);
  }
  free(in), free(weights), free(bias), free(add), free(out), free(want), free(alone), free(packed);
  fl_temp_reset(&worker);
}

int main(void) {
  static const u64 longest[] = {60, 20, 6}; /* of an axis, by how many there are */
  for (u32 round = 0; round < 40; round++)
    for (u32 rank = 1; rank <= 3; rank++) {
      u64 most = longest[rank - 1];
      test_conv_f32(rank, most), test_conv_f64(rank, most);
      test_pool_f32(rank, most), test_pool_f64(rank, most);
    }
  for (u32 round = 0; round < 40; round++) test_winograd(round % 2);
  return report("convolutions");
}
