/* flv_math.h: exp, log, tanh, sigmoid, erf, softplus, sin and cos over 16 lanes of f32, and calls of libm for f64.
 *
 * Each is a reduction of the argument and a polynomial (near-minimax, fitted with 50 digits), below 2 units in the last place on
 * the whole range, with the IEEE results for NaN, infinities and subnormals. Only fma and the basic operations are used, so the
 * results are the same with AVX2 and AVX-512, and differ on the baseline by the rounding of unfused products alone.
 */
FL v_f32 fl_poly_f32(v_f32 x, const f32 *c, u32 n) {
  v_f32 r = fl_set_f32(c[0]);
  for (u32 i = 1; i < n; i++) r = fl_fma_f32(r, x, fl_set_f32(c[i]));
  return r;
}
#define FL_POLY(x, ...) \
  fl_poly_f32(x, (const f32[]){__VA_ARGS__}, sizeof((const f32[]){__VA_ARGS__}) / sizeof(f32))
FL v_f32 fl_bits_f32(v_i32 x) { return fl_load_f32((const f32 *)&x); }
FL v_i32 fl_bits_i32(v_f32 x) { return fl_load_i32((const i32 *)&x); }
/* 2^n for n from -126 to 127. */
FL v_f32 fl_pow2_f32(v_i32 n) { return fl_bits_f32(fl_shl_i32(fl_add_i32(n, fl_set_i32(127)), fl_set_i32(23))); }
FL v_f32 fl_copysign_f32(v_f32 x, v_f32 sign) {
  v_i32 s = fl_and_i32(fl_bits_i32(sign), fl_set_i32((i32)0x80000000u));
  return fl_bits_f32(fl_or_i32(fl_bits_i32(fl_abs_f32(x)), s));
}

FL v_f32 fl_exp_f32(v_f32 x) {
  x = fl_min_f32(x, fl_set_f32(90.0f)); /* keeps NaN: the comparison is false */
  x = fl_max_f32(x, fl_set_f32(-105.0f));
  v_f32 n = fl_rint_f32(fl_mul_f32(x, fl_set_f32(0x1.715476p+0f)));
  v_f32 r = fl_fma_f32(n, fl_set_f32(-0x1.62e4p-1f), x);
  r = fl_fma_f32(n, fl_set_f32(-0x1.7f7d1cp-20f), r);
  v_f32 p = FL_POLY(r, 0.00139261818105f, 0.00836317762999f, 0.0416665546279f, 0.166665769982f, 0.5f);
  p = fl_add_f32(fl_set_f32(1), fl_fma_f32(fl_mul_f32(r, r), p, r));
  v_i32 k = fl_cvt_i32_f32(n), half = fl_shr_i32(k, fl_set_i32(1)); /* in two steps: 2^k alone need not be a normal number */
  return fl_mul_f32(fl_mul_f32(p, fl_pow2_f32(half)), fl_pow2_f32(fl_sub_i32(k, half)));
}

/* log(1+f) for f in [1/sqrt(2)-1, sqrt(2)-1], as the sum of two numbers: the greater part is exact. */
FL v_f32 fl_log1p_core(v_f32 f, v_f32 *small) {
  v_f32 p = FL_POLY(f, 0.0697161147145f, -0.114797338466f, 0.116854199235f, -0.124256873315f, 0.142490576457f,
                    -0.166678023195f, 0.200007157489f, -0.24999996958f, 0.3333333118f);
  v_f32 s = fl_mul_f32(f, f);
  *small = fl_fma_f32(fl_mul_f32(s, f), p, fl_mul_f32(s, fl_set_f32(-0.5f)));
  return f;
}
FL v_f32 fl_log_f32(v_f32 x) {
  m16 sub = fl_olt_f32(x, fl_set_f32(0x1p-126f));
  v_f32 y = fl_sel_f32(sub, fl_mul_f32(x, fl_set_f32(0x1p23f)), x);
  v_i32 b = fl_bits_i32(y), from = fl_set_i32(0x3f3504f3); /* sqrt(1/2) */
  v_i32 e = fl_shr_i32(fl_sub_i32(b, from), fl_set_i32(23));
  v_f32 m = fl_bits_f32(fl_sub_i32(b, fl_shl_i32(e, fl_set_i32(23))));
  v_f32 k = fl_cvt_f32_i32(fl_sub_i32(e, fl_sel_i32(sub, fl_set_i32(23), fl_set_i32(0))));
  v_f32 small, f = fl_log1p_core(fl_sub_f32(m, fl_set_f32(1)), &small);
  small = fl_fma_f32(k, fl_set_f32(0x1.7f7d1cp-20f), small);
  v_f32 r = fl_fma_f32(k, fl_set_f32(0x1.62e4p-1f), fl_add_f32(f, small));
  v_f32 inf = fl_set_f32(__builtin_inff());
  r = fl_sel_f32(fl_oeq_f32(x, inf), inf, r);
  r = fl_sel_f32(fl_oeq_f32(x, fl_set_f32(0)), fl_neg_f32(inf), r);
  return fl_sel_f32(fl_oge_f32(x, fl_set_f32(0)), r, fl_set_f32(__builtin_nanf("")));
}
/* log(1+u) for u in [0, 1]. */
FL v_f32 fl_log1p_unit(v_f32 u) {
  m16 big = fl_ogt_f32(u, fl_set_f32(0.41421356f));
  v_f32 f = fl_sel_f32(big, fl_mul_f32(fl_sub_f32(u, fl_set_f32(1)), fl_set_f32(0.5f)), u);
  v_f32 small, r = fl_log1p_core(f, &small);
  small = fl_add_f32(small, fl_sel_f32(big, fl_set_f32(0x1.7f7d1cp-20f), fl_set_f32(0)));
  return fl_add_f32(fl_add_f32(r, small), fl_sel_f32(big, fl_set_f32(0x1.62e4p-1f), fl_set_f32(0)));
}

FL v_f32 fl_tanh_f32(v_f32 x) {
  v_f32 a = fl_abs_f32(x), t = fl_mul_f32(x, x);
  v_f32 p = FL_POLY(t, -0.00609464131536f, 0.0209957538903f, -0.0538506091084f, 0.133327677603f, -0.333333289245f);
  v_f32 near = fl_fma_f32(fl_mul_f32(x, t), p, x);
  v_f32 e = fl_exp_f32(fl_add_f32(a, a)), one = fl_set_f32(1);
  v_f32 far = fl_sub_f32(one, fl_div_f32(fl_set_f32(2), fl_add_f32(e, one)));
  return fl_sel_f32(fl_olt_f32(a, fl_set_f32(0.625f)), near, fl_copysign_f32(far, x));
}
FL v_f32 fl_sigmoid_f32(v_f32 x) {
  v_f32 e = fl_exp_f32(fl_neg_f32(fl_abs_f32(x))), one = fl_set_f32(1);
  return fl_div_f32(fl_sel_f32(fl_olt_f32(x, fl_set_f32(0)), e, one), fl_add_f32(one, e));
}
FL v_f32 fl_softplus_f32(v_f32 x) {
  v_f32 u = fl_exp_f32(fl_neg_f32(fl_abs_f32(x)));
  return fl_add_f32(fl_max_f32(x, fl_set_f32(0)), fl_log1p_unit(u));
}
FL v_f32 fl_erf_f32(v_f32 x) {
  v_f32 a = fl_abs_f32(x), t = fl_mul_f32(x, x);
  v_f32 near = fl_mul_f32(x, FL_POLY(t, 7.87587506269e-5f, -0.000801686428717f, 0.00518908742343f, -0.0268542120106f,
                                     0.112835947152f, -0.376126266667f, 1.12837916585f));
  v_f32 g = FL_POLY(fl_min_f32(a, fl_set_f32(4)), 1.63993801648e-6f, -4.61129139062e-5f, 0.000597264433142f,
                    -0.00476171723581f, 0.0264270437721f, -0.110090197464f, -0.631815699582f, -1.13023920142f,
                    0.00032147102638f);
  v_f32 far = fl_sub_f32(fl_set_f32(1), fl_exp_f32(g));
  v_f32 r = fl_sel_f32(fl_olt_f32(a, fl_set_f32(1)), near, fl_copysign_f32(far, x));
  return fl_sel_f32(fl_isnan_f32(x), x, r);
}

/* libm, for the lanes that vector code cannot do and for all of f64; kernels, see mathfn.c. */
void flk_exp_f64(f64 *d, const f64 *a, u32 bc, u32 n);
void flk_log_f64(f64 *d, const f64 *a, u32 bc, u32 n);
void flk_tanh_f64(f64 *d, const f64 *a, u32 bc, u32 n);
void flk_sigmoid_f64(f64 *d, const f64 *a, u32 bc, u32 n);
void flk_erf_f64(f64 *d, const f64 *a, u32 bc, u32 n);
void flk_softplus_f64(f64 *d, const f64 *a, u32 bc, u32 n);
void flk_sin_f64(f64 *d, const f64 *a, u32 bc, u32 n);
void flk_cos_f64(f64 *d, const f64 *a, u32 bc, u32 n);
#define FL_LIBM(op)                                   \
  FL v_f64 fl_##op##_f64(v_f64 x) {                   \
    f64 t[16] __attribute__((aligned(64)));           \
    fl_store_f64(t, x);                               \
    flk_##op##_f64(t, t, 0, 16);                      \
    return fl_load_f64(t);                            \
  }
FL_LIBM(exp)
FL_LIBM(log)
FL_LIBM(tanh)
FL_LIBM(sigmoid)
FL_LIBM(erf)
FL_LIBM(softplus)
FL_LIBM(sin)
FL_LIBM(cos)

FL v_f64 fl_poly_f64(v_f64 x, const f64 *c, u32 n) {
  v_f64 r = fl_set_f64(c[0]);
  for (u32 i = 1; i < n; i++) r = fl_fma_f64(r, x, fl_set_f64(c[i]));
  return r;
}
/* sin(x + quarter·pi/2), in f64 so that one reduction in three exact steps serves |x| < 2^19; libm does the rest. */
FL v_f32 fl_sincos_f32(v_f32 xs, i32 quarter) {
  v_f64 x = fl_cvt_f64_f32(xs), n = fl_rint_f64(fl_mul_f64(x, fl_set_f64(0x1.45f306dc9c883p-1)));
  v_f64 r = fl_fma_f64(n, fl_set_f64(-0x1.921fb544p+0), x);
  r = fl_fma_f64(n, fl_set_f64(-0x1.0b4611a6p-34), r);
  r = fl_fma_f64(n, fl_set_f64(-0x1.3198a2e037073p-69), r);
  v_f64 t = fl_mul_f64(r, r), one = fl_set_f64(1);
  const f64 cs[] = {-2.48056362418e-8, 2.75559909296e-6, -0.00019841266917, 0.00833333333108, -0.16666666666666};
  const f64 cc[] = {2.07006004834e-9, -2.75563696956e-7, 2.4801585211e-5, -0.00138888888873, 0.04166666666667};
  v_f64 s = fl_fma_f64(fl_mul_f64(r, t), fl_poly_f64(t, cs, 5), r);
  v_f64 c = fl_fma_f64(fl_mul_f64(t, t), fl_poly_f64(t, cc, 5), fl_fma_f64(t, fl_set_f64(-0.5), one));
  v_i32 k = fl_add_i32(fl_cvt_i32_f64(n), fl_set_i32(quarter));
  m16 odd = fl_ne_i32(fl_and_i32(k, fl_set_i32(1)), fl_set_i32(0));
  m16 minus = fl_ne_i32(fl_and_i32(k, fl_set_i32(2)), fl_set_i32(0));
  v_f64 y = fl_sel_f64(odd, c, s);
  m16 far = fl_not_m(fl_olt_f32(fl_abs_f32(xs), fl_set_f32(0x1p19f)));
  y = fl_sel_f64(minus, fl_neg_f64(y), y);
  if (__builtin_expect(fl_any_m(far), 0)) y = fl_sel_f64(far, quarter ? fl_cos_f64(x) : fl_sin_f64(x), y);
  return fl_cvt_f32_f64(y);
}
FL v_f32 fl_sin_f32(v_f32 x) { return fl_sincos_f32(x, 0); }
FL v_f32 fl_cos_f32(v_f32 x) { return fl_sincos_f32(x, 1); }
