/* trees.h: a tree ensemble as internal/ml/trees lays it out. Offsets are in bytes from the head; every array begins on a cache
 * line. */
#ifndef FL_TREES_H
#define FL_TREES_H
#include "kernels.h"

enum fl_trees_combine { FL_TREES_FIXED, FL_TREES_SUM, FL_TREES_MIN, FL_TREES_MAX };
enum fl_trees_test { FL_TREES_LESS, FL_TREES_EQUAL, FL_TREES_IN };

typedef struct {
  u32 features, targets, roots, combine;
  f64 count;             /* sums are divided by it: the trees of a mean, else 1 */
  u64 root;              /* i32 a tree: as next below */
  u64 node;              /* fl_trees_f32 or fl_trees_f64 */
  u64 set, word;         /* fl_trees_set; u64 */
  u64 leaf;              /* u32 a leaf and one more: where its values begin */
  u64 value, target;     /* i64 (FL_TREES_FIXED) or f64; u32 */
  u64 unit, base;        /* f64 a target: of whole numbers, and what is added to the sum */
  u32 plain;             /* all tests are FL_TREES_LESS */
  u32 pad;
} fl_trees;

/* A test of feature x: x < cut, x == cut, or whether x, cut off to a whole number, is in set number `set`. Bits of test: 24
 * of the feature, the kind, and as the highest whether it holds for NaN. next[holds] is a node, or ~leaf. */
#define FL_TREES_FEATURE 0xffffffu
#define FL_TREES_KIND 0x7f000000u
typedef struct {
  union { f32 cut; u32 set; };
  u32 test;
  i32 next[2];
} fl_trees_f32;
typedef struct {
  union { f64 cut; u32 set; };
  u32 test, pad;
  i32 next[2];
} fl_trees_f64;
typedef struct { u32 at, count; } fl_trees_set; /* of words */

#define FL_TREES_AT(m, T, place) ((const T *)((const u8 *)(m) + (m)->place))
#endif
