/* arr_move.c: elements of models' arrays on their way: from lanes to a band of rows and back, and from place to place within it.
 *
 * A band is some of a block's rows, each an array of elements one after the other. */
#include "array.h"
#include "kernels.h"
#include <string.h>

void flk_obey(fl_worker *w) { fl_obey(w); }

/* Element k of a band's row i is lane at[i] of array k. */
#define BAND(T)                                                                                  \
  void flk_band_in_##T(T *to, T *const *lanes, u64 size, const u16 *at, u64 rows) {              \
    for (u64 k = 0; k < size; k++)                                                               \
      for (u64 i = 0; i < rows; i++) to[i * size + k] = lanes[k][at[i]];                         \
  }                                                                                              \
  void flk_band_out_##T(T *const *lanes, const T *from, u64 size, const u16 *at, u64 rows) {     \
    for (u64 k = 0; k < size; k++)                                                               \
      for (u64 i = 0; i < rows; i++) lanes[k][at[i]] = from[i * size + k];                       \
  }
BAND(f32)
BAND(f64)
BAND(i32)
BAND(i64)

/* Bytes of an array's element in a band, where smallints are held in 32 bits. */
static u32 held_width(u32 kind) { return kind == FL_I16 ? 4 : kind == FL_VECTOR ? 4 : array_width(kind); }
/* A null is NaN: rows with others are not selected. */
static void fill_nulls(u8 *to, const u8 *bitmap, u64 size, u32 kind) {
  for (u64 k = 0; k < size; k++) {
    if (!array_null(bitmap, (u32)k)) continue;
    if (kind == FL_F32) memcpy(to + k * sizeof(f32), &(f32){__builtin_nanf("")}, sizeof(f32));
    if (kind == FL_F64) memcpy(to + k * sizeof(f64), &(f64){__builtin_nan("")}, sizeof(f64));
  }
}
/* A band's rows are arrays of `size` elements of a kind, or vectors. */
void flk_band_arrays(fl_worker *w, u8 *to, const fl_str *lanes, u64 size, u32 kind, const u16 *at, u64 rows, i32 pos) {
  u64 width = held_width(kind);
  for (u64 i = 0; i < rows; i++, to += size * width) {
    const fl_str *a = &lanes[at[i]];
    fl_array head = {(u32)(a->n / sizeof(f32)), 0};
    if (kind != FL_VECTOR) head = array_head(a);
    if (head.count != size) fl_raise(w, "22000", pos, "a model takes an array of %d elements, not of %d", (i64)size, (i64)head.count);
    if (kind == FL_I16) {
      for (u64 k = 0; k < size; k++) {
        i32 x = (i32)array_get(a, kind, (u32)k).i;
        memcpy(to + k * width, &x, width);
      }
    } else {
      memcpy(to, kind == FL_VECTOR ? a->p : array_values(a), size * width);
    }
    if (head.nulls) fill_nulls(to, array_bitmap(a), size, kind);
  }
}

/* And back: arrays of elements of a kind, one a row of the band, in memory of the block. */
void flk_no_arrays(fl_str *d, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = no_text;
}
void flk_band_out_arrays(fl_worker *w, fl_str *d, const u8 *from, u64 size, u32 kind, const u16 *at, u64 rows) {
  const fl_array head = {(u32)size, 0};
  u64 bytes = size * array_width(kind);
  for (u64 i = 0; i < rows; i++) {
    u8 *to = fl_temp(w, sizeof head + bytes);
    d[at[i]] = (fl_str){to, sizeof head + bytes};
    memcpy(to, &head, sizeof head);
    to += sizeof head;
    if (kind != FL_I16) {
      memcpy(to, from + i * bytes, bytes);
      continue;
    }
    for (u64 k = 0; k < size; k++) { /* held in 32 bits in a band */
      i32 wide;
      memcpy(&wide, from + (i * size + k) * sizeof wide, sizeof wide);
      i16 x = (i16)wide;
      memcpy(to + k * sizeof x, &x, sizeof x);
    }
  }
}

/* Masks are bytes in a band. */
void flk_band_in_m(u8 *to, u64 *const *lanes, u64 size, const u16 *at, u64 rows) {
  for (u64 k = 0; k < size; k++)
    for (u64 i = 0; i < rows; i++) to[i * size + k] = lanes[k][at[i] / 64] >> at[i] % 64 & 1;
}
void flk_band_out_m(u64 *const *lanes, const u8 *from, u64 size, const u16 *at, u64 rows) {
  for (u64 k = 0; k < size; k++)
    for (u64 i = 0; i < rows; i++) {
      u64 *word = &lanes[k][at[i] / 64], bit = (u64)1 << at[i] % 64;
      *word = from[i * size + k] ? *word | bit : *word & ~bit;
    }
}

/* Of every row, so many vectors of `bytes` each to their places in longer vectors. */
void flk_arr_part(u8 *to, const u8 *from, u64 bytes, u64 to_vector, u64 vectors, u64 from_row, u64 rows) {
  for (u64 i = 0; i < rows; i++, from += from_row)
    for (u64 v = 0; v < vectors; v++, to += to_vector) memcpy(to, from + v * bytes, bytes);
}

/* The two innermost loops of a copy by strides. */
#define PLANE(T)                                                                                                     \
  static void plane_##T(T *to, const T *from, u64 n, i64 step, u64 m, i64 up) {                                      \
    if (step == 1) {                                                                                                 \
      for (u64 j = 0; j < m; j++) memcpy(to + j * n, from + (i64)j * up, n * sizeof(T));                             \
    } else if (up == 1) { /* a transposition: squares, so that the lines of both sides are used while they are near */ \
      for (u64 j = 0; j < m; j += 16)                                                                                \
        for (u64 k = 0; k < n; k += 16)                                                                              \
          for (u64 jj = j; jj < m && jj < j + 16; jj++)                                                              \
            for (u64 kk = k; kk < n && kk < k + 16; kk++) to[jj * n + kk] = from[(i64)jj + (i64)kk * step];          \
    } else {                                                                                                         \
      for (u64 j = 0; j < m; j++)                                                                                    \
        for (u64 k = 0; k < n; k++) to[j * n + k] = from[(i64)j * up + (i64)k * step];                               \
    }                                                                                                                \
  }                                                                                                                  \
  static void copy_##T(T *to, const T *from, const i64 *walk) {                                                      \
    u64 loops = (u64)walk[0], at[8] = {0}, n = loops > 0 ? (u64)walk[2] : 1, m = loops > 1 ? (u64)walk[4] : 1;         \
    from += walk[1];                                                                                                 \
    for (;;) {                                                                                                       \
      plane_##T(to, from, n, loops > 0 ? walk[3] : 1, m, loops > 1 ? walk[5] : 0);                                     \
      to += n * m;                                                                                                   \
      u64 l = 2;                                                                                                     \
      for (; l < loops; l++) {                                                                                       \
        from += walk[3 + 2 * l];                                                                                     \
        if (++at[l] < (u64)walk[2 + 2 * l]) break;                                                                   \
        from -= walk[2 + 2 * l] * walk[3 + 2 * l];                                                                   \
        at[l] = 0;                                                                                                   \
      }                                                                                                              \
      if (l >= loops) return;                                                                                        \
    }                                                                                                                \
  }
PLANE(u8)
PLANE(u32)
PLANE(u64)

/* Elements of `size` bytes as nested loops meet them: how many loops (8 at most), the first element, and each loop's turns and
 * stride, the innermost first. A row of the result has to_row elements, one of the argument from_row. */
void flk_arr_copy(u8 *to, const u8 *from, const i64 *walk, u64 size, u64 to_row, u64 from_row, u64 rows) {
  for (u64 i = 0; i < rows; i++) {
    u8 *d = to + i * to_row * size;
    const u8 *s = from + i * from_row * size;
    if (size == 1)
      copy_u8(d, s, walk);
    else if (size == 4)
      copy_u32((u32 *)d, (const u32 *)s, walk);
    else
      copy_u64((u64 *)d, (const u64 *)s, walk);
  }
}

#define PICK(T) \
  for (u64 k = 0; k < to_row; k++) ((T *)d)[k] = ((const T *)s)[at[k]];
/* Elements of `size` bytes at given positions of their row. */
void flk_arr_pick(u8 *to, const u8 *from, const i64 *at, u64 size, u64 to_row, u64 from_row, u64 rows) {
  for (u64 i = 0; i < rows; i++) {
    u8 *d = to + i * to_row * size;
    const u8 *s = from + i * from_row * size;
    if (size == 1) {
      PICK(u8)
    } else if (size == 4) {
      PICK(u32)
    } else {
      PICK(u64)
    }
  }
}

/* The entries, of `bytes` each, that an axis of `length` has at n indices, for each of `outer` stretches of the axis. */
#define GATHER(T)                                                                                                          \
  void flk_arr_gather_##T(fl_worker *w, u8 *to, const u8 *from, const T *at, u64 outer, u64 length, u64 bytes, u64 n,      \
                          u64 from_row, u64 at_row, u64 rows, i32 pos) {                                                   \
    for (u64 i = 0; i < rows; i++, from += from_row, at += at_row)                                                         \
      for (u64 o = 0; o < outer; o++)                                                                                      \
        for (u64 k = 0; k < n; k++, to += bytes) {                                                                         \
          i64 x = at[k] < 0 ? (i64)at[k] + (i64)length : (i64)at[k];                                                       \
          if ((u64)x >= length)                                                                                            \
            fl_raise(w, "22003", pos, "index %d of a model is outside of an axis of %d elements", (i64)at[k], (i64)length); \
          memcpy(to, from + (o * length + (u64)x) * bytes, bytes);                                                         \
        }                                                                                                                  \
  }
GATHER(i32)
GATHER(i64)
