/* csv.h: COPY data, cut at row ends and parsed to blocks of text lanes.
 *
 * The executor cuts the stream (fl_csv_cut_*), serially; programs parse the chunks on any worker (fl_csv_open,
 * fl_csv_block). Both follow PostgreSQL's COPY FROM to the letter: CSV quoting anywhere in a field, an escape that may
 * differ from the quote, text format with its backslash escapes, the \. marker, line ends that must agree through the file.
 */
#ifndef FL_CSV_H
#define FL_CSV_H

#include "fl.h"

#define FL_CSV_MAGIC 0x31435346u /* "FSC1" */

/* A format description: one block of bytes, 8-byte aligned, native byte order, made by internal/storage/load. Offsets
 * count from its start. */
typedef struct {
  u32 magic;
  u32 size;              /* of the whole description */
  u8 text;               /* text format, else CSV */
  u8 delimiter;
  u8 quote, escape;      /* CSV */
  u8 header;             /* skip the first line */
  u8 pad[3];
  u32 ncols;
  u32 null_off, null_len;
  u32 table_off, table_len;
  u32 cols_off;          /* ncols fl_csv_col */
} fl_csv_format;

typedef struct {
  u32 name_off, name_len;
  u32 flags;
} fl_csv_col;

#define FL_CSV_FORCE_NULL 1u
#define FL_CSV_FORCE_NOT_NULL 2u

/* ---- cutting (the executor) ---- */

/* Made by internal/storage/load, with the first two numbers, eol and done 0. */
typedef struct {
  u64 position;          /* of the bytes that come next: first, so that the executor need not know more */
  u64 lines;             /* line ends in everything cut so far */
  u8 text, quote;
  u8 escape;             /* 0 when it is the quote */
  u8 eol, done;
  u8 pad[11];
} fl_csv_cutter;

/* Bytes of the longest prefix of p[0…n) that ends at a row end; 0 when no row ends there: come back with more bytes from
 * the same place. The next call starts after the prefix. With last set, all bytes belong to the prefix.
 *
 * The cutter's position before the call is what fl_worker.chunk_row of the prefix has to be: how many lines come before it,
 * how lines end, whether it lies after the \. marker; 0 at the stream's start. Opaque to everybody but fl_csv_open. */
u64 fl_csv_cut(void *cutter, const u8 *p, u64 n, int last);

/* ---- parsing (programs) ---- */

#define FL_CSV_READER_BYTES 4608 /* sizeof(fl_csv_reader), for the compiler */

typedef struct { u64 opaque[FL_CSV_READER_BYTES / 8]; } fl_csv_reader;

/* Starts on a chunk. position: fl_worker.chunk_row. The chunk and the description outlive the reader. */
void fl_csv_open(fl_worker *w, fl_csv_reader *r, const void *format, const u8 *chunk, u64 len, u64 position);

/* Parses up to FL_BLOCK rows into text lanes and masks of the fields that are not null; ncols is the format's. Returns the
 * number of rows, 0 at the chunk's end. Lanes point into the chunk, or into fl_temp where escapes had to be taken out.
 * Raises PostgreSQL's errors, but only once all rows before the faulty one have been handed out. */
u32 fl_csv_block(fl_csv_reader *r, fl_str *const *cols, u64 *const *valid, u32 ncols);

#endif
