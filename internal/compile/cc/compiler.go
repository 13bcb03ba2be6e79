package cc

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Tier is how much compile time is traded for run time.
type Tier uint8

// The tiers.
const (
	Fast Tier = iota // tcc where installed (milliseconds), else the C compiler without optimisation
	Best             // gcc or clang with everything that the instruction set has
)

func (t Tier) String() string { return [...]string{"fast", "best"}[t] }

// Object is a compiled program.
type Object struct {
	Hash  [32]byte // of Bytes
	Bytes []byte   // a shared object
}

// NewObject makes an object of the bytes of a shared object.
func NewObject(b []byte) *Object { return &Object{Hash: sha256.Sum256(b), Bytes: b} }

// Options of a Compiler.
type Options struct {
	CacheDir string            // objects are kept here; empty: in memory only
	Headers  map[string][]byte // by the name that C text includes them by
	ISA      string            // baseline, avx2 or avx512
	// Optimiser and Quick name the compilers of the two tiers; when empty they are looked for in PATH: gcc, clang, cc;
	// and tcc, else the optimiser. The environment variables FLERND_CC and FLERND_TCC take the place of empty ones.
	Optimiser, Quick string
	CacheBytes       int64         // bound of the cache on disk; 0: 1 GiB
	Timeout          time.Duration // of one compilation, without its wait for a slot; 0: a minute
	MemoryLimit      int64         // of one compiler process; 0: 4 GiB
}

// Compiler compiles C text. It is safe for concurrent use.
type Compiler struct {
	opt     Options
	dir     string   // private; holds the headers
	lock    *os.File // held while dir is in use
	version string   // of this package's use of the compilers: headers, ISA, machine
	tools   [2]tool
	cache   *cache
	slots   [2]chan struct{} // compilers of a tier at a time
	mu      sync.Mutex
	flights map[[32]byte]*flight
}

// tool is a compiler as it is called for a tier.
type tool struct {
	path     string
	identity string // path, version: part of the cache's key
	args     []string
	env      []string
}

// flight is a compilation that requests for the same object wait for together. It is given up when nobody waits any more.
type flight struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiters int
	object  *Object
	err     error
}

// New finds the compilers and prepares the cache.
func New(opt Options) (*Compiler, error) {
	if opt.CacheBytes == 0 {
		opt.CacheBytes = 1 << 30
	}
	if opt.Timeout == 0 {
		opt.Timeout = time.Minute
	}
	if opt.MemoryLimit == 0 {
		opt.MemoryLimit = 4 << 30
	}
	c := &Compiler{opt: opt, flights: map[[32]byte]*flight{}}
	c.slots[Fast] = make(chan struct{}, 2*runtime.NumCPU())
	c.slots[Best] = make(chan struct{}, max(1, runtime.NumCPU()/2))
	if err := c.findTools(); err != nil {
		return nil, err
	}
	var err error
	if c.dir, c.lock, err = scratchDir(); err != nil {
		return nil, sqlstate.Wrap(err, sqlstate.SystemError, "could not create a folder for compilations")
	}
	if err := c.writeHeaders(); err != nil {
		c.Close()
		return nil, err
	}
	if c.cache, err = openCache(opt.CacheDir, opt.CacheBytes); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// Close removes what the compiler has in temporary folders. The cache stays.
func (c *Compiler) Close() {
	os.RemoveAll(c.dir)
	c.lock.Close()
}

func (c *Compiler) writeHeaders() error {
	h := sha256.New()
	names := make([]string, 0, len(c.opt.Headers))
	for name := range c.opt.Headers {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if filepath.Base(name) != name {
			return sqlstate.New(sqlstate.InternalError, "header %q is not a plain file name", name)
		}
		if err := os.WriteFile(filepath.Join(c.dir, name), c.opt.Headers[name], 0o600); err != nil {
			return sqlstate.Wrap(err, sqlstate.SystemError, "could not write a header")
		}
		fmt.Fprintf(h, "%s %d\n", name, len(c.opt.Headers[name]))
		h.Write(c.opt.Headers[name])
	}
	c.version = hex.EncodeToString(h.Sum(nil))
	return nil
}

// Key is the name under which an object is cached: everything that its bytes depend on.
func (c *Compiler) key(text string, tier Tier) [32]byte {
	t := c.tools[tier]
	h := sha256.New()
	fmt.Fprintf(h, "flernd object 1\n%s\n%s\n%s\n%q\n", c.version, tier, t.identity, t.args)
	h.Write([]byte(text))
	return [32]byte(h.Sum(nil))
}

// Cached returns the object of a text if it has been compiled before.
func (c *Compiler) Cached(text string, tier Tier) (*Object, bool) {
	return c.cache.get(c.key(text, tier))
}

// Compile returns the object of a text: from the cache, from a compilation that is under way, or from a new one. In the
// best tier at most one compiler runs for every two cores, niced, in the fast one two a core; the others wait their turn.
// When ctx ends, Compile returns its error, and the compiler is killed unless somebody else waits for the same object.
func (c *Compiler) Compile(ctx context.Context, text string, tier Tier) (*Object, error) {
	key := c.key(text, tier)
	if o, ok := c.cache.get(key); ok {
		return o, nil
	}
	c.mu.Lock()
	f := c.flights[key]
	if f == nil {
		run, cancel := context.WithCancel(context.Background())
		f = &flight{done: make(chan struct{}), cancel: cancel}
		c.flights[key] = f
		go c.fly(run, f, key, text, tier)
	}
	f.waiters++
	c.mu.Unlock()
	select {
	case <-f.done:
		return f.object, f.err
	case <-ctx.Done():
	}
	c.mu.Lock()
	if f.waiters--; f.waiters == 0 {
		f.cancel()
		if c.flights[key] == f {
			delete(c.flights, key)
		}
	}
	c.mu.Unlock()
	return nil, sqlstate.Wrap(context.Cause(ctx), sqlstate.QueryCanceled, "compilation was given up")
}

var errTimeout = errors.New("time limit")

func (c *Compiler) fly(ctx context.Context, f *flight, key [32]byte, text string, tier Tier) {
	defer f.cancel()
	b, err := c.build(ctx, text, tier)
	if err == nil {
		f.object = NewObject(b)
		c.cache.put(key, f.object)
	}
	f.err = err
	c.mu.Lock()
	if c.flights[key] == f {
		delete(c.flights, key)
	}
	c.mu.Unlock()
	close(f.done)
}

// build waits for a slot and runs the compiler. Its time is counted from the slot on: how long the queue is says nothing
// about the text.
func (c *Compiler) build(ctx context.Context, text string, tier Tier) ([]byte, error) {
	select {
	case c.slots[tier] <- struct{}{}:
		defer func() { <-c.slots[tier] }()
	case <-ctx.Done():
		return nil, c.failed(ctx, ctx.Err(), "")
	}
	ctx, cancel := context.WithTimeoutCause(ctx, c.opt.Timeout, errTimeout)
	defer cancel()
	out, err := os.CreateTemp(c.dir, "object-")
	if err != nil {
		return nil, sqlstate.Wrap(err, sqlstate.SystemError, "could not create a file for an object")
	}
	out.Close()
	defer os.Remove(out.Name())
	t := c.tools[tier]
	cmd := exec.CommandContext(ctx, t.path, append(append([]string(nil), t.args...), "-I", c.dir, "-o", out.Name(), "-")...)
	cmd.Dir = c.dir
	cmd.Env = t.env
	cmd.Stdin = strings.NewReader(text)
	var stderr limited
	cmd.Stderr = &stderr
	if started, err := runGuarded(cmd, tier == Best, c.opt.MemoryLimit); !started {
		return nil, sqlstate.Wrap(err, sqlstate.SystemError, "could not start the compiler %s", t.path)
	} else if err != nil {
		return nil, c.failed(ctx, err, stderr.String())
	}
	b, err := os.ReadFile(out.Name())
	if err != nil {
		return nil, sqlstate.Wrap(err, sqlstate.SystemError, "could not read an object")
	}
	return b, nil
}

// failed makes the error of a compilation: short for the client, with the compiler's own words in the detail that the log
// shows.
func (c *Compiler) failed(ctx context.Context, err error, stderr string) error {
	if errors.Is(context.Cause(ctx), errTimeout) {
		return sqlstate.New(sqlstate.StatementTooComplex, "compiling the query took longer than %v", c.opt.Timeout)
	}
	if ctx.Err() != nil {
		return sqlstate.New(sqlstate.QueryCanceled, "compilation was given up")
	}
	return &Error{Stderr: stderr, cause: err}
}

// Error is a compiler's refusal of generated C, or its death: a fault of ours, never of the user's.
type Error struct {
	Stderr string // the compiler's diagnostics, with the lines of C
	cause  error
}

func (e *Error) Error() string { return "the C compiler failed: " + e.cause.Error() + "\n" + e.Stderr }

// Unwrap gives what a client may see of it.
func (e *Error) Unwrap() error {
	return sqlstate.New(sqlstate.InternalError, "the generated program could not be compiled").WithDetail("%s", firstLine(e.Stderr))
}

func firstLine(s string) string {
	for _, line := range strings.Split(s, "\n") {
		if strings.Contains(line, "error") {
			return line
		}
	}
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// limited keeps the first 64 KiB.
type limited struct{ bytes.Buffer }

func (l *limited) Write(p []byte) (int, error) {
	if room := 64<<10 - l.Len(); room > 0 {
		l.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
