/* executor_result.c: result rows on their way to the control plane.
 *
 * Programs write rows straight into chunks of memory shared with the control plane. A piece (what one worker wrote into one
 * chunk) is emitted in the order of the morsels when the pipeline asks for it: small pieces are gathered into a common
 * chunk, large ones are sent as they are. A query whose client does not read is not handed further morsels
 * (UNSENT_MAX), and a worker in the middle of a morsel waits, giving its CPU to another thread.
 *
 * An error takes its turn like a row: it counts once what comes before it has left, if no LIMIT has been reached by then.
 *
 * Why this cannot deadlock: the morsel at the head waits for its client only; one that is not at the head, only for those
 * before it, which have been started and have their workers. No lock is held meanwhile. Clients of other runs are never
 * waited for: a run that has no chunk under way gets one of those set aside, of which there is one for each run.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>

#include "executor.h"

#define SMALL_PIECE (32 * 1024)
#define CHUNKS_WARM 64 /* free chunks whose memory is not given back */
#define CHUNKS_SET_ASIDE MAX_RUNS
_Static_assert(CHUNK_COUNT >= 2 * CHUNKS_SET_ASIDE, "each run gets a chunk");

static struct {
  pthread_mutex_t lock;
  int fd;
  u8 *base;
  u32 nwarm, warm[CHUNKS_WARM];
  u32 ncold, cold[CHUNK_COUNT]; /* without memory */
  u32 fresh;                    /* chunks never used so far */
  _Atomic u32 under_way;        /* to the control plane: what the sender wrote comes before what the next user writes */
} chunks = {.lock = PTHREAD_MUTEX_INITIALIZER};

void chunks_start(int fd) {
  chunks.fd = fd;
  chunks.base = mmap(NULL, (u64)CHUNK_SIZE * CHUNK_COUNT, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
  if (chunks.base == MAP_FAILED) die("could not map the result chunks");
}

/* A free chunk, or -1 when no more than `aside` are left. */
static i64 chunk_get(u32 aside) {
  i64 chunk = -1;
  pthread_mutex_lock(&chunks.lock);
  if (chunks.nwarm + chunks.ncold + (CHUNK_COUNT - chunks.fresh) > aside) {
    if (chunks.nwarm > 0) chunk = chunks.warm[--chunks.nwarm];
    else if (chunks.ncold > 0) chunk = chunks.cold[--chunks.ncold];
    else chunk = chunks.fresh++;
  }
  pthread_mutex_unlock(&chunks.lock);
  return chunk;
}

void chunk_free(u32 chunk) {
  if (chunk >= CHUNK_COUNT) return;
  pthread_mutex_lock(&chunks.lock);
  bool keep = chunks.nwarm < CHUNKS_WARM;
  if (keep) chunks.warm[chunks.nwarm++] = chunk;
  pthread_mutex_unlock(&chunks.lock);
  if (keep) return;
  fallocate(chunks.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)chunk * CHUNK_SIZE, CHUNK_SIZE);
  pthread_mutex_lock(&chunks.lock);
  if (chunks.ncold < CHUNK_COUNT) chunks.cold[chunks.ncold++] = chunk;
  pthread_mutex_unlock(&chunks.lock);
}

void chunk_returned(u32 chunk) {
  atomic_fetch_sub(&chunks.under_way, 1);
  chunk_free(chunk);
}

static u8 *chunk_at(i64 chunk) { return chunks.base + (u64)chunk * CHUNK_SIZE; }

/* ---- waiting ---- */

/* Waits for something about the run's output, with the worker's CPU given to another thread. Holds no lock. */
static void wait_until(struct run *r, bool (*ready)(struct run *, void *), void *arg) {
  if (ready(r, arg)) return;
  sched_block();
  for (;;) {
    u32 seen = event_read(&r->out_event);
    bool now = ready(r, arg);
    if (!now) event_wait(&r->out_event, seen);
    event_leave(&r->out_event);
    if (now) break;
  }
  sched_unblock();
}

static bool nobody_sends(struct run *r, void *arg) { return !atomic_load(&r->sending); }

/* Takes out_lock to send. Whoever is sending opens the lock while it waits for the client; what others have comes after. */
static void lock_to_send(struct run *r) {
  for (;;) {
    pthread_mutex_lock(&r->out_lock);
    if (nobody_sends(r, NULL)) return;
    pthread_mutex_unlock(&r->out_lock);
    wait_until(r, nobody_sends, NULL);
  }
}

/* By the one that sends: a chunk to gather rows in, if the client has read enough. Stopped runs get none. */
static bool chunk_for_sender(struct run *r, void *chunk) {
  u64 unsent = atomic_load(&r->unsent);
  if (stop_of(r)) return true;
  if (unsent < UNSENT_MAX) *(i64 *)chunk = chunk_get(unsent == 0 ? 0 : CHUNKS_SET_ASIDE);
  return *(i64 *)chunk >= 0;
}

/* With out_lock, which is open for a while when the client has to be waited for. */
static i64 chunk_wait(struct run *r) {
  i64 chunk = -1;
  if (chunk_for_sender(r, &chunk)) return chunk;
  atomic_store(&r->sending, true);
  pthread_mutex_unlock(&r->out_lock);
  wait_until(r, chunk_for_sender, &chunk);
  pthread_mutex_lock(&r->out_lock);
  atomic_store(&r->sending, false);
  event_signal(&r->out_event);
  return chunk;
}

/* ---- sending ---- */

static void send_chunk(struct run *r, i64 chunk, u64 used, u64 rows) {
  u64 body[2] = {used, rows};
  atomic_fetch_add(&r->unsent, CHUNK_SIZE);
  atomic_fetch_add(&chunks.under_way, 1);
  struct head h = {.kind = M_ROWS, .arg = (u32)chunk, .run = r->id, .body = sizeof body};
  message_send(&h, body, -1);
}

static void flush(struct run *r) {
  if (r->emit_chunk < 0) return;
  if (r->emit_used > 0) send_chunk(r, r->emit_chunk, r->emit_used, r->emit_rows);
  else chunk_free((u32)r->emit_chunk);
  r->emit_chunk = -1;
  r->emit_used = r->emit_rows = 0;
}

static void gather(struct run *r, const u8 *data, u64 used, u64 rows) {
  if (r->emit_chunk >= 0 && used <= CHUNK_SIZE && r->emit_used + used > CHUNK_SIZE) flush(r); /* rows stay whole */
  while (used > 0) {
    if (r->emit_chunk < 0) {
      if ((r->emit_chunk = chunk_wait(r)) < 0) return; /* stopped */
      r->emit = chunk_at(r->emit_chunk);
    }
    u64 n = CHUNK_SIZE - r->emit_used;
    if (n > used) n = used;
    memcpy(r->emit + r->emit_used, data, n);
    r->emit_used += n;
    data += n;
    used -= n;
    if (used > 0) flush(r);
  }
  r->emit_rows += rows;
}

/* Bytes of the first `rows` DataRow messages. */
static u64 row_bytes(const u8 *p, u64 bytes, u64 rows) {
  u64 at = 0;
  for (; rows > 0 && bytes - at >= 5; rows--) {
    u64 length = (u64)p[at + 1] << 24 | (u64)p[at + 2] << 16 | (u64)p[at + 3] << 8 | p[at + 4];
    if (length + 1 > bytes - at) return bytes;
    at += length + 1;
  }
  return at;
}

static void piece_free(struct run *r, struct piece *p) {
  if (p->chunk >= 0) chunk_free((u32)p->chunk);
  if (p->block) {
    memory_uncharge(r, p->block->charged);
    block_put(p->block);
  }
  *p = (struct piece){.chunk = -1};
}

/* Takes up to *n rows off the front, and counts them off *n. */
static void drop_rows(struct piece *p, u64 *n) {
  u64 rows = *n < p->rows ? *n : p->rows;
  u64 bytes = rows == p->rows ? p->used : row_bytes(p->data, p->used, rows);
  p->data += bytes;
  p->used -= bytes;
  p->rows -= rows;
  *n -= rows;
}

/* Applies LIMIT and OFFSET; true when the last row of the limit is in. */
static bool trim(struct run *r, struct piece *p) {
  if (r->skip > 0) drop_rows(p, &r->skip);
  if (r->take < 0) return false;
  if ((u64)r->take < p->rows) {
    p->used = row_bytes(p->data, p->used, (u64)r->take);
    p->rows = (u64)r->take;
  }
  r->take -= (i64)p->rows;
  return r->take == 0;
}

/* Under out_lock: sends or gathers the piece, and frees it unless its chunk is small and to be kept by its writer. */
static bool emit(struct run *r, struct piece *p, bool keep) {
  bool enough = false;
  if (stop_of(r) == 0) {
    enough = trim(r, p);
    r->rows_out += p->rows;
    if (p->used > SMALL_PIECE && p->chunk >= 0 && p->data == chunk_at(p->chunk)) {
      flush(r);
      send_chunk(r, p->chunk, p->used, p->rows);
      p->chunk = -1;
    } else if (p->used > 0) {
      gather(r, p->data, p->used, p->rows);
      if (keep) return enough;
    }
  }
  piece_free(r, p);
  return enough;
}

/* The limit is reached: nothing that follows can matter if this is the last pipeline. */
static void enough(struct run *r) {
  if (r->pipeline + 1 == atomic_load(&r->program)->npipelines) run_stop(r, STOP_ENOUGH);
  else morsels_end(r);
}

static bool ordered(struct ctx *c) { return c->w.morsel != SERIAL_STEP && (run_flags(c->run) & FL_ORDERED); }

static bool at_head(struct ctx *c) {
  return !ordered(c) || atomic_load(&c->run->head) == c->w.morsel;
}

static struct morsel_out *slot_of(struct run *r, u64 morsel) { return &r->window[morsel & (r->window_size - 1)]; }

static void drop_buffer(struct ctx *c) {
  c->out = NULL;
  c->out_size = c->out_used = c->out_rows = 0;
  c->out_chunk = -1;
  c->out_block = NULL;
}

static struct piece piece_of(struct ctx *c) {
  return (struct piece){.data = c->out, .used = c->out_used, .rows = c->out_rows, .chunk = c->out_chunk, .block = c->out_block};
}

/* Under out_lock: lets leave what the morsel at the head has left behind. */
static bool emit_slot(struct run *r, struct morsel_out *m) {
  bool done = false;
  for (struct piece *p = m->first, *next; p; p = next) {
    next = p->next;
    done |= emit(r, p, false);
  }
  m->first = m->last = NULL;
  m->bytes = 0;
  return done;
}

/* What the worker has written so far leaves, or waits in its morsel's slot. */
static void hand_on(struct ctx *c, bool keep) {
  struct run *r = c->run;
  bool done = false;
  if (c->out_used == 0) return;
  struct piece piece = piece_of(c), *waiting = NULL;
  drop_rows(&piece, &c->repeated);
  c->handed_on += piece.rows;
  if (!at_head(c) && !(waiting = arena_alloc(r, &c->memory, sizeof *waiting, false))) fail_memory(c, sizeof *waiting);
  lock_to_send(r);
  if (at_head(c)) { /* it may have got there meanwhile */
    done = emit(r, &piece, keep);
    if (piece.data && keep && (piece.chunk >= 0 || piece.block)) {
      c->out_used = c->out_rows = 0;
    } else {
      drop_buffer(c);
    }
  } else {
    struct morsel_out *m = slot_of(r, c->w.morsel);
    *waiting = piece;
    waiting->next = NULL;
    if (m->last) m->last->next = waiting;
    else m->first = waiting;
    m->last = waiting;
    m->bytes += piece.used;
    drop_buffer(c);
  }
  pthread_mutex_unlock(&r->out_lock);
  if (done) enough(r);
}

/* Whether a worker in the middle of a morsel may go on: the client has read, or those before it are through. */
static bool has_room(struct run *r, void *arg) {
  struct ctx *c = arg;
  if (stop_of(r)) return true;
  if (at_head(c)) return atomic_load(&r->unsent) < UNSENT_MAX;
  return slot_of(r, c->w.morsel)->bytes < EARLY_MAX;
}

static void get_buffer(struct ctx *c, u64 bytes) {
  struct run *r = c->run;
  if (bytes <= CHUNK_SIZE) {
    c->out_chunk = chunk_get(CHUNKS_SET_ASIDE);
    if (c->out_chunk >= 0) {
      c->out = chunk_at(c->out_chunk);
      c->out_size = CHUNK_SIZE;
      return;
    }
    bytes = CHUNK_SIZE;
  }
  c->out_chunk = -1;
  if (!memory_charge(r, bytes)) fail_memory(c, bytes);
  c->out_block = block_get(bytes);
  if (!c->out_block) {
    memory_uncharge(r, bytes);
    fail_memory(c, bytes);
  }
  c->out_block->charged = bytes;
  c->out = (u8 *)c->out_block + BLOCK_HEADER;
  c->out_size = c->out_block->size - BLOCK_HEADER;
}

u8 *fl_result_room(fl_worker *w, u64 bytes) {
  struct ctx *c = (struct ctx *)w;
  if (c->out && bytes <= c->out_size - c->out_used) return c->out + c->out_used;
  if (bytes > (u64)1 << 40) fail_memory(c, bytes);
  hand_on(c, false);
  wait_until(c->run, has_room, c);
  if (stop_of(c->run)) escape();
  if (c->out && bytes > c->out_size) result_discard(c);
  if (!c->out) get_buffer(c, bytes);
  return c->out + c->out_used;
}

void fl_result_used(fl_worker *w, u64 bytes, u64 rows) {
  struct ctx *c = (struct ctx *)w;
  c->out_used += bytes;
  c->out_rows += rows;
}

void fl_result_limit(fl_worker *w, i64 offset, i64 limit) {
  struct run *r = ((struct ctx *)w)->run;
  r->skip = offset > 0 ? (u64)offset : 0;
  r->take = limit >= 0 ? limit : -1;
}

void result_begin(struct run *r) {
  r->skip = 0;
  r->take = -1;
  atomic_store(&r->head, 0);
}

bool result_may_start(struct run *r, u64 morsel) { return morsel - atomic_load(&r->head) < r->window_size; }

/* The head moves on over all morsels that are done, and what waits behind it leaves. */
static void advance_head(struct ctx *c) {
  struct run *r = c->run;
  bool done = false;
  lock_to_send(r);
  slot_of(r, c->w.morsel)->done = true;
  u64 head = atomic_load(&r->head);
  while (slot_of(r, head)->done) {
    struct morsel_out *m = slot_of(r, head);
    done |= emit_slot(r, m);
    m->done = false;
    atomic_store(&r->head, ++head);
    done |= emit_slot(r, slot_of(r, head));
  }
  pthread_mutex_unlock(&r->out_lock);
  event_signal(&r->out_event);
  if (done) enough(r);
  if (atomic_exchange(&r->held_back, false)) sched_wake();
}

static bool has_turn(struct run *r, void *c) { return stop_of(r) || at_head(c); }

void result_hand_on(struct ctx *c) { hand_on(c, false); }

void result_error_turn(struct ctx *c) {
  struct run *r = c->run;
  if (!ordered(c)) return;
  hand_on(c, false);
  wait_until(r, has_turn, c);
  if (stop_of(r)) escape();
  lock_to_send(r); /* after those who let leave what has waited in this morsel's slot */
  bool limited = r->take >= 0;
  pthread_mutex_unlock(&r->out_lock);
  if (stop_of(r)) escape();
  if (limited) search_narrow(c);
}

void result_step_done(struct ctx *c) {
  hand_on(c, true);
  if (ordered(c)) advance_head(c);
  else if (c->run->take == 0 && c->w.morsel == SERIAL_STEP && c->run->phase == PREPARE) enough(c->run);
}

void result_discard(struct ctx *c) {
  struct piece piece = piece_of(c);
  if (c->out) piece_free(c->run, &piece);
  drop_buffer(c);
}

void result_end(struct run *r, bool ok) {
  for (u64 i = 0; r->window && i < r->window_size; i++)
    for (struct piece *p = r->window[i].first, *next; p; p = next) {
      next = p->next;
      piece_free(r, p);
    }
  if (!ok) r->emit_used = r->emit_rows = 0;
  if (r->emit_used > INLINE_ROWS) flush(r);
}

void result_released(struct run *r, void *bytes) {
  u64 before = atomic_fetch_sub(&r->unsent, *(u64 *)bytes);
  event_signal(&r->out_event);
  if (before >= UNSENT_MAX) sched_wake_locked(MAX_WORKERS);
}
