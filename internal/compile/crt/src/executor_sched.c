/* executor_sched.c: runs and the threads that run them.
 *
 * One thread has the control role: it reads messages. When a request comes while a worker idles, the two change places:
 * the thread that has the request at hand runs it, and the idle one is woken to read on. So a query starts without waiting
 * for another thread to wake up.
 *
 * A run goes through its pipelines in order: prepare, morsels, finish. Workers take one morsel at a time, from the runs in
 * turn, so that queries share them fairly. A worker that finds itself last in a phase goes on with the next one at once: a
 * query of one morsel a pipeline is run by one worker that was woken once.
 *
 * There are as many running workers as CPUs were given. A worker that has to wait for a client (sched_block) is replaced by
 * another thread on the same CPU; when it comes back, one of the threads too many steps aside at the next morsel.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "executor.h"

/* A stopped program has so long to return: less where a user waits for it than where it only cleans up. */
#define OBEY_CANCEL_NS 2000000000ul
#define OBEY_NS 10000000000ul
#define THREAD_STACK (8 * 1024 * 1024)

struct thread {
  struct thread *next; /* of the idle or the spare ones */
  _Atomic u32 wake;
  bool control;    /* has the control role */
  int place, pinned; /* where it belongs, and where it is: an index of sched.cpus, or ANYWHERE that the process may run */
  pid_t id;
  jmp_buf escape;
  u8 *scratch;
  u64 scratch_size;
};

#define ANYWHERE (-1)

enum task_kind { LEAVE, DO_PREPARE, DO_MORSEL, DO_STREAM, DO_FINISH };
struct task {
  enum task_kind kind;
  u32 wanted; /* further workers that the pipeline has morsels for */
  u64 morsel;
  struct input_buffer in;
};

static struct {
  pthread_mutex_t lock;
  struct run *ring; /* the run to be looked at next */
  _Atomic u32 nruns;
  struct thread *idle, *spare;
  const int *cpus; /* one a worker's place */
  u32 workers, live; /* live: threads neither blocked nor spare */
  struct run *by_slot[MAX_RUNS];
  struct run *pool; /* run structs to be used again */
  u32 stopping;
} sched = {.lock = PTHREAD_MUTEX_INITIALIZER};

static cpu_set_t *everywhere; /* the process's CPUs */
#define CPU_SET_BYTES CPU_ALLOC_SIZE(8192)

_Thread_local struct ctx *current;
static _Thread_local struct thread *self;

static void futex_wait(_Atomic u32 *at, u32 value) {
  syscall(SYS_futex, at, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

static void futex_wake(_Atomic u32 *at, int n) { syscall(SYS_futex, at, FUTEX_WAKE_PRIVATE, n, NULL, NULL, 0); }

u32 event_read(struct event *e) {
  atomic_fetch_add(&e->waiters, 1);
  return atomic_load(&e->count);
}

void event_wait(struct event *e, u32 seen) { futex_wait(&e->count, seen); }

void event_leave(struct event *e) { atomic_fetch_sub(&e->waiters, 1); }

void event_signal(struct event *e) {
  atomic_fetch_add(&e->count, 1);
  if (atomic_load(&e->waiters)) futex_wake(&e->count, INT_MAX);
}

static void thread_wake(struct thread *t) {
  atomic_store(&t->wake, 1);
  futex_wake(&t->wake, 1);
}

/* Waits on a list; called and returns with the lock held. */
static void park(struct thread **list) {
  self->next = *list;
  *list = self;
  atomic_store(&self->wake, 0);
  pthread_mutex_unlock(&sched.lock);
  while (!atomic_load(&self->wake)) futex_wait(&self->wake, 0);
  pthread_mutex_lock(&sched.lock);
}

/* Moves a thread to where it belongs; cheap when it sleeps or is there already. */
static void pin(struct thread *t) {
  if (t->pinned == t->place || !everywhere) return;
  cpu_set_t *set = everywhere;
  if (t->place != ANYWHERE && (set = CPU_ALLOC(8192))) {
    CPU_ZERO_S(CPU_SET_BYTES, set);
    CPU_SET_S((size_t)sched.cpus[t->place], CPU_SET_BYTES, set);
  }
  if (set) sched_setaffinity(t->id, CPU_SET_BYTES, set); /* where it is refused, the kernel places the thread */
  if (set && set != everywhere) CPU_FREE(set);
  t->pinned = t->place;
}

/* Wakes up to n idle workers. Each wakes up on its own CPU: on the waker's it would have to wait for it. */
void sched_wake_locked(u32 n) {
  for (; n > 0 && sched.idle; n--) {
    struct thread *t = sched.idle;
    sched.idle = t->next;
    pin(t);
    thread_wake(t);
  }
}

void sched_wake(void) {
  pthread_mutex_lock(&sched.lock);
  sched_wake_locked(sched.workers);
  pthread_mutex_unlock(&sched.lock);
}

/* ---- runs ---- */

static void ring_add(struct run *r) {
  if (!sched.ring) {
    r->next = r->prev = r;
    sched.ring = r;
  } else {
    r->next = sched.ring;
    r->prev = sched.ring->prev;
    r->prev->next = r->next->prev = r;
  }
  atomic_fetch_add(&sched.nruns, 1);
}

static void ring_remove(struct run *r) {
  if (r->next == r) {
    sched.ring = NULL;
  } else {
    r->next->prev = r->prev;
    r->prev->next = r->next;
    if (sched.ring == r) sched.ring = r->next;
  }
  atomic_fetch_sub(&sched.nruns, 1);
}

struct run *run_new(void) {
  pthread_mutex_lock(&sched.lock);
  struct run *r = sched.pool;
  if (r) sched.pool = r->next;
  pthread_mutex_unlock(&sched.lock);
  if (r) return r;
  r = calloc(1, sizeof *r);
  if (!r) die("no memory for a run");
  pthread_mutex_init(&r->out_lock, NULL);
  pthread_mutex_init(&r->large_lock, NULL);
  r->emit_chunk = -1;
  return r;
}

/* Back to the pool. */
static void run_recycle(struct run *r) {
  pthread_mutex_lock(&sched.lock);
  if (r->deadline_ns) sched.stopping--;
  memset(r, 0, offsetof(struct run, out_lock));
  r->emit_chunk = -1;
  memset(r->error.code, 0, sizeof r->error.code);
  r->error.message[0] = r->error.context[0] = r->error.detail[0] = 0;
  r->next = sched.pool;
  sched.pool = r;
  pthread_mutex_unlock(&sched.lock);
}

static u64 done_texts(struct done_body *d, const struct run *r, u8 *to) {
  const char *texts[3] = {r->error.message, r->error.context, r->error.detail};
  u32 lengths[3];
  u64 at = 0;
  for (int i = 0; i < 3; i++) {
    lengths[i] = (u32)strlen(texts[i]);
    memcpy(to + at, texts[i], lengths[i]);
    at += lengths[i];
  }
  memcpy(d->code, r->error.code, sizeof d->code);
  d->position = r->error.position;
  d->message = lengths[0];
  d->context = lengths[1];
  d->detail = lengths[2];
  return at;
}

/* Tells the control plane the outcome. What the run held is given back first, so that whoever gets the answer finds the
 * memory free. */
void run_finish(struct run *r) {
  bool ok = !r->failed && stop_of(r) != STOP_CANCEL;
  const fl_program *p = atomic_load(&r->program);
  u32 ncounters = p && r->counters ? p->ncounters : 0;
  if (!ok && !r->failed) {
    memcpy(r->error.code, "57014", 6);
    strcpy(r->error.message, "canceling statement due to user request");
  }
  result_end(r, ok);
  for (u32 i = 0; r->ctxs && i < r->q.nworkers; i++) result_discard(&r->ctxs[i]);
  memory_release(r);
  stream_release(r);
  images_release(r);
  struct {
    struct done_body d;
    u8 rest[INLINE_BODY + INLINE_ROWS + 3 * MESSAGE_MAX];
  } m;
  m.d = (struct done_body){.peak = atomic_load(&r->peak), .rows = r->rows_out};
  if (ncounters * 8 > INLINE_BODY) ncounters = INLINE_BODY / 8;
  u64 at = ncounters * 8, stride = (p ? (p->ncounters + 7) & ~7u : 0);
  m.d.ncounters = ncounters;
  for (u32 i = 0; i < ncounters; i++) {
    u64 sum = 0;
    for (u32 k = 0; k < r->q.nworkers; k++) sum += r->counters[k * stride + i];
    memcpy(m.rest + i * 8ul, &sum, 8);
  }
  if (!ok) at += done_texts(&m.d, r, m.rest + at);
  if (r->emit_used > 0) {
    memcpy(m.rest + at, r->emit, r->emit_used);
    at += m.d.inlined = r->emit_used;
    m.d.inlined_rows = r->emit_rows;
  }
  if (r->emit_chunk >= 0) chunk_free((u32)r->emit_chunk);
  arena_release(&r->memory);
  memory_uncharge(r, atomic_load(&r->used));
  struct head h = {.kind = M_DONE, .arg = r->slot, .run = r->id, .body = sizeof m.d + at};
  m.d.execution_ns = now_ns() - r->started_ns;
  run_recycle(r);
  message_send(&h, &m, -1);
}

void run_with(u64 id, u32 slot, void (*f)(struct run *, void *), void *arg) {
  if (slot >= MAX_RUNS) return;
  pthread_mutex_lock(&sched.lock);
  struct run *r = sched.by_slot[slot];
  if (r && r->id == id) f(r, arg);
  pthread_mutex_unlock(&sched.lock);
}

static void stop_locked(struct run *r, u32 why) {
  if (stop_of(r) != 0 && why != STOP_FAILED) return;
  __atomic_store_n(&r->q.stop, why, __ATOMIC_RELEASE);
  event_signal(&r->out_event);
  if (r->deadline_ns == 0) {
    r->deadline_ns = now_ns() + (why == STOP_CANCEL ? OBEY_CANCEL_NS : OBEY_NS);
    sched.stopping++;
    control_wake(); /* to watch the deadline */
  }
}

void run_stop(struct run *r, u32 why) {
  pthread_mutex_lock(&sched.lock);
  stop_locked(r, why);
  sched_wake_locked(1);
  pthread_mutex_unlock(&sched.lock);
}

void run_fail(struct run *r, const char *code, i32 position, const char *message, const char *context,
              const char *detail) {
  pthread_mutex_lock(&sched.lock);
  if (stop_of(r) == 0) { /* the first error; none after a cancellation or when a LIMIT is reached */
    r->failed = true;
    struct error *e = &r->error;
    snprintf(e->code, sizeof e->code, "%.5s", code);
    e->position = position;
    snprintf(e->message, sizeof e->message, "%s", message);
    snprintf(e->context, sizeof e->context, "%s", context ? context : "");
    snprintf(e->detail, sizeof e->detail, "%s", detail ? detail : "");
    stop_locked(r, STOP_FAILED);
  }
  pthread_mutex_unlock(&sched.lock);
}

u64 sched_deadline(u64 now) {
  u64 first = 0;
  struct run *hung = NULL;
  pthread_mutex_lock(&sched.lock);
  if (sched.stopping > 0 && sched.ring) {
    struct run *r = sched.ring;
    do {
      if (r->deadline_ns && r->active > 0) {
        if (r->deadline_ns <= now) hung = r;
        if (!first || r->deadline_ns < first) first = r->deadline_ns;
      }
      r = r->next;
    } while (r != sched.ring);
  }
  if (hung) fault_hung(hung);
  pthread_mutex_unlock(&sched.lock);
  return first;
}

void escape(void) { _longjmp(self->escape, 1); }

void fl_obey(fl_worker *w) {
  if (stop_of(((struct ctx *)w)->run)) escape();
}

/* ---- steps of a run ---- */

u32 run_flags(struct run *r) { return atomic_load(&r->program)->pipelines[r->pipeline].flags; }

static const fl_program *program_of(struct run *r, u64 step) {
  return r->alternate && (step & 1) ? r->alternate : atomic_load_explicit(&r->program, memory_order_acquire);
}

static struct ctx *enter(struct run *r) {
  struct ctx *c = &r->ctxs[r->free_ids[--r->nfree]];
  r->active++;
  return c;
}

static void leave(struct run *r, struct ctx *c) {
  r->free_ids[r->nfree++] = c->w.id;
  r->active--;
}

static bool exhausted(struct run *r) {
  return run_flags(r) & FL_STREAM ? r->stream.end : !morsels_left(r);
}

/* Under the lock: whether a thread that joins, or stays, may have a morsel. */
static bool claim(struct run *r, struct task *t) {
  u32 flags = run_flags(r);
  if (r->phase != WORK || stop_of(r) || exhausted(r)) return false;
  if (atomic_load_explicit(&r->unsent, memory_order_relaxed) >= UNSENT_MAX) return false;
  u64 next = flags & FL_STREAM ? atomic_load(&r->stream.chunks) : morsels_first(r);
  if ((flags & FL_ORDERED) && !result_may_start(r, next)) {
    atomic_store(&r->held_back, true); /* before the second look: the head may move in between, and who moves it looks after it */
    if (!result_may_start(r, next)) return false;
  }
  if (flags & FL_STREAM) {
    if (!stream_ready(r)) return false;
    *t = (struct task){.kind = DO_STREAM, .in = stream_take(r)};
    return true;
  }
  t->kind = DO_MORSEL;
  return morsels_take(r, (u32)self->place, &t->morsel);
}

/* Whether nobody is left and the phase is over: the caller goes on with the run. */
static bool over(struct run *r) { return r->active == 0 && (stop_of(r) || (r->phase == WORK && exhausted(r))); }

/* Takes the run that is next in turn and has work; under the lock. */
static struct run *pick(struct ctx **c, struct task *t) {
  struct run *r = sched.ring;
  if (!r) return NULL;
  do {
    bool found = false;
    if (r->phase == PREPARE && r->active == 0) {
      *t = (struct task){.kind = DO_PREPARE};
      found = true;
    } else if (over(r)) { /* stopped, or at its end, while nobody was in it */
      *t = (struct task){.kind = DO_FINISH};
      found = true;
    } else if (r->phase == WORK && r->nfree > 0) {
      found = claim(r, t);
    }
    if (found) {
      sched.ring = r->next;
      *c = enter(r);
      return r;
    }
    r = r->next;
  } while (r != sched.ring);
  return NULL;
}

static u8 *scratch(u64 bytes) {
  if (bytes > self->scratch_size) {
    if (self->scratch) munmap(self->scratch, self->scratch_size);
    u64 size = (bytes + 65535) & ~(u64)65535;
    self->scratch = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    self->scratch_size = size;
    if (self->scratch != MAP_FAILED && size >= (u64)4 << 20) madvise(self->scratch, size, MADV_HUGEPAGE);
    if (self->scratch == MAP_FAILED) {
      self->scratch = NULL;
      self->scratch_size = 0;
    }
  }
  return self->scratch;
}

/* Runs one function of the program; false when it raised. */
static bool call(struct run *r, struct ctx *c, struct task *t) {
  const fl_program *p = program_of(r, t->kind == DO_MORSEL || t->kind == DO_STREAM ? t->morsel : r->pipeline + 1u);
  const fl_pipeline *pl = &p->pipelines[r->pipeline];
  volatile bool ok = false; /* survives the jump */
  current = c;
  search_begin(c);
  if (_setjmp(self->escape) == 0 || search_goes_on(c)) {
    c->w.scratch = scratch(pl->scratch_size);
    if (!c->w.scratch && pl->scratch_size > 0) fail_memory(c, pl->scratch_size);
    c->context[0] = 0;
    switch (t->kind) {
      case DO_PREPARE: {
        c->w.morsel = SERIAL_STEP;
        if (pl->prepare) pl->prepare(&c->w, r->q.state);
        u64 n = pl->flags & FL_STREAM ? ~(u64)0 : pl->morsels ? pl->morsels(&c->w, r->q.state) : 1;
        morsels_open(r, n, pl->flags & (FL_STREAM | FL_ORDERED | FL_IN_TURN));
        break;
      }
      case DO_FINISH:
        c->w.morsel = SERIAL_STEP;
        if (pl->finish) pl->finish(&c->w, r->q.state);
        break;
      default:
        c->w.morsel = t->morsel;
        do pl->work(&c->w, r->q.state, t->morsel);
        while (search_widen(c));
    }
    result_step_done(c);
    ok = true;
  }
  current = NULL;
  return ok;
}

/* The worker is in place 0 when it is alone in the run. */
static struct ctx *alone(struct run *r, struct ctx *c) {
  leave(r, c);
  for (u32 i = 0; i < r->nfree; i++)
    if (r->free_ids[i] == 0) {
      r->free_ids[i] = r->free_ids[r->nfree - 1];
      r->free_ids[r->nfree - 1] = 0;
    }
  return enter(r);
}

/* Under the lock: after prepare(), opens the pipeline to others and takes the first morsel. */
static struct task begin_work(struct run *r) {
  struct task t = {.kind = DO_FINISH};
  r->phase = WORK;
  if (!claim(r, &t)) {
    t.kind = over(r) || exhausted(r) ? DO_FINISH : LEAVE;
    return t;
  }
  u64 more = r->nmorsels - 1;
  u64 places = r->q.nworkers - r->active;
  t.wanted = (u32)(more < places ? more : places);
  return t;
}

/* Under the lock: what this worker does next in the run. LEAVE: it has left its place. DO_FINISH with a stopped run: the
 * run is over. */
static struct task advance(struct run *r, struct ctx **c, enum task_kind did) {
  struct task t = {.kind = LEAVE};
  if (!stop_of(r)) {
    if (did == DO_FINISH) {
      r->pipeline++;
      r->phase = r->pipeline < atomic_load(&r->program)->npipelines ? PREPARE : OVER;
      t.kind = r->phase == OVER ? DO_FINISH : DO_PREPARE;
      return t;
    }
    if (did == DO_PREPARE) {
      t = begin_work(r);
      if (t.kind != LEAVE) return t;
    } else if (sched.live <= sched.workers && (atomic_load(&sched.nruns) == 1 || !sched.ring) &&
               claim(r, &t)) {
      return t;
    }
  }
  leave(r, *c);
  if (over(r)) {
    *c = enter(r);
    *c = alone(r, *c);
    t.kind = DO_FINISH;
  }
  return t;
}

/* Under the lock: forgets the run, which nobody but the caller can reach from now on. */
static void retire(struct run *r) {
  ring_remove(r);
  sched.by_slot[r->slot] = NULL;
}

/* A run that nobody is in ends here and now: it must not wait for a worker that is busy with another. */
void run_cancel(u64 id, u32 slot) {
  bool ended = false;
  pthread_mutex_lock(&sched.lock);
  struct run *r = slot < MAX_RUNS ? sched.by_slot[slot] : NULL;
  if (r && r->id == id) {
    stop_locked(r, STOP_CANCEL);
    ended = r->active == 0;
    if (ended) retire(r);
  }
  pthread_mutex_unlock(&sched.lock);
  if (ended) run_finish(r);
}

/* Morsels of a run that is alone, while it needs no look at anything else: no lock. */
static bool next_unlocked(struct run *r, struct task *t) {
  if (t->kind != DO_MORSEL || atomic_load_explicit(&sched.nruns, memory_order_relaxed) != 1 || stop_of(r)) return false;
  if (run_flags(r) & FL_ORDERED) return false;
  if (atomic_load_explicit(&r->unsent, memory_order_relaxed) >= UNSENT_MAX) return false;
  return morsels_take(r, (u32)self->place, &t->morsel);
}

/* Cuts off a chunk of the input stream and works on it. */
static void do_stream(struct run *r, struct ctx *c, struct task *t) {
  bool found = stream_next(c, t->in);
  pthread_mutex_lock(&sched.lock);
  r->stream.cutting = false;
  if (stream_ready(r)) sched_wake_locked(1);
  pthread_mutex_unlock(&sched.lock);
  if (!found) return;
  t->morsel = c->w.morsel;
  call(r, c, t);
  stream_done(c);
}

/* Wakes workers for a pipeline that this one has begun. It goes to its own CPU first, lest it is on one of theirs. What is
 * over in one morsel stays where its request was read. */
static void spread(u32 wanted) {
  pin(self);
  pthread_mutex_lock(&sched.lock);
  sched_wake_locked(wanted);
  pthread_mutex_unlock(&sched.lock);
}

/* Works on a run until there is nothing for this worker in it, or another run's turn has come. */
static void drive(struct run *r, struct ctx *c, struct task t) {
  while (t.kind != LEAVE) {
    bool ended = stop_of(r) && t.kind == DO_FINISH; /* nobody else is in it */
    if (!ended) {
      if (t.kind == DO_PREPARE) result_begin(r);
      if (t.kind == DO_STREAM) do_stream(r, c, &t);
      else
        while (call(r, c, &t) && next_unlocked(r, &t)) {
        }
    }
    pthread_mutex_lock(&sched.lock);
    if (!ended) {
      enum task_kind did = t.kind;
      t = advance(r, &c, did);
      ended = t.kind == DO_FINISH && (stop_of(r) || r->phase == OVER);
    }
    if (ended) retire(r);
    pthread_mutex_unlock(&sched.lock);
    if (ended) {
      run_finish(r);
      return;
    }
    if (t.kind == DO_FINISH || t.kind == DO_PREPARE) c = &r->ctxs[0];
    if (t.wanted > 0) spread(t.wanted);
  }
}

/* ---- threads ---- */

__attribute__((noreturn)) static void thread_loop(void) {
  pthread_mutex_lock(&sched.lock);
  for (;;) {
    if (self->control) {
      pthread_mutex_unlock(&sched.lock);
      pin(self);
      control_loop();
      pthread_mutex_lock(&sched.lock);
    } else if (sched.live > sched.workers) {
      sched.live--;
      sched_wake_locked(1); /* one who idles takes over */
      park(&sched.spare);
    } else {
      struct ctx *c;
      struct task t;
      struct run *r = pick(&c, &t);
      if (!r) {
        park(&sched.idle);
        continue;
      }
      if (t.kind != DO_STREAM && t.kind != DO_MORSEL) c = alone(r, c);
      pthread_mutex_unlock(&sched.lock);
      drive(r, c, t);
      pthread_mutex_lock(&sched.lock);
    }
  }
}

static void *thread_main(void *arg) {
  self = arg;
  prctl(PR_SET_NAME, "flernd-worker", 0, 0, 0);
  fault_thread();
  self->id = gettid();
  pin(self);
  thread_loop();
}

static struct thread *thread_new(int place) {
  struct thread *t = aligned_alloc(64, (sizeof *t + 63) & ~(size_t)63);
  if (!t) die("no memory for a worker");
  memset(t, 0, sizeof *t);
  t->place = place;
  t->pinned = ANYWHERE;
  return t;
}

/* False when the system grants no further thread: the executor goes on with those it has. */
static bool thread_start(int place) {
  static atomic_flag told = ATOMIC_FLAG_INIT;
  pthread_attr_t attr;
  pthread_t id;
  struct thread *t = thread_new(place);
  pthread_attr_init(&attr);
  pthread_attr_setstacksize(&attr, THREAD_STACK);
  pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
  int e = pthread_create(&id, &attr, thread_main, t);
  pthread_attr_destroy(&attr);
  if (e == 0) return true;
  free(t);
  if (!atomic_flag_test_and_set(&told)) fprintf(stderr, "executor: could not start another worker: %s\n", strerror(e));
  return false;
}

static void lose_place(void) {
  pthread_mutex_lock(&sched.lock);
  sched.live--;
  pthread_mutex_unlock(&sched.lock);
}

/* Starts n workers; the calling thread has the control role first. */
void sched_run(const int *cpus, u32 n) {
  everywhere = CPU_ALLOC(8192);
  if (everywhere && sched_getaffinity(0, CPU_SET_BYTES, everywhere) != 0) {
    CPU_FREE(everywhere);
    everywhere = NULL;
  }
  u32 started = 0;
  sched.cpus = cpus;
  sched.workers = sched.live = n;
  for (u32 i = 0; i < n; i++)
    if (thread_start((int)i)) started++;
    else lose_place();
  if (started == 0) die("could not start any worker");
  self = thread_new(ANYWHERE);
  self->control = true;
  self->id = gettid();
  thread_loop();
}

bool sched_has_control(void) { return self->control; }

/* Takes the idle worker of this CPU from the list, if there is one, else any. */
static struct thread *idle_here(void) {
  int cpu = sched_getcpu();
  struct thread **at = &sched.idle;
  while (*at && sched.cpus[(*at)->place] != cpu) at = &(*at)->next;
  if (!*at) at = &sched.idle;
  struct thread *t = *at;
  *at = t->next;
  return t;
}

/* Under the lock: gives the control role to an idle worker, and takes its place: that of one who belongs to this CPU, so
 * that nobody has to move. */
static void change_places(void) {
  struct thread *t = idle_here();
  t->control = true;
  self->control = false;
  self->place = t->place;
  t->place = ANYWHERE;
  thread_wake(t);
}

/* Takes the place of a running worker that there is too few of, for another thread: a spare one, or a new one. */
static void fill_place(int place) {
  pthread_mutex_lock(&sched.lock);
  struct thread *t = sched.spare;
  bool vacant = sched.live < sched.workers;
  if (vacant) sched.live++;
  if (vacant && t) {
    sched.spare = t->next;
    t->place = place;
    pin(t);
    thread_wake(t);
  }
  pthread_mutex_unlock(&sched.lock);
  if (vacant && !t && !thread_start(place)) lose_place();
}

void sched_block(void) {
  lose_place();
  fill_place(self->place);
}

void sched_unblock(void) {
  pthread_mutex_lock(&sched.lock);
  sched.live++;
  pthread_mutex_unlock(&sched.lock);
}

void sched_submit(struct run *r) {
  pthread_mutex_lock(&sched.lock);
  sched.by_slot[r->slot] = r;
  ring_add(r);
  bool few = !sched.idle && sched.live < sched.workers; /* threads could not be had when they were wanted */
  if (sched.idle) change_places();
  pthread_mutex_unlock(&sched.lock);
  if (few) fill_place(ANYWHERE);
}
