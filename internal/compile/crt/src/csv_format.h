/* csv_format.h: what the cutter and the reader of COPY data share. */
#ifndef FL_CSV_FORMAT_H
#define FL_CSV_FORMAT_H

#include "csv.h"

enum { EOL_UNKNOWN, EOL_NL, EOL_CR, EOL_CRNL };

/* A position: lines in the low bits, signed (PostgreSQL miscounts those within the first row), then the kind of line end,
 * whether the \. marker came before, and a bit that is clear only at the stream's start. */
#define POSITION_EOL 60
#define POSITION_DONE (1ul << 62)
#define POSITION_LATER (1ul << 63)
#define POSITION_LINES ((1ul << POSITION_EOL) - 1)

typedef struct reader {
  fl_worker *w;
  const fl_csv_format *f;
  const u8 *chunk, *end;
  const u8 *at;         /* start of the next row */
  const u8 *group;      /* the 64 bytes that bits is about; `at` or a byte after it lies there */
  u64 bits;             /* bytes of the group not yet dealt with that may end a field or a row */
  const u8 *odd_end;    /* end of the last group seen that has bytes which are zero or not ASCII */
  u64 lines;            /* line ends before the chunk */
  u64 morsel;
  fl_query *q;
  fl_str *const *cols;  /* the last block's lanes */
  const fl_csv_col *desc;
  const u8 *null;
  u32 null_len, ncols;
  u32 rows;             /* of the last block */
  u8 eol, text, delimiter, quote, escape;
  u8 special;           /* the quote, or the backslash of the text format */
  u8 plain;             /* a quoted field without its quote inside needs no second look */
  u8 force;             /* some column has a FORCE option */
  u64 starts[FL_BLOCK / 2 + 1]; /* u32 offsets of the last block's rows in the chunk */
} reader;

/* Whether the \. marker, with a line end of this kind after it, starts at p. */
int fl_csv_is_marker(const u8 *p, const u8 *end, u8 eol);

/* The kind of the stream's line ends, from its first one; EOL_UNKNOWN when the bytes do not tell. *quoted: carriage returns
 * within quotes before it, less the newlines there, which is by how much PostgreSQL miscounts lines that end in newlines.
 * escape is 0 when it is the quote. */
u8 fl_csv_first_eol(int text, u8 quote, u8 escape, const u8 *p, u64 n, int last, i64 *quoted);

/* Makes r the reader whose block the thread's worker is working off. */
void fl_csv_set_context(reader *r);

/* The first byte of p[0…n) at which it stops being UTF-8 (a zero byte is none either), NULL if it does not. */
const u8 *fl_csv_utf8_bad(const u8 *p, u64 n);

#endif
