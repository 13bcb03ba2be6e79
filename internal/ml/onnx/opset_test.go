package onnx

import (
	"math"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// oneNode is a model of one operator from x [N,width] to y.
func oneNode(t *testing.T, opset int64, width int64, n *onnxpb.NodeProto, init ...*onnxpb.TensorProto) []byte {
	t.Helper()
	shape := &onnxpb.TensorShapeProto{Dim: []*onnxpb.TensorShapeProto_Dimension{{Value: &onnxpb.TensorShapeProto_Dimension_DimParam{DimParam: "N"}},
		{Value: &onnxpb.TensorShapeProto_Dimension_DimValue{DimValue: width}}}}
	x := &onnxpb.TypeProto{Value: &onnxpb.TypeProto_TensorType{TensorType: &onnxpb.TypeProto_Tensor{ElemType: 1, Shape: shape}}}
	n.Output = []string{"y"}
	b, err := proto.Marshal(&onnxpb.ModelProto{IrVersion: 9,
		OpsetImport: []*onnxpb.OperatorSetIdProto{{Version: opset}, {Domain: mlDomain, Version: 3}},
		Graph: &onnxpb.GraphProto{Node: []*onnxpb.NodeProto{n}, Initializer: init, Input: []*onnxpb.ValueInfoProto{{Name: "x", Type: x}},
			Output: []*onnxpb.ValueInfoProto{{Name: "y"}}}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestSwish checks the one operator that is newer than the runtime which made the fixtures.
func TestSwish(t *testing.T) {
	alpha := &onnxpb.AttributeProto{Name: "alpha", Type: onnxpb.AttributeProto_FLOAT, F: 2}
	m, err := Import(oneNode(t, 24, 2, &onnxpb.NodeProto{OpType: "Swish", Input: []string{"x"}, Attribute: []*onnxpb.AttributeProto{alpha}}))
	if err != nil {
		t.Fatal(err)
	}
	out, err := interp.Run(m.Graph, []*graph.Tensor{graph.F32Of(1.5, -0.5)}, interp.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range []float64{1.5, -0.5} {
		if want := x / (1 + math.Exp(-2*x)); math.Abs(out[0].Float(i)-want) > 1e-6 {
			t.Errorf("at %v: got %v, want %v", x, out[0].Float(i), want)
		}
	}
}

// TestInfiniteLogSumExp: the greatest element is not subtracted from itself where it is infinite.
func TestInfiniteLogSumExp(t *testing.T) {
	axes := &onnxpb.AttributeProto{Name: "axes", Type: onnxpb.AttributeProto_INTS, Ints: []int64{1}}
	m, err := Import(oneNode(t, 13, 2, &onnxpb.NodeProto{OpType: "ReduceLogSumExp", Input: []string{"x"}, Attribute: []*onnxpb.AttributeProto{axes}}))
	if err != nil {
		t.Fatal(err)
	}
	inf := float32(math.Inf(1))
	for _, c := range [][3]float32{{inf, 1, inf}, {-inf, -inf, -inf}, {-inf, 2, 2}, {1000, -inf, 1000}} {
		out, err := interp.Run(m.Graph, []*graph.Tensor{graph.F32Of(c[0], c[1])}, interp.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := float32(out[0].Float(0)); got != c[2] {
			t.Errorf("of %v and %v: got %v, want %v", c[0], c[1], got, c[2])
		}
	}
}

// TestRefused lists uses of known operators that an import must not get wrong, and so refuses, by name.
func TestRefused(t *testing.T) {
	ints := func(name string, v ...int64) *onnxpb.AttributeProto {
		return &onnxpb.AttributeProto{Name: name, Type: onnxpb.AttributeProto_INTS, Ints: v}
	}
	num := func(name string, v int64) *onnxpb.AttributeProto {
		return &onnxpb.AttributeProto{Name: name, Type: onnxpb.AttributeProto_INT, I: v}
	}
	text := func(name, v string) *onnxpb.AttributeProto {
		return &onnxpb.AttributeProto{Name: name, Type: onnxpb.AttributeProto_STRING, S: []byte(v)}
	}
	c := func(dims ...int64) *onnxpb.TensorProto {
		n := int64(1)
		for _, d := range dims {
			n *= d
		}
		return &onnxpb.TensorProto{Name: "c", DataType: 1, Dims: dims, FloatData: make([]float32, n)}
	}
	i64 := func(v ...int64) *onnxpb.TensorProto {
		return &onnxpb.TensorProto{Name: "c", DataType: 7, Dims: []int64{int64(len(v))}, Int64Data: v}
	}
	type attrs = []*onnxpb.AttributeProto
	for _, test := range []struct {
		op    string
		attrs attrs
		c     *onnxpb.TensorProto
		code  sqlstate.Code
		want  string
	}{
		{"Add", nil, c(5, 4), sqlstate.FeatureNotSupported, "constant f32[5,4] beside f32[N,4], which mixes rows,"},
		{"Add", nil, c(1, 5, 4), sqlstate.FeatureNotSupported, "which mixes rows"},
		{"Add", nil, c(3), sqlstate.InvalidParameterValue, "shapes [4] and [3] do not fit together"},
		{"MatMul", nil, c(3, 2), sqlstate.InvalidParameterValue, "argument f32[4] does not fit weights f32[3,2]"},
		{"Gemm", attrs{num("transA", 1)}, c(4, 2), sqlstate.FeatureNotSupported, "a product of f32[4,N] and f32[4,2], which mixes rows,"},
		{"Gemm", attrs{num("transB", 2)}, c(4, 2), sqlstate.InvalidParameterValue, `attribute "transB" must be 0 or 1`},
		{"Reshape", nil, i64(4, -1), sqlstate.FeatureNotSupported, "a reshape of f32[N,4] to other rows"},
		{"Reshape", nil, i64(2, 2), sqlstate.FeatureNotSupported, "a reshape of f32[N,4] that does not keep the batch"},
		{"Reshape", nil, i64(-1), sqlstate.FeatureNotSupported, `output "y" of type f32[N·4], which has several entries a row`},
		{"Reshape", nil, i64(-1, 2), sqlstate.FeatureNotSupported, `output "y" of type f32[N·2,2], which has several`},
		{"Reshape", nil, i64(-1, 8), sqlstate.FeatureNotSupported, "a reshape of f32[N,4] to other rows"},
		{"Reshape", nil, i64(0, 3), sqlstate.InvalidParameterValue, "f32[N,4] does not have the size of the shape"},
		{"Reshape", nil, i64(0, -1, -1), sqlstate.InvalidParameterValue, "more than one that is open"},
		{"Reshape", nil, i64(0, -1, 3), sqlstate.InvalidParameterValue, "f32[N,4] does not fill the shape"},
		{"Reshape", nil, i64(0, 4, 1, 0), sqlstate.InvalidParameterValue, "the shape copies dimension 3 of f32[N,4]"},
		{"Flatten", attrs{num("axis", 0)}, nil, sqlstate.FeatureNotSupported, `output "y" of type f32[1,N·4], which has several`},
		{"Flatten", attrs{num("axis", 7)}, nil, sqlstate.InvalidParameterValue, "axis 7 is out of range for rank 2"},
		{"Transpose", attrs{ints("perm", 1, 1)}, nil, sqlstate.InvalidParameterValue, "attribute perm is no order of 2 axes"},
		{"Squeeze", nil, i64(1), sqlstate.InvalidParameterValue, "axis 0 of f32[N,4] is not 1 long"},
		{"Squeeze", nil, i64(0), sqlstate.FeatureNotSupported, "axis 0, the batch, of f32[N,4]"},
		{"Unsqueeze", nil, i64(1, 1), sqlstate.InvalidParameterValue, "an axis is given twice"},
		{"Expand", nil, i64(1, 5), sqlstate.InvalidParameterValue, "f32[N,4] does not expand to the shape"},
		{"Tile", nil, i64(2, 1), sqlstate.FeatureNotSupported, `output "y" of type f32[N·2,4], which has several`},
		{"Tile", nil, i64(1, 1<<40), sqlstate.InvalidParameterValue, "repetitions are out of range"},
		{"Tile", nil, i64(1, 1<<24), sqlstate.ProgramLimitExceeded, "has more than the 16777216 elements allowed"},
		{"Concat", attrs{num("axis", 1)}, c(1, 4), sqlstate.FeatureNotSupported, "joining constant f32[1,4], which has no batch, with rows"},
		{"Concat", nil, nil, sqlstate.InvalidParameterValue, "attribute axis is missing"},
		{"Gather", attrs{num("axis", 1)}, i64(4), sqlstate.InvalidParameterValue, "index 4 is out of range for length 4"},
		{"Gather", nil, i64(0), sqlstate.FeatureNotSupported, "axis 0, the batch"},
		{"Slice", attrs{}, i64(0), sqlstate.InvalidParameterValue, "starts, ends, axes and steps have different lengths"},
		{"Split", attrs{num("axis", 1)}, i64(3), sqlstate.InvalidParameterValue, "the pieces add up to 3, not 4"},
		{"ReduceSum", nil, nil, sqlstate.FeatureNotSupported, "an aggregate over all of f32[N,4], the batch included,"},
		{"ReduceSum", nil, i64(0), sqlstate.FeatureNotSupported, "axis 0, the batch"},
		{"Cast", attrs{num("to", 8)}, nil, sqlstate.FeatureNotSupported, "a cast of f32 to string"},
		{"Cast", attrs{num("to", 14)}, nil, sqlstate.FeatureNotSupported, "attribute to: element type COMPLEX64"},
		{"Cast", nil, nil, sqlstate.InvalidParameterValue, "attribute to: the element type is missing"},
		{"Dropout", nil, nil, "", ""},
		{"Softmax", attrs{num("axis", 0)}, nil, sqlstate.FeatureNotSupported, "axis 0, the batch"},
		{"Gelu", attrs{text("approximate", "magic")}, nil, sqlstate.InvalidParameterValue, "unknown value"},
		{"BatchNormalization", attrs{num("training_mode", 1)}, nil, sqlstate.FeatureNotSupported, "training_mode"},
		{"Not", nil, nil, sqlstate.InvalidParameterValue, "not: argument f32[4] has the wrong element type"},
		{"Where", nil, nil, sqlstate.InvalidParameterValue, "input 1 is missing"},
	} {
		n := &onnxpb.NodeProto{OpType: test.op, Input: []string{"x"}, Attribute: test.attrs}
		var init []*onnxpb.TensorProto
		if test.c != nil {
			n.Input = append(n.Input, "c")
			init = append(init, test.c)
		}
		_, err := Import(oneNode(t, 20, 4, n, init...))
		if test.want == "" {
			if err != nil {
				t.Errorf("%s: %v", test.op, err)
			}
			continue
		}
		if err == nil {
			t.Errorf("%s is imported, not refused with %s", test.op, test.want)
			continue
		}
		if sqlstate.Of(err).Code != test.code || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v (%s), want %s (%s)", test.op, err, sqlstate.Of(err).Code, test.want, test.code)
		}
	}
}
