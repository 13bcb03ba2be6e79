/* csv_row.c: one row of COPY data the slow way, exactly as PostgreSQL's CopyReadLine and CopyReadAttributes see it. */
#include "csv_row.h"

/* ---- finding the line's end ---- */

/* The error of a row, kept until the rows before it have been handed out. */
static const u8 *fail(row_error *e, const char *state, const char *message) {
  e->state = state;
  e->message = message;
  return NULL;
}

static const u8 *bad_return(const reader *r, row_error *e) {
  return fail(e, "22P04", r->text ? "literal carriage return found in data" : "unquoted carriage return found in data");
}

static const u8 *bad_newline(const reader *r, row_error *e) {
  return fail(e, "22P04", r->text ? "literal newline found in data" : "unquoted newline found in data");
}

/* Something that looks like the \. marker stands at p: 1 to go on with it as data (CSV takes what it cannot be for that),
 * 0 when it is the marker or an error. */
static int marker_is_data(const reader *r, const u8 *p, row_error *e) {
  const u8 *q = p + 2;
  if (r->eol == EOL_CRNL) {
    if (q < r->end && *q == '\n' && r->text) goto style;
    if (q >= r->end || *q != '\r') goto corrupt;
    q++;
  }
  if (q >= r->end || (*q != '\r' && *q != '\n')) goto corrupt;
  if (r->eol == EOL_UNKNOWN || *q == (r->eol == EOL_CR ? '\r' : '\n')) return 0;
style:
  fail(e, "22P04", "end-of-copy marker does not match previous newline style");
  return 0;
corrupt:
  if (r->text) fail(e, "22P04", "end-of-copy marker corrupt");
  return !r->text;
}

const u8 *fl_csv_line_end(reader *r, const u8 *row, const u8 **next, row_error *e) {
  int in = 0, esc = 0;
  u8 escape = r->text || r->escape == r->quote ? 0 : r->escape;
  for (const u8 *p = row; p < r->end; p++) {
    u8 b = *p;
    e->seen = p;
    if (!r->text) {
      if (in && escape && b == escape) esc = !esc;
      if (b == r->quote && !esc) in = !in;
      if (!escape || b != escape) esc = 0;
    }
    if (in) continue;
    if (b == '\r') {
      int nl = p + 1 < r->end && p[1] == '\n';
      if (r->eol == EOL_NL || (r->eol == EOL_CRNL && !nl)) return bad_return(r, e);
      if (r->eol == EOL_UNKNOWN) r->eol = nl ? EOL_CRNL : EOL_CR;
      *next = p + 1 + (r->eol == EOL_CRNL);
      return p;
    }
    if (b == '\n') {
      if (r->eol == EOL_CR || r->eol == EOL_CRNL) return bad_newline(r, e);
      r->eol = EOL_NL;
      *next = p + 1;
      return p;
    }
    if (b != '\\' || !(r->text || p == row) || p + 1 >= r->end) continue;
    if (p[1] == '.' && !marker_is_data(r, p, e)) {
      *next = r->end;
      return e->state ? NULL : p;
    }
    if (r->text) p++;
  }
  *next = r->end;
  return r->end;
}

/* ---- taking fields out of the line ---- */

typedef struct {
  const u8 *p, *end;  /* what is left of the line */
  u8 *out;            /* where its unescaped fields go, NULL before the first of them */
} line;

/* Room for the rest of the line, unescaped. */
static u8 *room(reader *r, line *f) {
  if (!f->out) f->out = fl_temp(r->w, (u64)(f->end - f->p) + 1);
  return f->out;
}

/* A CSV field from f->p on: its value, whether a quote was seen, whether a delimiter ended it. */
static int csv_field(reader *r, line *f, fl_str *v, int *quoted, int *more, row_error *e) {
  const u8 *start = f->p, *p = f->p, *end = f->end;
  *quoted = *more = 0;
  while (p < end && *p != r->delimiter && *p != r->quote) p++;
  if (p == end || *p == r->delimiter) {
    *more = p < end;
    f->p = p + (p < end);
    *v = (fl_str){start, (u64)(p - start)};
    return 1;
  }
  *quoted = 1;
  u8 *out = room(r, f), *o = out;
  __builtin_memcpy(o, start, (u64)(p - start));
  o += p - start;
  for (int in = 0;;) {
    if (p == end) {
      if (in) return fail(e, "22P04", "unterminated CSV quoted field"), 0;
      break;
    }
    u8 c = *p++;
    if (!in) {
      if (c == r->delimiter) {
        *more = 1;
        break;
      }
      if (c == r->quote)
        in = 1;
      else
        *o++ = c;
    } else if (c == r->escape && p < end && (*p == r->escape || *p == r->quote)) {
      *o++ = *p++;
    } else if (c == r->quote) {
      in = 0;
    } else {
      *o++ = c;
    }
  }
  f->p = p;
  f->out = o;
  *v = (fl_str){out, (u64)(o - out)};
  return 1;
}

static int octal(u8 c) { return c >= '0' && c <= '7'; }

static int hex(u8 c) {
  if (c >= '0' && c <= '9') return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One backslash sequence of the text format, after the backslash: its byte; *p moves past it. */
static u8 unescape(const u8 **at, const u8 *end, int *odd) {
  const u8 *p = *at;
  u8 c = *p++;
  if (octal(c)) {
    int v = c - '0';
    for (int i = 0; i < 2 && p < end && octal(*p); i++) v = v << 3 | (*p++ - '0');
    c = (u8)v;
    *odd |= c == 0 || c >= 0x80;
  } else if (c == 'x' && p < end && hex(*p) >= 0) {
    int v = hex(*p++);
    if (p < end && hex(*p) >= 0) v = v << 4 | hex(*p++);
    c = (u8)v;
    *odd |= c == 0 || c >= 0x80;
  } else {
    static const char from[] = "bfnrtv", to[] = "\b\f\n\r\t\v";
    for (int i = 0; i < 6; i++)
      if (c == from[i]) {
        c = (u8)to[i];
        break;
      }
  }
  *at = p;
  return c;
}

/* A field of the text format: its value, its raw bytes for the null marker, whether a delimiter ended it. */
static int text_field(reader *r, line *f, fl_str *v, fl_str *raw, int *more, row_error *e) {
  const u8 *start = f->p, *p = f->p, *end = f->end;
  *more = 0;
  while (p < end && *p != r->delimiter && *p != '\\') p++;
  if (p == end || *p == r->delimiter) {
    *more = p < end;
    f->p = p + (p < end);
    *v = *raw = (fl_str){start, (u64)(p - start)};
    return 1;
  }
  u8 *out = room(r, f), *o = out;
  __builtin_memcpy(o, start, (u64)(p - start));
  o += p - start;
  const u8 *stop = end;
  int odd = 0;
  while (p < end) {
    u8 c = *p++;
    if (c == r->delimiter) {
      stop = p - 1;
      *more = 1;
      break;
    }
    if (c == '\\') {
      if (p == end) break;
      c = unescape(&p, end, &odd);
    }
    *o++ = c;
  }
  f->p = p;
  f->out = o;
  *raw = (fl_str){start, (u64)(stop - start)};
  *v = (fl_str){out, (u64)(o - out)};
  const u8 *bad = odd ? fl_csv_utf8_bad(out, v->n) : NULL;
  if (bad && !(raw->n == r->null_len && !__builtin_memcmp(raw->p, r->null, raw->n))) {
    e->bad = bad;
    e->bad_n = (u64)(out + v->n - bad);
    return fail(e, "22021", ""), 0;
  }
  return 1;
}

int fl_csv_row(reader *r, const u8 *row, u32 at, u64 *const *valid, const u8 **next, row_error *e) {
  *e = (row_error){.row = row};
  const u8 *end = fl_csv_line_end(r, row, next, e);
  const u8 *bad = r->odd_end > row ? fl_csv_utf8_bad(row, (u64)((end ? end : e->seen) - row)) : NULL;
  if (bad) {
    e->bad_n = (u64)((end ? *next : e->seen + 1) - bad); /* no further, so that chunks do not matter */
    e->bad = e->seen = bad;
    return fail(e, "22021", ""), 0;
  }
  if (!end) return 0;
  if (end == row && *next == r->end && (end == r->end || *end == '\\')) return 0; /* nothing before the data's end */
  e->end = end;
  line f = {row, end, NULL};
  int more = 1;
  u32 c = 0;
  for (; more; c++) {
    fl_str v = {0}, raw = {0};
    int quoted = 0;
    int ok = r->text ? text_field(r, &f, &v, &raw, &more, e) : csv_field(r, &f, &v, &quoted, &more, e);
    if (!ok) return 0;
    if (!r->text) raw = v;
    if (c >= r->ncols) continue;
    int null = !quoted && raw.n == r->null_len && !__builtin_memcmp(raw.p, r->null, raw.n);
    r->cols[c][at] = v;
    if (null) valid[c][at >> 6] &= ~(1ul << (at & 63));
  }
  if (c > r->ncols) return fail(e, "22P04", "extra data after last expected column"), 0;
  if (c < r->ncols) {
    e->column = c;
    return fail(e, "22P04", "missing data for column \"%s\""), 0;
  }
  return 1;
}
