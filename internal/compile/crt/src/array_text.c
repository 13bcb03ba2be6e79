/* array_text.c: arrays and vectors to text and binary, and arrays from text. */
#include "array.h"
#include "rowctx.h"

/* ---- output ---- */
u64 array_bound(const fl_str *a, u32 kind) {
  u64 count = array_head(a).count;
  return 24 + (kind == FL_STR ? count * 12 + 2 * a->n : count * (FL_PUT_F64 + 4));
}
u8 *array_put_number(u8 *d, array_element e, u32 kind) {
  switch (kind) {
  case FL_BOOL: *d = e.i ? 't' : 'f'; return d + 1;
  case FL_F32: return d + fl_put_f32(d, (f32)e.f);
  case FL_F64: return d + fl_put_f64(d, e.f);
  }
  return d + fl_put_i64(d, e.i);
}
static u8 *put_bytes(u8 *d, const u8 *p, u64 n) {
  if (n) __builtin_memcpy(d, p, n);
  return d + n;
}
u8 *array_put_text(u8 *d, const fl_str *a, u32 kind) {
  u32 count = array_head(a).count;
  const u8 *bitmap = array_bitmap(a);
  *d++ = '{';
  for (u32 k = 0; k < count; k++) {
    if (k) *d++ = ',';
    if (array_null(bitmap, k)) {
      d = put_bytes(d, (const u8 *)"NULL", 4);
      continue;
    }
    array_element e = array_get(a, kind, k);
    if (kind != FL_STR) d = array_put_number(d, e, kind);
    else if (fl_needs_quotes(e.s.p, e.s.n, 0)) d = fl_put_quoted(d, e.s.p, e.s.n, 0);
    else d = put_bytes(d, e.s.p, e.s.n);
  }
  *d++ = '}';
  return d;
}
static u8 *put_be(u8 *d, u64 x, u32 bytes) {
  for (u32 k = bytes; k-- > 0; x >>= 8) d[k] = (u8)x;
  return d + bytes;
}
u8 *array_put_binary(u8 *d, const fl_str *a, u32 kind, u32 oid) {
  fl_array h = array_head(a);
  const u8 *bitmap = array_bitmap(a);
  u32 width = array_width(kind);
  d = put_be(put_be(put_be(d, h.count != 0, 4), h.nulls != 0, 4), oid, 4);
  if (h.count) d = put_be(put_be(d, h.count, 4), 1, 4);
  for (u32 k = 0; k < h.count; k++) {
    if (array_null(bitmap, k)) {
      d = put_be(d, 0xffffffff, 4);
      continue;
    }
    if (!width) {
      fl_str s = array_get(a, kind, k).s;
      d = put_bytes(put_be(d, s.n, 4), s.p, s.n);
      continue;
    }
    u64 bits = 0;
    __builtin_memcpy(&bits, array_values(a) + (u64)k * width, width);
    d = put_be(put_be(d, width, 4), bits, width);
  }
  return d;
}
u64 vector_bound(const fl_str *a) { return 8 + a->n / 4 * (FL_PUT_F64 + 1); }
u8 *vector_put_text(u8 *d, const fl_str *a) {
  *d++ = '[';
  for (u64 k = 0; k < a->n; k += 4) {
    f32 x;
    __builtin_memcpy(&x, a->p + k, 4);
    if (k) *d++ = ',';
    d += fl_put_f32(d, x);
  }
  *d++ = ']';
  return d;
}
u8 *vector_put_binary(u8 *d, const fl_str *a) {
  d = put_be(put_be(d, a->n / 4, 2), 0, 2);
  for (u64 k = 0; k < a->n; k += 4) {
    u32 bits;
    __builtin_memcpy(&bits, a->p + k, 4);
    d = put_be(d, bits, 4);
  }
  return d;
}

/* ---- input: sqltype/array.go has the same ---- */
array_element array_parse(fl_worker *w, u32 row, const fl_str *whole, const fl_str *s, u32 kind, i32 pos) {
  static const char *const names[] = {[FL_BOOL] = "boolean", [FL_I16] = "smallint", [FL_I32] = "integer", [FL_I64] = "bigint",
                                      [FL_F32] = "real", [FL_F64] = "double precision"};
  array_element e = {.s = *s};
  u32 truth = 0;
  f32 single = 0;
  int err = FL_OK;
  switch (kind) {
  case FL_STR: return e;
  case FL_BOOL: err = fl_get_bool(s->p, s->n, &truth) ? FL_SYNTAX : FL_OK; e.i = truth; break;
  case FL_F32: err = fl_get_f32(s->p, s->n, &single); e.f = single; break;
  case FL_F64: err = fl_get_f64(s->p, s->n, &e.f); break;
  default:
    err = fl_get_i64(s->p, s->n, &e.i);
    if (!err && !int_fits(e.i, (i32)array_width(kind) * 8)) err = FL_RANGE;
  }
  if (err) fl_refuse_text(w, row, whole, s, names[kind], err, pos);
  return e;
}

typedef struct {
  fl_worker *w;
  u32 row;
  i32 pos;
  const fl_str *s;
  u64 i;                   /* read so far */
  u8 *buffer;              /* for an element without its quotes and escapes: as many bytes as s */
  fl_str text;             /* the element */
  int plain;               /* nothing in it was quoted or escaped */
} scanner;

static void malformed(scanner *c, const char *detail, u8 at) {
  char format[128];
  u64 n = 0;
  for (const char *p = "malformed array literal: \"%s\"\n"; *p; p++) format[n++] = *p;
  for (const char *p = detail; *p; p++) format[n++] = *p == '?' ? (char)at : *p;
  format[n] = 0;
  fl_raise_context_row(c->w, c->row, c->s);
  fl_raise(c->w, "22P02", c->pos, format, c->s);
}
static void lacks(scanner *c, const char *message) {
  fl_raise_context_row(c->w, c->row, c->s);
  fl_raise(c->w, "0A000", c->pos, message);
}
static void unexpected(scanner *c, u8 at) { malformed(c, "Unexpected \"?\" character.", at); }
static void cut_short(scanner *c) { malformed(c, "Unexpected end of input.", 0); }
static void skip_spaces(scanner *c) {
  while (c->i < c->s->n && fl_is_space(c->s->p[c->i])) c->i++;
}
static void finish_array(scanner *c) {
  c->i++;
  skip_spaces(c);
  if (c->i < c->s->n) malformed(c, "Junk after closing right brace.", 0);
}
/* Up to the first element; 0 if there is none. */
static int open_array(scanner *c) {
  skip_spaces(c);
  if (c->i < c->s->n && c->s->p[c->i] == '[') lacks(c, "an array with explicit bounds is not supported");
  if (c->i == c->s->n || c->s->p[c->i] != '{') malformed(c, "Array value must start with \"{\" or dimension information.", 0);
  c->i++;
  skip_spaces(c);
  if (c->i < c->s->n && c->s->p[c->i] == '}') {
    finish_array(c);
    return 0;
  }
  return 1;
}
/* The element whose opening quote is at i. */
static void quoted_element(scanner *c) {
  const u8 *p = c->s->p;
  u64 n = c->s->n, out = 0;
  for (c->i++; c->i < n && p[c->i] != '"'; c->i++) {
    if (p[c->i] == '\\' && ++c->i == n) break;
    c->buffer[out++] = p[c->i];
  }
  c->text = (fl_str){c->buffer, out};
  if (c->i < n) c->i++;
  skip_spaces(c);
  if (c->i == n) cut_short(c);
  u8 next = p[c->i];
  if (next == ',' || next == '}') return;
  if (next == '{' || next == '\\') unexpected(c, next);
  malformed(c, "Unexpected array element.", 0);
}
static void plain_element(scanner *c) {
  const u8 *p = c->s->p;
  u64 n = c->s->n, out = 0, kept = 0; /* white space up to kept was escaped */
  for (; c->i < n; c->i++) {
    switch (p[c->i]) {
    case ',':
    case '}':
      while (out > kept && fl_is_space(c->buffer[out - 1])) out--;
      c->text = (fl_str){c->buffer, out};
      return;
    case '"': malformed(c, "Unexpected array element.", 0); break;
    case '{': unexpected(c, '{'); break;
    case '\\':
      if (++c->i == n) cut_short(c);
      c->buffer[out++] = p[c->i];
      kept = out;
      c->plain = 0;
      continue;
    }
    c->buffer[out++] = p[c->i];
  }
  cut_short(c);
}
/* The next element; i is at the comma or brace after it. */
static void scan_element(scanner *c) {
  skip_spaces(c);
  if (c->i == c->s->n) cut_short(c);
  u8 first = c->s->p[c->i];
  if (first == '{') lacks(c, "an array of more than one dimension is not supported");
  if (first == ',' || first == '}') unexpected(c, first);
  c->plain = first != '"';
  if (c->plain) plain_element(c);
  else quoted_element(c);
}
static int is_null_word(const fl_str *s) {
  return s->n == 4 && (s->p[0] | 0x20) == 'n' && (s->p[1] | 0x20) == 'u' && (s->p[2] | 0x20) == 'l' && (s->p[3] | 0x20) == 'l';
}
static fl_str array_of(fl_worker *w, u32 row, const fl_str *s, u32 kind, u8 *buffer, i32 pos) {
  scanner c = {.w = w, .row = row, .pos = pos, .s = s, .buffer = buffer};
  u32 count = 0;
  int more = open_array(&c);
  u64 start = c.i;
  for (int left = more; left; c.i++) {
    scan_element(&c);
    count++;
    if (!(left = s->p[c.i] == ',')) finish_array(&c);
  }
  array_writer a = array_begin(w, kind, count, kind == FL_STR ? s->n : 0);
  c.i = start;
  for (u32 k = 0; k < count; k++, c.i++) {
    scan_element(&c);
    if (c.plain && is_null_word(&c.text)) array_put_null(&a);
    else array_put(&a, array_parse(w, row, s, &c.text, kind, pos));
  }
  return array_done(&a);
}
void flk_array_str(fl_worker *w, fl_str *d, const fl_str *a, u32 kind, const u64 *m, i32 pos, u32 n) {
  u64 most = 0;
  ROWS(i, m, n) if (a[i].n > most) most = a[i].n;
  u8 *buffer = fl_temp(w, most + 1);
  for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? array_of(w, i, &a[i], kind, buffer, pos) : no_text;
}
