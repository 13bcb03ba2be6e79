package logical

import (
	"math"

	"github.com/flernd/flernd/internal/storage/sqltype"
)

// Equal reports whether two expressions are the same apart from where they stand in the statement. Volatile expressions
// are equal too when written alike: whoever shares them checks IsVolatile.
func Equal(a, b Expr) bool {
	if a == b {
		return true
	}
	if a == nil || b == nil {
		return false
	}
	switch a := a.(type) {
	case *Ref:
		b, ok := b.(*Ref)
		return ok && a.Col.ID == b.Col.ID
	case *Const:
		b, ok := b.(*Const)
		return ok && a.Typ == b.Typ && EqualDatum(a.Value, b.Value)
	case *Param:
		b, ok := b.(*Param)
		return ok && a.Index == b.Index && a.Typ == b.Typ
	case *Call:
		b, ok := b.(*Call)
		return ok && a.Func == b.Func && a.Typ == b.Typ && equalAll(a.Args, b.Args)
	case *Cast:
		b, ok := b.(*Cast)
		return ok && a.Typ == b.Typ && a.Explicit == b.Explicit && Equal(a.Arg, b.Arg)
	case *Case:
		b, ok := b.(*Case)
		return ok && equalCase(a, b)
	case *InList:
		b, ok := b.(*InList)
		return ok && a.Not == b.Not && Equal(a.Arg, b.Arg) && equalAll(a.List, b.List)
	case *Quantified:
		b, ok := b.(*Quantified)
		return ok && a.Op == b.Op && a.All == b.All && Equal(a.Arg, b.Arg) && Equal(a.Array, b.Array)
	case *Subscript:
		b, ok := b.(*Subscript)
		return ok && Equal(a.Arg, b.Arg) && Equal(a.Index, b.Index)
	case *Predict:
		b, ok := b.(*Predict)
		return ok && sameOutput(a, b) && SameCall(a, b)
	case *Agg:
		b, ok := b.(*Agg)
		return ok && a.Func == b.Func && a.Distinct == b.Distinct && Equal(a.Arg, b.Arg)
	}
	return false
}

func sameOutput(a, b *Predict) bool {
	if a.Choice != nil && b.Choice != nil {
		return a.Choice.Outputs[a.Output].Same(b.Choice.Outputs[b.Output])
	}
	return a.Output == b.Output
}

// SameCall reports whether two model calls compute the same outputs, whichever of them each reads.
func SameCall(a, b *Predict) bool {
	if a.Choice != nil || b.Choice != nil {
		return a.Choice != nil && b.Choice != nil && sameChoice(a.Choice, b.Choice) && equalAll(a.Args, b.Args)
	}
	return sameModel(a.Model, b.Model) && equalAll(a.Args, b.Args)
}

func equalCase(a, b *Case) bool {
	if a.Typ != b.Typ || len(a.Whens) != len(b.Whens) || !Equal(a.Else, b.Else) {
		return false
	}
	for i := range a.Whens {
		if !Equal(a.Whens[i].Cond, b.Whens[i].Cond) || !Equal(a.Whens[i].Then, b.Whens[i].Then) {
			return false
		}
	}
	return true
}

func equalAll(a, b []Expr) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

// EqualDatum reports whether two values of one type are the same value with the same text: numerics of different scale
// differ, as do floats of different bits.
func EqualDatum(a, b sqltype.Datum) bool {
	if a.Null || b.Null {
		return a.Null == b.Null
	}
	if a.I != b.I || math.Float64bits(a.F) != math.Float64bits(b.F) || a.S != b.S || a.Iv != b.Iv || len(a.A) != len(b.A) || (a.N == nil) != (b.N == nil) {
		return false
	}
	if a.N != nil && (a.N.Special != b.N.Special || a.N.Scale != b.N.Scale || a.N.Unscaled.Cmp(b.N.Unscaled) != 0) {
		return false
	}
	for i := range a.A {
		if !EqualDatum(a.A[i], b.A[i]) {
			return false
		}
	}
	return true
}
