/* flv_avx512.h: what flv.h needs of AVX-512 (F, BW, DQ, VL): comparisons into mask registers, blends, conversions, gathers.
 * gcc and clang name some builtins differently; inline assembly stands where neither a builtin nor plain C is common to both.
 */
typedef char fz_b __attribute__((vector_size(16)));
typedef short fz_w __attribute__((vector_size(32)));
typedef int fz_d __attribute__((vector_size(64)));
typedef int fz_d8 __attribute__((vector_size(32)));
typedef long long fz_q __attribute__((vector_size(64)));
typedef float fz_ps __attribute__((vector_size(64)));
typedef double fz_pd __attribute__((vector_size(64)));
typedef u8 fz_u8x64 __attribute__((vector_size(64), may_alias));
typedef u8 fz_q8x64 __attribute__((vector_size(64), may_alias, aligned(1)));

/* One instruction; the operand modifiers %x and %t name the low 16 and 32 bytes of a register. */
#define FZ_ASM(name, R, A, code) \
  FL R name(A x) { R r; __asm__(code : "=v"(r) : "v"(x)); return r; }
#define FL_TO(x, V) __builtin_convertvector(x, V)
FZ_ASM(fz_high, fp_i32, fp_i32, "vextracti64x4 $1, %1, %t0")
FZ_ASM(fz_low8, fz_d8, fp_i32, "vextracti64x4 $0, %1, %0")
FZ_ASM(fz_high8, fz_d8, fp_i32, "vextracti64x4 $1, %1, %0")
FL fp_i32 fz_join(fp_i32 lo, fp_i32 hi) {
  fp_i32 r;
  __asm__("vinserti64x4 $1, %t2, %1, %0" : "=v"(r) : "v"(lo), "v"(hi));
  return r;
}

/* ---- comparison ---- */
/* The bits of an 8-lane comparison. Not a cast: gcc 12 may spill such a mask as one byte and read it back as two. */
FL u32 fz_bits8(u8 k) {
  u32 r;
  __asm__("kmovb %1, %0" : "=r"(r) : "k"(k));
  return r;
}
#define fz_cu8(x, y, k) (u32)(u16) __builtin_ia32_ucmpb128_mask((fz_b)(x), (fz_b)(y), k, (u16)-1)
#define fz_cu16(x, y, k) (u32)(u16) __builtin_ia32_ucmpw256_mask((fz_w)(x), (fz_w)(y), k, (u16)-1)
#define fz_cu32(x, y, k) (u32)(u16) __builtin_ia32_ucmpd512_mask((fz_d)(x), (fz_d)(y), k, (u16)-1)
#define fz_ci32(x, y, k) (u32)(u16) __builtin_ia32_cmpd512_mask((fz_d)(x), (fz_d)(y), k, (u16)-1)
#define fz_ci64(x, y, k) fz_bits8(__builtin_ia32_cmpq512_mask((fz_q)(x), (fz_q)(y), k, (u8)-1))
#define fz_cf32(x, y, k) (u32)(u16) __builtin_ia32_cmpps512_mask((fz_ps)(x), (fz_ps)(y), k, (u16)-1, 4)
#define fz_cf64(x, y, k) fz_bits8(__builtin_ia32_cmppd512_mask((fz_pd)(x), (fz_pd)(y), k, (u8)-1, 4))
#define FZ_CMP(T)                                                            \
  FL u32 fp_eq_##T(fp_##T x, fp_##T y) { return fz_c##T(x, y, 0); }          \
  FL u32 fp_lt_##T(fp_##T x, fp_##T y) { return fz_c##T(x, y, 1); }          \
  FL u32 fp_le_##T(fp_##T x, fp_##T y) { return fz_c##T(x, y, 2); }          \
  FL u32 fp_ne_##T(fp_##T x, fp_##T y) { return fz_c##T(x, y, 4); }          \
  FL u32 fp_ge_##T(fp_##T x, fp_##T y) { return fz_c##T(x, y, 5); }          \
  FL u32 fp_gt_##T(fp_##T x, fp_##T y) { return fz_c##T(x, y, 6); }
FZ_CMP(u8)
FZ_CMP(u16)
FZ_CMP(u32)
FZ_CMP(i32)
FZ_CMP(i64)
/* Quiet predicates: EQ_OQ, LT_OQ, LE_OQ, UNORD_Q, NEQ_OQ, GE_OQ, GT_OQ. */
#define FZ_CMPF(T)                                                           \
  FL u32 fp_oeq_##T(fp_##T x, fp_##T y) { return fz_c##T(x, y, 0x00); }      \
  FL u32 fp_olt_##T(fp_##T x, fp_##T y) { return fz_c##T(x, y, 0x11); }      \
  FL u32 fp_ole_##T(fp_##T x, fp_##T y) { return fz_c##T(x, y, 0x12); }      \
  FL u32 fp_uno_##T(fp_##T x, fp_##T y) { return fz_c##T(x, y, 0x03); }      \
  FL u32 fp_one_##T(fp_##T x, fp_##T y) { return fz_c##T(x, y, 0x0c); }      \
  FL u32 fp_oge_##T(fp_##T x, fp_##T y) { return fz_c##T(x, y, 0x1d); }      \
  FL u32 fp_ogt_##T(fp_##T x, fp_##T y) { return fz_c##T(x, y, 0x1e); }
FZ_CMPF(f32)
FZ_CMPF(f64)

/* ---- selection, masked addition, minimum ---- */
#ifdef __clang__
#define fz_sel_b(m, x, y) __builtin_ia32_selectb_128((u16)(m), (fz_b)(x), (fz_b)(y))
#define fz_sel_w(m, x, y) __builtin_ia32_selectw_256((u16)(m), (fz_w)(x), (fz_w)(y))
#define fz_sel_d(m, x, y) __builtin_ia32_selectd_512((u16)(m), (fz_d)(x), (fz_d)(y))
#define fz_sel_q(m, x, y) __builtin_ia32_selectq_512((u8)(m), (fz_q)(x), (fz_q)(y))
#define fz_muldq(x, y) __builtin_ia32_pmuldq512((fz_d)(x), (fz_d)(y))
FL fp_i32 fp_madd_i32(u32 m, fp_i32 a, fp_i32 x) { return (fp_i32)fz_sel_d(m, (fp_u32)a + (fp_u32)x, a); }
FL fp_i64 fp_madd_i64(u32 m, fp_i64 a, fp_i64 x) { return (fp_i64)fz_sel_q(m, (fp_u64)a + (fp_u64)x, a); }
FL fp_f64 fp_madd_f64(u32 m, fp_f64 a, fp_f64 x) { return (fp_f64)fz_sel_q(m, a + x, a); }
FL fp_i32 fp_min_i32(fp_i32 x, fp_i32 y) { return (fp_i32)fz_sel_d(fp_lt_i32(x, y), x, y); }
FL fp_i32 fp_max_i32(fp_i32 x, fp_i32 y) { return (fp_i32)fz_sel_d(fp_gt_i32(x, y), x, y); }
FL fp_i64 fp_min_i64(fp_i64 x, fp_i64 y) { return (fp_i64)fz_sel_q(fp_lt_i64(x, y), x, y); }
FL fp_i64 fp_max_i64(fp_i64 x, fp_i64 y) { return (fp_i64)fz_sel_q(fp_gt_i64(x, y), x, y); }
#else
#define fz_sel_b(m, x, y) __builtin_ia32_blendmb_128_mask((fz_b)(y), (fz_b)(x), (u16)(m))
#define fz_sel_w(m, x, y) __builtin_ia32_blendmw_256_mask((fz_w)(y), (fz_w)(x), (u16)(m))
#define fz_sel_d(m, x, y) __builtin_ia32_blendmd_512_mask((fz_d)(y), (fz_d)(x), (u16)(m))
#define fz_sel_q(m, x, y) __builtin_ia32_blendmq_512_mask((fz_q)(y), (fz_q)(x), (u8)(m))
#define fz_muldq(x, y) __builtin_ia32_pmuldq512_mask((fz_d)(x), (fz_d)(y), (fz_q){}, (u8)-1)
FL fp_i32 fp_madd_i32(u32 m, fp_i32 a, fp_i32 x) {
  return (fp_i32)__builtin_ia32_paddd512_mask((fz_d)a, (fz_d)x, (fz_d)a, (u16)m);
}
FL fp_i64 fp_madd_i64(u32 m, fp_i64 a, fp_i64 x) {
  return (fp_i64)__builtin_ia32_paddq512_mask((fz_q)a, (fz_q)x, (fz_q)a, (u8)m);
}
FL fp_f64 fp_madd_f64(u32 m, fp_f64 a, fp_f64 x) {
  return (fp_f64)__builtin_ia32_addpd512_mask((fz_pd)a, (fz_pd)x, (fz_pd)a, (u8)m, 4);
}
FL fp_i32 fp_min_i32(fp_i32 x, fp_i32 y) {
  return (fp_i32)__builtin_ia32_pminsd512_mask((fz_d)x, (fz_d)y, (fz_d){}, (u16)-1);
}
FL fp_i32 fp_max_i32(fp_i32 x, fp_i32 y) {
  return (fp_i32)__builtin_ia32_pmaxsd512_mask((fz_d)x, (fz_d)y, (fz_d){}, (u16)-1);
}
FL fp_i64 fp_min_i64(fp_i64 x, fp_i64 y) {
  return (fp_i64)__builtin_ia32_pminsq512_mask((fz_q)x, (fz_q)y, (fz_q){}, (u8)-1);
}
FL fp_i64 fp_max_i64(fp_i64 x, fp_i64 y) {
  return (fp_i64)__builtin_ia32_pmaxsq512_mask((fz_q)x, (fz_q)y, (fz_q){}, (u8)-1);
}
#endif
FL fp_u8 fp_sel_u8(u32 m, fp_u8 x, fp_u8 y) { return (fp_u8)fz_sel_b(m, x, y); }
FL fp_u16 fp_sel_u16(u32 m, fp_u16 x, fp_u16 y) { return (fp_u16)fz_sel_w(m, x, y); }
FL fp_u32 fp_sel_u32(u32 m, fp_u32 x, fp_u32 y) { return (fp_u32)fz_sel_d(m, x, y); }
FL fp_i32 fp_sel_i32(u32 m, fp_i32 x, fp_i32 y) { return (fp_i32)fz_sel_d(m, x, y); }
FL fp_f32 fp_sel_f32(u32 m, fp_f32 x, fp_f32 y) { return (fp_f32)fz_sel_d(m, x, y); }
FL fp_i64 fp_sel_i64(u32 m, fp_i64 x, fp_i64 y) { return (fp_i64)fz_sel_q(m, x, y); }
FL fp_u64 fp_sel_u64(u32 m, fp_u64 x, fp_u64 y) { return (fp_u64)fz_sel_q(m, x, y); }
FL fp_f64 fp_sel_f64(u32 m, fp_f64 x, fp_f64 y) { return (fp_f64)fz_sel_q(m, x, y); }
/* The instructions give their last operand (AT&T's first) where neither is less. */
#define FZ_EXTREME(name, T, code)                                      \
  FL fp_##T name##_##T(fp_##T x, fp_##T y) {                           \
    fp_##T d;                                                          \
    __asm__(code " %1, %2, %0" : "=v"(d) : "v"(x), "v"(y));            \
    return d;                                                          \
  }
FZ_EXTREME(fp_min, f32, "vminps")
FZ_EXTREME(fp_max, f32, "vmaxps")
FZ_EXTREME(fp_min, f64, "vminpd")
FZ_EXTREME(fp_max, f64, "vmaxpd")


/* ---- floating point ---- */
#define FZ_FLOAT(op, code) \
  FZ_ASM(fp_##op##_f32, fp_f32, fp_f32, code("s")) FZ_ASM(fp_##op##_f64, fp_f64, fp_f64, code("d"))
#define FZ_SQRT(w) "vsqrtp" w " %1, %0"
#define FZ_RINT(w) "vrndscalep" w " $8, %1, %0"
#define FZ_FLOOR(w) "vrndscalep" w " $9, %1, %0"
#define FZ_CEIL(w) "vrndscalep" w " $10, %1, %0"
#define FZ_TRUNC(w) "vrndscalep" w " $11, %1, %0"
FZ_FLOAT(sqrt, FZ_SQRT)
FZ_FLOAT(rint, FZ_RINT)
FZ_FLOAT(floor, FZ_FLOOR)
FZ_FLOAT(ceil, FZ_CEIL)
FZ_FLOAT(trunc, FZ_TRUNC)
FL fp_f32 fp_fma_f32(fp_f32 x, fp_f32 y, fp_f32 z) {
  return (fp_f32)__builtin_ia32_vfmaddps512_mask((fz_ps)x, (fz_ps)y, (fz_ps)z, (u16)-1, 4);
}
FL fp_f64 fp_fma_f64(fp_f64 x, fp_f64 y, fp_f64 z) {
  return (fp_f64)__builtin_ia32_vfmaddpd512_mask((fz_pd)x, (fz_pd)y, (fz_pd)z, (u8)-1, 4);
}

/* ---- conversions: of the low half, and of both ---- */
FZ_ASM(fz_i64_i32, fp_i64, fp_i32, "vpmovsxdq %t1, %0")
FZ_ASM(fz_i64_u32, fp_i64, fp_i32, "vpmovzxdq %t1, %0")
FZ_ASM(fz_i64_f32, fp_i64, fp_i32, "vcvttps2qq %t1, %0")
FZ_ASM(fz_f64_i32, fp_f64, fp_i32, "vcvtdq2pd %t1, %0")
FZ_ASM(fz_f64_f32, fp_f64, fp_i32, "vcvtps2pd %t1, %0")
FZ_ASM(fz_i32_i64, fp_i32, fp_i64, "vpmovqd %1, %t0")
FZ_ASM(fz_i32_f64, fp_i32, fp_f64, "vcvttpd2dq %1, %t0")
FZ_ASM(fz_f32_i64, fp_i32, fp_i64, "vcvtqq2ps %1, %t0")
FZ_ASM(fz_f32_f64, fp_i32, fp_f64, "vcvtpd2ps %1, %t0")
FZ_ASM(fz_i64_f64, fp_i64, fp_f64, "vcvttpd2qq %1, %0")
FZ_ASM(fz_f64_i64, fp_f64, fp_i64, "vcvtqq2pd %1, %0")
FZ_ASM(fz_i32_u8, fp_i32, fp_u8, "vpmovzxbd %1, %0")
FZ_ASM(fz_i32_u16, fp_i32, fp_u16, "vpmovzxwd %1, %0")
FZ_ASM(fz_u8_i32, fp_u8, fp_i32, "vpmovdb %1, %0")
FZ_ASM(fz_u16_i32, fp_u16, fp_i32, "vpmovdw %1, %0")
FL v_i32 fl_cvt_i32_u8(v_u8 x) { return (v_i32){fz_i32_u8(x.a)}; }
FL v_i32 fl_cvt_i32_u16(v_u16 x) { return (v_i32){fz_i32_u16(x.a)}; }
FL v_i32 fl_cvt_i32_f32(v_f32 x) { return (v_i32){FL_TO(x.a, fp_i32)}; }
FL v_f32 fl_cvt_f32_i32(v_i32 x) { return (v_f32){FL_TO(x.a, fp_f32)}; }
FL v_u8 fl_cvt_u8_i32(v_i32 x) { return (v_u8){fz_u8_i32(x.a)}; }
FL v_u16 fl_cvt_u16_i32(v_i32 x) { return (v_u16){fz_u16_i32(x.a)}; }
FL v_i64 fl_cvt_i64_f64(v_f64 x) { return (v_i64){fz_i64_f64(x.a), fz_i64_f64(x.b)}; }
FL v_f64 fl_cvt_f64_i64(v_i64 x) { return (v_f64){fz_f64_i64(x.a), fz_f64_i64(x.b)}; }
#define FZ_WIDER(R, S) \
  FL v_##R fl_cvt_##R##_##S(v_##S x) { return (v_##R){fz_##R##_##S((fp_i32)x.a), fz_##R##_##S(fz_high((fp_i32)x.a))}; }
#define FZ_NARROWER(R, S) \
  FL v_##R fl_cvt_##R##_##S(v_##S x) { return (v_##R){(fp_##R)fz_join(fz_##R##_##S(x.a), fz_##R##_##S(x.b))}; }
FZ_WIDER(i64, i32)
FZ_WIDER(i64, u32)
FZ_WIDER(i64, f32)
FZ_WIDER(f64, i32)
FZ_WIDER(f64, f32)
FZ_NARROWER(i32, i64)
FZ_NARROWER(i32, f64)
FZ_NARROWER(f32, i64)
FZ_NARROWER(f32, f64)
/* The instruction multiplies the low halves of 64-bit lanes, so it does not matter how the high ones are filled. */
FL v_i64 fl_mulw_i32(v_i32 x, v_i32 y) {
  fp_i64 xl = fz_i64_u32(x.a), yl = fz_i64_u32(y.a), xh = fz_i64_u32(fz_high(x.a)), yh = fz_i64_u32(fz_high(y.a));
  return (v_i64){(fp_i64)fz_muldq(xl, yl), (fp_i64)fz_muldq(xh, yh)};
}
FZ_ASM(fp_low_i64, fp_i64, fl_two, "vmovdqa64 %1, %x0")

/* ---- look-up ---- */
FL fp_i32 fz_gather(const void *t, u32 m, fp_i32 at) {
  return (fp_i32)__builtin_ia32_gathersiv16si((fz_d){}, t, (fz_d)at, (u16)m, 4);
}
FL fp_i64 fz_gather64(const void *t, u32 m, fz_d8 at) {
  return (fp_i64)__builtin_ia32_gathersiv8di((fz_q){}, t, at, (u8)m, 8);
}
FL v_i32 fl_lut_i32_u8(const i32 *t, v_u8 x) { return (v_i32){fz_gather(t, 0xffff, fl_cvt_i32_u8(x).a)}; }
FL v_i64 fl_lut_i64_u8(const i64 *t, v_u8 x) {
  fp_i32 at = fl_cvt_i32_u8(x).a;
  return (v_i64){fz_gather64(t, 0xff, fz_low8(at)), fz_gather64(t, 0xff, fz_high8(at))};
}
#define FZ_CODES_u16(x) (fp_u32)fz_i32_u16(x.a)
#define FZ_CODES_u32(x) x.a
/* A code is below the limit, and the limit below 2^31, wherever memory is read. */
#define FZ_LUT(C)                                                                                                   \
  FL v_i32 fl_lut_i32_##C(const i32 *t, u32 limit, v_##C x) {                                                       \
    fp_u32 at = FZ_CODES_##C(x);                                                                                    \
    return (v_i32){fz_gather(t, fp_lt_u32(at, limit - (fp_u32){}), (fp_i32)at)};                                    \
  }                                                                                                                 \
  FL v_i64 fl_lut_i64_##C(const i64 *t, u32 limit, v_##C x) {                                                       \
    fp_u32 at = FZ_CODES_##C(x);                                                                                    \
    u32 m = fp_lt_u32(at, limit - (fp_u32){});                                                                      \
    return (v_i64){fz_gather64(t, m, fz_low8((fp_i32)at)), fz_gather64(t, m >> 8, fz_high8((fp_i32)at))};           \
  }
FZ_LUT(u16)
FZ_LUT(u32)
#define FZ_LUTF(C, LIMIT, ARG)                                                                                       \
  FL v_f32 fl_lut_f32_##C(const f32 *t LIMIT, v_##C x) {                                                             \
    return (v_f32){(fp_f32)fl_lut_i32_##C((const i32 *)t ARG, x).a};                                                 \
  }                                                                                                                  \
  FL v_f64 fl_lut_f64_##C(const f64 *t LIMIT, v_##C x) {                                                             \
    v_i64 r = fl_lut_i64_##C((const i64 *)t ARG, x);                                                                 \
    return (v_f64){(fp_f64)r.a, (fp_f64)r.b};                                                                        \
  }
#define FZ_COMMA ,
FZ_LUTF(u8, , )
FZ_LUTF(u16, FZ_COMMA u32 limit, FZ_COMMA limit)
FZ_LUTF(u32, FZ_COMMA u32 limit, FZ_COMMA limit)
#ifdef __AVX512VBMI__
FZ_ASM(fz_wide, fz_u8x64, fp_u8, "vmovdqa64 %1, %x0")
FZ_ASM(fz_narrow, fp_u8, fz_u8x64, "vmovdqa64 %x1, %0")
/* The table in four registers; the code's top bit chooses between the two halves of it. */
FL v_u8 fl_lut_u8_u8(const u8 *t, v_u8 x) {
  fz_u8x64 lo, hi, t0 = *(const fz_q8x64 *)t, t1 = *(const fz_q8x64 *)(t + 64), t2 = *(const fz_q8x64 *)(t + 128),
                   t3 = *(const fz_q8x64 *)(t + 192);
  lo = fz_wide(x.a);
  hi = lo;
  __asm__("vpermi2b %2, %1, %0" : "+v"(lo) : "v"(t0), "v"(t1));
  __asm__("vpermi2b %2, %1, %0" : "+v"(hi) : "v"(t2), "v"(t3));
  fp_u8 l = fz_narrow(lo), h = fz_narrow(hi);
  return (v_u8){fp_sel_u8(fp_ge_u8(x.a, 128 - (fp_u8){}), h, l)};
}
#else
FL v_u8 fl_lut_u8_u8(const u8 *t, v_u8 x) {
  u8 r[16];
  for (u32 i = 0; i < 16; i++) r[i] = t[x.a[i]];
  return fl_load_u8(r);
}
#endif
