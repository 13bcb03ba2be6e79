package translate

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

var compareOps = map[logical.Func]string{logical.Eq: "eq", logical.Ne: "ne", logical.Lt: "lt", logical.Le: "le", logical.Gt: "gt",
	logical.Ge: "ge"}

func boolean(n, valid *staged.Node) Value {
	return Value{Rep: RBool, Type: sqltype.Of(sqltype.Bool), N: n, Valid: valid}
}

// compare compares two values of one SQL type, neither of them NULL everywhere.
func (f *fn) compare(r *row, fun logical.Func, x, y Value) Value {
	if isArray(x) {
		return f.compareArrays(r, fun, x, y)
	}
	op, valid := compareOps[fun], f.valid(x, y)
	if codesDecide(x) && codesDecide(y) && sameDict(x.Dict, y.Dict) && (fun == logical.Eq || fun == logical.Ne) {
		return boolean(f.b.Prim(op, x.N.Type, x.N, y.N), valid)
	}
	x, y = f.charTrimmed(r, f.plainText(r, x)), f.charTrimmed(r, f.plainText(r, y))
	if x.Rep == RBool {
		return boolean(f.compareBool(op, f.mask(x, r), f.mask(y, r)), valid)
	}
	x, y = f.unify(r, x, y)
	switch x.Rep {
	case RInt, RDec:
		a, b, t := f.same(x.N, y.N)
		return boolean(f.prim(r, op, t, a, b), valid)
	case RF32:
		return boolean(f.prim(r, op, staged.TF32, x.N, y.N), valid)
	case RF64:
		return boolean(f.prim(r, op, staged.TF64, x.N, y.N), valid)
	case RDec128, RNum, RStr, RInterval:
		return boolean(f.compareWide(r, op, x, y), valid)
	}
	fail(sqlstate.Unsupported("comparison of values of type %s", x.Type))
	return Value{}
}

func (f *fn) compareBool(op string, x, y *staged.Node) *staged.Node {
	switch op {
	case "eq":
		return f.b.Not(f.b.Prim("xor", staged.TMask, x, y))
	case "ne":
		return f.b.Prim("xor", staged.TMask, x, y)
	case "lt":
		return f.b.AndNot(y, x)
	case "gt":
		return f.b.AndNot(x, y)
	case "le":
		return f.b.Not(f.b.AndNot(x, y))
	}
	return f.b.Not(f.b.AndNot(y, x))
}

// wideName is the part of a kernel's name for representations without vectors.

// orderedAs is the part of a scalar function's name: char(n) is compared without its padding.
func orderedAs(v Value) string {
	if v.Rep == RStr && v.Type.Kind == sqltype.Char {
		return "char"
	}
	return wideNames[v.Rep]
}

// compareWide compares values that only kernels know.
func (f *fn) compareWide(r *row, op string, x, y Value) *staged.Node {
	x, y = f.lanes(r, x), f.lanes(r, y)
	return f.runAt(r, "flk_"+op+"_"+wideNames[x.Rep], f.rows(r, x, y), 0, x.N, y.N)
}

// unify gives two values of one SQL type the same representation and scale.
func (f *fn) unify(r *row, x, y Value) (Value, Value) {
	if x.Rep == y.Rep && (x.Rep != RDec && x.Rep != RDec128 || x.Scale == y.Scale) {
		return x, y
	}
	if isDecimal(x) && isDecimal(y) {
		scale := max(x.Scale, y.Scale)
		if x.Rep == RInt {
			x.Rep = RDec
		}
		if y.Rep == RInt {
			y.Rep = RDec
		}
		if a, ok := f.rescaleUp(r, x, scale); ok {
			if b, ok := f.rescaleUp(r, y, scale); ok {
				if a.Rep != b.Rep {
					a, b = f.toDec128(r, a), f.toDec128(r, b)
				}
				return a, b
			}
		}
		return f.toNum(r, x), f.toNum(r, y)
	}
	if isNumeric(x) && isNumeric(y) {
		return f.toNum(r, x), f.toNum(r, y)
	}
	if x.Rep == RCode || y.Rep == RCode {
		return f.plainText(r, x), f.plainText(r, y)
	}
	fail(sqlstate.Unsupported("values of types %s and %s together", x.Type, y.Type))
	return x, y
}

func isDecimal(v Value) bool { return v.Rep == RDec || v.Rep == RDec128 || v.Rep == RInt }
func isNumeric(v Value) bool { return isDecimal(v) || v.Rep == RNum }

// rescaleUp gives a decimal more digits after the point; ok is false when 38 digits are not enough.
func (f *fn) rescaleUp(r *row, v Value, scale int) (Value, bool) {
	k := scale - v.Scale
	if k == 0 {
		return v, true
	}
	if v.Rep == RDec && k <= 18 {
		p := staged.Int(staged.TI64, pow10(k))
		if rng := v.N.Range.Mul(p.Range); rng.Fits64() {
			v.N = f.mulInt(r, v.N, p, rng)
			v.Scale = scale
			return v, true
		}
	}
	if v.Rep == RDec {
		v = f.toDec128(r, v)
	}
	return f.rescale128(r, v, scale)
}

func pow10(k int) int64 {
	p := int64(1)
	for ; k > 0; k-- {
		p *= 10
	}
	return p
}

// mulInt multiplies whole numbers whose product has the given range, in the narrowest lanes that hold it.
func (f *fn) mulInt(r *row, x, y *staged.Node, rng staged.Range) *staged.Node {
	if !x.Lanes && !y.Lanes {
		n := f.b.Scalar("mul", staged.TI64, f.b.Cast(staged.TI64, x), f.b.Cast(staged.TI64, y))
		if n.Range = rng; rng.Fits32() {
			n = f.b.Cast(staged.TI32, n)
		}
		return n
	}
	narrow := func(n *staged.Node) *staged.Node {
		if n.Type == staged.TI64 && n.Range.Fits32() {
			return f.b.Cvt(staged.TI32, n)
		}
		return n
	}
	if rng.Fits32() && x.Range.Fits32() && y.Range.Fits32() {
		return f.prim(r, "mul", staged.TI32, narrow(x), narrow(y))
	}
	if x.Range.Fits32() && y.Range.Fits32() {
		x, y = narrow(x), narrow(y)
		return f.prim(r, "mulw", staged.TI32, x, y)
	}
	return f.prim(r, "mul", staged.TI64, f.b.Cvt(staged.TI64, x), f.b.Cvt(staged.TI64, y))
}
