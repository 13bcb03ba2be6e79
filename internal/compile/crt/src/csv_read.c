/* csv_read.c: a chunk of COPY data to blocks of text lanes.
 *
 * Rows without escapes are taken apart along the bit mask of the bytes that may end a field, without looking at the others.
 * Any row that has something unusual goes to csv_row.c instead, whole.
 */
#include "csv_bytes.h"
#include "csv_row.h"

_Static_assert(sizeof(reader) <= sizeof(fl_csv_reader), "raise FL_CSV_READER_BYTES");
_Static_assert(FL_BLOCK % 64 == 0, "masks");

/* Looks at the 64 bytes from r->group on. */
static inline void look(reader *r) {
  u64 left = (u64)(r->end - r->group);
  b64 v = __builtin_expect(left >= 64, 1) ? b64_load(r->group) : b64_load_tail(r->group, left);
  r->bits = b64_eq(v, r->delimiter) | b64_eq(v, '\n') | b64_eq(v, '\r') | b64_eq(v, r->special);
  u64 odd = b64_odd(v);
  if (__builtin_expect(left < 64, 0)) {
    r->bits &= low_bits(left);
    odd &= low_bits(left);
  }
  if (__builtin_expect(odd != 0, 0)) r->odd_end = r->group + (left < 64 ? left : 64);
}

/* Goes on at p, which is before the chunk's end. */
static void seek(reader *r, const u8 *p) {
  r->at = p;
  r->group = r->chunk + ((u64)(p - r->chunk) & ~63ul);
  look(r);
  r->bits &= ~0ul << ((u64)(p - r->chunk) & 63);
}

/* The next byte that may end a field; the chunk's end when there is none. */
static inline const u8 *next_special(reader *r) {
  while (__builtin_expect(r->bits == 0, 0)) {
    if (r->end - r->group <= 64) return r->end;
    r->group += 64;
    look(r);
  }
  const u8 *p = r->group + __builtin_ctzl(r->bits);
  r->bits &= r->bits - 1;
  return p;
}

static void set_null(u64 *valid, u32 row) { valid[row >> 6] &= ~(1ul << (row & 63)); }

/* Whether p ends a row, and the row after it. */
static inline int ends_row(const reader *r, const u8 *p, const u8 **next) {
  if (*p == '\n') {
    *next = p + 1;
    return r->eol == EOL_NL;
  }
  if (*p != '\r') return 0;
  if (r->eol == EOL_CR) {
    *next = p + 1;
    return 1;
  }
  *next = p + 2;
  return r->eol == EOL_CRNL && p + 1 < r->end && p[1] == '\n';
}

/* A field that is wholly quoted and free of escapes: the closing quote, with nothing taken from the row but the quote. NULL
 * when it is not that simple. */
static inline const u8 *closing_quote(reader *r) {
  const u8 *p;
  do p = next_special(r);
  while (p < r->end && *p != r->quote);
  if (p == r->end) return NULL;
  const u8 *after = p + 1, *next;
  if (after == r->end || *after == r->delimiter || ends_row(r, after, &next)) return p;
  return NULL;
}

/* The null marker \N of the text format, alone in its field. */
static inline int lone_null_marker(const reader *r, const u8 *p) {
  const u8 *after = p + 2, *next;
  if (r->null_len != 2 || r->null[0] != '\\' || r->null[1] != 'N' || after > r->end || p[1] != 'N') return 0;
  return after == r->end || *after == r->delimiter || ends_row(r, after, &next);
}

/* Parses the row at r->at to lane `row`, if it is a usual one: the start of the next row, or NULL. */
static inline const u8 *usual_row(reader *r, u32 row, u64 *const *valid) {
  const u8 *from = r->at, *next = r->end, *p;
  u32 c = 0, last = r->ncols - 1;
  if (*from == '\\') return NULL; /* the \. marker, perhaps */
  for (;;) {
    p = next_special(r);
    int end = p == r->end;
    if (!end && *p != r->delimiter && !(end = ends_row(r, p, &next))) {
      if (p != from || *p != r->special || !r->plain) return NULL;
      if (r->text) {
        if (!lone_null_marker(r, p)) return NULL;
        continue;
      }
      const u8 *close = closing_quote(r);
      if (!close) return NULL;
      r->cols[c][row] = (fl_str){from + 1, (u64)(close - from) - 1};
      p = close + 1;
      if (p < r->end) next_special(r); /* the delimiter or line end that was looked at already */
      end = p == r->end || *p != r->delimiter;
      if (p == r->end)
        next = p;
      else if (end)
        ends_row(r, p, &next);
    } else {
      u64 n = (u64)(p - from);
      r->cols[c][row] = (fl_str){from, n};
      if (n == r->null_len && (n == 0 || !__builtin_memcmp(from, r->null, n))) set_null(valid[c], row);
    }
    if (end) break;
    if (c++ == last) return NULL;
    from = p + 1;
  }
  if (c != last) return NULL;
  if (__builtin_expect(r->eol == EOL_CRNL && p < r->end, 0)) next_special(r); /* the newline of the pair */
  return next;
}

/* Makes all rows of the first n valid again before they are parsed, in every column. */
static void all_valid(u64 *const *valid, u32 ncols) {
  for (u32 c = 0; c < ncols; c++) __builtin_memset(valid[c], 0xff, FL_BLOCK / 8);
}

/* FORCE_NOT_NULL: the null marker is text after all. FORCE_NULL: it is null even within quotes. */
static void force(reader *r, u64 *const *valid, u32 rows) {
  for (u32 c = 0; c < r->ncols; c++) {
    if (r->desc[c].flags & FL_CSV_FORCE_NOT_NULL) {
      __builtin_memset(valid[c], 0xff, FL_BLOCK / 8);
    } else if (r->desc[c].flags & FL_CSV_FORCE_NULL) {
      for (u32 i = 0; i < rows; i++) {
        fl_str v = r->cols[c][i];
        if (v.n == r->null_len && (v.n == 0 || !__builtin_memcmp(v.p, r->null, v.n))) set_null(valid[c], i);
      }
    }
  }
}

/* Lanes that a vector may read past the last row. */
static void fill_lanes(reader *r, u32 rows) {
  for (u32 i = rows; i % FL_LANES; i++)
    for (u32 c = 0; c < r->ncols; c++) r->cols[c][i] = (fl_str){r->chunk, 0};
}

static void skip_header(reader *r) {
  row_error e = {.row = r->chunk};
  const u8 *next = r->end;
  const u8 *end = fl_csv_line_end(r, r->chunk, &next, &e);
  if (!end) fl_csv_raise_row(r, &e);
  const u8 *bad = fl_csv_utf8_bad(r->chunk, (u64)(end - r->chunk));
  if (bad) {
    e = (row_error){.row = r->chunk, .state = "22021", .bad = bad, .bad_n = (u64)(next - bad), .seen = bad};
    fl_csv_raise_row(r, &e);
  }
  r->at = next;
}

/* The stream's start: how lines end is not known yet, and there may be a header. */
static void begin(reader *r) {
  i64 quoted;
  r->eol = fl_csv_first_eol(r->text, r->quote, r->plain ? 0 : r->escape, r->chunk, (u64)(r->end - r->chunk), 1, &quoted);
  if (r->eol == EOL_NL) r->lines += (u64)quoted;
  if (r->f->header) skip_header(r);
}

void fl_csv_open(fl_worker *w, fl_csv_reader *opaque, const void *format, const u8 *chunk, u64 len, u64 position) {
  reader *r = (reader *)opaque;
  const fl_csv_format *f = format;
  if (len >> 32) fl_raise(w, "54000", 0, "COPY data has a row that is too long");
  __builtin_memset(r, 0, __builtin_offsetof(reader, starts));
  r->w = w;
  r->q = w->q;
  r->morsel = w->morsel;
  r->f = f;
  r->chunk = chunk;
  r->at = r->odd_end = chunk;
  r->end = chunk + len;
  r->lines = (u64)((i64)(position << 4) >> 4);
  r->eol = (u8)(position >> POSITION_EOL & 3);
  r->desc = (const fl_csv_col *)((const u8 *)f + f->cols_off);
  r->null = (const u8 *)f + f->null_off;
  r->null_len = f->null_len;
  r->ncols = f->ncols;
  r->text = f->text;
  r->delimiter = f->delimiter;
  r->quote = f->quote;
  r->escape = f->escape;
  r->special = f->text ? '\\' : f->quote;
  r->plain = f->text || f->quote == f->escape;
  for (u32 c = 0; c < r->ncols; c++) r->force |= r->desc[c].flags != 0;
  if (position & POSITION_DONE) r->at = r->end;
  if (position == 0 && len > 0) begin(r);
  if (r->at < r->end) seek(r, r->at);
  fl_csv_set_context(r);
}

/* The usual path for one row and, where that fails, the slow one. 0 at the data's end or when the block has to end here. */
static inline int parse_row(reader *r, u32 row, u64 *const *valid) {
  const u8 *start = r->at, *next = usual_row(r, row, valid);
  if (__builtin_expect(next != NULL && r->odd_end <= start, 1)) {
    r->at = next;
    return 1;
  }
  if (next && !fl_csv_utf8_bad(start, (u64)(next - start))) {
    r->at = next;
    return 1;
  }
  for (u32 c = 0; c < r->ncols; c++) valid[c][row >> 6] |= 1ul << (row & 63);
  r->odd_end = r->end; /* the slow path has it checked whole */
  row_error e;
  int ok = fl_csv_row(r, start, row, valid, &next, &e);
  r->odd_end = r->chunk;
  if (e.state) {
    if (row == 0) fl_csv_raise_row(r, &e);
    seek(r, start);
    return 0;
  }
  r->at = next;
  if (next < r->end) seek(r, next);
  return ok;
}

u32 fl_csv_block(fl_csv_reader *opaque, fl_str *const *cols, u64 *const *valid, u32 ncols) {
  reader *r = (reader *)opaque;
  u32 row = 0, *starts = (u32 *)r->starts;
  r->cols = cols;
  r->rows = 0;
  if (ncols != r->ncols || ncols == 0) fl_raise(r->w, "XX000", 0, "COPY data source and its program differ");
  if (r->at >= r->end) return 0;
  all_valid(valid, ncols);
  while (row < FL_BLOCK && r->at < r->end) {
    starts[row] = (u32)(r->at - r->chunk);
    if (!parse_row(r, row, valid)) break;
    row++;
  }
  starts[row] = (u32)(r->at - r->chunk);
  r->rows = row;
  if (r->force) force(r, valid, row);
  fill_lanes(r, row);
  return row;
}
