package onnx

import (
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/mltest"
	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(mltest.Dir(), name+".onnx"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestTruncated cuts a file at every byte. No prefix may import but as what it still says, and errors tell the place.
func TestTruncated(t *testing.T) {
	for _, name := range []string{"classifier", "sk_logreg_iris", "pt_mlp_iris_dynamo"} {
		file := fixture(t, name)
		for n := range file {
			m, err := Import(file[:n])
			if err == nil {
				if m.Graph.Verify() != nil {
					t.Fatalf("%s cut to %d bytes imports as a broken graph", name, n)
				}
				continue
			}
			mltest.Refusal(t, err)
		}
	}
}

// TestFlippedBits damages files at random; what still imports must be a sound graph.
func TestFlippedBits(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for _, f := range mltest.Load(t) {
		for range 60 {
			b := append([]byte(nil), f.File...)
			for range 1 + r.Intn(3) {
				b[r.Intn(len(b))] ^= 1 << r.Intn(8)
			}
			importAndRun(t, b)
		}
	}
}

// importAndRun imports arbitrary bytes, and runs the graph on zeros if there is one.
func importAndRun(t *testing.T, b []byte) {
	m, err := Import(b)
	if err != nil {
		mltest.Refusal(t, err)
		return
	}
	if err := m.Graph.Verify(); err != nil {
		t.Fatal(err)
	}
	if _, err := interp.Run(m.Graph, zeros(m.Graph), interp.Options{}); err != nil && sqlstate.Of(err).Code != sqlstate.ProgramLimitExceeded {
		t.Fatal(err) // which a loop without an end is
	}
}

// TestErrors spoils a small model in one way each.
func TestErrors(t *testing.T) {
	tensor := func(m *onnxpb.ModelProto, i int) *onnxpb.TensorProto { return m.Graph.Initializer[i] }
	dim := func(m *onnxpb.ModelProto, i int) *onnxpb.TensorShapeProto_Dimension {
		return m.Graph.Input[0].Type.GetTensorType().Shape.Dim[i]
	}
	node := func(m *onnxpb.ModelProto, i int) *onnxpb.NodeProto { return m.Graph.Node[i] }
	for _, c := range []struct {
		want  string
		code  sqlstate.Code
		spoil func(m *onnxpb.ModelProto)
	}{
		{"it has no graph", sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) { m.Graph = nil }},
		{"it has no ir_version", sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) { m.IrVersion = 0 }},
		{"ONNX IR version 99 (3 to 14 are known)", sqlstate.FeatureNotSupported, func(m *onnxpb.ModelProto) { m.IrVersion = 99 }},
		{"ONNX operator set version 6 (7 to 28", sqlstate.FeatureNotSupported, func(m *onnxpb.ModelProto) { m.OpsetImport[0].Version = 6 }},
		{"names no operator set", sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) { m.OpsetImport = nil }},
		{`node "linear" (Bernoulli): ONNX operator Bernoulli is not supported`, sqlstate.FeatureNotSupported, func(m *onnxpb.ModelProto) { node(m, 0).OpType = "Bernoulli" }},
		{`node "linear" (Gemm): ONNX operator com.acme.Gemm is not supported`, sqlstate.FeatureNotSupported, func(m *onnxpb.ModelProto) { node(m, 0).Domain = "com.acme" }},
		{`node 0 (ForestOfForests): ONNX operator ai.onnx.ml.ForestOfForests`, sqlstate.FeatureNotSupported, func(m *onnxpb.ModelProto) {
			node(m, 0).Domain, node(m, 0).OpType, node(m, 0).Name = mlDomain, "ForestOfForests", ""
		}},
		{`operator set "ai.onnx.ml" is not among those the file imports`, sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) {
			node(m, 0).Domain, node(m, 0).OpType = mlDomain, "Scaler"
		}},
		{`node "linear" (Gemm): input "nowhere" is computed by no node`, sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) { node(m, 0).Input[1] = "nowhere" }},
		{`input "class" is computed only later, by "decide"`, sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) { node(m, 0).Input[0] = "class" }},
		{`input "scores" is computed only later, by "linear": the nodes are out of order or form a cycle`, sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) { node(m, 0).Input[0] = "scores" }},
		{`output "w": the name is used twice`, sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) { node(m, 0).Output[0] = "w" }},
		{`initializer "w": the name is used twice`, sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) { tensor(m, 1).Name = "w" }},
		{`input "x": the name is used twice`, sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) {
			m.Graph.Input = append(m.Graph.Input, m.Graph.Input[0])
		}},
		{`initializer has no name`, sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) { tensor(m, 1).Name = "" }},
		{`initializer "w": 48 bytes of data do not fill f32[4,4]`, sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) { tensor(m, 0).Dims[1] = 4 }},
		{`initializer "w": dimension -1 is out of range`, sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) { tensor(m, 0).Dims[1] = -1 }},
		{`initializer "w": shape [16777216,16777216] has more than`, sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) { tensor(m, 0).Dims = []int64{1 << 24, 1 << 24} }},
		{`initializer "w": 0 elements of data do not fill f32[268435456]`, sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) {
			tensor(m, 0).Dims, tensor(m, 0).RawData = []int64{1 << 28}, nil
		}},
		{`initializer "w": element type COMPLEX64 is not supported`, sqlstate.FeatureNotSupported, func(m *onnxpb.ModelProto) { tensor(m, 0).DataType = 14 }},
		{`initializer "w": element type 77 does not exist`, sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) { tensor(m, 0).DataType = 77 }},
		{`initializer "w": data in another file is not supported`, sqlstate.FeatureNotSupported, func(m *onnxpb.ModelProto) {
			tensor(m, 0).DataLocation = onnxpb.TensorProto_EXTERNAL
		}},
		{`node "linear" (Gemm): dense: argument f32[4] does not fit weights f32[3,4]`, sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) { tensor(m, 0).Dims = []int64{3, 4} }},
		{`node "linear" (Gemm): add: shapes [3] and [4] do not fit together`, sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) {
			tensor(m, 1).Dims, tensor(m, 1).RawData = []int64{4}, make([]byte, 16)
		}},
		{`input "x": an open dimension 1`, sqlstate.FeatureNotSupported, func(m *onnxpb.ModelProto) { dim(m, 1).Value = nil }},
		{`input "x": an input without a batch dimension`, sqlstate.FeatureNotSupported, func(m *onnxpb.ModelProto) { m.Graph.Input[0].Type.GetTensorType().Shape = nil }},
		{`input "x": the element type is missing`, sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) { m.Graph.Input[0].Type.GetTensorType().ElemType = 0 }},
		{`input "x": an input that is no tensor`, sqlstate.FeatureNotSupported, func(m *onnxpb.ModelProto) { m.Graph.Input[0].Type = nil }},
		{`output "nothing" is not computed by any node`, sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) { m.Graph.Output[0].Name = "nothing" }},
		{`output "w" of type f32[4,3], which has no batch`, sqlstate.FeatureNotSupported, func(m *onnxpb.ModelProto) { m.Graph.Output[0].Name = "w" }},
		{`has no outputs`, sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) { m.Graph.Output = nil }},
		{`has no inputs`, sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) { m.Graph.Input = nil }},
		{`node "decide" (ArgMax): attribute "colour" is not supported`, sqlstate.FeatureNotSupported, func(m *onnxpb.ModelProto) {
			node(m, 1).Attribute = append(node(m, 1).Attribute, &onnxpb.AttributeProto{Name: "colour"})
		}},
		{`attribute "axis" is of kind FLOAT, not INT`, sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) {
			for _, a := range node(m, 1).Attribute {
				a.Type = onnxpb.AttributeProto_FLOAT
			}
		}},
		{`node "decide" (ArgMax): axis 0, the batch, of f32[N,3] is not supported`, sqlstate.FeatureNotSupported, func(m *onnxpb.ModelProto) {
			node(m, 1).Attribute = node(m, 1).Attribute[:0]
		}},
		{`a sparse initializer is not supported`, sqlstate.FeatureNotSupported, func(m *onnxpb.ModelProto) {
			m.Graph.SparseInitializer = []*onnxpb.SparseTensorProto{{}}
		}},
		{`it has no output`, sqlstate.InvalidParameterValue, func(m *onnxpb.ModelProto) { node(m, 0).Output = nil }},
		{`output "more" is not supported`, sqlstate.FeatureNotSupported, func(m *onnxpb.ModelProto) { node(m, 0).Output = append(node(m, 0).Output, "more") }},
	} {
		m := &onnxpb.ModelProto{}
		if err := proto.Unmarshal(fixture(t, "classifier"), m); err != nil {
			t.Fatal(err)
		}
		c.spoil(m)
		file, err := proto.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Import(file)
		if err == nil || sqlstate.Of(err).Code != c.code || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v (%s), want %s (%s)", err, sqlstate.Of(err).Code, c.want, c.code)
		}
	}
}

// TestBounds checks that what would take much memory is refused before it does.
func TestBounds(t *testing.T) {
	many := make([]byte, 0, 4<<20)
	for len(many) < 4<<20 {
		many = append(many, 0x7a, 0) // sparse_initializer: an empty message
	}
	graph := append([]byte{0x3a, 0x80, 0x80, 0x80, 0x02}, many...)
	deep := []byte{0x0a, 0}
	for range 30 {
		deep = append([]byte{0x22, byte(len(deep))}, deep...)
	}
	for _, c := range []struct {
		file []byte
		want string
	}{
		{graph, "more than 524288 parts"},
		{[]byte{0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f, 0}, "truncated"},
		{[]byte{0x08, 9, 0x3a, 3, 0x12, 1, 0xff}, "ONNX file is malformed at byte 5: graph.name is not valid UTF-8"},
		{[]byte{0x3a, 5, 1}, "ONNX file is truncated: it ends at byte 3, in graph, which starts at byte 0"},
		{[]byte{0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80}, "malformed at byte 0"},
		{[]byte{0x3a, 2, 0x0a, 9, 0x08, 0x01, 0, 0}, "malformed at byte 2, in graph.node"},
	} {
		_, err := Import(c.file)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func FuzzImport(f *testing.F) {
	for _, x := range mltest.Operators(f) {
		f.Add(x.File)
	}
	f.Add(fixture(f, "classifier"))
	f.Fuzz(func(t *testing.T, b []byte) { importAndRun(t, b) })
}
