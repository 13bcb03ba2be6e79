/* sort.c: sorting by many workers, and top-k. Rows are cut into chunks, each sorted by a stable merge sort; samples of the sorted chunks
 * cut the result into ranges of about a chunk's size, each merged from the parts of all chunks that belong to it. The
 * comparison is a total order (equal keys: the order rows came in), so the result does not depend on how rows fell to workers. */
#include <string.h>

#include "parcels.h"

#define SAMPLES 64 /* of a chunk */
#define MOST_RANGES 1024

static void insertion(void **a, u64 n, fl_compare cmp) {
  for (u64 i = 1; i < n; i++) {
    void *x = a[i];
    u64 j = i;
    for (; j && cmp(x, a[j - 1]) < 0; j--) a[j] = a[j - 1];
    a[j] = x;
  }
}

/* Merges a[0 … half) and a[half … n); tmp has room for half. */
static void merge(void **a, u64 half, u64 n, void **tmp, fl_compare cmp) {
  if (half == 0 || half == n || cmp(a[half - 1], a[half]) <= 0) return;
  memcpy(tmp, a, half * sizeof(void *));
  u64 i = 0, j = half, k = 0;
  while (i < half && j < n) a[k++] = cmp(a[j], tmp[i]) < 0 ? a[j++] : tmp[i++];
  while (i < half) a[k++] = tmp[i++];
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
  merge(a, half, n, tmp, cmp);
}

static u64 rows_before(const fl_sort *s, u64 chunk) {
  u64 at = chunk * s->of_chunk;
  return at < s->count ? at : s->count;
}

fl_sort *fl_sort_new(fl_worker *w, fl_rows *of_workers, u64 workers, void *compare) {
  fl_sort *s = fl_alloc(w, sizeof *s);
  s->compare = (fl_compare)compare;
  for (u64 i = 0; i < workers; i++) s->count += of_workers[i].count;
  s->rows = fl_alloc(w, (s->count + 1) * sizeof(void *));
  void **at = s->rows;
  for (u64 i = 0; i < workers; i++) {
    if (of_workers[i].count) memcpy(at, of_workers[i].rows, of_workers[i].count * sizeof(void *));
    at += of_workers[i].count;
  }
  s->of_chunk = w->q->morsel / 2;
  s->chunks = (s->count + s->of_chunk - 1) / s->of_chunk;
  return s;
}

void fl_sort_chunk(fl_worker *w, fl_sort *s, u64 chunk) {
  u64 from = rows_before(s, chunk), n = rows_before(s, chunk + 1) - from, bytes = (n / 2 + 1) * sizeof(void *);
  void **tmp = fl_alloc(w, bytes);
  merge_sort(w, s->rows + from, tmp, n, s->compare);
  fl_free(w, tmp, bytes);
}

/* How many of the rows come before x. */
static u64 place(void **rows, u64 n, const void *x, fl_compare cmp) {
  u64 from = 0, to = n;
  while (from < to) {
    u64 mid = from + (to - from) / 2;
    if (cmp(rows[mid], x) < 0) from = mid + 1;
    else to = mid;
  }
  return from;
}

void fl_sort_split(fl_worker *w, fl_sort *s) {
  s->out = s->rows;
  if (s->chunks < 2 || w->q->stop) return;
  s->ranges = s->chunks < MOST_RANGES ? s->chunks : MOST_RANGES;
  u64 most = s->chunks * SAMPLES, n = 0;
  void **samples = fl_alloc(w, most * sizeof(void *)), **tmp = fl_alloc(w, (most / 2 + 1) * sizeof(void *));
  for (u64 c = 0; c < s->chunks; c++) {
    u64 from = rows_before(s, c), rows = rows_before(s, c + 1) - from;
    for (u64 k = 0; k < SAMPLES && rows; k++) samples[n++] = s->rows[from + rows * k / SAMPLES];
  }
  merge_sort(w, samples, tmp, n, s->compare);
  s->bounds = fl_alloc(w, (s->ranges + 1) * s->chunks * sizeof(u64));
  for (u64 r = 0; r <= s->ranges; r++)
    for (u64 c = 0; c < s->chunks; c++) {
      u64 from = rows_before(s, c), rows = rows_before(s, c + 1) - from;
      u64 at = r == 0 ? 0 : r == s->ranges ? rows : place(s->rows + from, rows, samples[n * r / s->ranges], s->compare);
      s->bounds[r * s->chunks + c] = from + at;
    }
  s->out = fl_alloc(w, s->count * sizeof(void *));
}

/* Merges neighbours until one part is left: ends[] are the parts' ends. */
static void merge_parts(fl_worker *w, void **a, u64 *ends, u64 parts, void **tmp, fl_compare cmp) {
  for (; parts > 1; parts = (parts + 1) / 2) {
    if (w->q->stop) return;
    for (u64 p = 0; p < parts; p += 2) {
      u64 from = p ? ends[p - 1] : 0;
      if (p + 1 < parts) merge(a + from, ends[p] - from, ends[p + 1] - from, tmp, cmp);
    }
    for (u64 p = 0; p < parts; p += 2) ends[p / 2] = ends[p + 1 < parts ? p + 1 : p];
  }
}

void fl_sort_range(fl_worker *w, fl_sort *s, u64 range) {
  u64 *from = s->bounds + range * s->chunks, *to = from + s->chunks, at = 0, n = 0;
  for (u64 c = 0; c < s->chunks; c++) {
    at += from[c] - rows_before(s, c);
    n += to[c] - from[c];
  }
  void **out = s->out + at;
  u64 *ends = fl_alloc(w, s->chunks * sizeof(u64));
  n = 0;
  for (u64 c = 0; c < s->chunks; c++) {
    memcpy(out + n, s->rows + from[c], (to[c] - from[c]) * sizeof(void *));
    ends[c] = n += to[c] - from[c];
  }
  void **tmp = fl_alloc(w, (n + 1) * sizeof(void *));
  merge_parts(w, out, ends, s->chunks, tmp, s->compare);
  fl_free(w, tmp, (n + 1) * sizeof(void *));
  fl_free(w, ends, s->chunks * sizeof(u64));
}

void **fl_sort_rows(fl_sort *s, i64 offset, i64 limit) {
  u64 skip = offset < 0 ? 0 : (u64)offset, n;
  if (skip > s->count) skip = s->count;
  n = s->count - skip;
  if (limit >= 0 && (u64)limit < n) n = (u64)limit;
  s->left = n;
  return s->out + skip;
}

/* ---- top-k ---- */

/* Splits the first keep rows in order off the front, by quickselect. */
static void select_first(fl_worker *w, void **a, u64 n, u64 keep, fl_compare cmp) {
  while (n > 16) {
    void *x = a[0], *y = a[n / 2], *z = a[n - 1], *pivot;
    if (cmp(x, y) > 0) { void *t = x; x = y; y = t; }
    pivot = cmp(z, x) < 0 ? x : cmp(z, y) < 0 ? z : y;
    u64 i = 0, j = n - 1;
    for (u64 swaps = 0;; swaps++) {
      if (swaps % FL_OFTEN == 0) fl_obey(w);
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
  if ((i64)keep < 0 || r->count < 4 * FL_BLOCK || r->count / 4 < keep) return;
  fl_compare cmp = (fl_compare)compare;
  select_first(w, r->rows, r->count, keep, cmp);
  if (r->spare < r->count) r->spare = r->count;
  r->count = keep;
  r->last = keep ? r->rows[0] : NULL;
  for (u64 i = 1; i < keep; i++)
    if (cmp(r->rows[i], r->last) > 0) r->last = r->rows[i];
}
