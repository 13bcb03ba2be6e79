/* result.c: rows of a block as DataRow messages of the Postgres protocol, in the text or binary form of each column's type. */
#include "array.h"
#include "num.h"
#include "value.h"

/* ---- big endian ---- */
static inline u8 *put16(u8 *d, u32 x) {
  x = (u32)__builtin_bswap16((u16)x);
  __builtin_memcpy(d, &x, 2);
  return d + 2;
}
static inline u8 *put32(u8 *d, u32 x) {
  x = __builtin_bswap32(x);
  __builtin_memcpy(d, &x, 4);
  return d + 4;
}
static inline u8 *put64(u8 *d, u64 x) {
  x = __builtin_bswap64(x);
  __builtin_memcpy(d, &x, 8);
  return d + 8;
}

/* ---- values ---- */
static inline int is_null(const fl_vec *v, u32 row) { return v->valid && !(v->valid[row / 64] >> (row % 64) & 1); }
#define AT(T, v, row) (((const T *)(v)->data)[(v)->constant ? 0 : (row)])
static inline int truth(const fl_vec *v, u32 row) {
  u32 at = v->constant ? 0 : row;
  return (int)(((const u64 *)v->data)[at / 64] >> (at % 64) & 1);
}

/* Most bytes of a value in either form, its length word not counted. */
static u64 bound(const fl_vec *v, u32 row) {
  switch (v->kind) {
  case FL_STR: return AT(fl_str, v, row).n;
  case FL_NUM: {
    num x = num_read(&AT(fl_str, v, row));
    return num_text_size(&x) + 8 + (u64)x.ndigits * 2;
  }
  case FL_INTERVAL: return FL_PUT_INTERVAL;
  case FL_PACKED: return array_bound(&AT(fl_str, v, row), (u32)v->scale);
  case FL_VECTOR: return vector_bound(&AT(fl_str, v, row));
  case FL_ARRAY:
  case FL_RECORD: {
    u64 n = 24;
    for (u32 k = 0; k < v->count; k++) n += 16 + (is_null(&v->elems[k], row) ? 0 : 2 * bound(&v->elems[k], row));
    return n;
  }
  }
  return 48;
}
static int has_fixed_bound(const fl_vec *v) {
  return v->kind != FL_STR && v->kind != FL_NUM && v->kind < FL_ARRAY;
}

static u8 *put_text(fl_worker *w, u8 *d, const fl_vec *v, u32 row);

/* ---- text of arrays and records ---- */
static int same_word(const u8 *p, u64 n, const char *word) {
  for (u64 i = 0; i < n; i++)
    if ((p[i] | 0x20) != word[i]) return 0;
  return !word[n];
}
int fl_needs_quotes(const u8 *p, u64 n, int record) {
  if (!n || (!record && n == 4 && same_word(p, n, "null"))) return 1;
  for (u64 i = 0; i < n; i++) {
    u8 c = p[i];
    if (c == '"' || c == '\\' || c == ',' || fl_is_space(c) || (record ? c == '(' || c == ')' : c == '{' || c == '}')) return 1;
  }
  return 0;
}
u8 *fl_put_quoted(u8 *d, const u8 *p, u64 n, int record) {
  *d++ = '"';
  for (u64 i = 0; i < n; i++) {
    if (p[i] == '"' || p[i] == '\\') *d++ = record ? p[i] : '\\';
    *d++ = p[i];
  }
  *d++ = '"';
  return d;
}
static u8 *put_members(fl_worker *w, u8 *d, const fl_vec *v, u32 row) {
  int record = v->kind == FL_RECORD;
  *d++ = record ? '(' : '{';
  for (u32 k = 0; k < v->count; k++) {
    const fl_vec *e = &v->elems[k];
    if (k) *d++ = ',';
    if (is_null(e, row)) {
      if (!record) {
        __builtin_memcpy(d, "NULL", 4);
        d += 4;
      }
      continue;
    }
    if (has_fixed_bound(e) && e->kind != FL_TIMESTAMP && e->kind != FL_INTERVAL) { /* never in need of quotes */
      d = put_text(w, d, e, row);
      continue;
    }
    u8 *text = fl_temp(w, bound(e, row));
    u64 n = (u64)(put_text(w, text, e, row) - text);
    if (fl_needs_quotes(text, n, record) && !((e->kind == FL_ARRAY || e->kind == FL_PACKED) && !record)) {
      d = fl_put_quoted(d, text, n, record);
    } else {
      __builtin_memcpy(d, text, n);
      d += n;
    }
  }
  *d++ = record ? ')' : '}';
  return d;
}

static u8 *put_text(fl_worker *w, u8 *d, const fl_vec *v, u32 row) {
  switch (v->kind) {
  case FL_BOOL: *d = truth(v, row) ? 't' : 'f'; return d + 1;
  case FL_I16:
  case FL_I32: return d + fl_put_i64(d, AT(i32, v, row));
  case FL_I64: return d + fl_put_i64(d, AT(i64, v, row));
  case FL_F32: return d + fl_put_f32(d, AT(f32, v, row));
  case FL_F64: return d + fl_put_f64(d, AT(f64, v, row));
  case FL_DEC64: return d + fl_put_dec64(d, AT(i64, v, row), (u32)v->scale);
  case FL_DEC128: return d + fl_put_dec128(d, AT(fl_i128, v, row), (u32)v->scale);
  case FL_NUM: {
    num x = num_read(&AT(fl_str, v, row));
    return d + num_put(d, &x);
  }
  case FL_STR: {
    fl_str s = AT(fl_str, v, row);
    if (s.n) __builtin_memcpy(d, s.p, s.n);
    return d + s.n;
  }
  case FL_DATE: return d + fl_put_date(d, AT(i32, v, row));
  case FL_TIMESTAMP: return d + fl_put_timestamp(d, AT(i64, v, row));
  case FL_INTERVAL: return d + fl_put_interval(d, AT(fl_interval, v, row));
  case FL_PACKED: return array_put_text(d, &AT(fl_str, v, row), (u32)v->scale);
  case FL_VECTOR: return vector_put_text(d, &AT(fl_str, v, row));
  default: return put_members(w, d, v, row);
  }
}

/* ---- binary ---- */
static const u32 oids[] = {[FL_BOOL] = 16,      [FL_I16] = 21,        [FL_I32] = 23,       [FL_I64] = 20,   [FL_F32] = 700,
                           [FL_F64] = 701,      [FL_DEC64] = 1700,    [FL_DEC128] = 1700,  [FL_NUM] = 1700, [FL_STR] = 25,
                           [FL_DATE] = 1082,    [FL_TIMESTAMP] = 1114, [FL_INTERVAL] = 1186, [FL_RECORD] = 2249, [FL_ARRAY] = 2277,
                           [FL_VECTOR] = 16384};
static u32 oid(const fl_vec *v) {
  static const u32 arrays[] = {[FL_BOOL] = 1000,  [FL_I16] = 1005,      [FL_I32] = 1007,     [FL_I64] = 1016, [FL_F32] = 1021,
                               [FL_F64] = 1022,   [FL_DEC64] = 1231,    [FL_DEC128] = 1231,  [FL_NUM] = 1231, [FL_STR] = 1009,
                               [FL_DATE] = 1182,  [FL_TIMESTAMP] = 1115, [FL_INTERVAL] = 1187, [FL_RECORD] = 2287, [FL_ARRAY] = 2277};
  if (v->kind == FL_PACKED) return arrays[v->scale];
  return v->kind == FL_ARRAY && v->count ? arrays[v->elems->kind] : oids[v->kind];
}
static u8 *put_num_binary(u8 *d, const num *x) {
  d = put16(d, (u32)x->ndigits);
  d = put16(d, (u32)x->weight);
  d = put16(d, x->sign);
  d = put16(d, x->dscale);
  for (i32 i = 0; i < x->ndigits; i++) d = put16(d, (u32)x->digits[i]);
  return d;
}
static u8 *put_value(fl_worker *w, u8 *d, const fl_vec *v, u32 row, int binary);
static u8 *put_binary(fl_worker *w, u8 *d, const fl_vec *v, u32 row) {
  switch (v->kind) {
  case FL_BOOL: *d = (u8)truth(v, row); return d + 1;
  case FL_I16: return put16(d, (u32)AT(i32, v, row));
  case FL_I32:
  case FL_DATE:
  case FL_F32: return put32(d, AT(u32, v, row));
  case FL_I64:
  case FL_TIMESTAMP:
  case FL_F64: return put64(d, AT(u64, v, row));
  case FL_INTERVAL: {
    fl_interval x = AT(fl_interval, v, row);
    return put32(put32(put64(d, (u64)x.micros), (u32)x.days), (u32)x.months);
  }
  case FL_DEC64:
  case FL_DEC128: {
    num x = num_of_dec(w, v->kind == FL_DEC64 ? (wide)AT(i64, v, row) : wide_of(AT(fl_i128, v, row)), (u32)v->scale);
    return put_num_binary(d, &x);
  }
  case FL_NUM: {
    num x = num_read(&AT(fl_str, v, row));
    return put_num_binary(d, &x);
  }
  case FL_PACKED: return array_put_binary(d, &AT(fl_str, v, row), (u32)v->scale, oids[v->scale]);
  case FL_VECTOR: return vector_put_binary(d, &AT(fl_str, v, row));
  case FL_ARRAY: {
    u32 nulls = 0;
    for (u32 k = 0; k < v->count; k++) nulls |= (u32)is_null(&v->elems[k], row);
    d = put32(d, v->count != 0);
    d = put32(d, nulls);
    d = put32(d, v->count ? oid(v->elems) : 25);
    if (v->count) d = put32(put32(d, v->count), 1);
    for (u32 k = 0; k < v->count; k++) d = put_value(w, d, &v->elems[k], row, 1);
    return d;
  }
  case FL_RECORD:
    d = put32(d, v->count);
    for (u32 k = 0; k < v->count; k++) d = put_value(w, put32(d, oid(&v->elems[k])), &v->elems[k], row, 1);
    return d;
  }
  return put_text(w, d, v, row);
}

/* A length word and the value, or -1. */
static u8 *put_value(fl_worker *w, u8 *d, const fl_vec *v, u32 row, int binary) {
  if (is_null(v, row)) return put32(d, (u32)-1);
  u8 *end = binary ? put_binary(w, d + 4, v, row) : put_text(w, d + 4, v, row);
  put32(d, (u32)(end - d - 4));
  return end;
}

/* ---- rows ---- */
void flk_result_rows(fl_worker *w, const fl_vec *cols, u32 ncols, const i16 *formats, const u64 *mask, u32 n) {
  u32 left = flk_count(mask, n), rows = 0;
  u64 fixed = 7, room = 0;
  for (u32 c = 0; c < ncols; c++) fixed += 4 + (has_fixed_bound(&cols[c]) ? bound(&cols[c], 0) : 0);
  u8 *start = NULL, *d = NULL;
  ROWS(i, mask, n) {
    u64 need = fixed;
    for (u32 c = 0; c < ncols; c++)
      if (!has_fixed_bound(&cols[c]) && !is_null(&cols[c], i)) need += bound(&cols[c], i);
    if (need > 0x3fffffff) fl_raise(w, "54000", 0, "result row is longer than 1 GB");
    if (need > room - (u64)(d - start)) {
      if (rows) fl_result_used(w, (u64)(d - start), rows);
      room = fixed * (left < 256 ? left : 256);
      if (room < need) room = need;
      start = d = fl_result_room(w, room);
      rows = 0;
    }
    u8 *row = d;
    *d = 'D';
    d = put16(d + 5, ncols);
    for (u32 c = 0; c < ncols; c++) d = put_value(w, d, &cols[c], i, formats && formats[c]);
    put32(row + 1, (u32)(d - row - 1));
    rows++;
    left--;
  }
  if (rows) fl_result_used(w, (u64)(d - start), rows);
}
