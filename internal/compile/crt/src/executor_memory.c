/* executor_memory.c: memory of queries.
 *
 * Blocks come from one pool that keeps some of them between queries, so that a small query costs no system call. Each
 * worker's place in a run has its own arenas: allocation takes no lock. Budgets count what a query asked for: its own
 * limit, and the executor's over all queries.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>

#include "executor.h"

#define CLASSES 9                             /* 64 KiB to 16 MiB */
#define POOL_MAX ((u64)64 * 1024 * 1024)      /* bytes kept */
#define LARGE (BLOCK_MIN / 4)                 /* from here on an allocation has a block of its own */
#define HUGE_PAGE ((u64)2 * 1024 * 1024)

static struct {
  pthread_mutex_t lock;
  struct block *free[CLASSES];
  u64 kept;
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER};

static _Atomic u64 total_limit = (u64)1 << 62;
static _Atomic u64 total_used;

void memory_limit(u64 bytes) { atomic_store_explicit(&total_limit, bytes, memory_order_relaxed); }

/* Adds bytes unless the sum were above the limit. A charge that does not fit is never visible to others, who might be
 * refused because of it. */
static bool add_within(_Atomic u64 *used, u64 bytes, u64 limit) {
  u64 before = atomic_load_explicit(used, memory_order_relaxed);
  do {
    if (bytes > limit || before > limit - bytes) return false;
  } while (!atomic_compare_exchange_weak_explicit(used, &before, before + bytes, memory_order_relaxed, memory_order_relaxed));
  return true;
}

bool memory_charge(struct run *r, u64 bytes) {
  if (!add_within(&r->used, bytes, r->limit)) return false;
  if (!add_within(&total_used, bytes, atomic_load_explicit(&total_limit, memory_order_relaxed))) {
    atomic_fetch_sub_explicit(&r->used, bytes, memory_order_relaxed);
    return false;
  }
  u64 used = atomic_load_explicit(&r->used, memory_order_relaxed);
  u64 peak = atomic_load_explicit(&r->peak, memory_order_relaxed);
  while (used > peak &&
         !atomic_compare_exchange_weak_explicit(&r->peak, &peak, used, memory_order_relaxed, memory_order_relaxed)) {
  }
  return true;
}

void memory_uncharge(struct run *r, u64 bytes) {
  atomic_fetch_sub_explicit(&r->used, bytes, memory_order_relaxed);
  atomic_fetch_sub_explicit(&total_used, bytes, memory_order_relaxed);
}

/* The class whose blocks hold `bytes`; CLASSES when none does. */
static u32 class_of(u64 bytes) {
  u32 c = 0;
  while (c < CLASSES && ((u64)BLOCK_MIN << c) < bytes) c++;
  return c;
}

/* A block with room for `bytes` beside its header; NULL when the system has no memory. */
struct block *block_get(u64 bytes) {
  u64 size = bytes + BLOCK_HEADER;
  u32 c = class_of(size);
  if (c < CLASSES) {
    size = (u64)BLOCK_MIN << c;
    pthread_mutex_lock(&pool.lock);
    struct block *b = pool.free[c];
    if (b) {
      pool.free[c] = b->next;
      pool.kept -= size;
    }
    pthread_mutex_unlock(&pool.lock);
    if (b) {
      *b = (struct block){.size = size, .used = BLOCK_HEADER};
      return b;
    }
  } else {
    size = (size + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
  }
  struct block *b = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (b == MAP_FAILED) return NULL;
  if (size >= 2 * HUGE_PAGE) madvise(b, size, MADV_HUGEPAGE);
  *b = (struct block){.size = size, .used = BLOCK_HEADER, .clean = 1};
  return b;
}

void block_put(struct block *b) {
  u32 c = class_of(b->size);
  if (c < CLASSES) {
    pthread_mutex_lock(&pool.lock);
    bool keep = pool.kept + b->size <= POOL_MAX;
    if (keep) {
      pool.kept += b->size;
      b->next = pool.free[c];
      pool.free[c] = b;
    }
    pthread_mutex_unlock(&pool.lock);
    if (keep) return;
  }
  munmap(b, b->size);
}

/* A block for one allocation. */
static struct block *large_block(struct run *r, u64 bytes, bool zero) {
  if (!memory_charge(r, bytes)) return NULL;
  struct block *b = block_get(bytes);
  if (!b) {
    memory_uncharge(r, bytes);
    return NULL;
  }
  b->charged = bytes;
  b->used = BLOCK_HEADER + bytes;
  if (zero && !b->clean) memset((u8 *)b + BLOCK_HEADER, 0, bytes);
  return b;
}

void *arena_alloc(struct run *r, struct arena *a, u64 bytes, bool zero) {
  if (bytes > (u64)1 << 46) return NULL;
  bytes = (bytes + 63) & ~(u64)63;
  struct block *b = a->blocks;
  if (bytes >= LARGE) {
    if (!(b = large_block(r, bytes, zero))) return NULL;
    b->next = a->large;
    a->large = b;
    return (u8 *)b + BLOCK_HEADER;
  }
  if (!b || b->used + bytes > b->size) {
    u64 want = b && b->size < 1024 * 1024 ? b->size * 2 : b ? b->size : BLOCK_MIN;
    if (!memory_charge(r, want)) {
      want = BLOCK_MIN;
      if (!memory_charge(r, want)) return NULL;
    }
    struct block *n = block_get(want - BLOCK_HEADER);
    if (!n) {
      memory_uncharge(r, want);
      return NULL;
    }
    n->charged = want;
    n->next = b;
    a->blocks = b = n;
  }
  u8 *p = (u8 *)b + b->used;
  b->used += bytes;
  if (zero && !b->clean) memset(p, 0, bytes);
  return p;
}

/* Gives all memory back to the pool; the budget is settled with the run as a whole. */
void arena_release(struct arena *a) {
  struct block *lists[2] = {a->blocks, a->large};
  for (int i = 0; i < 2; i++)
    for (struct block *b = lists[i], *next; b; b = next) {
      next = b->next;
      block_put(b);
    }
  *a = (struct arena){0};
}

void fail_memory(struct ctx *c, u64 bytes) {
  char detail[256];
  struct run *r = c->run;
  u64 used = atomic_load(&r->used);
  if (bytes > r->limit || used > r->limit - bytes)
    snprintf(detail, sizeof detail, "The query asked for %lu bytes more, beyond its memory limit of %lu MB.", bytes,
             r->limit >> 20);
  else
    snprintf(detail, sizeof detail, "The query asked for %lu bytes more than the server's memory limit leaves.", bytes);
  run_fail(r, "53200", 0, "out of memory", NULL, detail);
  escape();
}

u64 fl_memory_limit(const fl_worker *w) {
  u64 limit = ((const struct ctx *)w)->run->limit, total = atomic_load_explicit(&total_limit, memory_order_relaxed);
  return limit < total ? limit : total;
}

static u64 rounded(u64 bytes) { return (bytes + 63) & ~(u64)63; }

void *fl_alloc(fl_worker *w, u64 bytes) {
  struct ctx *c = (struct ctx *)w;
  struct run *r = c->run;
  if (bytes > (u64)1 << 46) fail_memory(c, bytes);
  if (rounded(bytes) < LARGE) {
    void *p = arena_alloc(r, &c->memory, bytes, true);
    if (!p) fail_memory(c, bytes);
    return p;
  }
  struct block *b = large_block(r, rounded(bytes), true);
  if (!b) fail_memory(c, bytes);
  pthread_mutex_lock(&r->large_lock);
  b->next = r->large;
  b->prev = NULL;
  if (b->next) b->next->prev = b;
  r->large = b;
  pthread_mutex_unlock(&r->large_lock);
  return (u8 *)b + BLOCK_HEADER;
}

/* Only what has a block of its own is given back early; the rest waits for the end of the run. */
void fl_free(fl_worker *w, void *p, u64 bytes) {
  struct run *r = ((struct ctx *)w)->run;
  if (!p || rounded(bytes) < LARGE) return;
  struct block *b = (struct block *)((u8 *)p - BLOCK_HEADER);
  if (b->charged != rounded(bytes)) return; /* not as it was allocated: left for the end */
  pthread_mutex_lock(&r->large_lock);
  if (b->next) b->next->prev = b->prev;
  if (b->prev) b->prev->next = b->next;
  else r->large = b->next;
  pthread_mutex_unlock(&r->large_lock);
  memory_uncharge(r, b->charged);
  block_put(b);
}

void memory_release(struct run *r) {
  arena_release(&(struct arena){.large = r->large});
  r->large = NULL;
  for (u32 i = 0; r->ctxs && i < r->q.nworkers; i++) {
    arena_release(&r->ctxs[i].memory);
    arena_release(&r->ctxs[i].temp);
  }
}

void *fl_temp(fl_worker *w, u64 bytes) {
  struct ctx *c = (struct ctx *)w;
  struct block *b = c->temp.blocks;
  u64 room = (bytes + 15) & ~(u64)15;
  if (b && room <= b->size && b->used + room <= b->size && room >= bytes) {
    void *p = (u8 *)b + b->used;
    b->used += room;
    return p;
  }
  void *p = arena_alloc(c->run, &c->temp, bytes, false);
  if (!p) fail_memory(c, bytes);
  return p;
}

struct mark {
  struct block *block, *large;
  u64 used;
};

void *fl_temp_mark(fl_worker *w) {
  struct arena *a = &((struct ctx *)w)->temp;
  struct mark *m = fl_temp(w, sizeof *m);
  *m = (struct mark){a->blocks, a->large, a->blocks->used};
  return m;
}

/* Takes the blocks before `last` off a list. */
static struct block *give_back(struct run *r, struct block *b, struct block *last) {
  for (struct block *next; b != last; b = next) {
    next = b->next;
    memory_uncharge(r, b->charged);
    block_put(b);
  }
  return last;
}

void fl_temp_release(fl_worker *w, void *mark) {
  struct ctx *c = (struct ctx *)w;
  struct mark *m = mark;
  c->temp.large = give_back(c->run, c->temp.large, m->large);
  c->temp.blocks = give_back(c->run, c->temp.blocks, m->block);
  m->block->used = m->used;
  m->block->clean = 0;
}

void fl_temp_reset(fl_worker *w) {
  struct ctx *c = (struct ctx *)w;
  struct arena *a = &c->temp;
  if (!a->large && (!a->blocks || !a->blocks->next)) {
    if (a->blocks) {
      a->blocks->used = BLOCK_HEADER;
      a->blocks->clean = 0;
    }
    return;
  }
  struct block *keep = a->blocks;
  give_back(c->run, a->large, NULL);
  if (keep) give_back(c->run, keep->next, NULL);
  *a = (struct arena){.blocks = keep};
  if (keep) {
    keep->next = NULL;
    keep->used = BLOCK_HEADER;
    keep->clean = 0;
  }
}
