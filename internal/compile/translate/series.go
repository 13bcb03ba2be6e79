package translate

import (
	"math"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// series is generate_series(start, stop[, step]) over integers: row i is start + i·step.
type series struct {
	n           *physical.GenerateSeries
	start, step int64
	count       int64
	at          int // of start, step and count in the parameter block
	rng         staged.Range
}

func (s *series) open(l *line) {
	t := l.t
	if k := s.n.Col.Type.Kind; k != sqltype.Int4 && k != sqltype.Int8 {
		fail(sqlstate.Unsupported("generate_series over %s", s.n.Col.Type))
	}
	ends := [3]int64{2: 1}
	for i, e := range []logical.Expr{s.n.Start, s.n.Stop, s.n.Step} {
		if e == nil {
			continue
		}
		d := t.datum(e, "generate_series()")
		if d.Null {
			ends = [3]int64{1, 0, 1}
			break
		}
		ends[i] = d.I
	}
	stop := ends[1]
	s.start, s.step = ends[0], ends[2]
	s.count = seriesCount(s.start, stop, s.step)
	s.rng = staged.RangeOf(min(s.start, stop), max(s.start, stop)).RoundUp()
	if !s.rng.Within(intBounds(s.n.Col.Type.Kind)) {
		s.rng = intBounds(s.n.Col.Type.Kind)
	}
	s.at = t.params.int64(s.start)
	t.params.int64(s.step)
	t.params.int64(s.count)
	m := t.newFn(l.name+"_morsels", staged.TU64, false)
	m.b.Emit(&staged.Return{Value: m.b.Call(staged.TU64, "fl_morsels_of", m.query(), m.b.Cast(staged.TU64, m.slot(staged.TI64, s.at+16)))})
	l.morsels = m
}

// seriesCount is the number of rows. A step of zero is an error.
func seriesCount(start, stop, step int64) int64 {
	if step == 0 {
		fail(sqlstate.New(sqlstate.InvalidParameterValue, "step size cannot equal zero"))
	}
	var span uint64
	switch {
	case step > 0 && start <= stop:
		span = (uint64(stop) - uint64(start)) / uint64(step)
	case step < 0 && start >= stop:
		span = (uint64(start) - uint64(stop)) / -uint64(step)
	default:
		return 0
	}
	if span >= math.MaxInt64 {
		fail(sqlstate.New(sqlstate.ProgramLimitExceeded, "generate_series would give more than %d rows", int64(math.MaxInt64)))
	}
	return int64(span) + 1
}

func (s *series) produce(l *line, f *fn, consume func(*fn, *row)) {
	b := f.b
	count := b.Cast(staged.TU64, f.slot(staged.TI64, s.at+16)).Named("count")
	start, step := f.slot(staged.TI64, s.at).Named("start"), f.slot(staged.TI64, s.at+8).Named("step")
	from := b.Mul(f.morsel, f.morselRows()).Named("from")
	to := b.Pure(staged.TU64, "fl_min_u64", b.Add(from, f.rowsOfMorsel(l)), count).Named("to")
	b.For("at", from, to, staged.Int(staged.TU64, blockRows), func(at *staged.Node) {
		f.nextBlock()
		n := b.Cast(staged.TU32, b.Pure(staged.TU64, "fl_min_u64", b.Sub(to, at), staged.Int(staged.TU64, blockRows))).Named("n")
		blk := b.NewBlock(n)
		kernel := "flk_series_i64"
		if s.rng.Fits32() {
			kernel = "flk_series_i32"
		}
		v := b.Run(blk, kernel, staged.Site{}, start, step, at)[0].Named(hint(s.n.ID, s.n.Col.Name))
		v.Range = s.rng
		consume(f, &row{blk: blk, sel: blk.Head, cols: map[logical.ColID]Value{
			s.n.Col.ID: {Rep: RInt, Type: s.n.Col.Type, N: v, Keep: true}}})
	})
}
