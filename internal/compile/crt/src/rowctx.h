/* rowctx.h: naming the input row at which a cast or a constraint failed.
 *
 * The CSV source remembers, for the worker's thread, which rows its last block holds. Kernels that raise for a row of a
 * block call fl_raise_context_row just before fl_raise; it adds PostgreSQL's line of context ("COPY t, line 3, column c1:
 * "abc"") when the worker is working off such a block, and nothing otherwise, so that kernels need not know.
 */
#ifndef FL_ROWCTX_H
#define FL_ROWCTX_H

#include "fl.h"

/* row: the row's place in the block, where known exactly; a wrong one is corrected when value is given.
 * value: the text that could not be used, as it was read from the block (the same pointer); NULL when there is none. */
void fl_raise_context_row(fl_worker *w, u32 row, const fl_str *value);

#endif
