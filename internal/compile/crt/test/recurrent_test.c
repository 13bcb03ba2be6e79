/* recurrent_test.c: recurrent layers against plain loops: to the bit with activations that are exact, nearly so with the others. */
#include "../src/recurrent.h"
#include "activated.h"
#include "testing.h"

static u64 draw(u64 below) { return rnd() % below; }
static f64 some(void) { return (f64)(i64)rnd() / 3e19; }

#define TEST(T)                                                                                                           \
  static T squashed_##T(const fl_recurrent *l, u32 which, T x) {                                                          \
    T a = (T)l->act[which].alpha, b = (T)l->act[which].beta;                                                              \
    switch (l->act[which].fn) {                                                                                           \
      case FL_SQUASH_SIGMOID: return (T)(1 / (1 + exp(-(f64)x)));                                                         \
      case FL_SQUASH_TANH: return (T)tanh((f64)x);                                                                        \
      case FL_SQUASH_RELU: return x < 0 ? 0 : x;                                                                          \
      case FL_SQUASH_AFFINE: x = a * x; return x + b;                                                                     \
      case FL_SQUASH_LEAKY_RELU: return x < 0 ? a * x : x;                                                                \
      case FL_SQUASH_THRESHOLDED_RELU: return x >= a ? x : 0;                                                             \
      case FL_SQUASH_SCALED_TANH: return a * (T)tanh((f64)(b * x));                                                       \
      case FL_SQUASH_HARD_SIGMOID: x = a * x; x = x + b; return x < 0 ? 0 : x > 1 ? 1 : x;                                \
      case FL_SQUASH_ELU: return x < 0 ? a * (T)expm1((f64)x) : x;                                                        \
      case FL_SQUASH_SOFTSIGN: return x / (1 + (x < 0 ? -x : x));                                                         \
    }                                                                                                                     \
    return (T)(fmax((f64)x, 0) + log1p(exp(-fabs((f64)x))));                                                              \
  }                                                                                                                       \
  static T clipped_##T(const fl_recurrent *l, T x) {                                                                      \
    T c = (T)l->clip;                                                                                                     \
    return c == 0 ? x : x < -c ? -c : x > c ? c : x;                                                                      \
  }                                                                                                                       \
  static void onto_##T(T *sums, const T *v, const T *w, i64 n, i64 k) {                                                   \
    for (i64 j = 0; j < n; j++)                                                                                           \
      for (i64 i = 0; i < k; i++) sums[j] = STEP_##T(v[i], w[i * n + j], sums[j]);                                        \
  }                                                                                                                       \
  static T *matrix_##T(u64 n) {                                                                                           \
    T *p = malloc(n * sizeof(T) + 1);                                                                                     \
    for (u64 i = 0; i < n; i++) p[i] = (T)some();                                                                         \
    return p;                                                                                                             \
  }                                                                                                                       \
  static T *packed_##T(const T *w, const T *bias, i64 k, i64 n) {                                                         \
    T *p = malloc(fl_gemm_packed((u64)k, (u64)n) * sizeof(T));                                                            \
    fl_gemm_pack_##T(p, w, (u64)n, 0, bias, (u64)k, (u64)n);                                                              \
    return p;                                                                                                             \
  }                                                                                                                       \
  /* One sequence, by the formulas at graph.Cell. */                                                                      \
  static void plainly_##T(const fl_recurrent *l, T *out, const T *x, T *h, T *c, i64 length, const T *w, const T *bias,   \
                          const T *r, const T *n, const T *nb, const T *p) {                                              \
    i64 hidden = l->hidden, gates = l->cell == FL_RNN ? 1 : l->cell == FL_GRU ? 3 : 4, across = l->directions * hidden;   \
    T *s = malloc((u64)(gates * hidden) * sizeof(T)), *u = malloc((u64)hidden * sizeof(T));                               \
    out += l->direction * hidden;                                                                                         \
    for (i64 t = length; t < l->steps; t++) memset(out + t * across, 0, (u64)hidden * sizeof(T));                         \
    for (i64 k = 0; k < length; k++) {                                                                                    \
      i64 t = l->flags & FL_REC_BACKWARD ? length - 1 - k : k;                                                            \
      memcpy(s, bias, (u64)(gates * hidden) * sizeof(T));                                                                 \
      onto_##T(s, x + t * l->in, w, gates * hidden, l->in);                                                               \
      onto_##T(s, h, r, (l->cell == FL_GRU ? 2 : gates) * hidden, hidden);                                                \
      if (l->cell == FL_GRU) {                                                                                            \
        for (i64 j = 0; j < 2 * hidden; j++) s[j] = squashed_##T(l, 0, clipped_##T(l, s[j]));                             \
        T *rest = s + 2 * hidden;                                                                                         \
        if (l->flags & FL_REC_RESET_AFTER) {                                                                              \
          memcpy(u, nb, (u64)hidden * sizeof(T));                                                                         \
          onto_##T(u, h, n, hidden, hidden);                                                                              \
          for (i64 j = 0; j < hidden; j++) u[j] = s[hidden + j] * u[j], rest[j] = rest[j] + u[j];                         \
        } else {                                                                                                          \
          for (i64 j = 0; j < hidden; j++) u[j] = s[hidden + j] * h[j];                                                   \
          onto_##T(rest, u, n, hidden, hidden);                                                                           \
        }                                                                                                                 \
        for (i64 j = 0; j < hidden; j++) {                                                                                \
          T keep = s[j] * h[j], take = (1 - s[j]) * squashed_##T(l, 1, clipped_##T(l, rest[j]));                          \
          h[j] = take + keep;                                                                                             \
        }                                                                                                                 \
      }                                                                                                                   \
      for (i64 j = 0; j < hidden && l->cell == FL_RNN; j++) h[j] = squashed_##T(l, 0, clipped_##T(l, s[j]));              \
      for (i64 j = 0; j < hidden && l->cell == FL_LSTM; j++) {                                                            \
        T gate[4];                                                                                                        \
        for (u32 g = 0; g < 4; g++) gate[g] = s[g * hidden + j];                                                          \
        if (p) {                                                                                                          \
          T a = c[j] * p[j], b = c[j] * p[2 * hidden + j];                                                                \
          gate[0] = gate[0] + a, gate[2] = gate[2] + b;                                                                   \
        }                                                                                                                 \
        T in = squashed_##T(l, 0, clipped_##T(l, gate[0])), keep = squashed_##T(l, 0, clipped_##T(l, gate[2]));           \
        if (l->flags & FL_REC_COUPLED) keep = 1 - in;                                                                     \
        T kept = keep * c[j], taken = in * squashed_##T(l, 1, clipped_##T(l, gate[3]));                                   \
        c[j] = kept + taken;                                                                                              \
        if (p) {                                                                                                          \
          T a = c[j] * p[hidden + j];                                                                                     \
          gate[1] = gate[1] + a;                                                                                          \
        }                                                                                                                 \
        h[j] = squashed_##T(l, 0, clipped_##T(l, gate[1])) * squashed_##T(l, 2, c[j]);                                    \
      }                                                                                                                   \
      memcpy(out + t * across, h, (u64)hidden * sizeof(T));                                                               \
    }                                                                                                                     \
    if (l->flags & FL_REC_STATES) {                                                                                       \
      memcpy(out + l->steps * across, h, (u64)hidden * sizeof(T));                                                        \
      if (l->cell == FL_LSTM) memcpy(out + (l->steps + 1) * across, c, (u64)hidden * sizeof(T));                          \
    }                                                                                                                     \
    free(s), free(u);                                                                                                     \
  }                                                                                                                       \
  static void layer_##T(u32 exact) {                                                                                      \
    static const i64 exactly[] = {FL_SQUASH_RELU, FL_SQUASH_AFFINE, FL_SQUASH_LEAKY_RELU, FL_SQUASH_THRESHOLDED_RELU,     \
                                  FL_SQUASH_HARD_SIGMOID, FL_SQUASH_SOFTSIGN};                                            \
    u64 rows = 1 + draw(exact ? 40 : 5);                                                                                  \
    fl_recurrent l = {.cell = (i64)draw(3), .flags = (i64)draw(256), .sequences = 1 + (i64)draw(3), .steps = 1 + (i64)draw(9), \
                      .in = 1 + (i64)draw(40), .hidden = 1 + (i64)draw(draw(4) ? 40 : 140), .directions = 1 + (i64)draw(2),  \
                      .clip = draw(3) ? 0 : 1.25};                                                                        \
    if (l.cell != FL_LSTM) l.flags &= ~(i64)(FL_REC_FIRST_C | FL_REC_PEEPHOLES);                                          \
    l.direction = (i64)draw((u64)l.directions);                                                                           \
    for (u32 i = 0; i < 3; i++) {                                                                                         \
      l.act[i].fn = exact ? exactly[draw(6)] : (i64)draw(FL_SQUASHES);                                                    \
      l.act[i].alpha = 0.3, l.act[i].beta = 0.5;                                                                          \
    }                                                                                                                     \
    if (!exact && draw(2)) l.act[0].fn = FL_SQUASH_SIGMOID, l.act[1].fn = l.act[2].fn = FL_SQUASH_TANH;                   \
    i64 gates = l.cell == FL_RNN ? 1 : l.cell == FL_GRU ? 3 : 4, own = l.cell == FL_GRU ? 2 : gates, hidden = l.hidden;   \
    u64 all = rows * (u64)l.sequences, state = (u64)(l.directions * hidden), size = (u64)l.steps;                         \
    if (l.flags & FL_REC_STATES) size += l.cell == FL_LSTM ? 2 : 1;                                                       \
    size *= state;                                                                                                        \
    u32 shared = draw(4) == 0; /* the first states are the same in all rows */                                            \
    l.x_row = l.sequences * l.steps * l.in;                                                                               \
    l.first_row = shared ? 0 : l.sequences * (i64)state, l.first_c_row = l.sequences * (i64)state, l.lens_row = l.sequences; \
    T *x = matrix_##T(rows * (u64)l.x_row), *first = matrix_##T(all * state), *first_c = matrix_##T(all * state);         \
    T *w = matrix_##T((u64)(l.in * gates * hidden)), *b = matrix_##T((u64)(gates * hidden)), *r = matrix_##T((u64)(hidden * own * hidden)); \
    T *n = matrix_##T((u64)(hidden * hidden)), *nb = matrix_##T((u64)hidden), *p = matrix_##T(3 * (u64)hidden);           \
    i32 *lens = malloc(all * sizeof *lens);                                                                               \
    for (u64 i = 0; i < all; i++) lens[i] = (i32)draw((u64)l.steps + 1);                                                  \
    T *pw = packed_##T(w, b, l.in, gates * hidden), *pr = packed_##T(r, NULL, hidden, own * hidden);                      \
    T *pn = packed_##T(n, l.flags & FL_REC_RESET_AFTER ? nb : NULL, hidden, hidden);                                      \
    T *got = matrix_##T(all * size), *want = malloc(all * size * sizeof(T));                                              \
    memcpy(want, got, all * size * sizeof(T)); /* the other direction's results stay */                                   \
    flk_recurrent_##T(&worker, got, x, first, first_c, lens, pw, pr, pn, p, (const i64 *)&l, rows, 0);                    \
    for (u64 s = 0; s < all; s++) {                                                                                       \
      u64 row = s / (u64)l.sequences, k = s % (u64)l.sequences, at = (k * (u64)l.directions + (u64)l.direction) * (u64)hidden; \
      T *h = calloc((u64)hidden, sizeof(T)), *c = calloc((u64)hidden, sizeof(T));                                         \
      u32 none = (l.flags & FL_REC_LENS) && !lens[s];                                                                     \
      if (l.flags & FL_REC_FIRST && !none) memcpy(h, first + row * (u64)l.first_row + at, (u64)hidden * sizeof(T));                \
      if (l.flags & FL_REC_FIRST_C && !none) memcpy(c, first_c + row * (u64)l.first_c_row + at, (u64)hidden * sizeof(T));          \
      plainly_##T(&l, want + s * size, x + s * (u64)(l.steps * l.in), h, c, l.flags & FL_REC_LENS ? lens[s] : l.steps, w, b, r, n, nb, \
                  l.flags & FL_REC_PEEPHOLES ? p : NULL);                                                                 \
      free(h), free(c);                                                                                                   \
    }                                                                                                                     \
    for (u64 i = 0; i < all * size; i++)                                                                                  \
      if (got[i] != got[i] && want[i] != want[i]) continue; /* both NaN */                                                  \
      else if (exact ? got[i] != want[i] : !(fabs((f64)(got[i] - want[i])) <= 2e-4 * (1 + fabs((f64)want[i])))) {              \
        failed(#T " cell %ld flags %ld steps %ld in %ld hidden %ld: element %lu of %lu is %g, not %g", (long)l.cell, (long)l.flags, (long)l.steps, \
               (long)l.in, (long)l.hidden, i, all * size, (f64)got[i], (f64)want[i]);                                     \
        break;                                                                                                            \
      }                                                                                                                   \
    free(x), free(first), free(first_c), free(w), free(b), free(r), free(n), free(nb), free(p), free(lens), free(pw), free(pr), free(pn); \
    free(got), free(want);                                                                                                \
    fl_temp_reset(&worker);                                                                                               \
  }
TEST(f32)
TEST(f64)

static void test_length(i32 length) {
  static const f32 x[6], packed[64] __attribute__((aligned(64)));
  static f32 out[3];
  fl_recurrent l = {.cell = FL_RNN, .flags = FL_REC_LENS, .sequences = 1, .steps = 3, .in = 2, .hidden = 1, .directions = 1};
  const char *error = CATCH(flk_recurrent_f32(&worker, out, x, x, x, &length, packed, packed, packed, x, (const i64 *)&l, 1, 0));
  if (!error || strncmp(error, "22003", 5)) failed("a length of %d for 3 steps: %s", length, error ? error : "no error");
  fl_temp_reset(&worker);
}

int main(void) {
  test_length(-1);
  test_length(4);
  for (u32 i = 0; i < 60; i++) {
    layer_f32(i % 2 == 0);
    layer_f64(i % 2 == 0);
  }
  return report("recurrent layers");
}
