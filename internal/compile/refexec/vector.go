package refexec

import (
	"math"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// vectorCall computes a distance of two vectors, or the norm of one.
func vectorCall(x *logical.Call, a []sqltype.Datum) (sqltype.Datum, error) {
	if x.Func == logical.VectorNorm {
		return sqltype.Datum{F: math.Sqrt(sumOver(a[0], a[0], product))}, nil
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
