/* rows_test.c: rows kept between pipelines (rows.c, parcels.c, sort.c). Several workers are played by one thread, with their
 * morsels in any order that the executor may hand them out in. */
#include "../src/parcels.h"
#include "testing.h"

#define WORKERS 3

static fl_worker workers[WORKERS];

static void check(int ok, const char *what, u64 a, u64 b) {
  if (!ok) failed("%s (%lu, %lu)", what, a, b);
}

/* Begins a case: workers of a query whose morsels have so many rows. */
static void begin(u64 morsel) {
  fl_temp_reset(&worker);
  *worker.q = (fl_query){.morsel = morsel, .nworkers = WORKERS};
  for (u32 i = 0; i < WORKERS; i++) workers[i] = (fl_worker){.q = worker.q, .id = i};
}

/* The shapes that hashes and keys come in. */
enum { ANY, EQUAL, FEW, RISING, FALLING, SHAPES };
static u64 shaped(u32 shape, u64 i) {
  switch (shape) {
  case EQUAL: return 7;
  case FEW: return (rnd() % 5) << 60;
  case RISING: return i;
  case FALLING: return (u64)-1 - i;
  }
  return rnd();
}

/* ---- groups ---- */
typedef struct {
  u64 hash, key, count, order;
} group;

/* What a program does for each row. */
static group *group_of(fl_worker *w, fl_ht *t, u64 hash, u64 key) {
  for (u64 pos = hash & t->mask;; pos = (pos + 1) & t->mask) {
    group *g = t->slots[pos];
    if (g && (g->hash != hash || g->key != key)) continue;
    if (!g) {
      g = fl_ht_add(w, t, pos, hash, sizeof *g);
      check(g->hash == hash && g->key == 0 && g->count == 0 && g->order == 0, "a new row is not empty", key, t->count);
      g->key = key;
      g->order = t->count - 1;
    }
    return g;
  }
}

static void table_grows(u32 shape, u64 n) {
  begin(64);
  fl_ht *t = fl_ht_new(&worker);
  u64 *hash = fl_alloc(&worker, n * sizeof(u64));
  for (u64 i = 0; i < n; i++) {
    hash[i] = shaped(shape, i);
    group_of(&worker, t, hash[i], i)->count++;
    check(t->count == i + 1, "rows of a table", t->count, i + 1);
    check(t->count * 2 <= t->mask + 1, "a table is too full", t->count, t->mask);
  }
  check(((t->mask + 1) & t->mask) == 0, "slots are no power of two", t->mask, 0);
  for (u64 i = 0; i < n; i++) {
    group *g = group_of(&worker, t, hash[i], i);
    check(g == t->rows[i] && g->order == i && g->count == 1, "a row is lost or moved", i, shape);
    check(((u64)g & 15) == 0, "a row is not aligned", i, 0);
  }
  check(t->count == n, "a row was found to be new", t->count, n);
}

/* Groups of rows that came to several workers, merged by partition as programs do. */
static void groups_merge(u64 morsel, u64 rows, u64 keys, u32 shape) {
  begin(morsel);
  fl_parcels *r = fl_parcels_new(&worker);
  fl_ht *tables[WORKERS];
  u64 *want = fl_alloc(&worker, (keys + 1) * sizeof(u64)), *hash = fl_alloc(&worker, (keys + 1) * sizeof(u64)), distinct = 0;
  for (u64 k = 0; k < keys; k++) hash[k] = shaped(shape, k);
  for (u32 i = 0; i < WORKERS; i++) tables[i] = fl_ht_new(&workers[i]);
  u64 last = rows ? (rows - 1) / morsel : 0;
  for (u64 k = 0; k <= last; k++) {
    u64 m = (k + last / 2) % (last + 1); /* shares of workers: not in order */
    fl_worker *w = &workers[rnd() % WORKERS];
    for (u64 i = m * morsel; i < rows && i < (m + 1) * morsel; i++) {
      u64 k = rnd() % keys;
      group_of(w, tables[w->id], hash[k], k)->count++;
      want[k]++;
    }
    fl_groups_end(w, r, tables[w->id], m);
    check(tables[w->id]->count < 4 * morsel, "a worker keeps too many groups", tables[w->id]->count, morsel);
  }
  for (u64 k = 0; k < keys; k++) distinct += want[k] != 0;
  fl_groups_close(&worker, r, tables);
  for (u64 task = 0; task < r->tasks; task++) {
    fl_worker *w = &workers[task % WORKERS];
    fl_ht *t = fl_ht_new(w);
    for (u64 p = 0; p < r->nparcels; p++) {
      fl_parcel *parcel = r->order[p];
      for (u64 i = parcel->start[fl_parcels_from(r, task)]; i < parcel->start[fl_parcels_to(r, task)]; i++) {
        group *g = parcel->rows[i];
        group_of(w, t, g->hash, g->key)->count += g->count;
      }
    }
    fl_groups_merged(r, task, t);
  }
  group **all = (group **)fl_groups_rows(&worker, r);
  check(r->groups == distinct, "number of groups", r->groups, distinct);
  for (u64 i = 0; i < r->groups; i++) {
    check(all[i]->count == want[all[i]->key], "count of a group", all[i]->count, want[all[i]->key]);
    want[all[i]->key] = (u64)-1; /* a second one would not match */
  }
}

/* ---- parcels and chains of a join ---- */
typedef struct build {
  struct build *next;
  u64 hash, at; /* number of the row */
} build;

static void chains(u64 morsel, u64 rows, u32 shape) {
  begin(morsel);
  fl_join *j = fl_join_new(&worker);
  fl_rows kept[WORKERS] = {{0}};
  u64 last = rows ? (rows - 1) / morsel : 0;
  for (u64 k = 0; k <= last; k++) {
    u64 m = (k + last / 2) % (last + 1); /* shares of workers: not in order */
    fl_worker *w = &workers[rnd() % WORKERS];
    for (u64 i = m * morsel; i < rows && i < (m + 1) * morsel; i++) {
      build *b = fl_rows_add(w, &kept[w->id], sizeof *b);
      b->hash = shaped(shape, i);
      b->at = i;
    }
    fl_join_end(w, j, &kept[w->id], m);
    check(kept[w->id].count == 0, "rows stay after a morsel", kept[w->id].count, m);
  }
  fl_join_close(&worker, j);
  const fl_parcels *r = j->parcels;
  check(r->rows == rows, "rows of parcels", r->rows, rows);
  check(fl_join_tasks(j) == (rows == 0 ? 0 : rows <= morsel / 4 ? 1 : FL_PARTITIONS), "tasks", fl_join_tasks(j), rows);
  for (u64 p = 0; p < r->nparcels; p++) {
    const fl_parcel *parcel = r->order[p];
    check(parcel->morsel == p, "order of parcels", parcel->morsel, p);
    for (u32 part = 0; part < FL_PARTITIONS; part++)
      for (u32 i = parcel->start[part]; i < parcel->start[part + 1]; i++) {
        const build *b = parcel->rows[i];
        check(b->hash >> 56 == part, "partition of a row", b->hash, part);
        check(i == parcel->start[part] || b->at > ((build *)parcel->rows[i - 1])->at, "order within a partition", b->at, p);
      }
  }
  worker.q->stop = 1;
  for (u64 t = 0; t < fl_join_tasks(j); t++) fl_join_link(&worker, j, t);
  for (u64 h = 0; h < 1ul << (64 - j->shift); h++) check(!j->heads[h], "rows linked after the query's end", h, 0);
  worker.q->stop = 0;
  for (u64 t = fl_join_tasks(j); t-- > 0;) fl_join_link(&workers[t % WORKERS], j, t);
  u64 seen = 0;
  for (u64 h = 0; h < 1ul << (64 - j->shift); h++) {
    u64 before = 0;
    for (build *b = j->heads[h]; b; b = b->next, seen++) {
      check(b->hash >> j->shift == h, "a row in another's chain", b->hash, h);
      check(b->at + 1 > before, "order of a chain", b->at, before);
      before = b->at + 1;
    }
  }
  check(seen == rows, "rows in chains", seen, rows);
}

/* ---- sorting ---- */
typedef struct {
  u64 key, order;
} sorted;

static i32 compare(const void *a, const void *b) {
  const sorted *x = a, *y = b;
  return x->key != y->key ? (x->key > y->key) - (x->key < y->key) : (x->order > y->order) - (x->order < y->order);
}
static int compare_at(const void *a, const void *b) { return compare(*(void *const *)a, *(void *const *)b); }
static i32 all_same(const void *a, const void *b) { return (void)a, (void)b, 0; }

/* Rows on all workers, and all of them in one list, in order. */
static void **rows_to_sort(fl_rows *of, u64 n, u32 shape) {
  void **all = fl_alloc(&worker, (n + 1) * sizeof(void *));
  for (u64 i = 0; i < n; i++) {
    fl_worker *w = &workers[rnd() % WORKERS];
    sorted *s = all[i] = fl_rows_add(w, &of[w->id], sizeof *s);
    *s = (sorted){shaped(shape, i), i};
  }
  qsort(all, n, sizeof(void *), compare_at);
  return all;
}

static void **sort(fl_sort *s) {
  for (u64 c = s->chunks; c-- > 0;) fl_sort_chunk(&workers[c % WORKERS], s, c);
  fl_sort_split(&worker, s);
  for (u64 r = s->ranges; r-- > 0;) fl_sort_range(&workers[r % WORKERS], s, r);
  return fl_sort_rows(s, 0, -1);
}

static void sorts(u64 morsel, u64 n, u32 shape) {
  begin(morsel);
  fl_rows of[WORKERS] = {{0}};
  void **want = rows_to_sort(of, n, shape);
  fl_sort *s = fl_sort_new(&worker, of, WORKERS, (void *)compare);
  check(s->count == n && s->chunks == (n + morsel / 2 - 1) / (morsel / 2), "chunks of a sort", s->chunks, n);
  void **got = sort(s);
  check(s->left == n && (n == 0 || memcmp(got, want, n * sizeof(void *)) == 0), "order of sorted rows", n, shape);
  const i64 bounds[] = {-1, 0, 1, (i64)n / 2, (i64)n, (i64)n + 1};
  for (u32 o = 0; o < 6; o++)
    for (u32 l = 0; l < 6; l++) {
      u64 from = bounds[o] < 0 ? 0 : (u64)bounds[o], to = n;
      if (from > n) from = n;
      if (bounds[l] >= 0 && from + (u64)bounds[l] < n) to = from + (u64)bounds[l];
      void **part = fl_sort_rows(s, bounds[o], bounds[l]);
      check(part == s->out + from && s->left == to - from, "offset and limit", o, l);
    }
}

/* Rows that compare equal stay in the order of the workers' lists. */
static void sort_is_stable(u64 morsel, u64 n) {
  begin(morsel);
  fl_rows of[WORKERS] = {{0}};
  rows_to_sort(of, n, ANY);
  void **got = sort(fl_sort_new(&worker, of, WORKERS, (void *)all_same));
  for (u32 i = 0; i < WORKERS; got += of[i++].count)
    check(of[i].count == 0 || memcmp(got, of[i].rows, of[i].count * sizeof(void *)) == 0, "equal rows changed places", i, n);
}

/* A query that is over leaves a sort at once, with all of its rows still there. */
static void sort_stops(u64 n) {
  begin(128);
  fl_rows of[WORKERS] = {{0}};
  void **want = rows_to_sort(of, n, ANY);
  worker.q->stop = 1;
  fl_sort *s = fl_sort_new(&worker, of, WORKERS, (void *)compare);
  void **got = sort(s);
  check(s->ranges == 0 && s->left == n, "a sort goes on after the query's end", s->ranges, s->left);
  qsort(got, n, sizeof(void *), compare_at);
  check(memcmp(got, want, n * sizeof(void *)) == 0, "a sort that stopped lost rows", n, 0);
}

/* ---- top-k ---- */
static void top(u64 n, u64 keep, u32 shape) {
  begin(64);
  fl_rows r = {0};
  sorted *all = fl_alloc(&worker, n * sizeof *all);
  u64 passed = 0;
  for (u64 i = 0; i < n; i++) {
    all[i] = (sorted){shaped(shape, i), i};
    if (r.last && compare(&all[i], r.last) > 0) {
      passed++;
    } else {
      *(sorted *)fl_rows_add(&worker, &r, sizeof *all) = all[i];
    }
    if ((i + 1) % FL_BLOCK == 0) fl_rows_keep(&worker, &r, keep, (void *)compare);
  }
  u64 most = keep > FL_BLOCK ? 4 * keep : 4 * FL_BLOCK;
  check(r.count <= most + FL_BLOCK, "rows kept", r.count, keep);
  check(shape != RISING || keep == 0 || n < most + FL_BLOCK || passed > 0, "no row was passed over", n, keep);
  qsort(r.rows, r.count, sizeof(void *), compare_at);
  void **want = fl_alloc(&worker, n * sizeof(void *));
  for (u64 i = 0; i < n; i++) want[i] = &all[i];
  qsort(want, n, sizeof(void *), compare_at);
  for (u64 i = 0; i < keep && i < n; i++)
    check(i < r.count && memcmp(r.rows[i], want[i], sizeof *all) == 0, "a row of the top", i, keep);
  for (u64 i = 1; i < r.count; i++) check(r.rows[i] != r.rows[i - 1], "one row twice", i, keep);
}

/* ---- ends ---- */
static void growth_stops(void) {
  begin(64);
  fl_ht *t = fl_ht_new(&worker);
  worker.q->stop = 1;
  const char *error = NULL;
  for (volatile u64 i = 0; i < 1000 && !error; i++) error = CATCH(group_of(&worker, t, i, i));
  if (!error) failed("a table grows after the query's end");
}

int main(void) {
  for (u32 shape = 0; shape < SHAPES; shape++) {
    const u64 sizes[] = {0, 1, 2, 15, 64, 65, 700, 5000};
    for (u32 i = 0; i < 8; i++) {
      u64 n = sizes[i];
      if (n) table_grows(shape, shape == EQUAL || shape == FEW ? n % 1500 : n);
      chains(64, n, shape);
      chains(1 << 20, n, shape);
      sorts(128, n, shape);
      sorts(2, n, shape);
      sorts(FL_MORSEL, n, shape);
    }
    groups_merge(64, 10000, 3, shape);
    groups_merge(64, 10000, 700, shape);
    groups_merge(16, 10000, 4000, shape == EQUAL || shape == FEW ? ANY : shape);
    groups_merge(1 << 20, 10, 3, shape);
    groups_merge(64, 0, 3, shape);
    const u64 keeps[] = {0, 1, 10, FL_BLOCK, 3000, 40000};
    for (u32 i = 0; i < 6; i++) top(20 * FL_BLOCK, keeps[i], shape);
  }
  sort_is_stable(128, 5000);
  sort_stops(5000);
  growth_stops();
  return report("rows");
}
