package compile

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// slow keeps a worker busy for a while; it sends one row at its end.
const slow = "select count(*), sum(i % 7) from generate_series(1, 20000000) i where (i * 31) % 11 <> 3"

// answer is what slow gives, undisturbed.
func answer(t *testing.T, d *database) string {
	t.Helper()
	n, sum := 0, 0
	for i := 1; i <= 20_000_000; i++ {
		if i*31%11 != 3 {
			n, sum = n+1, sum+i%7
		}
	}
	want := fmt.Sprintf("%d|%d\n", n, sum)
	if got := d.must(slow); got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
	return want
}

// ticks is the processor time that the executor has used, in hundredths of a second.
func ticks(t testing.TB, pid int) int {
	t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	f := strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+2:]))
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return user + system
}

// waitBusy waits until the executor has begun to work.
func waitBusy(t testing.TB, pid, since int) {
	t.Helper()
	for range 10_000 {
		if ticks(t, pid) > since+4 {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("the executor has nothing to do")
}

func wantCode(t testing.TB, err error, code sqlstate.Code) {
	t.Helper()
	if err == nil || sqlstate.Of(err).Code != code {
		t.Errorf("got %v, want an error of code %s", err, code)
	}
}

// TestKilledExecutor kills the executor under queries of several sessions: those that have sent nothing and only read
// give the right answer all the same.
func TestKilledExecutor(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2, Log: new(strings.Builder)})
	d.must("create table t (a int4, b text); insert into t select i, 'x' || i from generate_series(1, 100000) i")
	want := answer(t, d)
	pid := d.engine.executor.Pid()
	before := ticks(t, pid)
	var group sync.WaitGroup
	for range 4 {
		group.Add(1)
		go func() {
			defer group.Done()
			p, release, err := planFor(d, slow)
			if err != nil {
				t.Error(err)
				return
			}
			defer release()
			rows, err := runPlan(d, p)
			if err != nil || lines(rows) != want {
				t.Errorf("got %v %v, want %s", rows, err, want)
			}
		}()
	}
	waitBusy(t, pid, before)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	group.Wait()
	if n := d.engine.executor.Restarts(); n != 1 {
		t.Errorf("%d restarts", n)
	}
	if got := d.must("select count(*), max(b) from t where a > 50000"); got != "50000|x99999\n" {
		t.Errorf("afterwards: %s", got)
	}
}

// TestKilledWhileSending kills the executor when rows have left for the client: the query cannot be run again.
func TestKilledWhileSending(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2, Log: new(strings.Builder)})
	p, release, err := planFor(d, "select i, i * 2 from generate_series(1, 50000000) i")
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	opt, sent := d.opt, int64(0)
	opt.Out = func(b []byte, n int64) error {
		if sent == 0 {
			if err := syscall.Kill(d.engine.executor.Pid(), syscall.SIGKILL); err != nil {
				t.Error(err)
			}
		}
		sent += n
		return nil
	}
	_, err = d.engine.Run(context.Background(), p.Root, nil, opt)
	wantCode(t, err, sqlstate.CrashShutdown)
	if sent == 0 || sent == 50_000_000 {
		t.Errorf("%d rows were sent", sent)
	}
	if got := d.must("select 1"); got != "1\n" {
		t.Errorf("afterwards: %s", got)
	}
}

// TestKilledInsert kills the executor under an INSERT: it fails whole.
func TestKilledInsert(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2, Log: new(strings.Builder)})
	d.must("create table t (a int4); insert into t values (1), (2)")
	pid := d.engine.executor.Pid()
	before := ticks(t, pid)
	done := make(chan error)
	go func() {
		_, _, err := d.run("insert into t select i % 1000 from generate_series(1, 200000000) i", "")
		done <- err
	}()
	waitBusy(t, pid, before)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	wantCode(t, <-done, sqlstate.CrashShutdown)
	if got := d.must("select count(*), sum(a) from t"); got != "2|3\n" {
		t.Errorf("afterwards: %s", got)
	}
	d.must("insert into t values (3)")
	if got := d.must("select count(*), sum(a) from t"); got != "3|6\n" {
		t.Errorf("after another INSERT: %s", got)
	}
}

// endless are statements that would run for hours, one for each kind of loop.
var endless = []string{
	"select count(*) from generate_series(1, 4000000000000) i where i % 7 = 9",
	"select i from generate_series(1, 4000000000000) i where i % 7 = 9",
	"select i % 3, count(*) from generate_series(1, 4000000000000) i group by 1",
	"select i % 100000, sum(i / 7.0::float8) from generate_series(1, 4000000000000) i group by 1",
	"select i from generate_series(1, 4000000000000) i order by i desc limit 10",
	"select count(*) from t a, t b, t c where a.a + b.a + c.a = -1",
	"select count(*) from t a, t b where a.k = b.k and a.a + b.a = -1",
	"insert into t select i % 1000, 1 from generate_series(1, 4000000000000) i where i % 7 = 9",
}

// TestCancel cancels statements of all kinds while they run.
func TestCancel(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2})
	d.must("create table t (a int4, k int4); insert into t select i, 1 from generate_series(1, 300000) i")
	pid := d.engine.executor.Pid()
	for _, tier := range []string{"fast", "best"} {
		for _, sql := range endless {
			t.Run(tier+" "+sql, func(t *testing.T) {
				p, release, err := planFor(d, sql)
				if err != nil {
					t.Fatal(err)
				}
				defer release()
				opt := d.opt
				opt.Tier = tier
				opt.Out = func([]byte, int64) error { return nil }
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				before := ticks(t, pid)
				done := make(chan error)
				go func() {
					_, err := d.engine.Run(ctx, p.Root, nil, opt)
					done <- err
				}()
				waitBusy(t, pid, before)
				cancel()
				wantCode(t, <-done, sqlstate.QueryCanceled)
			})
		}
	}
	if n := d.engine.executor.Restarts(); n != 0 {
		t.Errorf("the executor was killed %d times for obedient programs", n)
	}
	if got := d.must("select count(*) from t"); got != "300000\n" {
		t.Errorf("afterwards: %s", got)
	}
}

// TestCancelled runs a statement whose context is over already, which waits for the optimising compiler.
func TestCancelled(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	p, release, err := planFor(d, endless[0])
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, tier := range []string{"fast", "best", "auto"} {
		opt := d.opt
		opt.Tier = tier
		_, err = d.engine.Run(ctx, p.Root, nil, opt)
		wantCode(t, err, sqlstate.QueryCanceled)
	}
}

// TestMemoryLimit runs statements that need more memory than they may have.
func TestMemoryLimit(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2})
	d.must("create table t (a int4, k int4); insert into t select i, i from generate_series(1, 1000000) i")
	for _, sql := range []string{
		"select i from generate_series(1, 100000000) i order by i desc",
		"select i, count(*) from generate_series(1, 100000000) i group by 1",
		"select i::float8, sum(i::float8) from generate_series(1, 100000000) i group by 1",
		"select count(*) from t a, t b where a.k = b.k",
		"select repeat('x', 1000000) || i from generate_series(1, 1000000) i order by 1",
		"select length(repeat('x', 900000000))",
	} {
		opt := d.opt
		d.opt.MemoryLimit = 24 << 20
		_, _, err := d.run(sql, "")
		d.opt = opt
		if err == nil || sqlstate.Of(err).Code != sqlstate.OutOfMemory {
			t.Errorf("%s: got %v, want an error of code %s", sql, err, sqlstate.OutOfMemory)
		}
		if got := d.must("select count(*), sum(a) from t"); got != "1000000|500000500000\n" {
			t.Errorf("after %s: %s", sql, got)
		}
	}
	if n := d.engine.executor.Restarts(); n != 0 {
		t.Errorf("the executor was killed %d times", n)
	}
}

// TestSharedMemoryLimit has several statements share the engine's limit: those that do not fit fail, the others go on.
func TestSharedMemoryLimit(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2, MemoryLimit: 128 << 20})
	var group sync.WaitGroup
	for i := range 6 {
		group.Add(1)
		go func() {
			defer group.Done()
			sql, want := "select count(*) from generate_series(1, 3000000) i", "3000000\n"
			if i%2 == 0 {
				sql, want = "select i from generate_series(1, 100000000) i order by i desc", ""
			}
			p, release, err := planFor(d, sql)
			if err != nil {
				t.Error(err)
				return
			}
			defer release()
			rows, err := runPlan(d, p)
			switch {
			case want == "":
				wantCode(t, err, sqlstate.OutOfMemory)
			case err != nil || lines(rows) != want:
				t.Errorf("got %v %v, want %s", rows, err, want)
			}
		}()
	}
	group.Wait()
	if got := d.must("select 1"); got != "1\n" {
		t.Errorf("afterwards: %s", got)
	}
}
