/* vector_distance_test.c: distances of vectors against plain loops, to the bit. Vectors are allocated to the byte. */
#include "../src/array.h"
#include "../src/kernels.h"
#include "testing.h"
#include <math.h>

static fl_str vector(u32 n) {
  u8 *p = malloc(4ul * n + 1); /* not aligned, as in blocks */
  for (u32 k = 0; k < n; k++) {
    f32 x = rnd() % 20 ? (f32)((f64)(i64)rnd() / 3e18) : rnd() % 2 ? 3e38f : -0.0f;
    memcpy(p + 1 + 4ul * k, &x, sizeof x);
  }
  return (fl_str){p + 1, 4ul * n};
}
static f64 at(const fl_str *a, u32 k) {
  f32 x;
  memcpy(&x, a->p + 4ul * k, sizeof x);
  return x;
}
enum { SQUARES, DIFFERENCES, PRODUCTS };
static f64 sum(const fl_str *a, const fl_str *b, u32 what) {
  f64 lanes[16] = {0};
  for (u32 k = 0; k < a->n / 4; k++) {
    f64 x = at(a, k), y = at(b, k), d = x - y;
    lanes[k % 16] += what == SQUARES ? d * d : what == DIFFERENCES ? fabs(d) : x * y;
  }
  for (u32 half = 8; half; half /= 2)
    for (u32 k = 0; k < half; k++) lanes[k] += lanes[k + half];
  return lanes[0];
}
static void same(const char *name, u32 n, f64 got, f64 want) {
  if (memcmp(&got, &want, sizeof got) && !(isnan(got) && isnan(want))) failed("%s of %u dimensions: %a, want %a", name, n, got, want);
}

static void test_distances(u32 n) {
  fl_str a[3] = {vector(n), vector(n), {NULL, 0}}, b[3] = {vector(n), vector(n), {NULL, 0}}; /* the last row does not count */
  u64 rows = 3;
  f64 d[3];
  if (n % 3 == 0) memset((u8 *)b[1].p, 0, b[1].n);
  flk_l2_distance(&worker, d, a, b, &rows, 0, 3);
  for (u32 i = 0; i < 2; i++) same("l2_distance", n, d[i], sqrt(sum(&a[i], &b[i], SQUARES)));
  flk_l1_distance(&worker, d, a, b, &rows, 0, 3);
  for (u32 i = 0; i < 2; i++) same("l1_distance", n, d[i], sum(&a[i], &b[i], DIFFERENCES));
  flk_inner_product(&worker, d, a, b, &rows, 0, 3);
  for (u32 i = 0; i < 2; i++) same("inner_product", n, d[i], sum(&a[i], &b[i], PRODUCTS));
  flk_cosine_distance(&worker, d, a, b, &rows, 0, 3);
  for (u32 i = 0; i < 2; i++) {
    f64 likeness = sum(&a[i], &b[i], PRODUCTS) / sqrt(sum(&a[i], &a[i], PRODUCTS) * sum(&b[i], &b[i], PRODUCTS));
    same("cosine_distance", n, d[i], isnan(likeness) ? likeness : 1 - fmax(-1, fmin(1, likeness)));
  }
  flk_vector_norm(d, a, &rows, 3);
  for (u32 i = 0; i < 2; i++) same("vector_norm", n, d[i], sqrt(sum(&a[i], &a[i], PRODUCTS)));
  for (u32 i = 0; i < 2; i++) free((u8 *)a[i].p - 1), free((u8 *)b[i].p - 1);
}

static void test_dimensions(void) {
  fl_str a[2] = {vector(3), vector(2)}, b[2] = {vector(2), vector(2)};
  u64 rows = 2; /* not the first */
  f64 d[2];
  const char *e = CATCH(flk_l2_distance(&worker, d, a, b, &rows, 0, 2));
  if (e) failed("a row that does not count: %s", e);
  rows = 3;
  e = CATCH(flk_l1_distance(&worker, d, a, b, &rows, 0, 2));
  if (!e || strcmp(e, "22000 different vector dimensions 3 and 2")) failed("other dimensions: %s", e ? e : "no error");
  for (u32 i = 0; i < 2; i++) free((u8 *)a[i].p - 1), free((u8 *)b[i].p - 1);
}

int main(void) {
  for (u32 n = 1; n < 70; n++) test_distances(n);
  test_distances(384), test_distances(16000);
  test_dimensions();
  return report("distances of vectors");
}
