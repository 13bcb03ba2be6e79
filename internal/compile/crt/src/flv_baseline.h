/* flv_baseline.h: what flv.h needs of plain x86-64 (SSE2), by the compilers' vector arithmetic: a comparison gives lanes of all
 * ones, which are moved to bits; bits are spread to lanes to select. Conversions and look-ups go through memory.
 */
typedef char fg_b __attribute__((vector_size(16)));
typedef short fg_w __attribute__((vector_size(16)));
typedef u16 fg_u16x8 __attribute__((vector_size(16)));
typedef i64 fg_two __attribute__((vector_size(16), may_alias));
typedef float fg_ps __attribute__((vector_size(16)));
typedef double fg_pd __attribute__((vector_size(16)));
#define fg_bits_32(x) (u32) __builtin_ia32_movmskps((fg_ps)(x))
#define fg_bits_64(x) (u32) __builtin_ia32_movmskpd((fg_pd)(x))
FL u32 fg_bits_16(fp_u16 x) {
  return (u32)__builtin_ia32_pmovmskb128((fg_b)__builtin_ia32_packsswb128((fg_w)x, (fg_w){}));
}
#define FG_LANES32 {1, 2, 4, 8}
#define FG_LANES64 {1, 2}
#define FG_LANES16 {1, 2, 4, 8, 16, 32, 64, 128}
FL u32 fg_bits_8(fp_u8 x) { return (u32)__builtin_ia32_pmovmskb128((fg_b)x); }

/* ---- bits to lanes of ones ---- */
FL fp_u32 fg_lanes_32(u32 m) {
  const fp_u32 bit = FG_LANES32;
  return (fp_u32)(((m - (fp_u32){}) & bit) == bit);
}
FL fp_u64 fg_lanes_64(u32 m) {
  const fp_u64 bit = FG_LANES64;
  return (fp_u64)((((u64)m - (fp_u64){}) & bit) == bit);
}
FL fp_u16 fg_lanes_16(u32 m) {
  const fp_u16 bit = FG_LANES16;
  return (fp_u16)((((u16)m - (fp_u16){}) & bit) == bit);
}
FL fp_u8 fg_lanes_8(u32 m) {
  const fp_u8 bit = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const u64 each = 0x0101010101010101ul;
  fg_two both = {(i64)((m & 0xff) * each), (i64)((m >> 8 & 0xff) * each)};
  return (fp_u8)(((fp_u8)both & bit) == bit);
}

/* ---- comparison and selection ---- */
#define FG_CMP(T, W)                                                                    \
  FL u32 fp_eq_##T(fp_##T x, fp_##T y) { return fg_bits_##W((fp_u##W)(x == y)); }        \
  FL u32 fp_ne_##T(fp_##T x, fp_##T y) { return fg_bits_##W((fp_u##W)(x != y)); }        \
  FL u32 fp_lt_##T(fp_##T x, fp_##T y) { return fg_bits_##W((fp_u##W)(x < y)); }         \
  FL u32 fp_le_##T(fp_##T x, fp_##T y) { return fg_bits_##W((fp_u##W)(x <= y)); }        \
  FL u32 fp_gt_##T(fp_##T x, fp_##T y) { return fg_bits_##W((fp_u##W)(x > y)); }         \
  FL u32 fp_ge_##T(fp_##T x, fp_##T y) { return fg_bits_##W((fp_u##W)(x >= y)); }
FG_CMP(u8, 8)
FG_CMP(u16, 16)
FG_CMP(u32, 32)
FG_CMP(i32, 32)
FG_CMP(i64, 64)
#define FG_CMPF(T, W)                                                                             \
  FL u32 fp_oeq_##T(fp_##T x, fp_##T y) { return fg_bits_##W((fp_u##W)(x == y)); }                 \
  FL u32 fp_olt_##T(fp_##T x, fp_##T y) { return fg_bits_##W((fp_u##W)(x < y)); }                  \
  FL u32 fp_ole_##T(fp_##T x, fp_##T y) { return fg_bits_##W((fp_u##W)(x <= y)); }                 \
  FL u32 fp_ogt_##T(fp_##T x, fp_##T y) { return fg_bits_##W((fp_u##W)(x > y)); }                  \
  FL u32 fp_oge_##T(fp_##T x, fp_##T y) { return fg_bits_##W((fp_u##W)(x >= y)); }                 \
  FL u32 fp_uno_##T(fp_##T x, fp_##T y) { return fg_bits_##W((fp_u##W)((x != x) | (y != y))); }    \
  FL u32 fp_one_##T(fp_##T x, fp_##T y) { return fg_bits_##W((fp_u##W)((x < y) | (x > y))); }
FG_CMPF(f32, 32)
FG_CMPF(f64, 64)
#define fg_mix(T, W, lanes, x, y) (fp_##T)(((fp_u##W)(x) & (lanes)) | ((fp_u##W)(y) & ~(lanes)))
#define FG_SEL(T, W)                                          \
  FL fp_##T fp_sel_##T(u32 m, fp_##T x, fp_##T y) {           \
    fp_u##W lanes = fg_lanes_##W(m);                          \
    return fg_mix(T, W, lanes, x, y);                         \
  }
FG_SEL(u8, 8)
FG_SEL(u16, 16)
FG_SEL(u32, 32)
FG_SEL(i32, 32)
FG_SEL(f32, 32)
FG_SEL(i64, 64)
FG_SEL(u64, 64)
FG_SEL(f64, 64)
#define FG_MIN(T, W)                                          \
  FL fp_##T fp_min_##T(fp_##T x, fp_##T y) {                  \
    fp_u##W less = (fp_u##W)(y < x);                          \
    return fg_mix(T, W, less, y, x);                          \
  }                                                           \
  FL fp_##T fp_max_##T(fp_##T x, fp_##T y) {                  \
    fp_u##W less = (fp_u##W)(x < y);                          \
    return fg_mix(T, W, less, y, x);                          \
  }
FG_MIN(i32, 32)
FG_MIN(i64, 64)
FG_MIN(f32, 32)
FG_MIN(f64, 64)
FL fp_i32 fp_madd_i32(u32 m, fp_i32 a, fp_i32 x) { return fp_add_i32(a, (fp_i32)((fp_u32)x & fg_lanes_32(m))); }
FL fp_i64 fp_madd_i64(u32 m, fp_i64 a, fp_i64 x) { return fp_add_i64(a, (fp_i64)((fp_u64)x & fg_lanes_64(m))); }
FL fp_f64 fp_madd_f64(u32 m, fp_f64 a, fp_f64 x) { return fp_sel_f64(m, a + x, a); }
FL fp_i64 fp_low_i64(fl_two s) { return s; }

/* ---- floating point ---- */
#define FG_ASM(op, T, code) \
  FL fp_##T fp_##op##_##T(fp_##T x) { fp_##T r; __asm__(code " %1, %0" : "=x"(r) : "x"(x)); return r; }
FG_ASM(sqrt, f32, "sqrtps")
FG_ASM(sqrt, f64, "sqrtpd")
#define fp_fma_f32(x, y, z) ((x) * (y) + (z))
#define fp_fma_f64(x, y, z) ((x) * (y) + (z))
/* Adding and taking away 2^23 (2^52) rounds to whole numbers; greater numbers are whole, and NaN stays. */
#define FG_ROUND(T, U, W, limit, signbit)                                             \
  FL fp_##T fg_keep_##T(fp_##T x, fp_##T whole) {                                     \
    fp_u##W small = (fp_u##W)(fp_abs_##T(x) < (T)limit);                              \
    fp_u##W sign = (fp_u##W)x & signbit;                                              \
    return fg_mix(T, W, small, (fp_u##W)whole | sign, x);                             \
  }                                                                                   \
  FL fp_##T fg_nearest_##T(fp_##T x) {                                                \
    fp_##T a = fp_abs_##T(x);                                                         \
    return (a + (T)limit) - (T)limit;                                                 \
  }                                                                                   \
  FL fp_##T fp_rint_##T(fp_##T x) { return fg_keep_##T(x, fg_nearest_##T(x)); }       \
  FL fp_##T fp_trunc_##T(fp_##T x) {                                                  \
    fp_##T a = fp_abs_##T(x), r = fg_nearest_##T(x);                                  \
    fp_##T one = (fp_##T)((fp_u##W)(r > a) & (fp_u##W)((T)1 - (fp_##T){}));            \
    return fg_keep_##T(x, r - one);                                                   \
  }                                                                                   \
  FL fp_##T fp_floor_##T(fp_##T x) {                                                  \
    fp_##T r = fp_trunc_##T(x);                                                       \
    fp_u##W over = (fp_u##W)(r > x);                                                  \
    return fg_mix(T, W, over, r - (T)1, r);                                           \
  }                                                                                   \
  FL fp_##T fp_ceil_##T(fp_##T x) { return fp_neg_##T(fp_floor_##T(fp_neg_##T(x))); }
FG_ROUND(f32, u32, 32, 0x1p23, 0x80000000u)
FG_ROUND(f64, u64, 64, 0x1p52, 0x8000000000000000ul)

/* ---- conversions ---- */
#define FG_ALIGN __attribute__((aligned(64)))
#define FG_CVT(R, S)                                     \
  FL v_##R fl_cvt_##R##_##S(v_##S x) {                   \
    S s[16] FG_ALIGN;                                    \
    R r[16] FG_ALIGN;                                    \
    fl_store_##S(s, x);                                  \
    for (u32 i = 0; i < 16; i++) r[i] = (R)s[i];         \
    return fl_load_##R(r);                               \
  }
FG_CVT(i32, u8)
FG_CVT(i32, u16)
FG_CVT(i32, i64)
FG_CVT(i32, f32)
FG_CVT(i32, f64)
FG_CVT(i64, i32)
FG_CVT(i64, u32)
FG_CVT(i64, f32)
FG_CVT(i64, f64)
FG_CVT(u8, i32)
FG_CVT(u16, i32)
FG_CVT(f32, i32)
FG_CVT(f32, i64)
FG_CVT(f32, f64)
FG_CVT(f64, i32)
FG_CVT(f64, i64)
FG_CVT(f64, f32)
FL v_i64 fl_mulw_i32(v_i32 x, v_i32 y) {
  i32 a[16] FG_ALIGN, b[16] FG_ALIGN;
  i64 r[16] FG_ALIGN;
  fl_store_i32(a, x);
  fl_store_i32(b, y);
  for (u32 i = 0; i < 16; i++) r[i] = (i64)a[i] * b[i];
  return fl_load_i64(r);
}

/* ---- look-up ---- */
#define FG_LUT(R)                                                               \
  FL v_##R fl_lut_##R##_u8(const R *t, v_u8 x) {                                \
    R r[16] FG_ALIGN;                                                           \
    for (u32 i = 0; i < 16; i++) r[i] = t[x.a[i]];                              \
    return fl_load_##R(r);                                                      \
  }
#define FG_LUTN(R, C)                                                           \
  FL v_##R fl_lut_##R##_##C(const R *t, u32 limit, v_##C x) {                   \
    C c[16] FG_ALIGN;                                                           \
    R r[16] FG_ALIGN;                                                           \
    fl_store_##C(c, x);                                                         \
    for (u32 i = 0; i < 16; i++) r[i] = c[i] < limit ? t[c[i]] : 0;             \
    return fl_load_##R(r);                                                      \
  }
FG_LUT(u8)
#define FG_LUTS(R) FG_LUT(R) FG_LUTN(R, u16) FG_LUTN(R, u32)
FG_LUTS(i32)
FG_LUTS(i64)
FG_LUTS(f32)
FG_LUTS(f64)
