/* kernels.c: the lane primitives in loops over a block, for the fast tier: one instantiation of prims.def. */
#include "kernels.h"
#include "flv.h"

/* Reading an operand, writing a result and finishing a mask, by type. */
#define AT_u8(p, i) fl_load_u8((p) + (i))
#define AT_u16(p, i) fl_load_u16((p) + (i))
#define AT_u32(p, i) fl_load_u32((p) + (i))
#define AT_i32(p, i) fl_load_i32((p) + (i))
#define AT_i64(p, i) fl_load_i64((p) + (i))
#define AT_f32(p, i) fl_load_f32((p) + (i))
#define AT_f64(p, i) fl_load_f64((p) + (i))
#define PUT_u8(p, i, x) fl_store_u8((p) + (i), x)
#define PUT_u16(p, i, x) fl_store_u16((p) + (i), x)
#define PUT_u32(p, i, x) fl_store_u32((p) + (i), x)
#define PUT_i32(p, i, x) fl_store_i32((p) + (i), x)
#define PUT_i64(p, i, x) fl_store_i64((p) + (i), x)
#define PUT_f32(p, i, x) fl_store_f32((p) + (i), x)
#define PUT_f64(p, i, x) fl_store_f64((p) + (i), x)
#define PUT_m(p, i, x) fl_store_m(p, i, x)
#define END_u8(p)
#define END_u16(p)
#define END_u32(p)
#define END_i32(p)
#define END_i64(p)
#define END_f32(p)
#define END_f64(p)
#define END_m(p) clear_tail(p, n)

static inline void clear_tail(u64 *d, u32 n) {
  if (n & 63) d[n / 64] &= ((u64)1 << (n & 63)) - 1;
}
/* The selection of 16 rows from i on. */
FL m16 selected(const u64 *m, u32 i, u32 n) {
  return m ? fl_load_m(m, i) : fl_head(n, i);
}
FL m16 bits_or_ones(const u64 *m, u32 i) { return m ? fl_load_m(m, i) : fl_set_m(1); }

#define EACH for (u32 i = 0; i < n; i += 16)
/* One operand a time is broadcast or not: the broadcast is outside the loop. */
#define P1(op, R, A)                                                         \
  void flk_##op(FLK_##R *d, const A *a, u32 bc, u32 n) {                     \
    if (bc & 1) {                                                            \
      v_##A x = fl_set_##A(*a);                                              \
      EACH PUT_##R(d, i, fl_##op(x));                                        \
    } else {                                                                 \
      EACH PUT_##R(d, i, fl_##op(AT_##A(a, i)));                             \
    }                                                                        \
    END_##R(d);                                                              \
  }
#define P2(op, R, A, B)                                                      \
  void flk_##op(FLK_##R *d, const A *a, const B *b, u32 bc, u32 n) {         \
    v_##A x = fl_set_##A(*a);                                                \
    v_##B y = fl_set_##B(*b);                                                \
    switch (bc & 3) {                                                        \
    case 0: EACH PUT_##R(d, i, fl_##op(AT_##A(a, i), AT_##B(b, i))); break;  \
    case 1: EACH PUT_##R(d, i, fl_##op(x, AT_##B(b, i))); break;             \
    case 2: EACH PUT_##R(d, i, fl_##op(AT_##A(a, i), y)); break;             \
    default: EACH PUT_##R(d, i, fl_##op(x, y));                              \
    }                                                                        \
    END_##R(d);                                                              \
  }
#define P3(op, R, A, B, C)                                                                             \
  void flk_##op(FLK_##R *d, const A *a, const B *b, const C *c, u32 bc, u32 n) {                       \
    v_##A x = fl_set_##A(*a);                                                                          \
    v_##B y = fl_set_##B(*b);                                                                          \
    v_##C z = fl_set_##C(*c);                                                                          \
    EACH PUT_##R(d, i, fl_##op(bc & 1 ? x : AT_##A(a, i), bc & 2 ? y : AT_##B(b, i), bc & 4 ? z : AT_##C(c, i))); \
    END_##R(d);                                                                                        \
  }
#define PLIBM(op, R, A)
#define PSEL(T)                                                                                     \
  void flk_sel_##T(T *d, const u64 *m, const T *a, const T *b, u32 bc, u32 n) {                     \
    v_##T x = fl_set_##T(*a), y = fl_set_##T(*b);                                                   \
    EACH fl_store_##T(d + i, fl_sel_##T(bits_or_ones(m, i), bc & 1 ? x : fl_load_##T(a + i),        \
                                        bc & 2 ? y : fl_load_##T(b + i)));                          \
  }
#define PM2(op)                                                                                     \
  void flk_##op##_m(u64 *d, const u64 *a, const u64 *b, u32 n) {                                    \
    for (u32 i = 0; i < n; i += 64) d[i / 64] = word_##op(a ? a[i / 64] : ~(u64)0, b ? b[i / 64] : ~(u64)0); \
    clear_tail(d, n);                                                                               \
  }
static inline u64 word_and(u64 a, u64 b) { return a & b; }
static inline u64 word_or(u64 a, u64 b) { return a | b; }
static inline u64 word_xor(u64 a, u64 b) { return a ^ b; }
static inline u64 word_andnot(u64 a, u64 b) { return a & ~b; }
#define PMK(T) \
  void flk_mk_##T(T *d, const u64 *m, u32 n) { EACH fl_store_##T(d + i, fl_mk_##T(bits_or_ones(m, i))); }
#define PLUT(op, R, C)                                                               \
  void flk_##op(FLK_##R *d, const FLK_ENTRY_##R *table, const C *a, u32 n) {         \
    EACH PUT_##R(d, i, fl_##op(table, AT_##C(a, i)));                                \
    END_##R(d);                                                                      \
  }
#define PLUTN(op, R, C)                                                              \
  void flk_##op(FLK_##R *d, const FLK_ENTRY_##R *table, u32 limit, const C *a, u32 n) { \
    EACH PUT_##R(d, i, fl_##op(table, limit, AT_##C(a, i)));                         \
    END_##R(d);                                                                      \
  }
#define PRED(op, H, A, T)                                                            \
  H flk_##op(const T *v, const u64 *m, u32 n) {                                      \
    v_##A acc = fl_id_##op();                                                        \
    EACH acc = fl_##op(acc, selected(m, i, n), AT_##T(v, i));                        \
    return fl_h##op(acc);                                                            \
  }
#include "prims.def"

void flk_not_m(u64 *d, const u64 *a, u32 n) { flk_andnot_m(d, NULL, a, n); }
void flk_ones_m(u64 *d, u32 n) { flk_or_m(d, NULL, NULL, n); }
