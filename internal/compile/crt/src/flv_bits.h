/* flv_bits.h: masks as 16 bits, for AVX-512, whose mask registers they are, and for the baseline: a comparison of parts gives
 * their bits, which are joined; a selection of parts takes its bits from the low end of the mask, whatever is above them.
 */
typedef u16 m16;
FL u32 fl_bits_m(m16 m) { return m; }
FL m16 fl_of_bits(u32 bits) { return (m16)bits; }
/* The rows i … i+15 of a block that are below n. */
FL m16 fl_head(u32 n, u32 i) { return n - i >= 16 ? (m16)0xffff : (m16)((1u << (n - i)) - 1); }
FL m16 fl_set_m(u32 bit) { return (m16)(0u - (bit & 1)); }
FL m16 fl_and_m(m16 a, m16 b) { return a & b; }
FL m16 fl_or_m(m16 a, m16 b) { return a | b; }
FL m16 fl_xor_m(m16 a, m16 b) { return a ^ b; }
FL m16 fl_andnot_m(m16 a, m16 b) { return (m16)(a & ~b); }
FL m16 fl_not_m(m16 a) { return (m16)~a; }

#define FL_S1(F, m, x, y) F(m, x.a, y.a)
#define FL_S2(F, m, x, y) F((m), x.a, y.a), F((m) >> 8, x.b, y.b)
#define FL_S4(F, m, x, y) F((m), x.a, y.a), F((m) >> 4, x.b, y.b), F((m) >> 8, x.c, y.c), F((m) >> 12, x.d, y.d)
#define FL_S8(F, m, x, y)                                                                                            \
  F((m), x.a, y.a), F((m) >> 2, x.b, y.b), F((m) >> 4, x.c, y.c), F((m) >> 6, x.d, y.d), F((m) >> 8, x.e, y.e),       \
      F((m) >> 10, x.f, y.f), F((m) >> 12, x.g, y.g), F((m) >> 14, x.h, y.h)
#define FL_B1(F, x, y) F(x.a, y.a)
#define FL_B2(F, x, y) (F(x.a, y.a) | F(x.b, y.b) << 8)
#define FL_B4(F, x, y) (F(x.a, y.a) | F(x.b, y.b) << 4 | F(x.c, y.c) << 8 | F(x.d, y.d) << 12)
#define FL_B8(F, x, y)                                                                                              \
  (F(x.a, y.a) | F(x.b, y.b) << 2 | F(x.c, y.c) << 4 | F(x.d, y.d) << 6 | F(x.e, y.e) << 8 | F(x.f, y.f) << 10 |     \
   F(x.g, y.g) << 12 | F(x.h, y.h) << 14)
#define FL_MASKED(F, T, m, x, y) FL_CAT(FL_S, FL_N_##T)(F, m, x, y)
#define FL_MASK(F, T, x, y) (m16)FL_CAT(FL_B, FL_N_##T)(F, x, y)

/* Bits of the lanes whose x comes first, in PostgreSQL's order; those above the part's lanes mean nothing. */
#define fp_before_i32 fp_lt_i32
#define fp_before_i64 fp_lt_i64
#define fp_before_f32(x, y) ~(fp_oge_f32(x, y) | fp_uno_f32(x, x))
#define fp_before_f64(x, y) ~(fp_oge_f64(x, y) | fp_uno_f64(x, x))
