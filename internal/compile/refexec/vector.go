package refexec

import (
	"math"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// vectorCall computes a distance of two vectors, or the norm of one.
func vectorCall(x *logical.Call, a []sqltype.Datum) (sqltype.Datum, error) {
	norm := math.Sqrt(sumOver(a[0], a[0], product))
	switch x.Func {
	case logical.VectorNorm:
		return sqltype.Datum{F: norm}, nil
	case logical.Normalize:
		return eachElement(a[0], a[0], func(x, _ float64) float64 {
			if norm > 0 {
				return x / norm
			}
			return 0
		}), nil
	}
	if len(a[0].A) != len(a[1].A) {
		return sqltype.NullDatum, sqlstate.New(sqlstate.DataException, "different vector dimensions %d and %d", len(a[0].A), len(a[1].A)).At(x.Pos)
	}
	var d float64
	switch x.Func {
	case logical.L2Distance:
		d = math.Sqrt(sumOver(a[0], a[1], func(x, y float64) float64 { return product(x-y, x-y) }))
	case logical.L1Distance:
		d = sumOver(a[0], a[1], func(x, y float64) float64 { return math.Abs(x - y) })
	case logical.InnerProduct:
		d = sumOver(a[0], a[1], product)
	case logical.NegativeInnerProduct:
		d = -sumOver(a[0], a[1], product)
	case logical.CosineDistance:
		norms := product(sumOver(a[0], a[0], product), sumOver(a[1], a[1], product))
		d = 1 - max(-1, min(1, sumOver(a[0], a[1], product)/math.Sqrt(norms)))
	}
	return sqltype.Datum{F: d}, nil
}

// product is rounded: Go may not fuse it with a sum.
func product(x, y float64) float64 { return float64(x * y) }

// sumOver sums what of gives for pairs of elements, in 16 lanes as the runtime does.
func sumOver(a, b sqltype.Datum, of func(x, y float64) float64) float64 {
	var lanes [16]float64
	for i := range a.A {
		lanes[i%16] += of(a.A[i].F, b.A[i].F)
	}
	for half := 8; half > 0; half /= 2 {
		for k := range half {
			lanes[k] += lanes[k+half]
		}
	}
	return lanes[0]
}

// addVector adds to the sums of the elements.
func (st *aggState) addVector(a *logical.Agg, v sqltype.Datum) error {
	if st.parts == nil {
		st.parts = make([]floatSum, len(v.A))
	}
	if len(v.A) != len(st.parts) {
		return sqlstate.New(sqlstate.DataException, "different vector dimensions %d and %d", len(st.parts), len(v.A))
	}
	for i, e := range v.A {
		st.parts[i].add(e.F)
	}
	return nil
}

// vector is the sum or average of vectors: exact, and rounded once.
func (st *aggState) vector(a *logical.Agg) (sqltype.Datum, error) {
	out := sqltype.Datum{A: make([]sqltype.Datum, len(st.parts))}
	for i := range st.parts {
		x, err := st.parts[i].value(a.Func == logical.Sum)
		if err != nil {
			return out, err
		}
		if a.Func == logical.Avg {
			x = float64(float32(x / float64(st.count)))
		}
		out.A[i].F = x
	}
	return out, nil
}

// eachElement applies a function to pairs of elements, and rounds to float32.
func eachElement(a, b sqltype.Datum, of func(x, y float64) float64) sqltype.Datum {
	out := sqltype.Datum{A: make([]sqltype.Datum, len(a.A))}
	for i := range a.A {
		out.A[i].F = float64(float32(of(a.A[i].F, b.A[i].F)))
	}
	return out
}

// vectorArith is + - * element by element. A sum or product of two float32s rounded to float64 and then float32 is that of float32s.
func vectorArith(x *logical.Call, a []sqltype.Datum) (sqltype.Datum, error) {
	if len(a[0].A) != len(a[1].A) {
		return sqltype.NullDatum, sqlstate.New(sqlstate.DataException, "different vector dimensions %d and %d", len(a[0].A), len(a[1].A)).At(x.Pos)
	}
	out := eachElement(a[0], a[1], map[logical.Func]func(x, y float64) float64{
		logical.Add: func(x, y float64) float64 { return x + y }, logical.Sub: func(x, y float64) float64 { return x - y }, logical.Mul: product}[x.Func])
	for i, e := range out.A {
		if math.IsInf(e.F, 0) {
			return out, errOverflow()
		}
		if x.Func == logical.Mul && e.F == 0 && a[0].A[i].F != 0 && a[1].A[i].F != 0 {
			return out, sqlstate.New(sqlstate.NumericValueOutOfRange, "value out of range: underflow")
		}
	}
	return out, nil
}
