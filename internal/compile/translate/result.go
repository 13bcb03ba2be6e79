package translate

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// result is the sink that sends rows to the client, in the order of the morsels.
type result struct {
	n     *physical.Result
	limit *physical.Limit
}

func (s *result) open(l *line) {
	l.flags["FL_ORDERED"] = true
	if s.limit == nil {
		return
	}
	f := l.prepare
	skip, count := l.t.limits(s.limit.Count, s.limit.Offset)
	f.b.Call(staged.TVoid, "fl_result_limit", f.w, f.bigintParam(skip), f.bigintParam(count))
}

// limits are the rows to skip and to pass on, -1 for all of them.
func (t *translator) limits(countExpr, offsetExpr logical.Expr) (skip, count int64) {
	value := func(e logical.Expr, what string) sqltype.Datum {
		if e == nil {
			return sqltype.NullDatum
		}
		return t.datum(e, what)
	}
	countValue, offsetValue := value(countExpr, "LIMIT"), value(offsetExpr, "OFFSET")
	if err := logical.CheckLimit(countValue, offsetValue); err != nil {
		fail(sqlstate.Of(err))
	}
	skip, count = offsetValue.I, countValue.I
	if offsetValue.Null {
		skip = 0
	}
	if countValue.Null {
		count = -1
	}
	return skip, count
}

// bigintParam is a number of rows that is data of the program.
func (f *fn) bigintParam(v int64) *staged.Node { return f.slot(staged.TI64, f.t.params.int64(v)) }

// constantOf is the value of a constant or parameter, if e is one.
func (t *translator) constantOf(e logical.Expr) (d sqltype.Datum, ok bool) {
	if c, ok := t.bind(e).(*logical.Const); ok {
		return c.Value, true
	}
	return d, false
}

// datum is the value of a constant or parameter that stands in what.
func (t *translator) datum(e logical.Expr, what string) sqltype.Datum {
	d, ok := t.constantOf(e)
	if !ok {
		fail(sqlstate.Unsupported("%s with an expression that has no value before the query runs", what).At(logical.PositionOf(e)))
	}
	return d
}

func (s *result) begin(l *line, f *fn) {}
func (s *result) end(l *line, f *fn)   {}
func (s *result) close(l *line)        {}

func (s *result) consume(l *line, f *fn, r *row) {
	b := f.b
	f.count(s.n, r)
	vecs := make([]staged.VecDesc, len(s.n.Exprs))
	for i, e := range s.n.Exprs {
		vecs[i] = f.vec(r, f.bound(r, e.Expr), e.Expr.Type())
	}
	formats := staged.Null(staged.TU16.Ptr())
	if l.t.opts.Formats != nil {
		raw := make([]byte, 0, 2*len(l.t.opts.Formats))
		for _, x := range l.t.opts.Formats {
			raw = append(raw, byte(x), 0)
		}
		formats = f.blob(l.t.addBlob(raw))
	}
	b.Call(staged.TVoid, "flk_result_rows", f.w, b.VecArray(vecs), staged.Int(staged.TU32, int64(len(vecs))), formats, b.Array(r.sel), r.blk.N)
}

// vec describes a value for the runtime's encoders.
func (f *fn) vec(r *row, v Value, t sqltype.Type) staged.VecDesc {
	d := staged.VecDesc{Typmod: t.Mod, Scale: v.Scale}
	if v.Null {
		v = Value{Rep: RInt, Type: sqltype.Of(sqltype.Int4), N: f.spread(r, staged.Int(staged.TI32, 1)), Valid: f.b.None(r.blk)}
		t = v.Type
	}
	v = f.plainText(r, v)
	d.Data, d.Valid = v.N, v.Valid
	switch v.Rep {
	case RBool:
		d.Kind, d.Data = "FL_BOOL", f.mask(v, r)
	case RInt:
		d.Kind, d.Data = f.intVec(v, t)
	case RDec:
		d.Kind, d.Data = "FL_DEC64", f.b.Cvt(staged.TI64, v.N)
	case RDec128:
		d.Kind = "FL_DEC128"
	case RNum:
		d.Kind = "FL_NUM"
	case RF32:
		d.Kind = "FL_F32"
	case RF64:
		d.Kind = "FL_F64"
	case RStr:
		d.Kind = "FL_STR"
	case RInterval:
		d.Kind = "FL_INTERVAL"
	case RPacked:
		d.Kind, d.Scale = "FL_PACKED", int(kindCode(v.Type).Imm)
	case RVector:
		d.Kind = "FL_VECTOR"
	case RArray, RRecord:
		d.Kind = "FL_ARRAY"
		if v.Rep == RRecord {
			d.Kind = "FL_RECORD"
		}
		for _, e := range v.Elems {
			if e.Null && v.Rep == RArray { // its binary form tells its type
				e = f.nullLanes(r, t.Element())
			}
			d.Elems = append(d.Elems, f.vec(r, e, e.Type))
		}
	}
	return d
}

// intVec gives whole numbers the lane width that the runtime expects of their SQL type.
func (f *fn) intVec(v Value, t sqltype.Type) (string, *staged.Node) {
	switch t.Kind {
	case sqltype.Int2:
		return "FL_I16", f.b.Cvt(staged.TI32, v.N)
	case sqltype.Int4:
		return "FL_I32", f.b.Cvt(staged.TI32, v.N)
	case sqltype.Date:
		return "FL_DATE", f.b.Cvt(staged.TI32, v.N)
	case sqltype.Timestamp:
		return "FL_TIMESTAMP", f.b.Cvt(staged.TI64, v.N)
	}
	return "FL_I64", f.b.Cvt(staged.TI64, v.N)
}
