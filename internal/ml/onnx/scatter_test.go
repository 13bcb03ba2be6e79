package onnx

import (
	"slices"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
)

// TestComputedPlaces: elements are taken from and put at places that the row computes, counted from the end below zero; places outside are errors.
func TestComputedPlaces(t *testing.T) {
	axis := &onnxpb.AttributeProto{Name: "axis", Type: onnxpb.AttributeProto_INT, I: 1}
	to := &onnxpb.AttributeProto{Name: "to", Type: onnxpb.AttributeProto_INT, I: 7}
	two := &onnxpb.AttributeProto{Name: "split", Type: onnxpb.AttributeProto_INTS, Ints: []int64{1, 2}}
	reduction := func(name string) *onnxpb.AttributeProto {
		return &onnxpb.AttributeProto{Name: "reduction", Type: onnxpb.AttributeProto_STRING, S: []byte(name)}
	}
	sizes := &onnxpb.NodeProto{OpType: "Constant", Output: []string{"sizes"}, Attribute: []*onnxpb.AttributeProto{{Name: "value_ints", Type: two.Type, Ints: two.Ints}}}
	before := []*onnxpb.NodeProto{sizes, opNode("Split", "x sizes", "first rest", axis), opNode("Cast", "rest", "k", to)} // k is the last two
	for _, c := range []struct {
		node *onnxpb.NodeProto
		x    []float32
		want []float32 // nil for an error
	}{
		{opNode("GatherElements", "x k", "y", axis), []float32{5, 1, -3}, []float32{1, 5}},
		{opNode("GatherElements", "x k", "y", axis), []float32{5, 3, 0}, nil},
		{opNode("GatherElements", "x k", "y", axis), []float32{5, 0, -4}, nil},
		{opNode("ScatterElements", "x k rest", "y", axis), []float32{5, 0, 2}, []float32{0, 0, 2}},
		{opNode("ScatterElements", "x k rest", "y", axis), []float32{5, -2, 1.5}, []float32{5, 1.5, 1.5}},
		{opNode("ScatterElements", "x k rest", "y", axis, reduction("add")), []float32{5, -2, 1.5}, []float32{5, -2.5, 1.5}},
		{opNode("ScatterElements", "x k rest", "y", axis, reduction("max")), []float32{1, 0, -3}, []float32{1, 0, -3}},
		{opNode("ScatterElements", "x k rest", "y", axis), []float32{5, 3, 0}, nil},
		{opNode("ScatterElements", "x k rest", "y", axis), []float32{5, 0, -4}, nil},
	} {
		m, err := Import(controlModel(t, nil, append(slices.Clone(before), c.node)...))
		if err != nil {
			t.Fatal(err)
		}
		out, err := interp.Run(m.Graph, []*graph.Tensor{graph.F32Of(c.x...)}, interp.Options{})
		switch {
		case c.want == nil && (err == nil || !strings.Contains(err.Error(), "outside of an axis")):
			t.Errorf("%s of %v: %v %v, want an error", c.node.OpType, c.x, out, err)
		case c.want != nil && (err != nil || !slices.Equal(out[0].F32, c.want)):
			t.Errorf("%s of %v: %v %v, want %v", c.node.OpType, c.x, out, err, c.want)
		}
	}
}
