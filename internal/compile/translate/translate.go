package translate

import (
	"fmt"
	"sort"

	"github.com/flernd/flernd/internal/compile/cgen"
	"github.com/flernd/flernd/internal/compile/pipeline"
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/lower"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Options is what a translation depends on besides the plan.
type Options struct {
	// Params are the values of $1 …; they become literals.
	Params []sqltype.Datum
	// Formats are the result columns' wire formats (0 text, 1 binary), nil for text.
	Formats []int16
	// Arrays is lower.Options'.
	Arrays bool
	// Header is put at the head of the C text: the plan as EXPLAIN shows it.
	Header []string
}

// Program is a translated plan: the program's shape, and the data of this run.
type Program struct {
	C         *cgen.Program
	Pipelines []*pipeline.Pipeline
	Params    []byte
	Tables    []Table
	Blobs     []Blob
	// Input is the CSV format of the COPY data, nil if the plan reads none.
	Input []byte
	// Sink is the plan's table sink, nil if it has none.
	Sink *physical.TableSink
	// MorselRows is how many rows a morsel has.
	MorselRows int

	sites []site
}

// Blob is read-only data of a run: its own, or a constant of a model.
type Blob struct {
	Bytes    []byte
	Constant *registry.Constant
}

// Table is a table that the program scans.
type Table struct {
	Snapshot *table.Snapshot
	Ordinals []int
	// Layout gives for each segment which of the scan's layouts it has.
	Layout []uint32
	// NoSegments hands over the dictionaries alone.
	NoSegments bool
	bounds     []bound // of the scan, over Ordinals
}

// Skips reports whether the program leaves the snapshot's segment out: its statistics exclude a bound.
func (t *Table) Skips(segment int) bool {
	if t.NoSegments {
		return true
	}
	for _, b := range t.bounds {
		lo, hi, ok := t.Snapshot.Segments[segment].Cols[t.Ordinals[b.column]].Bounds()
		if b.lo > b.hi || ok && (b.hi < lo || b.lo > hi) {
			return true
		}
	}
	return false
}

// translator holds what the functions of one program share.
type translator struct {
	opts    Options
	prog    *Program
	state   *staged.Struct
	params  *params
	structs map[string]bool
	ops     map[physical.Node]any // what one pipeline leaves for the next
	randoms int                   // calls of random() so far
	work    modelWork             // of all models
	rows    int                   // that models compute at a time, at most
}

// Translate builds the program of a plan.
func Translate(root physical.Node, opts Options) (prog *Program, err error) {
	defer func() {
		if r := recover(); r != nil {
			if e, ok := r.(*sqlstate.Error); ok {
				err = e
				return
			}
			panic(r)
		}
	}()
	lines, err := pipeline.Cut(root)
	if err != nil {
		return nil, err
	}
	t := &translator{opts: opts, state: &staged.Struct{Name: "state"}, params: &params{}, structs: map[string]bool{}, ops: map[physical.Node]any{}}
	t.prog = &Program{Pipelines: lines, C: &cgen.Program{Header: opts.Header, State: t.state, Counters: countNodes(root) + 1}}
	for _, p := range lines {
		t.pipeline(p)
	}
	t.prog.Params = t.params.bytes
	t.prog.MorselRows = t.work.morselRows(t.rows)
	return t.prog, nil
}

func countNodes(n physical.Node) int {
	most := n.Base().ID
	for _, c := range n.Inputs() {
		most = max(most, countNodes(c))
	}
	return most
}

// fail ends the translation; Translate returns the error.
func fail(err *sqlstate.Error) { panic(err) }

func (t *translator) addBlob(b []byte) int {
	t.prog.Blobs = append(t.prog.Blobs, Blob{Bytes: b})
	return len(t.prog.Blobs) - 1
}

// newStruct registers a struct of the program under a unique name.
func (t *translator) newStruct(name string) *staged.Struct {
	base := name
	for i := 2; t.structs[name]; i++ {
		name = fmt.Sprintf("%s_%d", base, i)
	}
	t.structs[name] = true
	s := &staged.Struct{Name: name}
	t.prog.C.Structs = append(t.prog.C.Structs, s)
	return s
}

// stateField adds a field to the program's state.
func (t *translator) stateField(name string, ty *staged.Type) string { return t.state.Add(name, ty) }

// line is a pipeline being translated.
type line struct {
	t       *translator
	p       *pipeline.Pipeline
	name    string
	prepare *fn
	work    *fn
	finish  *fn
	morsels *fn
	after   []*completion
	flags   map[string]bool
	stream  int
	source  source
	sink    sink
}

// source produces the blocks of a morsel.
type source interface {
	// open builds what prepare() and morsels() do.
	open(l *line)
	// produce builds work(): it calls consume once, in the loop over the morsel's blocks.
	produce(l *line, f *fn, consume func(f *fn, r *row))
}

// sink takes a pipeline's blocks.
type sink interface {
	open(l *line)
	// begin and end frame the work on a morsel.
	begin(l *line, f *fn)
	consume(l *line, f *fn, r *row)
	end(l *line, f *fn)
	// close builds finish().
	close(l *line)
}

func (t *translator) pipeline(p *pipeline.Pipeline) {
	l := &line{t: t, p: p, flags: map[string]bool{}}
	l.name = fmt.Sprintf("p%d_%s", p.Index, sourceName(p.Source))
	l.prepare = t.newFn(l.name+"_prepare", staged.TVoid, false)
	l.work = t.newFn(l.name+"_worker", staged.TVoid, true)
	l.finish = t.newFn(l.name+"_finish", staged.TVoid, false)
	l.work.prep = l.prepare
	l.source = t.sourceOf(p.Source)
	l.sink = t.sinkOf(p)
	l.source.open(l)
	l.sink.open(l)
	l.sink.begin(l, l.work)
	l.source.produce(l, l.work, func(f *fn, r *row) {
		f.count(p.Source, r)
		l.pass(f, 0, r)
	})
	l.sink.end(l, l.work)
	l.sink.close(l)
	l.done()
}

// pass hands a block to the i-th operator, or to the sink after the last.
func (l *line) pass(f *fn, i int, r *row) {
	if i == len(l.p.Ops) {
		l.sink.consume(l, f, r)
		return
	}
	next := func(f *fn, r *row) {
		f.count(l.p.Ops[i], r)
		l.pass(f, i+1, r)
	}
	switch n := l.p.Ops[i].(type) {
	case *physical.Filter:
		l.filter(f, n, r, next)
	case *physical.Project:
		l.project(f, n, r, next)
	case *physical.Predict:
		l.predict(f, n, r, next)
	case *physical.HashJoin:
		l.probe(f, n, r, next)
	}
}

// done registers the pipeline's functions.
func (l *line) done() {
	pl := &cgen.Pipeline{Name: l.name, Work: l.work.b.Func, Stream: l.stream, FirstNode: l.p.Sink.Base().ID}
	if acts(l.prepare) {
		pl.Prepare = l.prepare.b.Func
	}
	if acts(l.finish) {
		pl.Finish = l.finish.b.Func
	}
	if l.morsels != nil {
		pl.Morsels = l.morsels.b.Func
	}
	for fl := range l.flags {
		pl.Flags = append(pl.Flags, fl)
	}
	sort.Strings(pl.Flags)
	l.t.prog.C.Pipelines = append(l.t.prog.C.Pipelines, pl)
	for _, s := range l.after {
		next := &cgen.Pipeline{Name: s.name, Work: s.work.b.Func, Morsels: s.morsels.b.Func, FirstNode: pl.FirstNode}
		if acts(s.finish) {
			next.Finish = s.finish.b.Func
		}
		l.t.prog.C.Pipelines = append(l.t.prog.C.Pipelines, next)
	}
}

// completion is a pipeline of the sink's own, after the line: many workers complete what the line's workers left.
type completion struct {
	name                  string
	morsels, work, finish *fn
}

// completion adds one.
func (l *line) completion(name string) *completion {
	s := &completion{name: name, morsels: l.t.newFn(name+"_morsels", staged.TU64, false), work: l.t.newFn(name+"_worker", staged.TVoid, true),
		finish: l.t.newFn(name+"_finish", staged.TVoid, false)}
	l.after = append(l.after, s)
	return s
}

// acts reports whether a function does more than name values.
func acts(f *fn) bool {
	for _, st := range f.b.Func.Body.Stmts {
		if _, let := st.(*staged.Let); !let {
			return true
		}
	}
	return false
}

func sourceName(n physical.Node) string {
	switch n := n.(type) {
	case *physical.Scan:
		return cgen.Identifier(n.Table.Name)
	case *physical.Values:
		return "values"
	case *physical.GenerateSeries:
		return "series"
	case *physical.CSVSource:
		return "csv"
	case *physical.HashAggregate:
		return "groups"
	case *physical.Sort:
		return "sorted"
	}
	return "rows"
}

func (t *translator) sourceOf(n physical.Node) source {
	switch n := n.(type) {
	case *physical.Scan:
		return &scan{n: n}
	case *physical.Values:
		return &values{n: n}
	case *physical.GenerateSeries:
		return &series{n: n}
	case *physical.CSVSource:
		return &csv{n: n}
	case *physical.HashAggregate, *physical.Sort, *physical.Limit:
		return &storedRows{n: n, store: t.ops[n].(*rowStore)}
	}
	fail(sqlstate.Unsupported("operator %T as a source", n))
	return nil
}

func (t *translator) sinkOf(p *pipeline.Pipeline) sink {
	switch n := p.Sink.(type) {
	case *physical.Result:
		if l, ok := n.Input.(*physical.Limit); ok {
			return &result{n: n, limit: l}
		}
		return &result{n: n}
	case *physical.TableSink:
		t.prog.Sink = n
		return &tableSink{n: n}
	case *physical.HashAggregate:
		return newAggregate(t, n, p)
	case *physical.Sort:
		return &sorter{n: n, input: n.Input, keys: n.Keys, limit: n.Limit, offset: n.Offset}
	case *physical.Limit:
		return &sorter{n: n, input: n.Input, limit: n.Count, offset: n.Offset}
	case *physical.HashJoin:
		return &build{n: n}
	}
	fail(sqlstate.Unsupported("operator %T as a sink", p.Sink))
	return nil
}

// fn is a function being built, with what most of its code needs at hand.
type fn struct {
	t       *translator
	b       *staged.Builder
	w       *staged.Node
	state   *staged.Node
	morsel  *staged.Node
	tables  []tabulated // predicates over dictionaries
	prep    *fn         // prepare() of the pipeline, for work()
	boundAt map[*bound]int
	// arguments are those of the calls of models of one operator.
	arguments []argument
	// joined are the ensembles that calls of one operator have evaluated together.
	joined map[*graph.TreeEnsemble]*lower.Joined
	// constants are the literals met so far.
	constants map[string]Value
}

// newFn starts one of a pipeline's functions: (fl_worker *w, void *state_, [u64 morsel]).
func (t *translator) newFn(name string, returns *staged.Type, morsel bool) *fn {
	b := staged.NewFunc(name, returns)
	f := &fn{t: t, b: b}
	f.w = b.Param("w", staged.Worker.Type().Ptr())
	raw := b.Param("state_", staged.TVoid.Ptr())
	if morsel {
		f.morsel = b.Param("morsel", staged.TU64)
	}
	f.state = b.Cast(t.state.Type().Ptr(), raw).Named("s")
	return f
}

func (f *fn) query() *staged.Node { return f.b.Fixed(f.w, "q", staged.Query.Type().Ptr()).Named("q") }

// count adds the rows of a block to an operator's counter.
func (f *fn) count(n physical.Node, r *row) {
	counters := f.b.Fixed(f.w, "counters", staged.TU64.Ptr()).Named("counters")
	f.b.Reduce("count", nil, r.sel, staged.Place{Ptr: counters, Index: staged.Int(staged.TU64, int64(n.Base().ID))})
}

// stopped leaves the morsel when the query was cancelled or failed.
func (f *fn) stopped() {
	f.b.If(f.b.Field(f.query(), "stop", staged.TU32), func() { f.b.Emit(&staged.Return{}) }, nil)
}

// nextBlock stands at the head of every source's loop over blocks: it leaves when the query is over, and gives back what
// the last block's values needed.
func (f *fn) nextBlock() {
	f.stopped()
	f.b.Call(staged.TVoid, "fl_temp_reset", f.w)
}

// column looks a column up in a row.
func column(r *row, c logical.Column) Value {
	v, ok := r.cols[c.ID]
	if !ok {
		fail(sqlstate.New(sqlstate.InternalError, "column %q (%d) is not there", c.Name, c.ID))
	}
	return v
}
