package exec

import (
	"context"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// victim counts 200 slow morsels and returns how many there were.
var victim = single(rowWriter+`
static u64 morsels(fl_worker *w, void *s) { return 200; }
static void work(fl_worker *w, void *s, u64 m) {
  volatile u64 i; 
  for (i = 0; i < 200000 && !w->q->stop; i++) {}
  w->counters[0]++;
}
static void finish(fl_worker *w, void *s) { put_row(w, 200); }`, "NULL", "morsels", "finish", "0")

func crasher(how string) string {
	return single(`static void work(fl_worker *w, void *s, u64 m) { volatile u64 zero = 0, x = 1; `+how+` }`,
		"NULL", "NULL", "NULL", "0")
}

// TestCrash crashes the executor under running queries: those that only read end as if nothing had happened.
func TestCrash(t *testing.T) {
	for name, how := range map[string]string{
		"segmentation fault":  "*(volatile int *)zero = 1;",
		"floating point":      "x = x / zero;",
		"illegal instruction": "((void (*)(void))(void *)\"\\x0f\\x0b\")();",
		"stack overflow":      "volatile char big[1 << 16]; big[zero] = 1; if (x) work(w, s, m + big[0]); big[1] = 2;",
	} {
		t.Run(name, func(t *testing.T) {
			e := newExecutor(t, 2)
			first := e.Pid()
			good, bad := program(t, victim), program(t, crasher(how))
			var group sync.WaitGroup
			for i := 0; i < 3; i++ {
				group.Add(1)
				go func() {
					defer group.Done()
					var got rows
					reply, err := e.Run(context.Background(), &Request{Object: good, ReadOnly: true, Out: got.out})
					if err != nil || len(got.got) != 1 || reply.Counters[0] != 200 {
						t.Errorf("bystander: %v, rows %v", err, got.got)
					}
				}()
			}
			waitFor(t, func() bool { return runsNow(e) == 3 })
			_, err := e.Run(context.Background(), &Request{Object: bad, ReadOnly: true})
			got := wantCode(t, err, sqlstate.InternalError)
			if !strings.Contains(got.Message, "crashed") || !strings.Contains(got.Message, "p0_test") {
				t.Errorf("got %q", got.Message)
			}
			group.Wait()
			if e.Pid() == first || e.Restarts() != 1 {
				t.Errorf("pid %d then %d, %d restarts", first, e.Pid(), e.Restarts())
			}
			_, err = e.Run(context.Background(), &Request{Object: bad, ReadOnly: true})
			if got := wantCode(t, err, sqlstate.InternalError); !strings.Contains(got.Message, "crashed before") {
				t.Errorf("the second time: %q", got.Message)
			}
			if e.Restarts() != 1 {
				t.Error("a program in quarantine was run")
			}
		})
	}
}

func runsNow(e *Executor) int {
	e.mu.Lock()
	p := e.process
	e.mu.Unlock()
	if p == nil {
		return 0
	}
	return p.inFlight()
}

func waitFor(t testing.TB, what func() bool) {
	t.Helper()
	for i := 0; i < 2000; i++ {
		if what() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("waited in vain")
}

// TestKill kills the executor from outside: nobody is to blame, so all are run again, one by one.
func TestKill(t *testing.T) {
	e := newExecutor(t, 2)
	good := program(t, victim)
	var group sync.WaitGroup
	for i := 0; i < 8; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			var got rows
			if _, err := e.Run(context.Background(), &Request{Object: good, ReadOnly: i > 0, Out: got.out}); i == 0 {
				wantCode(t, err, sqlstate.CrashShutdown)
			} else if err != nil || len(got.got) != 1 {
				t.Errorf("bystander: %v, rows %v", err, got.got)
			}
		}()
	}
	waitFor(t, func() bool { return runsNow(e) == 8 })
	if err := syscall.Kill(e.Pid(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	group.Wait()
	mustRun(t, e, &Request{Object: program(t, trivial), Out: new(rows).out})
}

// TestKilledAlone: a query that takes the executor with it even when it is alone is given up.
func TestKilledAlone(t *testing.T) {
	e := newExecutor(t, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, err := e.Run(context.Background(), &Request{Object: program(t, endless), ReadOnly: true})
		wantCode(t, err, sqlstate.OutOfMemory)
	}()
	for i := 0; i < 2; i++ {
		waitFor(t, func() bool { return runsNow(e) == 1 && e.Restarts() == i })
		if err := syscall.Kill(e.Pid(), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	<-done
}

// TestLongSuspect: a suspect that has run alone for a while bars nobody, though it runs on.
func TestLongSuspect(t *testing.T) {
	e := newExecutor(t, 2)
	e.gate.probation = time.Millisecond
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan error)
	go func() {
		_, err := e.Run(ctx, &Request{Object: program(t, endless), ReadOnly: true})
		done <- err
	}()
	short := &Request{Object: program(t, trivial), Out: new(rows).out, ReadOnly: true}
	waitFor(t, func() bool { return runsNow(e) == 1 })
	if err := syscall.Kill(e.Pid(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return runsNow(e) == 1 && e.Restarts() == 1 })
	mustRun(t, e, short)
	cancel()
	wantCode(t, <-done, sqlstate.QueryCanceled)
}

var (
	endless = single(`static void work(fl_worker *w, void *s, u64 m) { while (!w->q->stop) {} }`, "NULL", "NULL", "NULL", "0")
	// stubborn sends an image when it has begun, and then never looks at the flag
	stubborn = single(`static void work(fl_worker *w, void *s, u64 m) {
  volatile u64 i = 1; u32 id;
  fl_image_alloc(w, 100, &id);
  fl_image_done(w, id, "x", 1);
  while (i) {}
}`, "NULL", "NULL", "NULL", "0")
)

func TestCancel(t *testing.T) {
	e := newExecutor(t, 2)
	for i := 0; i < 10; i++ {
		ctx, cancel := context.WithCancel(context.Background())
		r, err := e.Begin(ctx, &Request{Object: program(t, endless)})
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		_, err = r.Wait()
		wantCode(t, err, sqlstate.QueryCanceled)
	}
	if e.Restarts() != 0 {
		t.Error("the executor was killed for an obedient program")
	}
}

// TestCancelWaiting: a query that waits for a worker is cancelled at once, and nobody is killed for it.
func TestCancelWaiting(t *testing.T) {
	e := newExecutor(t, 1)
	busy, end := context.WithCancel(context.Background())
	defer end()
	began := make(chan struct{})
	done := make(chan error)
	o := program(t, single(`static void work(fl_worker *w, void *s, u64 m) {
  u32 id;
  fl_image_alloc(w, 100, &id);
  fl_image_done(w, id, "x", 1);
  while (!w->q->stop) {}
}`, "NULL", "NULL", "NULL", "0"))
	go func() {
		_, err := e.Run(busy, &Request{Object: o, Image: func(i Image) error {
			close(began)
			return i.File.Close()
		}})
		done <- err
	}()
	<-began
	ctx, cancel := context.WithCancel(context.Background())
	r, err := e.Begin(ctx, &Request{Object: program(t, trivial)})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	_, err = r.Wait()
	wantCode(t, err, sqlstate.QueryCanceled)
	end()
	wantCode(t, <-done, sqlstate.QueryCanceled)
	if e.Restarts() != 0 {
		t.Error("the executor was killed")
	}
}

func TestCancelStubborn(t *testing.T) {
	e := newExecutor(t, 2)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err := e.Run(ctx, &Request{Object: program(t, stubborn), Image: func(i Image) error {
		cancel()
		return i.File.Close()
	}})
	wantCode(t, err, sqlstate.QueryCanceled)
	mustRun(t, e, &Request{Object: program(t, trivial), Out: new(rows).out})
	if e.Restarts() != 1 {
		t.Error("the executor was not killed")
	}
}

// TestTruncatedSegment: a page of a segment that cannot be read is an error of the query that reads it.
func TestTruncatedSegment(t *testing.T) {
	e := newExecutor(t, 2)
	s := segmentOf(t, 1, make([]int32, 1<<20))
	if err := s.File.Truncate(4096); err != nil {
		t.Fatal(err)
	}
	_, err := e.Run(context.Background(), &Request{Object: program(t, scanSum), Tables: []TableInput{{Segments: []SegmentInput{s}}},
		Params: make([]byte, 8), Blobs: []Blob{{Bytes: []byte{1, 2}}, {Bytes: []byte{1, 2}}}})
	wantCode(t, err, sqlstate.IOError)
	if e.Restarts() != 0 {
		t.Error("the executor died of it")
	}
}

func TestUnmappableSegment(t *testing.T) {
	e := newExecutor(t, 1)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	s := SegmentInput{ID: 1, File: r, Size: 4096, Rows: 1, Cols: []ColumnInput{{Data: segment.Span{Length: 4}}}}
	_, err = e.Run(context.Background(), &Request{Object: program(t, scanSum), Tables: []TableInput{{Segments: []SegmentInput{s}}}})
	wantCode(t, err, sqlstate.IOError)
}

// TestClosedFile: a request that cannot be sent leaves nothing behind that later ones would stumble over.
func TestClosedFile(t *testing.T) {
	e := newExecutor(t, 1)
	s := segmentOf(t, 1, make([]int32, 100))
	good := s.File
	s.File, _ = os.Open("/proc/self/exe")
	s.File.Close()
	req := &Request{Object: program(t, scanSum), Tables: []TableInput{{Segments: []SegmentInput{s}}}, Out: new(rows).out,
		Params: make([]byte, 8), Blobs: []Blob{{Bytes: []byte{1, 2}}, {Bytes: []byte{1, 2}}}}
	_, err := e.Run(context.Background(), req)
	wantCode(t, err, sqlstate.InternalError)
	req.Tables[0].Segments[0].File = good
	mustRun(t, e, req)
	for _, h := range e.process.programs.byName {
		if h.refs != 0 {
			t.Errorf("a program is held %d times", h.refs)
		}
	}
}

func TestBudget(t *testing.T) {
	e := newExecutor(t, 2, func(o *Options) { o.MemoryLimit = 64 << 20 })
	hungry := program(t, single(`
static u64 morsels(fl_worker *w, void *s) { return 200; }
static void work(fl_worker *w, void *s, u64 m) {
  u8 *p = fl_alloc(w, 1 << 20); u8 *q = fl_temp(w, 1 << 20); u64 i;
  for (i = 0; i < 1 << 20; i += 61) if (p[i]) fl_raise(w, "XX000", 0, "not zero");
  p[0] = p[(1 << 20) - 1] = q[0] = q[(1 << 20) - 1] = 1;
  if (*(u64 *)w->q->params) fl_free(w, p, 1 << 20);
  fl_temp_reset(w);
}`, "NULL", "morsels", "NULL", "0"))
	for i := 0; i < 3; i++ {
		_, err := e.Run(context.Background(), &Request{Object: hungry, MemoryLimit: 8 << 20, Params: make([]byte, 8)})
		wantCode(t, err, sqlstate.OutOfMemory)
		_, err = e.Run(context.Background(), &Request{Object: hungry, Params: make([]byte, 8)})
		wantCode(t, err, sqlstate.OutOfMemory)
		reply := mustRun(t, e, &Request{Object: hungry, MemoryLimit: 8 << 20, Params: []byte{1, 0, 0, 0, 0, 0, 0, 0}})
		if reply.PeakMemory < 2<<20 || reply.PeakMemory > 8<<20 {
			t.Errorf("peak memory %d", reply.PeakMemory)
		}
	}
}

func TestMalformedObject(t *testing.T) {
	e := newExecutor(t, 1)
	good := program(t, trivial).Bytes
	for name, b := range map[string][]byte{"empty": {}, "text": []byte("hello"), "cut": good[:len(good)/2], "head": good[:100]} {
		o := &Object{Bytes: b}
		o.Hash[0] = byte(len(b))
		if _, err := e.Run(context.Background(), &Request{Object: o}); err == nil {
			t.Errorf("%s: no error", name)
		} else {
			wantCode(t, err, sqlstate.InternalError)
		}
	}
	_, err := e.Run(context.Background(), &Request{Object: program(t, single(`
int system(const char *);
static void work(fl_worker *w, void *s, u64 m) { system("true"); }`, "NULL", "NULL", "NULL", "0"))})
	if got := wantCode(t, err, sqlstate.InternalError); !strings.Contains(got.Message, "it needs system") {
		t.Errorf("got %q", got.Message)
	}
	if e.Restarts() != 0 {
		t.Error("the executor died of it")
	}
}

func TestClose(t *testing.T) {
	e := newExecutor(t, 1)
	r, err := e.Begin(context.Background(), &Request{Object: program(t, endless), ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	e.Close()
	_, err = r.Wait()
	wantCode(t, err, sqlstate.AdminShutdown)
	_, err = e.Run(context.Background(), &Request{Object: program(t, trivial)})
	wantCode(t, err, sqlstate.AdminShutdown)
}
