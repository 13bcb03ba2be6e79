/* fsum.h: exact sums of doubles, so that no result depends on the order in which rows, blocks, morsels or workers are added up.
 * Compiles under tcc.
 *
 * A double is an integer times 2^-1074, of at most 2098 bits. A sum is a two's complement integer of a unit of its own, of 128
 * bits: values down to 2^-24 of the first, and up to 2^48 of it, fit beside many rows. A value or a total that does not
 * fit moves the sum to as many limbs as all doubles need.
 */
#ifndef FL_FSUM_H
#define FL_FSUM_H
#include "fl.h"

#define FL_FSUM_LIMBS 36 /* of all doubles, and room for carries */

typedef struct {
  fl_i128 sum;   /* times 2^(base - 1074) */
  u64 *wide;     /* FL_FSUM_LIMBS limbs, or NULL */
  u64 odd;       /* values that were not finite; a block's total may be infinite without one */
  u32 base;
  u32 what;      /* FSUM_ bits */
} fl_fsum;

#define FSUM_USED 1u
#define FSUM_NAN 2u
#define FSUM_PLUS 4u
#define FSUM_MINUS 8u

void fl_fsum_add(fl_worker *w, fl_fsum *s, f64 x);   /* a block's total; odd is counted elsewhere */
void fl_fsum_row(fl_worker *w, fl_fsum *s, f64 x);   /* one row's value */
void fl_fsum_merge(fl_worker *w, fl_fsum *s, const fl_fsum *from);
/* The sum, rounded once to the nearest double (or float: narrow); raises 22003 where that is infinite and no value was. */
f64 fl_fsum_value(fl_worker *w, const fl_fsum *s, i32 narrow);
#endif
