/* array_functions_test.c: the functions of packed arrays against plain loops. What they read is allocated to the byte, so that the
 * sanitizer sees any element beyond. */
#include "../src/array.h"
#include "../src/kernels.h"
#include "testing.h"

#define MOST 12
typedef struct { u32 n; i64 x[2 * MOST]; u8 null[2 * MOST]; } list; /* of small numbers, which stand for texts too */

static const u32 kinds[] = {FL_BOOL, FL_I16, FL_I32, FL_I64, FL_F32, FL_F64, FL_STR};
static const char *words[] = {"", "a", "ab", "xyz", "a longer text", "b", "aa"};

static array_element element(i64 x, u32 kind) {
  array_element e = {0};
  if (kind == FL_STR) e.s = (fl_str){(const u8 *)words[x], strlen(words[x])};
  else if (kind == FL_F32 || kind == FL_F64) e.f = (f64)x / 4;
  else e.i = kind == FL_BOOL ? x & 1 : x - 2;
  return e;
}
/* Different numbers may be the same truth value. */
static int same(i64 x, i64 y, u32 kind) { return kind == FL_BOOL ? (x & 1) == (y & 1) : x == y; }
static list some(u32 most) {
  list l = {.n = (u32)(rnd() % (most + 1))};
  for (u32 k = 0; k < l.n; k++) l.x[k] = (i64)(rnd() % 7), l.null[k] = rnd() % 5 == 0;
  return l;
}
static fl_str exact(fl_str s) {
  u8 *p = malloc(s.n + !s.n);
  memcpy(p, s.p, s.n);
  return (fl_str){p, s.n};
}
static fl_str packed(const list *l, u32 kind) {
  u64 text = 0;
  for (u32 k = 0; k < l->n && kind == FL_STR; k++) text += l->null[k] ? 0 : strlen(words[l->x[k]]);
  array_writer a = array_begin(&worker, kind, l->n, text);
  for (u32 k = 0; k < l->n; k++) {
    if (l->null[k]) array_put_null(&a);
    else array_put(&a, element(l->x[k], kind));
  }
  return exact(array_done(&a));
}
static void expect(const char *what, fl_str got, const list *want, u32 kind) {
  fl_str w = packed(want, kind);
  if (got.n != w.n || memcmp(got.p, w.p, w.n)) failed("%s, kind %u: %lu bytes, not the %lu of %u elements", what, kind, got.n, w.n, want->n);
  free((void *)w.p);
}
static int equal(const list *l, u32 k, const list *x, u32 kind) {
  if (l->null[k] || x->null[0]) return l->null[k] && x->null[0];
  return same(l->x[k], x->x[0], kind);
}
static void add(list *l, const list *from, u32 k) {
  l->x[l->n] = from->x[k], l->null[l->n] = from->null[k];
  l->n++;
}

static void test_build(u32 kind) {
  u64 one = 1, none = 0;
  list a = some(MOST), b = some(MOST), x = some(1), y = some(1), want = a;
  x.n = y.n = 1;
  fl_str pa = packed(&a, kind), pb = packed(&b, kind), px = packed(&x, kind), py = packed(&y, kind), d;
  for (u32 k = 0; k < b.n; k++) add(&want, &b, k);
  flk_array_concat(&worker, &d, &pa, &pb, &one, &one, kind, &one, 1, 1), expect("concat", d, &want, kind);
  flk_array_concat(&worker, &d, &pa, &pb, &one, &none, kind, &one, 1, 1), expect("concat with NULL", d, &a, kind);
  flk_array_concat(&worker, &d, &pa, &pb, &none, &one, kind, &one, 1, 1), expect("concat to NULL", d, &b, kind);
  i32 lower = (i32)(rnd() % 18) - 3, upper = rnd() % 9 ? (i32)(rnd() % 18) - 3 : 2147483647;
  want.n = 0;
  for (u32 k = 0; k < a.n; k++)
    if ((i64)k + 1 >= lower && (i64)k + 1 <= upper) add(&want, &a, k);
  flk_array_slice(&worker, &d, &pa, &lower, &upper, kind, &one, 1, 1), expect("slice", d, &want, kind);
  want.n = 0;
  list exchanged = {0}, places = {0};
  for (u32 k = 0; k < a.n; k++) {
    int found = equal(&a, k, &x, kind);
    add(&exchanged, found ? &y : &a, found ? 0 : k);
    if (found) places.x[places.n++] = (i64)k + 3; /* element() takes 2 off */
    else add(&want, &a, k);
  }
  flk_array_remove(&worker, &d, &pa, &px, kind, &one, 1, 1), expect("remove", d, &want, kind);
  flk_array_replace(&worker, &d, &pa, &px, &py, kind, &one, 1, 1), expect("replace", d, &exchanged, kind);
  flk_array_positions(&worker, &d, &pa, &px, kind, &one, 1, 1), expect("positions", d, &places, FL_I32);
  i32 at, from = (i32)(rnd() % 5) - 1;
  u64 valid;
  flk_array_position(&at, &valid, &pa, &px, &from, kind, &one, 1);
  i64 first = 0;
  for (u32 k = places.n; k-- > 0;)
    if (places.x[k] - 2 >= from) first = places.x[k] - 2;
  if ((valid & 1) != (first != 0) || (first && at != first)) failed("position, kind %u: %d, not %ld", kind, at, first);
  i32 by = (i32)(rnd() % (a.n + 1));
  want = a, want.n -= (u32)by;
  flk_array_trim(&worker, &d, &pa, &by, kind, &one, 1, 1), expect("trim", d, &want, kind);
  by = rnd() % 2 ? -1 : (i32)a.n + 1;
  const char *e = CATCH(flk_array_trim(&worker, &d, &pa, &by, kind, &one, 7, 1));
  if (!e || strncmp(e, "2202E", 5)) failed("trim of %d: %s", by, e ? e : "no error");
  free((void *)pa.p), free((void *)pb.p), free((void *)px.p), free((void *)py.p);
}

static void test_sets(u32 kind) {
  u64 one = 1, d;
  list a = some(MOST), b = some(3);
  fl_str pa = packed(&a, kind), pb = packed(&b, kind);
  u32 in = 0;
  for (u32 k = 0; k < b.n; k++) {
    int found = 0;
    for (u32 j = 0; j < a.n; j++) found |= !a.null[j] && !b.null[k] && same(a.x[j], b.x[k], kind);
    in += (u32)found;
  }
  flk_array_contains(&worker, &d, &pa, &pb, kind, &one, 1);
  if ((d & 1) != (in == b.n)) failed("contains, kind %u: %lu", kind, d);
  flk_array_overlaps(&worker, &d, &pa, &pb, kind, &one, 1);
  if ((d & 1) != (in > 0)) failed("overlaps, kind %u: %lu", kind, d);
  free((void *)pa.p), free((void *)pb.p);
}

static void test_quantified(u32 kind) {
  u64 there = rnd() % 8 != 0, one = 1, d, valid;
  list a = some(4), x = {.n = 1, .x = {(i64)(rnd() % 7)}};
  fl_str pa = packed(&a, kind);
  array_element e = element(x.x[0], kind);
  u32 accepts = 1 + (u32)(rnd() % 6);
  for (i32 all = 0; all < 2; all++) {
    int yes = 0, no = 0, null = 0;
    for (u32 k = 0; k < a.n; k++) {
      if (a.null[k] || !there) {
        null++;
        continue;
      }
      array_element y = element(a.x[k], kind);
      i32 order = kind == FL_STR ? strcmp((const char *)e.s.p, (const char *)y.s.p) : e.i != y.i ? (e.i > y.i ? 1 : -1) : (e.f > y.f) - (e.f < y.f);
      if (accepts >> ((order > 0) - (order < 0) + 1) & 1) yes++;
      else no++;
    }
    int decided = all ? no > 0 : yes > 0, truth = decided ? !all : all, known = decided || !null;
    if (kind == FL_STR) flk_quantified_str(&d, &valid, &e.s, &there, &pa, kind, accepts, all, &one, 1);
    else if (kind == FL_F32 || kind == FL_F64) flk_quantified_f64(&d, &valid, &e.f, &there, &pa, kind, accepts, all, &one, 1);
    else flk_quantified_i64(&d, &valid, &e.i, &there, &pa, kind, accepts, all, &one, 1);
    if ((int)(valid & 1) != known || (known && (int)(d & 1) != truth)) failed("quantified, kind %u, accepts %u, all %d: %lu of %lu", kind, accepts, all, d, valid);
  }
  free((void *)pa.p);
}

static fl_str text(const char *s) { return exact((fl_str){(const u8 *)s, strlen(s)}); }
static void test_words(void) {
  static const struct { const char *s, *between, *null, *joined; u32 n, nulls; } cases[] = {
    {"a,b,,c", ",", NULL, "a|b||c", 4, 0}, {"a,b,,c", ",", "", "a|b|c", 4, 1}, {"", ",", "", "", 0, 0}, {"abc", "", "abc", "", 1, 1},
    {"h\xc3\xa9l", NULL, "l", "h|\xc3\xa9", 3, 1}, {",", ",", NULL, "|", 2, 0}, {"aXXb", "XX", NULL, "a|b", 2, 0}, {"aXX", "XX", NULL, "a|", 2, 0},
    {"XXX", "XX", NULL, "|X", 2, 0}, {"x", "much longer", NULL, "x", 1, 0},
  };
  for (u32 i = 0; i < sizeof cases / sizeof *cases; i++) {
    fl_str s = text(cases[i].s), between = text(cases[i].between ? cases[i].between : ""), null = text(cases[i].null ? cases[i].null : ""), bar = text("|");
    u64 one = 1, there_between = cases[i].between != NULL, there_null = cases[i].null != NULL, none = 0;
    fl_str d, joined;
    flk_string_to_array(&worker, &d, &s, &between, &null, &there_between, &there_null, &one, 1, 1);
    d = exact(d);
    fl_array h = array_head(&d);
    if (h.count != cases[i].n || h.nulls != cases[i].nulls) failed("string_to_array %u: %u elements, %u null", i, h.count, h.nulls);
    flk_array_to_string(&worker, &joined, &d, &bar, &null, &none, FL_STR, &one, 1, 1);
    if (joined.n != strlen(cases[i].joined) || memcmp(joined.p, cases[i].joined, joined.n)) failed("array_to_string %u: %.*s", i, (int)joined.n, joined.p);
    fl_temp_reset(&worker);
    free((void *)s.p), free((void *)between.p), free((void *)null.p), free((void *)bar.p), free((void *)d.p);
  }
}

int main(void) {
  for (u32 round = 0; round < 4000; round++)
    for (u32 k = 0; k < sizeof kinds / sizeof *kinds; k++) test_build(kinds[k]), test_sets(kinds[k]), test_quantified(kinds[k]), fl_temp_reset(&worker);
  test_words();
  return report("array functions");
}
