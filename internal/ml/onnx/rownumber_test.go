package onnx

import (
	"slices"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// numbersModel is a model over x [N,3], with r the numbers of its rows, f its elements in a line, and the integers zero, one and three.
func numbersModel(t *testing.T, nodes ...*onnxpb.NodeProto) []byte {
	t.Helper()
	line := &onnxpb.NodeProto{OpType: "Constant", Output: []string{"line"},
		Attribute: []*onnxpb.AttributeProto{{Name: "value_ints", Type: onnxpb.AttributeProto_INTS, Ints: []int64{-1}}}}
	before := []*onnxpb.NodeProto{intConstant("zero", 0), intConstant("one", 1), intConstant("three", 3), line, opNode("Shape", "x", "s"),
		opNode("Gather", "s zero", "n"), opNode("Range", "zero n one", "r"), opNode("Reshape", "x line", "f")}
	return controlModel(t, nil, append(before, nodes...)...)
}

// TestRowNumbers: what a row takes of itself by its number is taken, what mixes rows is refused.
func TestRowNumbers(t *testing.T) {
	perRow := opNode("Mul", "r three", "m")
	last := []*onnxpb.AttributeProto{{Name: "axis", Type: onnxpb.AttributeProto_INT, I: -1}}
	to := func(e int64) *onnxpb.AttributeProto {
		return &onnxpb.AttributeProto{Name: "to", Type: onnxpb.AttributeProto_INT, I: e}
	}
	for _, c := range []struct {
		name, want string
		nodes      []*onnxpb.NodeProto
	}{
		{"the row itself", "1 2 3", []*onnxpb.NodeProto{opNode("Gather", "x r", "y")}},
		{"its second element", "2", []*onnxpb.NodeProto{perRow, opNode("Add", "one m", "k"), opNode("Gather", "f k", "y")}},
		{"a computed element", "3", []*onnxpb.NodeProto{perRow, opNode("ArgMax", "x", "a", last[0],
			&onnxpb.AttributeProto{Name: "keepdims", Type: onnxpb.AttributeProto_INT, I: 0}), opNode("Add", "a m", "k"), opNode("Gather", "f k", "y")}},
		{"the next row", "other rows", []*onnxpb.NodeProto{opNode("Add", "r one", "k"), opNode("Gather", "x k", "y")}},
		{"a later row's element", "other rows", []*onnxpb.NodeProto{perRow, opNode("Add", "m three", "k"), opNode("Gather", "f k", "y")}},
		{"the row before", "other rows", []*onnxpb.NodeProto{perRow, opNode("Sub", "m one", "k"), opNode("Gather", "f k", "y")}},
		{"each second row", "by the numbers of rows", []*onnxpb.NodeProto{opNode("Add", "r r", "k"), opNode("Gather", "x k", "y")}},
		{"too short strides", "by the numbers of rows", []*onnxpb.NodeProto{opNode("Gather", "f r", "y")}},
		{"squares", "by the numbers of rows", []*onnxpb.NodeProto{opNode("Mul", "r r", "k"), opNode("Gather", "x k", "y")}},
		{"numbers that wrap", "by the numbers of rows", []*onnxpb.NodeProto{opNode("Cast", "r", "b", to(2)), opNode("Cast", "b", "k", to(7)),
			opNode("Gather", "x k", "y")}},
		{"another axis", "by the numbers of rows", []*onnxpb.NodeProto{opNode("Gather", "x r", "y", last[0])}},
		{"numbers of numbers", "indices of type i64[N]", []*onnxpb.NodeProto{opNode("Gather", "r r", "k"), opNode("Gather", "x k", "y")}},
		{"a number itself", "depends on the number of the row", []*onnxpb.NodeProto{opNode("Cast", "r", "y", to(1))}},
		{"a table's entries", "by the numbers of rows", []*onnxpb.NodeProto{opNode("Gather", "line r", "y")}},
	} {
		m, err := Import(numbersModel(t, c.nodes...))
		if err != nil {
			if sqlstate.Of(err).Code != sqlstate.FeatureNotSupported || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v, want %s", c.name, err, c.want)
			}
			continue
		}
		out, err := interp.Run(m.Graph, []*graph.Tensor{graph.F32Of(1, 2, 3)}, interp.Options{})
		if err != nil {
			t.Fatal(c.name, err)
		}
		want := map[string][]float32{"1 2 3": {1, 2, 3}, "2": {2}, "3": {3}}[c.want]
		if want == nil || !slices.Equal(out[0].F32, want) {
			t.Errorf("%s: %v, want %s", c.name, out[0], c.want)
		}
	}
}

// TestEinsumBatch: equations that would mix rows are refused.
func TestEinsumBatch(t *testing.T) {
	for equation, want := range map[string]string{"bi->b": "", "bi,bj->bij": "", "bi->i": "sums over the batch", "bi,ci->bc": "mixes rows",
		"bi->": "sums over the batch", "bi->bb": "one twice", "bi->bk": "no operand has"} {
		in := []string{"x", "x"}[:1+strings.Count(equation, ",")]
		attr := &onnxpb.AttributeProto{Name: "equation", Type: onnxpb.AttributeProto_STRING, S: []byte(equation)}
		_, err := Import(oneNode(t, 17, 3, &onnxpb.NodeProto{OpType: "Einsum", Input: in, Attribute: []*onnxpb.AttributeProto{attr}}))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", equation, err, want)
		}
	}
}
