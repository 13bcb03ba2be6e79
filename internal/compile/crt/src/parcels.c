/* parcels.c: rows of morsels by partition, and what is built of them: merged groups, chains of a join. */
#include "parcels.h"

#include <stdlib.h>
#include <string.h>

#define CACHED_SLOTS (16 * 1024) /* a table with so many is in the cache anyway */

static inline u64 hash_of(const void *row, u64 at) { return *(const u64 *)((const u8 *)row + at); }
static inline u32 partition(u64 hash) { return (u32)(hash >> 56); }

fl_parcels *fl_parcels_new(fl_worker *w) {
  fl_parcels *r = fl_alloc(w, sizeof *r);
  r->of_worker = fl_alloc(w, w->q->nworkers * sizeof(fl_parcel *));
  return r;
}

void fl_parcels_add(fl_worker *w, fl_parcels *r, u64 morsel, void **rows, u64 n, u64 hash_at) {
  if (n == 0) return;
  fl_parcel *parcel = fl_alloc(w, sizeof *parcel);
  parcel->morsel = morsel;
  parcel->worker = w->id;
  parcel->rows = fl_alloc(w, n * sizeof(void *));
  u32 *start = parcel->start, next[FL_PARTITIONS];
  for (u64 i = 0; i < n; i++) start[partition(hash_of(rows[i], hash_at)) + 1]++;
  for (u32 p = 0; p < FL_PARTITIONS; p++) {
    next[p] = start[p];
    start[p + 1] += start[p];
  }
  for (u64 i = 0; i < n; i++) parcel->rows[next[partition(hash_of(rows[i], hash_at))]++] = rows[i];
  parcel->next = r->of_worker[w->id];
  r->of_worker[w->id] = parcel;
}

/* By morsel; what came when there were no more morsels, by worker. */
static int by_morsel(const void *a_, const void *b_) {
  const fl_parcel *a = *(fl_parcel *const *)a_, *b = *(fl_parcel *const *)b_;
  if (a->morsel != b->morsel) return a->morsel < b->morsel ? -1 : 1;
  return a->worker < b->worker ? -1 : 1;
}

void fl_parcels_close(fl_worker *w, fl_parcels *r) {
  u64 workers = w->q->nworkers;
  for (u64 i = 0; i < workers; i++)
    for (fl_parcel *parcel = r->of_worker[i]; parcel; parcel = parcel->next) {
      r->nparcels++;
      r->rows += parcel->start[FL_PARTITIONS];
    }
  fl_parcel **at = r->order = fl_alloc(w, (r->nparcels + 1) * sizeof(fl_parcel *));
  for (u64 i = 0; i < workers; i++)
    for (fl_parcel *parcel = r->of_worker[i]; parcel; parcel = parcel->next) *at++ = parcel;
  qsort(r->order, r->nparcels, sizeof *r->order, by_morsel);
  r->tasks = r->rows <= w->q->morsel / 4 ? 1 : FL_PARTITIONS; /* one task takes a few */
  r->parts = fl_alloc(w, r->tasks * sizeof *r->parts);
}

u64 fl_parcels_from(const fl_parcels *r, u64 task) { return r->tasks == 1 ? 0 : task; }
u64 fl_parcels_to(const fl_parcels *r, u64 task) { return r->tasks == 1 ? FL_PARTITIONS : task + 1; }

u32 *fl_parcel_start(fl_parcel *parcel) { return parcel->start; }

/* ---- groups ---- */

#define EACH(i, m, n)                       \
  for (u32 w_ = 0; w_ < (n); w_ += 64)      \
    for (u64 m_ = (m)[w_ >> 6], i; m_ && (i = w_ + (u32)__builtin_ctzl(m_), 1); m_ &= m_ - 1)

void fl_groups_ahead(const fl_ht *t, u64 row_size, const u64 *hash, const u64 *m, u32 n) {
  if (t->mask < CACHED_SLOTS) return;
  EACH(i, m, n) __builtin_prefetch(&t->slots[hash[i] & t->mask]);
  EACH(i, m, n) {
    const u8 *row = t->slots[hash[i] & t->mask];
    __builtin_prefetch(row);
    if (row_size > 64) __builtin_prefetch(row + 64);
  }
}

static void flush(fl_worker *w, fl_parcels *r, fl_ht *t, u64 morsel) {
  fl_parcels_add(w, r, morsel, t->rows, t->count, 0);
  if (t->count) memset(t->slots, 0, (t->mask + 1) * sizeof(void *));
  t->count = 0;
}

void fl_groups_end(fl_worker *w, fl_parcels *r, fl_ht *t, u64 morsel) {
  if (t->count >= 4 * w->q->morsel) flush(w, r, t, morsel); /* so many are better merged from pieces */
}

void fl_groups_close(fl_worker *w, fl_parcels *r, fl_ht **tables) {
  u32 me = w->id;
  for (u32 i = 0; i < w->q->nworkers; i++) {
    w->id = i; /* the parcel belongs to the worker whose table it was */
    flush(w, r, tables[i], (u64)-1);
  }
  w->id = me;
  fl_parcels_close(w, r);
  if (r->nparcels <= 1) r->tasks = 0;
}

void fl_groups_merged(fl_parcels *r, u64 task, const fl_ht *t) {
  r->parts[task].rows = t->rows;
  r->parts[task].count = t->count;
}

void **fl_groups_rows(fl_worker *w, fl_parcels *r) {
  if (r->tasks == 0) {
    r->groups = r->rows;
    return r->nparcels ? r->order[0]->rows : NULL;
  }
  u64 n = 0;
  for (u64 s = 0; s < r->tasks; s++) n += r->parts[s].count;
  r->groups = n;
  if (r->tasks == 1) return r->parts[0].rows;
  void **all = fl_alloc(w, (n + 1) * sizeof(void *)), **at = all;
  for (u64 s = 0; s < r->tasks; s++) {
    if (r->parts[s].count) memcpy(at, r->parts[s].rows, r->parts[s].count * sizeof(void *));
    at += r->parts[s].count;
  }
  return all;
}

/* ---- join ---- */

typedef struct build_row {
  struct build_row *next;
  u64 hash;
} build_row;

fl_join *fl_join_new(fl_worker *w) {
  fl_join *j = fl_alloc(w, sizeof *j);
  j->parcels = fl_parcels_new(w);
  return j;
}

void fl_join_end(fl_worker *w, fl_join *j, fl_rows *kept, u64 morsel) {
  fl_parcels_add(w, j->parcels, morsel, kept->rows, kept->count, sizeof(void *));
  kept->count = 0;
}

void fl_join_close(fl_worker *w, fl_join *j) {
  fl_parcels_close(w, j->parcels);
  u64 bits = 8; /* a chain belongs to one partition */
  while (bits < 48 && (1ul << bits) < j->parcels->rows) bits++;
  j->shift = 64 - bits;
  j->heads = fl_alloc(w, (1ul << bits) * sizeof(void *));
}

void fl_join_ahead(const fl_join *j, const u64 *hash, const u16 *rows, u32 count) {
  if (j->parcels->rows < CACHED_SLOTS) return;
  for (u32 k = 0; k < count; k++) __builtin_prefetch(&j->heads[hash[rows[k]] >> j->shift]);
  for (u32 k = 0; k < count; k++) __builtin_prefetch(j->heads[hash[rows[k]] >> j->shift]);
}

u64 fl_join_tasks(const fl_join *j) { return j->parcels->rows ? j->parcels->tasks : 0; }

/* Backwards, so that a chain lists its rows in the order they came in. */
void fl_join_link(fl_worker *w, fl_join *j, u64 task) {
  const fl_parcels *r = j->parcels;
  for (u64 k = r->nparcels; k-- > 0;) {
    if (w->q->stop) return;
    const fl_parcel *parcel = r->order[k];
    u64 from = parcel->start[fl_parcels_from(r, task)];
    for (u64 i = parcel->start[fl_parcels_to(r, task)]; i-- > from;) {
      build_row *row = parcel->rows[i], **head = (build_row **)j->heads + (row->hash >> j->shift);
      row->next = *head;
      *head = row;
    }
  }
}
