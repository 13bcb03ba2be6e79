/* arrays_test.c: operators over models' arrays (arr_axis.c, arr_matrix.c, arr_move.c) against plain loops, to the bit. What they read
 * and write is allocated to the byte, so that the sanitizer sees any element beyond. */
#include "../src/array.h"
#include "../src/support.h"
#include "activated.h"
#include "testing.h"

static const u64 lengths[] = {1, 2, 3, 7, 15, 16, 17, 31, 33, 48, 100, 257};
static const u64 counts[] = {1, 2, 7, 8, 9, 16, 21};
#define OF(list) (sizeof list / sizeof *list)

/* Mostly numbers around 1, now and then one that is special. */
static f64 some_f64(void) {
  static const f64 special[] = {0, -0.0, INFINITY, -INFINITY, NAN, 1e30, -1e30, 1e-40, 5e-324};
  return rnd() % 40 ? (f64)(i64)rnd() / 3e18 : special[rnd() % OF(special)];
}
static f32 some_f32(void) { return (f32)some_f64(); }
static i64 some_i64(void) { return rnd() % 4 ? (i64)(rnd() % 11) - 5 : (i64)rnd(); }
static i32 some_i32(void) { return (i32)some_i64(); }

#define SAME(T)                                                              \
  static u32 same_##T(T a, T b) { return !memcmp(&a, &b, sizeof a) || (a != a && b != b); } \
  static T *vector_##T(u64 n) {                                              \
    T *p = malloc(n * sizeof(T) + !n);                                       \
    for (u64 i = 0; i < n; i++) p[i] = some_##T();                           \
    return p;                                                                \
  }
SAME(f32)
SAME(f64)
SAME(i32)
SAME(i64)


#define GREATER(a, b) ((a) != (a) || (b) != (b) ? (a) + (b) : (a) < (b) ? (b) : (a))
#define LESSER(a, b) ((a) != (a) || (b) != (b) ? (a) + (b) : (b) < (a) ? (b) : (a))

/* U: T without a sign, so that sums may wrap. */
#define FOLDS(T, U)                                                                                             \
  static T fold_##T(const T *x, u32 how, u64 n) {                                                               \
    T acc = x[0];                                                                                               \
    for (u64 i = 1; i < n; i++)                                                                                 \
      acc = how == 2 ? GREATER(acc, x[i]) : how == 3 ? LESSER(acc, x[i]) : how == 4 ? (T)((U)acc * (U)x[i]) : (T)((U)acc + (U)x[i]); \
    return how == 1 ? acc / (T)n : acc;                                                                         \
  }                                                                                                             \
  static u64 extreme_##T(const T *x, u32 how, u64 n) {                                                          \
    u64 best = 0;                                                                                               \
    for (u64 i = 1; i < n; i++)                                                                                 \
      if ((how & 1 ? x[i] < x[best] : x[i] > x[best]) || (how & 2 && x[i] == x[best])) best = i;                \
    return best;                                                                                                \
  }                                                                                                             \
  static void test_folds_##T(u64 n, u64 count) {                                                                \
    T *x = vector_##T(n * count), *out = vector_##T(count);                                                     \
    i64 *at = vector_i64(count);                                                                                \
    for (u32 how = 0; how < 5; how++) {                                                                         \
      flk_arr_reduce_##T(out, x, how, n, count);                                                                \
      for (u64 v = 0; v < count; v++)                                                                           \
        if (!same_##T(out[v], fold_##T(x + v * n, how, n)))                                                     \
          failed("reduce_" #T " %u of %lu x %lu: vector %lu is %g", how, count, n, v, (f64)out[v]);             \
    }                                                                                                           \
    for (u32 how = 0; how < 4; how++) {                                                                         \
      flk_arr_argextreme_##T(at, x, how, n, count);                                                             \
      for (u64 v = 0; v < count; v++)                                                                           \
        if ((u64)at[v] != extreme_##T(x + v * n, how, n))                                            \
          failed("argextreme_" #T " %u of %lu x %lu: vector %lu is %ld", how, count, n, v, at[v]);              \
    }                                                                                                           \
    free(x), free(out), free(at);                                                                               \
  }
FOLDS(f32, f32)
FOLDS(f64, f64)
FOLDS(i32, u32)
FOLDS(i64, u64)

#define AXIS(T, ABS, SQRT)                                                                                      \
  static T primitive_##T(void kernel(T *, const T *, u32, u32), T x) { /* it computes whole registers */           \
    T a[16] = {x}, d[16];                                                                                       \
    kernel(d, a, 0, 1);                                                                                         \
    return d[0];                                                                                                \
  }                                                                                                             \
  static void softmax_##T(T *out, const T *x, u32 log, u64 n) {                                                 \
    T most = fold_##T(x, 2, n), sum;                                                                            \
    for (u64 i = 0; i < n; i++) out[i] = primitive_##T(flk_exp_##T, x[i] - most);                               \
    sum = fold_##T(out, 0, n);                                                                                  \
    if (log) sum = primitive_##T(flk_log_##T, sum);                                                             \
    for (u64 i = 0; i < n; i++) out[i] = log ? x[i] - most - sum : out[i] / sum;                                \
  }                                                                                                             \
  static void normalized_##T(T *out, const T *x, u32 how, u64 n) {                                              \
    T norm = 0;                                                                                                 \
    for (u64 i = 0; i < n; i++) {                                                                               \
      T e = how == 1 ? x[i] * x[i] : how == 0 ? ABS(x[i]) : x[i];                                               \
      norm = i == 0 ? e : how == 2 ? GREATER(norm, e) : norm + e;                                               \
    }                                                                                                           \
    if (how == 1) norm = SQRT(norm);                                                                            \
    for (u64 i = 0; i < n; i++) out[i] = x[i] / (norm == 0 ? 1 : norm);                                         \
  }                                                                                                             \
  static void test_axis_##T(u64 n, u64 count) {                                                                 \
    T *x = vector_##T(n * count), *out = vector_##T(n * count), *want = vector_##T(n);                          \
    for (u32 how = 0; how < 5; how++) {                                                                         \
      if (how < 2) flk_arr_softmax_##T(out, x, how, n, count);                                                  \
      else flk_arr_normalize_##T(out, x, how - 2, n, count);                                                    \
      for (u64 v = 0; v < count; v++) {                                                                         \
        if (how < 2) softmax_##T(want, x + v * n, how, n);                                                      \
        else normalized_##T(want, x + v * n, how - 2, n);                                                       \
        for (u64 i = 0; i < n; i++)                                                                             \
          if (!same_##T(out[v * n + i], want[i]))                                                               \
            failed("axis_" #T " %u of %lu x %lu: (%lu, %lu) is %g, not %g", how, count, n, v, i, (f64)out[v * n + i], (f64)want[i]); \
      }                                                                                                         \
    }                                                                                                           \
    free(x), free(out), free(want);                                                                             \
  }
AXIS(f32, fabsf, sqrtf)
AXIS(f64, fabs, sqrt)

/* Rows of several products, whose operands lie where a list says: also one for two products. */
#define MATRIX(T)                                                                                               \
  static void product_##T(const T *out, const T *a, const T *b, u64 m, u64 n, u64 k) {                          \
    for (u64 i = 0; i < m; i++)                                                                                 \
      for (u64 j = 0; j < n; j++) {                                                                             \
        T sum = 0;                                                                                              \
        for (u64 p = 0; p < k; p++) sum = STEP_##T(a[i * k + p], b[p * n + j], sum);                            \
        if (!same_##T(out[i * n + j], sum))                                                                     \
          failed("product_" #T " %lux%lux%lu: (%lu, %lu) is %g, not %g", m, n, k, i, j, (f64)out[i * n + j], (f64)sum); \
      }                                                                                                         \
  }                                                                                                             \
  static void test_matrix_##T(void) {                                                                           \
    for (u32 round = 0; round < 12; round++) {                                                                  \
      u64 m = 1 + rnd() % 20, n = 1 + rnd() % 70, k = rnd() % 40, rows = 1 + rnd() % 3;                         \
      T *a = vector_##T(rows * 2 * m * k), *b = vector_##T(rows * 2 * k * n), *out = vector_##T(rows * 3 * m * n); \
      i64 at[] = {0, (i64)(k * n), (i64)(m * k), 0, (i64)(m * k), (i64)(k * n)};                                \
      flk_arr_matmul_##T(&worker, out, a, b, at, 3, m, n, k, 2 * m * k, 2 * k * n, rows);                       \
      for (u64 i = 0; i < 3 * rows; i++)                                                                        \
        product_##T(out + i * m * n, a + i / 3 * 2 * m * k + at[i % 3 * 2], b + i / 3 * 2 * k * n + at[i % 3 * 2 + 1], m, n, k); \
      free(a), free(b), free(out);                                                                              \
      fl_temp_reset(&worker);                                                                                   \
    }                                                                                                           \
  }
MATRIX(f32)
MATRIX(f64)

/* Lanes to a band of some of their rows and back: the other rows stay as they were. */
#define TILES(T)                                                                                                \
  static void test_bands_##T(u64 size, u64 rows) {                                                              \
    T *lanes[100], *back[100], *band = vector_##T(size * rows);                                                 \
    u16 at[FL_BLOCK];                                                                                           \
    for (u64 k = 0; k < size; k++) lanes[k] = vector_##T(FL_BLOCK), back[k] = calloc(FL_BLOCK, sizeof(T));      \
    for (u64 i = 0, r = 0; i < rows; i++, r += 1 + rnd() % 3) at[i] = (u16)r;                                   \
    flk_band_in_##T(band, lanes, size, at, rows);                                                               \
    flk_band_out_##T(back, band, size, at, rows);                                                               \
    for (u64 k = 0; k < size; k++) {                                                                            \
      T zero = 0;                                                                                               \
      for (u64 r = 0, i = 0; r < FL_BLOCK; r++) {                                                               \
        u32 here = i < rows && at[i] == r;                                                                      \
        if (here && !same_##T(band[i * size + k], lanes[k][r])) failed("band_in_" #T ": element %lu of row %lu", k, r); \
        if (!same_##T(back[k][r], here ? lanes[k][r] : zero)) failed("band_out_" #T ": element %lu of row %lu", k, r); \
        i += here;                                                                                              \
      }                                                                                                         \
      free(lanes[k]), free(back[k]);                                                                            \
    }                                                                                                           \
    free(band);                                                                                                 \
  }
TILES(f32)
TILES(f64)
TILES(i32)
TILES(i64)

static void test_masks(u64 size, u64 rows) {
  u64 *lanes[40], *back[40];
  u8 *band = malloc(size * rows);
  u16 at[FL_BLOCK];
  for (u64 k = 0; k < size; k++) {
    lanes[k] = malloc(FL_BLOCK / 8), back[k] = malloc(FL_BLOCK / 8);
    for (u64 i = 0; i < FL_BLOCK / 64; i++) lanes[k][i] = rnd(), back[k][i] = k % 2 ? ~0ul : 0;
  }
  for (u64 i = 0, r = rnd() % 3; i < rows; i++, r += 1 + rnd() % 3) at[i] = (u16)r;
  flk_band_in_m(band, lanes, size, at, rows);
  flk_band_out_m(back, band, size, at, rows);
  for (u64 k = 0; k < size; k++) {
    for (u64 r = 0, i = 0; r < FL_BLOCK; r++) {
      u32 here = i < rows && at[i] == r, bit = lanes[k][r / 64] >> r % 64 & 1, got = back[k][r / 64] >> r % 64 & 1;
      if (here && band[i * size + k] != bit) failed("band_in_m: element %lu of row %lu", k, r);
      if (got != (here ? bit : k % 2)) failed("band_out_m: element %lu of row %lu", k, r);
      i += here;
    }
    free(lanes[k]), free(back[k]);
  }
  free(band);
}

static void test_band_arrays(void) {
  f32 values[] = {1, 2, 3};
  u8 array[sizeof(fl_array) + sizeof values], with_null[sizeof(fl_array) + sizeof values + 1], band[2 * sizeof values];
  fl_array head = {3, 0}, one_null = {3, 1};
  memcpy(array, &head, sizeof head), memcpy(array + sizeof head, values, sizeof values);
  memcpy(with_null, &one_null, sizeof head), memcpy(with_null + sizeof head, values, sizeof values), with_null[sizeof with_null - 1] = 5;
  fl_str lanes[] = {{array, sizeof array}, {(u8 *)values, sizeof values}, {with_null, sizeof with_null}};
  u16 first[] = {0, 0}, second[] = {1}, third[] = {2};
  flk_band_arrays(&worker, band, lanes, 3, FL_F32, first, 2, 1);
  if (memcmp(band, values, sizeof values) || memcmp(band + sizeof values, values, sizeof values)) failed("band of arrays");
  memset(band, 0, sizeof band);
  flk_band_arrays(&worker, band, lanes, 3, FL_VECTOR, second, 1, 1);
  if (memcmp(band, values, sizeof values)) failed("band of vectors");
  flk_band_arrays(&worker, band, lanes, 3, FL_F32, third, 1, 1);
  f32 *got = (f32 *)band;
  if (got[0] != 1 || got[1] == got[1] || got[2] != 3) failed("array with a null: %g, %g, %g", got[0], got[1], got[2]);
  const char *e = CATCH(flk_band_arrays(&worker, band, lanes, 2, FL_F32, first, 1, 1));
  if (!e || strncmp(e, "22000", 5)) failed("array of another length: %s", e ? e : "no error");
  e = CATCH(flk_band_arrays(&worker, band, lanes, 4, FL_VECTOR, second, 1, 1));
  if (!e || strncmp(e, "22000", 5)) failed("vector of another length: %s", e ? e : "no error");
}

/* Order, equality and hashes of arrays of two numbers of which each may be null, against those of the numbers. */
static fl_str pair(u32 kind, const f64 *x, const int *null, u32 count) {
  array_writer a = array_begin(&worker, kind, count, 0);
  for (u32 k = 0; k < count; k++) {
    if (null[k]) array_put_null(&a);
    else array_put(&a, (array_element){.i = x[k] == x[k] ? (i64)x[k] : 0, .f = x[k]});
  }
  return array_done(&a);
}
static i32 order_pairs(const f64 *x, const int *nx, u32 cx, const f64 *y, const int *ny, u32 cy) {
  for (u32 k = 0; k < cx && k < cy; k++) {
    if (nx[k] != ny[k]) return nx[k] - ny[k];
    i32 c = nx[k] ? 0 : fl_compare_f64(x[k], y[k]);
    if (c) return c;
  }
  return cx < cy ? -1 : cx > cy;
}
static void test_order(u32 kind) {
  static const f64 some[] = {-2, -0.0, 0, 1, 3, __builtin_nan("")};
  u32 values = kind == FL_F32 || kind == FL_F64 ? 6 : 5;
  for (u32 t = 0; t < 2000; t++) {
    f64 x[2], y[2];
    int nx[2], ny[2];
    u32 cx = rnd() % 3, cy = rnd() % 3;
    for (u32 k = 0; k < 2; k++) x[k] = some[rnd() % values], y[k] = some[rnd() % values], nx[k] = rnd() % 5 == 0, ny[k] = rnd() % 5 == 0;
    fl_str a = pair(kind, x, nx, cx), b = pair(kind, y, ny, cy);
    i32 want = order_pairs(x, nx, cx, y, ny, cy), got = fl_compare_array(a, b, kind);
    u64 hash[2], one[] = {3}, equal;
    if ((want > 0) - (want < 0) != got || fl_equal_array(a, b, kind) != !want) failed("order of arrays of kind %u: %d, want %d", kind, got, want);
    flk_hash_array(hash, (fl_str[]){a, b}, kind, one, 2);
    flk_eq_array(&equal, &a, &b, kind, one, 1);
    if (equal != !want || (!want && hash[0] != hash[1])) failed("equal arrays of kind %u have two hashes", kind);
    fl_temp_reset(&worker);
  }
}

/* A band's rows to arrays of each kind, and from them to a band again. */
static void test_whole(u32 kind, u32 width, u64 size, u64 rows) {
  u8 *band = malloc(size * rows * width), *again = malloc(size * rows * width);
  fl_str lanes[FL_BLOCK];
  u16 at[FL_BLOCK];
  for (u64 k = 0; k < size * rows * width; k++) band[k] = (u8)rnd();
  for (u64 k = 0; kind == FL_I16 && k < size * rows; k++) ((i32 *)band)[k] = (i16)((i32 *)band)[k];
  for (u64 i = 0, r = rnd() % 3; i < rows; i++, r += 1 + rnd() % 3) at[i] = (u16)r;
  flk_no_arrays(lanes, FL_BLOCK);
  flk_band_out_arrays(&worker, lanes, band, size, kind, at, rows);
  for (u64 r = 0, i = 0; r < FL_BLOCK; r++) {
    u32 here = i < rows && at[i] == r;
    if (!here && lanes[r].n) failed("arrays of kind %u: row %lu has one", kind, r);
    if (here && (array_head(&lanes[r]).count != size || array_head(&lanes[r]).nulls)) failed("arrays of kind %u: row %lu", kind, r);
    i += here;
  }
  flk_band_arrays(&worker, again, lanes, size, kind, at, rows, 0);
  if (memcmp(band, again, size * rows * width)) failed("arrays of kind %u: other elements come back", kind);
  fl_temp_reset(&worker);
  free(band), free(again);
}

/* Loops over one to five axes, in any order, backwards and standing still too. */
static void test_copy(u64 size) {
  u64 loops = rnd() % 6, total = 1, extent = 1, rows = 1 + rnd() % 3;
  i64 walk[2 + 2 * 8] = {(i64)loops, 0};
  for (u64 l = 0; l < loops; l++) {
    u64 turns = 1 + rnd() % (l < 2 ? 40 : 4);
    walk[2 + 2 * l] = (i64)turns, walk[3 + 2 * l] = (i64)extent;
    total *= turns, extent *= turns;
  }
  for (u64 l = 1; l < loops; l++) { /* another order, and directions */
    u64 o = rnd() % loops;
    i64 turns = walk[2 + 2 * l], step = walk[3 + 2 * l];
    walk[2 + 2 * l] = walk[2 + 2 * o], walk[3 + 2 * l] = walk[3 + 2 * o];
    walk[2 + 2 * o] = turns, walk[3 + 2 * o] = step;
  }
  for (u64 l = 0; l < loops; l++) {
    u32 kind = rnd() % 8;
    if (kind == 0) walk[3 + 2 * l] = 0;
    if (kind == 1) walk[1] += walk[3 + 2 * l] * (walk[2 + 2 * l] - 1), walk[3 + 2 * l] = -walk[3 + 2 * l];
  }
  u8 *from = malloc(rows * extent * size), *to = malloc(rows * total * size), *picked = malloc(rows * total * size);
  i64 *at = malloc(total * sizeof *at);
  for (u64 i = 0; i < rows * extent * size; i++) from[i] = (u8)rnd();
  for (u64 i = 0; i < total; i++) {
    u64 rest = i;
    at[i] = walk[1];
    for (u64 l = 0; l < loops; rest /= (u64)walk[2 + 2 * l], l++) at[i] += (i64)(rest % (u64)walk[2 + 2 * l]) * walk[3 + 2 * l];
  }
  flk_arr_copy(to, from, walk, size, total, extent, rows);
  flk_arr_pick(picked, from, at, size, total, extent, rows);
  for (u64 r = 0; r < rows; r++)
    for (u64 i = 0; i < total; i++) {
      const u8 *want = from + (r * extent + (u64)at[i]) * size;
      if (memcmp(to + (r * total + i) * size, want, size)) failed("copy of %lu bytes in %lu loops: element %lu of row %lu", size, loops, i, r);
      if (memcmp(picked + (r * total + i) * size, want, size)) failed("pick of %lu bytes: element %lu of row %lu", size, i, r);
    }
  free(from), free(to), free(picked), free(at);
}

static void test_part(void) {
  /* 2 rows of 3 vectors, and one row for both. */
  u8 from[2 * 3 * 5], to[5 * 7 + 5];
  for (u32 i = 0; i < sizeof from; i++) from[i] = (u8)(i + 1);
  for (u32 shared = 0; shared < 2; shared++) {
    memset(to, 0, sizeof to);
    flk_arr_part(to, from, 5, 7, 3, shared ? 0 : 15, 2);
    for (u32 i = 0; i < sizeof to; i++)
      if (to[i] != (i % 7 < 5 ? from[i / 7 % (shared ? 3 : 6) * 5 + i % 7] : 0)) failed("part: byte %u is %u", i, to[i]);
  }
}

#define GATHER(T)                                                                                               \
  static void test_gather_##T(void) {                                                                           \
    u64 outer = 1 + rnd() % 4, length = 1 + rnd() % 9, bytes = 1 + rnd() % 12, n = rnd() % 7, rows = 1 + rnd() % 3; \
    u64 from_row = outer * length * bytes, shared = rnd() % 2; /* one list of indices for all rows, or one a row */ \
    u8 *from = malloc(rows * from_row), *to = malloc(rows * outer * n * bytes + 1);                             \
    T *at = malloc(rows * n * sizeof(T) + 1);                                                                   \
    for (u64 i = 0; i < rows * from_row; i++) from[i] = (u8)rnd();                                              \
    for (u64 i = 0; i < rows * n; i++) at[i] = (T)(rnd() % (2 * length)) - (T)length;                           \
    flk_arr_gather_##T(&worker, to, from, at, outer, length, bytes, n, from_row, shared ? 0 : n, rows, 1);      \
    for (u64 r = 0; r < rows; r++)                                                                              \
      for (u64 o = 0; o < outer; o++)                                                                           \
        for (u64 k = 0; k < n; k++) {                                                                           \
          T x = at[(shared ? 0 : r * n) + k];                                                                   \
          u64 entry = (u64)(x < 0 ? x + (T)length : x);                                                         \
          if (memcmp(to + ((r * outer + o) * n + k) * bytes, from + r * from_row + (o * length + entry) * bytes, bytes)) \
            failed("gather_" #T ": entry %lu of row %lu", k, r);                                                \
        }                                                                                                       \
    static const T sides[] = {1, -1};                                                                           \
    for (u32 s = 0; s < 2 && n; s++) {                                                                          \
      at[n - 1] = sides[s] > 0 ? (T)length : -(T)length - 1;                                                    \
      const char *e = CATCH(flk_arr_gather_##T(&worker, to, from, at, 1, length, bytes, n, from_row, 0, 1, 1)); \
      if (!e || strncmp(e, "22003", 5)) failed("gather_" #T " outside of the axis: %s", e ? e : "no error");   \
    }                                                                                                           \
    free(from), free(to), free(at);                                                                             \
  }
GATHER(i32)
GATHER(i64)

int main(void) {
  for (u32 l = 0; l < OF(lengths); l++)
    for (u32 c = 0; c < OF(counts); c++) {
      u64 n = lengths[l], count = counts[c];
      test_folds_f32(n, count), test_folds_f64(n, count), test_folds_i32(n, count), test_folds_i64(n, count);
      test_axis_f32(n, count), test_axis_f64(n, count);
      if (n <= 100) test_bands_f32(n, count * 10), test_bands_f64(n, count), test_bands_i32(n, count), test_bands_i64(n, count);
      if (n <= 40) test_masks(n, count * 10);
    }
  test_matrix_f32(), test_matrix_f64();
  test_order(FL_F32), test_order(FL_F64), test_order(FL_I16), test_order(FL_I32), test_order(FL_I64);
  test_band_arrays();
  for (u64 rows = 1; rows < 300; rows += 71) {
    test_whole(FL_F32, 4, 7, rows), test_whole(FL_F64, 8, 1, rows), test_whole(FL_I32, 4, 20, rows), test_whole(FL_I64, 8, 3, rows);
    test_whole(FL_I16, 4, 5, rows), test_whole(FL_BOOL, 1, 33, rows);
  }
  static const u64 sizes[] = {1, 4, 8};
  for (u32 round = 0; round < 300; round++) test_copy(sizes[round % 3]), test_gather_i32(), test_gather_i64();
  test_part();
  return report("arrays");
}
