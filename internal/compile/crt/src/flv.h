/* flv.h: the lane primitives of PRIMITIVES.md as inline functions over 16 lanes, for the best tier and for the kernels.
 *
 * A vector v_T is a struct of parts, each as wide as the machine's registers: one 64-byte part of 16 i32 with AVX-512, two of
 * 32 bytes with AVX2, four of 16 on the baseline. Everything that works part by part is written once, here; what depends on
 * the instruction set (masks, comparison, selection, conversions, table look-up) is in flv_avx512.h, flv_avx2.h and
 * flv_baseline.h, and the approximations of functions in flv_math.h. Freestanding: compilers' own headers cost too much time.
 *
 * Names: fl_* are the primitives, fp_* work on one part, FL_* are macros of these files.
 */
#ifndef FLV_H
#define FLV_H
#include "fl.h"

#define FL static inline __attribute__((always_inline, unused))

/* Number of parts of each type (FL_N_T) and bytes of a part. */
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#define FL_AVX512 1
#define FL_PART 64
#define FL_N16 1
#define FL_N32 1
#define FL_N64 2
#elif defined(__AVX2__) && defined(__FMA__)
#define FL_AVX2 1
#define FL_PART 32
#define FL_N16 1
#define FL_N32 2
#define FL_N64 4
#else
#define FL_PART 16
#define FL_N16 2
#define FL_N32 4
#define FL_N64 8
#endif
#define FL_N_u8 1
#define FL_N_u16 FL_N16
#define FL_N_u32 FL_N32
#define FL_N_i32 FL_N32
#define FL_N_f32 FL_N32
#define FL_N_u64 FL_N64
#define FL_N_i64 FL_N64
#define FL_N_f64 FL_N64
#define FL_CAT_(a, b) a##b
#define FL_CAT(a, b) FL_CAT_(a, b)

#define FL_STRUCT1(T) T a
#define FL_STRUCT2(T) T a, b
#define FL_STRUCT4(T) T a, b, c, d
#define FL_STRUCT8(T) T a, b, c, d, e, f, g, h
/* fp_T: a part; fq_T: the same anywhere in memory. */
#define FL_TYPE(T, bytes)                                                        \
  typedef T fp_##T __attribute__((vector_size(bytes), may_alias));               \
  typedef T fq_##T __attribute__((vector_size(bytes), may_alias, aligned(1)));   \
  typedef struct { FL_CAT(FL_STRUCT, FL_N_##T)(fp_##T); } v_##T;
FL_TYPE(u8, 16)
#if FL_N16 == 1
FL_TYPE(u16, 32)
#else
FL_TYPE(u16, 16)
#endif
FL_TYPE(u32, FL_PART)
FL_TYPE(i32, FL_PART)
FL_TYPE(f32, FL_PART)
FL_TYPE(u64, FL_PART)
FL_TYPE(i64, FL_PART)
FL_TYPE(f64, FL_PART)

/* F over the parts of one, two or three vectors. FL_MASKED(F, T, m, x, y) is F over each part's lanes of a mask and the parts of
 * two vectors, FL_MASK(F, T, x, y) the mask of what F compares: the header of the instruction set has both. */
#define FL_A1(F, x) F(x.a)
#define FL_A2(F, x) F(x.a), F(x.b)
#define FL_A4(F, x) F(x.a), F(x.b), F(x.c), F(x.d)
#define FL_A8(F, x) FL_A4(F, x), F(x.e), F(x.f), F(x.g), F(x.h)
#define FL_F1(F, x, y) F(x.a, y.a)
#define FL_F2(F, x, y) F(x.a, y.a), F(x.b, y.b)
#define FL_F4(F, x, y) F(x.a, y.a), F(x.b, y.b), F(x.c, y.c), F(x.d, y.d)
#define FL_F8(F, x, y) FL_F4(F, x, y), F(x.e, y.e), F(x.f, y.f), F(x.g, y.g), F(x.h, y.h)
#define FL_G1(F, x, y, z) F(x.a, y.a, z.a)
#define FL_G2(F, x, y, z) F(x.a, y.a, z.a), F(x.b, y.b, z.b)
#define FL_G4(F, x, y, z) FL_G2(F, x, y, z), F(x.c, y.c, z.c), F(x.d, y.d, z.d)
#define FL_G8(F, x, y, z) FL_G4(F, x, y, z), F(x.e, y.e, z.e), F(x.f, y.f, z.f), F(x.g, y.g, z.g), F(x.h, y.h, z.h)

#define FL_DEF1(op, R, T) \
  FL v_##R fl_##op##_##T(v_##T x) { return (v_##R){FL_CAT(FL_A, FL_N_##T)(fp_##op##_##T, x)}; }
#define FL_DEF2(op, T) \
  FL v_##T fl_##op##_##T(v_##T x, v_##T y) { return (v_##T){FL_CAT(FL_F, FL_N_##T)(fp_##op##_##T, x, y)}; }
#define FL_DEF3(op, T)                                                                    \
  FL v_##T fl_##op##_##T(v_##T x, v_##T y, v_##T z) {                                     \
    return (v_##T){FL_CAT(FL_G, FL_N_##T)(fp_##op##_##T, x, y, z)};                       \
  }
#define FL_DEFS(op, T)                                                                    \
  FL v_##T fl_##op##_##T(m16 m, v_##T x, v_##T y) {                                       \
    return (v_##T){FL_MASKED(fp_##op##_##T, T, m, x, y)};                                 \
  }
#define FL_DEFM(op, T) \
  FL m16 fl_##op##_##T(v_##T x, v_##T y) { return FL_MASK(fp_##op##_##T, T, x, y); }

/* ---- load, store, broadcast ---- */
#define FL_LOAD1(T, p) {*(const fq_##T *)(p)}
#define FL_AT(T, p, k) *(const fq_##T *)((const u8 *)(p) + (k) * sizeof(fp_##T))
#define FL_LOAD2(T, p) {FL_AT(T, p, 0), FL_AT(T, p, 1)}
#define FL_LOAD4(T, p) {FL_AT(T, p, 0), FL_AT(T, p, 1), FL_AT(T, p, 2), FL_AT(T, p, 3)}
#define FL_LOAD8(T, p)                                                                                \
  {FL_AT(T, p, 0), FL_AT(T, p, 1), FL_AT(T, p, 2), FL_AT(T, p, 3),                                    \
   FL_AT(T, p, 4), FL_AT(T, p, 5), FL_AT(T, p, 6), FL_AT(T, p, 7)}
#define FL_PUT(T, p, k, x) *(fq_##T *)((u8 *)(p) + (k) * sizeof(fp_##T)) = x
#define FL_STORE1(T, p, x) FL_PUT(T, p, 0, x.a)
#define FL_STORE2(T, p, x) FL_STORE1(T, p, x), FL_PUT(T, p, 1, x.b)
#define FL_STORE4(T, p, x) FL_STORE2(T, p, x), FL_PUT(T, p, 2, x.c), FL_PUT(T, p, 3, x.d)
#define FL_STORE8(T, p, x) \
  FL_STORE4(T, p, x), FL_PUT(T, p, 4, x.e), FL_PUT(T, p, 5, x.f), FL_PUT(T, p, 6, x.g), FL_PUT(T, p, 7, x.h)
#define FL_ALL1(x) {x}
#define FL_ALL2(x) {x, x}
#define FL_ALL4(x) {x, x, x, x}
#define FL_ALL8(x) {x, x, x, x, x, x, x, x}
#define FL_MEMORY(T)                                                                      \
  FL v_##T fl_load_##T(const T *p) { return (v_##T)FL_CAT(FL_LOAD, FL_N_##T)(T, p); }     \
  FL void fl_store_##T(T *p, v_##T x) { FL_CAT(FL_STORE, FL_N_##T)(T, p, x); }            \
  FL v_##T fl_set_##T(T s) {                                                              \
    fp_##T x = s - (fp_##T){};                                                            \
    return (v_##T)FL_CAT(FL_ALL, FL_N_##T)(x);                                            \
  }
FL_MEMORY(u8)
FL_MEMORY(u16)
FL_MEMORY(u32)
FL_MEMORY(i32)
FL_MEMORY(f32)
FL_MEMORY(u64)
FL_MEMORY(i64)
FL_MEMORY(f64)

/* ---- arithmetic: whole numbers wrap ---- */
#define fp_add_i32(x, y) (fp_i32)((fp_u32)(x) + (fp_u32)(y))
#define fp_sub_i32(x, y) (fp_i32)((fp_u32)(x) - (fp_u32)(y))
#define fp_mul_i32(x, y) (fp_i32)((fp_u32)(x) * (fp_u32)(y))
#define fp_add_i64(x, y) (fp_i64)((fp_u64)(x) + (fp_u64)(y))
#define fp_sub_i64(x, y) (fp_i64)((fp_u64)(x) - (fp_u64)(y))
#define fp_mul_i64(x, y) (fp_i64)((fp_u64)(x) * (fp_u64)(y))
#define fp_add(x, y) ((x) + (y))
#define fp_sub(x, y) ((x) - (y))
#define fp_mul(x, y) ((x) * (y))
#define fp_div(x, y) ((x) / (y))
#define fp_and(x, y) ((x) & (y))
#define fp_or(x, y) ((x) | (y))
#define fp_xor(x, y) ((x) ^ (y))
#define fp_not(x) (~(x))
#define fp_add_f32 fp_add
#define fp_sub_f32 fp_sub
#define fp_mul_f32 fp_mul
#define fp_div_f32 fp_div
#define fp_add_f64 fp_add
#define fp_sub_f64 fp_sub
#define fp_mul_f64 fp_mul
#define fp_div_f64 fp_div
#define fp_and_u8 fp_and
#define fp_and_u32 fp_and
#define fp_and_i32 fp_and
#define fp_and_i64 fp_and
#define fp_or_u8 fp_or
#define fp_or_u32 fp_or
#define fp_or_i32 fp_or
#define fp_or_i64 fp_or
#define fp_xor_u8 fp_xor
#define fp_xor_u32 fp_xor
#define fp_xor_i32 fp_xor
#define fp_xor_i64 fp_xor
#define fp_not_i32 fp_not
#define fp_not_i64 fp_not
#define fp_neg_i32(x) fp_sub_i32((fp_i32){}, x)
#define fp_neg_i64(x) fp_sub_i64((fp_i64){}, x)
#define fp_neg_f32(x) (fp_f32)((fp_u32)(x) ^ 0x80000000u)
#define fp_neg_f64(x) (fp_f64)((fp_u64)(x) ^ 0x8000000000000000ul)
#define fp_abs_f32(x) (fp_f32)((fp_u32)(x) & 0x7fffffffu)
#define fp_abs_f64(x) (fp_f64)((fp_u64)(x) & 0x7ffffffffffffffful)
#define fp_abs_i32(x) fp_sub_i32((x) ^ ((x) >> 31), (x) >> 31)
#define fp_abs_i64(x) fp_sub_i64((x) ^ ((x) >> 63), (x) >> 63)
/* Counts are taken modulo the width, as PostgreSQL's operators do on this processor. */
#define fp_shl_i32(x, y) (fp_i32)((fp_u32)(x) << ((fp_u32)(y) & 31))
#define fp_shr_i32(x, y) ((x) >> ((y) & 31))
#define fp_shl_i64(x, y) (fp_i64)((fp_u64)(x) << ((fp_u64)(y) & 63))
#define fp_shr_i64(x, y) ((x) >> ((y) & 63))

typedef i64 fl_two __attribute__((vector_size(16)));
typedef char fl_bytes __attribute__((vector_size(16)));

#if defined(FL_AVX512)
#include "flv_bits.h"
#include "flv_avx512.h"
#elif defined(FL_AVX2)
#include "flv_avx2.h"
#else
#include "flv_bits.h"
#include "flv_baseline.h"
#endif

/* ---- masks ---- */
typedef u16 fl_word __attribute__((may_alias));
FL m16 fl_load_m(const void *bits, u64 i) { return fl_of_bits(((const fl_word *)bits)[i / 16]); }
FL void fl_store_m(void *bits, u64 i, m16 m) { ((fl_word *)bits)[i / 16] = (u16)fl_bits_m(m); }
#ifdef __POPCNT__
FL u64 fl_popcount(m16 m) { return (u64)__builtin_popcount(fl_bits_m(m)); }
#else /* where the compiler would call a library that programs do not have */
FL u64 fl_popcount(m16 m) {
  u32 x = fl_bits_m(m);
  x -= x >> 1 & 0x5555;
  x = (x & 0x3333) + (x >> 2 & 0x3333);
  x = (x + (x >> 4)) & 0x0f0f;
  return (x + (x >> 8)) & 0x1f;
}
#endif
FL u32 fl_any_m(m16 m) { return fl_bits_m(m) != 0; }
FL void fl_prefetch(const void *p) { __builtin_prefetch(p); }

#define FL_FOR4(D, op) D(op, i32) D(op, i64) D(op, f32) D(op, f64)
#define FL_FORF(D, op) D(op, f32) D(op, f64)
#define FL_UN(op, T) FL_DEF1(op, T, T)
FL_FOR4(FL_DEF2, add)
FL_FOR4(FL_DEF2, sub)
FL_FOR4(FL_DEF2, mul)
FL_FORF(FL_DEF2, div)
FL_FOR4(FL_DEF2, min)
FL_FOR4(FL_DEF2, max)
FL_FOR4(FL_UN, neg)
FL_FOR4(FL_UN, abs)
FL_FORF(FL_UN, sqrt)
FL_FORF(FL_UN, floor)
FL_FORF(FL_UN, ceil)
FL_FORF(FL_UN, trunc)
FL_FORF(FL_UN, rint)
FL_FORF(FL_DEF3, fma)
#define FL_FORBITS(op) FL_DEF2(op, u8) FL_DEF2(op, u32) FL_DEF2(op, i32) FL_DEF2(op, i64)
FL_FORBITS(and)
FL_FORBITS(or)
FL_FORBITS(xor)
FL_UN(not, i32)
FL_UN(not, i64)
FL_DEF2(shl, i32)
FL_DEF2(shl, i64)
FL_DEF2(shr, i32)
FL_DEF2(shr, i64)

/* ---- comparisons ---- */
#define FL_FORINT(op) FL_DEFM(op, u8) FL_DEFM(op, u16) FL_DEFM(op, u32) FL_DEFM(op, i32) FL_DEFM(op, i64)
FL_FORINT(eq)
FL_FORINT(ne)
FL_FORINT(lt)
FL_FORINT(le)
FL_FORINT(gt)
FL_FORINT(ge)
FL_FORF(FL_DEFM, olt)
FL_FORF(FL_DEFM, ole)
FL_FORF(FL_DEFM, ogt)
FL_FORF(FL_DEFM, oge)
FL_FORF(FL_DEFM, oeq)
FL_FORF(FL_DEFM, one)
FL_FORF(FL_DEFM, uno)

#define FL_SPECIAL(T)                                                                                   \
  FL m16 fl_isnan_##T(v_##T x) { return fl_uno_##T(x, x); }                                             \
  FL m16 fl_isinf_##T(v_##T x) { return fl_oeq_##T(fl_abs_##T(x), fl_set_##T((T)__builtin_inf())); }
FL_SPECIAL(f32)
FL_SPECIAL(f64)
/* PostgreSQL's order of floats: all NaN are equal and greater than anything else. */
#ifdef FL_AVX2
#define FL_PGORDER(T) \
  FL_DEFM(eq, T) FL_DEFM(ne, T) FL_DEFM(lt, T) FL_DEFM(le, T) FL_DEFM(gt, T) FL_DEFM(ge, T)
#else
#define FL_PGORDER(T)                                                                                   \
  FL m16 fl_eq_##T(v_##T x, v_##T y) { return fl_oeq_##T(x, y) | (fl_isnan_##T(x) & fl_isnan_##T(y)); } \
  FL m16 fl_ne_##T(v_##T x, v_##T y) { return (m16)~fl_eq_##T(x, y); }                                  \
  FL m16 fl_ge_##T(v_##T x, v_##T y) { return fl_oge_##T(x, y) | fl_isnan_##T(x); }                     \
  FL m16 fl_le_##T(v_##T x, v_##T y) { return fl_ge_##T(y, x); }                                        \
  FL m16 fl_lt_##T(v_##T x, v_##T y) { return (m16)~fl_ge_##T(x, y); }                                  \
  FL m16 fl_gt_##T(v_##T x, v_##T y) { return (m16)~fl_ge_##T(y, x); }
#endif
FL_PGORDER(f32)
FL_PGORDER(f64)

FL_DEFS(sel, u8)
FL_DEFS(sel, u16)
FL_DEFS(sel, u32)
FL_DEFS(sel, i32)
FL_DEFS(sel, i64)
FL_DEFS(sel, u64)
FL_DEFS(sel, f32)
FL_DEFS(sel, f64)
FL v_u8 fl_mk_u8(m16 m) { return fl_sel_u8(m, fl_set_u8(1), fl_set_u8(0)); }
FL v_i32 fl_mk_i32(m16 m) { return fl_sel_i32(m, fl_set_i32(1), fl_set_i32(0)); }
FL v_i64 fl_mk_i64(m16 m) { return fl_sel_i64(m, fl_set_i64(1), fl_set_i64(0)); }
FL v_f32 fl_mk_f32(m16 m) { return fl_sel_f32(m, fl_set_f32(1), fl_set_f32(0)); }
FL v_f64 fl_mk_f64(m16 m) { return fl_sel_f64(m, fl_set_f64(1), fl_set_f64(0)); }

/* ---- conversions that are compositions ---- */
#define fp_cvt_i32_u32(x) (fp_i32)(x)
#define fp_cvt_u32_i32(x) (fp_u32)(x)
FL_DEF1(cvt_i32, i32, u32)
FL_DEF1(cvt_u32, u32, i32)
FL v_u32 fl_cvt_u32_i64(v_i64 x) { return fl_cvt_u32_i32(fl_cvt_i32_i64(x)); }
FL v_u8 fl_cvt_u8_i64(v_i64 x) { return fl_cvt_u8_i32(fl_cvt_i32_i64(x)); }
FL v_u16 fl_cvt_u16_i64(v_i64 x) { return fl_cvt_u16_i32(fl_cvt_i32_i64(x)); }
FL v_i64 fl_cvt_i64_u8(v_u8 x) { return fl_cvt_i64_i32(fl_cvt_i32_u8(x)); }
FL v_i64 fl_cvt_i64_u16(v_u16 x) { return fl_cvt_i64_i32(fl_cvt_i32_u16(x)); }
FL v_f32 fl_cvt_f32_u8(v_u8 x) { return fl_cvt_f32_i32(fl_cvt_i32_u8(x)); }
FL v_f32 fl_cvt_f32_u16(v_u16 x) { return fl_cvt_f32_i32(fl_cvt_i32_u16(x)); }
FL v_f64 fl_cvt_f64_u8(v_u8 x) { return fl_cvt_f64_i32(fl_cvt_i32_u8(x)); }
FL v_f64 fl_cvt_f64_u16(v_u16 x) { return fl_cvt_f64_i32(fl_cvt_i32_u16(x)); }

/* ---- overflow: lanes whose exact result does not fit ---- */
#define FL_OVERFLOW(T)                                                                                             \
  FL m16 fl_addo_##T(v_##T x, v_##T y) {                                                                           \
    v_##T r = fl_add_##T(x, y);                                                                                    \
    return fl_lt_##T(fl_and_##T(fl_xor_##T(x, r), fl_xor_##T(y, r)), fl_set_##T(0));                               \
  }                                                                                                                \
  FL m16 fl_subo_##T(v_##T x, v_##T y) {                                                                           \
    return fl_lt_##T(fl_and_##T(fl_xor_##T(x, y), fl_xor_##T(x, fl_sub_##T(x, y))), fl_set_##T(0));                \
  }
FL_OVERFLOW(i32)
FL_OVERFLOW(i64)
FL m16 fl_mulo_i32(v_i32 x, v_i32 y) {
  v_i64 p = fl_mulw_i32(x, y);
  return fl_ne_i64(p, fl_cvt_i64_i32(fl_cvt_i32_i64(p)));
}
/* Products of numbers that both fit 32 bits fit 64: the usual case is decided for all lanes at once. */
FL m16 fl_mulo_i64(v_i64 x, v_i64 y) {
  v_i64 nx = fl_cvt_i64_i32(fl_cvt_i32_i64(x)), ny = fl_cvt_i64_i32(fl_cvt_i32_i64(y));
  u32 over = 0;
  if (__builtin_expect(fl_any_m(fl_or_m(fl_ne_i64(x, nx), fl_ne_i64(y, ny))), 0)) {
    i64 a[16], b[16], r;
    fl_store_i64(a, x);
    fl_store_i64(b, y);
    for (u32 i = 0; i < 16; i++) over |= (u32)__builtin_mul_overflow(a[i], b[i], &r) << i;
  }
  return fl_of_bits(over);
}

/* ---- look-up of wide codes in tables of bytes ---- */
#define FL_ENTRY(k) (c[k] < limit ? t[c[k]] : 0)
#define FL_ENTRIES(k) FL_ENTRY(k), FL_ENTRY(k + 1), FL_ENTRY(k + 2), FL_ENTRY(k + 3)
#define FL_LUTBYTES(C)                                                                      \
  FL v_u8 fl_lut_u8_##C(const u8 *t, u32 limit, v_##C x) {                                  \
    C c[16] __attribute__((aligned(64)));                                                   \
    fl_store_##C(c, x);                                                                     \
    return (v_u8){{FL_ENTRIES(0), FL_ENTRIES(4), FL_ENTRIES(8), FL_ENTRIES(12)}};           \
  }                                                                                         \
  FL m16 fl_lut_m_##C(const u8 *t, u32 limit, v_##C x) {                                    \
    return fl_ne_u8(fl_lut_u8_##C(t, limit, x), fl_set_u8(0));                              \
  }
FL_LUTBYTES(u16)
FL_LUTBYTES(u32)
FL m16 fl_lut_m_u8(const u8 *t, v_u8 x) { return fl_ne_u8(fl_lut_u8_u8(t, x), fl_set_u8(0)); }

/* ---- reduction ---- */
FL v_i32 fl_id_sumn_i32(void) { return fl_set_i32(0); }
FL v_i32 fl_sumn_i32(v_i32 acc, m16 m, v_i32 x) { return (v_i32){FL_MASKED(fp_madd_i32, i32, m, acc, x)}; }
FL v_i32 fl_id_sumw_i32(void) { return fl_set_i32(0); }
FL v_i32 fl_sumw_i32(v_i32 acc, m16 m, v_i32 x) { return fl_sumn_i32(acc, m, x); }
FL v_i32 fl_id_ror_i32(void) { return fl_set_i32(0); }
FL v_i32 fl_ror_i32(v_i32 acc, m16 m, v_i32 x) { return fl_or_i32(acc, fl_sel_i32(m, x, fl_set_i32(0))); }
#ifndef FL_AVX2
FL v_i64 fl_sum_i64(v_i64 acc, m16 m, v_i64 x) { return (v_i64){FL_MASKED(fp_madd_i64, i64, m, acc, x)}; }
FL v_f64 fl_sum_f64(v_f64 acc, m16 m, v_f64 x) { return (v_f64){FL_MASKED(fp_madd_f64, f64, m, acc, x)}; }
FL v_i64 fl_sum_i32(v_i64 acc, m16 m, v_i32 x) { return fl_sum_i64(acc, m, fl_cvt_i64_i32(x)); }
FL v_i64 fl_sum_u32(v_i64 acc, m16 m, v_u32 x) { return fl_sum_i64(acc, m, fl_cvt_i64_u32(x)); }
FL v_i64 fl_sum_u16(v_i64 acc, m16 m, v_u16 x) { return fl_sum_i64(acc, m, fl_cvt_i64_u16(x)); }
FL v_f64 fl_sum_f32(v_f64 acc, m16 m, v_f32 x) { return fl_sum_f64(acc, m, fl_cvt_f64_f32(x)); }
/* Sums of eight bytes each fall out of one instruction; the other lanes of the accumulator stay 0. */
FL v_i64 fl_sum_u8(v_i64 acc, m16 m, v_u8 x) {
  fp_u8 kept = fp_sel_u8(m, x.a, (fp_u8){});
  fl_two s = (fl_two)__builtin_ia32_psadbw128((fl_bytes)kept, (fl_bytes){});
  acc.a += fp_low_i64(s);
  return acc;
}
#endif
FL v_i64 fl_id_sum_u8(void) { return fl_set_i64(0); }
FL v_i64 fl_id_sum_u16(void) { return fl_set_i64(0); }
FL v_i64 fl_id_sum_u32(void) { return fl_set_i64(0); }
FL v_i64 fl_id_sum_i32(void) { return fl_set_i64(0); }
FL v_i64 fl_id_sum_i64(void) { return fl_set_i64(0); }
FL v_f64 fl_id_sum_f32(void) { return fl_set_f64(0); }
FL v_f64 fl_id_sum_f64(void) { return fl_set_f64(0); }

#define fp_rmin(T, m, acc, x) fp_sel_##T((m) & fp_before_##T(x, acc), x, acc)
#define fp_rmax(T, m, acc, x) fp_sel_##T((m) & fp_before_##T(acc, x), x, acc)
#define FL_EXTREME(T, least, most)                                                                             \
  FL v_##T fl_id_rmin_##T(void) { return fl_set_##T(most); }                                                   \
  FL v_##T fl_id_rmax_##T(void) { return fl_set_##T(least); }                                                  \
  FL v_##T fl_rmin_##T(v_##T acc, m16 m, v_##T x) { return (v_##T){FL_MASKED(fp_rmin_##T, T, m, acc, x)}; }    \
  FL v_##T fl_rmax_##T(v_##T acc, m16 m, v_##T x) { return (v_##T){FL_MASKED(fp_rmax_##T, T, m, acc, x)}; }
#define fp_rmin_i32(m, acc, x) fp_rmin(i32, m, acc, x)
#define fp_rmax_i32(m, acc, x) fp_rmax(i32, m, acc, x)
#define fp_rmin_i64(m, acc, x) fp_rmin(i64, m, acc, x)
#define fp_rmax_i64(m, acc, x) fp_rmax(i64, m, acc, x)
#define fp_rmin_f32(m, acc, x) fp_rmin(f32, m, acc, x)
#define fp_rmax_f32(m, acc, x) fp_rmax(f32, m, acc, x)
#define fp_rmin_f64(m, acc, x) fp_rmin(f64, m, acc, x)
#define fp_rmax_f64(m, acc, x) fp_rmax(f64, m, acc, x)
FL_EXTREME(i32, (-2147483647 - 1), 2147483647)
FL_EXTREME(i64, (-9223372036854775807L - 1), 9223372036854775807L)
FL_EXTREME(f32, -__builtin_inff(), __builtin_nanf(""))
FL_EXTREME(f64, -__builtin_inf(), __builtin_nan(""))

/* Lane i with lane i+8, then +4, +2, +1: the order is part of the contract. */
#define FL_TREE(name, A, COMBINE)                                                           \
  FL A fl_##name(v_##A acc) {                                                               \
    A t[16];                                                                                \
    fl_store_##A(t, acc);                                                                   \
    for (u32 s = 8; s; s >>= 1)                                                             \
      for (u32 i = 0; i < s; i++) t[i] = COMBINE(t[i], t[i + s]);                           \
    return t[0];                                                                            \
  }
#define FL_WRAP32(a, b) (i32)((u32)(a) + (u32)(b))
#define FL_WRAP64(a, b) (i64)((u64)(a) + (u64)(b))
#define FL_LEAST(a, b) ((b) < (a) ? (b) : (a))
#define FL_MOST(a, b) ((b) > (a) ? (b) : (a))
#define FL_LEASTF(a, b) ((a) != (a) || (b) < (a) ? (b) : (a))
#define FL_MOSTF(a, b) ((b) != (b) || (b) > (a) ? (b) : (a))
#if defined(FL_AVX2)
/* The same tree without a detour through memory; whole numbers as unsigned ones, which wrap. */
#define FL_QUARTERS(name, A, U, four)         \
  FL A fl_##name(v_##A x) {                   \
    U q = four;                               \
    return (A)((q[0] + q[2]) + (q[1] + q[3])); \
  }
typedef u32 fl_u32x4 __attribute__((vector_size(16)));
FL_QUARTERS(hsum_i64, i64, fp_u64, ((fp_u64)x.a + (fp_u64)x.c) + ((fp_u64)x.b + (fp_u64)x.d))
FL_QUARTERS(hsum_f64, f64, fp_f64, (x.a + x.c) + (x.b + x.d))
FL_QUARTERS(hsumn_i32, i32, fl_u32x4, (fl_u32x4)fa_low((fp_u32)x.a + (fp_u32)x.b) + (fl_u32x4)fa_high((fp_u32)x.a + (fp_u32)x.b))
#elif defined(FL_AVX512) && (defined(__clang__) || __GNUC__ >= 12)
/* The same tree without a detour through memory; whole numbers as unsigned ones, which wrap. */
#define FL_HALVES(name, A, U, first)                                                                    \
  typedef U fl_h4_##U __attribute__((vector_size(4 * sizeof(U))));                                       \
  FL A fl_##name(v_##A acc) {                                                                            \
    first;                                                                                               \
    fl_h4_##U q = __builtin_shufflevector(x, x, 0, 1, 2, 3) + __builtin_shufflevector(x, x, 4, 5, 6, 7); \
    return (A)((q[0] + q[2]) + (q[1] + q[3]));                                                           \
  }
typedef u32 fl_u32x8 __attribute__((vector_size(32)));
FL_HALVES(hsum_i64, i64, u64, fp_u64 x = (fp_u64)acc.a + (fp_u64)acc.b)
FL_HALVES(hsum_f64, f64, f64, fp_f64 x = acc.a + acc.b)
FL_HALVES(hsumn_i32, i32, u32, fp_u32 whole = (fp_u32)acc.a;
          fl_u32x8 x = __builtin_shufflevector(whole, whole, 0, 1, 2, 3, 4, 5, 6, 7) +
                       __builtin_shufflevector(whole, whole, 8, 9, 10, 11, 12, 13, 14, 15))
#else
FL_TREE(hsumn_i32, i32, FL_WRAP32)
FL_TREE(hsum_i64, i64, FL_WRAP64)
FL_TREE(hsum_f64, f64, fp_add)
#endif
FL i64 fl_hsumw_i32(v_i32 acc) {
  return fl_hsum_i64(fl_cvt_i64_i32(acc));
}
/* The sum of a field of bits of all lanes; sixteen fields of 27 bits fit one lane. */
FL i64 fl_hfield_i32(v_i32 acc, u32 shift, u32 bits) {
  v_i32 field = fl_and_i32(fl_shr_i32(acc, fl_set_i32((i32)shift)), fl_set_i32((i32)((1u << bits) - 1)));
  return bits <= 27 ? fl_hsumn_i32(field) : fl_hsumw_i32(field);
}
#define FL_OR(a, b) ((a) | (b))
FL_TREE(hror_i32, i32, FL_OR)
FL i64 fl_hsum_u8(v_i64 acc) { return fl_hsum_i64(acc); }
FL i64 fl_hsum_u16(v_i64 acc) { return fl_hsum_i64(acc); }
FL i64 fl_hsum_u32(v_i64 acc) { return fl_hsum_i64(acc); }
FL i64 fl_hsum_i32(v_i64 acc) { return fl_hsum_i64(acc); }
FL f64 fl_hsum_f32(v_f64 acc) { return fl_hsum_f64(acc); }
FL_TREE(hrmin_i32, i32, FL_LEAST)
FL_TREE(hrmax_i32, i32, FL_MOST)
FL_TREE(hrmin_i64, i64, FL_LEAST)
FL_TREE(hrmax_i64, i64, FL_MOST)
FL_TREE(hrmin_f32, f32, FL_LEASTF)
FL_TREE(hrmax_f32, f32, FL_MOSTF)
FL_TREE(hrmin_f64, f64, FL_LEASTF)
FL_TREE(hrmax_f64, f64, FL_MOSTF)

#include "flv_math.h"
#endif
