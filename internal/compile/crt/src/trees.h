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
  u32 width;             /* bytes of a value in the tables of parts */
  u32 parts, pad;        /* none: trees are walked */
  u64 start, part;       /* i64 a target: what the tables leave out; fl_trees_part */
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


/* ---- rows one by one (trees_walk.c): as many as a band has, anywhere in the block ---- */
#define FL_TREES_BAND 64
typedef struct {
  const fl_trees *m;
  void *x;                /* features, row by row */
  u32 rows;
  u16 row[FL_TREES_BAND]; /* their places in the block */
  i32 leaf[FL_TREES_BAND]; /* that they have reached in the tree at hand */
  u8 *seen;               /* whether there has been a value, but for FL_TREES_FIXED */
  union { i64 *fixed; f64 *value; }; /* values so far, target by target */
} fl_trees_band;
void fl_trees_walk_f32(fl_trees_band *t, f64 *const *out, const f32 *const *in);
void fl_trees_walk_f64(fl_trees_band *t, f64 *const *out, const f64 *const *in);

/* ---- the bit-sliced form (trees_sliced.h) ----
 * A plane is a bit a row of a slab. Planes 0 and 1 are all zeros and all ones; then come those of each feature: of NaN, and of
 * x < cut for each cut; then the derived ones, made by steps of others. Places of planes are in bytes. */
#define FL_TREES_SLAB 512
#define FL_TREES_PLANE (FL_TREES_SLAB / 8)
#define FL_TREES_DEPTH 8   /* most levels of a piece */
#define FL_TREES_PIECES 128 /* most of a chunk */
enum fl_trees_step { FL_TREES_XOR, FL_TREES_OR, FL_TREES_AND, FL_TREES_ANDNOT }; /* in the low bits of a plane's place */

typedef struct {
  u32 planes, features, derived, chunks;
  u64 feature, heap; /* fl_trees_feature; f32 or f64 */
  u64 steps, step;   /* u32 a derived plane and one more: where its steps begin; u32 */
  u64 chunk;
  u64 pad;
} fl_trees_part;
typedef struct {
  u32 feature;
  u32 levels; /* 4 to 8: the heap has 2^levels entries, those of level l from 2^l on: there, bit k tells that x is not less at level k */
  u32 cuts, plane;
  u32 low;    /* NaN is below all cuts rather than above */
  u32 heap;   /* the entry where it begins */
} fl_trees_feature;
/* Pieces in the order of their depths, and for each the places of its planes, level by level, as a complete tree. */
typedef struct {
  u32 pieces[FL_TREES_DEPTH + 1]; /* of each depth */
  u32 runs;
  u64 node, run; /* u32; fl_trees_run */
  u64 pad;
} fl_trees_chunk;
/* Pieces of a depth with values for a target: their numbers in the chunk (u16), and tables of 2^depth bytes for each byte of
 * their values. */
typedef struct {
  u32 target, depth, pieces, pad;
  u64 piece, table;
} fl_trees_run;

/* Adds the parts' values for a slab of rows to sums, a slab for each target (i64), in which rows lie in an order of their own:
 * those that begin at 16 * (8 * i + k) are at 16 * (4 * k + i). */
typedef struct {
  const fl_trees *m;
  u32 rows;
  u8 *planes, *numbers; /* on cache lines: of the greatest part; FL_TREES_PIECES slabs */
  i64 *sums;
} fl_trees_slab;
void fl_trees_sliced_f32(const fl_trees_slab *s, const f32 *const *in, u32 at);
void fl_trees_sliced_f64(const fl_trees_slab *s, const f64 *const *in, u32 at);
/* The same with AVX-512 VBMI and GFNI, which not every processor with AVX-512 has. */
void fl_trees_sliced_vbmi_f32(const fl_trees_slab *s, const f32 *const *in, u32 at);
void fl_trees_sliced_vbmi_f64(const fl_trees_slab *s, const f64 *const *in, u32 at);

#define FL_TREES_AT(m, T, place) ((const T *)((const u8 *)(m) + (m)->place))
#endif
