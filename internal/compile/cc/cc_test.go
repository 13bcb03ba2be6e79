package cc

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

var testHeaders = map[string][]byte{"fl.h": []byte("typedef unsigned long u64;\n#define ANSWER 42\n")}

const answer = "#include \"fl.h\"\nu64 f(void) { return ANSWER; }\n"

func newCompiler(t testing.TB, change ...func(*Options)) *Compiler {
	t.Helper()
	opt := Options{Headers: testHeaders, ISA: "avx2"}
	for _, f := range change {
		f(&opt)
	}
	c, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func inDir(dir string) func(*Options) { return func(o *Options) { o.CacheDir = dir } }

func mustCompile(t testing.TB, c *Compiler, text string, tier Tier) *Object {
	t.Helper()
	o, err := c.Compile(context.Background(), text, tier)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestCompile(t *testing.T) {
	c := newCompiler(t)
	fast, best := mustCompile(t, c, answer, Fast), mustCompile(t, c, answer, Best)
	for _, o := range []*Object{fast, best} {
		if !strings.HasPrefix(string(o.Bytes), "\x7fELF") {
			t.Errorf("not an object: %.20q", o.Bytes)
		}
	}
	if again := mustCompile(t, c, answer, Best); again != best {
		t.Error("compiled twice")
	}
	if o, ok := c.Cached(answer, Fast); !ok || o != fast {
		t.Error("not in the cache")
	}
	if _, ok := c.Cached(answer+" ", Fast); ok {
		t.Error("another text is in the cache")
	}
	if left, _ := filepath.Glob(filepath.Join(c.dir, "object-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Without a compiler for the fast tier, the other one takes its place.
func TestWithoutQuick(t *testing.T) {
	c := newCompiler(t, func(o *Options) { o.Quick = "/nonexistent/tcc" })
	if c.tools[Fast].path != c.tools[Best].path {
		t.Error("a compiler that is not there was found")
	}
	mustCompile(t, c, answer, Fast)
}

func TestMissingCompiler(t *testing.T) {
	_, err := New(Options{ISA: "avx2", Optimiser: "/nonexistent/gcc"})
	var e *sqlstate.Error
	if !errors.As(err, &e) || e.Code != sqlstate.UndefinedFile || !strings.Contains(e.Hint, "apt install gcc") {
		t.Errorf("got %v", err)
	}
}

func TestRefusal(t *testing.T) {
	c := newCompiler(t)
	for _, tier := range []Tier{Fast, Best} {
		_, err := c.Compile(context.Background(), "int f(void) {\n  return undeclared;\n}\n", tier)
		var ours *Error
		if !errors.As(err, &ours) || !strings.Contains(ours.Stderr, "undeclared") || !strings.Contains(ours.Stderr, ":2:") {
			t.Errorf("%v: got %v", tier, err)
		}
		e := sqlstate.Of(err)
		if e.Code != sqlstate.InternalError || e.Message != "the generated program could not be compiled" ||
			!strings.Contains(e.Detail, "undeclared") {
			t.Errorf("%v: the client gets %+v", tier, e)
		}
	}
}

func TestDiskCache(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "objects")
	first := mustCompile(t, newCompiler(t, inDir(dir)), answer, Best)
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder %v, %v", info.Mode(), err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.o"))
	if len(files) != 1 {
		t.Fatalf("files %v", files)
	}
	if o, ok := newCompiler(t, inDir(dir)).Cached(answer, Best); !ok || o.Hash != first.Hash {
		t.Error("not found by another compiler")
	}
	for name, change := range map[string]func(*Options){
		"headers":  func(o *Options) { o.Headers = map[string][]byte{"fl.h": append(testHeaders["fl.h"], '\n')} },
		"ISA":      func(o *Options) { o.ISA = "baseline" },
		"compiler": func(o *Options) { o.Optimiser = "clang" },
	} {
		c, err := New(Options{CacheDir: dir, Headers: testHeaders, ISA: "avx2"})
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
		opt := c.opt
		change(&opt)
		if c, err = New(opt); err != nil {
			t.Log(name, err) // clang need not be there
			continue
		}
		if _, ok := c.Cached(answer, Best); ok {
			t.Errorf("found with other %s", name)
		}
		c.Close()
	}
	// a damaged file is as good as none
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(files[0], b, 0o600); err != nil {
		t.Fatal(err)
	}
	c := newCompiler(t, inDir(dir))
	if _, ok := c.Cached(answer, Best); ok {
		t.Error("a damaged object was used")
	}
	if o := mustCompile(t, c, answer, Best); o.Hash != first.Hash {
		t.Error("compiling is not reproducible")
	}
}

func TestEviction(t *testing.T) {
	dir := t.TempDir()
	c := newCompiler(t, inDir(dir), func(o *Options) { o.CacheBytes = 100_000 })
	for i := 0; i < 100; i++ {
		c.cache.put([32]byte{byte(i)}, NewObject(make([]byte, 5000)))
		old := time.Now().Add(time.Duration(i-1000) * time.Second)
		if err := os.Chtimes(c.cache.path([32]byte{byte(i)}), old, old); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.o"))
	if len(files) == 0 || len(files) > 20 {
		t.Errorf("%d files are kept", len(files))
	}
	if _, err := os.Stat(c.cache.path([32]byte{99})); err != nil {
		t.Error("the last one is not among them")
	}
	if c.cache.order.Len() != 100 {
		t.Errorf("%d objects in memory", c.cache.order.Len())
	}
	for i := range 40 {
		c.cache.remember([32]byte{1, byte(i)}, NewObject(make([]byte, memoryBytes/10)))
	}
	if n := c.cache.order.Len(); n != len(c.cache.byKey) || n != 10 || c.cache.held > memoryBytes {
		t.Errorf("%d objects in memory, %d bytes", n, c.cache.held)
	}
}

// script puts a compiler of sh into a file.
func script(t *testing.T, text string) string {
	path := filepath.Join(t.TempDir(), "cc")
	text = "#!/bin/sh\n[ \"$1\" = --version ] && { echo 1; exit; }\n" + text
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSharedFlight(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	c := newCompiler(t, func(o *Options) {
		o.Optimiser = script(t, "echo x >> "+log+"\nsleep 0.2\nfor o; do [ \"$p\" = -o ] && echo object > \"$o\"; p=$o; done\n")
	})
	var group sync.WaitGroup
	for i := 0; i < 10; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			mustCompile(t, c, answer, Best)
		}()
	}
	group.Wait()
	if b, err := os.ReadFile(log); err != nil || len(b) != 2 {
		t.Errorf("the compiler ran %d times, %v", len(b)/2, err)
	}
}

// A compilation that nobody waits for any more is killed, with all it has started.
func TestCancel(t *testing.T) {
	dir := t.TempDir()
	c := newCompiler(t, func(o *Options) {
		o.Optimiser = script(t, "sh -c 'echo $$ > "+dir+"/pid; sleep 60; echo > "+dir+"/survived'\n")
	})
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for {
			if b, err := os.ReadFile(dir + "/pid"); err == nil && len(b) > 0 {
				cancel()
				return
			}
			time.Sleep(time.Millisecond)
		}
	}()
	if _, err := c.Compile(ctx, answer, Best); sqlstate.Of(err).Code != sqlstate.QueryCanceled {
		t.Errorf("got %v", err)
	}
	waitGone(t, dir+"/pid")
}

// waitGone waits until the process whose number the file holds has ended.
func waitGone(t *testing.T, file string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; ; i++ {
		state, err := os.ReadFile(fmt.Sprintf("/proc/%s/stat", strings.TrimSpace(string(b))))
		if err != nil || strings.Contains(string(state), ") Z ") {
			break
		}
		if i > 2000 {
			t.Fatal("what the compiler started lives on")
		}
		time.Sleep(time.Millisecond)
	}
}

// TestDiesWithUs: a compiler, and what it has started, ends when flernd is killed.
func TestDiesWithUs(t *testing.T) {
	if dir := os.Getenv("FLERND_TEST_CHILD"); dir != "" {
		c := newCompiler(t, func(o *Options) {
			o.Optimiser = script(t, "sh -c 'echo $$ > "+dir+"/new; mv "+dir+"/new "+dir+"/pid; sleep 60'\n")
		})
		mustCompile(t, c, answer, Best) // does not return
	}
	dir := t.TempDir()
	child := exec.Command(os.Args[0], "-test.run=^TestDiesWithUs$")
	child.Env = append(os.Environ(), "FLERND_TEST_CHILD="+dir, "TMPDIR="+dir)
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	for i := 0; ; i++ {
		if _, err := os.Stat(dir + "/pid"); err == nil {
			break
		}
		if i > 10_000 {
			t.Fatal("the compiler was not started")
		}
		time.Sleep(time.Millisecond)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // it was killed
	waitGone(t, dir+"/pid")
}

// TestLimits: what a compiler starts has its limits, and reads the text.
func TestLimits(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	c := newCompiler(t, func(o *Options) { o.Optimiser = script(t, "(ulimit -v; ulimit -c; ulimit -f; cat) > "+out+"\n") })
	mustCompile(t, c, "the text", Best)
	if b, err := os.ReadFile(out); err != nil || string(b) != "4194304\n0\n2097152\nthe text" {
		t.Errorf("%q, %v", b, err)
	}
}

// TestQueueTime: the time spent waiting for other compilations is not a compilation's own.
func TestQueueTime(t *testing.T) {
	c := newCompiler(t, func(o *Options) {
		o.Optimiser = script(t, "true\n")
		o.Timeout = 300 * time.Millisecond
	})
	for range cap(c.slots[Best]) {
		c.slots[Best] <- struct{}{}
	}
	done := make(chan error)
	go func() {
		_, err := c.Compile(context.Background(), answer, Best)
		done <- err
	}()
	select {
	case err := <-done:
		t.Fatalf("it did not wait: %v", err)
	case <-time.After(2 * c.opt.Timeout):
	}
	<-c.slots[Best]
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestTimeLimit(t *testing.T) {
	c := newCompiler(t, func(o *Options) {
		o.Optimiser = script(t, "sleep 60\n")
		o.Timeout = 50 * time.Millisecond
	})
	_, err := c.Compile(context.Background(), answer, Best)
	if e := sqlstate.Of(err); e.Code != sqlstate.StatementTooComplex {
		t.Errorf("got %v", err)
	}
}

// TestStaleScratch: the folder of a process that was killed is removed by the next one, one in use is not.
func TestStaleScratch(t *testing.T) {
	root := t.TempDir()
	long := time.Now().Add(-time.Hour)
	make1 := func(name string) (dir string, lock *os.File) {
		dir = filepath.Join(root, scratchPrefix+name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		lock, err := os.Create(filepath.Join(dir, "lock"))
		if err != nil {
			t.Fatal(err)
		}
		if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(dir, long, long); err != nil {
			t.Fatal(err)
		}
		return dir, lock
	}
	used, lock := make1("used")
	defer lock.Close()
	stale, lock := make1("stale")
	lock.Close()
	removeStale(root)
	if _, err := os.Stat(used); err != nil {
		t.Error("a folder in use was removed")
	}
	if _, err := os.Stat(stale); err == nil {
		t.Error("a stale folder is still there")
	}
}

func BenchmarkFast(b *testing.B) {
	c := newCompiler(b)
	for i := 0; i < b.N; i++ {
		mustCompile(b, c, fmt.Sprintf("%s// %d\n", answer, i), Fast)
	}
}
