package exec

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// limitExecutor sets a resource limit of the executor's process.
func limitExecutor(t *testing.T, e *Executor, resource int, limit uint64) {
	t.Helper()
	if err := unix.Prlimit(e.Pid(), resource, &unix.Rlimit{Cur: limit, Max: limit}, nil); err != nil {
		t.Fatal(err)
	}
}

// TestNoDescriptors: requests whose descriptors the executor cannot take are refused, each with the reason.
func TestNoDescriptors(t *testing.T) {
	e := newExecutor(t, 2)
	scan, small := program(t, scanSum), program(t, trivial)
	mustRun(t, e, &Request{Object: small, Out: new(rows).out})
	blobs := []Blob{{Bytes: []byte{1, 2}}, {Bytes: []byte{1, 2}}}
	run := func(o *Object, id uint64, params int) error {
		s := segmentOf(t, id, make([]int32, 100))
		_, err := e.Run(context.Background(), &Request{Object: o, Tables: []TableInput{{Segments: []SegmentInput{s}}}, Blobs: blobs,
			Params: make([]byte, params), Out: new(rows).out})
		return err
	}
	if err := run(scan, 1, 8); err != nil {
		t.Fatal(err)
	}
	limitExecutor(t, e, unix.RLIMIT_NOFILE, 3) // fewer than it has
	for _, c := range []struct {
		object  *Object
		segment uint64
		params  int
	}{{scan, 2, 8}, {scan, 1, 1 << 20}, {program(t, stubborn), 1, 8}} {
		if got := wantCode(t, run(c.object, c.segment, c.params), "53000"); !strings.Contains(got.Message, "Too many open files") {
			t.Errorf("%+v: %s", c, got.Message)
		}
	}
	if err := run(scan, 1, 8); err != nil { // what it has it can run
		t.Error(err)
	}
	if e.Restarts() != 0 {
		t.Error("the executor died")
	}
}

// TestNoThreads: a worker that waits for its client is not replaced where the system grants no thread; nothing else happens.
func TestNoThreads(t *testing.T) {
	if os.Getenv("FLERND_TEST_EXECUTOR") != "" {
		t.Skip("sanitizers need memory at any time")
	}
	e := newExecutor(t, 1)
	o := program(t, single(numbers, "prepare", "morsels", "NULL", "FL_ORDERED"))
	mustRun(t, e, &Request{Object: o, Params: params(4, 1000, -1, 0), Out: func([]byte, int64) error { return nil }})
	var pages uint64
	statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", e.Pid()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscan(string(statm), &pages); err != nil {
		t.Fatal(err)
	}
	limitExecutor(t, e, unix.RLIMIT_AS, pages*4096+4<<20) // less than a stack
	var n int64
	var once sync.Once
	reply, err := e.Run(context.Background(), &Request{Object: o, Params: params(4, 300000, -1, 0), Out: func(b []byte, k int64) error {
		once.Do(func() { waitFor(t, func() bool { return sleeping(e.Pid()) }) })
		n += k
		return nil
	}})
	if err != nil || n != 1200000 || reply.RowsOut != n {
		t.Errorf("%d rows, %v", n, err)
	}
	mustRun(t, e, &Request{Object: program(t, trivial), Out: new(rows).out})
	if e.Restarts() != 0 {
		t.Error("the executor died")
	}
}

// sleeping says whether all threads of a process wait for something.
func sleeping(pid int) bool {
	tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return false
	}
	for _, task := range tasks {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/stat", pid, task.Name()))
		if err != nil || !strings.Contains(string(stat), ") S ") {
			return false
		}
	}
	return true
}

// TestHungAfterError: a program that hangs when another worker has raised an error is noticed on a quiet server, too.
func TestHungAfterError(t *testing.T) {
	if os.Getenv("FLERND_SLOW") == "" {
		t.Skip("waits ten seconds; set FLERND_SLOW=1")
	}
	e := newExecutor(t, 2)
	_, err := e.Run(context.Background(), &Request{Object: program(t, single(`
struct state { volatile u32 begun; };
static u64 morsels(fl_worker *w, void *s) { return 2; }
static void work(fl_worker *w, void *s, u64 m) {
  volatile u32 *begun = s; volatile u64 i = 1;
  *begun |= 1 << m;
  if (m == 0) while (i) {}
  while (!(*begun & 1)) {}
  fl_raise(w, "22012", 0, "division by zero");
}`, "NULL", "morsels", "NULL", "0"))})
	if got := wantCode(t, err, sqlstate.InternalError); !strings.Contains(got.Message, "did not stop") {
		t.Errorf("got %q", got.Message)
	}
}

// TestStartFails: an executor that ends at its start, or is none of ours, is an error at once.
func TestStartFails(t *testing.T) {
	for _, path := range []string{"/bin/true", "/bin/cat"} {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Skip(err)
		}
		_, err = Start(context.Background(), Options{CPUs: []int{-1}, Binary: b, Log: testLog{t}})
		wantCode(t, err, sqlstate.SystemError)
	}
}

func TestSandboxWarnings(t *testing.T) {
	for missing, want := range []int{0, 1, 1, 2} {
		if got := sandboxWarnings(uint64(missing)); len(got) != want {
			t.Errorf("%d: %q", missing, got)
		}
	}
}
