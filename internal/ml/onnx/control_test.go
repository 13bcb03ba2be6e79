package onnx

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/mltest"
	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
	"github.com/flernd/flernd/internal/ml/rewrite"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// TestKept: loops of many turns and branches by data stay what they are, also when rewritten.
func TestKept(t *testing.T) {
	want := map[string]string{"loop of many turns": "loop", "loop that gathers by its turn": "loop", "long scan that swaps": "loop",
		"branch by data": "if", "branch with products by data": "if", "loop that data ends": "loop", "loop without a limit": "loop",
		"branch in a loop in a branch": "if", "scan": "", "loop of constant turns": "", "branch by a computed constant": "", "optional": ""}
	for _, f := range mltest.Operators(t) {
		op, ok := want[f.Name]
		if !ok {
			continue
		}
		delete(want, f.Name)
		m, err := Import(f.File)
		if err != nil {
			t.Fatal(err)
		}
		g, err := rewrite.Normalize(t.Context(), m.Graph)
		if err != nil {
			t.Fatal(err)
		}
		kept := ""
		for _, v := range g.Values {
			if c, ok := v.Op.(graph.Control); ok {
				kept = c.Name()
			}
		}
		if kept != op {
			t.Errorf("%s: %q\n%s", f.Name, kept, g)
		}
	}
	if len(want) > 0 {
		t.Errorf("no fixtures %v", want)
	}
}

// model is a file with one input x [N,3] and one output y.
func controlModel(t *testing.T, functions []*onnxpb.FunctionProto, nodes ...*onnxpb.NodeProto) []byte {
	t.Helper()
	m := &onnxpb.ModelProto{}
	if err := proto.Unmarshal(oneNode(t, 17, 3, nodes[len(nodes)-1]), m); err != nil {
		t.Fatal(err)
	}
	m.Graph.Node, m.Functions = nodes, functions
	b, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func opNode(op, in, out string, attrs ...*onnxpb.AttributeProto) *onnxpb.NodeProto {
	n := &onnxpb.NodeProto{OpType: op, Input: strings.Fields(in), Output: strings.Fields(out), Attribute: attrs}
	if strings.HasPrefix(op, "f") {
		n.Domain = "local"
	}
	return n
}

func function(name, in, out string, nodes ...*onnxpb.NodeProto) *onnxpb.FunctionProto {
	return &onnxpb.FunctionProto{Name: name, Domain: "local", Input: strings.Fields(in), Output: strings.Fields(out), Node: nodes,
		OpsetImport: []*onnxpb.OperatorSetIdProto{{Version: 17}}}
}

func graphAttr(name string, in, out string, nodes ...*onnxpb.NodeProto) *onnxpb.AttributeProto {
	g := &onnxpb.GraphProto{Node: nodes}
	for _, x := range strings.Fields(in) {
		g.Input = append(g.Input, &onnxpb.ValueInfoProto{Name: x})
	}
	for _, x := range strings.Fields(out) {
		g.Output = append(g.Output, &onnxpb.ValueInfoProto{Name: x})
	}
	return &onnxpb.AttributeProto{Name: name, Type: onnxpb.AttributeProto_GRAPH, G: g}
}

func intConstant(name string, v int64) *onnxpb.NodeProto {
	return opNode("Constant", "", name, &onnxpb.AttributeProto{Name: "value_int", Type: onnxpb.AttributeProto_INT, I: v})
}

// TestControlErrors: functions, branches and loops that are wrong, or made to be dear.
func TestControlErrors(t *testing.T) {
	var bombs []*onnxpb.FunctionProto // each calls the next ten times
	for i := range 8 {
		var nodes []*onnxpb.NodeProto
		for k := range 10 {
			nodes = append(nodes, opNode(fmt.Sprintf("f%d", i+1), fmt.Sprintf("h%d", k), fmt.Sprintf("h%d", k+1)))
		}
		bombs = append(bombs, function(fmt.Sprintf("f%d", i), "h0", "h10", nodes...))
	}
	bombs = append(bombs, function("f8", "a", "b", opNode("Neg", "a", "b")))
	nested := opNode("Neg", "x", "y")
	for range 19 {
		nested = opNode("If", "c", "y", graphAttr("then_branch", "", "y", nested), graphAttr("else_branch", "", "x"))
	}
	truth := []*onnxpb.NodeProto{intConstant("i", 1), opNode("Cast", "i", "c", &onnxpb.AttributeProto{Name: "to", Type: onnxpb.AttributeProto_INT, I: 9})}
	grows := graphAttr("body", "n k h", "k g", opNode("Concat", "h h", "g", &onnxpb.AttributeProto{Name: "axis", Type: onnxpb.AttributeProto_INT, I: 1}))
	for _, c := range []struct {
		want  string
		code  sqlstate.Code
		model []byte
	}{
		{`function "f" calls itself`, sqlstate.InvalidParameterValue,
			controlModel(t, []*onnxpb.FunctionProto{function("f", "a", "b", opNode("f", "a", "b"))}, opNode("f", "x", "y"))},
		{`function "f": node 0 (fg): function "fg": node 0 (f): function "f" calls itself`, sqlstate.InvalidParameterValue,
			controlModel(t, []*onnxpb.FunctionProto{function("f", "a", "b", opNode("fg", "a", "b")), function("fg", "a", "b", opNode("f", "a", "b"))},
				opNode("f", "x", "y"))},
		{"expand to more than the 100000 nodes", sqlstate.ProgramLimitExceeded, controlModel(t, bombs, opNode("f0", "x", "y"))},
		{`function "f" has no name or is given twice`, sqlstate.InvalidParameterValue,
			controlModel(t, []*onnxpb.FunctionProto{function("f", "a", "b"), function("f", "a", "b")}, opNode("f", "x", "y"))},
		{`takes 1 inputs, not 2`, sqlstate.InvalidParameterValue,
			controlModel(t, []*onnxpb.FunctionProto{function("f", "a", "b", opNode("Neg", "a", "b"))}, opNode("f", "x x", "y"))},
		{`function "f": node 0 (Neg): input "x" is computed by no node`, sqlstate.InvalidParameterValue,
			controlModel(t, []*onnxpb.FunctionProto{function("f", "a", "b", opNode("Neg", "x", "b"))}, opNode("f", "x", "y"))},
		{`output "b" is not computed`, sqlstate.InvalidParameterValue,
			controlModel(t, []*onnxpb.FunctionProto{function("f", "a", "b", opNode("Neg", "a", "h"))}, opNode("f", "x", "y"))},
		{"nested more than", sqlstate.ProgramLimitExceeded, controlModel(t, nil, append(truth, nested)...)},
		{`a loop that makes f32[N,6] of f32[N,3]`, sqlstate.FeatureNotSupported,
			controlModel(t, nil, append(truth, intConstant("m", 1000), opNode("Loop", "m c x", "y", grows))...)},
		{"attribute \"body\" is missing", sqlstate.InvalidParameterValue, controlModel(t, nil, intConstant("m", 3), opNode("Loop", "m m x", "y"))},
		{"is no single bool", sqlstate.InvalidParameterValue, controlModel(t, nil, intConstant("m", 3), opNode("If", "m", "y",
			graphAttr("then_branch", "", "x"), graphAttr("else_branch", "", "x")))},
		{"differs from row to row", sqlstate.FeatureNotSupported, controlModel(t, nil, opNode("IsNaN", "x", "c"), opNode("If", "c", "y",
			graphAttr("then_branch", "", "x"), graphAttr("else_branch", "", "x")))},
		{"outside of a sequence of 1 values", sqlstate.InvalidParameterValue, controlModel(t, nil, intConstant("m", 3),
			opNode("SequenceConstruct", "x", "s"), opNode("SequenceAt", "s m", "y"))},
		{`input "s" is a sequence of 1 values, not a tensor`, sqlstate.InvalidParameterValue, controlModel(t, nil,
			opNode("SequenceConstruct", "x", "s"), opNode("Neg", "s", "y"))},
		{"has no value", sqlstate.InvalidParameterValue, controlModel(t, nil, opNode("Optional", "", "s"), opNode("OptionalGetElement", "s", "y"))},
	} {
		_, err := Import(c.model)
		if err == nil || sqlstate.Of(err).Code != c.code || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// TestOwnWay: where rows of a batch go different ways each is evaluated as a batch of its own.
func TestOwnWay(t *testing.T) {
	one := func(name string, v int64) *onnxpb.AttributeProto {
		return &onnxpb.AttributeProto{Name: name, Type: onnxpb.AttributeProto_INT, I: v}
	}
	best := opNode("ArgMax", "x", "a", one("axis", 1), one("keepdims", 1)) // [N,1]
	branch := []*onnxpb.NodeProto{best, opNode("Cast", "a", "c", one("to", 9)), opNode("If", "c", "y",
		graphAttr("then_branch", "", "p", opNode("Add", "x x", "p")), graphAttr("else_branch", "", "q", opNode("Neg", "x", "q")))}
	again := graphAttr("body", "n k h", "k g", opNode("Add", "h x", "g"))
	turns := []*onnxpb.NodeProto{best, intConstant("i", 1), opNode("Cast", "i", "c", one("to", 9)), opNode("Loop", "a c x", "y", again)}
	for name, c := range map[string]struct {
		nodes []*onnxpb.NodeProto
		want  [2][]float32
	}{
		"branch": {branch, [2][]float32{{-3, -2, -1}, {2, 4, 6}}},
		"loop":   {turns, [2][]float32{{3, 2, 1}, {3, 6, 9}}},
	} {
		m, err := Import(controlModel(t, nil, c.nodes...))
		if err != nil {
			t.Fatal(name, err)
		}
		for r, x := range [][]float32{{3, 2, 1}, {1, 2, 3}} {
			out, err := interp.Run(m.Graph, []*graph.Tensor{graph.F32Of(x...).Reshaped(m.Graph.Inputs[0].Type.Dims...)}, interp.Options{})
			if err != nil || !slices.Equal(out[0].F32, c.want[r]) {
				t.Errorf("%s, row %d: %v %v, want %v", name, r, out, err, c.want[r])
			}
		}
	}
	mixes := append(branch[:2:2], opNode("ReduceSum", "x", "y"), branch[2])
	mixes[2].Output, mixes[3].Input = []string{"s"}, []string{"c"}
	if _, err := Import(controlModel(t, nil, mixes...)); err == nil || strings.Contains(err.Error(), "different ways") {
		t.Errorf("a sum over the batch before a branch: %v", err)
	}
}
