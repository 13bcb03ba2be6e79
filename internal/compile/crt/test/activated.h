/* activated.h: the steps and the activations of products of matrices, for the tests of their kernels. */
#ifndef ACTIVATED_H
#define ACTIVATED_H
#include "../src/gemm.h"
#include "../src/kernels.h"
#include <math.h>

#ifdef __FMA__
#define STEP_f32(a, b, c) fmaf(a, b, c)
#define STEP_f64(a, b, c) fma(a, b, c)
#else
#define STEP_f32(a, b, c) ((a) * (b) + (c))
#define STEP_f64(a, b, c) ((a) * (b) + (c))
#endif

/* What the activation of one number is: the primitive's kernel over a block of 16. */
#define ACTIVATED(T)                                                                                             \
  static inline T activated_##T(T x, u32 act, T alpha) {                                                         \
    T a[16] = {x}, d[16], k;                                                                                     \
    switch (act) {                                                                                               \
      case FL_ACT_RELU: return x < 0 ? 0 : x;                                                                    \
      case FL_ACT_LEAKY_RELU: return x < 0 ? x * alpha : x;                                                      \
      case FL_ACT_ELU: return flk_exp_##T(d, a, 0, 1), k = d[0] - 1, x < 0 ? k * alpha : x;                      \
      case FL_ACT_SIGMOID: return flk_sigmoid_##T(d, a, 0, 1), d[0];                                             \
      case FL_ACT_TANH: return flk_tanh_##T(d, a, 0, 1), d[0];                                                   \
      case FL_ACT_SOFTPLUS: return flk_softplus_##T(d, a, 0, 1), d[0];                                           \
      case FL_ACT_ERF: return flk_erf_##T(d, a, 0, 1), d[0];                                                     \
      case FL_ACT_EXP: return flk_exp_##T(d, a, 0, 1), d[0];                                                     \
      case FL_ACT_RELU_TO: return x = x < 0 ? 0 : x, alpha < x ? alpha : x;                                      \
      case FL_ACT_SWISH: return flk_sigmoid_##T(d, a, 0, 1), x * d[0];                                           \
      case FL_ACT_HARD_SWISH: k = x * (T)(1.0 / 6) + (T)0.5, k = k > 1 ? 1 : k; return x * (k < 0 ? 0 : k);      \
      case FL_ACT_GELU: return a[0] *= (T)0.70710678118654752, flk_erf_##T(d, a, 0, 1), k = x * (T)0.5, d[0] += 1, k * d[0]; \
      case FL_ACT_GELU_TANH:                                                                                     \
        k = x * x, k = STEP_##T(k, (T)0.035677408136300125, (T)0.79788456080286536), a[0] = x * k;               \
        return flk_tanh_##T(d, a, 0, 1), k = x * (T)0.5, d[0] += 1, k * d[0];                                    \
    }                                                                                                            \
    return x;                                                                                                    \
  }
ACTIVATED(f32)
ACTIVATED(f64)
#endif
