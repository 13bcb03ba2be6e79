package registry

import (
	"testing"

	"github.com/flernd/flernd/internal/ml/mltest"
)

func TestActivationsAreTheRuntimes(t *testing.T) {
	mltest.Enum(t, "gemm.h", "FL_ACT", map[string]int{"_NONE": int(NoActivation), "_RELU": int(Relu), "_LEAKY_RELU": int(LeakyRelu),
		"_ELU": int(Elu), "_SIGMOID": int(Sigmoid), "_TANH": int(Tanh), "_SOFTPLUS": int(Softplus), "_ERF": int(Erf), "_EXP": int(Exp),
		"_RELU_TO": int(ReluTo), "_SWISH": int(Swish), "_HARD_SWISH": int(HardSwish), "_GELU": int(Gelu), "_GELU_TANH": int(GeluTanh)}, "S")
}
