/* rows.c: rows of the program's structs, kept between pipelines: groups, sorted rows, build sides. */
#include <string.h>

#include "support.h"

#define CHUNK (256 * 1024)
#define FIRST 64 /* rows and slots to begin with: most results are small */

/* Rows come from chunks that double in size up to CHUNK; they never move. */
static void *new_row(fl_worker *w, u8 **chunk, u64 *left, u64 size, u64 rows) {
  size = (size + 15) & ~15ul;
  if (*left < size) {
    u64 bytes = size * (rows < FIRST ? FIRST : rows);
    if (bytes > CHUNK) bytes = CHUNK > size ? CHUNK : size;
    *chunk = fl_alloc(w, bytes);
    *left = bytes;
  }
  void *row = *chunk;
  *chunk += size;
  *left -= size;
  return row;
}

static void push(fl_worker *w, void ***list, u64 *room, u64 count, void *row) {
  if (count == *room) {
    u64 more = *room ? *room * 2 : FIRST;
    void **grown = fl_alloc(w, more * sizeof(void *));
    if (count) memcpy(grown, *list, count * sizeof(void *));
    if (*room) fl_free(w, *list, *room * sizeof(void *));
    *list = grown;
    *room = more;
  }
  (*list)[count] = row;
}

fl_ht *fl_ht_new(fl_worker *w) {
  fl_ht *t = fl_alloc(w, sizeof *t);
  t->mask = FIRST * 2 - 1;
  t->slots = fl_alloc(w, (t->mask + 1) * sizeof(void *));
  return t;
}

static void grow(fl_worker *w, fl_ht *t) {
  u64 mask = t->mask * 2 + 1;
  void **slots = fl_alloc(w, (mask + 1) * sizeof(void *));
  for (u64 i = 0; i < t->count; i++) {
    u64 pos = *(u64 *)t->rows[i] & mask;
    while (slots[pos]) pos = (pos + 1) & mask;
    slots[pos] = t->rows[i];
  }
  fl_free(w, t->slots, (t->mask + 1) * sizeof(void *));
  t->slots = slots;
  t->mask = mask;
}

void *fl_ht_add(fl_worker *w, fl_ht *t, u64 pos, u64 hash, u64 size) {
  void *row = new_row(w, &t->chunk, &t->chunk_left, size, t->count);
  *(u64 *)row = hash;
  t->slots[pos] = row;
  push(w, &t->rows, &t->room, t->count, row);
  if (++t->count * 2 > t->mask) grow(w, t);
  return row;
}

void *fl_rows_add(fl_worker *w, fl_rows *r, u64 size) {
  void *row = new_row(w, &r->chunk, &r->chunk_left, size, r->count);
  push(w, &r->rows, &r->room, r->count, row);
  r->count++;
  return row;
}

/* Morsel in the upper half, place within it in the lower. */
u64 fl_row_order(u64 morsel, fl_rows *r) {
  if (r->morsel != morsel + 1) {
    r->morsel = morsel + 1;
    r->in_morsel = 0;
  }
  return (morsel << 32) + r->in_morsel++;
}

/* ---- sorting: stable merge sort, insertion sort below 16 rows ---- */

static void insertion(void **a, u64 n, fl_compare cmp) {
  for (u64 i = 1; i < n; i++) {
    void *x = a[i];
    u64 j = i;
    for (; j && cmp(x, a[j - 1]) < 0; j--) a[j] = a[j - 1];
    a[j] = x;
  }
}

static void merge_sort(fl_worker *w, void **a, void **tmp, u64 n, fl_compare cmp) {
  if (n <= 16) {
    insertion(a, n, cmp);
    return;
  }
  if (w->q->stop) return;
  u64 half = n / 2;
  merge_sort(w, a, tmp, half, cmp);
  merge_sort(w, a + half, tmp, n - half, cmp);
  if (cmp(a[half - 1], a[half]) <= 0) return;
  memcpy(tmp, a, half * sizeof(void *));
  u64 i = 0, j = half, k = 0;
  while (i < half && j < n) a[k++] = cmp(a[j], tmp[i]) < 0 ? a[j++] : tmp[i++];
  while (i < half) a[k++] = tmp[i++];
}

static void sort(fl_worker *w, fl_rows *r, fl_compare cmp) {
  if (r->count < 2) return;
  u64 bytes = (r->count / 2 + 1) * sizeof(void *);
  void **tmp = fl_alloc(w, bytes);
  merge_sort(w, r->rows, tmp, r->count, cmp);
  fl_free(w, tmp, bytes);
}

/* Splits the first keep rows in order off the front, by quickselect. */
static void select_first(void **a, u64 n, u64 keep, fl_compare cmp) {
  while (n > 16) {
    void *x = a[0], *y = a[n / 2], *z = a[n - 1], *pivot;
    if (cmp(x, y) > 0) { void *t = x; x = y; y = t; }
    pivot = cmp(z, x) < 0 ? x : cmp(z, y) < 0 ? z : y;
    u64 i = 0, j = n - 1;
    for (;;) {
      while (cmp(a[i], pivot) < 0) i++;
      while (cmp(pivot, a[j]) < 0) j--;
      if (i >= j) break;
      void *t = a[i];
      a[i++] = a[j];
      a[j--] = t;
    }
    u64 left = j + 1;
    if (keep < left) {
      n = left;
    } else {
      a += left;
      n -= left;
      keep -= left;
    }
  }
  insertion(a, n, cmp);
}

void fl_rows_keep(fl_worker *w, fl_rows *r, u64 keep, void *compare) {
  (void)w;
  if ((i64)keep < 0 || r->count < 4 * FL_BLOCK || r->count / 4 < keep) return;
  select_first(r->rows, r->count, keep, (fl_compare)compare);
  r->count = keep;
}

static void append(fl_worker *w, fl_rows *to, const fl_rows *from) {
  for (u64 i = 0; i < from->count; i++) {
    push(w, &to->rows, &to->room, to->count, from->rows[i]);
    to->count++;
  }
}

void fl_rows_sort(fl_worker *w, fl_rows *all, u64 workers, void *compare, i64 offset, i64 limit) {
  for (u64 i = 1; i < workers; i++) append(w, all, &all[i]);
  sort(w, all, (fl_compare)compare);
  u64 skip = offset < 0 ? 0 : (u64)offset;
  if (skip > all->count) skip = all->count;
  all->rows += skip;
  all->count -= skip;
  all->room = 0;
  if (limit >= 0 && (u64)limit < all->count) all->count = (u64)limit;
}

typedef struct build_row {
  struct build_row *next;
  u64 hash;
} build_row;

fl_join *fl_join_build(fl_worker *w, fl_rows *all, u64 workers) {
  fl_join *j = fl_alloc(w, sizeof *j);
  u64 rows = 0;
  for (u64 i = 0; i < workers; i++) rows += all[i].count;
  j->mask = 1;
  while (j->mask < rows) j->mask = j->mask * 2 + 1;
  j->heads = fl_alloc(w, (j->mask + 1) * sizeof(void *));
  /* Backwards, so that a chain lists its rows in the order they came in. */
  for (u64 i = workers; i-- > 0;)
    for (u64 k = all[i].count; k-- > 0;) {
      build_row *r = all[i].rows[k];
      r->next = j->heads[r->hash & j->mask];
      j->heads[r->hash & j->mask] = r;
    }
  return j;
}
