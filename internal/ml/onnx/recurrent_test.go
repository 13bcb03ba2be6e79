package onnx

import (
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
	"github.com/flernd/flernd/internal/wire/sqlstate"
	"google.golang.org/protobuf/proto"
)

// TestRecurrentRefused reads files whose recurrent layers are wrong: steps of 3 elements, weights and attributes as told.
func TestRecurrentRefused(t *testing.T) {
	c := func(name string, dims ...int64) *onnxpb.TensorProto {
		n := int64(1)
		for _, d := range dims {
			n *= d
		}
		return &onnxpb.TensorProto{Name: name, DataType: 1, Dims: dims, FloatData: make([]float32, n)}
	}
	lens := &onnxpb.TensorProto{Name: "l", DataType: 6, Dims: []int64{1}, Int32Data: []int32{6}}
	text := func(name, v string) *onnxpb.AttributeProto {
		return &onnxpb.AttributeProto{Name: name, Type: onnxpb.AttributeProto_STRING, S: []byte(v)}
	}
	names := func(v ...string) *onnxpb.AttributeProto {
		a := &onnxpb.AttributeProto{Name: "activations", Type: onnxpb.AttributeProto_STRINGS}
		for _, s := range v {
			a.Strings = append(a.Strings, []byte(s))
		}
		return a
	}
	hidden := &onnxpb.AttributeProto{Name: "hidden_size", Type: onnxpb.AttributeProto_INT, I: 1 << 30}
	w, r := c("w", 1, 16, 3), c("r", 1, 16, 4)
	for _, test := range []struct {
		inputs string
		attr   *onnxpb.AttributeProto
		init   []*onnxpb.TensorProto
		want   string
	}{
		{"x w r", nil, []*onnxpb.TensorProto{w, r}, ""},
		{"x w r", hidden, []*onnxpb.TensorProto{w, r}, "attribute hidden_size is 1073741824, the weights have 4"},
		{"x w r", text("direction", "up"), []*onnxpb.TensorProto{w, r}, "attribute direction has the unknown value"},
		{"x w r", text("direction", "bidirectional"), []*onnxpb.TensorProto{w, r}, "no weights of states in 2 directions"},
		{"x w r", names("Tanh"), []*onnxpb.TensorProto{w, r}, "attribute activations has 1 names, not 3"},
		{"x w r", names("Tanh", "Tanh", "Cosh"), []*onnxpb.TensorProto{w, r}, `unknown name "Cosh"`},
		{"x w r", nil, []*onnxpb.TensorProto{w, c("r", 1, 15, 4)}, "no weights of states"},
		{"x w r", nil, []*onnxpb.TensorProto{w, c("r", 16, 4)}, "no weights of states"},
		{"x w r", nil, []*onnxpb.TensorProto{w, c("r", 1, 0, 0)}, "no weights of states"},
		{"x w r", nil, []*onnxpb.TensorProto{c("w", 1, 12, 3), r}, "does not fit weights"},
		{"x w r", nil, []*onnxpb.TensorProto{c("w", 1, 16, 2), r}, "weights W do not fit sequences f32[5,3] and 4 hidden elements"},
		{"x w r b", nil, []*onnxpb.TensorProto{w, r, c("b", 1, 16)}, "must be f32[1,32]"},
		{"x w r . . . . p", nil, []*onnxpb.TensorProto{w, r, c("p", 1, 16)}, "must be f32[1,12]"},
		{"x w r . l", nil, []*onnxpb.TensorProto{w, r, lens}, "a length of 6 for 5 steps"},
		{"x w", nil, []*onnxpb.TensorProto{w}, "input 2 is missing"},
		{"x w w", nil, []*onnxpb.TensorProto{w}, "no weights of states"},
	} {
		_, err := Import(recurrentFile(t, strings.Fields(test.inputs), test.attr, test.init))
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s: %v", test.inputs, err)
		case test.want != "" && (err == nil || sqlstate.Of(err).Code != sqlstate.InvalidParameterValue || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s %v: got %v, want %s", test.inputs, test.attr, err, test.want)
		}
	}
}

// recurrentFile is a model of an LSTM over [N,5,3], of the last state.
func recurrentFile(t *testing.T, inputs []string, attr *onnxpb.AttributeProto, init []*onnxpb.TensorProto) []byte {
	t.Helper()
	for i, name := range inputs {
		inputs[i] = strings.Trim(strings.Replace(name, "x", "turned", 1), ".")
	}
	perm := &onnxpb.AttributeProto{Name: "perm", Type: onnxpb.AttributeProto_INTS, Ints: []int64{1, 0, 2}}
	layer := &onnxpb.NodeProto{OpType: "LSTM", Input: inputs, Output: []string{"", "h"}}
	if attr != nil {
		layer.Attribute = append(layer.Attribute, attr)
	}
	dim := func(n int64) *onnxpb.TensorShapeProto_Dimension {
		return &onnxpb.TensorShapeProto_Dimension{Value: &onnxpb.TensorShapeProto_Dimension_DimValue{DimValue: n}}
	}
	batch := &onnxpb.TensorShapeProto_Dimension{Value: &onnxpb.TensorShapeProto_Dimension_DimParam{DimParam: "N"}}
	shape := &onnxpb.TensorShapeProto{Dim: []*onnxpb.TensorShapeProto_Dimension{batch, dim(5), dim(3)}}
	x := &onnxpb.TypeProto{Value: &onnxpb.TypeProto_TensorType{TensorType: &onnxpb.TypeProto_Tensor{ElemType: 1, Shape: shape}}}
	b, err := proto.Marshal(&onnxpb.ModelProto{IrVersion: 9, OpsetImport: []*onnxpb.OperatorSetIdProto{{Version: 17}},
		Graph: &onnxpb.GraphProto{Initializer: init, Input: []*onnxpb.ValueInfoProto{{Name: "x", Type: x}}, Output: []*onnxpb.ValueInfoProto{{Name: "y"}},
			Node: []*onnxpb.NodeProto{{OpType: "Transpose", Input: []string{"x"}, Output: []string{"turned"}, Attribute: []*onnxpb.AttributeProto{perm}}, layer,
				{OpType: "Transpose", Input: []string{"h"}, Output: []string{"y"}, Attribute: []*onnxpb.AttributeProto{perm}}}}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}
