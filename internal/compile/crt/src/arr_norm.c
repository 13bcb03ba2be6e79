/* arr_norm.c: LayerNorm over models' arrays: count vectors of n elements, one after the other.
 *
 * Sums are made in strands, one a lane, whatever the instruction set; graph.Strands tells how. */
#include "kernels.h"
#include "strands.h"

#define LAYER_NORM(T, SQRT)                                                                                              \
  void flk_arr_layer_norm_##T(T *out, const T *x, const T *scale, const T *shift, T epsilon, u64 n, u64 count) {         \
    for (u64 c = 0; c < count; c++, x += n, out += n) {                                                                  \
      v_##T sum = fl_set_##T(0), squares = sum;                                                                          \
      for (u64 i = 0; i < n; i += 16) sum = fl_add_##T(sum, fl_some_##T(x + i, n - i));                                  \
      v_##T mean = fl_set_##T(fl_strands_##T(sum) / (T)n);                                                               \
      for (u64 i = 0; i < n; i += 16) {                                                                                  \
        fl_put_##T(out + i, fl_sub_##T(fl_some_##T(x + i, n - i), mean), n - i);                                         \
        v_##T d = fl_some_##T(out + i, n - i);                                                                           \
        squares = fl_add_##T(squares, fl_mul_##T(d, d));                                                                 \
      }                                                                                                                  \
      v_##T inverse = fl_set_##T((T)1 / SQRT(fl_strands_##T(squares) / (T)n + epsilon));                                 \
      for (u64 i = 0; i < n; i += 16) {                                                                                  \
        v_##T d = fl_mul_##T(fl_mul_##T(fl_some_##T(out + i, n - i), inverse), fl_some_##T(scale + i, n - i));           \
        fl_put_##T(out + i, fl_add_##T(d, fl_some_##T(shift + i, n - i)), n - i);                                        \
      }                                                                                                                  \
    }                                                                                                                    \
  }
LAYER_NORM(f32, __builtin_sqrtf)
LAYER_NORM(f64, __builtin_sqrt)
