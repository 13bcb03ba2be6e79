/* executor_fault.c: what happens when a program faults.
 *
 * A fault leaves the process in a state nobody can vouch for: it notes the culprit where the control plane finds it and
 * dies; the control plane starts another. Only a page of a mapped file that cannot be read (SIGBUS) is an ordinary error,
 * since nothing but the reading program is concerned.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "executor.h"

#define ALT_STACK (64 * 1024)

struct page *page;

static void copy_name(char *to, const char *from, u64 n) {
  u64 i = 0;
  for (; from && i + 1 < n && from[i]; i++) to[i] = from[i];
  to[i] = 0;
}

static const char *pipeline_of(struct run *r) {
  const fl_program *p = atomic_load(&r->program);
  return p ? p->pipelines[r->pipeline].name : NULL;
}

/* Async-signal-safe. The run's number is written first: what follows may fault again, and then ends the process. */
static void record(u32 kind, int signal, u64 address, u64 pc, struct run *r) {
  extern const char __executable_start[];
  u64 base = program_base(pc);
  page->signal = (u32)signal;
  page->address = address;
  page->in_program = base != 0;
  page->pc = pc - (base ? base : (u64)__executable_start);
  page->run = r ? r->id : 0;
  __atomic_store_n(&page->fault, kind, __ATOMIC_SEQ_CST);
  if (r) copy_name(page->where, pipeline_of(r), sizeof page->where);
}

static void on_fault(int signal, siginfo_t *info, void *context) {
  static _Atomic int faults;
  u64 pc = (u64)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
  struct ctx *c = current;
  if (signal == SIGBUS && c && mapping_holds(info->si_addr)) {
    run_fail(c->run, "58030", 0, "could not read a segment: the file is shorter than it was or the disk failed", NULL, NULL);
    escape();
  }
  if (atomic_fetch_add(&faults, 1) == 0) {
    record(FAULT_SIGNAL, signal, (u64)info->si_addr, pc, c ? c->run : NULL);
    syscall(SYS_exit_group, 1);
  }
  /* A second fault, of another thread: it leaves the first one time to write its record. */
  for (u32 i = 0; i < 1000; i++) syscall(SYS_sched_yield);
  syscall(SYS_exit_group, 1);
}

void fault_hung(struct run *r) {
  record(FAULT_HUNG, 0, 0, 0, r);
  for (;;) syscall(SYS_exit_group, 1);
}

void fault_thread(void) {
  stack_t s = {.ss_sp = malloc(ALT_STACK), .ss_size = ALT_STACK};
  if (!s.ss_sp || sigaltstack(&s, NULL) != 0) die("no memory for a signal stack");
}

void fault_handlers(void) {
  static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP};
  struct sigaction a = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  sigemptyset(&a.sa_mask);
  for (u32 i = 0; i < sizeof signals / sizeof *signals; i++) sigaction(signals[i], &a, NULL);
  signal(SIGPIPE, SIG_IGN);
  /* a terminal's signals are meant for the control plane, which ends us by closing the socket */
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
}
