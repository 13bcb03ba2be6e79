/* recurrent.c: recurrent layers over models' arrays: one direction of an RNN, GRU or LSTM; formulas are at graph.Cell.
 *
 * A group of sequences advances together, so that weights which no near cache holds are read once a step for all of them. The
 * products with the inputs are done for a chunk of steps at once, from a copy of the inputs in the order of the steps; then each
 * step adds its products with the states, by gemm.h too, and goes over the gates. States and gates stay in the nearer caches; only
 * the results go to the rows' arrays. Every sum has its order from its row and column alone, as in gemm.h.
 *
 * Rows of states and gates are padded to whole vectors: what lies there is computed along and never read. */
#include "recurrent.h"
#include "flv.h"
#include "gemm.h"
#include "kernels.h"

#define GROUP 64  /* the most sequences of a group */
#define CHUNK 192 /* the products with inputs that are done at once, in rows of a matrix */

#define UP(n) (((n) + 15) / 16 * 16)

#define RECURRENT(T)                                                                                                        \
  typedef struct {                                                                                                          \
    i64 fn;                                                                                                                 \
    T alpha, beta;                                                                                                          \
  } squash_##T;                                                                                                             \
  FL v_##T apply_##T(squash_##T a, v_##T x) {                                                                               \
    v_##T zero = fl_set_##T(0), one = fl_set_##T(1), alpha = fl_set_##T(a.alpha), beta = fl_set_##T(a.beta);                \
    switch (a.fn) {                                                                                                         \
      case FL_SQUASH_SIGMOID: return fl_sigmoid_##T(x);                                                                     \
      case FL_SQUASH_TANH: return fl_tanh_##T(x);                                                                           \
      case FL_SQUASH_RELU: return fl_max_##T(x, zero);                                                                      \
      case FL_SQUASH_AFFINE: return fl_add_##T(fl_mul_##T(alpha, x), beta);                                                 \
      case FL_SQUASH_LEAKY_RELU: return fl_sel_##T(fl_olt_##T(x, zero), fl_mul_##T(x, alpha), x);                           \
      case FL_SQUASH_THRESHOLDED_RELU: return fl_sel_##T(fl_oge_##T(x, alpha), x, zero);                                    \
      case FL_SQUASH_SCALED_TANH: return fl_mul_##T(alpha, fl_tanh_##T(fl_mul_##T(beta, x)));                               \
      case FL_SQUASH_HARD_SIGMOID:                                                                                          \
        return fl_min_##T(fl_max_##T(fl_add_##T(fl_mul_##T(alpha, x), beta), zero), one);                                   \
      case FL_SQUASH_ELU:                                                                                                   \
        return fl_sel_##T(fl_olt_##T(x, zero), fl_mul_##T(fl_sub_##T(fl_exp_##T(x), one), alpha), x);                       \
      case FL_SQUASH_SOFTSIGN: return fl_div_##T(x, fl_add_##T(one, fl_abs_##T(x)));                                        \
    }                                                                                                                       \
    return fl_softplus_##T(x);                                                                                              \
  }                                                                                                                         \
  /* What the steps of a group know: the layer, its activations, and the group's memory. Rows of h, c and u are `wide` apart. */ \
  typedef struct {                                                                                                          \
    const fl_recurrent *l;                                                                                                  \
    squash_##T f, g, k;                                                                                                     \
    T clip;                                                                                                                 \
    const T *states, *candidate, *peephole;                                                                                 \
    u64 hidden, wide, gates;                                                                                                \
    T *h, *c, *u;                                                                                                           \
  } group_##T;                                                                                                              \
  FL v_##T clipped_##T(const group_##T *p, v_##T x) {                                                                       \
    return p->clip == 0 ? x : fl_max_##T(fl_min_##T(x, fl_set_##T(p->clip)), fl_set_##T(-p->clip));                         \
  }                                                                                                                         \
  FL void rnn_row_##T(const group_##T *p, squash_##T f, const T *s, T *h) {                                                 \
    for (u64 j = 0; j < p->hidden; j += 16) fl_store_##T(h + j, apply_##T(f, clipped_##T(p, fl_load_##T(s + j))));          \
  }                                                                                                                         \
  /* u becomes r·h where the product with it is still to come, and else the whole sum of the last gate. */                    \
  FL void gru_gates_##T(const group_##T *p, squash_##T f, T *s, const T *h, T *u) {                                         \
    u64 n = p->hidden, after = p->l->flags & FL_REC_RESET_AFTER;                                                            \
    for (u64 j = 0; j < n; j += 16) {                                                                                       \
      v_##T r = apply_##T(f, clipped_##T(p, fl_load_##T(s + n + j)));                                                       \
      if (after) {                                                                                                          \
        fl_store_##T(u + j, fl_add_##T(fl_load_##T(s + 2 * n + j), fl_mul_##T(r, fl_load_##T(u + j))));                     \
      } else {                                                                                                              \
        fl_store_##T(u + j, fl_mul_##T(r, fl_load_##T(h + j)));                                                             \
      }                                                                                                                     \
    }                                                                                                                       \
  }                                                                                                                         \
  FL void gru_row_##T(const group_##T *p, squash_##T f, squash_##T g, const T *s, const T *sum, T *h) {                     \
    for (u64 j = 0; j < p->hidden; j += 16) {                                                                               \
      v_##T z = apply_##T(f, clipped_##T(p, fl_load_##T(s + j))), n = apply_##T(g, clipped_##T(p, fl_load_##T(sum + j)));   \
      v_##T kept = fl_mul_##T(z, fl_load_##T(h + j));                                                                       \
      fl_store_##T(h + j, fl_add_##T(fl_mul_##T(fl_sub_##T(fl_set_##T(1), z), n), kept));                                   \
    }                                                                                                                       \
  }                                                                                                                         \
  FL v_##T lstm_gate_##T(const group_##T *p, const T *s, u64 gate, u64 j, v_##T c) {                                        \
    u64 n = p->hidden;                                                                                                      \
    v_##T x = fl_load_##T(s + gate * n + j);                                                                                \
    if (p->peephole) x = fl_add_##T(x, fl_mul_##T(c, fl_load_##T(p->peephole + gate * n + j)));                             \
    return clipped_##T(p, x);                                                                                               \
  }                                                                                                                         \
  FL void lstm_row_##T(const group_##T *p, squash_##T f, squash_##T g, squash_##T k, const T *s, T *h, T *c) {              \
    u64 n = p->hidden, coupled = p->l->flags & FL_REC_COUPLED;                                                              \
    for (u64 j = 0; j < n; j += 16) {                                                                                       \
      v_##T before = fl_load_##T(c + j), i = apply_##T(f, lstm_gate_##T(p, s, 0, j, before)), keep;                         \
      if (coupled)                                                                                                          \
        keep = fl_sub_##T(fl_set_##T(1), i);                                                                                \
      else                                                                                                                  \
        keep = apply_##T(f, lstm_gate_##T(p, s, 2, j, before));                                                             \
      v_##T in = apply_##T(g, clipped_##T(p, fl_load_##T(s + 3 * n + j)));                                                  \
      v_##T now = fl_add_##T(fl_mul_##T(keep, before), fl_mul_##T(i, in));                                                  \
      v_##T o = apply_##T(f, lstm_gate_##T(p, s, 1, j, now));                                                               \
      fl_store_##T(c + j, now);                                                                                             \
      fl_store_##T(h + j, fl_mul_##T(o, apply_##T(k, now)));                                                                \
    }                                                                                                                       \
  }                                                                                                                         \
  /* The usual activations are constants of loops of their own. */                                                          \
  static void lstm_usual_##T(const group_##T *p, const T *s, T *h, T *c) {                                                  \
    squash_##T sigmoid = {FL_SQUASH_SIGMOID, 0, 0}, tanh = {FL_SQUASH_TANH, 0, 0};                                          \
    lstm_row_##T(p, sigmoid, tanh, tanh, s, h, c);                                                                          \
  }                                                                                                                         \
  static void lstm_other_##T(const group_##T *p, const T *s, T *h, T *c) { lstm_row_##T(p, p->f, p->g, p->k, s, h, c); }    \
  static void gru_usual_##T(const group_##T *p, const T *s, const T *sum, T *h) {                                           \
    squash_##T sigmoid = {FL_SQUASH_SIGMOID, 0, 0}, tanh = {FL_SQUASH_TANH, 0, 0};                                          \
    gru_row_##T(p, sigmoid, tanh, s, sum, h);                                                                               \
  }                                                                                                                         \
  static void gru_other_##T(const group_##T *p, const T *s, const T *sum, T *h) { gru_row_##T(p, p->f, p->g, s, sum, h); }  \
  static void gates_usual_##T(const group_##T *p, T *s, const T *h, T *u) {                                                 \
    gru_gates_##T(p, (squash_##T){FL_SQUASH_SIGMOID, 0, 0}, s, h, u);                                                       \
  }                                                                                                                         \
  static void gates_other_##T(const group_##T *p, T *s, const T *h, T *u) { gru_gates_##T(p, p->f, s, h, u); }              \
                                                                                                                            \
  /* One step of n sequences, whose sums with the inputs are at s; those of which `live` is below the step keep their state. */ \
  static void advance_##T(const group_##T *p, T *s, u64 n, const i64 *live, i64 step) {                                     \
    u64 gates = p->gates, hidden = p->hidden, wide = p->wide, cell = (u64)p->l->cell;                                       \
    u32 usual = p->f.fn == FL_SQUASH_SIGMOID && p->g.fn == FL_SQUASH_TANH && (cell != FL_LSTM || p->k.fn == FL_SQUASH_TANH); \
    fl_gemm_onto_##T(s, gates, p->h, wide, p->states, n, cell == FL_GRU ? 2 * hidden : gates, hidden);                      \
    if (cell == FL_GRU) {                                                                                                   \
      u32 after = (p->l->flags & FL_REC_RESET_AFTER) != 0;                                                                  \
      if (after) fl_gemm_##T(p->u, wide, p->h, wide, p->candidate, n, hidden, hidden);                      \
      for (u64 i = 0; i < n; i++)                                                                                           \
        (usual ? gates_usual_##T : gates_other_##T)(p, s + i * gates, p->h + i * wide, p->u + i * wide);                    \
      if (!after) fl_gemm_onto_##T(s + 2 * hidden, gates, p->u, wide, p->candidate, n, hidden, hidden);                     \
      for (u64 i = 0; i < n; i++)                                                                                           \
        if (step < live[i])                                                                                                 \
          (usual ? gru_usual_##T : gru_other_##T)(p, s + i * gates, after ? p->u + i * wide : s + i * gates + 2 * hidden, p->h + i * wide); \
      return;                                                                                                               \
    }                                                                                                                       \
    for (u64 i = 0; i < n; i++) {                                                                                           \
      if (step >= live[i]) continue;                                                                                        \
      if (cell == FL_LSTM)                                                                                                  \
        (usual ? lstm_usual_##T : lstm_other_##T)(p, s + i * gates, p->h + i * wide, p->c + i * wide);                      \
      else                                                                                                                  \
        rnn_row_##T(p, p->f, s + i * gates, p->h + i * wide);                                                               \
    }                                                                                                                       \
  }                                                                                                                         \
  /* All steps of n sequences; x, out and the others have an address a sequence. */                                         \
  static void walk_##T(fl_worker *w, group_##T *p, T *const *out, const T *const *x, const T *weights, const i64 *live, u64 n) { \
    const fl_recurrent *l = p->l;                                                                                           \
    u64 in = (u64)l->in, hidden = p->hidden, across = (u64)l->directions * hidden;                                          \
    i64 longest = 0, chunk = CHUNK / (i64)n > 0 ? CHUNK / (i64)n : 1;                                                       \
    for (u64 i = 0; i < n; i++) {                                                                                           \
      longest = live[i] > longest ? live[i] : longest;                                                                      \
      for (i64 t = live[i]; t < l->steps; t++) __builtin_memset(out[i] + (u64)t * across, 0, hidden * sizeof(T));           \
    }                                                                                                                       \
    chunk = chunk > longest ? longest : chunk;                                                                              \
    void *mark = fl_temp_mark(w);                                                                                           \
    T *inputs = fl_temp(w, ((u64)chunk * n * in + 16) * sizeof(T));                                                         \
    T *sums = fl_temp(w, ((u64)chunk * n * p->gates + 16) * sizeof(T));                                                     \
    for (i64 from = 0; from < longest; from += chunk) {                                                                     \
      i64 steps = longest - from < chunk ? longest - from : chunk;                                                          \
      fl_obey(w);                                                                                                           \
      for (i64 k = 0; k < steps; k++)                                                                                       \
        for (u64 i = 0; i < n; i++) {                                                                                       \
          T *to = inputs + ((u64)k * n + i) * in;                                                                           \
          i64 t = l->flags & FL_REC_BACKWARD ? live[i] - 1 - from - k : from + k;                                           \
          if (from + k < live[i])                                                                                           \
            __builtin_memcpy(to, x[i] + (u64)t * in, in * sizeof(T));                                                       \
          else                                                                                                              \
            __builtin_memset(to, 0, in * sizeof(T));                                                                        \
        }                                                                                                                   \
      fl_gemm_##T(sums, p->gates, inputs, in, weights, (u64)steps * n, p->gates, in);                       \
      for (i64 k = 0; k < steps; k++) {                                                                                     \
        advance_##T(p, sums + (u64)k * n * p->gates, n, live, from + k);                                                    \
        for (u64 i = 0; i < n; i++) {                                                                                       \
          i64 t = l->flags & FL_REC_BACKWARD ? live[i] - 1 - from - k : from + k;                                           \
          if (from + k < live[i]) __builtin_memcpy(out[i] + (u64)t * across, p->h + i * p->wide, hidden * sizeof(T));       \
        }                                                                                                                   \
      }                                                                                                                     \
    }                                                                                                                       \
    if (l->flags & FL_REC_STATES)                                                                                           \
      for (u64 i = 0; i < n; i++) {                                                                                         \
        T *to = out[i] + (u64)l->steps * across;                                                                            \
        __builtin_memcpy(to, p->h + i * p->wide, hidden * sizeof(T));                                                       \
        if (l->cell == FL_LSTM) __builtin_memcpy(to + across, p->c + i * p->wide, hidden * sizeof(T));                      \
      }                                                                                                                     \
    fl_temp_release(w, mark);                                                                                               \
  }                                                                                                                         \
  void flk_recurrent_##T(fl_worker *w, T *out, const T *x, const T *first, const T *first_c, const i32 *lens,               \
                         const T *weights, const T *states, const T *candidate, const T *peephole, const i64 *layer,        \
                         u64 rows, i32 pos) {                                                                               \
    const fl_recurrent *l = (const fl_recurrent *)layer;                                                                    \
    u64 per_row = (u64)l->sequences, all = rows * per_row, hidden = (u64)l->hidden, wide = UP(hidden);                      \
    u64 across = (u64)l->directions * hidden, result = (u64)l->steps * across;                                              \
    if (l->flags & FL_REC_STATES) result += (l->cell == FL_LSTM ? 2 : 1) * across;                                          \
    void *mark = fl_temp_mark(w);                                                                                           \
    T *own = fl_temp(w, 3 * GROUP * wide * sizeof(T));                                                                      \
    T *peepholes = fl_temp(w, (3 * hidden + 16) * sizeof(T)); /* read by whole vectors */                                   \
    if (l->flags & FL_REC_PEEPHOLES) __builtin_memcpy(peepholes, peephole, 3 * hidden * sizeof(T));                         \
    u64 gates = hidden * (l->cell == FL_RNN ? 1 : l->cell == FL_GRU ? 3 : 4);                                               \
    group_##T p = {l,                                                                                                       \
                   {l->act[0].fn, (T)l->act[0].alpha, (T)l->act[0].beta},                                                   \
                   {l->act[1].fn, (T)l->act[1].alpha, (T)l->act[1].beta},                                                   \
                   {l->act[2].fn, (T)l->act[2].alpha, (T)l->act[2].beta},                                                   \
                   (T)l->clip,                                                                                              \
                   states,                                                                                                  \
                   candidate,                                                                                               \
                   l->flags & FL_REC_PEEPHOLES ? peepholes : NULL,                                                          \
                   hidden,                                                                                                  \
                   wide,                                                                                                    \
                   gates,                                                                                                   \
                   own,                                                                                                     \
                   own + GROUP * wide,                                                                                      \
                   own + 2 * GROUP * wide};                                                                                 \
    for (u64 s = 0; s < all; s += GROUP) {                                                                                  \
      u64 n = all - s < GROUP ? all - s : GROUP;                                                                            \
      T *outs[GROUP];                                                                                                       \
      const T *xs[GROUP];                                                                                                   \
      i64 live[GROUP];                                                                                                      \
      __builtin_memset(own, 0, 3 * GROUP * wide * sizeof(T));                                                               \
      for (u64 i = 0; i < n; i++) {                                                                                         \
        u64 row = (s + i) / per_row, k = (s + i) % per_row, at = (k * (u64)l->directions + (u64)l->direction) * hidden;     \
        outs[i] = out + (s + i) * result + (u64)l->direction * hidden;                                                      \
        xs[i] = x + row * (u64)l->x_row + k * (u64)(l->steps * l->in);                                                      \
        live[i] = l->flags & FL_REC_LENS ? lens[row * (u64)l->lens_row + k] : l->steps;                                     \
        if (live[i] < 0 || live[i] > l->steps)                                                                              \
          fl_raise(w, "22003", pos, "a sequence of %d steps of a model has length %d", l->steps, live[i]);                  \
        if (!live[i]) continue; /* its states are zeros, as ONNX Runtime has it */                                          \
        if (l->flags & FL_REC_FIRST) __builtin_memcpy(p.h + i * wide, first + row * (u64)l->first_row + at, hidden * sizeof(T)); \
        if (l->flags & FL_REC_FIRST_C)                                                                                      \
          __builtin_memcpy(p.c + i * wide, first_c + row * (u64)l->first_c_row + at, hidden * sizeof(T));                   \
      }                                                                                                                     \
      walk_##T(w, &p, outs, xs, weights, live, n);                                                                          \
    }                                                                                                                       \
    fl_temp_release(w, mark);                                                                                               \
  }
RECURRENT(f32)
RECURRENT(f64)
