/* sink.c: the table sink's rows between their morsels and their segments. */
#include "sink_int.h"

#define MOST_TEXT ((u64)1 << 30)     /* bytes of text a segment may have in a column */
#define MOST_BYTES ((u64)1 << 27)    /* … in all, where memory suffices */
#define LEAST_BYTES ((u64)1 << 18)
#define FAR_AHEAD 4                  /* segments that rows may wait for others before them */

/* ---- the places that storage/load knows ---- */
#define SIZE(T, bytes) _Static_assert(sizeof(T) == (bytes), "storage/load knows another size of " #T)
#define AT(T, field, at) _Static_assert(__builtin_offsetof(T, field) == (at), "storage/load has " #T "." #field " elsewhere")
SIZE(fl_layout, 16); AT(fl_layout, encoding, 0); AT(fl_layout, width, 1); AT(fl_layout, nullable, 2);
AT(fl_layout, has_base, 3); AT(fl_layout, count, 4); AT(fl_layout, divisor, 8);
SIZE(fl_sink_spec, 40); AT(fl_sink_spec, magic, 0); AT(fl_sink_spec, size, 4); AT(fl_sink_spec, ncols, 8);
AT(fl_sink_spec, nlayouts, 12); AT(fl_sink_spec, most_layouts, 14); AT(fl_sink_spec, table_off, 16);
AT(fl_sink_spec, table_len, 20); AT(fl_sink_spec, cols_off, 24); AT(fl_sink_spec, layouts_off, 28);
AT(fl_sink_spec, rewrite, 32);
SIZE(fl_sink_column, 16); AT(fl_sink_column, name_off, 0); AT(fl_sink_column, name_len, 4); AT(fl_sink_column, type, 8);
AT(fl_sink_column, not_null, 9); AT(fl_sink_column, dictionary, 10); AT(fl_sink_column, scale, 12);
AT(fl_sink_column, count, 14);
SIZE(fl_image_head, 88); AT(fl_image_head, magic, 0); AT(fl_image_head, version, 4); AT(fl_image_head, kind, 6);
AT(fl_image_head, rows, 8); AT(fl_image_head, order, 16); AT(fl_image_head, suborder, 24); AT(fl_image_head, size, 32);
AT(fl_image_head, ncols, 40); AT(fl_image_head, ordinal, 44); AT(fl_image_head, base, 48); AT(fl_image_head, count, 56);
AT(fl_image_head, offsets, 64); AT(fl_image_head, data, 72); AT(fl_image_head, data_len, 80);
SIZE(fl_image_column, 112); AT(fl_image_column, encoding, 0); AT(fl_image_column, width, 1);
AT(fl_image_column, nullable, 2); AT(fl_image_column, has_base, 3); AT(fl_image_column, has_bounds, 4); AT(fl_image_column, count, 6);
AT(fl_image_column, divisor, 8); AT(fl_image_column, base, 16); AT(fl_image_column, data, 24);
AT(fl_image_column, data_len, 32); AT(fl_image_column, valid, 40); AT(fl_image_column, valid_len, 48);
AT(fl_image_column, offsets, 56); AT(fl_image_column, offsets_len, 64); AT(fl_image_column, nulls, 72);
AT(fl_image_column, min, 80); AT(fl_image_column, max, 88); AT(fl_image_column, distinct, 96);
AT(fl_image_column, sketch_len, 104);
#undef SIZE
#undef AT

static enum storage storage_of(const fl_sink_column *d) {
  switch (d->type) {
  case FL_F32: return AS_F32;
  case FL_F64: return AS_F64;
  case FL_DEC128:
  case FL_INTERVAL: return AS_WIDE;
  case FL_STR: return AS_TEXT;
  case FL_NUM: return AS_NUM;
  case FL_PACKED: return AS_PACKED;
  case FL_VECTOR: return d->count ? AS_FIXED : AS_PACKED;
  default: return AS_INT;
  }
}

/* A worker may have a segment's rows to seal and its image, and rows for as much again that wait for others; the images
 * that are not written yet have a quarter of the memory. */
static u64 segment_bytes(const fl_worker *w, u32 nworkers) {
  u64 bytes = fl_memory_limit(w) / (8 + 4ul * nworkers);
  return bytes > MOST_BYTES ? MOST_BYTES : bytes < LEAST_BYTES ? LEAST_BYTES : bytes;
}

fl_sink *fl_sink_open(fl_worker *w, const void *bytes, const fl_dict *dicts) {
  const fl_sink_spec *spec = bytes;
  if (spec->magic != FL_SINK_MAGIC || spec->ncols == 0 || spec->nlayouts == 0) fl_raise(w, "XX000", 0, "malformed description of a table sink");
  u32 n = spec->ncols, known = spec->nlayouts;
  fl_sink *s = fl_alloc(w, sizeof *s + n * sizeof(column));
  s->spec = spec;
  s->ncols = n;
  s->nworkers = w->q->nworkers;
  s->workers = fl_alloc(w, s->nworkers * sizeof *s->workers);
  s->segment_bytes = segment_bytes(w, s->nworkers);
  s->most_tuples = spec->most_layouts > known ? spec->most_layouts : known;
  s->tuples = fl_alloc(w, s->most_tuples * (u64)n * sizeof *s->tuples);
  const fl_sink_column *desc = (const fl_sink_column *)((const u8 *)bytes + spec->cols_off);
  for (u32 c = 0; c < n; c++) {
    column *col = &s->cols[c];
    col->desc = &desc[c];
    col->as = storage_of(&desc[c]);
    col->has_dict = desc[c].dictionary && desc[c].type == FL_STR;
    if (col->has_dict) fl_dict_open(w, &col->d, dicts ? &dicts[c] : NULL);
  }
  s->ntuples = known;
  __builtin_memcpy(s->tuples, (const u8 *)bytes + spec->layouts_off, known * (u64)n * sizeof *s->tuples);
  return s;
}

/* ---- taking blocks ---- */

void fl_sink_release(fl_worker *w, fl_sink *s, slab *b) {
  if (__atomic_sub_fetch(&b->live, 1, __ATOMIC_ACQ_REL)) return;
  if (b->size != SLAB_MOST) {
    fl_free(w, b, b->size);
    return;
  }
  if (!lock_take(w, &s->lock)) return;
  b->next = s->free_slabs;
  s->free_slabs = b;
  lock_give(&s->lock);
}

static void begin_morsel(sink_worker *me, u64 morsel) {
  if (me->open && me->morsel == morsel) return;
  me->open = 1;
  me->morsel = morsel;
  me->seq = 0;
  me->head = me->tail = NULL;
  me->rows = 0;
}

static u64 column_text(const fl_vec *v, const u64 *mask, u32 n, u64 *longest) {
  u64 sum = 0;
  const fl_str *s = v->data;
  for (u32 i = 0; i < n; i++) {
    if (mask && !bit_of(mask, i)) continue;
    if (v->valid && !bit_of(v->valid, v->constant ? 0 : i)) continue;
    u64 k = s[v->constant ? 0 : i].n;
    sum += k;
    if (k > *longest) *longest = k;
  }
  return sum;
}

/* Whether the block's text is too much for one rblock. */
static int too_long(fl_worker *w, const fl_sink *s, const fl_vec *cols, const u64 *mask, u32 n) {
  int much = 0;
  for (u32 c = 0; c < s->ncols; c++) {
    if (!fl_sink_has_bytes(&cols[c])) continue;
    u64 longest = 0;
    much |= column_text(&cols[c], mask, n, &longest) > s->segment_bytes;
    if (longest > 0x3fffffff) fl_raise(w, "54000", 0, "a value of %d bytes is too long to be stored", (i64)longest);
  }
  return much;
}

static void append(fl_worker *w, fl_sink *s, sink_worker *me, const fl_vec *cols, const u64 *mask, u32 n, u32 count) {
  rblock *r = fl_sink_rblock(w, s, cols, mask, n, count);
  r->morsel = me->morsel;
  r->seq = me->seq++;
  if (me->tail) me->tail->next = r;
  else me->head = r;
  me->tail = r;
  me->rows += count;
}

/* Row by row: for blocks of very long text. */
static void append_singly(fl_worker *w, fl_sink *s, sink_worker *me, const fl_vec *cols, const u64 *mask, u32 n) {
  for (u32 i = 0; i < n; i++) {
    u64 one[FL_BLOCK / 64] = {0};
    if (mask && !bit_of(mask, i)) continue;
    one[i >> 6] = 1ul << (i & 63);
    append(w, s, me, cols, one, n, 1);
  }
}

/* A statement of a few rows should not need much. */
static void scratch(fl_worker *w, sink_worker *me, u32 n) {
  u32 rows = n <= 64 ? 64 : FL_BLOCK;
  me->lanes = fl_alloc(w, rows * 16ul);
  me->codes = fl_alloc(w, rows * sizeof *me->codes);
  me->lanes_rows = rows;
}

void fl_sink_block(fl_worker *w, fl_sink *s, u64 morsel, const fl_vec *cols, const u64 *mask, u32 n) {
  sink_worker *me = &s->workers[w->id];
  u32 count = n;
  begin_morsel(me, morsel);
  if (mask) {
    count = 0;
    for (u32 k = 0; k < (n + 63) / 64; k++) count += (u32)__builtin_popcountl(mask[k]);
  }
  if (count == 0) return;
  if (me->lanes_rows < n) scratch(w, me, n);
  if (__builtin_expect(too_long(w, s, cols, mask, n), 0)) append_singly(w, s, me, cols, mask, n);
  else append(w, s, me, cols, mask, n, count);
}

/* ---- morsels in order ---- */

/* A segment's worth of rblocks off the run's front: whole rblocks, as many as a segment may have. */
static rblock *cut(const fl_sink *s, run *r, u64 *rows) {
  rblock *head = r->head, *last = NULL;
  u64 text = 0, bytes = 0;
  int spelled = 0; /* text may have to be, though there are codes for it */
  for (u32 c = 0; c < s->ncols; c++)
    spelled |= s->cols[c].has_dict && !__atomic_load_n(&s->cols[c].d.on, __ATOMIC_RELAXED);
  *rows = 0;
  for (rblock *b = head; b; b = b->next) {
    text += b->text;
    bytes += b->bytes + (spelled ? b->coded : 0);
    if (last && (*rows + b->rows > FL_SEGMENT_ROWS || text > MOST_TEXT || bytes > s->segment_bytes)) break;
    *rows += b->rows;
    last = b;
  }
  if (!last) return NULL;
  r->head = last->next;
  if (!r->head) r->tail = NULL;
  r->rows -= *rows;
  r->cut = 1;
  last->next = NULL;
  return head;
}

static void join(fl_sink *s, run *a) {
  run *b = a->next;
  if (!b || b->first != a->end || (b->cut && a->rows)) return;
  if (b->cut && !a->rows) a->cut = 1;
  if (a->tail) a->tail->next = b->head;
  else a->head = b->head;
  if (b->tail) a->tail = b->tail;
  a->rows += b->rows;
  a->text += b->text;
  a->bytes += b->bytes;
  a->end = b->end;
  a->next = b->next;
  b->next = s->free_runs;
  s->free_runs = b;
}

static void measure(run *r) {
  r->text = r->bytes = 0;
  for (rblock *b = r->head; b; b = b->next) r->text += b->text, r->bytes += b->bytes;
}

/* Puts the worker's morsel where it belongs among the runs; `fresh` becomes its run. */
static void insert(fl_sink *s, sink_worker *me, run *fresh) {
  run **at = &s->runs, *before = NULL;
  while (*at && (*at)->first < me->morsel) {
    before = *at;
    at = &before->next;
  }
  *fresh = (run){.next = *at, .first = me->morsel, .end = me->morsel + 1, .head = me->head, .tail = me->tail,
                 .rows = me->rows};
  measure(fresh);
  *at = fresh;
  join(s, fresh);
  if (before) join(s, before);
}

/* A segment that is complete, taken off its run. Runs that have others before them which are not there yet wait longer, so
 * that no small segments come about; but not for ever. */
static rblock *complete(fl_sink *s, u64 *rows) {
  for (run *r = s->runs; r; r = r->next) {
    u64 ahead = r->first == 0 ? 1 : FAR_AHEAD;
    if (r->rows < ahead * FL_SEGMENT_ROWS && r->text < MOST_TEXT && r->bytes < (ahead == 1 ? 1 : 2) * s->segment_bytes) continue;
    rblock *head = cut(s, r, rows);
    measure(r);
    return head;
  }
  return NULL;
}

void fl_sink_morsel_end(fl_worker *w, fl_sink *s, u64 morsel) {
  sink_worker *me = &s->workers[w->id];
  begin_morsel(me, morsel);
  me->open = 0;
  run *fresh = NULL;
  if (lock_take(w, &s->lock)) {
    if ((fresh = s->free_runs)) s->free_runs = fresh->next;
    lock_give(&s->lock);
  }
  if (!fresh) fresh = fl_alloc(w, sizeof *fresh);
  if (!lock_take(w, &s->lock)) return;
  s->rows += me->rows;
  insert(s, me, fresh);
  for (;;) {
    u64 rows;
    rblock *head = complete(s, &rows);
    lock_give(&s->lock);
    if (!head || w->q->stop) return;
    fl_sink_seal(w, s, head, rows);
    if (!lock_take(w, &s->lock)) return;
  }
}

u64 fl_sink_finish(fl_worker *w, fl_sink *s) {
  for (run *r = s->runs; r; r = r->next)
    while (r->head && !w->q->stop) {
      u64 rows;
      rblock *head = cut(s, r, &rows);
      fl_sink_seal(w, s, head, rows);
    }
  for (u32 c = 0; c < s->ncols && !w->q->stop; c++)
    if (s->cols[c].has_dict) fl_dict_emit(w, &s->cols[c].d, c);
  return s->rows;
}
