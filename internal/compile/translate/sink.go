package translate

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/load"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// tableSink appends rows to a table: the runtime's sink (crt/src/sink.h) gathers, encodes and describes them.
type tableSink struct {
	n     *physical.TableSink
	field string
}

var sinkType = staged.External("fl_sink")

func (s *tableSink) open(l *line) {
	l.t.prog.C.Includes = append(l.t.prog.C.Includes, "sink.h")
	f := l.prepare
	s.field = l.t.stateField("sink", sinkType.Type().Ptr())
	spec := f.blob(l.t.addBlob(load.SinkSpec(s.n.Table, s.n.Snapshot, s.n.Rewriting)))
	dicts := staged.Null(staged.Dict.Type().Ptr())
	if s.n.Snapshot != nil {
		// The table's dictionaries are handed to the run as those of a table without segments.
		l.t.prog.Tables = append(l.t.prog.Tables, dictionariesOf(s.n))
		dicts = f.b.Field(f.table(len(l.t.prog.Tables)-1), "dicts", staged.Dict.Type().Ptr())
	}
	f.b.Put(f.state, s.field, f.b.Call(sinkType.Type().Ptr(), "fl_sink_open", f.w, spec, dicts))
}

// dictionariesOf is the sink's table as an input without segments.
func dictionariesOf(n *physical.TableSink) Table {
	t := Table{Snapshot: n.Snapshot, NoSegments: true}
	for i := range n.Table.Columns {
		t.Ordinals = append(t.Ordinals, i)
	}
	return t
}

func (s *tableSink) begin(l *line, f *fn) {}

func (s *tableSink) sink(f *fn) *staged.Node {
	return f.b.Fixed(f.state, s.field, sinkType.Type().Ptr())
}

func (s *tableSink) consume(l *line, f *fn, r *row) {
	b := f.b
	f.count(s.n, r)
	vecs := make([]staged.VecDesc, len(s.n.Exprs))
	for i, e := range s.n.Exprs {
		t := s.n.Table.Columns[i].Type
		v := f.bound(r, e)
		if v.Null {
			v = f.nullLanes(r, t)
		}
		v = f.stored(r, v, t)
		vecs[i] = f.vec(r, v, t)
	}
	b.Call(staged.TVoid, "fl_sink_block", f.w, s.sink(f), f.worked(), b.VecArray(vecs), b.Array(r.sel), r.blk.N)
}

// stored gives a value the form in which the sink takes its column: fixed scale for numeric(p,s).
func (f *fn) stored(r *row, v Value, t sqltype.Type) Value {
	v = f.plainText(r, v)
	if isArray(v) {
		return f.packed(r, v)
	}
	if t.Kind != sqltype.Numeric {
		return f.lanes(r, v)
	}
	p, s, ok := t.PrecisionScale()
	switch {
	case !ok || p > 38 || s < 0:
		v = f.toNum(r, v)
	case p > 18:
		if v.Scale != s || v.Rep == RNum {
			v = f.castNumeric(r, v, t, 0)
		}
		v = f.toDec128(r, v)
	case v.Rep != RDec || v.Scale != s:
		v = f.castNumeric(r, v, t, 0)
	}
	return f.lanes(r, v)
}

// nullLanes is NULL of a type in lanes.
func (f *fn) nullLanes(r *row, t sqltype.Type) Value {
	none := f.b.None(r.blk)
	v := Value{Type: t, Valid: none, Keep: true}
	switch k := t.Kind; {
	case k == sqltype.Bool:
		v.Rep, v.N = RBool, none
	case k.IsString():
		v.Rep, v.N = RStr, f.spread(r, f.text(""))
	case k == sqltype.Array:
		v.Rep, v.N = RPacked, f.spread(r, f.text(""))
	case k == sqltype.Vector:
		v.Rep, v.N = RVector, f.spread(r, f.text(""))
	case k == sqltype.Float4:
		v.Rep, v.N = RF32, f.spread(r, staged.Float(staged.TF32, 0))
	case k == sqltype.Float8:
		v.Rep, v.N = RF64, f.spread(r, staged.Float(staged.TF64, 0))
	case k == sqltype.Interval:
		v.Rep, v.N = RInterval, f.spread(r, f.slot(staged.TInterval, f.zeroInterval()))
	case k == sqltype.Numeric:
		v.Rep, v.N = RDec, f.spread(r, staged.Int(staged.TI64, 0))
		_, v.Scale, _ = t.PrecisionScale()
		v.Scale = max(v.Scale, 0)
		v.N.Range = staged.Range{}
	default:
		v.Rep, v.N = RInt, f.spread(r, staged.Int(staged.TI64, 0))
		if k != sqltype.Int8 && k != sqltype.Timestamp {
			v.N = f.b.Cvt(staged.TI32, v.N)
		}
	}
	return v
}

func (f *fn) zeroInterval() int {
	at := f.t.params.int64(0)
	f.t.params.int64(0)
	return at
}

// worked is the number of the morsel being worked on, in the functions that have one.
func (f *fn) worked() *staged.Node {
	if f.morsel != nil {
		return f.morsel
	}
	return staged.Int(staged.TU64, 0)
}

func (s *tableSink) end(l *line, f *fn) {
	l.flags["FL_IN_TURN"] = true // segments are rows that follow each other
	f.b.Call(staged.TVoid, "fl_sink_morsel_end", f.w, s.sink(f), f.worked())
}

func (s *tableSink) close(l *line) {
	f := l.finish
	f.b.Call(staged.TU64, "fl_sink_finish", f.w, f.b.Get(f.state, s.field))
}
