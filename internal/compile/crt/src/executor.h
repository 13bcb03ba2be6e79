/* executor.h: what the files of the executor share among themselves.
 *
 * Threads are alike. One at a time has the control role (executor.c): it reads messages from the control plane and runs no
 * program; the others are workers (executor_sched.c), run programs and answer; signal handlers (executor_fault.c) note who
 * was at fault. The executor opens no file and no connection: all it works on came as descriptors with a message.
 *
 * Locks, outermost first: run.out_lock, sched.lock, the locks of the pools (leaves). Nothing is sent while sched.lock is
 * held.
 */
#ifndef EXECUTOR_H
#define EXECUTOR_H

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "csv.h"
#include "executor_protocol.h"
#include "fl.h"

#define MAX_WORKERS 1024
#define MESSAGE_MAX 2048
struct error {
  char code[8];
  i32 position;
  u32 pad;
  char message[MESSAGE_MAX], context[MESSAGE_MAX], detail[MESSAGE_MAX];
};

extern struct page *page;

/* False when there is no shared memory for a long body (more than INLINE_MAX). */
bool message_send(const struct head *h, const void *body, int fd);
u64 now_ns(void);
/* Ends the process: something that cannot happen did, or the system refuses what the executor cannot do without. */
__attribute__((noreturn, format(printf, 1, 2))) void die(const char *format, ...);

/* ---- memory: executor_memory.c ---- */

struct block {
  struct block *next, *prev; /* prev: only in a run's list of large ones */
  u64 size;    /* with this header */
  u64 charged; /* against the query's budget */
  u64 used;    /* with this header */
  u32 clean;   /* everything past `used` is zero */
};
#define BLOCK_HEADER 64
#define BLOCK_MIN (64 * 1024)
struct arena {
  struct block *blocks; /* the first one is allocated from */
  struct block *large;  /* one allocation each */
};
struct run;
struct ctx;
void memory_limit(u64 bytes);
/* Counts bytes against the run's and the executor's budgets; false: too many. */
bool memory_charge(struct run *r, u64 bytes);
void memory_uncharge(struct run *r, u64 bytes);
struct block *block_get(u64 bytes);
void block_put(struct block *b);
void arena_release(struct arena *a);
void memory_release(struct run *r); /* what programs have allocated */
/* fl_alloc for the executor itself: NULL when the budget is spent. */
void *arena_alloc(struct run *r, struct arena *a, u64 bytes, bool zero);

/* ---- programs and inputs: executor_load.c, executor_input.c ---- */

struct program {
  const fl_program *main;
  u8 *base; /* of the loaded image */
  u64 size;
  char error[192]; /* why it could not be loaded */
  char code[8];
};
extern struct program programs[MAX_PROGRAMS];
void program_load(u32 handle, int fd, u64 size); /* fd < 0: none was to be had */
void program_unload(u32 handle);
/* The start of the program that holds the address, 0 if none does; safe in signal handlers. */
u64 program_base(u64 address);

struct mapping {
  u8 *volatile base;
  volatile u64 size;
  int error; /* why there is no base: an errno */
};
extern struct mapping mappings[MAX_MAPPINGS];
void mapping_add(u32 handle, int fd, u64 size, bool writable); /* fd < 0: none was to be had */
void mapping_drop(u32 handle);
void mapping_refuse(struct run *r, const char *what, u32 handle); /* fails the run that needs what is not mapped */
/* Whether the address lies in a mapping; safe in signal handlers. */
bool mapping_holds(const void *p);
/* Lays out tables, blobs, parameters and the stream's cutter of a run from its message; false when the budget is spent. */
bool input_lay_out(struct run *r, const struct run_body *b, const u8 *body, u64 bytes, u8 **cutter);

/* ---- runs: executor_sched.c ---- */

struct thread;

/* A worker's place in a run. A program holds fl_worker *, which is the first member. */
struct ctx {
  _Alignas(64) fl_worker w; /* first; no two workers write to one cache line */
  struct run *run;
  struct arena memory, temp;
  /* result being written: a chunk of shared memory, or a block where a chunk is too small */
  u8 *out;
  u64 out_size, out_used, out_rows;
  i64 out_chunk;
  struct block *out_block;
  u64 handed_on; /* rows of this morsel */
  /* the search for an error's row: executor_search.c */
  u64 repeated;     /* rows to come that have been handed on before */
  u64 fine, faulty; /* so many rows of the morsel raise no error, so many do; faulty 0: no search */
  bool again;
  /* the chunk of a stream's input being worked on lies in this buffer (-1: none) or block */
  i64 in_buffer;
  struct block *in_block;
  char context[MESSAGE_MAX];
};

/* Lets threads wait for a condition that is changed without a lock: read the event, test the condition, wait for the event
 * to have changed, leave. */
struct event { _Atomic u32 count; _Atomic u32 waiters; };
u32 event_read(struct event *e); /* announces a waiter */
void event_wait(struct event *e, u32 seen);
void event_leave(struct event *e);
void event_signal(struct event *e);

enum phase { PREPARE, WORK, FINISH, OVER };

/* A finished piece of output that waits for its turn. */
struct piece {
  struct piece *next;
  u8 *data;
  u64 used, rows;
  i64 chunk;
  struct block *block;
};
/* What a morsel of an ordered pipeline left behind. */
struct morsel_out {
  struct piece *first, *last;
  _Atomic u64 bytes;
  bool done;
};

/* COPY data. The control plane fills buffers of shared memory; whoever has the next one's turn cuts it at the end of its
 * last whole row. What is left is put before the next buffer's data, in its headroom. */
struct input_buffer { u64 bytes; u32 buffer; bool last; };
struct stream {
  u8 *base; /* NULL: the run has no input stream */
  u64 buffer_size;
  u32 buffers;
  struct input_buffer *in; /* a ring of those that are filled, in the order of the stream; under sched.lock */
  u32 first, filled;
  bool cutting;
  _Atomic bool end;
  _Atomic u64 chunks;
  u64 position; /* of the bytes that come next, see csv.h; without a cutter, the number of the line */
  struct block *tail; /* start of a row whose end has not come */
  u64 tail_bytes, retry; /* retry: with fewer bytes than these there is no use looking for the end again */
  fl_csv_cutter *cutter;
};

/* Morsels next … end-1 are to be handed out; next may pass the end. */
struct share { _Alignas(64) _Atomic u64 next; u64 end; };

#define STOP_CANCEL 1u
#define STOP_FAILED 2u
#define STOP_ENOUGH 3u /* the LIMIT is reached */

struct run {
  fl_query q; /* first */
  u64 id, started_ns, deadline_ns;
  u32 slot;
  _Atomic(const fl_program *) program;
  const fl_program *alternate;
  struct run *next, *prev; /* ring of runs, under sched.lock */
  /* scheduling, under sched.lock */
  enum phase phase;
  u32 pipeline, active;
  u64 nmorsels;
  struct share *shares; /* of the pipeline's morsels, one a worker's place or one in all: executor_morsels.c */
  u32 nshares;
  u32 *free_ids, nfree;
  struct ctx *ctxs;
  bool failed;
  /* memory */
  _Atomic u64 used, peak;
  u64 limit;
  struct arena memory; /* what the control thread lays out */
  struct block *large; /* large allocations of programs, under large_lock: any worker may free them */
  u64 *counters;
  /* output, under out_lock; those who wait for unsent, head or stop to change wait for out_event */
  struct event out_event;
  _Atomic bool sending; /* the one that sends waits for the client, with out_lock open */
  _Atomic u64 unsent;   /* bytes of chunks sent that the control plane has not given back */
  _Atomic u64 head;   /* ordered: the morsel whose output leaves */
  _Atomic bool held_back; /* somebody found no morsel that may start before the head moves */
  struct morsel_out *window;
  u64 window_size;
  u8 *emit; /* small pieces are gathered here */
  i64 emit_chunk;
  u64 emit_used, emit_rows, rows_out;
  u64 skip;
  i64 take; /* LIMIT: rows still to skip and to let pass; take < 0: all */
  /* images */
  _Atomic u32 images;
  struct image *image_list;
  _Atomic u64 unwritten; /* bytes of images that the control plane has and not written; waited for with out_event */
  struct stream stream;
  /* what keeps its contents when the struct is used again */
  pthread_mutex_t out_lock, large_lock;
  struct error error;
};

static inline u32 stop_of(const struct run *r) { return __atomic_load_n(&r->q.stop, __ATOMIC_ACQUIRE); }

/* Workers stop handing out morsels of a run, and wait within one, when so much of its output is unread. */
#define UNSENT_MAX (16 * CHUNK_SIZE)
/* A morsel whose turn has not come keeps at most so much output. */
#define EARLY_MAX (1024 * 1024)

extern _Thread_local struct ctx *current; /* of this worker; NULL outside programs */

__attribute__((noreturn)) void sched_run(const int *cpus, u32 n);
void sched_submit(struct run *r); /* by the thread that has the control role, which it may have lost after it */
bool sched_has_control(void);
/* executor.c: reads messages while this thread has the control role; makes whoever has it look at sched_deadline again. */
void control_loop(void);
void control_wake(void);
struct run *run_new(void);
/* Runs f on the run in this slot, under sched.lock, if it is still there. */
void run_with(u64 id, u32 slot, void (*f)(struct run *, void *), void *arg);
void run_stop(struct run *r, u32 why);
void run_cancel(u64 id, u32 slot);
void run_finish(struct run *r); /* answers; for a run that is refused before it was submitted, too */
/* Makes workers look for work again. */
void sched_wake(void);
void sched_wake_locked(u32 n);
/* Around a wait of a worker: its place among the running ones goes to another thread. */
void sched_block(void);
void sched_unblock(void);
/* Earliest deadline of a stopped run, 0 if none; a run past it ends the process. */
u64 sched_deadline(u64 now);
/* Records an error of the run (the first one stays) and stops it. */
void run_fail(struct run *r, const char *code, i32 position, const char *message, const char *context,
              const char *detail);
/* Leaves the program; the run is failed or stopped already. */
__attribute__((noreturn)) void escape(void);
void fail_memory(struct ctx *c, u64 bytes) __attribute__((noreturn));
/* Appends n bytes to the text of `at` bytes at `to`, which has room for MESSAGE_MAX; what is too long ends in dots, after a
 * whole character of UTF-8. */
void text_put(char *to, u64 *at, const char *from, u64 n);

/* ---- output: executor_result.c ---- */

void chunks_start(int fd);
void chunk_free(u32 chunk);
void chunk_returned(u32 chunk); /* by the control plane, which has read it */
void result_begin(struct run *r); /* a pipeline begins */
/* The morsel (or prepare or finish) is over: hand on what it wrote. */
void result_step_done(struct ctx *c);
void result_discard(struct ctx *c);
/* Before an error of a program: returns when it counts, leaves the program otherwise. */
void result_error_turn(struct ctx *c);
/* What the worker has written leaves, or waits in its morsel's slot. */
void result_hand_on(struct ctx *c);
/* Fills in what is left for M_DONE; the rest has been sent. */
void result_end(struct run *r, bool ok);
void result_released(struct run *r, void *bytes); /* for run_with; bytes: u64 * */
#define SERIAL_STEP (~(u64)0) /* fl_worker.morsel in prepare and finish */
bool result_may_start(struct run *r, u64 morsel);
u32 run_flags(struct run *r);

/* ---- morsels: executor_morsels.c ---- */

bool morsels_set_up(struct run *r); /* false when the budget is spent */
/* Opens a pipeline of n morsels; in_turn: they are handed out in order. */
void morsels_open(struct run *r, u64 n, bool in_turn);
/* The next morsel for the worker in this place of the machine's workers; false when none is left. */
bool morsels_take(struct run *r, u32 place, u64 *morsel);
u64 morsels_first(struct run *r); /* in turn: the next one */
bool morsels_left(struct run *r);
void morsels_end(struct run *r); /* hands out no further ones */

/* ---- the row that raises: executor_search.c ---- */

void search_begin(struct ctx *c); /* a morsel begins */
/* The morsel, or the part of it that was tried, is through; true: another part is to be tried. */
bool search_widen(struct ctx *c);
/* It raised an error at its turn: leaves the program, unless the error's row is found. */
void search_narrow(struct ctx *c);
bool search_goes_on(struct ctx *c); /* after the program was left */

/* ---- streams, images, faults, sandbox ---- */

/* Sets the next chunk of the run's input for this worker; false: none at the moment, or the input is at its end. */
bool stream_next(struct ctx *c, struct input_buffer in);
struct input_buffer stream_take(struct run *r); /* under sched.lock: the buffer whose turn it is, to be cut by the caller */
void stream_done(struct ctx *c);    /* the worker is through with its chunk */
bool stream_ready(struct run *r);   /* under sched.lock: there is a buffer to cut */
void stream_filled(struct run *r, void *body); /* for run_with; body: u64 buffer, bytes, last */
bool stream_begin(struct run *r, const struct run_body *b, u8 *cutter);
void stream_release(struct run *r);
void image_acknowledged(struct run *r, void *bytes); /* for run_with */
void images_release(struct run *r);
void fault_handlers(void);
void fault_thread(void); /* alternate stack of this thread */
__attribute__((noreturn)) void fault_hung(struct run *r);
u64 sandbox_enter(void); /* what is missing of it: NO_LANDLOCK, NO_SECCOMP */

#endif
