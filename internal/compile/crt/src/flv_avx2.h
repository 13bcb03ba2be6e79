/* flv_avx2.h: what flv.h needs of AVX2 and FMA.
 *
 * A mask is lanes, all ones or zero, of the width that it comes from: 16 bytes in one register or, of a comparison of wider
 * lanes, 16 times 32 bits in two. A use takes it as it is or widens or packs it; the width is a constant to the compiler, so no
 * test of it is left in a program. As 16 bits a mask would cross to a general register and back between a comparison and its
 * use. In memory it is 16 bits as everywhere. Comparisons of parts (fp_*) give lanes of ones, selections take them.
 */
typedef struct { u32 wide; fp_u8 bytes; fp_u32 a, b; } m16; /* bytes, or if wide a and b */
typedef char fa_b16 __attribute__((vector_size(16)));
typedef char fa_b __attribute__((vector_size(32)));
typedef short fa_w8 __attribute__((vector_size(16)));
typedef short fa_w __attribute__((vector_size(32)));
typedef int fa_d4 __attribute__((vector_size(16)));
typedef int fa_d __attribute__((vector_size(32)));
typedef long long fa_q2 __attribute__((vector_size(16)));
typedef long long fa_q __attribute__((vector_size(32)));
typedef float fa_ps __attribute__((vector_size(32)));
typedef double fa_pd __attribute__((vector_size(32)));
typedef fa_q2 fa_half; /* of a part, whatever it holds */
typedef u8 fa_table __attribute__((vector_size(32), may_alias, aligned(1)));

/* One instruction that gcc and clang have no common builtin for; the operand modifier %t names a register's low 32 bytes. */
#define FA_ASM(name, R, A, code) \
  FL R name(A x) { R r; __asm__(code : "=x"(r) : "x"(x)); return r; }
#define FA_ASM2(name, R, A, B, code) \
  FL R name(A x, B y) { R r; __asm__(code : "=x"(r) : "x"(x), "x"(y)); return r; }
#define fa_low(x) __builtin_ia32_extract128i256((fa_q)(x), 0)
#define fa_high(x) __builtin_ia32_extract128i256((fa_q)(x), 1)
FA_ASM2(fa_join, fa_q, fa_half, fa_half, "vinserti128 $1, %2, %t1, %0")
/* The quarters 0, 2, 1, 3: what the instructions on two halves each leave in the wrong order. */
#define fa_cross(x) __builtin_ia32_permdi256((fa_q)(x), 0xd8)
#define fa_cross16(x) __builtin_ia32_pshufd((fa_d4)(x), 0xd8)

/* ---- masks ---- */
FL m16 fa_narrow(fp_u8 bytes) { return (m16){0, bytes, {}, {}}; }
FL m16 fa_wide(fp_u32 a, fp_u32 b) { return (m16){1, {}, a, b}; }
FL fp_u8 fa_bytes(m16 m) {
  if (!m.wide) return m.bytes;
  fa_w w = __builtin_ia32_packssdw256((fa_d)m.a, (fa_d)m.b);
  return (fp_u8)fa_cross16(__builtin_ia32_packsswb128((fa_w8)fa_low(w), (fa_w8)fa_high(w)));
}
#define FA_LOGIC(op, OF)                                                                                            \
  FL m16 fl_##op##_m(m16 x, m16 y) {                                                                                \
    return x.wide & y.wide ? fa_wide(OF(x.a, y.a), OF(x.b, y.b)) : fa_narrow(OF(fa_bytes(x), fa_bytes(y)));         \
  }
#define fa_andnot(x, y) ((x) & ~(y))
FA_LOGIC(and, fp_and)
FA_LOGIC(or, fp_or)
FA_LOGIC(xor, fp_xor)
FA_LOGIC(andnot, fa_andnot)
FL m16 fl_not_m(m16 m) { return m.wide ? fa_wide(~m.a, ~m.b) : fa_narrow(~m.bytes); }
FL u32 fl_bits_m(m16 m) { return (u32)__builtin_ia32_pmovmskb128((fa_b16)fa_bytes(m)); }
FL m16 fl_of_bits(u32 bits) {
  const fa_b16 from = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1};
  const fp_u8 bit = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  fp_u8 each = (fp_u8)__builtin_ia32_pshufb128((fa_b16)(fa_d4){(i32)bits}, from);
  return fa_narrow((fp_u8)((each & bit) == bit));
}
/* The rows i … i+15 of a block that are below n: a window on sixteen ones and sixteen zeros. */
FL m16 fl_head(u32 n, u32 i) {
  static const u8 ones[32] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
  u32 rows = n - i;
  return fa_narrow(*(const fq_u8 *)(ones + 16 - (rows < 16 ? rows : 16)));
}
FL m16 fl_set_m(u32 bit) { return fa_narrow((u8)(0u - (bit & 1)) - (fp_u8){}); }

/* The lanes of part k of a mask. */
FA_ASM(fa_ones16, fp_u16, fp_u8, "vpmovsxbw %1, %0")
FA_ASM(fa_ones32, fp_u32, fp_u8, "vpmovsxbd %1, %0")
FA_ASM(fa_ones64, fp_u64, fp_u8, "vpmovsxbq %1, %0")
FA_ASM(fa_doubled, fp_u64, fa_half, "vpmovsxdq %1, %0")
#define fa_upper(x) (fp_u8)__builtin_ia32_pshufd((fa_d4)(x), 0xee)
#define fa_quarter(x, k) (fp_u8)__builtin_ia32_pshufd((fa_d4)(x), (k) * 0x55)
#define fa_lanes16(m) fa_ones16(fa_bytes(m))
#define fa_lanes32(m, k) ((m).wide ? k ? (m).b : (m).a : fa_ones32(k ? fa_upper((m).bytes) : (m).bytes))
#define fa_lanes64(m, k)                                                                                            \
  ((m).wide ? fa_doubled(k & 1 ? fa_high(k & 2 ? (m).b : (m).a) : fa_low(k & 2 ? (m).b : (m).a))                    \
            : fa_ones64(k ? fa_quarter((m).bytes, k) : (m).bytes))
/* The mask of lanes. */
FL m16 fa_mask16(fp_u16 x) {
  return fa_narrow((fp_u8)__builtin_ia32_packsswb128((fa_w8)fa_low(x), (fa_w8)fa_high(x)));
}
#define fa_even(x, y) fa_cross(__builtin_ia32_shufps256((fa_ps)(x), (fa_ps)(y), 0x88))
FL m16 fa_mask64(fp_u64 x, fp_u64 y, fp_u64 z, fp_u64 u) {
  return fa_wide((fp_u32)fa_even(x, y), (fp_u32)fa_even(z, u));
}
#define FA_BITS_u8 8
#define FA_BITS_u16 16
#define FA_BITS_u32 32
#define FA_BITS_i32 32
#define FA_BITS_f32 32
#define FA_BITS_u64 64
#define FA_BITS_i64 64
#define FA_BITS_f64 64
#define FA_S8(F, m, x, y) F(fa_bytes(m), x.a, y.a)
#define FA_S16(F, m, x, y) F(fa_lanes16(m), x.a, y.a)
#define FA_S32(F, m, x, y) F(fa_lanes32(m, 0), x.a, y.a), F(fa_lanes32(m, 1), x.b, y.b)
#define FA_S64(F, m, x, y)                                                                                  \
  F(fa_lanes64(m, 0), x.a, y.a), F(fa_lanes64(m, 1), x.b, y.b), F(fa_lanes64(m, 2), x.c, y.c),              \
      F(fa_lanes64(m, 3), x.d, y.d)
#define FA_B8(F, x, y) fa_narrow(F(x.a, y.a))
#define FA_B16(F, x, y) fa_mask16(F(x.a, y.a))
#define FA_B32(F, x, y) fa_wide(F(x.a, y.a), F(x.b, y.b))
#define FA_B64(F, x, y) fa_mask64(F(x.a, y.a), F(x.b, y.b), F(x.c, y.c), F(x.d, y.d))
#define FL_MASKED(F, T, m, x, y) FL_CAT(FA_S, FA_BITS_##T)(F, m, x, y)
#define FL_MASK(F, T, x, y) FL_CAT(FA_B, FA_BITS_##T)(F, x, y)

/* ---- comparison ---- */
#define FA_CMP(T, U)                                                 \
  FL U fp_eq_##T(fp_##T x, fp_##T y) { return (U)(x == y); }         \
  FL U fp_ne_##T(fp_##T x, fp_##T y) { return (U)(x != y); }         \
  FL U fp_lt_##T(fp_##T x, fp_##T y) { return (U)(x < y); }          \
  FL U fp_le_##T(fp_##T x, fp_##T y) { return (U)(x <= y); }         \
  FL U fp_gt_##T(fp_##T x, fp_##T y) { return (U)(x > y); }          \
  FL U fp_ge_##T(fp_##T x, fp_##T y) { return (U)(x >= y); }
FA_CMP(u8, fp_u8)
FA_CMP(u16, fp_u16)
FA_CMP(u32, fp_u32)
FA_CMP(i32, fp_u32)
FA_CMP(i64, fp_u64)
/* The names without o are PostgreSQL's order: all NaN are equal and greater than anything else. */
#define FA_CMPF(T, U)                                                                                     \
  FL U fp_oeq_##T(fp_##T x, fp_##T y) { return (U)(x == y); }                                             \
  FL U fp_olt_##T(fp_##T x, fp_##T y) { return (U)(x < y); }                                              \
  FL U fp_ole_##T(fp_##T x, fp_##T y) { return (U)(x <= y); }                                             \
  FL U fp_ogt_##T(fp_##T x, fp_##T y) { return (U)(x > y); }                                              \
  FL U fp_oge_##T(fp_##T x, fp_##T y) { return (U)(x >= y); }                                             \
  FL U fp_uno_##T(fp_##T x, fp_##T y) { return (U)((x != x) | (y != y)); }                                \
  FL U fp_one_##T(fp_##T x, fp_##T y) { return (U)((x < y) | (x > y)); }                                  \
  FL U fp_eq_##T(fp_##T x, fp_##T y) { return (U)((x == y) | ((x != x) & (y != y))); }                    \
  FL U fp_ge_##T(fp_##T x, fp_##T y) { return (U)((x >= y) | (x != x)); }                                 \
  FL U fp_ne_##T(fp_##T x, fp_##T y) { return ~fp_eq_##T(x, y); }                                         \
  FL U fp_lt_##T(fp_##T x, fp_##T y) { return ~fp_ge_##T(x, y); }                                         \
  FL U fp_le_##T(fp_##T x, fp_##T y) { return fp_ge_##T(y, x); }                                          \
  FL U fp_gt_##T(fp_##T x, fp_##T y) { return fp_lt_##T(y, x); }
FA_CMPF(f32, fp_u32)
FA_CMPF(f64, fp_u64)
#define fp_before_i32 fp_lt_i32
#define fp_before_i64 fp_lt_i64
#define fp_before_f32 fp_lt_f32
#define fp_before_f64 fp_lt_f64

/* ---- selection, masked addition, minimum ---- */
FL fp_u8 fp_sel_u8(fp_u8 m, fp_u8 x, fp_u8 y) {
  return (fp_u8)__builtin_ia32_pblendvb128((fa_b16)y, (fa_b16)x, (fa_b16)m);
}
#define FA_SEL(T, U, V, blend) \
  FL fp_##T fp_sel_##T(U m, fp_##T x, fp_##T y) { return (fp_##T)blend((V)y, (V)x, (V)m); }
FA_SEL(u16, fp_u16, fa_b, __builtin_ia32_pblendvb256)
FA_SEL(u32, fp_u32, fa_b, __builtin_ia32_pblendvb256)
FA_SEL(i32, fp_u32, fa_b, __builtin_ia32_pblendvb256)
FA_SEL(u64, fp_u64, fa_b, __builtin_ia32_pblendvb256)
FA_SEL(i64, fp_u64, fa_b, __builtin_ia32_pblendvb256)
FA_SEL(f32, fp_u32, fa_ps, __builtin_ia32_blendvps256)
FA_SEL(f64, fp_u64, fa_pd, __builtin_ia32_blendvpd256)
FL fp_i32 fp_madd_i32(fp_u32 m, fp_i32 a, fp_i32 x) { return fp_add_i32(a, (fp_u32)x & m); }
/* A sum starts from +0 and so never is -0, the only number that adding +0 changes. */
FL fp_f64 fp_madd_f64(fp_u64 m, fp_f64 a, fp_f64 x) { return a + (fp_f64)((fp_u64)x & m); }
FA_ASM2(fp_min_i32, fp_i32, fp_i32, fp_i32, "vpminsd %2, %1, %0")
FA_ASM2(fp_max_i32, fp_i32, fp_i32, fp_i32, "vpmaxsd %2, %1, %0")
FL fp_i64 fp_min_i64(fp_i64 x, fp_i64 y) { return fp_sel_i64(fp_lt_i64(y, x), y, x); }
FL fp_i64 fp_max_i64(fp_i64 x, fp_i64 y) { return fp_sel_i64(fp_lt_i64(x, y), y, x); }
/* The instructions give their last operand (AT&T's first) where neither is less. */
FA_ASM2(fp_min_f32, fp_f32, fp_f32, fp_f32, "vminps %1, %2, %0")
FA_ASM2(fp_max_f32, fp_f32, fp_f32, fp_f32, "vmaxps %1, %2, %0")
FA_ASM2(fp_min_f64, fp_f64, fp_f64, fp_f64, "vminpd %1, %2, %0")
FA_ASM2(fp_max_f64, fp_f64, fp_f64, fp_f64, "vmaxpd %1, %2, %0")

/* ---- floating point ---- */
#define FA_FLOAT(op, code, mode) \
  FA_ASM(fp_##op##_f32, fp_f32, fp_f32, code "ps " mode "%1, %0") FA_ASM(fp_##op##_f64, fp_f64, fp_f64, code "pd " mode "%1, %0")
FA_FLOAT(sqrt, "vsqrt", "")
FA_FLOAT(rint, "vround", "$8, ")
FA_FLOAT(floor, "vround", "$9, ")
FA_FLOAT(ceil, "vround", "$10, ")
FA_FLOAT(trunc, "vround", "$11, ")
FL fp_f32 fp_fma_f32(fp_f32 x, fp_f32 y, fp_f32 z) {
  return (fp_f32)__builtin_ia32_vfmaddps256((fa_ps)x, (fa_ps)y, (fa_ps)z);
}
FL fp_f64 fp_fma_f64(fp_f64 x, fp_f64 y, fp_f64 z) {
  return (fp_f64)__builtin_ia32_vfmaddpd256((fa_pd)x, (fa_pd)y, (fa_pd)z);
}

/* ---- conversions ---- */
FA_ASM(fa_i32_u8, fp_i32, fp_u8, "vpmovzxbd %1, %0")
FA_ASM(fa_i32_u16, fp_i32, fa_half, "vpmovzxwd %1, %0")
FA_ASM(fa_i64_i32, fp_i64, fa_half, "vpmovsxdq %1, %0")
FA_ASM(fa_i64_u32, fp_i64, fa_half, "vpmovzxdq %1, %0")
FA_ASM(fa_f64_i32, fp_f64, fa_half, "vcvtdq2pd %1, %0")
FA_ASM(fa_f64_f32, fp_f64, fa_half, "vcvtps2pd %1, %0")
FA_ASM(fa_i32_f64, fa_half, fp_f64, "vcvttpd2dq %1, %0")
FA_ASM(fa_f32_f64, fa_half, fp_f64, "vcvtpd2ps %1, %0")
FA_ASM(fp_cvt_i32_f32, fp_i32, fp_f32, "vcvttps2dq %1, %0")
FA_ASM(fp_cvt_f32_i32, fp_f32, fp_i32, "vcvtdq2ps %1, %0")
FL_DEF1(cvt_i32, i32, f32)
FL_DEF1(cvt_f32, f32, i32)
FL v_i32 fl_cvt_i32_u8(v_u8 x) {
  return (v_i32){fa_i32_u8(x.a), fa_i32_u8(fa_upper(x.a))};
}
FL v_i32 fl_cvt_i32_u16(v_u16 x) { return (v_i32){fa_i32_u16(fa_low(x.a)), fa_i32_u16(fa_high(x.a))}; }
#define FA_WIDER(R, S)                                                                                             \
  FL v_##R fl_cvt_##R##_##S(v_##S x) {                                                                             \
    return (v_##R){fa_##R##_##S(fa_low(x.a)), fa_##R##_##S(fa_high(x.a)), fa_##R##_##S(fa_low(x.b)),               \
                   fa_##R##_##S(fa_high(x.b))};                                                                    \
  }
FA_WIDER(i64, i32)
FA_WIDER(i64, u32)
FA_WIDER(f64, i32)
FA_WIDER(f64, f32)
#define FA_NARROWER(R, S)                                                                                          \
  FL v_##R fl_cvt_##R##_##S(v_##S x) {                                                                             \
    return (v_##R){(fp_##R)fa_join(fa_##R##_##S(x.a), fa_##R##_##S(x.b)),                                          \
                   (fp_##R)fa_join(fa_##R##_##S(x.c), fa_##R##_##S(x.d))};                                         \
  }
FA_NARROWER(i32, f64)
FA_NARROWER(f32, f64)
FL v_i32 fl_cvt_i32_i64(v_i64 x) { return (v_i32){(fp_i32)fa_even(x.a, x.b), (fp_i32)fa_even(x.c, x.d)}; }
FL fa_w fa_pack(v_i32 x, i32 bits) { return __builtin_ia32_packusdw256((fa_d)(x.a & bits), (fa_d)(x.b & bits)); }
FL v_u16 fl_cvt_u16_i32(v_i32 x) { return (v_u16){(fp_u16)fa_cross(fa_pack(x, 0xffff))}; }
FL v_u8 fl_cvt_u8_i32(v_i32 x) {
  fa_w w = fa_pack(x, 0xff);
  return (v_u8){(fp_u8)fa_cross16(__builtin_ia32_packuswb128((fa_w8)fa_low(w), (fa_w8)fa_high(w)))};
}
/* Between 64-bit lanes by adding numbers whose last place is 1 (2^32): the mantissa's low bits are the whole number's. */
FL fp_i64 fp_cvt_i64_f64(fp_f64 x) {
  fp_f64 whole = fp_trunc_f64(x), high = fp_floor_f64(whole * 0x1p-32), low = whole - high * 0x1p32;
  fp_u64 r = (fp_u64)(high + 0x1.8p52) << 32 | ((fp_u64)(low + 0x1p52) & 0xffffffff);
  return (fp_i64)fp_sel_u64((fp_u64)((x >= -0x1p63) & (x < 0x1p63)), r, 0x8000000000000000ul - (fp_u64){});
}
FL fp_f64 fp_cvt_f64_i64(fp_i64 x) {
  fp_u64 low = ((fp_u64)x & 0xffffffff) | 0x4330000000000000ul;          /* 2^52 + the low half */
  fp_u64 high = ((fp_u64)x >> 32 ^ 0x80000000ul) | 0x4530000000000000ul; /* 2^84 + 2^63 + 2^32 times the signed high half */
  return ((fp_f64)high - 0x1.00000801p84) + (fp_f64)low;
}
FL_DEF1(cvt_i64, i64, f64)
FL_DEF1(cvt_f64, f64, i64)
FL v_i64 fl_cvt_i64_f32(v_f32 x) { return fl_cvt_i64_f64(fl_cvt_f64_f32(x)); }
/* Rounded once: what does not fit an f64 loses its last bits beforehand, and an odd last place tells that there were any. */
FL fp_i64 fp_odd_i64(fp_i64 x) {
  fp_i64 odd = (x | ((x & 0x7ff) + 0x7ff)) & ~0x7ffl;
  return fp_sel_i64((fp_u64)((x > 1l << 53) | (x < -(1l << 53))), odd, x);
}
FL_DEF1(odd, i64, i64)
FL v_f32 fl_cvt_f32_i64(v_i64 x) { return fl_cvt_f32_f64(fl_cvt_f64_i64(fl_odd_i64(x))); }
/* Even and odd lanes apart, as the instruction takes them. */
FA_ASM2(fa_unpack_low, fa_q, fa_q, fa_q, "vpunpcklqdq %2, %1, %0")
FA_ASM2(fa_unpack_high, fa_q, fa_q, fa_q, "vpunpckhqdq %2, %1, %0")
#define FA_MULW(R, S, x, y)                                                                                         \
  fa_q R##even = (fa_q)__builtin_ia32_pmuldq256((fa_d)(x), (fa_d)(y)),                                              \
       R##odd = (fa_q)__builtin_ia32_pmuldq256((fa_d)((fp_u64)(x) >> 32), (fa_d)((fp_u64)(y) >> 32)),               \
       R = fa_unpack_low(R##even, R##odd), S = fa_unpack_high(R##even, R##odd)
FL v_i64 fl_mulw_i32(v_i32 x, v_i32 y) {
  FA_MULW(a, b, x.a, y.a);
  FA_MULW(c, d, x.b, y.b);
  return (v_i64){(fp_i64)__builtin_ia32_permti256(a, b, 0x20), (fp_i64)__builtin_ia32_permti256(a, b, 0x31),
                 (fp_i64)__builtin_ia32_permti256(c, d, 0x20), (fp_i64)__builtin_ia32_permti256(c, d, 0x31)};
}

/* ---- sums of the selected lanes: whole numbers all in the first part, in any order ---- */
#define FA_KEEP32(T)                                                                                                \
  FL v_##T fa_keep_##T(m16 m, v_##T x) {                                                                            \
    return (v_##T){(fp_##T)((fp_u32)x.a & fa_lanes32(m, 0)), (fp_##T)((fp_u32)x.b & fa_lanes32(m, 1))};             \
  }
FA_KEEP32(i32)
FA_KEEP32(u32)
FA_KEEP32(f32)
FL v_i64 fa_count(v_i64 acc, fp_u64 x) {
  acc.a = fp_add_i64(acc.a, x);
  return acc;
}
#define fa_even64(x) ((fp_u64)(x) & 0xffffffff)
#define fa_odd64(x) ((fp_u64)(x) >> 32)
#define fa_kept64(m, k, x) ((fp_u64)(x) & fa_lanes64(m, k))
FL v_i64 fl_sum_i64(v_i64 acc, m16 m, v_i64 x) {
  return fa_count(acc, (fa_kept64(m, 0, x.a) + fa_kept64(m, 1, x.b)) + (fa_kept64(m, 2, x.c) + fa_kept64(m, 3, x.d)));
}
FL v_i64 fl_sum_i32(v_i64 acc, m16 m, v_i32 x) {
  v_i64 w = fl_cvt_i64_i32(fa_keep_i32(m, x));
  return fa_count(acc, ((fp_u64)w.a + (fp_u64)w.b) + ((fp_u64)w.c + (fp_u64)w.d));
}
FL v_i64 fl_sum_u32(v_i64 acc, m16 m, v_u32 x) {
  v_u32 k = fa_keep_u32(m, x);
  return fa_count(acc, (fa_even64(k.a) + fa_odd64(k.a)) + (fa_even64(k.b) + fa_odd64(k.b)));
}
FL v_i64 fl_sum_u16(v_i64 acc, m16 m, v_u16 x) {
  fp_u16 k = x.a & fa_lanes16(m);
  fp_u32 pairs = ((fp_u32)k & 0xffff) + ((fp_u32)k >> 16);
  return fa_count(acc, fa_even64(pairs) + fa_odd64(pairs));
}
FA_ASM(fa_extend, fa_q, fl_two, "vmovdqa %1, %x0")
FL v_i64 fl_sum_u8(v_i64 acc, m16 m, v_u8 x) {
  return fa_count(acc, (fp_u64)fa_extend((fl_two)__builtin_ia32_psadbw128((fl_bytes)(x.a & fa_bytes(m)), (fl_bytes){})));
}
FL v_f64 fl_sum_f64(v_f64 acc, m16 m, v_f64 x) { return (v_f64){FL_MASKED(fp_madd_f64, f64, m, acc, x)}; }
FL v_f64 fl_sum_f32(v_f64 acc, m16 m, v_f32 x) {
  v_f64 w = fl_cvt_f64_f32(fa_keep_f32(m, x));
  return (v_f64){acc.a + w.a, acc.b + w.b, acc.c + w.c, acc.d + w.d};
}

/* ---- look-up: lane by lane into registers, which on most processors beats gathering ---- */
#define FA_ENTRY(k) t[c[k]]
#define FA_BELOW(k) (c[k] < limit ? t[c[k]] : 0)
#define FA_FOUR(E, k) E(k), E(k + 1), E(k + 2), E(k + 3)
#define FA_FILL32(E) {FA_FOUR(E, 0), FA_FOUR(E, 4)}, {FA_FOUR(E, 8), FA_FOUR(E, 12)}
#define FA_FILL64(E) {FA_FOUR(E, 0)}, {FA_FOUR(E, 4)}, {FA_FOUR(E, 8)}, {FA_FOUR(E, 12)}
#define FA_LUT(R, C, LIMIT, ENTRY)                                                     \
  FL v_##R fl_lut_##R##_##C(const R *t LIMIT, v_##C x) {                               \
    C c[16] __attribute__((aligned(32)));                                              \
    fl_store_##C(c, x);                                                                \
    return (v_##R){FL_CAT(FA_FILL, FA_BITS_##R)(ENTRY)};                               \
  }
#define FA_COMMA ,
#define FA_LUTS(R) \
  FA_LUT(R, u8, , FA_ENTRY) FA_LUT(R, u16, FA_COMMA u32 limit, FA_BELOW) FA_LUT(R, u32, FA_COMMA u32 limit, FA_BELOW)
FA_LUTS(i32)
FA_LUTS(i64)
FA_LUTS(f32)
FA_LUTS(f64)
/* Sixteen rows of the table, two at a time. An exclusive or with a row's number leaves a code's column where the code lies in the
 * row; anything else gets its top bit set by the saturating addition and so yields 0. */
FL v_u8 fl_lut_u8_u8(const u8 *t, v_u8 x) {
  fa_q codes = fa_join((fa_half)x.a, (fa_half)x.a), found = {};
  for (u32 k = 0; k < 256; k += 32) {
    const u64 low = k * 0x0101010101010101ul, high = low + 0x1010101010101010ul;
    fa_q column = codes ^ (fa_q){(i64)low, (i64)low, (i64)high, (i64)high};
    column = (fa_q)__builtin_ia32_paddusb256((fa_b)column, (char)0x70 - (fa_b){});
    found |= (fa_q)__builtin_ia32_pshufb256((fa_b)*(const fa_table *)(t + k), (fa_b)column);
  }
  return (v_u8){(fp_u8)(fa_low(found) | fa_high(found))};
}
