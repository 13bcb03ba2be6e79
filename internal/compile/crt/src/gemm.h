/* gemm.h: products of matrices, the inner part of recurrent layers and attention, and what those of dense layers and convolutions
 * (conv.c, network.c) have in common with them: packed matrices, and activations.
 *
 * Numbers: every sum begins with its bias and adds its products in ascending order, one fused multiply-add each (on the baseline a
 * product and a sum, each rounded), so that a result depends on its row and its column only: not on blocks, tiles, threads or
 * how many rows there are. An activation gives the bits of the primitives that it is made of.
 *
 * A packed matrix of k rows and n columns lies in panels of FL_PANEL columns (the last one narrower, padded with zeros to a
 * multiple of 16): a panel has a row of biases, then the k rows, each as wide as the panel. Go packs weights
 * (ml/registry/packed.go), fl_gemm_pack_* does at run time. Matrices that are not packed are row major: element (i, j) of c
 * lies at c[i * ldc + j].
 */
#ifndef FL_GEMM_H
#define FL_GEMM_H
#include "fl.h"

enum fl_act {
  FL_ACT_NONE,
  FL_ACT_RELU,       /* x < 0 ? 0 : x */
  FL_ACT_LEAKY_RELU, /* x < 0 ? alpha * x : x */
  FL_ACT_ELU,        /* x < 0 ? (exp(x) - 1) * alpha : x */
  FL_ACT_SIGMOID,
  FL_ACT_TANH,
  FL_ACT_SOFTPLUS,
  FL_ACT_ERF,
  FL_ACT_EXP,
  FL_ACT_RELU_TO,    /* ReLU, alpha at most */
  FL_ACT_SWISH,      /* x * sigmoid(x) */
  FL_ACT_HARD_SWISH, /* x * max(min(x * 1/6 + 1/2, 1), 0) */
  FL_ACT_GELU,       /* x/2 * (1 + erf(x/sqrt(2))) */
  FL_ACT_GELU_TANH,  /* x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))) */
  FL_ACTS
};
#define FL_PANEL 48

/* c = a · b + bias: a has m rows of k, b is packed (bias included), c has m rows of n. c must not overlap a. */
void fl_gemm_f32(f32 *c, u64 ldc, const f32 *a, u64 lda, const f32 *b, u64 m, u64 n, u64 k);
void fl_gemm_f64(f64 *c, u64 ldc, const f64 *a, u64 lda, const f64 *b, u64 m, u64 n, u64 k);

/* c = c + a · b: the sums begin with what c has, the biases of b are not used. */
void fl_gemm_onto_f32(f32 *c, u64 ldc, const f32 *a, u64 lda, const f32 *b, u64 m, u64 n, u64 k);
void fl_gemm_onto_f64(f64 *c, u64 ldc, const f64 *a, u64 lda, const f64 *b, u64 m, u64 n, u64 k);

/* c = a · b with b as it lies in memory, k rows of n. What is a worker's temporary memory holds a panel of b. */
void fl_matmul_f32(fl_worker *w, f32 *c, u64 ldc, const f32 *a, u64 lda, const f32 *b, u64 ldb, u64 m, u64 n, u64 k);
void fl_matmul_f64(fl_worker *w, f64 *c, u64 ldc, const f64 *a, u64 lda, const f64 *b, u64 ldb, u64 m, u64 n, u64 k);

/* Packs b, k × n (if transposed it lies as n rows of k); bias may be NULL. `to` has room for fl_gemm_packed(k, n) elements. */
u64 fl_gemm_packed(u64 k, u64 n);
void fl_gemm_pack_f32(f32 *to, const f32 *b, u64 ldb, u32 transposed, const f32 *bias, u64 k, u64 n);
void fl_gemm_pack_f64(f64 *to, const f64 *b, u64 ldb, u32 transposed, const f64 *bias, u64 k, u64 n);
#endif
