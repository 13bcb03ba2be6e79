package translate

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// arrayKernels take arrays, or arrays of one element that they look for, then numbers, and the elements' kind.
var arrayKernels = map[logical.Func]string{logical.ArraySlice: "flk_array_slice", logical.TrimArray: "flk_array_trim",
	logical.ArrayRemove: "flk_array_remove", logical.ArrayReplace: "flk_array_replace", logical.ArrayPosition: "flk_array_position",
	logical.ArrayPositions: "flk_array_positions", logical.ArrayContains: "flk_array_contains", logical.ArrayOverlaps: "flk_array_overlaps"}

// arrayFunction builds a function of arrays.
func (f *fn) arrayFunction(r *row, e *logical.Call, args []Value) Value {
	switch e.Func {
	case logical.ArrayConcat:
		return f.concatArrays(r, e, args[0], args[1])
	case logical.ArrayToString:
		return f.joinArray(r, e, args)
	case logical.StringToArray:
		return f.splitText(r, e, args)
	}
	for _, a := range args {
		if a.Null {
			return null(e.Typ)
		}
	}
	operands := make([]*staged.Node, 0, len(args)+1)
	for i, a := range args {
		if isArray(a) {
			args[i] = f.packed(r, a)
			operands = append(operands, f.spread(r, args[i].N))
		} else {
			operands = append(operands, f.spread(r, f.b.Cvt(staged.TI32, a.N)))
		}
	}
	operands = append(operands, kindCode(args[0].Type))
	outs := f.b.Run(r.blk, arrayKernels[e.Func], staged.Site{Rows: f.rows(r, args...), Pos: e.Pos}, operands...)
	out := Value{Rep: RPacked, Type: e.Typ, N: outs[0], Valid: f.valid(args...)}
	switch e.Func {
	case logical.ArrayContains, logical.ArrayOverlaps:
		out.Rep = RBool
	case logical.ArrayPosition:
		out.Rep, out.N.Range, out.Valid = RInt, staged.RangeOf(0, sqltype.MaxElements), f.b.And(out.Valid, outs[1])
	}
	return out
}

// there is the mask of the rows in which an argument is not null, as lanes.
func (f *fn) there(r *row, v Value) *staged.Node {
	switch {
	case v.Null:
		return f.b.None(r.blk)
	case v.Valid == nil:
		return r.blk.Head
	}
	return v.Valid
}

func (f *fn) concatArrays(r *row, e *logical.Call, x, y Value) Value {
	switch {
	case x.Null && y.Null:
		return null(e.Typ)
	case x.Null:
		return f.packed(r, y)
	case y.Null:
		return f.packed(r, x)
	}
	x, y = f.packed(r, x), f.packed(r, y)
	out := Value{Rep: RPacked, Type: e.Typ, Valid: f.b.Or(x.Valid, y.Valid)}
	out.N = f.runAt(r, "flk_array_concat", f.rows(r, out), e.Pos, f.spread(r, x.N), f.spread(r, y.N), f.there(r, x), f.there(r, y), kindCode(x.Type))
	return out
}

// textLanes are a text's lanes, empty ones if it is null.
func (f *fn) textLanes(r *row, v Value) *staged.Node {
	if v.Null {
		return f.spread(r, f.text(""))
	}
	return f.lanes(r, f.plainText(r, v)).N
}

func (f *fn) joinArray(r *row, e *logical.Call, args []Value) Value {
	if args[0].Null || args[1].Null {
		return null(e.Typ)
	}
	a := f.packed(r, args[0])
	out := Value{Rep: RStr, Type: e.Typ, Valid: f.valid(a, args[1])}
	out.N = f.runAt(r, "flk_array_to_string", f.rows(r, out), e.Pos, f.spread(r, a.N), f.textLanes(r, args[1]), f.textLanes(r, args[2]),
		f.there(r, args[2]), kindCode(a.Type))
	return out
}

func (f *fn) splitText(r *row, e *logical.Call, args []Value) Value {
	if args[0].Null {
		return null(e.Typ)
	}
	out := Value{Rep: RPacked, Type: e.Typ, Valid: args[0].Valid}
	out.N = f.runAt(r, "flk_string_to_array", f.rows(r, out), e.Pos, f.textLanes(r, args[0]), f.textLanes(r, args[1]), f.textLanes(r, args[2]),
		f.there(r, args[1]), f.there(r, args[2]))
	return out
}
