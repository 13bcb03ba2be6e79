/* model_near.c: distances to stored points, the best of many lanes, and the probabilities of classes from those of pairs. */
#include "kernels.h"
#include "flv.h"

/* ---- distances: tiles of 16 rows and POINTS points pass over the features once. Those of rows r on go to out[j] + at ---- */
#define POINTS 4
#define UNROLL _Pragma("GCC unroll 8")

#define DISTANCE(T)                                                                                                          \
  /* acc + |d|^p: fused for a square, else the product is rounded. */                                                        \
  FL v_##T add_power_##T(v_##T d, u32 p, v_##T acc) {                                                                        \
    if (p == 2) return fl_fma_##T(d, d, acc);                                                                                \
    v_##T a = fl_abs_##T(d), x = a;                                                                                          \
    for (u32 k = 1; k < p; k++) x = fl_mul_##T(x, a);                                                                        \
    return fl_add_##T(acc, x);                                                                                               \
  }                                                                                                                          \
  FL void near_##T(T *const *out, const T *const *in, const T *points, u32 tile, u32 p, u32 features, u32 at, u32 r) {       \
    v_##T acc[POINTS];                                                                                                       \
    UNROLL for (u32 j = 0; j < tile; j++) acc[j] = fl_set_##T(0);                                                            \
    for (u32 i = 0; i < features; i++) {                                                                                     \
      v_##T x = fl_load_##T(in[i] + r);                                                                                      \
      UNROLL for (u32 j = 0; j < tile; j++)                                                                                  \
        acc[j] = add_power_##T(fl_sub_##T(x, fl_set_##T(points[(u64)j * features + i])), p, acc[j]);                         \
    }                                                                                                                        \
    UNROLL for (u32 j = 0; j < tile; j++) fl_store_##T(out[j] + at, acc[j]);                                                 \
  }                                                                                                                          \
  FL void row_near_##T(T *const *out, const T *const *in, const T *points, u32 p, u32 features, u32 count, u32 at, u32 r) {  \
    u32 j = 0;                                                                                                               \
    for (; j + POINTS <= count; j += POINTS) near_##T(out + j, in, points + (u64)j * features, POINTS, p, features, at, r);  \
    for (; j < count; j++) near_##T(out + j, in, points + (u64)j * features, 1, p, features, at, r);                         \
  }                                                                                                                          \
  static void rows_near_##T(T *const *out, const T *const *in, const T *points, u32 p, u32 features, u32 count, u32 at, u32 r) { \
    if (p == 1) row_near_##T(out, in, points, 1, features, count, at, r);                                                    \
    else if (p == 2) row_near_##T(out, in, points, 2, features, count, at, r);                                               \
    else row_near_##T(out, in, points, p, features, count, at, r);                                                           \
  }                                                                                                                          \
  void flk_distance_##T(T *const *out, const T *const *in, const T *points, u32 p, u32 features, u32 count, u32 n) {         \
    for (u32 r = 0; r < n; r += 16) rows_near_##T(out, in, points, p, features, count, r, r);                                \
  }
DISTANCE(f32)
DISTANCE(f64)

/* ---- the k best: a list of k lanes is kept in order, and a lane that is worse than all of it in 16 rows costs a comparison ---- */
static i32 **indices(fl_worker *w, u32 count) {
  i32 **lane = fl_temp(w, count * sizeof *lane), *all = fl_temp(w, (u64)count * 16 * sizeof *all);
  for (u32 j = 0; j < count; j++) lane[j] = all + 16 * j;
  return lane;
}
#define TOP(T)                                                                                                               \
  FL m16 better_##T(v_##T a, v_##T b, u32 least) { return least ? fl_lt_##T(a, b) : fl_gt_##T(a, b); }                       \
  /* Lists start at value[j] + at; index may be NULL. */                                                                     \
  FL void top_##T(T *const *value, i32 *const *index, u32 at, const T *const *in, u32 count, u32 k, u32 least, u32 r) {      \
    for (u32 i = 0; i < count; i++) {                                                                                        \
      u32 j = i < k ? i : k - 1;                                                                                             \
      v_##T x = fl_load_##T(in[i] + r);                                                                                      \
      v_i32 xi = fl_set_i32((i32)i);                                                                                         \
      if (i >= k) {                                                                                                          \
        v_##T last = fl_load_##T(value[j] + at);                                                                             \
        m16 m = better_##T(x, last, least);                                                                                  \
        if (!fl_any_m(m)) continue;                                                                                          \
        x = fl_sel_##T(m, x, last);                                                                                          \
        if (index) xi = fl_sel_i32(m, xi, fl_load_i32(index[j] + at));                                                       \
      }                                                                                                                      \
      for (; j > 0; j--) {                                                                                                   \
        v_##T above = fl_load_##T(value[j - 1] + at);                                                                        \
        m16 m = better_##T(x, above, least);                                                                                 \
        if (!fl_any_m(m)) break;                                                                                             \
        fl_store_##T(value[j] + at, fl_sel_##T(m, above, x));                                                                \
        x = fl_sel_##T(m, x, above);                                                                                         \
        if (!index) continue;                                                                                                \
        v_i32 over = fl_load_i32(index[j - 1] + at);                                                                         \
        fl_store_i32(index[j] + at, fl_sel_i32(m, over, xi));                                                                \
        xi = fl_sel_i32(m, xi, over);                                                                                        \
      }                                                                                                                      \
      fl_store_##T(value[j] + at, x);                                                                                        \
      if (index) fl_store_i32(index[j] + at, xi);                                                                            \
    }                                                                                                                        \
  }                                                                                                                          \
  void flk_top_##T(T *const *out, const T *const *in, u32 count, u32 k, u32 least, u32 n) {                                  \
    for (u32 r = 0; r < n; r += 16) top_##T(out, NULL, r, in, count, k, least, r);                                           \
  }                                                                                                                          \
  /* Lanes of 16 rows in temporary memory. */                                                                               \
  static T **lanes_##T(fl_worker *w, u32 count) {                                                                            \
    T **lane = fl_temp(w, count * sizeof *lane), *all = fl_temp(w, (u64)count * 16 * sizeof *all);                           \
    for (u32 j = 0; j < count; j++) lane[j] = all + 16 * j;                                                                  \
    return lane;                                                                                                             \
  }                                                                                                                          \
  void flk_top_index_##T(fl_worker *w, i32 *const *out, const T *const *in, u32 count, u32 k, u32 least, u32 n) {            \
    void *mark = fl_temp_mark(w);                                                                                            \
    T **value = lanes_##T(w, k);                                                                                             \
    i32 **index = indices(w, k);                                                                                             \
    for (u32 r = 0; r < n; r += 16) {                                                                                        \
      top_##T((T *const *)value, (i32 *const *)index, 0, in, count, k, least, r);                                            \
      for (u32 j = 0; j < k; j++) fl_store_i32(out[j] + r, fl_load_i32(index[j]));                                           \
    }                                                                                                                        \
    fl_temp_release(w, mark);                                                                                                \
  }
TOP(f32)
TOP(f64)
TOP(i64)

/* The nearest of many points: their distances stay in the nearest caches. */
#define NEAREST(T)                                                                                                           \
  void flk_nearest_##T(fl_worker *w, T *const *out, const T *const *in, const T *points, u32 p, u32 features, u32 count,     \
                       u32 k, u32 n) {                                                                                       \
    void *mark = fl_temp_mark(w);                                                                                            \
    T **near = lanes_##T(w, count);                                                                                          \
    for (u32 r = 0; r < n; r += 16) {                                                                                        \
      rows_near_##T((T *const *)near, in, points, p, features, count, 0, r);                                                 \
      top_##T(out, NULL, r, (const T *const *)near, count, k, 1, 0);                                                         \
    }                                                                                                                        \
    fl_temp_release(w, mark);                                                                                                \
  }                                                                                                                          \
  void flk_nearest_index_##T(fl_worker *w, i32 *const *out, const T *const *in, const T *points, u32 p, u32 features,        \
                             u32 count, u32 k, u32 n) {                                                                      \
    void *mark = fl_temp_mark(w);                                                                                            \
    T **near = lanes_##T(w, count), **value = lanes_##T(w, k);                                                               \
    i32 **index = indices(w, k);                                                                                             \
    for (u32 r = 0; r < n; r += 16) {                                                                                        \
      rows_near_##T((T *const *)near, in, points, p, features, count, 0, r);                                                 \
      top_##T((T *const *)value, (i32 *const *)index, 0, (const T *const *)near, count, k, 1, 0);                            \
      for (u32 j = 0; j < k; j++) fl_store_i32(out[j] + r, fl_load_i32(index[j]));                                           \
    }                                                                                                                        \
    fl_temp_release(w, mark);                                                                                                \
  }
NEAREST(f32)
NEAREST(f64)

/* ---- probabilities of classes from those of pairs ---- */
#define PAIR_CLASSES 64 /* MaxCouple of ml/graph */

/* Minimises Σ (r[j][i]·p[i] - r[i][j]·p[j])² over probabilities p by coordinates, as support vector machines do: at most 100
 * passes (or as many as classes), or until no class is off by more than 0.005 of its share. */
static void couple(f32 *p, f32 r[PAIR_CLASSES][PAIR_CLASSES], u32 k) {
  f32 q[PAIR_CLASSES][PAIR_CLASSES], qp[PAIR_CLASSES];
  for (u32 t = 0; t < k; t++) {
    p[t] = 1.0f / (f32)k;
    q[t][t] = 0;
    for (u32 j = 0; j < k; j++) {
      if (j == t) continue;
      q[t][t] += r[j][t] * r[j][t];
      q[t][j] = -r[j][t] * r[t][j];
    }
  }
  for (u32 round = 0; round < (k > 100 ? k : 100); round++) {
    f32 total = 0, worst = 0;
    for (u32 t = 0; t < k; t++) {
      qp[t] = 0;
      for (u32 j = 0; j < k; j++) qp[t] += q[t][j] * p[j];
      total += p[t] * qp[t];
    }
    for (u32 t = 0; t < k; t++) {
      f32 off = __builtin_fabsf(qp[t] - total);
      if (off > worst) worst = off;
    }
    if (worst < 0.005f / (f32)k) break;
    for (u32 t = 0; t < k; t++) {
      f32 d = (-qp[t] + total) / q[t][t], by = 1 + d;
      p[t] += d;
      total = (total + d * (d * q[t][t] + 2 * qp[t])) / by / by;
      for (u32 j = 0; j < k; j++) {
        qp[j] = (qp[j] + d * q[t][j]) / by;
        p[j] /= by;
      }
    }
  }
}

void flk_couple_f32(f32 *const *out, const f32 *const *in, u32 k, u32 n) {
  f32 r[PAIR_CLASSES][PAIR_CLASSES], p[PAIR_CLASSES];
  if (k > PAIR_CLASSES) return;
  for (u32 row = 0; row < n; row++) {
    const f32 *const *pair = in;
    for (u32 i = 0; i < k; i++)
      for (u32 j = i + 1; j < k; j++, pair++) {
        r[i][j] = (*pair)[row];
        r[j][i] = 1 - r[i][j];
      }
    couple(p, r, k);
    for (u32 i = 0; i < k; i++) out[i][row] = p[i];
  }
}
