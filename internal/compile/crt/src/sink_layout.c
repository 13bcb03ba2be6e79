/* sink_layout.c: which layouts a segment gets.
 *
 * Programs are made for combinations of layouts, so a table should have few of them: a combination that the table has is
 * taken when the segment's values fit it, and a new one can hold whatever the last one could, so that loads of the same
 * kind of data soon agree.
 */
#include "sink_int.h"

#define FEW_ROWS 65536 /* so few may be wide */

u32 fl_sink_divisors(const fl_sink_column *c, i64 out[MOST_DIVISORS]) {
  u32 n = 0;
  out[n++] = 1;
  if (c->type == FL_DEC64) {
    for (i32 k = 0; k < c->scale && k < 18; k++, n++) out[n] = out[n - 1] * 10;
  } else if (c->type == FL_TIMESTAMP) {
    static const i64 units[] = {1000, 1000000, 60000000, 3600000000, 86400000000};
    for (u32 k = 0; k < 5; k++) out[n++] = units[k];
  }
  return n;
}

static u32 index_of(const i64 *divisors, u32 n, i64 d) {
  u32 i = 0;
  while (i < n && divisors[i] != d) i++;
  return i;
}

static u8 width_for(u64 most) { return most <= 0xff ? 1 : most <= 0xffff ? 2 : most <= 0xffffffff ? 4 : 8; }

/* The width that integers need with this base and divisor, which divides them. */
static u8 width_with(const need *n, int has_base, i64 divisor) {
  if (has_base) return width_for(((u64)n->max - (u64)n->min) / (u64)divisor);
  return n->min < 0 ? 8 : width_for((u64)n->max / (u64)divisor);
}

static fl_layout scaled(u8 width, int has_base, i64 divisor, int nullable) {
  fl_layout l = {.encoding = FL_SCALED, .width = width, .nullable = (u8)nullable, .divisor = divisor};
  if (width == 8)
    l.divisor = 1;
  else
    l.has_base = (u8)has_base;
  return l;
}

/* The narrowest layout at least `floor` wide, with a base and a divisor only where they save bytes. */
static fl_layout narrowest(const need *n, const i64 *divisors, int base_first, u32 most_step, u8 floor) {
  fl_layout best = scaled(8, 0, 1, n->nulls != 0);
  if (!n->values) return scaled(floor < 8 ? floor : 8, base_first, 1, n->nulls != 0);
  for (int b = base_first; b <= 1; b++) {
    u32 steps = b ? n->step_from_min : n->step;
    for (u32 k = 0; k <= steps && k <= most_step; k++) {
      u8 width = width_with(n, b, divisors[k]);
      if (width < floor) width = floor;
      if (width < best.width) best = scaled(width, b, divisors[k], n->nulls != 0);
    }
  }
  return best;
}

static int int_fits(const fl_layout *l, const need *n, const i64 *divisors, u32 ndivisors) {
  if (l->encoding != FL_SCALED) return 0;
  if (!n->values || l->width == 8) return 1;
  u32 k = index_of(divisors, ndivisors, l->divisor);
  return k <= (l->has_base ? n->step_from_min : n->step) && k < ndivisors &&
         width_with(n, l->has_base, l->divisor) <= l->width;
}

static int fits(const column *c, const fl_layout *l, const need *n) {
  i64 divisors[MOST_DIVISORS];
  if (n->nulls && !l->nullable) return 0;
  switch (c->as) {
  case AS_INT: return int_fits(l, n, divisors, fl_sink_divisors(c->desc, divisors));
  case AS_WIDE: return l->encoding == FL_WIDE;
  case AS_F32: return l->encoding == FL_FLOAT && l->width == 4;
  case AS_F64: return l->encoding == FL_FLOAT && l->width == 8;
  case AS_NUM:
  case AS_PACKED: return l->encoding == FL_BYTES;
  case AS_FIXED: return l->encoding == FL_FIXED && l->count == c->desc->count;
  case AS_TEXT:
    if (!n->codes) return l->encoding == FL_BYTES;
    return l->encoding == FL_DICTIONARY && width_for((u64)n->max) <= l->width;
  }
  return 0;
}

/* A layout for n that, where there is one before it, holds what that holds. */
static fl_layout layout_for(const column *c, const need *n, const fl_layout *before) {
  i64 divisors[MOST_DIVISORS];
  u32 nd;
  int nullable = n->nulls != 0;
  fl_layout l = {.nullable = (u8)nullable, .divisor = 1};
  switch (c->as) {
  case AS_INT:
    nd = fl_sink_divisors(c->desc, divisors);
    if (!before || before->encoding != FL_SCALED) return narrowest(n, divisors, 0, nd, 1);
    if (int_fits(before, n, divisors, nd)) l = *before;
    else l = narrowest(n, divisors, before->has_base, index_of(divisors, nd, before->divisor), before->width);
    break;
  case AS_WIDE:
    l.encoding = FL_WIDE;
    l.width = 16;
    break;
  case AS_F32:
  case AS_F64:
    l.encoding = FL_FLOAT;
    l.width = c->as == AS_F32 ? 4 : 8;
    break;
  case AS_NUM:
  case AS_PACKED: l.encoding = FL_BYTES; break;
  case AS_FIXED:
    l.encoding = FL_FIXED;
    l.width = 4;
    l.count = c->desc->count;
    break;
  case AS_TEXT:
    l.encoding = n->codes ? FL_DICTIONARY : FL_BYTES;
    if (!n->codes) break;
    l.width = width_for((u64)n->max);
    if (before && before->encoding == FL_DICTIONARY && before->width > l.width) l.width = before->width;
    break;
  }
  l.nullable = (u8)(nullable || (before && before->nullable));
  return l;
}

static u32 bytes_of_tuple(const fl_sink *s, const fl_layout *t) {
  u32 sum = 0;
  for (u32 c = 0; c < s->ncols; c++) sum += (u32)fl_layout_stride(&t[c]) + t[c].nullable;
  return sum;
}

/* The narrowest combination that the table has and the values fit, if it is not wider than `most` bytes a row. The wide one
 * is not among them. */
static const fl_layout *fitting(const fl_sink *s, const need *needs, u32 most) {
  const fl_layout *best = NULL;
  for (u32 t = 1; t < s->ntuples; t++) {
    const fl_layout *l = &s->tuples[t * s->ncols];
    u32 c = 0, bytes = bytes_of_tuple(s, l);
    if (bytes > most || (best && bytes >= bytes_of_tuple(s, best))) continue;
    while (c < s->ncols && fits(&s->cols[c], &l[c], &needs[c])) c++;
    if (c == s->ncols) best = l;
  }
  return best;
}

int fl_sink_choose(fl_worker *w, fl_sink *s, const need *needs, u64 rows, fl_layout *out) {
  for (u32 c = 0; c < s->ncols; c++) out[c] = layout_for(&s->cols[c], &needs[c], NULL);
  u32 fresh = bytes_of_tuple(s, out), most = rows < FEW_ROWS || s->spec->rewrite ? ~0u : fresh + fresh / 2;
  if (!lock_take(w, &s->lock)) return 0;
  const fl_layout *best = fitting(s, needs, most);
  if (!best && s->ntuples == s->most_tuples) {
    best = fitting(s, needs, ~0u);
    if (!best) best = s->tuples;
  }
  if (best) {
    __builtin_memcpy(out, best, s->ncols * sizeof *out);
  } else {
    const fl_layout *last = s->ntuples > 1 ? &s->tuples[(s->ntuples - 1) * s->ncols] : NULL;
    if (last && bytes_of_tuple(s, last) <= most)
      for (u32 c = 0; c < s->ncols; c++) out[c] = layout_for(&s->cols[c], &needs[c], &last[c]);
    __builtin_memcpy(&s->tuples[s->ntuples++ * s->ncols], out, s->ncols * sizeof *out);
  }
  lock_give(&s->lock);
  return 1;
}

i64 fl_layout_base(const fl_layout *l, const need *n) { return l->has_base && n->values ? n->min : 0; }
