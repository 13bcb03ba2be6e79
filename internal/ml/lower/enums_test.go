package lower

import (
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/mltest"
)

// TestNumbersAreTheRuntimes: what kernels are told by number means the same to them.
func TestNumbersAreTheRuntimes(t *testing.T) {
	mltest.Enum(t, "window.h", "FL_POOL_", map[string]int{"MAX": poolMax, "MEAN": poolMean, "MEAN_PADDED": poolMeanPadded})
	mltest.Enum(t, "attention.c", "MASK_", map[string]int{"NONE": maskNone, "ADDS": maskAdds, "KEEPS": maskKeeps}, "LD", "STEP", "ROW", "AT")
	mltest.Enum(t, "arr_axis.c", "", map[string]int{"SUM": int(graph.ReduceSum), "MEAN": int(graph.ReduceMean), "MAX": int(graph.ReduceMax),
		"MIN": int(graph.ReduceMin), "PROD": int(graph.ReduceProd), "L1": int(graph.L1), "L2": int(graph.L2), "HIGHEST": int(graph.Highest)})
	mltest.Enum(t, "recurrent.h", "FL_REC_", map[string]int{"BACKWARD": recurrentBackward, "RESET_AFTER": recurrentResetAfter,
		"COUPLED": recurrentCoupled, "STATES": recurrentStates, "FIRST": recurrentFirst, "FIRST_C": recurrentFirstC, "LENS": recurrentLens,
		"PEEPHOLES": recurrentPeepholes})
	mltest.Enum(t, "recurrent.h", "FL_SQUASH", map[string]int{"_SIGMOID": int(graph.SquashSigmoid), "_TANH": int(graph.SquashTanh),
		"_RELU": int(graph.SquashRelu), "_AFFINE": int(graph.SquashAffine), "_LEAKY_RELU": int(graph.SquashLeakyRelu),
		"_THRESHOLDED_RELU": int(graph.SquashThresholdedRelu), "_SCALED_TANH": int(graph.SquashScaledTanh),
		"_HARD_SIGMOID": int(graph.SquashHardSigmoid), "_ELU": int(graph.SquashElu), "_SOFTSIGN": int(graph.SquashSoftsign),
		"_SOFTPLUS": int(graph.SquashSoftplus)}, "ES")
	for name, cell := range map[string]graph.Cell{"RNN": graph.RNN, "GRU": graph.GRU, "LSTM": graph.LSTM} {
		mltest.Enum(t, "recurrent.h", "FL_"+name, map[string]int{"": int(cell)})
	}
}
