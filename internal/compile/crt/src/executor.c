/* executor.c: the data plane's process, and its control role: reading messages.
 *
 * Started by compile/exec with the control socket, the fault page and the result chunks as descriptors 3 to 5:
 *
 *   executor CPUS MEMORY-LIMIT SANDBOX      CPUS: "0,1,2", one worker each
 *
 * It lives as long as the other end of the socket.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "executor.h"

u64 now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (u64)t.tv_sec * 1000000000ul + (u64)t.tv_nsec;
}

void die(const char *format, ...) {
  va_list args;
  va_start(args, format);
  fputs("executor: ", stderr);
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
  va_end(args);
  _exit(1);
}

/* ---- messages ---- */

/* Puts a body that is too long for a message into shared memory; -1 if there is none. */
static int share(const void *body, u64 bytes) {
  int fd = memfd_create("flernd-message", MFD_CLOEXEC);
  for (u64 at = 0; fd >= 0 && at < bytes;) {
    ssize_t n = write(fd, (const u8 *)body + at, bytes - at);
    if (n > 0) at += (u64)n;
    if (n > 0 || (n < 0 && errno == EINTR)) continue;
    close(fd);
    fd = -1;
  }
  return fd;
}

bool message_send(const struct head *head, const void *body, int fd) {
  struct head h = *head;
  int fds[2], nfds = 0, shared = -1;
  h.body_shared = h.body > INLINE_MAX;
  if (h.body_shared && (shared = share(body, h.body)) < 0) return false;
  if (shared >= 0) fds[nfds++] = shared;
  if (fd >= 0) fds[nfds++] = fd;
  struct iovec parts[2] = {{&h, sizeof h}, {(void *)body, h.body_shared ? 0 : h.body}};
  union { struct cmsghdr align; char space[CMSG_SPACE(sizeof fds)]; } control;
  struct msghdr m = {.msg_iov = parts, .msg_iovlen = 2};
  if (nfds > 0) {
    m.msg_control = &control;
    m.msg_controllen = CMSG_SPACE(nfds * sizeof(int));
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(nfds * sizeof(int));
    memcpy(CMSG_DATA(c), fds, nfds * sizeof(int));
  }
  while (sendmsg(FD_CONTROL, &m, MSG_NOSIGNAL) < 0) {
    if (errno == EINTR) continue;
    if (errno != ENOBUFS && errno != ENOMEM && errno != ETOOMANYREFS) _exit(0); /* the control plane is gone */
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL); /* short of memory, or it has not taken the last descriptors yet */
  }
  if (shared >= 0) close(shared);
  return true;
}

/* ---- runs ---- */

/* Everything a run needs before a worker may enter; false when the budget is spent. */
static bool set_up(struct run *r, const struct run_body *b, const u8 *body, u64 bytes) {
  const fl_program *p = atomic_load(&r->program);
  u32 n = r->q.nworkers, window = 8;
  u64 scratch = 0;
  while (window < 4 * n) window *= 2;
  for (u32 i = 0; i < p->npipelines; i++)
    if (p->pipelines[i].scratch_size > scratch) scratch = p->pipelines[i].scratch_size;
  if (scratch > r->limit || !memory_charge(r, scratch * n)) return false;
  u64 stride = (p->ncounters + 7) & ~7u;
  r->free_ids = arena_alloc(r, &r->memory, n * sizeof *r->free_ids, false);
  r->window = arena_alloc(r, &r->memory, window * sizeof *r->window, true);
  r->ctxs = arena_alloc(r, &r->memory, n * sizeof *r->ctxs, false);
  r->counters = arena_alloc(r, &r->memory, (n * stride + 8) * 8, true);
  r->q.state = arena_alloc(r, &r->memory, p->state_size + 64, true);
  if (!r->free_ids || !r->window || !r->ctxs || !r->counters || !r->q.state || !morsels_set_up(r)) {
    r->ctxs = NULL;
    r->counters = NULL;
    r->window = NULL;
    return false;
  }
  r->window_size = window;
  for (u32 i = 0; i < n; i++) {
    struct ctx *c = &r->ctxs[i];
    memset(c, 0, offsetof(struct ctx, context));
    c->w = (fl_worker){.q = &r->q, .id = i, .counters = r->counters + i * stride};
    c->run = r;
    c->out_chunk = c->in_buffer = -1;
    r->free_ids[i] = n - 1 - i;
  }
  r->nfree = n;
  u8 *cutter = NULL;
  return input_lay_out(r, b, body, bytes, &cutter) && (r->failed || stream_begin(r, b, cutter));
}

static const fl_program *program_at(u32 handle) { return handle < MAX_PROGRAMS ? programs[handle].main : NULL; }

static bool same_layout(const fl_program *a, const fl_program *b) {
  return a->layout_hash == b->layout_hash && a->state_size == b->state_size && a->npipelines == b->npipelines &&
         a->ncounters == b->ncounters;
}

static bool choose_programs(struct run *r, const struct run_body *b) {
  const fl_program *p = program_at(b->program);
  char message[256];
  if (!p) {
    snprintf(message, sizeof message, "could not load the compiled program: %s",
             b->program < MAX_PROGRAMS ? programs[b->program].error : "no such program");
    run_fail(r, b->program < MAX_PROGRAMS && *programs[b->program].code ? programs[b->program].code : "XX000", 0, message, NULL, NULL);
    return false;
  }
  atomic_store(&r->program, p);
  if (b->alternate == NO_HANDLE) return true;
  r->alternate = program_at(b->alternate);
  if (r->alternate && same_layout(p, r->alternate)) return true;
  r->alternate = NULL;
  run_fail(r, "XX000", 0, "the programs of the two tiers do not fit together", NULL, NULL);
  return false;
}

static u32 worker_count;

static struct run *announced(const struct head *h) {
  if (h->arg >= MAX_RUNS) die("malformed request");
  struct run *r = run_new();
  r->started_ns = now_ns();
  r->id = h->run;
  r->slot = h->arg;
  return r;
}

static void begin_run(const struct head *h, const u8 *body, u64 bytes) {
  const struct run_body *b = (const struct run_body *)body;
  struct run *r = announced(h);
  if (bytes < sizeof *b) die("malformed request");
  r->limit = b->memory_limit;
  r->q.seed = b->seed;
  r->q.nworkers = b->threads > 0 && b->threads < worker_count ? b->threads : worker_count;
  if (choose_programs(r, b) && !set_up(r, b, body, bytes))
    run_fail(r, "53200", 0, "out of memory", NULL, "The query's inputs do not fit into its memory limit.");
  if (r->failed) run_finish(r);
  else sched_submit(r);
}

struct change { u32 handle; bool accepted; };

static void change(struct run *r, void *arg) {
  struct change *c = arg;
  const fl_program *p = program_at(c->handle);
  c->accepted = p && same_layout(p, atomic_load(&r->program));
  if (c->accepted) atomic_store_explicit(&r->program, p, memory_order_release);
}

static void change_program(const struct head *h, u64 handle) {
  struct change c = {.handle = (u32)handle};
  run_with(h->run, h->arg, change, &c);
  struct head answer = {.kind = M_CHANGED, .arg = c.accepted, .run = h->run};
  message_send(&answer, NULL, -1);
}

static void release(const struct head *h, const u8 *body, u64 bytes) {
  u64 total = 0;
  for (u64 at = 0; at + 4 <= bytes; at += 4) {
    u32 chunk;
    memcpy(&chunk, body + at, 4);
    total += CHUNK_SIZE;
    chunk_returned(chunk);
  }
  run_with(h->run, h->arg, result_released, &total);
}

static void handle(const struct head *h, const u8 *body, u64 bytes, int fd) {
  u64 args[3] = {0, 0, 0};
  memcpy(args, body, bytes < sizeof args ? bytes : sizeof args);
  switch (h->kind) {
    case M_MAP:
      if (h->arg < MAX_MAPPINGS) mapping_add(h->arg, fd, args[0], args[1] != 0);
      break;
    case M_UNMAP:
      if (h->arg < MAX_MAPPINGS) mapping_drop(h->arg);
      break;
    case M_LOAD:
      if (h->arg < MAX_PROGRAMS) program_load(h->arg, fd, args[0]);
      break;
    case M_UNLOAD:
      if (h->arg < MAX_PROGRAMS) program_unload(h->arg);
      break;
    case M_RUN: begin_run(h, body, bytes); break;
    case M_CANCEL: run_cancel(h->run, h->arg); break;
    case M_CHANGE: change_program(h, args[0]); break;
    case M_RELEASE: release(h, body, bytes); break;
    case M_INPUT: run_with(h->run, h->arg, stream_filled, args); break;
    case M_IMAGE_ACK: run_with(h->run, h->arg, image_acknowledged, args); break;
    case M_LIMIT: memory_limit(args[0]); break;
    default: die("unknown message %u", h->kind);
  }
}

/* A run whose request did not arrive, since the system was short of something. */
static void refuse_run(const struct head *h, int error) {
  char message[256];
  if (h->kind != M_RUN) die("could not read a message: %s", strerror(error));
  struct run *r = announced(h);
  snprintf(message, sizeof message, "could not read the query's request: %s", strerror(error));
  run_fail(r, "53000", 0, message, NULL, NULL);
  run_finish(r);
}

/* A body in shared memory is mapped while it is being read. */
static void handle_shared(const struct head *h, const int *fds, int nfds, bool lost) {
  struct stat s;
  if (nfds < 1 && lost) {
    refuse_run(h, EMFILE);
    return;
  }
  if (nfds < 1 || fstat(fds[0], &s) != 0 || (u64)s.st_size < h->body) die("malformed message");
  u8 *p = mmap(NULL, h->body, PROT_READ, MAP_PRIVATE, fds[0], 0);
  if (p == MAP_FAILED) {
    refuse_run(h, errno);
    return;
  }
  handle(h, p, h->body, nfds > 1 ? fds[1] : -1);
  munmap(p, h->body);
}

/* Waits for a message and does what it says. The message is this thread's own: while it is dealt with, the control role may
 * pass to another thread, which receives the next. */
static void receive(void) {
  struct { struct head h; u8 body[INLINE_BODY + 4096]; } m __attribute__((aligned(64)));
  int fds[4], nfds = 0;
  union { struct cmsghdr align; char space[CMSG_SPACE(sizeof fds)]; } control;
  struct iovec part = {&m, sizeof m};
  struct msghdr mh = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  ssize_t n = recvmsg(FD_CONTROL, &mh, MSG_CMSG_CLOEXEC);
  if (n < 0 && errno == EINTR) return;
  if (n <= 0) _exit(0); /* the control plane is gone */
  for (struct cmsghdr *c = CMSG_FIRSTHDR(&mh); c; c = CMSG_NXTHDR(&mh, c))
    if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
      nfds = (int)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
      memcpy(fds, CMSG_DATA(c), (u64)nfds * sizeof(int));
    }
  if ((u64)n < sizeof m.h || (mh.msg_flags & MSG_TRUNC) || (!m.h.body_shared && m.h.body != (u64)n - sizeof m.h))
    die("malformed message");
  bool lost = mh.msg_flags & MSG_CTRUNC; /* a descriptor: this process has as many as it may have */
  if (m.h.body_shared) handle_shared(&m.h, fds, nfds, lost);
  else handle(&m.h, m.body, m.h.body, nfds > 0 ? fds[0] : -1);
  for (int i = 0; i < nfds; i++) close(fds[i]);
}

static int wake_fd; /* an eventfd */

void control_wake(void) {
  u64 one = 1;
  if (write(wake_fd, &one, sizeof one) < 0) return; /* it is full: awake already */
}

/* Sleeps until a message comes, or a stopped program's time is up. */
void control_loop(void) {
  while (sched_has_control()) {
    u64 now = now_ns(), deadline = sched_deadline(now), wakes;
    int ms = !deadline ? -1 : deadline > now ? (int)((deadline - now) / 1000000) + 1 : 1;
    struct pollfd p[2] = {{.fd = FD_CONTROL, .events = POLLIN}, {.fd = wake_fd, .events = POLLIN}};
    int n = poll(p, 2, ms);
    if (n < 0 && errno != EINTR) die("could not wait for messages: %s", strerror(errno));
    if (n <= 0) continue;
    if (p[1].revents && read(wake_fd, &wakes, sizeof wakes) < 0) continue; /* another has read it */
    if (p[0].revents) receive();
  }
}

static u32 parse_cpus(const char *list, int *cpus) {
  u32 n = 0;
  for (const char *p = list; *p && n < MAX_WORKERS;) {
    char *end;
    cpus[n++] = (int)strtol(p, &end, 10);
    p = *end == ',' ? end + 1 : end;
    if (*end && *end != ',') die("malformed list of CPUs");
  }
  return n;
}

int main(int argc, char **argv) {
  static int cpus[MAX_WORKERS];
  if (argc != 4) die("started by flernd only");
  worker_count = parse_cpus(argv[1], cpus);
  if (worker_count == 0) die("no CPUs");
  memory_limit(strtoull(argv[2], NULL, 10));
  prctl(PR_SET_NAME, "flernd-executor", 0, 0, 0);
  page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, FD_PAGE, 0);
  if (page == MAP_FAILED) die("could not map the fault page");
  wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (wake_fd < 0) die("no event descriptor: %s", strerror(errno));
  chunks_start(FD_CHUNKS);
  fault_handlers();
  fault_thread();
  u64 hello[3] = {PROTOCOL, FL_ABI, 0};
  if (strcmp(argv[3], "1") == 0) hello[2] = sandbox_enter();
  struct head h = {.kind = M_HELLO, .body = sizeof hello};
  message_send(&h, hello, -1);
  sched_run(cpus, worker_count);
}
