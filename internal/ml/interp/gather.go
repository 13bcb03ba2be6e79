package interp

import (
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

func gather(op *graph.Gather, out, x, at *graph.Tensor) error {
	axis, inner := x.Dims[op.Axis], sizeOf(x.Dims[op.Axis+1:])
	for i := range out.Size() {
		outer, k := i/inner/max(at.Size(), 1), at.Int(i/inner%at.Size())
		if k < 0 {
			k += int64(axis)
		}
		if k < 0 || k >= int64(axis) {
			return sqlstate.New(sqlstate.NumericValueOutOfRange, "index %d is outside of an axis of %d elements", at.Int(i/inner%at.Size()), axis)
		}
		out.CopyElem(i, x, (outer*axis+int(k))*inner+i%inner)
	}
	return nil
}
