/* trees_walk.c: tree ensembles a row at a time: eight rows go down a tree side by side, so that one's loads do not wait for
 * another's. It takes any tree and any test.
 *
 * The selected rows are gathered in tiles, row by row, so that a row's features lie together, and each tree serves a whole tile
 * while it is in the nearest cache. */
#include "flv.h"
#include "support.h"
#include "trees.h"

#define TILE 64
#define ABREAST 8

/* A tile: TILE rows' features, the leaf each has reached in the tree at hand, and the values so far, target by target. */
typedef struct {
  const fl_trees *m;
  u32 rows;
  u16 row[TILE];          /* their places in the block */
  i32 leaf[TILE];
  u8 *seen;               /* FL_TREES_SUM and on: whether there has been a value */
  union { i64 *fixed; f64 *value; };
} tile;

static u32 in_set(const fl_trees *m, u32 number, f64 x) {
  fl_trees_set s = FL_TREES_AT(m, fl_trees_set, set)[number];
  if (!(x > -1 && s.count && x < 64.0 * s.count)) return 0;
  u32 i = (u32)x;
  return FL_TREES_AT(m, u64, word)[s.at + i / 64] >> i % 64 & 1;
}

#define WALK(T)                                                                                                       \
  FL u32 holds_##T(const fl_trees *m, const fl_trees_##T *node, T x, u32 plain) {                                     \
    u32 less = (x < node->cut) | ((x != x) & node->test >> 31);                                                       \
    if (plain || (node->test & FL_TREES_KIND) == FL_TREES_LESS) return less;                                          \
    if (x != x) return node->test >> 31;                                                                              \
    return (node->test & FL_TREES_KIND) == FL_TREES_EQUAL << 24 ? x == node->cut : in_set(m, node->set, (f64)x);      \
  }                                                                                                                   \
  FL void go_##T(tile *t, const T *x, i32 root, u32 plain) {                                                          \
    const fl_trees *m = t->m;                                                                                         \
    const fl_trees_##T *nodes = FL_TREES_AT(m, fl_trees_##T, node);                                                   \
    for (u32 r = 0; r < t->rows; r += ABREAST) {                                                                      \
      i32 at[ABREAST], leaves = root;                                                                                 \
      for (u32 k = 0; k < ABREAST; k++) at[k] = root;                                                                 \
      while (leaves >= 0) {                                                                                           \
        leaves = -1;                                                                                                  \
        for (u32 k = 0; k < ABREAST; k++) {                                                                           \
          const fl_trees_##T *node = nodes + (at[k] & ~(at[k] >> 31)); /* the first, for one that is through */        \
          T v = x[(u64)(r + k) * m->features + (node->test & FL_TREES_FEATURE)];                                      \
          i32 next = node->next[holds_##T(m, node, v, plain)];                                                        \
          at[k] = at[k] < 0 ? at[k] : next;                                                                           \
          leaves &= at[k];                                                                                            \
        }                                                                                                             \
      }                                                                                                               \
      for (u32 k = 0; k < ABREAST; k++) t->leaf[r + k] = ~at[k];                                                      \
    }                                                                                                                 \
  }                                                                                                                   \
  static void gather_##T(tile *t, T *x, const T *const *in) {                                                         \
    u32 features = t->m->features, up = (t->rows + ABREAST - 1) / ABREAST * ABREAST;                                  \
    for (u32 f = 0; f < features; f++) {                                                                              \
      for (u32 r = 0; r < t->rows; r++) x[(u64)r * features + f] = in[f][t->row[r]];                                  \
      for (u32 r = t->rows; r < up; r++) x[(u64)r * features + f] = 0;                                                \
    }                                                                                                                 \
  }                                                                                                                   \
  static void walk_##T(tile *t, const T *x) {                                                                         \
    for (u32 i = 0; i < t->m->roots; i++) {                                                                           \
      i32 root = FL_TREES_AT(t->m, i32, root)[i];                                                                     \
      if (t->m->plain) go_##T(t, x, root, 1);                                                                         \
      else go_##T(t, x, root, 0);                                                                                     \
      add_leaves(t);                                                                                                  \
    }                                                                                                                 \
  }

static f64 least(f64 a, f64 b) { return b < a || b != b ? b : a; }
static f64 most(f64 a, f64 b) { return a < b || b != b ? b : a; }

/* Adds the values of the leaves that the rows have reached. */
static void add_leaves(tile *t) {
  const fl_trees *m = t->m;
  const u32 *leaf = FL_TREES_AT(m, u32, leaf), *target = FL_TREES_AT(m, u32, target);
  for (u32 r = 0; r < t->rows; r++)
    for (u32 v = leaf[t->leaf[r]], end = leaf[t->leaf[r] + 1]; v < end; v++) {
      u64 place = (u64)target[v] * TILE + r;
      if (m->combine == FL_TREES_FIXED) {
        t->fixed[place] += FL_TREES_AT(m, i64, value)[v];
        continue;
      }
      f64 x = FL_TREES_AT(m, f64, value)[v], old = t->value[place];
      t->value[place] = !t->seen[place] ? x : m->combine == FL_TREES_MIN ? least(old, x) : m->combine == FL_TREES_MAX ? most(old, x) : old + x;
      t->seen[place] = 1;
    }
}

static void put(tile *t, f64 *const *out) {
  const fl_trees *m = t->m;
  for (u32 k = 0; k < m->targets; k++) {
    f64 unit = FL_TREES_AT(m, f64, unit)[k], base = FL_TREES_AT(m, f64, base)[k];
    for (u32 r = 0; r < t->rows; r++) {
      u64 place = (u64)k * TILE + r;
      f64 x = m->combine == FL_TREES_FIXED ? (f64)t->fixed[place] * unit : t->value[place];
      out[k][t->row[r]] = x / m->count + base;
    }
  }
}

WALK(f32)
WALK(f64)

#define KERNEL(T)                                                                                                     \
  void flk_trees_##T(fl_worker *w, f64 *const *out, const T *const *in, const u8 *ensemble, const u64 *mask, u32 n) { \
    const fl_trees *m = (const fl_trees *)ensemble;                                                                   \
    void *mark = fl_temp_mark(w);                                                                                     \
    tile t = {.m = m};                                                                                                \
    T *x = fl_temp(w, (u64)TILE * m->features * sizeof *x);                                                           \
    u64 places = (u64)TILE * m->targets;                                                                              \
    t.fixed = fl_temp(w, places * 8);                                                                                 \
    t.seen = fl_temp(w, places);                                                                                      \
    for (u32 at = 0; at < n; at += 64) {                                                                              \
      u64 left = n - at < 64 ? ((u64)1 << (n - at)) - 1 : ~(u64)0;                                                    \
      t.rows = 0;                                                                                                     \
      for (u64 bits = mask ? mask[at / 64] & left : left; bits; bits &= bits - 1)                                     \
        t.row[t.rows++] = (u16)(at + (u32)__builtin_ctzl(bits));                                                      \
      if (!t.rows) continue;                                                                                          \
      for (u64 i = 0; i < places; i++) t.fixed[i] = 0, t.seen[i] = 0;                                                 \
      gather_##T(&t, x, in);                                                                                          \
      walk_##T(&t, x);                                                                                                \
      put(&t, out);                                                                                                   \
    }                                                                                                                 \
    fl_temp_release(w, mark);                                                                                         \
  }
KERNEL(f32)
KERNEL(f64)
