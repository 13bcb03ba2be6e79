package exec

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/flernd/flernd/internal/compile/cc"
)

// TestSandbox: a program that goes around the runtime to the system gets nowhere.
func TestSandbox(t *testing.T) {
	if os.Getenv("FLERND_TEST_EXECUTOR") != "" {
		t.Skip("sanitizers run without the sandbox")
	}
	e := newExecutor(t, 1)
	// open, socket, execve, fork, kill, ptrace, unlink, openat, connect, process_vm_readv, clone3
	calls := []int{2, 41, 59, 57, 62, 101, 87, 257, 42, 310, 435}
	var list []string
	for _, c := range calls {
		list = append(list, fmt.Sprint(c))
	}
	o := programIn(t, cc.Best, single(rowWriter+`
static i64 call(i64 n, i64 a, i64 b, i64 c, i64 d) {
  register i64 r10 __asm__("r10") = d;
  i64 r;
  __asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
  return r;
}
static void work(fl_worker *w, void *s, u64 m) {
  static const i64 calls[] = {`+strings.Join(list, ", ")+`};
  u32 i;
  for (i = 0; i < sizeof calls / sizeof *calls; i++) {
    i64 first = calls[i] == 257 ? -100 : (i64)"/etc/passwd";
    put_row(w, -call(calls[i], first, (i64)"/etc/passwd", 0, 0));
  }
}`, "NULL", "NULL", "NULL", "0"))
	var got rows
	mustRun(t, e, &Request{Object: o, Out: got.out})
	if len(got.got) != len(calls) {
		t.Fatalf("%d answers", len(got.got))
	}
	for i, errno := range got.got {
		want := syscall.EPERM
		if calls[i] == 435 {
			want = syscall.ENOSYS
		}
		if syscall.Errno(errno) != want {
			t.Errorf("system call %d: %v", calls[i], syscall.Errno(errno))
		}
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", e.Pid()))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"NoNewPrivs:\t1", "Seccomp:\t2"} {
		if !strings.Contains(string(status), line) {
			t.Errorf("not %q", line)
		}
	}
}

// TestOrphan: the executor does not outlive flernd, however that ends.
func TestOrphan(t *testing.T) {
	if os.Getenv("FLERND_TEST_ORPHAN") != "" {
		e := newExecutor(t, 1)
		if _, err := e.Begin(context.Background(), &Request{Object: program(t, endless)}); err != nil {
			t.Fatal(err)
		}
		fmt.Printf("executor %d\n", e.Pid())
		select {}
	}
	cmd := exec.Command("/proc/self/exe", "-test.run", "^TestOrphan$")
	cmd.Env = append(os.Environ(), "FLERND_TEST_ORPHAN=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	for lines := bufio.NewScanner(out); pid == 0 && lines.Scan(); {
		fmt.Sscanf(lines.Text(), "executor %d", &pid)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed
	if pid == 0 {
		t.Fatal("no executor was started")
	}
	waitFor(t, func() bool { return syscall.Kill(pid, 0) == syscall.ESRCH || zombie(pid) })
}

func zombie(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(stat), ") Z ")
}

// TestISAs: every instruction set's executor runs a program compiled for it.
func TestISAs(t *testing.T) {
	widest, err := DetectISA("")
	if err != nil {
		t.Fatal(err)
	}
	for _, isa := range []string{"baseline", "avx2", "avx512"} {
		if _, err := DetectISA(isa); err != nil {
			t.Logf("not run: %v", err)
			continue
		}
		e := newExecutor(t, 1, func(o *Options) { o.ISA = isa })
		if e.ISA() != isa {
			t.Errorf("%s instead of %s", e.ISA(), isa)
		}
		var got rows
		mustRun(t, e, &Request{Object: program(t, trivial), Out: got.out})
		if isa == widest {
			break
		}
	}
	if _, err := DetectISA("mmx"); err == nil {
		t.Error("an unknown instruction set is accepted")
	}
}
