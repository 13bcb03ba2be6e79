/* parcels.h: what a pipeline leaves for the next one, cut so that many workers can take it up: rows of one morsel, by partition of
 * their hash (fl_parcels), and the sorting of rows by many workers (fl_sort). Compiles under tcc. */
#ifndef FL_PARCELS_H
#define FL_PARCELS_H
#include "support.h"

#define FL_PARTITIONS 256

/* The rows that one worker kept of one morsel (or of several, where their order does not matter), by partition; within one, in
 * the order they came. */
typedef struct fl_parcel {
  struct fl_parcel *next;
  u64 morsel;
  void **rows;
  u32 worker;
  u32 start[FL_PARTITIONS + 1];
} fl_parcel;

typedef struct {
  fl_parcel **of_worker;
  fl_parcel **order;          /* after fl_parcels_close: by morsel */
  u64 nparcels, rows, tasks; /* rows of all parcels; tasks: morsels of the pipeline that goes over the partitions */
  struct fl_part { void **rows; u64 count; } *parts; /* what each task left */
  u64 groups;              /* after fl_groups_rows: their number */
} fl_parcels;

fl_parcels *fl_parcels_new(fl_worker *w);
void fl_parcels_add(fl_worker *w, fl_parcels *r, u64 morsel, void **rows, u64 n, u64 hash_at);
/* Closes the list: nothing is added any more. */
void fl_parcels_close(fl_worker *w, fl_parcels *r);
/* The partitions of a task, and where a parcel's partitions begin. */
u64 fl_parcels_from(const fl_parcels *r, u64 task);
u64 fl_parcels_to(const fl_parcels *r, u64 task);
u32 *fl_parcel_start(fl_parcel *parcel);

/* Asks for the rows that are come to in a while: row k's turn is now. */
static inline void fl_parcel_ahead(void **rows, u64 k, u64 end) {
#ifdef __GNUC__
  if (k + 16 < end) __builtin_prefetch(rows[k + 16]);
#endif
}

/* ---- groups: tables whose rows become parcels ---- */
/* Asks for what looking up the hashes of a mask's rows will read, where that may not be in the cache. */
void fl_groups_ahead(const fl_ht *t, u64 row_size, const u64 *hash, const u64 *m, u32 n);
/* Ends a worker's morsel: the table's rows become a parcel when there are many. */
void fl_groups_end(fl_worker *w, fl_parcels *r, fl_ht *t, u64 morsel);
/* Ends the pipeline: what tables still hold becomes parcels. */
void fl_groups_close(fl_worker *w, fl_parcels *r, fl_ht **tables);
/* What a task of merging leaves. */
void fl_groups_merged(fl_parcels *r, u64 task, const fl_ht *t);
/* All groups: where there was but one parcel, that one; else what the tasks left. */
void **fl_groups_rows(fl_worker *w, fl_parcels *r);

/* ---- join: chains of build rows, which begin with { void *next; u64 hash; } ---- */
typedef struct {
  u64 shift;    /* a chain's number: hash >> shift */
  void **heads;
  fl_parcels *parcels;
} fl_join;
fl_join *fl_join_new(fl_worker *w);
void fl_join_end(fl_worker *w, fl_join *j, fl_rows *kept, u64 morsel);
void fl_join_close(fl_worker *w, fl_join *j);
u64 fl_join_tasks(const fl_join *j);
/* Asks for what probing with the hashes of count rows will read, where that may not be in the cache. */
void fl_join_ahead(const fl_join *j, const u64 *hash, const u16 *rows, u32 count);
/* Links a task's rows; a chain lists its rows in the order they came in. */
void fl_join_link(fl_worker *w, fl_join *j, u64 task);

/* ---- sorting: chunks are sorted, then ranges of the result merged ---- */
typedef struct {
  void **rows, **out;
  u64 count, of_chunk, chunks, ranges;
  u64 left;                 /* after fl_sort_rows: their number */
  u64 *bounds;              /* (ranges + 1) × chunks: where each range begins in each chunk */
  fl_compare compare;
} fl_sort;
/* Takes the workers' lists. */
fl_sort *fl_sort_new(fl_worker *w, fl_rows *of_workers, u64 workers, void *compare);
void fl_sort_chunk(fl_worker *w, fl_sort *s, u64 chunk);
void fl_sort_split(fl_worker *w, fl_sort *s);   /* after the last chunk: cuts the result into ranges */
void fl_sort_range(fl_worker *w, fl_sort *s, u64 range);
/* The sorted rows: at most limit (all if negative) after offset. */
void **fl_sort_rows(fl_sort *s, i64 offset, i64 limit);
#endif
