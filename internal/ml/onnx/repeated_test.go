package onnx

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// calls is a file of a function with the given nodes, from a to b, that is called so many times.
func calls(t *testing.T, n int, nodes ...*onnxpb.NodeProto) []byte {
	t.Helper()
	var list []*onnxpb.NodeProto
	for i := range n {
		out := fmt.Sprintf("h%d", i+1)
		if i == n-1 {
			out = "y"
		}
		list = append(list, opNode("f", "x", out))
	}
	return controlModel(t, []*onnxpb.FunctionProto{function("f", "a", "b", nodes...)}, list...)
}

// TestRepeatedConstants: a constant of a function is made once, however often the function is called.
func TestRepeatedConstants(t *testing.T) {
	const size = 3 << 18
	large := &onnxpb.TensorProto{Name: "w", Dims: []int64{size / 12, 3}, DataType: int32(onnxpb.TensorProto_FLOAT), RawData: make([]byte, size)}
	file := calls(t, 1000, opNode("Constant", "", "w", &onnxpb.AttributeProto{Name: "value", Type: onnxpb.AttributeProto_TENSOR, T: large}),
		opNode("Identity", "a", "b"))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := Import(file); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if made := after.TotalAlloc - before.TotalAlloc; made > 64<<20 {
		t.Errorf("importing %d bytes took %d bytes of memory", len(file), made)
	}
}

// TestRepeatedWork: what functions make of a few nodes is bounded.
func TestRepeatedWork(t *testing.T) {
	words := make([][]byte, 64)
	for i := range words {
		words[i] = bytes.Repeat([]byte{'a'}, 16<<10)
	}
	var celus []*onnxpb.NodeProto
	for i := range 1000 {
		celus = append(celus, opNode("Celu", "a", fmt.Sprintf("c%d", i)))
	}
	for _, c := range []struct {
		want string
		file []byte
	}{
		{"too many elements", calls(t, 2000, opNode("Constant", "", "w", &onnxpb.AttributeProto{Name: "value_strings", Type: onnxpb.AttributeProto_STRINGS, Strings: words}),
			opNode("Identity", "a", "b"))},
		{"come to more than 262144 operators", calls(t, 98, append(celus, opNode("Identity", "a", "b"))...)},
	} {
		if _, err := Import(c.file); err == nil || sqlstate.Of(err).Code != sqlstate.ProgramLimitExceeded || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// TestMelOfAnyFrequency: frequencies far outside of the spectrum end the import, not the server.
func TestMelOfAnyFrequency(t *testing.T) {
	number := func(name string, v float32) *onnxpb.NodeProto {
		return opNode("Constant", "", name, &onnxpb.AttributeProto{Name: "value_float", Type: onnxpb.AttributeProto_FLOAT, F: v})
	}
	_, err := Import(controlModel(t, nil, intConstant("bins", 4), intConstant("length", 8), intConstant("rate", 1), number("low", 0), number("high", 1e30),
		opNode("MelWeightMatrix", "bins length rate low high", "m"), opNode("Identity", "x", "y")))
	if err == nil || sqlstate.Of(err).Code != sqlstate.InvalidParameterValue || !strings.Contains(err.Error(), "far outside of a spectrum") {
		t.Errorf("got %v", err)
	}
}
