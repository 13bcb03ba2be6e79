/* value.h: single values to text and back, as PostgreSQL's input and output functions do; shared by casts and the result.
 *
 * fl_put_*: writes the text at d and returns its length; there must be room for the given number of bytes.
 * fl_get_*: reads n bytes at p (any bytes); FL_OK, or why not.
 */
#ifndef FL_VALUE_H
#define FL_VALUE_H
#include "kernels.h"

#define INT64_LEAST (-9223372036854775807L - 1)
enum { FL_OK, FL_SYNTAX, FL_RANGE, FL_FIELD, FL_ZONE, FL_NUMERIC_RANGE };

static inline int int_fits(i64 x, i32 bits) {
  return bits == 64 || (bits == 32 ? x == (i32)x : x == (i16)x);
}
void int_range_error(fl_worker *w, u32 row, const fl_str *text, i32 bits, i32 pos); /* wide.c */

/* The error for text that is no value of a type (cast_text.c); whole is what it is part of, which is in the block's row. */
void fl_refuse_text(fl_worker *w, u32 row, const fl_str *whole, const fl_str *s, const char *type, int why, i32 pos);

/* ---- numbers (cast_digits.c, cast_float.c) ---- */
#define FL_PUT_I64 20
#define FL_PUT_DEC 44 /* sign, 39 digits, leading zero, point */
#define FL_PUT_F64 32
u32 fl_put_i64(u8 *d, i64 x);
u32 fl_put_dec64(u8 *d, i64 x, u32 scale);      /* scale ≤ 38 */
u32 fl_put_dec128(u8 *d, fl_i128 x, u32 scale); /* scale ≤ 38 */
u32 fl_put_f64(u8 *d, f64 x);
u32 fl_put_f32(u8 *d, f32 x);
int fl_get_i64(const u8 *p, u64 n, i64 *x);
int fl_get_f64(const u8 *p, u64 n, f64 *x);
int fl_get_f32(const u8 *p, u64 n, f32 *x);
int fl_get_bool(const u8 *p, u64 n, u32 *x);

/* ---- dates and times (datetime_text.c, datetime_input.c) ---- */
#define FL_PUT_DATE 20
#define FL_PUT_TIMESTAMP 40
#define FL_PUT_INTERVAL 80
u32 fl_put_date(u8 *d, i32 x);
u32 fl_put_timestamp(u8 *d, i64 x);
u32 fl_put_interval(u8 *d, fl_interval x);
int fl_get_date(const u8 *p, u64 n, i32 *x);
int fl_get_timestamp(const u8 *p, u64 n, i64 *x);
int fl_get_interval(const u8 *p, u64 n, fl_interval *x);

static inline int fl_is_space(u8 c) { return c == ' ' || (c >= 9 && c <= 13); }
#endif
