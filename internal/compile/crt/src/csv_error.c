/* csv_error.c: errors of COPY data, with PostgreSQL's lines of context. */
#include "csv_row.h"
#include "rowctx.h"

#define SHOWN 100 /* bytes of a line or a value that are shown */

/* The reader whose block this thread is working off. It lies in a worker's scratch memory, which may be gone: it is only
 * looked into when the worker is still on the chunk that it was opened for. */
static __thread struct {
  const reader *r;
  const fl_worker *w;
  const fl_query *q;
  const u8 *chunk;
  u64 morsel;
} current;

void fl_csv_set_context(reader *r) {
  current.r = r;
  current.w = r->w;
  current.q = r->q;
  current.chunk = r->chunk;
  current.morsel = r->morsel;
}

static const reader *context_of(const fl_worker *w) {
  if (current.r && current.w == w && current.q == w->q && w->chunk && current.chunk == w->chunk &&
      current.morsel == w->morsel)
    return current.r;
  return NULL;
}

/* The number of the line on which the row's bytes up to `seen` end, counting as PostgreSQL does: line ends within quotes
 * count too. */
static i64 line_number(const reader *r, const u8 *row, const u8 *seen) {
  u64 lines = r->lines + 1;
  u8 c = r->eol == EOL_NL ? '\n' : '\r';
  for (const u8 *p = r->chunk; p < row; p++) {
    if (r->text && *p == '\\') {
      p++;
      continue;
    }
    lines += *p == c;
  }
  if (!r->text)
    for (const u8 *p = row; p < seen; p++) lines += *p == c;
  return (i64)lines > 1 ? (i64)lines : 1;
}

/* The first bytes of s, at most SHOWN, whole characters only. */
static fl_str shown(const u8 *p, u64 n, const u8 **dots) {
  fl_str s = {p, n};
  *dots = (const u8 *)"";
  if (n <= SHOWN) return s;
  s.n = SHOWN;
  while (s.n > 0 && (p[s.n] & 0xC0) == 0x80) s.n--;
  *dots = (const u8 *)"...";
  return s;
}

static fl_str text_at(const fl_csv_format *f, u32 off, u32 n) {
  fl_str s = {(const u8 *)f + off, n};
  return s;
}

static fl_str cstr(const u8 *s) {
  fl_str t = {s, __builtin_strlen((const char *)s)};
  return t;
}

/* The line without its contents: they had not been read as far as its end when the error was found. */
static void context_number(const reader *r, const u8 *row, const u8 *seen) {
  fl_str table = text_at(r->f, r->f->table_off, r->f->table_len);
  fl_context(r->w, "COPY %s, line %d", &table, line_number(r, row, seen));
}

static void context_line(const reader *r, const u8 *row, const u8 *end) {
  fl_str table = text_at(r->f, r->f->table_off, r->f->table_len);
  const u8 *dots;
  fl_str s = shown(row, (u64)(end - row), &dots), d = cstr(dots);
  fl_context(r->w, "COPY %s, line %d: \"%s%s\"", &table, line_number(r, row, end), &s, &d);
}

/* Bytes of the sequence that the byte promises, as PostgreSQL shows them when the sequence is not valid. */
static u64 promised(u8 b) { return b < 0xC0 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : b < 0xF8 ? 4 : 1; }

static void raise_utf8(reader *r, const u8 *bad, u64 n) {
  static const char hex[] = "0123456789abcdef";
  u8 text[4 * 5];
  u64 k = promised(bad[0]), at = 0;
  for (u64 i = 0; i < k && i < n; i++) {
    if (i) text[at++] = ' ';
    text[at++] = '0';
    text[at++] = 'x';
    text[at++] = (u8)hex[bad[i] >> 4];
    text[at++] = (u8)hex[bad[i] & 15];
  }
  fl_str s = {text, at};
  fl_raise(r->w, "22021", 0, "invalid byte sequence for encoding \"UTF8\": %s", &s);
}

void fl_csv_raise_row(reader *r, const row_error *e) {
  if (e->end)
    context_line(r, e->row, e->end);
  else
    context_number(r, e->row, e->seen);
  if (e->bad) raise_utf8(r, e->bad, e->bad_n);
  fl_str name = text_at(r->f, r->desc[e->column].name_off, r->desc[e->column].name_len);
  fl_raise(r->w, e->state, 0, e->message, &name);
}

/* The column and row of the block whose lane is value. */
static int find_value(const reader *r, u32 *row, const fl_str *value, u32 *col) {
  for (u32 c = 0; *row < r->rows && c < r->ncols; c++)
    if (r->cols[c][*row].p == value->p && r->cols[c][*row].n == value->n) {
      *col = c;
      return 1;
    }
  for (u32 c = 0; c < r->ncols; c++)
    for (u32 i = 0; i < r->rows; i++)
      if (r->cols[c][i].p == value->p && r->cols[c][i].n == value->n) {
        *col = c;
        *row = i;
        return 1;
      }
  return 0;
}

void fl_raise_context_row(fl_worker *w, u32 row, const fl_str *value) {
  const reader *r = context_of(w);
  if (!r || r->rows == 0) return;
  u32 col = 0;
  int found = value && value->p && find_value(r, &row, value, &col);
  if (row >= r->rows) return;
  const u32 *starts = (const u32 *)r->starts;
  const u8 *start = r->chunk + starts[row], *end = r->chunk + starts[row + 1];
  if (end > start && (end[-1] == '\n' || end[-1] == '\r')) {
    end--;
    if (r->eol == EOL_CRNL && end > start && end[-1] == '\r') end--;
  }
  if (!found) {
    context_line(r, start, end);
    return;
  }
  fl_str table = text_at(r->f, r->f->table_off, r->f->table_len);
  fl_str name = text_at(r->f, r->desc[col].name_off, r->desc[col].name_len);
  const u8 *dots;
  fl_str s = shown(value->p, value->n, &dots), d = cstr(dots);
  fl_context(w, "COPY %s, line %d, column %s: \"%s%s\"", &table, line_number(r, start, end), &name, &s, &d);
}
