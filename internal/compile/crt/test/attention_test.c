/* attention_test.c: LayerNorm and attention over models' arrays (arr_norm.c, attention.c) against plain loops, to the bit. What they
 * read and write is allocated to the byte, so that the sanitizer sees any element beyond. */
#include "activated.h"
#include "testing.h"

static u32 rare; /* one in so many numbers is special; 0 for none */
static f64 some(void) {
  static const f64 special[] = {0, -0.0, INFINITY, -INFINITY, NAN, 1e30, -1e30, 1e-40};
  return rare && rnd() % rare == 0 ? special[rnd() % 8] : (f64)(i64)rnd() / 5e18;
}

#define TESTS(T, SQRT)                                                                                           \
  static u32 same_##T(T a, T b) { return !memcmp(&a, &b, sizeof a) || (a != a && b != b); }                      \
  static T *vector_##T(u64 n) {                                                                                  \
    T *p = malloc(n * sizeof(T) + !n);                                                                           \
    for (u64 i = 0; i < n; i++) p[i] = (T)some();                                                                \
    return p;                                                                                                    \
  }                                                                                                              \
  static T exp_##T(T x) {                                                                                        \
    T a[16] = {x}, d[16];                                                                                        \
    flk_exp_##T(d, a, 0, 1);                                                                                     \
    return d[0];                                                                                                 \
  }                                                                                                              \
  static T strands_##T(const T *x, u64 n) {                                                                      \
    T part[16] = {0};                                                                                            \
    for (u64 i = 0; i < n; i++) part[i % 16] += x[i];                                                            \
    for (u64 k = 8; k; k /= 2)                                                                                   \
      for (u64 j = 0; j < k; j++) part[j] += part[j + k];                                                        \
    return part[0];                                                                                              \
  }                                                                                                              \
  static void test_norm_##T(u64 n, u64 count) {                                                                  \
    T *x = vector_##T(n * count), *scale = vector_##T(n), *shift = vector_##T(n), *out = vector_##T(n * count);  \
    T *d = vector_##T(n), *square = vector_##T(n), epsilon = (T)1e-5;                                            \
    flk_arr_layer_norm_##T(out, x, scale, shift, epsilon, n, count);                                             \
    for (u64 c = 0; c < count; c++) {                                                                            \
      T mean = strands_##T(x + c * n, n) / (T)n;                                                                 \
      for (u64 i = 0; i < n; i++) d[i] = x[c * n + i] - mean, square[i] = d[i] * d[i];                           \
      T inverse = (T)1 / SQRT(strands_##T(square, n) / (T)n + epsilon);                                          \
      for (u64 i = 0; i < n; i++) {                                                                              \
        T y = d[i] * inverse, z = y * scale[i];                                                                  \
        if (!same_##T(out[c * n + i], z + shift[i]))                                                             \
          failed("layer_norm_" #T " of %lu x %lu: (%lu, %lu) is %g", count, n, c, i, (f64)out[c * n + i]);       \
      }                                                                                                          \
    }                                                                                                            \
    free(x), free(scale), free(shift), free(out), free(d), free(square);                                         \
  }                                                                                                              \
  /* Two rows of `heads` heads; the mask has one row for all heads and, if flat, for all places. */             \
  static void test_attention_##T(u64 heads, u64 s, u64 t, u64 d, u64 e, u32 how, u32 flat, u32 step) {           \
    u64 rows = 2, mask_row = flat ? (step ? t : 1) : s * (step ? t : 1), size = how == 2 ? 1 : sizeof(T);        \
    T *q = vector_##T(rows * s * heads * d), *k = vector_##T(rows * t * heads * d), *v = vector_##T(rows * t * heads * e); \
    T *out = vector_##T(rows * s * heads * e), *w = vector_##T(t), scale = (T)0.3, fill = (T)-1e9;               \
    u8 *mask = how == 2 ? malloc(rows * mask_row) : (u8 *)vector_##T(rows * mask_row);                           \
    for (u64 i = 0; how == 2 && i < rows * mask_row; i++) mask[i] = rnd() % 2;                                   \
    i64 shape[16 + 5 * 8] = {(i64)heads, (i64)s, (i64)t, (i64)d, (i64)e, (i64)(heads * d), (i64)(heads * d), (i64)(heads * e), \
                             (i64)(heads * e), flat ? 0 : step ? (i64)t : 1, (i64)step, (i64)(s * heads * d), (i64)(t * heads * d), \
                             (i64)(t * heads * e), (i64)mask_row, (i64)(s * heads * e)};                         \
    for (u64 h = 0; h < heads; h++) {                                                                            \
      i64 *at = shape + 16 + 5 * h;                                                                              \
      at[0] = at[1] = (i64)(h * d), at[2] = at[4] = (i64)(h * e), at[3] = 0;                                     \
    }                                                                                                            \
    flk_arr_attention_##T(&worker, out, q, k, v, mask, how, scale, fill, shape, rows);                           \
    for (u64 r = 0; r < rows; r++)                                                                               \
      for (u64 i = 0; i < s; i++)                                                                                \
        for (u64 h = 0; h < heads; h++) {                                                                        \
          T most = -(T)INFINITY;                                                                                 \
          for (u64 j = 0; j < t; j++) {                                                                          \
            T x = 0;                                                                                             \
            for (u64 c = 0; c < d; c++) x = STEP_##T(q[((r * s + i) * heads + h) * d + c], k[((r * t + j) * heads + h) * d + c], x); \
            x *= scale;                                                                                          \
            const u8 *m = mask + (r * mask_row + (flat ? 0 : i * (step ? t : 1)) + j * step) * size;             \
            if (how == 1) x += *(const T *)m;                                                                    \
            if (how == 2 && !*m) x = fill;                                                                       \
            w[j] = x, most = most < x ? x : most;                                                                \
          }                                                                                                      \
          for (u64 j = 0; j < t; j++) w[j] = exp_##T(w[j] - most);                                               \
          T inverse = (T)1 / strands_##T(w, t);                                                                  \
          for (u64 j = 0; j < t; j++) w[j] *= inverse;                                                           \
          for (u64 c = 0; c < e; c++) {                                                                          \
            T x = 0, got = out[((r * s + i) * heads + h) * e + c];                                               \
            for (u64 j = 0; j < t; j++) x = STEP_##T(w[j], v[((r * t + j) * heads + h) * e + c], x);             \
            if (!same_##T(got, x))                                                                               \
              failed("attention_" #T " %lux%lux%lux%lux%lu mask %u: row %lu, (%lu, %lu, %lu) is %g, not %g", heads, s, t, d, e, how, r, i, \
                     h, c, (f64)got, (f64)x);                                                                    \
          }                                                                                                      \
        }                                                                                                        \
    free(q), free(k), free(v), free(out), free(w), free(mask);                                                   \
    fl_temp_reset(&worker);                                                                                      \
  }
TESTS(f32, sqrtf)
TESTS(f64, sqrt)

int main(void) {
  static const u64 lengths[] = {1, 2, 5, 15, 16, 17, 33, 64, 100, 384};
  for (u64 i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    rare = i % 3 ? 50 * (u32)lengths[i] : 0;
    test_norm_f32(lengths[i], 1 + rnd() % 5);
    test_norm_f64(lengths[i], 1 + rnd() % 5);
  }
  for (u32 round = 0; round < 60; round++) {
    u64 heads = 1 + rnd() % 4, s = 1 + rnd() % 40, t = 1 + rnd() % (round % 8 ? 70 : 700), d = 1 + rnd() % 40, e = 1 + rnd() % 70;
    u32 how = round % 3, flat = rnd() % 2, step = rnd() % 4 != 0;
    rare = round % 4 ? 0 : 400;
    test_attention_f32(heads, s, t, d, e, how, flat, step);
    test_attention_f64(heads, s, t, d, e, how, flat, step);
  }
  return report("attention");
}
