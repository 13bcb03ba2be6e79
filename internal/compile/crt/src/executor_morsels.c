/* executor_morsels.c: which morsel a worker gets next.
 *
 * Each place of a worker has a share of a pipeline's morsels, neighbours of each other and the same ones whenever a table is
 * scanned again: what its cores and its socket's memory hold of the table is what it reads. A worker whose share is used up
 * takes from the others', those of the places next to it first. Where order matters all morsels are one share, so that
 * those handed out are always a beginning of the pipeline's.
 */
#include "executor.h"

bool morsels_set_up(struct run *r) {
  u32 n = r->q.nworkers;
  u8 *at = arena_alloc(r, &r->memory, (n + 1) * sizeof *r->shares, true);
  r->shares = (struct share *)(((u64)at + 63) & ~(u64)63);
  return at != NULL;
}

void morsels_open(struct run *r, u64 n, bool in_turn) {
  r->nmorsels = n;
  r->nshares = in_turn ? 1 : r->q.nworkers;
  u64 each = n / r->nshares, more = n % r->nshares, from = 0;
  for (u32 i = 0; i < r->nshares; i++) {
    atomic_store(&r->shares[i].next, from);
    r->shares[i].end = from += each + (i < more);
  }
}

static bool take(struct share *s, u64 *morsel) {
  if (atomic_load_explicit(&s->next, memory_order_relaxed) >= s->end) return false;
  *morsel = atomic_fetch_add(&s->next, 1);
  return *morsel < s->end;
}

bool morsels_take(struct run *r, u32 place, u64 *morsel) {
  u32 own = place % r->nshares;
  for (u32 i = 0; i < r->nshares; i++)
    if (take(&r->shares[(own + i) % r->nshares], morsel)) return true;
  return false;
}

u64 morsels_first(struct run *r) { return atomic_load(&r->shares[0].next); }

bool morsels_left(struct run *r) {
  for (u32 i = 0; i < r->nshares; i++)
    if (atomic_load_explicit(&r->shares[i].next, memory_order_relaxed) < r->shares[i].end) return true;
  return false;
}

void morsels_end(struct run *r) {
  for (u32 i = 0; i < r->nshares; i++) atomic_store(&r->shares[i].next, r->shares[i].end);
}

void fl_no_more(fl_worker *w) { morsels_end(((struct ctx *)w)->run); }
