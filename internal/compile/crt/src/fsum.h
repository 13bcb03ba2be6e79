/* fsum.h: exact sums of doubles, so that no result depends on the order in which rows, blocks, morsels or workers are added up.
 * Compiles under tcc.
 *
 * A double is an integer times 2^-1074, of at most 2098 bits. A sum is a two's complement integer of the same unit; of its 64-bit
 * limbs only four are kept, around those of the first value added (values 2^32 times smaller to 2^64 times larger, at least, fit
 * beside 2^63 rows); a value outside them moves the sum to as many limbs as all doubles need. */
#ifndef FL_FSUM_H
#define FL_FSUM_H
#include "fl.h"

#define FL_FSUM_LIMBS 36 /* of all doubles, and room for carries */

typedef struct {
  u64 limb[4];
  u64 *wide;     /* FL_FSUM_LIMBS of them, or NULL */
  u32 at;        /* number of the first limb kept */
  u32 what;      /* FSUM_ bits */
  u64 odd;       /* values that were not finite; a block's total may be infinite without one */
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
