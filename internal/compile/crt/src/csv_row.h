/* csv_row.h: one row of COPY data the slow way. */
#ifndef FL_CSV_ROW_H
#define FL_CSV_ROW_H

#include "csv_format.h"

/* What is wrong with a row; state is NULL when nothing is. */
typedef struct {
  const char *state, *message;
  const u8 *row, *end;      /* the row; end is NULL when it is not known where it ends */
  const u8 *seen;           /* then: how far it had been read */
  const u8 *bad;            /* bytes that are no UTF-8 */
  u64 bad_n;
  u32 column;               /* that the message names, if it does */
} row_error;

/* The end of the line that starts at row, and the start of the next one. NULL on an error. */
const u8 *fl_csv_line_end(reader *r, const u8 *row, const u8 **next, row_error *e);

/* Parses the row to lane `at`. 0 when there is no row: the data has ended, or an error stands in e. */
int fl_csv_row(reader *r, const u8 *row, u32 at, u64 *const *valid, const u8 **next, row_error *e);

/* Raises it, with PostgreSQL's line of context (csv_error.c). */
void fl_csv_raise_row(reader *r, const row_error *e);

#endif
