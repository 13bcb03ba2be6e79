/* cast_text.c: kernels from text to every other type and back; errors name the text, as PostgreSQL's input functions do. */
#include "array.h"
#include "num.h"
#include "rowctx.h"
#include "value.h"

/* ---- from text ---- */
void fl_refuse_text(fl_worker *w, u32 row, const fl_str *whole, const fl_str *s, const char *type, int why, i32 pos) {
  fl_str name = {(const u8 *)type, __builtin_strlen(type)};
  int number = type[0] == 's' || __builtin_strcmp(type, "integer") == 0 || type[0] == 'b';
  fl_raise_context_row(w, row, whole);
  switch (why) {
  case FL_SYNTAX:
    fl_raise(w, type[0] == 'd' && type[1] == 'a' ? "22007" : type[0] == 't' || __builtin_strcmp(type, "interval") == 0 ? "22007" : "22P02",
             pos, "invalid input syntax for type %s: \"%s\"", &name, s);
    break;
  case FL_NUMERIC_RANGE: fl_raise(w, "22003", pos, "value overflows numeric format"); break;
  case FL_ZONE: fl_raise(w, "22009", pos, "time zone displacement out of range: \"%s\"", s); break;
  case FL_FIELD:
    if (type[0] == 'i') fl_raise(w, "22015", pos, "interval field value out of range: \"%s\"", s);
    fl_raise(w, "22008", pos, "date/time field value out of range: \"%s\"", s);
    break;
  }
  if (__builtin_strcmp(type, "interval") == 0) fl_raise(w, "22008", pos, "interval out of range");
  if (type[0] == 't' || __builtin_strcmp(type, "date") == 0) fl_raise(w, "22008", pos, "%s out of range: \"%s\"", &name, s);
  if (number) fl_raise(w, "22003", pos, "value \"%s\" is out of range for type %s", s, &name);
  fl_raise(w, "22003", pos, "\"%s\" is out of range for type %s", s, &name);
}

static void refuse(fl_worker *w, u32 row, const fl_str *s, const char *type, int why, i32 pos) {
  fl_refuse_text(w, row, s, s, type, why, pos);
}

#define FROM_TEXT(name, T, get, type)                                                                       \
  void flk_##name##_str(fl_worker *w, T *d, const fl_str *a, const u64 *m, i32 pos, u32 n) {                \
    for (u32 i = 0; i < n; i++) {                                                                           \
      d[i] = (T){0};                                                                                        \
      if (!picked(m, i)) continue;                                                                          \
      int err = get(a[i].p, a[i].n, &d[i]);                                                                 \
      if (err) refuse(w, i, &a[i], type, err, pos);                                                         \
    }                                                                                                       \
  }
FROM_TEXT(f64, f64, fl_get_f64, "double precision")
FROM_TEXT(f32, f32, fl_get_f32, "real")
FROM_TEXT(date, i32, fl_get_date, "date")
FROM_TEXT(timestamp, i64, fl_get_timestamp, "timestamp")
FROM_TEXT(interval, fl_interval, fl_get_interval, "interval")

void flk_int_str(fl_worker *w, i64 *d, const fl_str *a, i32 bits, const u64 *m, i32 pos, u32 n) {
  const char *type = bits == 16 ? "smallint" : bits == 32 ? "integer" : "bigint";
  for (u32 i = 0; i < n; i++) {
    d[i] = 0;
    if (!picked(m, i)) continue;
    int err = fl_get_i64(a[i].p, a[i].n, &d[i]);
    if (!err && !int_fits(d[i], bits)) err = FL_RANGE;
    if (err) refuse(w, i, &a[i], type, err, pos);
  }
}
void flk_bool_str(fl_worker *w, u64 *d, const fl_str *a, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < (n + 63) / 64; i++) d[i] = 0;
  ROWS(i, m, n) {
    u32 x = 0;
    if (fl_get_bool(a[i].p, a[i].n, &x)) refuse(w, i, &a[i], "boolean", FL_SYNTAX, pos);
    d[i / 64] |= (u64)x << (i % 64);
  }
}
static const fl_num zero_head = {0, 0, 0, 0};
void flk_num_str(fl_worker *w, fl_str *d, const fl_str *a, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = (fl_str){(const u8 *)&zero_head, sizeof zero_head};
    if (!picked(m, i)) continue;
    num x;
    int err = num_get(w, a[i].p, a[i].n, &x);
    if (err) refuse(w, i, &a[i], "numeric", err, pos);
    if (x.weight > 32767 || x.weight < -32768 || x.dscale > NUM_DSCALE_MAX) refuse(w, i, &a[i], "numeric", FL_NUMERIC_RANGE, pos);
    d[i] = num_pack(w, x, pos);
  }
}
/* Digits with at most one point, few enough for 64 bits with `scale` digits after the point, and no more there: unscaled. */
static int plain_decimal(const u8 *p, u64 n, u32 scale, i64 *x) {
  if (n > 18 || scale > 18) return 0;
  const u8 *end = p + n;
  int minus = n && *p == '-', point = 0;
  u32 after = 0, digits = 0;
  u64 v = 0;
  for (p += minus; p < end; p++) {
    u32 c = (u32)*p - '0';
    if (c < 10) {
      v = v * 10 + c;
      after += (u32)point;
      digits++;
    } else if (*p == '.' && !point) {
      point = 1;
    } else {
      return 0;
    }
  }
  if (!digits || after > scale || digits - after + scale > 18) return 0;
  v *= (u64)fl_pow10[scale - after];
  *x = minus ? -(i64)v : (i64)v;
  return 1;
}
static wide decimal(fl_worker *w, u32 row, const fl_str *s, i32 precision, i32 scale, i32 pos) {
  num x;
  wide v = 0;
  int err = num_get(w, s->p, s->n, &x);
  if (err) refuse(w, row, s, "numeric", err, pos);
  x = num_round(w, &x, scale);
  if (!num_special(&x) && num_fits(&x, precision, scale) && num_to_dec(w, &x, scale, &v)) return v;
  fl_raise_context_row(w, row, s);
  if (x.sign == NUM_NAN) fl_raise(w, "0A000", pos, "NaN in a numeric with precision is not supported");
  num_typmod_error(w, &x, precision, scale, pos);
  return 0;
}
void flk_dec64_str(fl_worker *w, i64 *d, const fl_str *a, i32 precision, i32 scale, const u64 *m, i32 pos, u32 n) {
  i64 limit = precision <= 18 ? (i64)fl_pow10[precision] : 0, x;
  for (u32 i = 0; i < n; i++) {
    d[i] = 0;
    if (!picked(m, i)) continue;
    if (scale >= 0 && plain_decimal(a[i].p, a[i].n, (u32)scale, &x) && x < limit && x > -limit) d[i] = x;
    else d[i] = (i64)decimal(w, i, &a[i], precision, scale, pos);
  }
}
void flk_dec128_str(fl_worker *w, fl_i128 *d, const fl_str *a, i32 precision, i32 scale, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = wide_to(picked(m, i) ? decimal(w, i, &a[i], precision, scale, pos) : 0);
}

/* ---- to text ---- */
static u64 text_of(const fl_vec *v, u32 at, u8 *d) {
  switch (v->kind) {
  case FL_BOOL: {
    int x = (int)(((const u64 *)v->data)[at / 64] >> (at % 64) & 1);
    __builtin_memcpy(d, x ? "true" : "false", x ? 4 : 5);
    return x ? 4 : 5;
  }
  case FL_I16:
  case FL_I32: return fl_put_i64(d, ((const i32 *)v->data)[at]);
  case FL_I64: return fl_put_i64(d, ((const i64 *)v->data)[at]);
  case FL_F32: return fl_put_f32(d, ((const f32 *)v->data)[at]);
  case FL_F64: return fl_put_f64(d, ((const f64 *)v->data)[at]);
  case FL_DEC64: return fl_put_dec64(d, ((const i64 *)v->data)[at], (u32)v->scale);
  case FL_DEC128: return fl_put_dec128(d, ((const fl_i128 *)v->data)[at], (u32)v->scale);
  case FL_DATE: return fl_put_date(d, ((const i32 *)v->data)[at]);
  case FL_TIMESTAMP: return fl_put_timestamp(d, ((const i64 *)v->data)[at]);
  case FL_INTERVAL: return fl_put_interval(d, ((const fl_interval *)v->data)[at]);
  }
  return 0;
}
void flk_str_any(fl_worker *w, fl_str *d, const fl_vec *v, const u64 *m, u32 n) {
  for (u32 i = 0; i < n; i++) {
    u32 at = v->constant ? 0 : i;
    u8 *text;
    d[i] = (fl_str){(const u8 *)"", 0};
    if (!picked(m, i)) continue;
    if (v->kind == FL_STR) {
      d[i] = ((const fl_str *)v->data)[at];
    } else if (v->kind == FL_NUM) {
      num x = num_read(&((const fl_str *)v->data)[at]);
      text = fl_temp(w, num_text_size(&x));
      d[i] = (fl_str){text, num_put(text, &x)};
    } else if (v->kind == FL_PACKED) {
      const fl_str *a = &((const fl_str *)v->data)[at];
      text = fl_temp(w, array_bound(a, (u32)v->scale));
      d[i] = (fl_str){text, (u64)(array_put_text(text, a, (u32)v->scale) - text)};
    } else if (v->kind == FL_VECTOR) {
      const fl_str *a = &((const fl_str *)v->data)[at];
      text = fl_temp(w, vector_bound(a));
      d[i] = (fl_str){text, (u64)(vector_put_text(text, a) - text)};
    } else {
      text = fl_temp(w, FL_PUT_INTERVAL);
      d[i] = (fl_str){text, text_of(v, at, text)};
    }
  }
}

/* ---- limits of length ---- */
/* Bytes of the first `limit` characters; *rest: whether there are more. */
static u64 first_chars(const fl_str *s, u64 limit, int *rest) {
  u64 at = 0, count = 0;
  *rest = 0;
  if (s->n <= limit) return s->n;
  for (; at < s->n; at++) {
    if ((s->p[at] & 0xC0) == 0x80) continue;
    if (count++ == limit) {
      *rest = 1;
      return at;
    }
  }
  return s->n;
}
static u64 limited(fl_worker *w, u32 row, const fl_str *s, i32 limit, i32 assign, const char *type, i32 pos) {
  int rest;
  u64 n = first_chars(s, (u64)limit, &rest);
  if (rest && assign) {
    for (u64 k = n; k < s->n; k++)
      if (s->p[k] != ' ') {
        fl_str name = {(const u8 *)type, __builtin_strlen(type)};
        fl_raise_context_row(w, row, s);
        fl_raise(w, "22001", pos, "value too long for type %s(%d)", &name, (i64)limit);
      }
  }
  return n;
}
void flk_varchar_str(fl_worker *w, fl_str *d, const fl_str *a, i32 limit, i32 assign, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = (fl_str){(const u8 *)"", 0};
    if (picked(m, i)) d[i] = (fl_str){a[i].p, limited(w, i, &a[i], limit, assign, "character varying", pos)};
  }
}
void flk_char_str(fl_worker *w, fl_str *d, const fl_str *a, i32 limit, i32 assign, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = (fl_str){(const u8 *)"", 0};
    if (!picked(m, i)) continue;
    u64 kept = limited(w, i, &a[i], limit, assign, "character", pos), chars = 0;
    for (u64 k = 0; k < kept; k++) chars += (a[i].p[k] & 0xC0) != 0x80;
    d[i] = (fl_str){a[i].p, kept};
    if (chars == (u64)limit) continue;
    u8 *p = fl_temp(w, kept + (u64)limit - chars);
    if (kept) __builtin_memcpy(p, a[i].p, kept);
    __builtin_memset(p + kept, ' ', (u64)limit - chars);
    d[i] = (fl_str){p, kept + (u64)limit - chars};
  }
}
