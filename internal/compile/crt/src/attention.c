/* attention.c: softmax(q·kᵀ·scale, masked)·v of models' arrays, head by head.
 *
 * Of a head, keys and values are packed once; then go as many rows of scores at a time as stay near, so that scores are never kept. */
#include "gemm.h"
#include "kernels.h"
#include "strands.h"

enum { MASK_NONE, MASK_ADDS, MASK_KEEPS }; /* ml/lower/array_attention.go */
/* The table that describes a call: lengths, how many elements rows lie apart, and a band's rows; then of each head where its
 * matrices begin. */
enum { HEADS, S, T, D, E, Q_LD, K_LD, V_LD, OUT_LD, MASK_LD, MASK_STEP, Q_ROW, K_ROW, V_ROW, MASK_ROW, OUT_ROW, SHAPE };
enum { Q_AT, K_AT, V_AT, MASK_AT, OUT_AT, PLACES };
/* The bytes of scores that are computed at a time. */
#define SCORES 32768

#define ATTENTION(F)                                                                                                         \
  /* A row of scores, scaled and masked, in place; what pads it is -inf. The greatest. */                                    \
  FL v_##F masked_##F(F *p, u64 n, F scale, const u8 *mask, u32 how, u64 step, F fill) {                                     \
    v_##F high = fl_set_##F((F)-__builtin_inf()), by = fl_set_##F(scale);                                                    \
    for (u64 i = 0; i < n; i += 16) {                                                                                        \
      v_##F x = fl_mul_##F(fl_load_##F(p + i), by);                                                                          \
      if (how == MASK_ADDS)                                                                                                  \
        x = fl_add_##F(x, step ? fl_some_##F((const F *)mask + i, n - i) : fl_set_##F(*(const F *)mask));                    \
      else if (how == MASK_KEEPS)                                                                                            \
        x = fl_sel_##F(fl_ne_u8(step ? kept(mask + i, n - i) : fl_set_u8(*mask), fl_set_u8(0)), x, fl_set_##F(fill));        \
      fl_store_##F(p + i, x);                                                                                                \
      if (n - i >= 16) high = fl_max_##F(high, x);                                                                           \
    }                                                                                                                        \
    F part[16];                                                                                                              \
    fl_store_##F(part, high);                                                                                                \
    for (u64 i = n / 16 * 16; i < n; i++) part[i % 16] = part[i % 16] < p[i] ? p[i] : part[i % 16];                          \
    for (u64 i = n; i % 16; i++) p[i] = (F)-__builtin_inf();                                                                 \
    for (u32 i = 1; i < 16; i++) part[0] = part[0] < part[i] ? part[i] : part[0];                                            \
    return fl_set_##F(part[0]);                                                                                              \
  }                                                                                                                          \
  /* Scores to weights. NaN, wherever it is, comes to all of them. */                                                        \
  FL void weights_##F(F *p, u64 n, v_##F high) {                                                                             \
    v_##F sum = fl_set_##F(0);                                                                                               \
    for (u64 i = 0; i < n; i += 16) {                                                                                        \
      v_##F e = fl_exp_##F(fl_sub_##F(fl_load_##F(p + i), high));                                                            \
      fl_store_##F(p + i, e);                                                                                                \
      sum = fl_add_##F(sum, e);                                                                                              \
    }                                                                                                                        \
    v_##F inverse = fl_set_##F((F)1 / fl_strands_##F(sum));                                                                  \
    for (u64 i = 0; i < n; i += 16) fl_store_##F(p + i, fl_mul_##F(fl_load_##F(p + i), inverse));                            \
  }                                                                                                                          \
  void flk_arr_attention_##F(fl_worker *w, F *out, const F *q, const F *k, const F *v, const u8 *mask, u32 how, F scale,     \
                             F fill, const i64 *shape, u64 rows) {                                                           \
    u64 s = (u64)shape[S], t = (u64)shape[T], d = (u64)shape[D], e = (u64)shape[E], ld = (t + 15) / 16 * 16;                 \
    u64 size = how == MASK_ADDS ? sizeof(F) : 1, most = SCORES / (ld * sizeof(F)) / 8 * 8, block = most < 8 ? 8 : most;      \
    void *mark = fl_temp_mark(w);                                                                                            \
    F *keys = fl_temp(w, fl_gemm_packed(d, t) * sizeof(F)), *values = fl_temp(w, fl_gemm_packed(t, e) * sizeof(F));          \
    F *scores = fl_temp(w, block * ld * sizeof(F));                                                                          \
    for (u64 r = 0; r < rows; r++) {                                                                                         \
      for (i64 h = 0; h < shape[HEADS]; h++) {                                                                               \
        const i64 *at = shape + SHAPE + PLACES * h;                                                                          \
        fl_gemm_pack_##F(keys, k + at[K_AT], (u64)shape[K_LD], 1, NULL, d, t);                                               \
        fl_gemm_pack_##F(values, v + at[V_AT], (u64)shape[V_LD], 0, NULL, t, e);                                             \
        for (u64 i = 0; i < s; i += block) {                                                                                 \
          u64 m = s - i < block ? s - i : block;                                                                             \
          fl_obey(w);                                                                                                        \
          fl_gemm_##F(scores, ld, q + at[Q_AT] + i * (u64)shape[Q_LD], (u64)shape[Q_LD], keys, m, t, d);      \
          for (u64 j = 0; j < m; j++) {                                                                                      \
            F *p = scores + j * ld;                                                                                          \
            const u8 *its = mask + ((u64)at[MASK_AT] + (i + j) * (u64)shape[MASK_LD]) * size;                                \
            weights_##F(p, t, masked_##F(p, t, scale, its, how, (u64)shape[MASK_STEP], fill));                               \
          }                                                                                                                  \
          fl_gemm_##F(out + at[OUT_AT] + i * (u64)shape[OUT_LD], (u64)shape[OUT_LD], scores, ld, values, m, e, t); \
        }                                                                                                                    \
      }                                                                                                                      \
      q += shape[Q_ROW], k += shape[K_ROW], v += shape[V_ROW], out += shape[OUT_ROW], mask += (u64)shape[MASK_ROW] * size;   \
    }                                                                                                                        \
    fl_temp_release(w, mark);                                                                                                \
  }
static inline v_u8 kept(const u8 *p, u64 left) {
  if (left >= 16) return fl_load_u8(p);
  u8 part[16] = {0};
  for (u64 i = 0; i < left; i++) part[i] = p[i];
  return fl_load_u8(part);
}
ATTENTION(f32)
ATTENTION(f64)
