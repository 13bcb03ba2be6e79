/* array.c: kernels on arrays and vectors. */
#include "array.h"
#include "rowctx.h"

/* ---- elements ---- */
array_element array_get(const fl_str *a, u32 kind, u32 k) {
  const u8 *p = array_values(a) + (u64)k * array_width(kind);
  array_element e = {0};
  i16 i2;
  i32 i4;
  f32 f4;
  u32 ends[2];
  switch (kind) {
  case FL_BOOL: e.i = *p; break;
  case FL_I16: __builtin_memcpy(&i2, p, 2); e.i = i2; break;
  case FL_I32: __builtin_memcpy(&i4, p, 4); e.i = i4; break;
  case FL_I64: __builtin_memcpy(&e.i, p, 8); break;
  case FL_F32: __builtin_memcpy(&f4, p, 4); e.f = f4; break;
  case FL_F64: __builtin_memcpy(&e.f, p, 8); break;
  default:
    __builtin_memcpy(ends, p + 4ul * k, 8);
    e.s = (fl_str){p + 4ul * (array_head(a).count + 1ul) + ends[0], ends[1] - ends[0]};
  }
  return e;
}

array_writer array_begin(fl_worker *w, u32 kind, u32 count, u64 text_bytes) {
  u32 width = array_width(kind);
  u64 values = width ? (u64)width * count : 4ul * (count + 1ul) + text_bytes, bitmap = (count + 7ul) / 8;
  if (count > ARRAY_MOST) fl_raise(w, "54000", 0, "array size exceeds the maximum allowed (%d)", (i64)ARRAY_MOST);
  if (values + bitmap > TEXT_MAX) fl_raise(w, "54000", 0, "array is longer than 1 GB");
  array_writer a = {.start = fl_temp(w, sizeof(fl_array) + values + bitmap), .kind = kind, .count = count, .room = text_bytes};
  __builtin_memset(a.start + sizeof(fl_array), 0, width ? values : 4);
  return a;
}
/* Where the bitmap is written: after the room for values, since text's length is known at the end only. */
static u8 *bitmap_of(const array_writer *a) {
  u32 width = array_width(a->kind);
  return a->start + sizeof(fl_array) + (width ? (u64)width * a->count : 4ul * (a->count + 1ul) + a->room);
}
static void text_ends(array_writer *a) {
  u32 end = (u32)a->bytes;
  __builtin_memcpy(a->start + sizeof(fl_array) + 4ul * (a->at + 1ul), &end, 4);
}
static void mark(array_writer *a, int value) {
  u8 *bitmap = bitmap_of(a);
  if (a->at % 8 == 0) bitmap[a->at / 8] = 0;
  bitmap[a->at / 8] |= (u8)(value << a->at % 8);
  a->at++;
}
void array_put(array_writer *a, array_element e) {
  u8 *p = a->start + sizeof(fl_array) + (u64)a->at * array_width(a->kind);
  i16 i2 = (i16)e.i;
  i32 i4 = (i32)e.i;
  f32 f4 = (f32)e.f;
  switch (a->kind) {
  case FL_BOOL: *p = (u8)e.i; break;
  case FL_I16: __builtin_memcpy(p, &i2, 2); break;
  case FL_I32: __builtin_memcpy(p, &i4, 4); break;
  case FL_I64: __builtin_memcpy(p, &e.i, 8); break;
  case FL_F32: __builtin_memcpy(p, &f4, 4); break;
  case FL_F64: __builtin_memcpy(p, &e.f, 8); break;
  default:
    if (e.s.n) __builtin_memcpy(p + 4ul * (a->count + 1ul) + a->bytes, e.s.p, e.s.n);
    a->bytes += e.s.n;
    text_ends(a);
  }
  mark(a, 1);
}
void array_put_null(array_writer *a) {
  if (!array_width(a->kind)) text_ends(a);
  a->nulls++;
  mark(a, 0);
}
fl_str array_done(array_writer *a) {
  u32 width = array_width(a->kind);
  u64 values = width ? (u64)width * a->count : 4ul * (a->count + 1ul) + a->bytes, bitmap = a->nulls ? (a->count + 7ul) / 8 : 0;
  fl_array h = {a->count, a->nulls};
  __builtin_memcpy(a->start, &h, sizeof h);
  if (bitmap) __builtin_memmove(a->start + sizeof h + values, bitmap_of(a), bitmap);
  return (fl_str){a->start, sizeof h + values + bitmap};
}

/* ---- from lanes of elements ---- */
static int missing(const fl_vec *v, u32 row) { return v->valid && !picked(v->valid, v->constant ? 0 : row); }
static array_element lane(const fl_vec *v, u32 row) {
  u32 at = v->constant ? 0 : row;
  array_element e = {0};
  switch (v->kind) {
  case FL_BOOL: e.i = picked(v->data, at); break;
  case FL_I16:
  case FL_I32: e.i = ((const i32 *)v->data)[at]; break;
  case FL_I64: e.i = ((const i64 *)v->data)[at]; break;
  case FL_F32: e.f = ((const f32 *)v->data)[at]; break;
  case FL_F64: e.f = ((const f64 *)v->data)[at]; break;
  case FL_STR: e.s = ((const fl_str *)v->data)[at]; break;
  }
  return e;
}
void flk_pack_array(fl_worker *w, fl_str *d, const fl_vec *v, u32 kind, const u64 *m, u32 n) {
  for (u32 i = 0; i < n; i++) {
    u64 text = 0;
    d[i] = no_text;
    if (!picked(m, i)) continue;
    if (kind == FL_STR)
      for (u32 k = 0; k < v->count; k++)
        if (!missing(&v->elems[k], i)) text += lane(&v->elems[k], i).s.n;
    array_writer a = array_begin(w, kind, v->count, text);
    for (u32 k = 0; k < v->count; k++) {
      if (missing(&v->elems[k], i)) array_put_null(&a);
      else array_put(&a, lane(&v->elems[k], i));
    }
    d[i] = array_done(&a);
  }
}

/* ---- subscripts ---- */
/* The element of row i, if there is one. kind FL_VECTOR: of a vector. */
static int element(const fl_str *a, i32 index, u32 kind, array_element *e) {
  if (kind == FL_VECTOR) {
    f32 x;
    if (index < 1 || (u64)index > a->n / 4) return 0;
    __builtin_memcpy(&x, a->p + 4 * ((u64)index - 1), 4);
    e->f = x;
    return 1;
  }
  u32 k = (u32)index - 1;
  if (index < 1 || k >= array_head(a).count || array_null(array_bitmap(a), k)) return 0;
  *e = array_get(a, kind, k);
  return 1;
}
#define ELEMENT(name, T, of)                                                                                      \
  void flk_element_##name(T *d, u64 *valid, const fl_str *a, const i32 *index, u32 kind, const u64 *m, u32 n) {   \
    for (u32 k = 0; k < (n + 63) / 64; k++) valid[k] = 0;                                                         \
    for (u32 i = 0; i < n; i++) {                                                                                 \
      array_element e = {.s = {(const u8 *)"", 0}};                                                               \
      if (picked(m, i) && element(&a[i], index[i], kind, &e)) valid[i / 64] |= 1ul << (i % 64);                   \
      d[i] = (T)of;                                                                                               \
    }                                                                                                             \
  }
ELEMENT(i32, i32, e.i)
ELEMENT(i64, i64, e.i)
ELEMENT(f32, f32, e.f)
ELEMENT(f64, f64, e.f)
void flk_element_str(fl_str *d, u64 *valid, const fl_str *a, const i32 *index, u32 kind, const u64 *m, u32 n) {
  for (u32 k = 0; k < (n + 63) / 64; k++) valid[k] = 0;
  for (u32 i = 0; i < n; i++) {
    array_element e = {.s = {(const u8 *)"", 0}};
    if (picked(m, i) && element(&a[i], index[i], kind, &e)) valid[i / 64] |= 1ul << (i % 64);
    d[i] = e.s;
  }
}

void flk_array_count(i32 *d, const fl_str *a, u32 kind, const u64 *m, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = !picked(m, i) ? 0 : kind == FL_VECTOR ? (i32)(a[i].n / 4) : (i32)array_head(&a[i]).count;
}

/* ---- casts ---- */
static i64 whole(fl_worker *w, u32 row, f64 x, u32 bits, i32 pos) {
  x = __builtin_rint(x);
  if (!(x >= -9223372036854775808.0 && x < 9223372036854775808.0) || !int_fits((i64)x, (i32)bits)) int_range_error(w, row, NULL, (i32)bits, pos);
  return (i64)x;
}
static f64 single(fl_worker *w, f64 x, i32 pos) {
  f32 f = (f32)x;
  if (__builtin_isinf(f) && !__builtin_isinf(x)) fl_raise(w, "22003", pos, "value out of range: overflow");
  if (f == 0 && x != 0) fl_raise(w, "22003", pos, "value out of range: underflow");
  return f;
}
static int is_float(u32 kind) { return kind == FL_F32 || kind == FL_F64; }
static fl_str element_text(fl_worker *w, array_element e, u32 kind) {
  u8 *t;
  if (kind == FL_STR) return e.s;
  if (kind == FL_BOOL) return e.i ? (fl_str){(const u8 *)"true", 4} : (fl_str){(const u8 *)"false", 5};
  t = fl_temp(w, FL_PUT_F64);
  return (fl_str){t, kind == FL_F32 ? fl_put_f32(t, (f32)e.f) : kind == FL_F64 ? fl_put_f64(t, e.f) : fl_put_i64(t, e.i)};
}
static array_element convert(fl_worker *w, u32 row, const fl_str *whole_text, array_element e, u32 from, u32 to, i32 pos) {
  u32 bits = array_width(to) * 8;
  if (from == to) return e;
  if (to == FL_STR) {
    e.s = element_text(w, e, from);
    return e;
  }
  if (from == FL_STR) return array_parse(w, row, whole_text, &e.s, to, pos);
  switch (to) {
  case FL_BOOL: e.i = e.i != 0; break;
  case FL_F32: e.f = is_float(from) ? single(w, e.f, pos) : (f64)(f32)e.i; break;
  case FL_F64: e.f = is_float(from) ? e.f : (f64)e.i; break;
  default:
    if (is_float(from)) e.i = whole(w, row, e.f, bits, pos);
    else if (!int_fits(e.i, (i32)bits)) int_range_error(w, row, NULL, (i32)bits, pos);
  }
  return e;
}
static fl_str cast_one(fl_worker *w, u32 row, const fl_str *a, u32 from, u32 to, i32 pos) {
  u32 count = array_head(a).count;
  const u8 *bitmap = array_bitmap(a);
  array_element *made = NULL;
  u64 text = 0;
  if (to == FL_STR) {
    made = fl_temp(w, count * sizeof *made + 1);
    for (u32 k = 0; k < count; k++)
      if (!array_null(bitmap, k)) made[k] = convert(w, row, a, array_get(a, from, k), from, to, pos), text += made[k].s.n;
  }
  array_writer out = array_begin(w, to, count, text);
  for (u32 k = 0; k < count; k++) {
    if (array_null(bitmap, k)) array_put_null(&out);
    else array_put(&out, made ? made[k] : convert(w, row, a, array_get(a, from, k), from, to, pos));
  }
  return array_done(&out);
}
void flk_cast_array(fl_worker *w, fl_str *d, const fl_str *a, u32 from, u32 to, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? cast_one(w, i, &a[i], from, to, pos) : no_text;
}

/* ---- vectors ---- */
static void check_dimensions(fl_worker *w, u32 row, u64 count, i32 want, i32 pos) {
  if (count && count <= VECTOR_MOST && (want < 0 || count == (u64)want)) return;
  fl_raise_context_row(w, row, NULL);
  if (!count) fl_raise(w, "22000", pos, "vector must have at least 1 dimension");
  if (count > VECTOR_MOST) fl_raise(w, "54000", pos, "vector cannot have more than %d dimensions", (i64)VECTOR_MOST);
  fl_raise(w, "22000", pos, "expected %d dimensions, not %d", (i64)want, (i64)count);
}
static f32 finite_number(fl_worker *w, u32 row, f32 x, i32 pos) {
  if (x - x == 0) return x;
  fl_raise_context_row(w, row, NULL);
  fl_raise(w, "22000", pos, x != x ? "NaN not allowed in vector" : "infinite value not allowed in vector");
  return 0;
}
void flk_vector_array(fl_worker *w, fl_str *d, const fl_str *a, u32 kind, i32 want, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = no_text;
    if (!picked(m, i)) continue;
    fl_array h = array_head(&a[i]);
    if (h.nulls) {
      fl_raise_context_row(w, i, NULL);
      fl_raise(w, "22004", pos, "array must not contain nulls");
    }
    check_dimensions(w, i, h.count, want, pos);
    f32 *out = fl_temp(w, 4ul * h.count);
    for (u32 k = 0; k < h.count; k++) out[k] = finite_number(w, i, (f32)convert(w, i, &a[i], array_get(&a[i], kind, k), kind, FL_F32, pos).f, pos);
    d[i] = (fl_str){(const u8 *)out, 4ul * h.count};
  }
}
void flk_array_vector(fl_worker *w, fl_str *d, const fl_str *a, const u64 *m, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = no_text;
    if (!picked(m, i)) continue;
    array_writer out = array_begin(w, FL_F32, (u32)(a[i].n / 4), 0);
    if (a[i].n) __builtin_memcpy(out.start + sizeof(fl_array), a[i].p, a[i].n);
    d[i] = array_done(&out);
  }
}
void flk_vector_dims(fl_worker *w, fl_str *d, const fl_str *a, i32 want, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = no_text;
    if (!picked(m, i)) continue;
    check_dimensions(w, i, a[i].n / 4, want, pos);
    d[i] = a[i];
  }
}
void flk_vector_str(fl_worker *w, fl_str *d, const fl_str *a, i32 want, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = no_text;
    if (!picked(m, i)) continue;
    const u8 *p = a[i].p, *end = p + a[i].n;
    u64 most = 1, count = 0;
    for (const u8 *c = p; c < end; c++) most += *c == ',';
    f32 *out = fl_temp(w, 4 * (most < VECTOR_MOST ? most : VECTOR_MOST));
    while (p < end && fl_is_space(*p)) p++;
    int sound = p < end && *p++ == '[';
    while (sound && p < end && fl_is_space(*p)) p++;
    if (sound && p < end && *p == ']') check_dimensions(w, i, 0, want, pos);
    for (int more = sound; more;) {
      const u8 *from = p;
      while (p < end && *p != ',' && *p != ']') p++;
      if (count == VECTOR_MOST) check_dimensions(w, i, VECTOR_MOST + 1, want, pos);
      while (from < p && fl_is_space(*from)) from++;
      const u8 *to = p;
      while (to > from && fl_is_space(to[-1])) to--;
      fl_str number = {from, (u64)(to - from)};
      int err = p == end ? FL_SYNTAX : fl_get_f32(from, number.n, &out[count]);
      if (err == FL_RANGE) {
        fl_raise_context_row(w, i, &a[i]);
        fl_raise(w, "22003", pos, "\"%s\" is out of range for type vector", &number);
      }
      sound = !err;
      more = sound && *p == ',';
      count += (u64)sound;
      p += sound;
    }
    while (sound && p < end && fl_is_space(*p)) p++;
    if (!sound || p < end) {
      fl_raise_context_row(w, i, &a[i]);
      fl_raise(w, "22P02", pos, "invalid input syntax for type vector: \"%s\"", &a[i]);
    }
    for (u64 k = 0; k < count; k++) finite_number(w, i, out[k], pos);
    check_dimensions(w, i, count, want, pos);
    d[i] = (fl_str){(const u8 *)out, 4 * count};
  }
}
void flk_vector_at(fl_str *d, const u8 *data, u64 at, u64 stride, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = (fl_str){data + (at + i) * stride, stride};
}

/* ---- arguments of models ---- */
static int fits(fl_worker *w, u32 row, const fl_str *a, u32 kind, const u8 *shape, i32 pos) {
  u32 head[2];
  __builtin_memcpy(head, shape, sizeof head);
  const u8 *policies = shape + sizeof head;
  fl_str subject = {policies + head[0], head[1]};
  u64 count = kind == FL_VECTOR ? a->n / 4 : array_head(a).count;
  if (count != head[0]) {
    fl_raise_context_row(w, row, NULL);
    fl_raise(w, "22000", pos, "%s must have %d elements, not %d", &subject, (i64)head[0], (i64)count);
  }
  const u8 *bitmap = kind == FL_VECTOR ? NULL : array_bitmap(a);
  for (u32 k = 0; bitmap && k < count; k++) {
    if (!array_null(bitmap, k)) continue;
    if (policies[k] == 'n') return 0;
    if (policies[k] == 'a') continue;
    fl_raise_context_row(w, row, NULL);
    fl_raise(w, "22004", pos, "element %d of %s must not be NULL", (i64)k + 1, &subject);
  }
  return 1;
}
void flk_array_fits(fl_worker *w, u64 *d, const fl_str *a, u32 kind, const u8 *shape, const u64 *m, i32 pos, u32 n) {
  for (u32 k = 0; k < (n + 63) / 64; k++) d[k] = 0;
  ROWS(i, m, n) d[i / 64] |= (u64)fits(w, i, &a[i], kind, shape, pos) << (i % 64);
}
/* Raises where an integer is none of a model's narrow type. */
void flk_array_within(fl_worker *w, const fl_str *a, u32 kind, i64 lo, i64 hi, const u8 *subject, const u64 *m, i32 pos, u32 n) {
  u32 length;
  __builtin_memcpy(&length, subject, sizeof length);
  fl_str name = {subject + sizeof length, length};
  ROWS(i, m, n) {
    u32 count = array_head(&a[i]).count;
    for (u32 k = 0; k < count; k++) {
      i64 x = array_get(&a[i], kind, k).i; /* a null's is 0 */
      if (x >= lo && x <= hi) continue;
      fl_raise_context_row(w, i, NULL);
      fl_raise(w, "22003", pos, "element %d of argument \"%s\" is out of range: the model takes %d to %d", (i64)k + 1, &name, lo, hi);
    }
  }
}
/* Plain values are moved 16 rows by 16 elements at a time, so that the lines written stay in the cache. */
#define UNPACK(name, T, of, none, is_plain)                                                                     \
  void flk_unpack_##name(T *const *d, const fl_str *a, u32 count, u32 kind, const u64 *m, u32 n) {              \
    for (u32 from = 0; from < n; from += 16) {                                                                  \
      u32 to = n < from + 16 ? n : from + 16;                                                                   \
      for (u32 at = 0; at < count; at += 16) {                                                                  \
        u32 end = count < at + 16 ? count : at + 16;                                                            \
        for (u32 i = from; i < to; i++) {                                                                       \
          if (!picked(m, i)) {                                                                                  \
            for (u32 k = at; k < end; k++) d[k][i] = (T)none;                                                   \
          } else if (is_plain && (kind == FL_VECTOR || !array_head(&a[i]).nulls)) {                             \
            const u8 *p = kind == FL_VECTOR ? a[i].p : array_values(&a[i]);                                     \
            for (u32 k = at; k < end; k++) __builtin_memcpy(&d[k][i], p + k * sizeof(T), sizeof(T));            \
          } else {                                                                                              \
            const u8 *bitmap = array_bitmap(&a[i]);                                                             \
            for (u32 k = at; k < end; k++) d[k][i] = array_null(bitmap, k) ? (T)none : (T)array_get(&a[i], kind, k).of; \
          }                                                                                                     \
        }                                                                                                       \
      }                                                                                                         \
    }                                                                                                           \
  }
UNPACK(i32, i32, i, 0, kind == FL_I32)
UNPACK(i64, i64, i, 0, 1)
UNPACK(f32, f32, f, __builtin_nan(""), 1)
UNPACK(f64, f64, f, __builtin_nan(""), 1)
void flk_unpack_str(fl_str *const *d, const fl_str *a, u32 count, u32 kind, const u64 *m, u32 n) {
  for (u32 i = 0; i < n; i++) {
    const u8 *bitmap = picked(m, i) ? array_bitmap(&a[i]) : NULL;
    for (u32 k = 0; k < count; k++) d[k][i] = !picked(m, i) || array_null(bitmap, k) ? no_text : array_get(&a[i], kind, k).s;
  }
}
