/* model_near_test.c: distances, the best of many lanes, and coupled probabilities, against a few lines of C. */
#include "../src/kernels.h"
#include "testing.h"
#include <math.h>

#define LANES 40
#ifdef __FMA__
#define STEP32(a, c) fmaf(a, a, c)
#define STEP64(a, c) fma(a, a, c)
#else
#define STEP32(a, c) ((a) * (a) + (c))
#define STEP64(a, c) ((a) * (a) + (c))
#endif

static u32 draw(u32 below) { return (u32)(rnd() % below); }

#define NEAR(T, STEP)                                                                                                 \
  static void test_distance_##T(void) {                                                                               \
    static T in[LANES][FL_BLOCK] __attribute__((aligned(64))), out[LANES][FL_BLOCK] __attribute__((aligned(64)));     \
    static T points[LANES * LANES];                                                                                   \
    const T *ins[LANES];                                                                                              \
    T *outs[LANES];                                                                                                   \
    for (u32 k = 0; k < LANES; k++) {                                                                                 \
      ins[k] = in[k];                                                                                                 \
      outs[k] = out[k];                                                                                               \
      for (u32 r = 0; r < FL_BLOCK; r++) in[k][r] = (T)(i64)rnd() / (T)1e18;                                          \
      for (u32 i = 0; i < LANES; i++) points[k * LANES + i] = (T)(i64)rnd() / (T)1e18;                                \
    }                                                                                                                 \
    for (u32 round = 0; round < 40; round++) {                                                                        \
      u32 p = 1 + round % 4, features = 1 + draw(LANES), count = 1 + draw(LANES), n = 1 + draw(FL_BLOCK);             \
      flk_distance_##T(outs, ins, points, p, features, count, n);                                                     \
      for (u32 j = 0; j < count; j++)                                                                                 \
        for (u32 r = 0; r < n; r++) {                                                                                 \
          T sum = 0;                                                                                                  \
          for (u32 i = 0; i < features; i++) {                                                                        \
            T d = in[i][r] - points[j * features + i], a = d < 0 ? -d : d, x = a;                                     \
            for (u32 k = 1; k < p; k++) x *= a;                                                                       \
            sum = p == 2 ? STEP(d, sum) : sum + x;                                                                    \
          }                                                                                                           \
          if (sum != out[j][r]) failed("distance " #T " power %u: point %u row %u: %g, not %g", p, j, r, (double)out[j][r], (double)sum); \
        }                                                                                                             \
    }                                                                                                                 \
  }
NEAR(f32, STEP32)
NEAR(f64, STEP64)

/* The nearest points are the least distances. */
static void test_nearest(void) {
  static f32 in[5][FL_BLOCK] __attribute__((aligned(64))), far[LANES][FL_BLOCK] __attribute__((aligned(64)));
  static f32 got[LANES][FL_BLOCK] __attribute__((aligned(64))), want[LANES][FL_BLOCK] __attribute__((aligned(64)));
  static i32 at[LANES][FL_BLOCK] __attribute__((aligned(64))), index[LANES][FL_BLOCK] __attribute__((aligned(64)));
  f32 points[5 * LANES];
  const f32 *ins[5], *fars[LANES];
  f32 *gots[LANES], *wants[LANES], *out[LANES];
  i32 *ats[LANES], *indices[LANES];
  for (u32 i = 0; i < 5 * LANES; i++) points[i] = (f32)draw(4);
  for (u32 k = 0; k < 5; k++) {
    ins[k] = in[k];
    for (u32 r = 0; r < FL_BLOCK; r++) in[k][r] = (f32)draw(4);
  }
  for (u32 k = 0; k < LANES; k++) {
    fars[k] = out[k] = far[k];
    gots[k] = got[k];
    wants[k] = want[k];
    ats[k] = at[k];
    indices[k] = index[k];
  }
  for (u32 round = 0; round < 30; round++) {
    u32 p = 1 + round % 3, count = 1 + draw(LANES), k = 1 + draw(count), n = 1 + draw(FL_BLOCK);
    flk_distance_f32(out, ins, points, p, 5, count, n);
    flk_top_f32(wants, fars, count, k, 1, n);
    flk_top_index_f32(&worker, indices, fars, count, k, 1, n);
    flk_nearest_f32(&worker, gots, ins, points, p, 5, count, k, n);
    flk_nearest_index_f32(&worker, ats, ins, points, p, 5, count, k, n);
    for (u32 j = 0; j < k; j++)
      if (memcmp(got[j], want[j], n * 4) || memcmp(at[j], index[j], n * 4)) failed("nearest %u of %u", j, count);
    fl_temp_reset(&worker);
  }
}

/* Ties and NaN are frequent. */
#define TOP(T, RANDOM, ABOVE)                                                                                         \
  static void test_top_##T(void) {                                                                                    \
    static T in[LANES][FL_BLOCK] __attribute__((aligned(64))), out[LANES][FL_BLOCK] __attribute__((aligned(64)));     \
    static i32 at[LANES][FL_BLOCK] __attribute__((aligned(64)));                                                      \
    const T *ins[LANES];                                                                                              \
    T *outs[LANES];                                                                                                   \
    i32 *ats[LANES];                                                                                                  \
    for (u32 k = 0; k < LANES; k++) {                                                                                 \
      ins[k] = in[k];                                                                                                 \
      outs[k] = out[k];                                                                                               \
      ats[k] = at[k];                                                                                                 \
      for (u32 r = 0; r < FL_BLOCK; r++) in[k][r] = RANDOM;                                                           \
    }                                                                                                                 \
    for (u32 round = 0; round < 60; round++) {                                                                        \
      u32 least = round % 2, count = 1 + draw(LANES), k = 1 + draw(count), n = 1 + draw(FL_BLOCK);                    \
      flk_top_##T(outs, ins, count, k, least, n);                                                                     \
      flk_top_index_##T(&worker, ats, ins, count, k, least, n);                                                       \
      for (u32 r = 0; r < n; r++) {                                                                                   \
        u64 taken = 0;                                                                                                \
        for (u32 j = 0; j < k; j++) {                                                                                 \
          u32 best = 64;                                                                                              \
          for (u32 i = 0; i < count; i++) {                                                                           \
            if (taken >> i & 1) continue;                                                                             \
            if (best == 64 || (least ? ABOVE(in[best][r], in[i][r]) : ABOVE(in[i][r], in[best][r]))) best = i;        \
          }                                                                                                           \
          taken |= 1ul << best;                                                                                       \
          if ((u32)at[j][r] != best) failed("top_index " #T " %u of %u: row %u has %d, not %u", j, count, r, at[j][r], best); \
          if (memcmp(&out[j][r], &in[best][r], sizeof(T))) failed("top " #T " %u of %u: row %u", j, count, r);        \
        }                                                                                                             \
      }                                                                                                               \
    }                                                                                                                 \
    fl_temp_reset(&worker);                                                                                           \
  }
#define GREATER(a, b) ((a) > (b))
#define GREATER_NAN(a, b) ((a) > (b) || ((a) != (a) && (b) == (b)))
TOP(f32, draw(9) ? (f32)draw(12) : NAN, GREATER_NAN)
TOP(f64, draw(9) ? (f64)draw(12) : NAN, GREATER_NAN)
TOP(i64, (i64)draw(12) - 6, GREATER)

/* Probabilities that agree with each other are found again. */
static void test_couple(void) {
  static f32 in[64 * 63 / 2][16] __attribute__((aligned(64))), out[64][16] __attribute__((aligned(64)));
  static const f32 *ins[64 * 63 / 2];
  static f32 *outs[64];
  for (u32 k = 2; k <= 64; k += k < 8 ? 1 : 28) {
    f32 p[64][16];
    for (u32 r = 0; r < 16; r++) {
      f32 sum = 0;
      for (u32 i = 0; i < k; i++) sum += p[i][r] = 0.05f + (f32)draw(1000) / 1000;
      for (u32 i = 0; i < k; i++) p[i][r] /= sum;
    }
    u32 pair = 0;
    for (u32 i = 0; i < k; i++) {
      outs[i] = out[i];
      for (u32 j = i + 1; j < k; j++, pair++) {
        ins[pair] = in[pair];
        for (u32 r = 0; r < 16; r++) in[pair][r] = p[i][r] / (p[i][r] + p[j][r]);
      }
    }
    flk_couple_f32(outs, ins, k, 16);
    for (u32 r = 0; r < 16; r++) {
      f32 sum = 0;
      for (u32 i = 0; i < k; i++) {
        sum += out[i][r];
        if (fabsf(out[i][r] - p[i][r]) > 0.02f) failed("couple %u: class %u has %g, not %g", k, i, (double)out[i][r], (double)p[i][r]);
      }
      if (fabsf(sum - 1) > 1e-4f) failed("couple %u: probabilities add up to %g", k, (double)sum);
    }
  }
}

int main(void) {
  test_distance_f32();
  test_distance_f64();
  test_nearest();
  test_top_f32();
  test_top_f64();
  test_top_i64();
  test_couple();
  return report("near kernels");
}
