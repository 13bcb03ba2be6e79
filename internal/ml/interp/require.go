package interp

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

func require(op *graph.Require, ok *graph.Tensor) error {
	if slices.Contains(ok.Bool, false) {
		return sqlstate.New(sqlstate.InvalidParameterValue, "%s", op.Message)
	}
	return nil
}
