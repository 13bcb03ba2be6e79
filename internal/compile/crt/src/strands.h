/* strands.h: vectors of any length as vectors of 16 lanes, and sums in strands (graph.Strands): lane j of the accumulator is strand j. */
#ifndef FL_STRANDS_H
#define FL_STRANDS_H
#include "flv.h"

#define FL_STRANDS(T)                                                                          \
  /* What lies at p, of which `left` elements count; the others are 0. */                      \
  FL v_##T fl_some_##T(const T *p, u64 left) {                                                 \
    if (left >= 16) return fl_load_##T(p);                                                     \
    T part[16] = {0};                                                                          \
    for (u64 i = 0; i < left; i++) part[i] = p[i];                                             \
    return fl_load_##T(part);                                                                  \
  }                                                                                            \
  FL void fl_put_##T(T *p, v_##T x, u64 left) {                                                \
    if (left >= 16) {                                                                          \
      fl_store_##T(p, x);                                                                      \
      return;                                                                                  \
    }                                                                                          \
    T part[16];                                                                                \
    fl_store_##T(part, x);                                                                     \
    for (u64 i = 0; i < left; i++) p[i] = part[i];                                             \
  }                                                                                            \
  FL T fl_strands_##T(v_##T x) {                                                               \
    T part[16];                                                                                \
    fl_store_##T(part, x);                                                                     \
    for (u32 n = 8; n > 0; n /= 2)                                                             \
      for (u32 i = 0; i < n; i++) part[i] += part[i + n];                                      \
    return part[0];                                                                            \
  }
FL_STRANDS(f32)
FL_STRANDS(f64)
#endif
