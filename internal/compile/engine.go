package compile

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/flernd/flernd/internal/compile/cc"
	"github.com/flernd/flernd/internal/compile/cgen"
	"github.com/flernd/flernd/internal/compile/crt"
	"github.com/flernd/flernd/internal/compile/exec"
	"github.com/flernd/flernd/internal/compile/translate"
	"github.com/flernd/flernd/internal/numa"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/load"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Options are how an engine runs.
type Options struct {
	DataDir     string // compiled programs are cached below it; "" for memory only
	Threads     int    // workers; 0 for one a core
	MemoryLimit int64  // bytes over all queries and loaded models; 0 for no limit
	ISA         string // widest instruction set: baseline, avx2, avx512; "" for the CPU's
	Log         io.Writer
	// Executor takes the place of the built-in one: tests run one that is built with sanitizers.
	Executor []byte
}

// Engine compiles plans and runs them in its executor process. It is safe for concurrent use.
type Engine struct {
	cc       *cc.Compiler
	executor *exec.Executor
	seen     *programs
	models   *modelMemory
	log      io.Writer
	stop     context.CancelFunc
	life     context.Context
}

// Open starts the executor and finds the compilers.
func Open(opt Options) (*Engine, error) {
	topology, err := numa.Host()
	if err != nil {
		return nil, sqlstate.Wrap(err, sqlstate.SystemError, "could not read the machine's topology")
	}
	isa, err := exec.DetectISA(opt.ISA)
	if err != nil {
		return nil, err
	}
	if opt.Log == nil {
		opt.Log = os.Stderr
	}
	e := &Engine{log: opt.Log}
	e.life, e.stop = context.WithCancel(context.Background())
	cache := ""
	if opt.DataDir != "" {
		cache = filepath.Join(opt.DataDir, "cache", "objects")
	}
	if e.cc, err = cc.New(cc.Options{CacheDir: cache, Headers: crt.Headers(), ISA: isa}); err != nil {
		return nil, err
	}
	e.executor, err = exec.Start(e.life, exec.Options{ISA: isa, CPUs: topology.Plan(opt.Threads).CPUs, MemoryLimit: opt.MemoryLimit, Log: opt.Log,
		Binary: opt.Executor})
	if err != nil {
		e.cc.Close()
		return nil, err
	}
	e.seen = newPrograms(opt.MemoryLimit, e.executor.Unload)
	e.models = newModelMemory(opt.MemoryLimit, e.executor.Drop, e.executor.LimitMemory)
	return e, nil
}

// Close stops compilations and the executor.
func (e *Engine) Close() {
	e.stop()
	e.executor.Close()
	e.models.close()
	e.cc.Close()
}

// Forget lets go of segments' memories and dictionaries that no snapshot will have again.
func (e *Engine) Forget(ids ...uint64) { e.executor.Forget(ids...) }

// RunOptions are how a plan is to be run.
type RunOptions struct {
	Threads     int    // 0 for all workers
	Tier        string // "auto" (start fast, change over), "fast", "best" (wait for the optimising compiler)
	MemoryLimit int64  // bytes; 0 for the engine's
	Formats     []int16
	// Out takes whole DataRow messages, in order. The bytes are valid until it returns.
	Out func(messages []byte, n int64) error
	// In yields COPY data in any pieces, io.EOF at its end.
	In func() ([]byte, error)
	// Store takes the images of a TableSink's segments as they come, several at a time; nil: they stay in shared memory.
	Store func(*table.Image) error
	// For tests. changeOften makes the two tiers take turns after every morsel.
	changeOften bool
	morselRows  int  // 0 for the usual number
	arrays      bool // of models
}

// RunResult is what a run was.
type RunResult struct {
	Rows        int64 // sent or appended
	Planning    time.Duration
	Compilation time.Duration // of the tier waited for; 0 when its program was there
	Execution   time.Duration // in the executor, and what it waited for files to be verified
	Counters    []int64       // rows that left each operator, by its ID
	Append      *table.Append // of a TableSink
	PeakMemory  int64
	Tier        string // that the run began with
	Changed     bool   // over to the best tier while it ran
}

// Run runs a plan with the values of its parameters.
func (e *Engine) Run(ctx context.Context, plan physical.Node, params []sqltype.Datum, opt RunOptions) (*RunResult, error) {
	began := time.Now()
	prog, p, err := e.translate(plan, translate.Options{Params: params, Formats: opt.Formats, Header: header(plan), Arrays: opt.arrays})
	if err != nil {
		return nil, err
	}
	planning := time.Since(began)
	verified := verify(ctx, prog.Tables)
	start, err := e.choose(ctx, p, opt)
	compiled := time.Now()
	if damage := verified(); err == nil { // it reads the caller's snapshots: not to be left behind
		err = damage
	}
	if err != nil {
		return nil, err
	}
	reading := time.Since(compiled)
	req := request(prog, opt, e.executor.Workers())
	var release func()
	if req.Blobs, release, err = e.models.blobs(prog.Blobs); err != nil {
		return nil, err
	}
	defer release()
	var images *load.Decoder
	if prog.Sink != nil {
		images = load.NewDecoder(prog.Sink.Table, prog.Sink.Snapshot)
		images.Store = opt.Store
		defer images.Close()
		req.Image = func(i exec.Image) error { return images.Add(load.Image{File: i.File, Size: i.Size, Meta: i.Meta}) }
	}
	req.Object, req.Alternate = start.object, start.alternate
	reply, changed, err := e.run(ctx, p, req, start)
	if err != nil {
		return nil, prog.Located(err)
	}
	out := &RunResult{Rows: reply.RowsOut, Planning: planning, Compilation: start.waited, Execution: reading + reply.Execution,
		PeakMemory: reply.PeakMemory, Tier: start.tier.String(), Changed: changed}
	for _, c := range reply.Counters {
		out.Counters = append(out.Counters, int64(c))
	}
	if images != nil {
		if out.Append, err = images.Append(); err != nil {
			return nil, err
		}
		out.Rows = 0
		for _, s := range out.Append.Segments {
			out.Rows += s.Rows
		}
	}
	return out, nil
}

// translate makes a plan's program.
func (e *Engine) translate(plan physical.Node, opt translate.Options) (prog *translate.Program, p *program, err error) {
	defer e.caught(&err)
	if prog, err = translate.Translate(plan, opt); err != nil {
		return nil, nil, err
	}
	return prog, e.seen.program(prog.C), nil
}

// caught makes a fault of the compiler its statement's error; what is known of it goes to the log.
func (e *Engine) caught(err *error) {
	if r := recover(); r != nil {
		number := rand.Uint32()
		fmt.Fprintf(e.log, "fault %08x of the compiler: %v\n%s", number, r, debug.Stack())
		*err = sqlstate.New(sqlstate.InternalError, "the compiler failed").
			WithDetail("The server's log describes it as fault %08x.", number)
	}
}

// request lays out a run's inputs, for so many workers.
func request(prog *translate.Program, opt RunOptions, workers int) *exec.Request {
	req := &exec.Request{Params: prog.Params, Threads: opt.Threads, MemoryLimit: opt.MemoryLimit, Out: opt.Out, ReadOnly: prog.Sink == nil}
	rows := int64(0)
	for i := range prog.Tables {
		t := tableInput(&prog.Tables[i])
		req.Tables = append(req.Tables, t)
		rows = max(rows, t.Rows())
	}
	if opt.Threads > 0 {
		workers = min(workers, opt.Threads)
	}
	req.MorselRows = cmp.Or(opt.morselRows, translate.Shared(prog.MorselRows, rows, int64(workers)))
	if prog.Input != nil {
		req.In, req.InState = opt.In, prog.Input
	}
	return req
}

// tableInput picks the scanned columns of those segments of a snapshot that the program does not skip: others were not
// verified, and need not even be there.
func tableInput(t *translate.Table) exec.TableInput {
	var in exec.TableInput
	for _, o := range t.Ordinals {
		in.Dicts = append(in.Dicts, t.Snapshot.Dicts[o])
	}
	for k, s := range t.Snapshot.Segments {
		if t.Skips(k) {
			continue
		}
		seg := exec.SegmentInput{ID: s.Memory, File: s.File, Size: s.Size, Rows: s.Rows, Layout: t.Layout[k]}
		for _, o := range t.Ordinals {
			c := &s.Cols[o]
			in := exec.ColumnInput{Data: c.Data, Valid: c.Valid, Offsets: c.Offsets, Base: c.Base}
			in.Min, in.Max, in.HasBounds = c.Bounds()
			seg.Cols = append(seg.Cols, in)
		}
		in.Segments = append(in.Segments, seg)
	}
	return in
}

// CText is the C text of a plan, as the best tier compiles it.
func CText(plan physical.Node) (string, error) {
	prog, err := translate.Translate(plan, translate.Options{Header: header(plan)})
	if err != nil {
		return "", err
	}
	return prog.C.Print(cgen.Best), nil
}
