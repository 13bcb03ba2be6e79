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
    if (i % FL_OFTEN == 0) fl_obey(w);
    u64 pos = *(u64 *)t->rows[i] & mask;
    while (slots[pos]) pos = (pos + 1) & mask;
    slots[pos] = t->rows[i];
  }
  fl_free(w, t->slots, (t->mask + 1) * sizeof(void *));
  t->slots = slots;
  t->mask = mask;
}

void fl_ht_put(fl_worker *w, fl_ht *t, u64 pos, void *row) {
  t->slots[pos] = row;
  push(w, &t->rows, &t->room, t->count, row);
  if (++t->count * 2 > t->mask) grow(w, t);
}

void *fl_ht_add(fl_worker *w, fl_ht *t, u64 pos, u64 hash, u64 size) {
  void *row = new_row(w, &t->chunk, &t->chunk_left, size, t->count);
  *(u64 *)row = hash;
  fl_ht_put(w, t, pos, row);
  return row;
}

void *fl_rows_add(fl_worker *w, fl_rows *r, u64 size) {
  if (r->count < r->spare) return r->rows[r->count++];
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

void fl_rows_enough(fl_worker *w, const fl_rows *mine, u64 *kept, u64 enough) {
  u64 n = mine->morsel == w->morsel + 1 ? mine->in_morsel : 0;
  if (__atomic_add_fetch(kept, n, __ATOMIC_RELAXED) >= enough) fl_no_more(w);
}
