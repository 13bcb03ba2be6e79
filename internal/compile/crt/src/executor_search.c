/* executor_search.c: which row of a morsel raises an error, where a LIMIT makes it matter.
 *
 * Programs work off blocks, so an error shows before the rows ahead of it in its block have left; a LIMIT that these reach
 * is to win, as if rows were evaluated one at a time. When an error's turn has come under a LIMIT, the morsel is worked off
 * again up to one row and another (fl_worker.most) until the first row that raises is found by halves. Rows that leave again
 * meanwhile are dropped. What runs under a LIMIT only reads, so doing it again does no harm.
 */
#include "executor.h"

#define WHOLE (~(u64)0)

void search_begin(struct ctx *c) {
  c->w.most = WHOLE;
  c->handed_on = c->repeated = c->fine = c->faulty = 0;
  c->again = false;
}

/* Rows 0 … fine-1 raise nothing, rows 0 … faulty-1 do: what to try between them. */
static void choose(struct ctx *c) {
  c->w.most = c->faulty - c->fine > 1 ? c->fine + (c->faulty - c->fine) / 2 : c->faulty;
  c->repeated = c->handed_on;
}

bool search_widen(struct ctx *c) {
  if (c->faulty == 0) return false;
  result_hand_on(c);
  if (stop_of(c->run)) return false;
  c->fine = c->w.most;
  choose(c);
  if (c->fine == c->faulty) { /* raised no more, such as by random(): all from the start */
    c->w.most = WHOLE;
    c->fine = c->faulty = 0;
  }
  return true;
}

void search_narrow(struct ctx *c) {
  c->faulty = c->w.most < c->run->q.morsel ? c->w.most : c->run->q.morsel;
  if (c->faulty - c->fine <= 1) return;
  choose(c);
  c->again = true;
  escape();
}

bool search_goes_on(struct ctx *c) {
  bool again = c->again;
  c->again = false;
  return again;
}
