/* trees_test.c: tree ensembles against results that internal/ml/trees computed (TestCases): to the bit, for all rows, some and few,
 * in every form. */
#include "../src/trees.h"
#include "testing.h"

typedef struct { u32 width, features, targets, rows, bytes, sliced; } case_head;

static u8 *file;
static u64 at;
static void *take(u64 bytes, u64 room) { /* with room behind, so that nothing lies there by chance */
  void *p = aligned_alloc(64, (room + 63) / 64 * 64);
  memcpy(p, file + at, bytes);
  at += bytes;
  return p;
}

static u32 is_set(const u64 *mask, u32 r) { return !mask || mask[r / 64] >> r % 64 & 1; }

static void check(const char *form, u32 number, const case_head *h, f64 *const *out, f64 *const *want, const u64 *mask, u32 n) {
  for (u32 k = 0; k < h->targets; k++)
    for (u32 r = 0; r < n; r++)
      if (is_set(mask, r) && memcmp(&out[k][r], &want[k][r], 8)) {
        failed("case %u %s: target %u of row %u is %.17g, not %.17g", number, form, k, r, out[k][r], want[k][r]);
        return;
      }
}

static void kernel(const case_head *h, f64 **out, void **in, const u8 *ensemble, const u64 *mask, u32 n) {
  for (u32 k = 0; k < h->targets; k++) memset(out[k], 0x55, (n + 15) / 16 * 128);
  if (h->width == 4) flk_trees_f32(&worker, out, (const f32 *const *)in, ensemble, mask, n);
  else flk_trees_f64(&worker, out, (const f64 *const *)in, ensemble, mask, n);
  fl_temp_reset(&worker);
}

/* The form without VBMI, which a machine that has it does not choose, against the form chosen. */
static void compare_sliced(u32 number, const case_head *h, void **in, const u8 *ensemble) {
  const fl_trees *m = (const fl_trees *)ensemble;
  u64 planes = 0, size = (u64)m->targets * FL_TREES_SLAB;
  for (u32 i = 0; i < m->parts; i++)
    if (FL_TREES_AT(m, fl_trees_part, part)[i].planes > planes) planes = FL_TREES_AT(m, fl_trees_part, part)[i].planes;
  fl_trees_slab s = {.m = m, .rows = h->rows < FL_TREES_SLAB ? h->rows : FL_TREES_SLAB};
  s.planes = aligned_alloc(64, planes * FL_TREES_PLANE);
  s.numbers = aligned_alloc(64, FL_TREES_PIECES * FL_TREES_SLAB);
  i64 *sums[2];
  for (u32 k = 0; k < 2; k++) {
    s.sums = sums[k] = aligned_alloc(64, size * 8);
    memset(s.sums, 0, size * 8);
#ifdef __AVX512BW__
    if (k == 1 && __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("gfni")) {
      if (h->width == 4) fl_trees_sliced_vbmi_f32(&s, (const f32 *const *)in, 0);
      else fl_trees_sliced_vbmi_f64(&s, (const f64 *const *)in, 0);
      continue;
    }
#endif
    if (h->width == 4) fl_trees_sliced_f32(&s, (const f32 *const *)in, 0);
    else fl_trees_sliced_f64(&s, (const f64 *const *)in, 0);
  }
  for (u64 i = 0; i < size && s.rows == FL_TREES_SLAB; i++)
    if (sums[0][i] != sums[1][i]) {
      failed("case %u: sum %lu is %ld and %ld", number, i, sums[0][i], sums[1][i]);
      break;
    }
  free(s.planes), free(s.numbers), free(sums[0]), free(sums[1]);
}

static void run_case(u32 number) {
  case_head h;
  memcpy(&h, file + at, sizeof h);
  at += sizeof h;
  u32 padded = (h.rows + 15) / 16 * 16;
  u8 *ensemble = take(h.bytes, h.bytes);
  void *in[16];
  f64 *want[16] = {NULL}, *out[16];
  for (u32 k = 0; k < h.features; k++) in[k] = take((u64)padded * h.width, (u64)padded * h.width);
  u64 *mask = take((h.rows + 63) / 64 * 8, (h.rows + 63) / 64 * 8), few[16] = {1, 0, 1ul << 63 | 2, 0, 0, 1};
  for (u32 k = 0; k < h.targets; k++) {
    want[k] = take((u64)h.rows * 8, (u64)padded * 8);
    out[k] = aligned_alloc(64, (u64)padded * 8);
  }
  kernel(&h, out, in, ensemble, NULL, h.rows);
  check("all rows", number, &h, out, want, NULL, h.rows);
  kernel(&h, out, in, ensemble, mask, h.rows);
  check("some rows", number, &h, out, want, mask, h.rows);
  kernel(&h, out, in, ensemble, few, h.rows);
  check("few rows", number, &h, out, want, few, h.rows);
  kernel(&h, out, in, ensemble, NULL, 37);
  check("37 rows", number, &h, out, want, NULL, 37);
  if (h.sliced) compare_sliced(number, &h, in, ensemble);
  for (u32 k = 0; k < h.features; k++) free(in[k]);
  for (u32 k = 0; k < h.targets; k++) free(want[k]), free(out[k]);
  free(ensemble), free(mask);
}

int main(void) {
  FILE *f = fopen("trees.bin", "rb");
  if (!f) return 1;
  fseek(f, 0, SEEK_END);
  u64 size = (u64)ftell(f);
  rewind(f);
  file = malloc(size);
  if (fread(file, 1, size, f) != size) return 1;
  fclose(f);
  u32 cases = 0;
  while (at < size) run_case(cases++);
  free(file);
  return report("tree ensembles");
}
