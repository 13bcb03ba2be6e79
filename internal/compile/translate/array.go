package translate

import (
	"encoding/binary"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/load"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// isArray reports whether a value is an array or a vector, in whichever form.
func isArray(v Value) bool {
	return v.Rep == RPacked || v.Rep == RVector || v.Rep == RArray && v.Type.Kind == sqltype.Array
}

// kindCode is the runtime's number (enum fl_kind) of an array's elements, or of a vector.
func kindCode(t sqltype.Type) *staged.Node {
	if t.Kind == sqltype.Array {
		return staged.Int(staged.TU32, int64(arrayKind(t)))
	}
	k, _ := load.StoredAs(t)
	return staged.Int(staged.TU32, int64(k))
}

// arrayKind is the runtime's number of an array's elements, 0 for other types.
func arrayKind(t sqltype.Type) uint32 {
	if t.Kind != sqltype.Array {
		return 0
	}
	k, _ := load.StoredAs(t.Element())
	return uint32(k)
}

// packed gives an array the form that is one lane: RPacked, or RVector for a vector.
func (f *fn) packed(r *row, v Value) Value {
	if v.Null {
		return v
	}
	if v.Rep != RArray {
		return f.lanes(r, v)
	}
	if !sqltype.StorableElement(v.Type.Elem) {
		fail(sqlstate.Unsupported("an array of %s in this place", v.Type.Elem))
	}
	desc := f.vec(r, v, v.Type)
	n := f.runAt(r, "flk_pack_array", f.rows(r, v), 0, f.b.VecArray([]staged.VecDesc{desc}), kindCode(v.Type))
	return Value{Rep: RPacked, Type: sqltype.ArrayOf(v.Type.Elem, 0), Valid: v.Valid, N: n}
}

// castArray converts to or from an array or a vector.
func (f *fn) castArray(r *row, v Value, to sqltype.Type, explicit bool, pos int) Value {
	switch {
	case v.Rep == RArray && to.Kind == sqltype.Array:
		out := v
		out.Type = sqltype.ArrayOf(to.Elem, len(v.Elems))
		out.Elems = make([]Value, len(v.Elems))
		inner := r.with(f.rows(r, v))
		for i, e := range v.Elems {
			out.Elems[i] = f.cast(inner, e, to.Element(), explicit, pos)
		}
		return out
	case v.Rep == RArray && to.Kind == sqltype.Vector:
		v = f.castArray(r, v, sqltype.ArrayOf(sqltype.Float4, 0), explicit, pos)
	}
	v = f.packed(r, v)
	active := f.rows(r, v)
	out := Value{Rep: RPacked, Type: to, Valid: v.Valid}
	dims := staged.Int(staged.TI32, int64(to.Mod))
	switch {
	case to.Kind.IsString():
		return f.castText(r, v, to, explicit, pos)
	case v.Rep == RPacked && to.Kind == sqltype.Array:
		out.N = f.runAt(r, "flk_cast_array", active, pos, v.N, kindCode(v.Type), kindCode(to))
	case v.Rep == RVector && to.Kind == sqltype.Array && to.Elem == sqltype.Float4:
		out.N = f.runAt(r, "flk_array_vector", active, pos, v.N)
	case v.Rep == RPacked && to.Kind == sqltype.Vector:
		out.Rep, out.N = RVector, f.runAt(r, "flk_vector_array", active, pos, v.N, kindCode(v.Type), dims)
	case v.Rep == RVector && to.Kind == sqltype.Vector:
		out.Rep, out.N, out.Keep = RVector, f.runAt(r, "flk_vector_dims", active, pos, v.N, dims), v.Keep
	default:
		fail(sqlstate.Unsupported("a cast from %s to %s in a compiled query", v.Type, to).At(pos))
	}
	return out
}

// arrayCall builds the functions of arrays.
func (f *fn) arrayCall(r *row, e *logical.Call, args []Value) Value {
	if e.Func == logical.MakeArray {
		return Value{Rep: RArray, Type: e.Typ, Elems: args}
	}
	v := args[0]
	out := Value{Rep: RInt, Type: e.Typ}
	if v.Rep == RArray {
		out.N, out.Valid = staged.Int(staged.TI32, int64(len(v.Elems))), v.Valid
	} else {
		v = f.packed(r, v)
		out.N, out.Valid = f.runAt(r, "flk_array_count", f.rows(r, v), 0, v.N, kindCode(v.Type)), v.Valid
		out.N.Range = staged.RangeOf(0, sqltype.MaxElements)
	}
	if e.Func == logical.ArrayLength { // of the one dimension there is, if it has elements
		n := f.spread(r, out.N)
		some := f.b.Prim("gt", staged.TI32, n, staged.Int(staged.TI32, 0))
		dim := args[1]
		first := f.prim(r, "eq", dim.N.Type, f.spread(r, dim.N), staged.Int(dim.N.Type, 1))
		out.N, out.Valid = n, f.b.And(f.valid(out, dim), f.b.And(some, first))
	}
	return out
}

// subscript is an array's element, NULL outside of it.
func (f *fn) subscript(r *row, e *logical.Subscript) Value {
	v, i := f.eval(r, e.Arg), f.eval(r, e.Index)
	t := e.Type()
	if v.Null || i.Null {
		return null(t)
	}
	if v.Rep == RArray && len(v.Elems) <= mostSelected {
		out := null(t)
		for k := range v.Elems {
			m := f.b.And(f.prim(r, "eq", i.N.Type, f.spread(r, i.N), staged.Int(i.N.Type, int64(k+1))), f.valid(v, i))
			out = f.selectValue(r, m, v.Elems[k], out, t)
		}
		return out
	}
	return f.element(r, f.packed(r, v), f.lanes(r, i), t)
}

// mostSelected is how many elements of an array in lanes a subscript compares with, one after another.
const mostSelected = 16

// elementReps say which kernel reads an element.
var elementReps = map[sqltype.Kind]struct {
	rep Rep
	of  string
}{sqltype.Bool: {RInt, "i32"}, sqltype.Int2: {RInt, "i32"}, sqltype.Int4: {RInt, "i32"}, sqltype.Int8: {RInt, "i64"},
	sqltype.Float4: {RF32, "f32"}, sqltype.Float8: {RF64, "f64"}, sqltype.Text: {RStr, "str"}}

func (f *fn) element(r *row, v, index Value, t sqltype.Type) Value {
	how := elementReps[t.Kind]
	outs := f.b.Run(r.blk, "flk_element_"+how.of, staged.Site{Rows: f.rows(r, v, index)}, v.N, f.b.Cvt(staged.TI32, index.N), kindCode(v.Type))
	out := Value{Rep: how.rep, Type: t, N: outs[0], Valid: outs[1], Keep: v.Keep}
	switch t.Kind {
	case sqltype.Bool:
		return boolean(f.b.Prim("ne", staged.TI32, out.N, staged.Int(staged.TI32, 0)), out.Valid)
	case sqltype.Int2, sqltype.Int4:
		out.N.Range = intBounds(t.Kind)
	}
	return out
}

// compareArrays compares two arrays of the same type.
func (f *fn) compareArrays(r *row, fun logical.Func, x, y Value) Value {
	valid := f.valid(x, y)
	x, y = f.packed(r, x), f.packed(r, y)
	x.N, y.N = f.spread(r, x.N), f.spread(r, y.N)
	if fun == logical.Eq || fun == logical.Ne {
		m := f.runAt(r, "flk_eq_array", f.rows(r, x, y), 0, x.N, y.N, kindCode(x.Type))
		if fun == logical.Ne {
			m = f.b.Not(m)
		}
		return boolean(m, valid)
	}
	order := f.runAt(r, "flk_compare_array", f.rows(r, x, y), 0, x.N, y.N, kindCode(x.Type))
	return boolean(f.b.Prim(compareOps[fun], staged.TI32, order, staged.Int(staged.TI32, 0)), valid)
}

// sized checks an array that is an argument of a model: its length, and its nulls by their policies.
func (f *fn) sized(r *row, e *logical.Call) Value {
	v := f.eval(r, e.Args[0])
	if v.Null {
		return v
	}
	v = f.packed(r, v)
	subject, policies := e.Args[1].(*logical.Const).Value.S, e.Args[2].(*logical.Const).Value.S
	if v.Rep == RVector && int(v.Type.Mod) == len(policies) {
		return v
	}
	shape := binary.LittleEndian.AppendUint32(nil, uint32(len(policies)))
	shape = binary.LittleEndian.AppendUint32(shape, uint32(len(subject)))
	shape = append(append(shape, policies...), subject...)
	whole := f.runAt(r, "flk_array_fits", f.rows(r, v), e.Pos, v.N, kindCode(v.Type), f.blob(f.t.addBlob(shape)))
	v.Valid = f.b.And(f.valid(v), whole)
	return v
}

// unpacked are the scalars of an array of so many elements, of type t each; a null is NaN.
func (f *fn) unpacked(r *row, v Value, n int, t sqltype.Type) []Value {
	how := elementReps[t.Kind]
	lane := map[string]*staged.Type{"i32": staged.TI32, "i64": staged.TI64, "f32": staged.TF32, "f64": staged.TF64, "str": staged.TStr}[how.of]
	k := &staged.Kernel{Func: "flk_unpack_" + how.of, Outs: make([]*staged.Type, n)}
	for i := range k.Outs {
		k.Outs[i] = lane
	}
	count := staged.Int(staged.TU32, int64(n))
	k.Args = []staged.Arg{staged.Outs, staged.A(v.N), staged.A(count), staged.A(kindCode(v.Type)), staged.A(f.rows(r, v)), staged.N}
	out := make([]Value, n)
	for i, lanes := range f.b.Kernel(r.blk, k) {
		out[i] = Value{Rep: how.rep, Type: t, N: lanes, Keep: v.Keep}
		switch t.Kind {
		case sqltype.Bool:
			out[i] = boolean(f.b.Prim("ne", staged.TI32, lanes, staged.Int(staged.TI32, 0)), nil)
		case sqltype.Int2, sqltype.Int4:
			lanes.Range = intBounds(t.Kind)
		}
	}
	return out
}
