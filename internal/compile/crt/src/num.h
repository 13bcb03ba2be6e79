/* num.h: numeric of variable scale: PostgreSQL's arithmetic on base-10000 digits. Results are in memory of the block (fl_temp).
 *
 * INVARIANT of packed values (fl_num): no leading or trailing zero digits, zero has no digits, weight 0 and sign 0.
 */
#ifndef FL_NUM_H
#define FL_NUM_H
#include "wide.h"

#define NUM_NEGATIVE 0x4000
#define NUM_NAN 0xC000
#define NUM_INFINITY 0xD000
#define NUM_MINUS_INFINITY 0xF000
#define NUM_DSCALE_MAX 0x3FFF

/* A value being worked on; digits may lie in a packed value and are not changed in place. */
typedef struct {
  i32 ndigits, weight;
  u32 sign, dscale;
  const i16 *digits;
} num;

static inline int num_special(const num *x) { return x->sign >= NUM_NAN; }
num num_read(const fl_str *s);
fl_str num_pack(fl_worker *w, num x, i32 pos); /* strips zeros; 22003 past the format's limits */
num num_of_dec(fl_worker *w, wide x, u32 scale);
#define NUM_DEC_ROOM 48
u64 num_put_dec(u8 *d, wide x, u32 scale); /* its packed form; the length, at most NUM_DEC_ROOM */
int num_compare(const num *a, const num *b);
num num_add(fl_worker *w, const num *a, const num *b); /* add, sub, mul: any values, special ones included */
num num_sub(fl_worker *w, const num *a, const num *b);
num num_mul(fl_worker *w, const num *a, const num *b);
num num_div(fl_worker *w, const num *a, const num *b, i32 pos);
num num_mod(fl_worker *w, const num *a, const num *b, i32 pos);
num num_round(fl_worker *w, const num *x, i32 digits);
num num_trunc(fl_worker *w, const num *x, i32 digits);
num num_floor(fl_worker *w, const num *x);
num num_ceil(fl_worker *w, const num *x);
/* A finite value times 10^scale, rounded half away from zero; 0 when it does not fit 38 digits. */
int num_to_dec(fl_worker *w, const num *x, i32 scale, wide *d);
u64 num_text_size(const num *x); /* most bytes of its text */
u64 num_put(u8 *d, const num *x);
int num_get(fl_worker *w, const u8 *p, u64 n, num *x); /* FL_OK, FL_SYNTAX or FL_NUMERIC_RANGE */
/* numeric(precision, scale): whether a value rounded to scale is one, the error if not, and rounding and both. */
int num_fits(const num *x, i32 precision, i32 scale);
void num_typmod_error(fl_worker *w, const num *x, i32 precision, i32 scale, i32 pos);
num num_typmod(fl_worker *w, num x, i32 precision, i32 scale, i32 pos);
num num_of_f64(fl_worker *w, f64 x, int digits);
int num_to_f64(fl_worker *w, const num *x, f64 *d);
#endif
