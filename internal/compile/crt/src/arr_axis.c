/* arr_axis.c: models' operators over the last axis of arrays: count vectors of n elements, one after the other.
 *
 * Sums are in ascending order, whatever the number of vectors; several vectors at once hide the latency of their additions. */
#include "kernels.h"
#include "strands.h"

#define ABREAST 8

/* out[v] = fold of vector v, for ABREAST vectors at once and for what is left over. */
#define FOLD(T, STEP)                                                             \
  for (; v + ABREAST <= count; v += ABREAST, x += ABREAST * n) {                  \
    T acc[ABREAST];                                                               \
    for (u64 k = 0; k < ABREAST; k++) acc[k] = x[k * n];                          \
    for (u64 i = 1; i < n; i++)                                                   \
      for (u64 k = 0; k < ABREAST; k++) acc[k] = STEP(acc[k], x[k * n + i]);      \
    for (u64 k = 0; k < ABREAST; k++) out[v + k] = acc[k];                        \
  }                                                                               \
  for (; v < count; v++, x += n) {                                                \
    T acc = x[0];                                                                 \
    for (u64 i = 1; i < n; i++) acc = STEP(acc, x[i]);                            \
    out[v] = acc;                                                                 \
  }
#define ADD(a, b) ((a) + (b))
#define TIMES(a, b) ((a) * (b))
/* NaN if either is one; it is not equal to itself. */
#define GREATER(a, b) ((a) != (a) ? (a) : (b) != (b) ? (b) : (a) < (b) ? (b) : (a))
#define LESSER(a, b) ((a) != (a) ? (a) : (b) != (b) ? (b) : (b) < (a) ? (b) : (a))

enum { SUM, MEAN, MAX, MIN, PROD }; /* graph.ReduceFn */
/* Integers wrap: U is T without a sign. */
#define REDUCE(T, U)                                                                     \
  void flk_arr_reduce_##T(T *to, const T *from, u32 how, u64 n, u64 count) {             \
    u64 v = 0;                                                                           \
    if (how == MAX) {                                                                    \
      T *out = to;                                                                       \
      const T *x = from;                                                                 \
      FOLD(T, GREATER)                                                                   \
    } else if (how == MIN) {                                                             \
      T *out = to;                                                                       \
      const T *x = from;                                                                 \
      FOLD(T, LESSER)                                                                    \
    } else if (how == PROD) {                                                            \
      U *out = (U *)to;                                                                  \
      const U *x = (const U *)from;                                                      \
      FOLD(U, TIMES)                                                                     \
    } else {                                                                             \
      U *out = (U *)to;                                                                  \
      const U *x = (const U *)from;                                                      \
      FOLD(U, ADD)                                                                       \
    }                                                                                    \
    if (how == MEAN)                                                                     \
      for (v = 0; v < count; v++) to[v] /= (T)n;                                         \
  }
REDUCE(f32, f32)
REDUCE(f64, f64)
REDUCE(i32, u32)
REDUCE(i64, u64)

/* how: bit 0 for the least, bit 1 for the last of equal ones. */
#define ARGEXTREME(T)                                                                    \
  void flk_arr_argextreme_##T(i64 *to, const T *x, u32 how, u64 n, u64 count) {          \
    for (u64 v = 0; v < count; v++, x += n) {                                            \
      u64 best = 0;                                                                      \
      for (u64 i = 1; i < n; i++)                                                        \
        if ((how & 1 ? x[i] < x[best] : x[i] > x[best]) || (how & 2 && x[i] == x[best])) best = i; \
      to[v] = (i64)best;                                                                 \
    }                                                                                    \
  }
ARGEXTREME(f32)
ARGEXTREME(f64)
ARGEXTREME(i32)
ARGEXTREME(i64)

/* A vector at p of which `left` elements count, in a whole register; the others are as the first. */
#define HEAD(T)                                                                          \
  FL v_##T head_##T(const T *p, u64 left) {                                              \
    if (left >= 16) return fl_load_##T(p);                                               \
    T part[16];                                                                          \
    for (u64 i = 0; i < 16; i++) part[i] = p[i < left ? i : 0];                          \
    return fl_load_##T(part);                                                            \
  }                                                                                      \
  /* The greatest of a vector, NaN if any is. */                                         \
  static T greatest_##T(const T *x, u64 n) {                                             \
    v_##T m = head_##T(x, n);                                                            \
    u32 odd = fl_any_m(fl_isnan_##T(m));                                                 \
    for (u64 i = 16; i < n; i += 16) {                                                   \
      v_##T e = head_##T(x + i, n - i);                                                  \
      odd |= fl_any_m(fl_isnan_##T(e));                                                  \
      m = fl_max_##T(m, e);                                                              \
    }                                                                                    \
    T part[16];                                                                          \
    fl_store_##T(part, m);                                                               \
    for (u32 i = 1; i < 16; i++) part[0] = GREATER(part[0], part[i]);                    \
    return odd ? (T)__builtin_nan("") : part[0];                                         \
  }
HEAD(f32)
HEAD(f64)

FL f32 log_f32(f32 x) {
  f32 part[16];
  fl_store_f32(part, fl_log_f32(fl_set_f32(x)));
  return part[0];
}
FL f64 log_f64(f64 x) {
  f64 y;
  flk_log_f64(&y, &x, 1, 1);
  return y;
}
FL void exp_f32(f32 *p, v_f32 x, u64 left) { fl_put_f32(p, fl_exp_f32(x), left); }
FL void exp_f64(f64 *p, v_f64 x, u64 left) {
  f64 part[16], y[16];
  fl_store_f64(part, x);
  flk_exp_f64(y, part, 0, 16);
  fl_put_f64(p, fl_load_f64(y), left);
}

#define SOFTMAX(T)                                                                                                  \
  static void some_##T(T *out, const T *x, u32 log, u64 n, u64 vectors) {                                           \
    T m[ABREAST], sum[ABREAST];                                                                                     \
    for (u64 k = 0; k < vectors; k++) {                                                                             \
      m[k] = greatest_##T(x + k * n, n);                                                                            \
      for (u64 i = 0; i < n; i += 16)                                                                               \
        exp_##T(out + k * n + i, fl_sub_##T(head_##T(x + k * n + i, n - i), fl_set_##T(m[k])), n - i);              \
    }                                                                                                               \
    if (vectors == ABREAST) {                                                                                       \
      for (u64 k = 0; k < ABREAST; k++) sum[k] = out[k * n];                                                        \
      for (u64 i = 1; i < n; i++)                                                                                   \
        for (u64 k = 0; k < ABREAST; k++) sum[k] += out[k * n + i];                                                 \
    } else {                                                                                                        \
      for (u64 k = 0; k < vectors; k++) {                                                                           \
        sum[k] = out[k * n];                                                                                        \
        for (u64 i = 1; i < n; i++) sum[k] += out[k * n + i];                                                       \
      }                                                                                                             \
    }                                                                                                               \
    for (u64 k = 0; k < vectors; k++) {                                                                             \
      v_##T by = fl_set_##T(log ? log_##T(sum[k]) : sum[k]), high = fl_set_##T(m[k]);                               \
      for (u64 i = 0; i < n; i += 16) {                                                                             \
        u64 at = k * n + i;                                                                                         \
        v_##T y = log ? fl_sub_##T(fl_sub_##T(head_##T(x + at, n - i), high), by) : fl_div_##T(head_##T(out + at, n - i), by); \
        fl_put_##T(out + at, y, n - i);                                                                                \
      }                                                                                                             \
    }                                                                                                               \
  }                                                                                                                 \
  void flk_arr_softmax_##T(T *out, const T *x, u32 log, u64 n, u64 count) {                                         \
    for (u64 v = 0; v < count; v += ABREAST)                                                                        \
      some_##T(out + v * n, x + v * n, log, n, count - v < ABREAST ? count - v : ABREAST);                          \
  }
SOFTMAX(f32)
SOFTMAX(f64)

enum { L1, L2, HIGHEST }; /* graph.Norm */
#define NORMALIZE(T, ABS, SQRT)                                                              \
  void flk_arr_normalize_##T(T *out, const T *x, u32 how, u64 n, u64 count) {                \
    for (u64 v = 0; v < count; v++, x += n, out += n) {                                      \
      T norm = how == L2 ? x[0] * x[0] : how == L1 ? ABS(x[0]) : x[0];                       \
      for (u64 i = 1; i < n; i++)                                                            \
        norm = how == L2 ? norm + x[i] * x[i] : how == L1 ? norm + ABS(x[i]) : GREATER(norm, x[i]); \
      if (how == L2) norm = SQRT(norm);                                                      \
      if (norm == 0) norm = 1;                                                               \
      for (u64 i = 0; i < n; i++) out[i] = x[i] / norm;                                      \
    }                                                                                        \
  }
NORMALIZE(f32, __builtin_fabsf, __builtin_sqrtf)
NORMALIZE(f64, __builtin_fabs, __builtin_sqrt)
