package compile

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/compile/cgen"
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/compile/translate"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// optimiser makes the optimising compiler a shell script, in which $cc is the real one.
func optimiser(t *testing.T, text string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cc")
	if err := os.WriteFile(path, []byte("#!/bin/sh\ncc=gcc\n[ \"$1\" = --version ] && exec $cc --version\n"+text), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("FLERND_CC", path)
}

// TestChangeOver has two runs of one program wait for its best tier at the same time: both change over.
func TestChangeOver(t *testing.T) {
	gate := filepath.Join(t.TempDir(), "open")
	optimiser(t, "while [ ! -e "+gate+" ]; do sleep 0.01; done\nexec $cc \"$@\"\n")
	d := openDatabase(t, Options{Threads: 2})
	opt := d.opt
	opt.Tier, opt.Threads = "auto", 1
	opt.Out = func([]byte, int64) error { return nil }
	var group sync.WaitGroup
	for range 2 {
		p, release, err := planFor(d, "select sum(i % 7) from generate_series(1, 600000000) i where i % 11 <> 3")
		if err != nil {
			t.Fatal(err)
		}
		defer release()
		group.Add(1)
		go func() {
			defer group.Done()
			if r, err := d.engine.Run(t.Context(), p.Root, nil, opt); err != nil || r.Tier != "fast" || !r.Changed {
				t.Errorf("got %+v, %v", r, err)
			}
		}()
	}
	time.Sleep(4 * changeAfter)
	if err := os.WriteFile(gate, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	group.Wait()
}

// TestFailures: what has failed is tried again, ever more seldom.
func TestFailures(t *testing.T) {
	var f failures
	now := time.Unix(1e9, 0)
	for _, pause := range []time.Duration{firstPause, 2 * firstPause, 4 * firstPause} {
		if !f.retry(now) {
			t.Fatalf("not tried at %v", now)
		}
		f.add(now)
		f.add(now) // another run that waited for the same compilation
		if f.retry(now.Add(pause - 1)) {
			t.Errorf("tried again before %v", pause)
		}
		now = now.Add(pause)
	}
}

// TestFailedOptimiser: a query whose best tier cannot be had runs on in the fast one, and gets the best one when it can.
func TestFailedOptimiser(t *testing.T) {
	gate := filepath.Join(t.TempDir(), "open")
	optimiser(t, "[ -e "+gate+" ] || exit 1\nexec $cc \"$@\"\n")
	d := openDatabase(t, Options{Threads: 1})
	_, p := programOf(t, d, "select 1 + 2 as x")
	if o := d.engine.best(p); o != nil {
		t.Fatal("the compiler has not failed")
	}
	if err := os.WriteFile(gate, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if o := d.engine.best(p); o != nil {
		t.Error("it was tried again at once")
	}
	p.failures.until = time.Now()
	if o := d.engine.best(p); o == nil {
		t.Error("it was not tried again")
	}
}

func programOf(t *testing.T, d *database, sql string) (*translate.Program, *program) {
	t.Helper()
	plan, release, err := planFor(d, sql)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	prog, p, err := d.engine.translate(plan.Root, translate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return prog, p
}

// TestPrograms: the program used last stays, whatever the number of new ones.
func TestPrograms(t *testing.T) {
	programs := newPrograms(0, nil)
	shape := func(i int) *cgen.Program {
		f := staged.NewFunc("work", staged.TVoid)
		return &cgen.Program{Header: []string{fmt.Sprint(i)}, State: &staged.Struct{Name: "state"},
			Pipelines: []*cgen.Pipeline{{Name: "p0", Work: f.Func}}}
	}
	hot := programs.program(shape(0))
	programs.byKey.limit = 10 * programs.byKey.size
	for i := 1; i < 100; i++ {
		programs.program(shape(i))
		if programs.program(shape(0)).known != hot.known {
			t.Fatalf("given up after %d others", i)
		}
	}
	if n := len(programs.byKey.byKey); n > 10 || n != programs.byKey.order.Len() {
		t.Errorf("%d are kept", n)
	}
}

// TestBoundedPrograms: whatever the number of shapes, what is kept of them stays within the bound, and the executor holds no
// program that has been given up.
func TestBoundedPrograms(t *testing.T) {
	const limit = 8 << 20
	d := openDatabase(t, Options{Threads: 1, MemoryLimit: limit})
	d.opt.Tier = "fast"
	const shapes = 300
	for i := range shapes {
		d.must("SELECT 1" + strings.Repeat(", i", i%100) + strings.Repeat(" + i", i/100) + " FROM generate_series(1, 2) i")
		if n := d.engine.seen.byKey.size; n > limit/8 {
			t.Fatalf("%d bytes after %d shapes", n, i+1)
		}
	}
	d.must("SELECT 1") // messages are taken in order
	switch kept, loaded := len(d.engine.seen.byKey.byKey), d.loaded(); {
	case kept >= shapes:
		t.Error("the shapes are too few")
	case loaded == 0 || loaded > kept:
		t.Errorf("the executor holds %d programs, %d are known", loaded, kept)
	}
}

// loaded counts the executor's programs.
func (d *database) loaded() (n int) {
	d.t.Helper()
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", d.engine.executor.Pid()))
	if err != nil {
		d.t.Fatal(err)
	}
	for _, line := range strings.Split(string(maps), "\n") {
		if strings.Contains(line, "r-xp") && strings.Contains(line, "flernd-program") {
			n++
		}
	}
	return n
}

// TestCompilerFault: a fault of the compiler is an error of the statement; the stack is in the log only.
func TestCompilerFault(t *testing.T) {
	var log bytes.Buffer
	err := func() (err error) {
		defer (&Engine{log: &log}).caught(&err)
		panic("a fault")
	}()
	var coded *sqlstate.Error
	if !errors.As(err, &coded) || coded.Code != sqlstate.InternalError {
		t.Fatalf("got %v", err)
	}
	number, _, _ := strings.Cut(strings.TrimPrefix(log.String(), "fault "), " ")
	if len(number) != 8 || !strings.Contains(coded.Detail, number) || strings.Contains(coded.Detail, ".go") || !strings.Contains(log.String(), "goroutine") {
		t.Errorf("detail %q, log %q", coded.Detail, log.String())
	}
}
