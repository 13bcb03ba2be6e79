/* executor_sandbox.c: gives up what the executor does not need, so that a program gone wrong cannot reach the system:
 * no new privileges, no files (Landlock), and only the system calls listed (seccomp). */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "executor.h"

static const int allowed[] = {
    /* descriptors that were passed to us, and shared memory */
    SYS_read, SYS_write, SYS_close, SYS_sendmsg, SYS_recvmsg, SYS_poll, SYS_ppoll, SYS_fcntl, SYS_fstat, SYS_newfstatat, SYS_memfd_create,
    SYS_ftruncate, SYS_fallocate, SYS_lseek,
    /* memory */
    SYS_mmap, SYS_munmap, SYS_mprotect, SYS_mremap, SYS_madvise, SYS_brk, SYS_mbind, SYS_get_mempolicy,
    /* threads */
    SYS_futex, SYS_exit, SYS_exit_group, SYS_set_robust_list, SYS_rseq, SYS_sched_setaffinity, SYS_sched_getaffinity,
    SYS_sched_yield, SYS_sigaltstack, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_gettid, SYS_getpid,
    SYS_tgkill, SYS_set_tid_address, SYS_membarrier, SYS_getcpu,
    /* time and the rest */
    SYS_clock_gettime, SYS_clock_nanosleep, SYS_nanosleep, SYS_restart_syscall, SYS_getrandom};

static bool no_files(void) {
  struct landlock_ruleset_attr none = {.handled_access_fs = (1ul << 13) - 1}; /* every right of the first version */
  int fd = (int)syscall(SYS_landlock_create_ruleset, &none, sizeof none, 0);
  if (fd < 0) return false;
  bool restricted = syscall(SYS_landlock_restrict_self, fd, 0) == 0;
  close(fd);
  return restricted;
}

#define STATEMENT(code, k) ((struct sock_filter)BPF_STMT(code, k))
#define JUMP(code, k, yes, no) ((struct sock_filter)BPF_JUMP(code, k, yes, no))
#define DATA(field) (u32) offsetof(struct seccomp_data, field)

/* clone only for threads, prctl only to name them; clone3 is answered ENOSYS, upon which the C library uses clone. */
static u32 build(struct sock_filter *f) {
  u32 n = 0;
  f[n++] = STATEMENT(BPF_LD | BPF_W | BPF_ABS, DATA(arch));
  f[n++] = JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
  f[n++] = STATEMENT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
  f[n++] = STATEMENT(BPF_LD | BPF_W | BPF_ABS, DATA(nr));
  for (u32 i = 0; i < sizeof allowed / sizeof *allowed; i++) {
    f[n++] = JUMP(BPF_JMP | BPF_JEQ | BPF_K, (u32)allowed[i], 0, 1);
    f[n++] = STATEMENT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  }
  f[n++] = JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1);
  f[n++] = STATEMENT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);
  f[n++] = JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3);
  f[n++] = STATEMENT(BPF_LD | BPF_W | BPF_ABS, DATA(args[0]));
  f[n++] = JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 4);
  f[n++] = STATEMENT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  f[n++] = JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 2);
  f[n++] = STATEMENT(BPF_LD | BPF_W | BPF_ABS, DATA(args[0]));
  f[n++] = JUMP(BPF_JMP | BPF_JEQ | BPF_K, PR_SET_NAME, 1, 0);
  f[n++] = STATEMENT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
  f[n++] = STATEMENT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  return n;
}

/* Before any other thread exists: threads inherit it. Where the kernel or a container refuses a part, the executor goes on
 * without it, and the control plane says so in the log. */
u64 sandbox_enter(void) {
  u64 missing = 0;
  struct sock_filter filter[2 * sizeof allowed / sizeof *allowed + 32];
  struct sock_fprog program = {.filter = filter};
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) die("no_new_privs is refused");
  if (!no_files()) missing |= NO_LANDLOCK;
  program.len = (unsigned short)build(filter);
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0) missing |= NO_SECCOMP;
  return missing;
}
