/* sink_seal.c: rblocks to an encoded segment. */
#include "sink_int.h"

/* Segments of fewer rows have neither dictionary codes nor sketches: the store appends them to a tail, which has none, a
 * table's dictionary should not grow by single rows that may all differ, and a statement of a few rows has to be cheap. */
#define SEALED_ROWS 1024

/* A segment in the making. */
typedef struct {
  fl_worker *w;
  fl_sink *s;
  sink_worker *me;
  const rblock *head;
  u64 rows;
  u8 *image;
  need *needs;
  fl_layout *layouts;
  fl_image_column *cols;
} sealing;

/* ---- what the values need ---- */

static i64 value_at(const piece *p, u32 i) {
  switch (p->width) {
  case 1: return (i64)((u64)p->base + ((const u8 *)p->data)[i]);
  case 2: return (i64)((u64)p->base + ((const u16 *)p->data)[i]);
  case 4: return (i64)((u64)p->base + ((const u32 *)p->data)[i]);
  default: return ((const i64 *)p->data)[i];
  }
}

static int has(const piece *p, u32 i) { return !p->valid || bit_of(p->valid, i); }

/* The highest divisors that go into all values. Each divisor is a multiple of the one before. */
static void find_steps(const rblock *head, u32 c, const i64 *divisors, u32 nd, need *n) {
  u32 a = nd - 1, b = nd - 1;
  for (const rblock *r = head; r && (a || b); r = r->next) {
    const piece *p = &r->cols[c];
    if (p->nulls == r->rows) continue;
    for (u32 i = 0; i < r->rows && (a || b); i++) { /* rows without a value hold the block's min */
      i64 v = value_at(p, i);
      while (a && v % divisors[a]) a--;
      while (b && ((u64)v - (u64)n->min) % (u64)divisors[b]) b--;
    }
  }
  n->step = a;
  n->step_from_min = b;
}

static f64 as_float(i64 bits) {
  union { i64 i; f64 f; } u = {bits};
  return u.f;
}

/* Few rows are not worth codes, unless they are rewritten to lie as the rest of the table does. */
static int may_have_codes(const sealing *t, u32 c) {
  const fl_sink *s = t->s;
  const fl_layout *last = &s->tuples[(s->spec->nlayouts - 1) * s->ncols];
  return s->cols[c].has_dict && __atomic_load_n(&s->cols[c].d.on, __ATOMIC_RELAXED) &&
         (t->rows >= SEALED_ROWS || (s->spec->rewrite && last[c].encoding == FL_DICTIONARY));
}

/* Statistics of column c to m, what its layout has to hold to n. */
static void survey(const sealing *t, u32 c, need *n, fl_image_column *m) {
  const column *col = &t->s->cols[c];
  int floats = col->as == AS_F32 || col->as == AS_F64, unbounded = 0;
  *n = (need){.codes = may_have_codes(t, c)};
  for (const rblock *r = t->head; r; r = r->next) {
    const piece *p = &r->cols[c];
    m->nulls += p->nulls;
    unbounded |= p->unbounded;
    if (p->form == F_BYTES) n->codes = 0;
    if (p->nulls == r->rows) continue;
    if (floats ? !n->values || as_float(p->min) < as_float(n->min) : !n->values || p->min < n->min) n->min = p->min;
    if (floats ? !n->values || as_float(p->max) > as_float(n->max) : !n->values || p->max > n->max) n->max = p->max;
    n->values = 1;
  }
  n->nulls = m->nulls > 0;
  m->min = n->min;
  m->max = n->max;
  m->has_bounds = n->values && !unbounded && (floats || col->as == AS_INT);
  if (col->as == AS_INT) {
    i64 divisors[MOST_DIVISORS];
    u32 nd = fl_sink_divisors(col->desc, divisors);
    if (n->values && nd > 1) find_steps(t->head, c, divisors, nd, n);
  }
}

/* ---- where buffers lie ---- */

static u64 place(u64 *size, u64 len) {
  u64 at = *size;
  *size = round_up(at + len + 128, 64);
  return at;
}

static u64 text_bytes(const sealing *t, u32 c) {
  u64 sum = 0;
  const dict *d = &t->s->cols[c].d;
  for (const rblock *r = t->head; r; r = r->next) {
    const piece *p = &r->cols[c];
    sum += p->nbytes;
    if (p->form == F_CODES)
      for (u32 i = 0; i < r->rows; i++) sum += has(p, i) ? fl_dict_text(d, (u32)value_at(p, i)).n : 0;
  }
  return sum;
}

static u64 place_column(const sealing *t, u32 c, u64 size) {
  const fl_layout *l = &t->layouts[c];
  fl_image_column *m = &t->cols[c];
  m->encoding = l->encoding;
  m->width = l->width;
  m->nullable = l->nullable;
  m->has_base = l->has_base;
  m->count = l->count;
  m->divisor = l->divisor;
  m->base = fl_layout_base(l, &t->needs[c]);
  if (l->nullable) {
    m->valid_len = (t->rows + 7) / 8;
    m->valid = place(&size, m->valid_len);
  }
  if (l->encoding == FL_BYTES) {
    m->offsets_len = (t->rows + 1) * 4;
    m->offsets = place(&size, m->offsets_len);
    m->data_len = text_bytes(t, c);
  } else {
    m->data_len = t->rows * fl_layout_stride(l);
  }
  m->data = place(&size, m->data_len);
  return size;
}

/* ---- encoding ---- */

/* x + add, divided exactly: shifted, then multiplied by the inverse of the divisor's odd part. */
typedef struct { u64 add, inverse; u32 shift; } recode;

#define RECODE(IN, OUT)                                                              \
  static void recode_##IN##_##OUT(void *to, const void *from, u32 n, const recode *k) { \
    OUT *restrict o = to;                                                            \
    const IN *restrict x = from;                                                     \
    u64 add = k->add, inverse = k->inverse;                                          \
    u32 shift = k->shift;                                                            \
    if (inverse == 1 && shift == 0)                                                  \
      for (u32 i = 0; i < n; i++) o[i] = (OUT)(x[i] + (OUT)add);                     \
    else                                                                             \
      for (u32 i = 0; i < n; i++) o[i] = (OUT)((((u64)x[i] + add) >> shift) * inverse); \
  }
#define RECODE_TO(OUT) RECODE(u8, OUT) RECODE(u16, OUT) RECODE(u32, OUT) RECODE(u64, OUT)
RECODE_TO(u8)
RECODE_TO(u16)
RECODE_TO(u32)
RECODE_TO(u64)

static u32 log2_of(u32 width) { return (u32)__builtin_ctz(width); }

typedef void recode_fn(void *, const void *, u32, const recode *);
static recode_fn *const recoders[4][4] = {
  {recode_u8_u8, recode_u8_u16, recode_u8_u32, recode_u8_u64},
  {recode_u16_u8, recode_u16_u16, recode_u16_u32, recode_u16_u64},
  {recode_u32_u8, recode_u32_u16, recode_u32_u32, recode_u32_u64},
  {recode_u64_u8, recode_u64_u16, recode_u64_u32, recode_u64_u64},
};

/* Integers and codes. A block without any value stays zero. */
static void encode_ints(const sealing *t, u32 c) {
  const fl_image_column *m = &t->cols[c];
  u8 *to = t->image + m->data;
  recode k = {.inverse = 1, .shift = (u32)__builtin_ctzl((u64)m->divisor)};
  u64 odd = (u64)m->divisor >> k.shift;
  for (u64 step = 0; step < 6 && odd != 1; step++) k.inverse *= 2 - odd * k.inverse;
  for (const rblock *r = t->head; r; r = r->next) {
    const piece *p = &r->cols[c];
    k.add = (u64)p->base - (u64)m->base;
    if (p->nulls < r->rows) recoders[log2_of(p->width)][log2_of(m->width)](to, p->data, r->rows, &k);
    to += r->rows * (u64)m->width;
  }
}

static void encode_raw(const sealing *t, u32 c) {
  u64 stride = fl_layout_stride(&t->layouts[c]);
  u8 *to = t->image + t->cols[c].data;
  for (const rblock *r = t->head; r; r = r->next) {
    __builtin_memcpy(to, r->cols[c].data, r->rows * stride);
    to += r->rows * stride;
  }
}

static void encode_text(const sealing *t, u32 c) {
  const fl_image_column *m = &t->cols[c];
  const dict *d = &t->s->cols[c].d;
  u8 *start = t->image + m->data, *to = start;
  i32 *offsets = (i32 *)(t->image + m->offsets);
  for (const rblock *r = t->head; r; r = r->next) {
    const piece *p = &r->cols[c];
    if (p->form == F_BYTES) {
      const u32 *lengths = p->data;
      i32 at = (i32)(to - start);
      for (u32 i = 0; i < r->rows; i++) offsets[i] = at, at += (i32)lengths[i];
      __builtin_memcpy(to, p->bytes, p->nbytes);
      to += p->nbytes;
    } else {
      for (u32 i = 0; i < r->rows; i++) {
        offsets[i] = (i32)(to - start);
        if (!has(p, i)) continue;
        fl_str v = fl_dict_text(d, (u32)value_at(p, i));
        __builtin_memcpy(to, v.p, v.n);
        to += v.n;
      }
    }
    offsets += r->rows;
  }
  *offsets = (i32)(to - start);
}

/* Appends n bits, of m or all ones, at bit `at`. */
static void append_bits(u64 *to, u64 at, const u64 *m, u32 n) {
  for (u32 k = 0; k < n; k += 64, at += 64) {
    u64 v = m ? m[k / 64] : ~0ul, left = n - k, shift = at & 63;
    if (left < 64) v &= (1ul << left) - 1;
    to[at >> 6] |= v << shift;
    if (shift && v >> (64 - shift)) to[(at >> 6) + 1] |= v >> (64 - shift);
  }
}

static void encode_valid(const sealing *t, u32 c) {
  u64 *to = (u64 *)(t->image + t->cols[c].valid), at = 0;
  for (const rblock *r = t->head; r; r = r->next) {
    append_bits(to, at, r->cols[c].valid, r->rows);
    at += r->rows;
  }
}

/* ---- distinct values ---- */

/* Narrow codes: each that occurs is hashed once. */
static u64 sketch_codes(const sealing *t, u32 c, u8 *sketch) {
  const fl_image_column *m = &t->cols[c];
  const column *col = &t->s->cols[c];
  u32 most = m->width == 1 ? 256 : 65536;
  const u8 *data = t->image + m->data;
  const u64 *valid = m->nullable ? (const u64 *)(t->image + m->valid) : NULL;
  u8 *seen = t->me->seen;
  __builtin_memset(seen, 0, most);
  if (!valid && m->width == 1)
    for (u64 i = 0; i < t->rows; i++) seen[data[i]] = 1;
  else if (!valid)
    for (u64 i = 0; i < t->rows; i++) seen[((const u16 *)data)[i]] = 1;
  else
    for (u64 i = 0; i < t->rows; i++)
      if (bit_of(valid, i)) seen[m->width == 1 ? data[i] : ((const u16 *)data)[i]] = 1;
  u64 count = 0;
  for (u32 k = 0; k < most; k++) {
    if (!seen[k]) continue;
    count++;
    if (m->encoding == FL_DICTIONARY) {
      fl_str v = fl_dict_text(&col->d, k);
      fl_sketch_add(sketch, fl_sketch_hash_bytes(v.p, v.n));
    } else {
      fl_sketch_add(sketch, fl_sketch_hash_int(k * (u64)m->divisor + (u64)m->base));
    }
  }
  return count;
}

static void sketch_ints(const piece *p, u32 n, u8 *sketch) {
  if (p->width == 4 && !p->valid) {
    const u32 *x = p->data;
    for (u32 i = 0; i < n; i++) fl_sketch_add(sketch, fl_sketch_hash_int((u64)p->base + x[i]));
    return;
  }
  for (u32 i = 0; i < n; i++)
    if (has(p, i)) fl_sketch_add(sketch, fl_sketch_hash_int((u64)value_at(p, i)));
}

static void sketch_floats(const piece *p, u32 n, u8 *sketch) {
  for (u32 i = 0; i < n; i++) {
    union { f64 f; u64 i; } v;
    if (!has(p, i)) continue;
    v.f = p->width == 4 ? (f64)((const f32 *)p->data)[i] : ((const f64 *)p->data)[i];
    if (v.f == 0) v.f = 0; /* -0 */
    if (v.f != v.f) v.i = 0x7ff8000000000000;
    fl_sketch_add(sketch, fl_sketch_hash_int(v.i));
  }
}

static void sketch_bytes(const dict *d, const piece *p, u32 n, u8 *sketch) {
  const u8 *at = p->bytes;
  for (u32 i = 0; i < n; i++) {
    fl_str v = {(const u8 *)p->data + 16ul * i, 16};
    if (p->form == F_BYTES) {
      v = (fl_str){at, ((const u32 *)p->data)[i]};
      at += v.n;
    }
    if (!has(p, i)) continue;
    if (p->form == F_CODES) v = fl_dict_text(d, (u32)value_at(p, i));
    fl_sketch_add(sketch, fl_sketch_hash_bytes(v.p, v.n));
  }
}

static u64 distinct(const sealing *t, u32 c, u8 *sketch) {
  const fl_image_column *m = &t->cols[c];
  const column *col = &t->s->cols[c];
  if ((m->encoding == FL_SCALED || m->encoding == FL_DICTIONARY) && m->width <= 2) return sketch_codes(t, c, sketch);
  for (const rblock *r = t->head; r; r = r->next) {
    const piece *p = &r->cols[c];
    switch (col->as) {
    case AS_INT: sketch_ints(p, r->rows, sketch); break;
    case AS_F32:
    case AS_F64: sketch_floats(p, r->rows, sketch); break;
    default: sketch_bytes(&col->d, p, r->rows, sketch);
    }
  }
  u64 values = t->rows - m->nulls, e = fl_sketch_estimate(sketch);
  return e < values ? e : values;
}

/* ---- all of it ---- */

/* The bytes that the column's sketch takes. */
static u64 encode_column(const sealing *t, u32 c, u8 *sketch) {
  fl_image_column *m = &t->cols[c];
  if (m->nullable) encode_valid(t, c);
  if (m->encoding == FL_BYTES) encode_text(t, c);
  else if (m->encoding == FL_SCALED || m->encoding == FL_DICTIONARY) encode_ints(t, c);
  else encode_raw(t, c);
  if (t->rows < SEALED_ROWS || !fl_sink_has_sketch(&t->s->cols[c])) return 0;
  m->distinct = distinct(t, c, sketch);
  return m->sketch_len = FL_SKETCH;
}

/* Notes which codes the control plane has to know. A segment of nulls alone refers to code 0. */
static void note_codes(const sealing *t, u32 c) {
  dict *d = &t->s->cols[c].d;
  if (t->layouts[c].encoding != FL_DICTIONARY) return;
  if (d->count == 0) {
    fl_str none = {(const u8 *)"", 0};
    u32 code;
    fl_dict_codes(t->w, t->me, d, &code, &none, NULL, 1);
  }
  u32 most = (u32)t->needs[c].max + 1, was = __atomic_load_n(&d->used, __ATOMIC_RELAXED);
  while (was < most && !__atomic_compare_exchange_n(&d->used, &was, most, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
  }
}

void fl_sink_seal(fl_worker *w, fl_sink *s, rblock *head, u64 rows) {
  u32 n = s->ncols;
  sealing t = {.w = w, .s = s, .me = &s->workers[w->id], .head = head, .rows = rows};
  u64 meta_len = sizeof(fl_image_head) + n * sizeof(fl_image_column), sketches = rows < SEALED_ROWS ? 0 : (u64)n * FL_SKETCH;
  u8 *meta = fl_temp(w, meta_len + sketches);
  __builtin_memset(meta, 0, meta_len + sketches);
  fl_image_head *h = (fl_image_head *)meta;
  t.cols = (fl_image_column *)(h + 1);
  t.needs = fl_temp(w, n * sizeof *t.needs);
  t.layouts = fl_temp(w, n * sizeof *t.layouts);
  if (sketches && !t.me->seen) t.me->seen = fl_alloc(w, 65536);
  for (u32 c = 0; c < n; c++) survey(&t, c, &t.needs[c], &t.cols[c]);
  if (!fl_sink_choose(w, s, t.needs, rows, t.layouts)) return;
  u64 size = 0;
  for (u32 c = 0; c < n; c++) {
    note_codes(&t, c);
    size = place_column(&t, c, size);
  }
  u32 id;
  t.image = fl_image_alloc(w, size, &id);
  u8 *sketch = meta + meta_len;
  for (u32 c = 0; c < n && !w->q->stop; c++) sketch += encode_column(&t, c, sketch);
  if (w->q->stop) return;
  *h = (fl_image_head){.magic = FL_IMAGE_MAGIC, .version = FL_IMAGE_VERSION, .kind = FL_IMAGE_SEGMENT, .rows = rows,
                       .order = head->morsel, .suborder = head->seq, .size = size, .ncols = n};
  fl_image_done(w, id, meta, (u64)(sketch - meta));
  for (rblock *r = head, *next; r; r = next) {
    next = r->next;
    fl_sink_release(w, s, r->slab);
  }
}
