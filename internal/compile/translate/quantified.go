package translate

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// accepts are the outcomes of a comparison for which it holds: bits for below, at and above.
var accepts = map[logical.Func]int64{logical.Lt: 1, logical.Le: 3, logical.Eq: 2, logical.Ne: 5, logical.Ge: 6, logical.Gt: 4}

// quantified builds x op ANY (array) and ALL over arrays that differ by row; of constant ones bind has made lists and comparisons.
func (f *fn) quantified(r *row, e *logical.Quantified) Value {
	x, of := f.eval(r, e.Arg), f.eval(r, e.Array)
	outcomes, compares := accepts[e.Op]
	switch {
	case of.Null:
		return null(e.Type())
	case of.Rep == RArray && len(of.Elems) == 0:
		return f.constant(sqltype.Datum{I: bit(e.All)}, e.Type())
	case e.TooLong():
		fail(sqlstate.New(sqlstate.ProgramLimitExceeded, "ANY or ALL of an array of so many elements").At(e.Pos))
	case !compares:
		fail(sqlstate.Unsupported("%s ANY or ALL of an array that is no constant, or has more than 100 elements,", e.Op).At(e.Pos))
	}
	of = f.packed(r, of)
	name, x := f.elementLanes(r, x, of.Type.Elem)
	outs := f.b.Run(r.blk, "flk_quantified_"+name, staged.Site{Rows: f.rows(r, of)}, x.N, f.there(r, x), of.N, kindCode(of.Type),
		staged.Int(staged.TU32, outcomes), staged.Int(staged.TI32, bit(e.All)))
	return boolean(outs[0], f.b.And(outs[1], of.Valid))
}

// elementLanes gives a value the form in which kernels compare it with elements of the kind: name ends theirs.
func (f *fn) elementLanes(r *row, v Value, elem sqltype.Kind) (name string, out Value) {
	lane, name := staged.TI64, "i64"
	switch elem {
	case sqltype.Float4, sqltype.Float8:
		lane, name = staged.TF64, "f64"
	case sqltype.Text:
		lane, name = staged.TStr, "str"
	}
	if v.Null {
		zero := f.constant(sqltype.Datum{}, sqltype.Of(elem))
		_, out = f.elementLanes(r, zero, elem)
		out.Null = true
		return name, out
	}
	v = f.plainText(r, v)
	if v.Rep == RBool {
		v.N = f.b.Prim("mk", staged.TI32, f.mask(v, r))
	}
	v = f.lanes(r, Value{Rep: RInt, N: v.N, Valid: v.Valid, Type: v.Type})
	if lane != staged.TStr {
		v.N = f.b.Cvt(lane, v.N)
	}
	return name, v
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
