/* sink_piece.c: the rows of a block, encoded for keeping.
 *
 * Wide lanes would make a segment in the making several times as big as the segment; so each block is narrowed at once to
 * what its own range needs, which costs little while the lanes are in the cache.
 */
#include "sink_int.h"
#include "rowctx.h"

typedef struct {
  fl_worker *w;
  fl_sink *s;
  sink_worker *me;
  const u16 *rows;         /* of the block, those that are selected; NULL: all */
  u32 n;                   /* how many */
  u8 *to;                  /* free memory of the rblock's */
} encoder;

/* ---- lanes of the selected rows ---- */

/* Lanes of `size` bytes, gathered or repeated to scratch memory where they do not lie as they are. */
static const void *lanes(const encoder *e, const fl_vec *v, u64 size) {
  if (!v->constant && !e->rows) return v->data;
  u8 *out = e->me->lanes;
  const u8 *in = v->data;
  for (u32 i = 0; i < e->n; i++) __builtin_memcpy(out + i * size, in + (v->constant ? 0 : e->rows[i] * size), size);
  return out;
}

/* The mask of values, its bits above n zero, in the rblock's memory; NULL when no value is missing. */
static u64 *validity(encoder *e, const fl_vec *v, u32 *nulls) {
  *nulls = 0;
  if (!v->valid) return NULL;
  u64 *out = (u64 *)e->to;
  u32 words = (e->n + 63) / 64, ones = 0;
  for (u32 k = 0; k < words; k++) {
    u64 m = 0;
    if (v->constant) {
      m = bit_of(v->valid, 0) ? ~0ul : 0;
    } else if (e->rows) {
      for (u32 i = k * 64; i < e->n && i < k * 64 + 64; i++) m |= (u64)bit_of(v->valid, e->rows[i]) << (i & 63);
    } else {
      m = v->valid[k];
    }
    if (k == words - 1 && e->n % 64) m &= (1ul << e->n % 64) - 1;
    out[k] = m;
    ones += (u32)__builtin_popcountl(m);
  }
  *nulls = e->n - ones;
  if (!*nulls) return NULL;
  e->to += words * 8;
  return out;
}

static void not_null(const encoder *e, const fl_sink_column *c, const u64 *valid) {
  const u8 *spec = (const u8 *)e->s->spec;
  fl_str name = {spec + c->name_off, c->name_len}, table = {spec + e->s->spec->table_off, e->s->spec->table_len};
  u32 i = 0;
  while (i < e->n && bit_of(valid, i)) i++;
  fl_raise_context_row(e->w, e->rows ? e->rows[i] : i, NULL);
  fl_raise(e->w, "23502", 0, "null value in column \"%s\" of relation \"%s\" violates not-null constraint", &name, &table);
}

/* ---- integers ---- */

static u8 width_of(u64 range) { return range <= 0xff ? 1 : range <= 0xffff ? 2 : range <= 0xffffffff ? 4 : 8; }

/* Stores v[i] - base in p's width. */
#define NARROW(NAME, T)                                                              \
  static void NAME(piece *p, const T *restrict v, u32 n) {                           \
    u64 base = (u64)p->base;                                                         \
    switch (p->width) {                                                              \
    case 1: for (u32 i = 0; i < n; i++) ((u8 *)p->data)[i] = (u8)((u64)(i64)v[i] - base); break;   \
    case 2: for (u32 i = 0; i < n; i++) ((u16 *)p->data)[i] = (u16)((u64)(i64)v[i] - base); break; \
    case 4: for (u32 i = 0; i < n; i++) ((u32 *)p->data)[i] = (u32)((u64)(i64)v[i] - base); break; \
    default: for (u32 i = 0; i < n; i++) ((i64 *)p->data)[i] = (i64)v[i];            \
    }                                                                                \
  }
NARROW(narrow_i32, i32)
NARROW(narrow_i64, i64)

static void take_width(encoder *e, piece *p) {
  p->width = width_of((u64)p->max - (u64)p->min);
  p->base = p->width == 8 ? 0 : p->min;
  p->data = e->to;
  e->to += round_up(e->n * (u64)p->width, 16);
}

#define INTEGERS(NAME, T, MOST, LEAST, NARROW_IT)                                    \
  static void NAME(encoder *e, piece *p, const T *v) {                               \
    T min = MOST, max = LEAST;                                                       \
    u32 n = e->n;                                                                    \
    if (!p->valid) {                                                                 \
      for (u32 i = 0; i < n; i++) min = v[i] < min ? v[i] : min;                     \
      for (u32 i = 0; i < n; i++) max = v[i] > max ? v[i] : max;                     \
    } else {                                                                         \
      T *copy = (T *)e->me->lanes;                                                   \
      for (u32 i = 0; i < n; i++)                                                    \
        if (bit_of(p->valid, i)) min = v[i] < min ? v[i] : min, max = v[i] > max ? v[i] : max; \
      if (min > max) min = max = 0;                                                  \
      for (u32 i = 0; i < n; i++) copy[i] = bit_of(p->valid, i) ? v[i] : min;        \
      v = copy;                                                                      \
    }                                                                                \
    p->min = min;                                                                    \
    p->max = max;                                                                    \
    take_width(e, p);                                                                \
    NARROW_IT(p, v, n);                                                              \
  }
INTEGERS(integers_i32, i32, 0x7fffffff, -0x7fffffff - 1, narrow_i32)
INTEGERS(integers_i64, i64, 0x7fffffffffffffff, -0x7fffffffffffffff - 1, narrow_i64)

static void bools(encoder *e, piece *p, const fl_vec *v) {
  const u64 *in = v->data;
  i32 *x = (i32 *)e->me->lanes;
  for (u32 i = 0; i < e->n; i++) x[i] = bit_of(in, v->constant ? 0 : e->rows ? e->rows[i] : i);
  integers_i32(e, p, x);
}

/* numeric of at most 18 digits that comes as 128 bits */
static void narrow_wide(encoder *e, piece *p, const fl_i128 *v) {
  i64 *x = (i64 *)e->me->lanes;
  for (u32 i = 0; i < e->n; i++) {
    fl_i128 d = v[i];
    if (d.hi != (i64)d.lo >> 63 && (!p->valid || bit_of(p->valid, i))) {
      fl_raise_context_row(e->w, e->rows ? e->rows[i] : i, NULL);
      fl_raise(e->w, "22003", 0, "numeric field overflow");
    }
    x[i] = (i64)d.lo;
  }
  integers_i64(e, p, x);
}

/* ---- 16 bytes, floats ---- */

static void raw(encoder *e, piece *p, const void *v, u64 size) {
  p->form = F_RAW;
  p->width = (u8)size;
  p->data = e->to;
  e->to += round_up(e->n * size, 16);
  if (!p->valid) {
    __builtin_memcpy(p->data, v, e->n * size);
    return;
  }
  for (u32 i = 0; i < e->n; i++) {
    if (bit_of(p->valid, i)) __builtin_memcpy((u8 *)p->data + i * size, (const u8 *)v + i * size, size);
    else __builtin_memset((u8 *)p->data + i * size, 0, size);
  }
}

static void widen(encoder *e, piece *p, const i64 *v) {
  fl_i128 *x = (fl_i128 *)e->me->lanes;
  for (u32 i = e->n; i-- > 0;) x[i] = (fl_i128){(u64)v[i], v[i] >> 63}; /* v may lie where x does */
  raw(e, p, x, 16);
}

#define FLOATS(NAME, T)                                                              \
  static void NAME(encoder *e, piece *p, const T *v) {                               \
    union { f64 f; i64 i; } min, max;                                                \
    T least = (T)__builtin_inf(), most = -(T)__builtin_inf();                        \
    u32 nan = 0;                                                                     \
    raw(e, p, v, sizeof(T));                                                         \
    v = p->data;                                                                     \
    for (u32 i = 0; i < e->n; i++) {                                                 \
      if (p->valid && !bit_of(p->valid, i)) continue;                                \
      nan |= v[i] != v[i];                                                           \
      least = v[i] < least ? v[i] : least;                                           \
      most = v[i] > most ? v[i] : most;                                              \
    }                                                                                \
    p->unbounded = (u8)nan;                                                          \
    min.f = least;                                                                   \
    max.f = most;                                                                    \
    p->min = min.i;                                                                  \
    p->max = max.i;                                                                  \
  }
FLOATS(floats_32, f32)
FLOATS(floats_64, f64)

/* ---- text ---- */

static void text_bytes(encoder *e, piece *p, const fl_str *v) {
  u32 *lengths = (u32 *)e->to;
  p->form = F_BYTES;
  p->data = lengths;
  e->to += round_up(e->n * 4ul, 16);
  u8 *out = e->to;
  p->bytes = out;
  for (u32 i = 0; i < e->n; i++) {
    u64 k = !p->valid || bit_of(p->valid, i) ? v[i].n : 0;
    lengths[i] = (u32)k;
    if (k) __builtin_memcpy(out, v[i].p, k);
    out += k;
  }
  p->nbytes = (u64)(out - p->bytes);
  e->to += round_up(p->nbytes, 16);
}

static void mismatch(fl_worker *w, u32 col) {
  fl_raise(w, "XX000", 0, "column %d of the table sink gets values of another type", (i64)col);
}

/* Numbers that lie one after another, as many in each row. */
static void fixed(encoder *e, piece *p, const fl_str *v, u64 size, u32 at) {
  u8 *out = e->to;
  p->form = F_RAW;
  p->data = out;
  for (u32 i = 0; i < e->n; i++, out += size) {
    int there = !p->valid || bit_of(p->valid, i);
    if (there && v[i].n != size) mismatch(e->w, at);
    if (there) __builtin_memcpy(out, v[i].p, size);
    else __builtin_memset(out, 0, size);
  }
  e->to += round_up(e->n * size, 16);
}

static void text(encoder *e, piece *p, column *c, const fl_str *v) {
  u32 *codes = e->me->codes, most = 0;
  if (!c->has_dict || !__atomic_load_n(&c->d.on, __ATOMIC_RELAXED) ||
      !fl_dict_codes(e->w, e->me, &c->d, codes, v, p->valid, e->n)) {
    text_bytes(e, p, v);
    return;
  }
  for (u32 i = 0; i < e->n; i++) most = codes[i] > most ? codes[i] : most;
  p->form = F_CODES;
  p->min = 0;
  p->max = most;
  take_width(e, p);
  narrow_i32(p, (const i32 *)codes, e->n);
}

/* ---- a block ---- */

static const fl_str *packed(const encoder *e, const fl_vec *v) {
  fl_vec some = *v;
  fl_str *out = fl_temp(e->w, e->n * sizeof *out);
  some.data = lanes(e, v, v->kind == FL_DEC64 ? 8 : 16);
  some.constant = 0;
  some.valid = NULL;
  fl_sink_pack(e->w, out, &some, e->n);
  return out;
}

/* One column. The kinds that are taken are those that need no look at the values but for their width. */
static void encode_column(encoder *e, piece *p, column *c, const fl_vec *v, u32 at) {
  const fl_sink_column *d = c->desc;
  int decimal = v->kind == FL_DEC64 || v->kind == FL_DEC128;
  p->form = F_INT;
  p->valid = validity(e, v, &p->nulls);
  if (p->nulls && d->not_null) not_null(e, d, p->valid);
  if (decimal && c->as != AS_NUM && v->scale != d->scale) mismatch(e->w, at);
  switch (c->as) {
  case AS_INT:
    switch (v->kind) {
    case FL_BOOL: bools(e, p, v); return;
    case FL_I16: case FL_I32: case FL_DATE: integers_i32(e, p, lanes(e, v, 4)); return;
    case FL_I64: case FL_TIMESTAMP: case FL_DEC64: integers_i64(e, p, lanes(e, v, 8)); return;
    case FL_DEC128: narrow_wide(e, p, lanes(e, v, 16)); return;
    }
    break;
  case AS_WIDE:
    if (v->kind == FL_DEC64) return widen(e, p, lanes(e, v, 8));
    if (v->kind == d->type) return raw(e, p, lanes(e, v, 16), 16);
    break;
  case AS_F32:
    if (v->kind == FL_F32) return floats_32(e, p, lanes(e, v, 4));
    break;
  case AS_F64:
    if (v->kind == FL_F64) return floats_64(e, p, lanes(e, v, 8));
    break;
  case AS_TEXT:
    if (v->kind == FL_STR) return text(e, p, c, lanes(e, v, 16));
    break;
  case AS_NUM:
    if (v->kind == FL_NUM) return text_bytes(e, p, lanes(e, v, 16));
    if (decimal) return text_bytes(e, p, packed(e, v));
    break;
  case AS_PACKED:
    if (v->kind == d->type) return text_bytes(e, p, lanes(e, v, 16));
    break;
  case AS_FIXED:
    if (v->kind == FL_VECTOR) return fixed(e, p, lanes(e, v, 16), 4ul * d->count, at);
    break;
  }
  mismatch(e->w, at);
}

/* Bytes of the selected rows' text in a column. */
static u64 text_of(const fl_vec *v, const u64 *mask, u32 n, u32 count) {
  if (v->kind == FL_DEC64 || v->kind == FL_DEC128) return count * 48ul;
  const fl_str *s = v->data;
  if (v->constant) return !v->valid || bit_of(v->valid, 0) ? s->n * count : 0;
  u64 sum = 0;
  for (u32 k = 0; k < (n + 63) / 64; k++) {
    u64 m = mask ? mask[k] : ~0ul;
    if (v->valid) m &= v->valid[k];
    if (k == n / 64) m &= (1ul << n % 64) - 1;
    if (m == ~0ul) {
      for (u32 i = 0; i < 64; i++) sum += s[k * 64 + i].n;
      continue;
    }
    for (; m; m &= m - 1) sum += s[k * 64 + (u32)__builtin_ctzl(m)].n;
  }
  return sum;
}

/* Room for an rblock of at most `bytes`, in the worker's slab or a new one. */
static slab *room(fl_worker *w, fl_sink *s, sink_worker *me, u64 bytes) {
  slab *b = me->slab;
  if (b && b->size - b->used >= bytes) return b;
  slab *got = NULL;
  u64 size = me->next_slab ? me->next_slab : 4096;
  if (size >= SLAB_MOST) size = SLAB_MOST;
  if (bytes + sizeof *got > size) size = bytes + sizeof *got;
  me->next_slab = size * 8;
  if (size == SLAB_MOST && lock_take(w, &s->lock)) {
    got = s->free_slabs;
    if (got) s->free_slabs = got->next;
    lock_give(&s->lock);
  }
  if (!got) {
    got = fl_alloc(w, size);
    got->size = size;
  }
  got->next = NULL;
  got->used = round_up(sizeof *got, 64);
  got->live = 1;
  if (b) fl_sink_release(w, s, b);
  return me->slab = got;
}

rblock *fl_sink_rblock(fl_worker *w, fl_sink *s, const fl_vec *cols, const u64 *mask, u32 n, u32 count) {
  sink_worker *me = &s->workers[w->id];
  u16 rows[FL_BLOCK];
  u64 head = round_up(sizeof(rblock) + s->ncols * sizeof(piece), 16), bytes = head, most = 0;
  for (u32 c = 0; c < s->ncols; c++) {
    enum storage as = s->cols[c].as;
    bytes += round_up(count, 64) / 8 + 64;
    if (as == AS_FIXED) {
      bytes += count * 4ul * s->cols[c].desc->count;
    } else if (as == AS_TEXT || as == AS_NUM || as == AS_PACKED) {
      u64 t = text_of(&cols[c], mask, n, count);
      if (t > most) most = t;
      bytes += count * 4ul + t + 64;
    } else {
      bytes += count * (as == AS_WIDE ? 16ul : 8ul);
    }
  }
  if (count < n)
    for (u32 k = 0, at = 0; k < (n + 63) / 64; k++)
      for (u64 m = mask[k]; m; m &= m - 1) rows[at++] = (u16)(k * 64 + (u32)__builtin_ctzl(m));
  slab *b = room(w, s, me, bytes);
  rblock *r = (rblock *)((u8 *)b + b->used);
  __builtin_memset(r, 0, head);
  encoder e = {w, s, me, count < n ? rows : NULL, count, (u8 *)r + head};
  r->slab = b;
  r->rows = count;
  r->text = most;
  for (u32 c = 0; c < s->ncols; c++) {
    encode_column(&e, &r->cols[c], &s->cols[c], &cols[c], c);
    if (r->cols[c].form == F_CODES) r->coded += text_of(&cols[c], mask, n, count);
  }
  r->bytes = (u64)(e.to - (u8 *)r);
  b->used = round_up((u64)(e.to - (u8 *)b), 16);
  __atomic_add_fetch(&b->live, 1, __ATOMIC_RELAXED);
  return r;
}
