/* trees_walk.c: tree ensembles a row at a time: eight rows go down a tree side by side, so that one's loads do not wait for
 * another's. It takes any tree and any test.
 *
 * The selected rows are gathered in bands, row by row, so that a row's features lie together, and each tree serves a whole band
 * while it is in the nearest cache. */
#include "flv.h"
#include "trees.h"

#define ABREAST 8

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
  FL void go_##T(fl_trees_band *t, const T *x, i32 root, u32 plain) {                                                          \
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
  static void gather_##T(fl_trees_band *t, T *x, const T *const *in) {                                                         \
    u32 features = t->m->features, up = (t->rows + ABREAST - 1) / ABREAST * ABREAST;                                  \
    for (u32 f = 0; f < features; f++) {                                                                              \
      for (u32 r = 0; r < t->rows; r++) x[(u64)r * features + f] = in[f][t->row[r]];                                  \
      for (u32 r = t->rows; r < up; r++) x[(u64)r * features + f] = 0;                                                \
    }                                                                                                                 \
  }                                                                                                                   \
  static void walk_##T(fl_trees_band *t, const T *x) {                                                                         \
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
static void add_leaves(fl_trees_band *t) {
  const fl_trees *m = t->m;
  const u32 *leaf = FL_TREES_AT(m, u32, leaf), *target = FL_TREES_AT(m, u32, target);
  for (u32 r = 0; r < t->rows; r++)
    for (u32 v = leaf[t->leaf[r]], end = leaf[t->leaf[r] + 1]; v < end; v++) {
      u64 place = (u64)target[v] * FL_TREES_BAND + r;
      if (m->combine == FL_TREES_FIXED) {
        t->fixed[place] += FL_TREES_AT(m, i64, value)[v];
        continue;
      }
      f64 x = FL_TREES_AT(m, f64, value)[v], old = t->value[place];
      t->value[place] = !t->seen[place] ? x : m->combine == FL_TREES_MIN ? least(old, x) : m->combine == FL_TREES_MAX ? most(old, x) : old + x;
      t->seen[place] = 1;
    }
}

static void put(fl_trees_band *t, f64 *const *out) {
  const fl_trees *m = t->m;
  for (u32 k = 0; k < m->targets; k++) {
    f64 unit = FL_TREES_AT(m, f64, unit)[k], base = FL_TREES_AT(m, f64, base)[k];
    for (u32 r = 0; r < t->rows; r++) {
      u64 place = (u64)k * FL_TREES_BAND + r;
      f64 x = m->combine == FL_TREES_FIXED ? (f64)t->fixed[place] * unit : t->value[place];
      out[k][t->row[r]] = x / m->count + base;
    }
  }
}

WALK(f32)
WALK(f64)

#define TREES(T)                                                                                                      \
  void fl_trees_walk_##T(fl_trees_band *t, f64 *const *out, const T *const *in) {                                     \
    for (u64 i = 0; i < (u64)t->m->targets * FL_TREES_BAND; i++) t->fixed[i] = 0, t->seen[i] = 0;                     \
    gather_##T(t, t->x, in);                                                                                          \
    walk_##T(t, t->x);                                                                                                \
    put(t, out);                                                                                                      \
    t->rows = 0;                                                                                                      \
  }
TREES(f32)
TREES(f64)
