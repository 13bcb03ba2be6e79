/* kernels.h: every kernel that programs call by name. It includes fl.h only and compiles under tcc.
 *
 * The lane primitives come from prims.def (see PRIMITIVES.md). Kernels that write a mask leave the bits at and above n of its
 * last word zero. `const u64 *m` is the selection: NULL stands for all rows below n.
 */
#ifndef FL_KERNELS_H
#define FL_KERNELS_H
#include "fl.h"

#define FLK_m u64
#define FLK_u8 u8
#define FLK_u16 u16
#define FLK_u32 u32
#define FLK_i32 i32
#define FLK_i64 i64
#define FLK_f32 f32
#define FLK_f64 f64
#define FLK_ENTRY_m u8
#define FLK_ENTRY_u8 u8
#define FLK_ENTRY_i32 i32
#define FLK_ENTRY_i64 i64
#define FLK_ENTRY_f32 f32
#define FLK_ENTRY_f64 f64
#define P1(op, R, A) void flk_##op(FLK_##R *d, const A *a, u32 bc, u32 n);
#define PLIBM(op, R, A) void flk_##op(R *d, const A *a, u32 bc, u32 n);
#define P2(op, R, A, B) void flk_##op(FLK_##R *d, const A *a, const B *b, u32 bc, u32 n);
#define P3(op, R, A, B, C) void flk_##op(FLK_##R *d, const A *a, const B *b, const C *c, u32 bc, u32 n);
#define PSEL(T) void flk_sel_##T(T *d, const u64 *m, const T *a, const T *b, u32 bc, u32 n);
#define PM2(op) void flk_##op##_m(u64 *d, const u64 *a, const u64 *b, u32 n);
#define PMK(T) void flk_mk_##T(T *d, const u64 *m, u32 n);
#define PLUT(op, R, C) void flk_##op(FLK_##R *d, const FLK_ENTRY_##R *table, const C *a, u32 n);
#define PLUTN(op, R, C) void flk_##op(FLK_##R *d, const FLK_ENTRY_##R *table, u32 limit, const C *a, u32 n);
#define PRED(op, H, A, T) H flk_##op(const T *v, const u64 *m, u32 n);
#include "prims.def"
#undef P1
#undef PLIBM
#undef P2
#undef P3
#undef PSEL
#undef PM2
#undef PMK
#undef PLUT
#undef PLUTN
#undef PRED

/* ---- masks and selection (kernels_select.c) ---- */
void flk_not_m(u64 *d, const u64 *a, u32 n);
void flk_ones_m(u64 *d, u32 n);                       /* bits below n set, the rest of the last word clear */
u32 flk_count(const u64 *m, u32 n);                   /* selected rows */
u32 flk_indices(u16 *d, const u64 *m, u32 n);         /* positions of set bits, ascending; how many (d: n rounded up to 16) */
void flk_gather_1(void *d, const void *a, const u16 *idx, u32 n);
void flk_gather_2(void *d, const void *a, const u16 *idx, u32 n);
void flk_gather_4(void *d, const void *a, const u16 *idx, u32 n);
void flk_gather_8(void *d, const void *a, const u16 *idx, u32 n);
void flk_gather_16(void *d, const void *a, const u16 *idx, u32 n);
void flk_gather_m(u64 *d, const u64 *a, const u16 *idx, u32 n); /* a NULL: all ones */
/* The inverse: row i of a goes to place idx[i]. */
void flk_scatter_4(void *d, const void *a, const u16 *idx, u32 n);
void flk_scatter_8(void *d, const void *a, const u16 *idx, u32 n);
void flk_scatter_16(void *d, const void *a, const u16 *idx, u32 n);
void flk_scatter_m(u64 *d, const u64 *a, const u16 *idx, u32 n); /* a NULL: all ones */
void flk_clear_m(u64 *d);                                        /* a block's mask: no row */
void flk_sel_16(void *d, const u64 *m, const void *a, const void *b, u32 bc, u32 n); /* fl_str, fl_i128, fl_interval */

/* ---- hashes (kernels_hash.c): u64 lanes; equal SQL values hash alike whatever their width ---- */
void flk_hash_m(u64 *d, const u64 *a, u32 bc, u32 n);
void flk_hash_u8(u64 *d, const u8 *a, u32 bc, u32 n);
void flk_hash_u16(u64 *d, const u16 *a, u32 bc, u32 n);
void flk_hash_u32(u64 *d, const u32 *a, u32 bc, u32 n);
void flk_hash_i32(u64 *d, const i32 *a, u32 bc, u32 n);
void flk_hash_i64(u64 *d, const i64 *a, u32 bc, u32 n);
void flk_hash_f32(u64 *d, const f32 *a, u32 bc, u32 n);
void flk_hash_f64(u64 *d, const f64 *a, u32 bc, u32 n);
void flk_hash_i128(u64 *d, const fl_i128 *a, u32 bc, u32 n); /* one that fits 64 bits as hash_i64 */
void flk_hash_str(u64 *d, const fl_str *a, const u64 *m, u32 bc, u32 n); /* reads only selected rows */
void flk_hash_num(u64 *d, const fl_str *a, const u64 *m, u32 bc, u32 n); /* equal numerics alike, whatever their dscale */
void flk_hash_interval(u64 *d, const fl_interval *a, u32 bc, u32 n);
void flk_hashmix(u64 *d, const u64 *a, const u64 *b, u32 n);
void flk_hashnull(u64 *d, const u64 *valid, u32 n); /* lanes whose bit is clear get one fixed hash */
u64 flk_hash_bytes(const u8 *p, u64 n);

/* ---- SQL kernels: conventions ----
 * Arguments: worker (if it raises or takes memory), result, operands (lane arrays; a scalar operand is spread first, except for
 * the comparisons, which take bc), parameters, `m` (rows to compute: selected and valid), position for errors, n. What kernels
 * write for other rows is initialised. Errors are raised for the first row of m that has one, with PostgreSQL's code and
 * message; a line break separates the message from its DETAIL. Values of fl_str and fl_num live in fl_temp memory.
 */

/* ---- comparison of what has no vectors (wide.c, num_kernels.c, text.c, datetime_kernels.c) ---- */
#define FLK_COMPARE(name, T)                                                              \
  void flk_eq_##name(u64 *d, const T *a, const T *b, const u64 *m, u32 bc, u32 n);        \
  void flk_ne_##name(u64 *d, const T *a, const T *b, const u64 *m, u32 bc, u32 n);        \
  void flk_lt_##name(u64 *d, const T *a, const T *b, const u64 *m, u32 bc, u32 n);        \
  void flk_le_##name(u64 *d, const T *a, const T *b, const u64 *m, u32 bc, u32 n);        \
  void flk_gt_##name(u64 *d, const T *a, const T *b, const u64 *m, u32 bc, u32 n);        \
  void flk_ge_##name(u64 *d, const T *a, const T *b, const u64 *m, u32 bc, u32 n);
FLK_COMPARE(i128, fl_i128)
FLK_COMPARE(num, fl_str)
FLK_COMPARE(str, fl_str)
FLK_COMPARE(interval, fl_interval)

/* ---- whole numbers and numerics of fixed scale (wide.c) ---- */
void flk_intdiv(fl_worker *w, i64 *d, const i64 *a, const i64 *b, const u64 *m, i32 pos, u32 n);
void flk_intmod(fl_worker *w, i64 *d, const i64 *a, const i64 *b, const u64 *m, i32 pos, u32 n);
void flk_check_int(fl_worker *w, const i64 *a, i32 bits, const u64 *m, i32 pos, u32 n); /* bits 16 or 32: "… out of range" */
void flk_i128_i64(fl_i128 *d, const i64 *a, u32 n);
void flk_i128_i32(fl_i128 *d, const i32 *a, u32 n);
void flk_i64_i128(i64 *d, const fl_i128 *a, u32 n);                       /* the low 64 bits */
void flk_mulw_i64(fl_i128 *d, const i64 *a, const i64 *b, u32 n);         /* exact */
void flk_add_i128(fl_i128 *d, const fl_i128 *a, const fl_i128 *b, u32 n); /* the caller knows by bounds that these fit */
void flk_sub_i128(fl_i128 *d, const fl_i128 *a, const fl_i128 *b, u32 n);
void flk_mul_i128(fl_i128 *d, const fl_i128 *a, const fl_i128 *b, u32 n);
void flk_neg_i128(fl_i128 *d, const fl_i128 *a, u32 n);
void flk_abs_i128(fl_i128 *d, const fl_i128 *a, u32 n);
/* Multiplies by 10^k, or for k < 0 divides by 10^-k and rounds half away from zero. */
void flk_rescale_i64(i64 *d, const i64 *a, i32 k, u32 n);
void flk_rescale_i128(fl_i128 *d, const fl_i128 *a, i32 k, u32 n);
/* numeric(precision, scale): raises "numeric field overflow" where |a| ≥ 10^precision, a being unscaled. */
void flk_typmod_i64(fl_worker *w, const i64 *a, i32 precision, i32 scale, const u64 *m, i32 pos, u32 n);
void flk_typmod_i128(fl_worker *w, const fl_i128 *a, i32 precision, i32 scale, const u64 *m, i32 pos, u32 n);
void flk_sum_i128(fl_worker *w, fl_i128 *acc, const fl_i128 *v, const u64 *m, u32 n); /* adds to *acc; 0A000 past 128 bits */
void flk_sumw_i64(fl_i128 *acc, const i64 *v, const u64 *m, u32 n); /* adds to *acc */
void flk_min_i128(fl_i128 *acc, const fl_i128 *v, const u64 *m, u32 n); /* keeps the lesser (greater) of *acc and the rows */
void flk_max_i128(fl_i128 *acc, const fl_i128 *v, const u64 *m, u32 n);
void flk_f64_dec64(f64 *d, const i64 *a, i32 scale, u32 n); /* the nearest float to a / 10^scale */
void flk_f64_dec128(f64 *d, const fl_i128 *a, i32 scale, u32 n);

/* ---- numerics of variable scale (num_kernels.c) ---- */
void flk_num_dec64(fl_worker *w, fl_str *d, const i64 *a, i32 scale, const u64 *m, u32 n); /* scale 0: from integers */
void flk_num_dec128(fl_worker *w, fl_str *d, const fl_i128 *a, i32 scale, const u64 *m, u32 n);
void flk_num_f32(fl_worker *w, fl_str *d, const f32 *a, const u64 *m, u32 n);
void flk_num_f64(fl_worker *w, fl_str *d, const f64 *a, const u64 *m, u32 n);
void flk_add_num(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *b, const u64 *m, i32 pos, u32 n);
void flk_sub_num(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *b, const u64 *m, i32 pos, u32 n);
void flk_mul_num(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *b, const u64 *m, i32 pos, u32 n);
void flk_div_num(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *b, const u64 *m, i32 pos, u32 n);
void flk_mod_num(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *b, const u64 *m, i32 pos, u32 n);
void flk_neg_num(fl_worker *w, fl_str *d, const fl_str *a, const u64 *m, u32 n);
void flk_abs_num(fl_worker *w, fl_str *d, const fl_str *a, const u64 *m, u32 n);
void flk_sign_num(fl_worker *w, fl_str *d, const fl_str *a, const u64 *m, u32 n);
void flk_floor_num(fl_worker *w, fl_str *d, const fl_str *a, const u64 *m, u32 n);
void flk_ceil_num(fl_worker *w, fl_str *d, const fl_str *a, const u64 *m, u32 n);
void flk_round_num(fl_worker *w, fl_str *d, const fl_str *a, const i32 *digits, const u64 *m, u32 n);
void flk_trunc_num(fl_worker *w, fl_str *d, const fl_str *a, const i32 *digits, const u64 *m, u32 n);
/* To numeric(precision, scale): rounds and checks. The second and third give unscaled values (precision ≤ 18, 38). */
void flk_typmod_num(fl_worker *w, fl_str *d, const fl_str *a, i32 precision, i32 scale, const u64 *m, i32 pos, u32 n);
void flk_dec64_num(fl_worker *w, i64 *d, const fl_str *a, i32 precision, i32 scale, const u64 *m, i32 pos, u32 n);
void flk_dec128_num(fl_worker *w, fl_i128 *d, const fl_str *a, i32 precision, i32 scale, const u64 *m, i32 pos, u32 n);
void flk_int_num(fl_worker *w, i64 *d, const fl_str *a, i32 bits, const u64 *m, i32 pos, u32 n); /* bits 16, 32, 64 */
void flk_int_dec128(fl_worker *w, i64 *d, const fl_i128 *a, i32 scale, i32 bits, const u64 *m, i32 pos, u32 n);
void flk_f64_num(fl_worker *w, f64 *d, const fl_str *a, const u64 *m, i32 pos, u32 n);
void flk_f32_num(fl_worker *w, f32 *d, const fl_str *a, const u64 *m, i32 pos, u32 n);
/* avg: sum / count with the scale that PostgreSQL's division selects; count > 0 in rows of m. */
void flk_avg_i128(fl_worker *w, fl_str *d, const fl_i128 *sum, i32 scale, const i64 *count, const u64 *m, u32 n);
void flk_avg_num(fl_worker *w, fl_str *d, const fl_str *sum, const i64 *count, const u64 *m, u32 n);
/* Aggregates: *acc {NULL, 0} before the first row; its memory is the query's (fl_alloc). */
void flk_vector_add(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *b, const u64 *m, i32 pos, u32 n);
void flk_vector_sub(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *b, const u64 *m, i32 pos, u32 n);
void flk_vector_mul(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *b, const u64 *m, i32 pos, u32 n);
void flk_vector_normalize(fl_worker *w, fl_str *d, const fl_str *a, const f64 *norm, const u64 *m, i32 pos, u32 n);
/* vector_sum.c; average: errors and results are those of avg. */
void flk_sum_vector(fl_worker *w, fl_str *acc, const fl_str *v, u32 average, const u64 *m, u32 n);
void flk_vector_of_sum(fl_worker *w, fl_str *d, const fl_str *acc, const i64 *rows, u32 average, const u64 *m, i32 pos, u32 n);
void flk_sum_num(fl_worker *w, fl_str *acc, const fl_str *v, const u64 *m, u32 n);

/* ---- casts (cast_number.c, cast_text.c) ---- */
void flk_int_f64(fl_worker *w, i64 *d, const f64 *a, i32 bits, const u64 *m, i32 pos, u32 n); /* rounds half to even */
void flk_int_f32(fl_worker *w, i64 *d, const f32 *a, i32 bits, const u64 *m, i32 pos, u32 n);
void flk_f32_f64(fl_worker *w, f32 *d, const f64 *a, const u64 *m, i32 pos, u32 n);
void flk_int_str(fl_worker *w, i64 *d, const fl_str *a, i32 bits, const u64 *m, i32 pos, u32 n);
void flk_f64_str(fl_worker *w, f64 *d, const fl_str *a, const u64 *m, i32 pos, u32 n);
void flk_f32_str(fl_worker *w, f32 *d, const fl_str *a, const u64 *m, i32 pos, u32 n);
void flk_bool_str(fl_worker *w, u64 *d, const fl_str *a, const u64 *m, i32 pos, u32 n);
void flk_num_str(fl_worker *w, fl_str *d, const fl_str *a, const u64 *m, i32 pos, u32 n);
void flk_dec64_str(fl_worker *w, i64 *d, const fl_str *a, i32 precision, i32 scale, const u64 *m, i32 pos, u32 n);
void flk_dec128_str(fl_worker *w, fl_i128 *d, const fl_str *a, i32 precision, i32 scale, const u64 *m, i32 pos, u32 n);
void flk_date_str(fl_worker *w, i32 *d, const fl_str *a, const u64 *m, i32 pos, u32 n);
void flk_timestamp_str(fl_worker *w, i64 *d, const fl_str *a, const u64 *m, i32 pos, u32 n);
void flk_interval_str(fl_worker *w, fl_interval *d, const fl_str *a, const u64 *m, i32 pos, u32 n);
/* Any kind but FL_ARRAY and FL_RECORD to text, as its output function gives it. */
void flk_str_any(fl_worker *w, fl_str *d, const fl_vec *a, const u64 *m, u32 n);
/* varchar(limit) and char(limit): assign 1 raises "value too long" unless only spaces are cut; 0 cuts. char pads. */
void flk_varchar_str(fl_worker *w, fl_str *d, const fl_str *a, i32 limit, i32 assign, const u64 *m, i32 pos, u32 n);
void flk_char_str(fl_worker *w, fl_str *d, const fl_str *a, i32 limit, i32 assign, const u64 *m, i32 pos, u32 n);

/* ---- arrays and vectors (array.c, array_text.c); kind, from, to: that of the elements, or FL_VECTOR for what takes either ---- */
void flk_pack_array(fl_worker *w, fl_str *d, const fl_vec *v, u32 kind, const u64 *m, u32 n); /* of FL_ARRAY */
void flk_array_str(fl_worker *w, fl_str *d, const fl_str *a, u32 kind, const u64 *m, i32 pos, u32 n);
void flk_cast_array(fl_worker *w, fl_str *d, const fl_str *a, u32 from, u32 to, const u64 *m, i32 pos, u32 n);
void flk_eq_array(u64 *d, const fl_str *a, const fl_str *b, u32 kind, const u64 *m, u32 n);
void flk_compare_array(i32 *d, const fl_str *a, const fl_str *b, u32 kind, const u64 *m, u32 n); /* below, at or above 0 */
void flk_hash_array(u64 *d, const fl_str *a, u32 kind, const u64 *m, u32 n);
/* vector_distance.c */
void flk_l2_distance(fl_worker *w, f64 *d, const fl_str *a, const fl_str *b, const u64 *m, i32 pos, u32 n);
void flk_l1_distance(fl_worker *w, f64 *d, const fl_str *a, const fl_str *b, const u64 *m, i32 pos, u32 n);
void flk_inner_product(fl_worker *w, f64 *d, const fl_str *a, const fl_str *b, const u64 *m, i32 pos, u32 n);
void flk_cosine_distance(fl_worker *w, f64 *d, const fl_str *a, const fl_str *b, const u64 *m, i32 pos, u32 n);
void flk_vector_norm(f64 *d, const fl_str *a, const u64 *m, u32 n);
/* x op ANY (a), or with all ALL; accepts: bits 0, 1, 2: op holds where x is below, at, above an element. there: rows in which x is not
 * NULL. d is where it is true, valid where it is not NULL. */
void flk_quantified_i64(u64 *d, u64 *valid, const i64 *x, const u64 *there, const fl_str *a, u32 kind, u32 accepts, i32 all, const u64 *m, u32 n);
void flk_quantified_f64(u64 *d, u64 *valid, const f64 *x, const u64 *there, const fl_str *a, u32 kind, u32 accepts, i32 all, const u64 *m, u32 n);
void flk_quantified_str(u64 *d, u64 *valid, const fl_str *x, const u64 *there, const fl_str *a, u32 kind, u32 accepts, i32 all, const u64 *m, u32 n);
/* array_build.c, array_search.c, array_words.c. there…: the rows in which an argument that may be NULL is not. Elements that are
 * looked for are arrays of one element, which may be null. */
void flk_array_concat(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *b, const u64 *there_a, const u64 *there_b, u32 kind,
                      const u64 *m, i32 pos, u32 n);
void flk_array_slice(fl_worker *w, fl_str *d, const fl_str *a, const i32 *lower, const i32 *upper, u32 kind, const u64 *m, i32 pos, u32 n);
void flk_array_trim(fl_worker *w, fl_str *d, const fl_str *a, const i32 *by, u32 kind, const u64 *m, i32 pos, u32 n);
void flk_array_remove(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *x, u32 kind, const u64 *m, i32 pos, u32 n);
void flk_array_replace(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *x, const fl_str *y, u32 kind, const u64 *m, i32 pos, u32 n);
void flk_array_position(i32 *d, u64 *valid, const fl_str *a, const fl_str *x, const i32 *from, u32 kind, const u64 *m, u32 n);
void flk_array_positions(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *x, u32 kind, const u64 *m, i32 pos, u32 n);
void flk_array_contains(fl_worker *w, u64 *d, const fl_str *a, const fl_str *b, u32 kind, const u64 *m, u32 n);
void flk_array_overlaps(fl_worker *w, u64 *d, const fl_str *a, const fl_str *b, u32 kind, const u64 *m, u32 n);
void flk_array_to_string(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *between, const fl_str *null, const u64 *there, u32 kind,
                         const u64 *m, i32 pos, u32 n);
void flk_string_to_array(fl_worker *w, fl_str *d, const fl_str *s, const fl_str *between, const fl_str *null, const u64 *there_between,
                         const u64 *there_null, const u64 *m, i32 pos, u32 n);
void flk_array_count(i32 *d, const fl_str *a, u32 kind, const u64 *m, u32 n);
/* valid: the rows of m that have such an element; bool, smallint and integer have i32 lanes. */
void flk_element_i32(i32 *d, u64 *valid, const fl_str *a, const i32 *index, u32 kind, const u64 *m, u32 n);
void flk_element_i64(i64 *d, u64 *valid, const fl_str *a, const i32 *index, u32 kind, const u64 *m, u32 n);
void flk_element_f32(f32 *d, u64 *valid, const fl_str *a, const i32 *index, u32 kind, const u64 *m, u32 n);
void flk_element_f64(f64 *d, u64 *valid, const fl_str *a, const i32 *index, u32 kind, const u64 *m, u32 n);
void flk_element_str(fl_str *d, u64 *valid, const fl_str *a, const i32 *index, u32 kind, const u64 *m, u32 n);
/* Arguments of models: shape is a u32 count, a u32 length of a subject for errors, for each element what a null does (n: the
 * row is none of the result, a: it stays, e: an error), and the subject. Arrays of another length are errors. */
void flk_array_within(fl_worker *w, const fl_str *a, u32 kind, i64 lo, i64 hi, const u8 *subject, const u64 *m, i32 pos, u32 n);
void flk_array_fits(fl_worker *w, u64 *d, const fl_str *a, u32 kind, const u8 *shape, const u64 *m, i32 pos, u32 n);
/* Lanes of each of the first `count` elements, which there are in rows of m; nulls and other rows are NaN, 0 or ''. */
void flk_unpack_i32(i32 *const *d, const fl_str *a, u32 count, u32 kind, const u64 *m, u32 n);
void flk_unpack_i64(i64 *const *d, const fl_str *a, u32 count, u32 kind, const u64 *m, u32 n);
void flk_unpack_f32(f32 *const *d, const fl_str *a, u32 count, u32 kind, const u64 *m, u32 n);
void flk_unpack_f64(f64 *const *d, const fl_str *a, u32 count, u32 kind, const u64 *m, u32 n);
void flk_unpack_str(fl_str *const *d, const fl_str *a, u32 count, u32 kind, const u64 *m, u32 n);
/* want: how many dimensions a vector must have, -1 for any number. */
void flk_vector_str(fl_worker *w, fl_str *d, const fl_str *a, i32 want, const u64 *m, i32 pos, u32 n);
void flk_vector_array(fl_worker *w, fl_str *d, const fl_str *a, u32 kind, i32 want, const u64 *m, i32 pos, u32 n);
void flk_vector_dims(fl_worker *w, fl_str *d, const fl_str *a, i32 want, const u64 *m, i32 pos, u32 n);
void flk_array_vector(fl_worker *w, fl_str *d, const fl_str *a, const u64 *m, u32 n); /* to real[] */
void flk_vector_at(fl_str *d, const u8 *data, u64 at, u64 stride, u32 n); /* rows at … of a column of vectors */

/* ---- text (text.c, text_like.c) ---- */
void flk_bytes_str(fl_str *d, const i32 *offsets, const u8 *data, u64 at, u32 n); /* rows at … at+n-1 of a bytes column */
void flk_dict_str_u8(fl_str *d, const fl_dict *dict, const u8 *codes, const u64 *m, u32 n); /* a code past the end: '' */
void flk_dict_str_u16(fl_str *d, const fl_dict *dict, const u16 *codes, const u64 *m, u32 n);
void flk_dict_str_u32(fl_str *d, const fl_dict *dict, const u32 *codes, const u64 *m, u32 n);
void flk_dict_entries(fl_str *d, const fl_dict *dict, u64 from, u32 n); /* strings from … from+n-1, to compute over a dictionary */
void flk_concat(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *b, const u64 *m, i32 pos, u32 n);
void flk_length(i32 *d, const fl_str *a, const u64 *m, u32 n);        /* characters */
void flk_length_char(i32 *d, const fl_str *a, const u64 *m, u32 n);   /* of char(n): without trailing spaces */
void flk_upper(fl_worker *w, fl_str *d, const fl_str *a, const u64 *m, u32 n);
void flk_lower(fl_worker *w, fl_str *d, const fl_str *a, const u64 *m, u32 n);
void flk_substr(fl_worker *w, fl_str *d, const fl_str *a, const i32 *start, const u64 *m, u32 n);
void flk_substr_len(fl_worker *w, fl_str *d, const fl_str *a, const i32 *start, const i32 *len, const u64 *m, i32 pos, u32 n);
void flk_btrim(fl_str *d, const fl_str *a, const fl_str *set, const u64 *m, u32 n);
void flk_ltrim(fl_str *d, const fl_str *a, const fl_str *set, const u64 *m, u32 n);
void flk_rtrim(fl_str *d, const fl_str *a, const fl_str *set, const u64 *m, u32 n);
void flk_trim_char(fl_str *d, const fl_str *a, const u64 *m, u32 n);  /* char(n) to text, and before it is compared */
void flk_left(fl_str *d, const fl_str *a, const i32 *count, const u64 *m, u32 n);
void flk_right(fl_str *d, const fl_str *a, const i32 *count, const u64 *m, u32 n);
void flk_replace(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *from, const fl_str *to, const u64 *m, i32 pos, u32 n);
void flk_position(i32 *d, const fl_str *a, const fl_str *part, const u64 *m, u32 n);
void flk_repeat(fl_worker *w, fl_str *d, const fl_str *a, const i32 *count, const u64 *m, i32 pos, u32 n);
void flk_starts_with(u64 *d, const fl_str *a, const fl_str *prefix, const u64 *m, u32 n);
/* Copies the texts of m into memory of the query, so that they outlive the block. */
void flk_keep_str(fl_worker *w, fl_str *d, const fl_str *a, const u64 *m, u32 n);

/* LIKE: the pattern is prepared once (memory of the query). escape: the character's bytes; empty: no escape. A pattern that
 * ends in the escape character raises 22025 when a row gets that far, as in PostgreSQL. */
typedef struct fl_like fl_like;
fl_like *flk_like_prepare(fl_worker *w, const fl_str *pattern, const fl_str *escape, u32 ignore_case, i32 pos);
void flk_like(fl_worker *w, u64 *d, const fl_str *a, const fl_like *like, const u64 *m, i32 pos, u32 n);
/* A pattern a row. */
void flk_like_each(fl_worker *w, u64 *d, const fl_str *a, const fl_str *pattern, const fl_str *escape, u32 ignore_case, const u64 *m,
                   i32 pos, u32 n);

/* ---- date and time (datetime_kernels.c) ---- */
enum fl_field {
  FL_MICROSECONDS, FL_MILLISECONDS, FL_SECOND, FL_MINUTE, FL_HOUR, FL_DAY, FL_WEEK, FL_MONTH, FL_QUARTER, FL_YEAR, FL_DECADE,
  FL_CENTURY, FL_MILLENNIUM, FL_ISOYEAR, FL_DOW, FL_ISODOW, FL_DOY, FL_EPOCH, FL_JULIAN
};
/* extract(): unscaled; the scale is 3 for milliseconds, 6 for second and epoch of a timestamp or interval, else 0. `valid` is
 * written: all rows but those whose infinite value has no such field; those whose result is infinite raise 0A000. */
void flk_extract_date(fl_worker *w, i64 *d, u64 *valid, const i32 *a, u32 field, const u64 *m, i32 pos, u32 n);
void flk_extract_timestamp(fl_worker *w, i64 *d, u64 *valid, const i64 *a, u32 field, const u64 *m, i32 pos, u32 n);
void flk_extract_interval(fl_worker *w, i64 *d, const fl_interval *a, u32 field, const u64 *m, i32 pos, u32 n);
void flk_trunc_timestamp(fl_worker *w, i64 *d, const i64 *a, u32 field, const u64 *m, i32 pos, u32 n);
void flk_trunc_interval(fl_worker *w, fl_interval *d, const fl_interval *a, u32 field, const u64 *m, i32 pos, u32 n);
void flk_date_add_int(fl_worker *w, i32 *d, const i32 *a, const i32 *days, const u64 *m, i32 pos, u32 n);
void flk_date_sub_int(fl_worker *w, i32 *d, const i32 *a, const i32 *days, const u64 *m, i32 pos, u32 n);
void flk_date_sub_date(fl_worker *w, i32 *d, const i32 *a, const i32 *b, const u64 *m, i32 pos, u32 n);
void flk_timestamp_date(fl_worker *w, i64 *d, const i32 *a, const u64 *m, i32 pos, u32 n);
void flk_date_timestamp(fl_worker *w, i32 *d, const i64 *a, const u64 *m, i32 pos, u32 n);
void flk_timestamp_add_interval(fl_worker *w, i64 *d, const i64 *a, const fl_interval *b, const u64 *m, i32 pos, u32 n);
void flk_timestamp_sub_interval(fl_worker *w, i64 *d, const i64 *a, const fl_interval *b, const u64 *m, i32 pos, u32 n);
void flk_timestamp_sub(fl_worker *w, fl_interval *d, const i64 *a, const i64 *b, const u64 *m, i32 pos, u32 n);
void flk_timestamp_typmod(fl_worker *w, i64 *d, const i64 *a, i32 digits, const u64 *m, i32 pos, u32 n); /* timestamp(0…6) */
void flk_add_interval(fl_worker *w, fl_interval *d, const fl_interval *a, const fl_interval *b, const u64 *m, i32 pos, u32 n);
void flk_sub_interval(fl_worker *w, fl_interval *d, const fl_interval *a, const fl_interval *b, const u64 *m, i32 pos, u32 n);
void flk_neg_interval(fl_worker *w, fl_interval *d, const fl_interval *a, const u64 *m, u32 n);
void flk_mul_interval(fl_worker *w, fl_interval *d, const fl_interval *a, const f64 *by, const u64 *m, i32 pos, u32 n);
void flk_div_interval(fl_worker *w, fl_interval *d, const fl_interval *a, const f64 *by, const u64 *m, i32 pos, u32 n);

/* ---- functions of float8 with PostgreSQL's errors (mathfn.c) ---- */
#define FLK_MATH(name) void flk_math_##name(fl_worker *w, f64 *d, const f64 *a, const u64 *m, i32 pos, u32 n);
FLK_MATH(sqrt)
FLK_MATH(exp)
FLK_MATH(ln)
FLK_MATH(log10)
FLK_MATH(sin)
FLK_MATH(cos)
FLK_MATH(tan)
FLK_MATH(asin)
FLK_MATH(acos)
FLK_MATH(atan)
FLK_MATH(tanh)
FLK_MATH(sign)
void flk_math_atan2(fl_worker *w, f64 *d, const f64 *a, const f64 *b, const u64 *m, i32 pos, u32 n);
void flk_math_power(fl_worker *w, f64 *d, const f64 *a, const f64 *b, const u64 *m, i32 pos, u32 n);
/* random(): in [0, 1), a function of the query's seed, the call's number in the program, and the row. */
void flk_random(f64 *d, u64 seed, u64 call, u64 morsel, u64 block, u32 n);

/* ---- result (result.c) ---- */
/* Sends the rows of mask (NULL: all) as DataRow messages. formats[i]: 0 text, 1 binary; NULL: all text. */
void flk_result_rows(fl_worker *w, const fl_vec *cols, u32 ncols, const i16 *formats, const u64 *mask, u32 n);

/* ---- models (network.c, model_near.c, model_labels.c, model_divide.c, model_narrow.c, model_choice.c, trees.c) ---- */
/* Dense layers one after another: out[j][r] of a layer is act(bias[j] + sum over k ascending of in[k][r] * weight), as gemm.h says,
 * which has the activations too. in and out are arrays of lane arrays; what rows that m leaves out get is arbitrary. A network is
 * this head, the layers, and their weights: panels of eight outputs, the last one padded with zeros, each a row of biases and then a
 * row an input. */
typedef struct { u64 layers, widest; } fl_network; /* widest: of all inputs and outputs */
typedef struct {
  u32 in, out, act, pad;
  f64 alpha;
  u64 panels; /* in bytes from the head; a multiple of 64 */
} fl_layer;
void flk_network_f32(fl_worker *w, f32 *const *out, const f32 *const *in, const u8 *net, const u64 *m, u32 n);
void flk_network_f64(fl_worker *w, f64 *const *out, const f64 *const *in, const u8 *net, const u64 *m, u32 n);
/* The same with weights and inputs of layers rounded to bf16 (network_bf16.c), in panels as network.h says. */
void flk_network_bf16(fl_worker *w, f32 *const *out, const f32 *const *in, const u8 *net, const u64 *m, u32 n);
/* out[j][r] = sum over i ascending of |in[i][r] - points[j*features + i]|^p, for count points; squares are fused. */
void flk_distance_f32(f32 *const *out, const f32 *const *in, const f32 *points, u32 p, u32 features, u32 count, u32 n);
void flk_distance_f64(f64 *const *out, const f64 *const *in, const f64 *points, u32 p, u32 features, u32 count, u32 n);
/* The k greatest (least: least) of count lanes, best first, or their places: NaN is the greatest; of equal ones the first. */
void flk_top_f32(f32 *const *out, const f32 *const *in, u32 count, u32 k, u32 least, u32 n);
void flk_top_f64(f64 *const *out, const f64 *const *in, u32 count, u32 k, u32 least, u32 n);
void flk_top_i64(i64 *const *out, const i64 *const *in, u32 count, u32 k, u32 least, u32 n);
void flk_top_index_f32(fl_worker *w, i32 *const *out, const f32 *const *in, u32 count, u32 k, u32 least, u32 n);
void flk_top_index_f64(fl_worker *w, i32 *const *out, const f64 *const *in, u32 count, u32 k, u32 least, u32 n);
void flk_top_index_i64(fl_worker *w, i32 *const *out, const i64 *const *in, u32 count, u32 k, u32 least, u32 n);
/* flk_top of flk_distance: the k least distances, or the places of their points. */
void flk_nearest_f32(fl_worker *w, f32 *const *out, const f32 *const *in, const f32 *points, u32 p, u32 features, u32 count, u32 k, u32 n);
void flk_nearest_f64(fl_worker *w, f64 *const *out, const f64 *const *in, const f64 *points, u32 p, u32 features, u32 count, u32 k, u32 n);
void flk_nearest_index_f32(fl_worker *w, i32 *const *out, const f32 *const *in, const f32 *points, u32 p, u32 features, u32 count, u32 k, u32 n);
void flk_nearest_index_f64(fl_worker *w, i32 *const *out, const f64 *const *in, const f64 *points, u32 p, u32 features, u32 count, u32 k, u32 n);
/* Probabilities of k classes (at most 64) from those of pairs: in has, for i < j in order, that of i if it is i or j. */
void flk_couple_f32(f32 *const *out, const f32 *const *in, u32 k, u32 n);
/* What was computed of a dictionary's strings (remember.c): the codes in rows m that nobody has computed, each once, and at count[0]
 * their number; values at their codes' places; and that they are there. */
void flk_new_codes_u8(fl_worker *w, u32 *d, u32 *count, u32 *states, u32 limit, const u8 *codes, const u64 *m, u32 n);
void flk_new_codes_u16(fl_worker *w, u32 *d, u32 *count, u32 *states, u32 limit, const u16 *codes, const u64 *m, u32 n);
void flk_new_codes_u32(fl_worker *w, u32 *d, u32 *count, u32 *states, u32 limit, const u32 *codes, const u64 *m, u32 n);
void flk_remember_m(u8 *table, const u32 *codes, const u64 *a, u32 n);
void flk_remember_i64(i64 *table, const u32 *codes, const i64 *a, u32 n);
void flk_remember_f32(f32 *table, const u32 *codes, const f32 *a, u32 n);
void flk_remember_f64(f64 *table, const u32 *codes, const f64 *a, u32 n);
void flk_remembered(u32 *states, const u32 *codes, u32 n);
/* Models over texts (tokens.c): table is the letters past ASCII that have another case, and these; an fl_regex; fl_tokens. Of
 * flk_arr_tokens_*, a row of d is the
 * counts of each of its lists, which have length elements. */
void flk_recase(fl_worker *w, fl_str *d, const fl_str *a, const u8 *table, u32 upper, const u64 *m, i32 pos, u32 n);
void flk_matches(u64 *d, const fl_str *a, const u8 *table, const u64 *m, u32 n);
void flk_murmur3(i32 *d, const fl_str *a, u32 seed, const u64 *m, u32 n);
void flk_arr_tokens_str(fl_worker *w, f32 *d, fl_str *const *lanes, u64 lists, u64 length, const u8 *tokens, const u16 *at,
                        u64 rows, i32 pos);
void flk_arr_tokens_i64(fl_worker *w, f32 *d, const i64 *x, u64 length, const u8 *tokens, u64 rows);
/* The position of a key among ascending ones, or their count. The table of texts is flk_label_str's; rows that m leaves out have
 * the count. flk_order_f64 gives integers in the order of floats: 0 and -0 are equal, and so are all NaN, which are last. */
void flk_find_i64(u32 *d, const i64 *a, const i64 *keys, u32 count, u32 n);
void flk_find_str(u32 *d, const fl_str *a, const u8 *table, const u64 *m, u32 n);
void flk_order_f64(i64 *d, const f64 *a, u32 n);
void flk_same_str(u64 *d, const fl_str *a, const fl_str *b, const u64 *m, u32 n);
/* The number of the model that a row names (model_choice.c). table is flk_label_str's, of twice as many texts as there are names: these,
 * ascending, then for each the reason why it is refused, where its number is -1. Such a name raises 42883, one that is not there 42704.
 * Rows that m leaves out get -1. fl_choice_groups sorts a block's rows by their numbers, which are less than models, into order; of each
 * number that there is groups has three words: the number, its first place in order, how many. It returns how many groups. */
void flk_choose(fl_worker *w, i32 *d, const fl_str *a, const u8 *table, const i32 *numbers, const u64 *m, i32 pos, u32 n);
u32 fl_choice_groups(u16 *order, u32 *groups, const i32 *numbers, u32 models, u32 n);
/* Quotient truncated; the remainder of that (rem), and of the quotient rounded down (mod). The least value by -1 wraps. By 0,
 * which no model has, is 0. */
void flk_quo_i64(i64 *d, const i64 *a, i64 by, u32 n);
void flk_rem_i64(i64 *d, const i64 *a, i64 by, u32 n);
void flk_mod_i64(i64 *d, const i64 *a, i64 by, u32 n);
void flk_rem_f64(f64 *d, const f64 *a, const f64 *b, u32 n);
/* The same of lanes by lanes: what is 0 for the quotient, 1 for rem, 2 for mod. By 0 raises 22012. */
void flk_divide_i64(fl_worker *w, i64 *d, const i64 *a, const i64 *b, u32 what, const u64 *m, i32 pos, u32 n);
void flk_divide_u64(fl_worker *w, i64 *d, const i64 *a, const i64 *b, u32 what, const u64 *m, i32 pos, u32 n);
/* model_math.c */
void flk_tan_f64(f64 *d, const f64 *a, u32 n);
void flk_asin_f64(f64 *d, const f64 *a, u32 n);
void flk_acos_f64(f64 *d, const f64 *a, u32 n);
void flk_atan_f64(f64 *d, const f64 *a, u32 n);
void flk_sinh_f64(f64 *d, const f64 *a, u32 n);
void flk_cosh_f64(f64 *d, const f64 *a, u32 n);
void flk_asinh_f64(f64 *d, const f64 *a, u32 n);
void flk_acosh_f64(f64 *d, const f64 *a, u32 n);
void flk_atanh_f64(f64 *d, const f64 *a, u32 n);
/* model_bits.c: the same bits as another type. */
void flk_bits_f32_i32(f32 *d, const i32 *a, u32 n);
void flk_bits_i32_f32(i32 *d, const f32 *a, u32 n);
void flk_bits_f64_i64(f64 *d, const i64 *a, u32 n);
void flk_bits_i64_f64(i64 *d, const f64 *a, u32 n);
/* Rounded to the nearest f16 or bf16, ties to even; NaN stays. */
void flk_f16_f32(f32 *d, const f32 *a, u32 n);
void flk_bf16_f32(f32 *d, const f32 *a, u32 n);
/* The same for floats of 8 and 4 bits; what is too large becomes their greatest number. */
void flk_f8e4m3fn_f32(f32 *d, const f32 *a, u32 n);
void flk_f8e4m3fnuz_f32(f32 *d, const f32 *a, u32 n);
void flk_f8e5m2_f32(f32 *d, const f32 *a, u32 n);
void flk_f8e5m2fnuz_f32(f32 *d, const f32 *a, u32 n);
void flk_f8e8m0_f32(f32 *d, const f32 *a, u32 n);
void flk_f4e2m1_f32(f32 *d, const f32 *a, u32 n);
/* A tree ensemble (trees.h) of features in[…], for the rows of m; the others keep what out has. */
void flk_trees_f32(fl_worker *w, f64 *const *out, const f32 *const *in, const u8 *ensemble, const u64 *m, u32 n);
void flk_trees_f64(fl_worker *w, f64 *const *out, const f64 *const *in, const u8 *ensemble, const u64 *m, u32 n);

/* ---- models' arrays (arr_*.c, attention.c, conv.c, conv_depth.c, pool.c, recurrent.c): bands of rows, each an array of elements ---- */
void flk_obey(fl_worker *w);
#define FLK_TILE(T, L, E)                                                                          \
  void flk_band_in_##T(E *to, L *const *lanes, u64 size, const u16 *at, u64 rows);                 \
  void flk_band_out_##T(L *const *lanes, const E *from, u64 size, const u16 *at, u64 rows);
FLK_TILE(f32, f32, f32)
FLK_TILE(f64, f64, f64)
FLK_TILE(i32, i32, i32)
FLK_TILE(i64, i64, i64)
FLK_TILE(m, u64, u8)
void flk_band_arrays(fl_worker *w, u8 *to, const fl_str *lanes, u64 size, u32 kind, const u16 *at, u64 rows, i32 pos);
void flk_no_arrays(fl_str *d, u32 n);
void flk_band_out_arrays(fl_worker *w, fl_str *d, const u8 *from, u64 size, u32 kind, const u16 *at, u64 rows);
void flk_arr_part(u8 *to, const u8 *from, u64 bytes, u64 to_vector, u64 vectors, u64 from_row, u64 rows);
void flk_arr_copy(u8 *to, const u8 *from, const i64 *walk, u64 size, u64 to_row, u64 from_row, u64 rows);
void flk_arr_pick(u8 *to, const u8 *from, const i64 *at, u64 size, u64 to_row, u64 from_row, u64 rows);
#define FLK_ARR_INDEX(T)                                                                                                  \
  void flk_arr_gather_##T(fl_worker *w, u8 *to, const u8 *from, const T *at, u64 outer, u64 length, u64 bytes, u64 n,     \
                          u64 from_row, u64 at_row, u64 rows, i32 pos);
FLK_ARR_INDEX(i32)
FLK_ARR_INDEX(i64)
#define FLK_ARR_NUMBER(T)                                                            \
  void flk_arr_reduce_##T(T *to, const T *from, u32 how, u64 n, u64 count);          \
  void flk_arr_argextreme_##T(i64 *to, const T *x, u32 how, u64 n, u64 count);
FLK_ARR_NUMBER(f32)
FLK_ARR_NUMBER(f64)
FLK_ARR_NUMBER(i32)
FLK_ARR_NUMBER(i64)
#define FLK_ARR_FLOAT(T)                                                                                                   \
  void flk_arr_softmax_##T(T *out, const T *x, u32 log, u64 n, u64 count);                                                 \
  void flk_arr_normalize_##T(T *out, const T *x, u32 how, u64 n, u64 count);                                               \
  void flk_arr_layer_norm_##T(T *out, const T *x, const T *scale, const T *shift, T epsilon, u64 n, u64 count);            \
  void flk_arr_attention_##T(fl_worker *w, T *out, const T *q, const T *k, const T *v, const u8 *mask, u32 how, T scale,   \
                             T fill, const i64 *shape, u64 rows);                                                          \
  void flk_arr_matmul_##T(fl_worker *w, T *out, const T *a, const T *b, const i64 *at, u64 count, u64 m, u64 n, u64 k,     \
                          u64 a_row, u64 b_row, u64 rows);                                                                 \
  void flk_conv_##T(fl_worker *w, T *out, const T *in, const T *packed, const T *add, const i64 *window, const i64 *end, u64 rows);       \
  void flk_conv_depth_##T(fl_worker *w, T *out, const T *in, const T *packed, const T *add, const i64 *window, const i64 *end, u64 rows); \
  void flk_recurrent_##T(fl_worker *w, T *out, const T *x, const T *first, const T *first_c, const i32 *lens,              \
                         const T *weights, const T *states, const T *candidate, const T *peephole, const i64 *layer,       \
                         u64 rows, i32 pos); /* layer is a fl_recurrent */                                                 \
  void flk_pool_##T(fl_worker *w, T *out, const T *in, const i64 *window, u64 rows);
FLK_ARR_FLOAT(f32)
FLK_ARR_FLOAT(f64)
void flk_conv_winograd_f32(fl_worker *w, f32 *out, const f32 *in, const f32 *packed, const f32 *add, const i64 *window, const i64 *end, u64 rows);
/* flk_conv_f32 with weights and inputs rounded to bf16 (conv_bf16.c), packed as conv_bf16.h says. */
void flk_conv_bf16(fl_worker *w, f32 *out, const f32 *in, const u8 *packed, const f32 *add, const i64 *window, const i64 *end, u64 rows);

#endif
