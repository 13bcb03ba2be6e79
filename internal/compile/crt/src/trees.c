/* trees.c: tree ensembles over a block (trees.h): a slab of rows is evaluated bit-sliced, if the ensemble has that form and enough
 * rows of the slab are selected; other rows walk. Sums of whole numbers are the same either way. */
#include "flv.h"
#include "trees.h"

/* So many rows walk in the time that a slab takes. */
#define FEW 12

static u32 selected(const u64 *m, u32 at, u32 rows) {
  u32 count = 0;
  for (u32 i = 0; i < rows; i += 16) count += (u32)fl_popcount(fl_of_bits(((const fl_word *)m)[(at + i) / 16]));
  return count;
}

static fl_trees_slab slab_of(fl_worker *w, const fl_trees *m) {
  fl_trees_slab s = {.m = m};
  u64 most = 0;
  for (u32 i = 0; i < m->parts; i++) {
    u64 planes = FL_TREES_AT(m, fl_trees_part, part)[i].planes;
    if (planes > most) most = planes;
  }
  s.planes = fl_temp_lines(w, most * FL_TREES_PLANE);
  s.numbers = fl_temp_lines(w, FL_TREES_PIECES * FL_TREES_SLAB);
  s.sums = fl_temp_lines(w, (u64)m->targets * FL_TREES_SLAB * sizeof *s.sums);
  return s;
}

static void begin(const fl_trees_slab *s) {
  for (u32 k = 0; k < s->m->targets; k++)
    for (u32 i = 0; i < FL_TREES_SLAB; i++) s->sums[k * FL_TREES_SLAB + i] = FL_TREES_AT(s->m, i64, start)[k];
}

static void put(const fl_trees_slab *s, f64 *const *out, u32 at) {
  const fl_trees *m = s->m;
  for (u32 k = 0; k < m->targets; k++) {
    f64 unit = FL_TREES_AT(m, f64, unit)[k], base = FL_TREES_AT(m, f64, base)[k], count = m->count;
    for (u32 r = 0; r < s->rows; r += 16) {
      const i64 *sums = s->sums + k * FL_TREES_SLAB + 16 * (4 * (r / 16 % 8) + r / 128);
      f64 *to = out[k] + at + r;
      for (u32 i = 0; i < 16; i++) to[i] = (f64)sums[i] * unit / count + base;
    }
  }
}

#ifdef FL_AVX512
static u32 has_vbmi(void) { return __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("gfni"); }
#define SLICED(T) (has_vbmi() ? fl_trees_sliced_vbmi_##T : fl_trees_sliced_##T)
#else
#define SLICED(T) fl_trees_sliced_##T
#endif

#define KERNEL(T)                                                                                                     \
  void flk_trees_##T(fl_worker *w, f64 *const *out, const T *const *in, const u8 *ensemble, const u64 *mask, u32 n) { \
    const fl_trees *m = (const fl_trees *)ensemble;                                                                   \
    void *mark = fl_temp_mark(w);                                                                                     \
    u64 values = (u64)m->targets * FL_TREES_BAND;                                                                     \
    fl_trees_band band = {.m = m};                                                                                    \
    fl_trees_slab slab = {.m = NULL};                                                                                 \
    for (u32 at = 0; at < n; at += FL_TREES_SLAB) {                                                                   \
      u32 rows = n - at < FL_TREES_SLAB ? n - at : FL_TREES_SLAB, count = mask ? selected(mask, at, rows) : rows;     \
      if (m->parts && count > FEW) {                                                                                  \
        if (!slab.m) slab = slab_of(w, m);                                                                            \
        slab.rows = rows;                                                                                             \
        begin(&slab);                                                                                                 \
        SLICED(T)(&slab, in, at);                                                                                     \
        put(&slab, out, at);                                                                                          \
        continue;                                                                                                     \
      }                                                                                                               \
      if (count && !band.x) {                                                                                         \
        band.x = fl_temp(w, (u64)FL_TREES_BAND * m->features * sizeof(T));                                            \
        band.fixed = fl_temp(w, values * sizeof *band.fixed);                                                         \
        band.seen = fl_temp(w, values);                                                                               \
      }                                                                                                               \
      for (u32 r = at; count && r < at + rows; r++)                                                                   \
        if (!mask || mask[r / 64] >> r % 64 & 1) {                                                                    \
          band.row[band.rows++] = (u16)r;                                                                             \
          if (band.rows == FL_TREES_BAND) fl_trees_walk_##T(&band, out, in);                                          \
        }                                                                                                             \
    }                                                                                                                 \
    if (band.rows) fl_trees_walk_##T(&band, out, in);                                                                 \
    fl_temp_release(w, mark);                                                                                         \
  }
KERNEL(f32)
KERNEL(f64)
