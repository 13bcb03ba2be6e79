package xgboost

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/mltest"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// importAndRun imports arbitrary bytes, and runs the graph on missing values if there is one.
func importAndRun(t *testing.T, b []byte) {
	m, err := Import(b)
	if err != nil {
		m = &Model{}
	}
	mltest.Hostile(t, m.Graph, err, func(g *graph.Graph, in []*graph.Tensor) error {
		_, err := interp.Run(g, in, interp.Options{})
		return err
	})
}

func fixture(t testing.TB, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(mltest.Dir(), "trees", file))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestTruncated cuts files; no prefix of a document is one.
func TestTruncated(t *testing.T) {
	for _, name := range []string{"xgb_linear.json", "xgb_linear_multi.ubj", "xgb_squared_ubj.ubj"} {
		file := fixture(t, name)
		for n := 0; n < len(file); n += 1 + len(file)/1000 {
			importAndRun(t, file[:n])
			if _, err := Import(file[:n]); err == nil {
				t.Fatalf("%s cut to %d bytes imports", name, n)
			}
		}
		if _, err := Import(append(bytes.Clone(file), '}')); err == nil {
			t.Errorf("%s imports with a brace more", name)
		}
	}
}

// TestFlippedBits damages files at random; what still imports must be a sound graph.
func TestFlippedBits(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for _, f := range mltest.TreeFixtures(t, ".json", ".ubj") {
		for range 40 {
			b := bytes.Clone(f.File)
			for range 1 + r.Intn(3) {
				b[r.Intn(len(b))] ^= 1 << r.Intn(8)
			}
			importAndRun(t, b)
		}
	}
}

// small is a model of one tree: x < 1 ? 10 : 20.
const small = `{"version":[3,2,0],"learner":{"feature_names":["x"],"feature_types":[],"objective":{"name":"reg:squarederror"},
"learner_model_param":{"base_score":"[5E-1]","num_class":"0","num_feature":"1","num_target":"1"},
"gradient_booster":{"name":"gbtree","model":{"tree_info":[0],"trees":[
{"left_children":[1,-1,-1],"right_children":[2,-1,-1],"default_left":[1,0,0],"split_indices":[0,0,0],"split_type":[0,0,0],
"split_conditions":[1E0,1E1,2E1],"categories":[],"categories_nodes":[],"categories_segments":[],"categories_sizes":[],
"tree_param":{"size_leaf_vector":"1"}}]}}}}`

func TestSmall(t *testing.T) {
	for _, file := range [][]byte{[]byte(small), ubjson(t, small)} {
		m, err := Import(file)
		if err != nil {
			t.Fatal(err)
		}
		for x, want := range map[float32]float32{0: 10.5, 1: 20.5, float32(math.NaN()): 10.5} {
			out, err := interp.Run(m.Graph, []*graph.Tensor{graph.F32Of(x)}, interp.Options{})
			if err != nil || out[0].F32[0] != want {
				t.Errorf("%v: got %v %v", x, out, err)
			}
		}
	}
}

// TestErrors spoils the small model in one way each.
func TestErrors(t *testing.T) {
	const tree = "in learner.gradient_booster.model.trees: tree 0: "
	for _, c := range []struct{ old, new, want string }{
		{`"num_feature":"1"`, `"num_feature":"0"`, "num_feature is missing or 0"},
		{`"num_feature":"1"`, `"num_feature":"one"`, `in learner.learner_model_param.num_feature: "one" is no number`},
		{`"num_feature":"1"`, `"num_feature":"9999999"`, "9999999 is more than the 65536 allowed"},
		{`"num_class":"0"`, `"num_class":"2000000000"`, "2000000000 is more than"},
		{`["x"]`, `["x","y"]`, "2 feature_names for 1 features"},
		{`"[5E-1]"`, `"[5E-1,1E0]"`, "2 base scores for 1 targets"},
		{`"[5E-1]"`, `"half"`, `"half" is no base score`},
		{`reg:squarederror`, `reg:magic`, `objective "reg:magic" is not supported`},
		{`reg:squarederror`, `count:poisson`, ""},
		{`"[5E-1]"`, `"[NaN]"`, "a base_score of NaN is none"},
		{`"gbtree"`, `"gbforest"`, `booster "gbforest" is not supported`},
		{`"gbtree"`, `"dart"`, `a booster named "dart" with or without a weight_drop`},
		{`"tree_info":[0]`, `"tree_info":[1]`, "tree 0 is for target 1 of 1"},
		{`"tree_info":[0]`, `"tree_info":[0,0]`, "1 trees with a tree_info of 2"},
		{`"left_children":[1,-1,-1]`, `"left_children":[0,-1,-1]`, tree + "two ways lead to node 0"},
		{`"left_children":[1,-1,-1]`, `"left_children":[2,-1,-1]`, tree + "two ways lead to node 2"},
		{`"left_children":[1,-1,-1]`, `"left_children":[7,-1,-1]`, tree + "a node leads to node 7 of 3"},
		{`"left_children":[1,-1,-1]`, `"left_children":[99999999999,-1,-1]`, tree + "node 0 has the children 99999999999 and 2"},
		{`"left_children":[1,-1,-1]`, `"left_children":[1,-1]`, tree + "its lists have different lengths: 2 left_children"},
		{`"left_children":[1,-1,-1]`, `"left_children":[1.5,-1,-1]`, `trees.left_children: "1.5" is no integer`},
		{`"left_children":[1,-1,-1]`, `"left_children":"no"`, "'\"' is not the '['"},
		{`"split_indices":[0,0,0]`, `"split_indices":[1,0,0]`, "a tree tests feature 1 of 1"},
		{`"split_indices":[0,0,0]`, `"split_indices":[-1,0,0]`, "node 0 has the children 1 and 2 and the feature -1"},
		{`"split_conditions":[1E0`, `"split_conditions":[NaN`, tree + "node 0 compares with NaN"},
		{`"split_type":[0,`, `"split_type":[1,`, tree + "node 0 is a split of type 1 with no categories"},
		{`"categories_nodes":[]`, `"categories_nodes":[0]`, "1 categories_nodes with 0 categories_segments"},
		{`"size_leaf_vector":"1"`, `"size_leaf_vector":"2"`, tree + "leaf 1 has no values"},
		{`"split_type"`, `"split_indices"`, "in learner.gradient_booster.model.trees.split_indices: the member is given twice"},
		{`"feature_types":[]`, `"feature_types":` + strings.Repeat("[", 40), "in learner.feature_types: "},
		{`"version"`, `"more":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `,"version"`, "nested more than 32 deep"},
		{`}}}}`, `}}}`, "the file ends in the middle"},
		{`}}}}`, `}}}} {`, "something follows the end"},
		{`"x"`, `"\x"`, "malformed escape"},
		{`"x"`, "\"\xff\"", "not valid UTF-8"},
	} {
		file := strings.Replace(small, c.old, c.new, 1)
		if file == small {
			t.Fatalf("%s is not in the model", c.old)
		}
		_, err := Import([]byte(file))
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.new, err, c.want)
		}
	}
}

// TestCategoryBounds: a few bytes do not ask for megabytes of sets.
func TestCategoryBounds(t *testing.T) {
	sets := func(categories, sizes string) error {
		file := strings.NewReplacer(`"split_type":[0,`, `"split_type":[1,`, `"categories":[]`, `"categories":`+categories,
			`"categories_nodes":[]`, `"categories_nodes":[0]`, `"categories_segments":[]`, `"categories_segments":[0]`,
			`"categories_sizes":[]`, `"categories_sizes":`+sizes).Replace(small)
		_, err := Import([]byte(file))
		return err
	}
	for want, list := range map[string][2]string{
		"":                                      {"[3,64]", "[2]"},
		"node 0 has the categories 0 to 3 of 2": {"[3,64]", "[3]"},
		"a category that is not between 0":      {"[16777216]", "[1]"},
		"node 0 has a category that is not betwe": {"[-1]", "[1]"},
	} {
		if err := sets(list[0], list[1]); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got %v, want %s", list, err, want)
		}
	}
	d := &document{budget: 100}
	many := &tree{categories: []int64{6400}, catNodes: []int64{0}, catSegments: []int64{0}, catSizes: []int64{1}}
	if err := d.readSets(many); err == nil || sqlstate.Of(err).Code != sqlstate.ProgramLimitExceeded {
		t.Errorf("got %v", err)
	}
}

// TestMemory: lengths that a UBJSON file claims are not allocated.
func TestMemory(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, file := range []string{
		"{L\x00\x00\x00\x00\x7f\xff\xff\xff", "{U\x07version[$l#L\x00\x00\x00\x00\x7f\xff\xff\xff", "{U\x07version[$Z#l\x7f\xff\xff\xff",
		"{U\x07version[#l\x7f\xff\xff\xff", "{U\x07version[$", "{U\x07versioni", "{U\x07version[$l#i\xff", "{U\x07version[#", "{",
	} {
		if _, err := Import([]byte(file)); err == nil {
			t.Errorf("%q imports", file)
		}
	}
	if runtime.ReadMemStats(&after); after.TotalAlloc-before.TotalAlloc > 1<<20 {
		t.Errorf("%d bytes allocated", after.TotalAlloc-before.TotalAlloc)
	}
}

// ubjson writes a JSON document as UBJSON; of its lists of integers, all elements have one type.
func ubjson(t testing.TB, text string) []byte {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return appendUBJSON(nil, v)
}

func appendUBJSON(b []byte, v any) []byte {
	length := func(b []byte, n int) []byte { return binary.BigEndian.AppendUint64(append(b, 'L'), uint64(n)) }
	switch v := v.(type) {
	case string:
		return append(length(append(b, 'S'), len(v)), v...)
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return binary.BigEndian.AppendUint32(append(b, 'l'), uint32(i))
		}
		f, _ := v.Float64()
		return binary.BigEndian.AppendUint32(append(b, 'd'), math.Float32bits(float32(f)))
	case []any:
		typed := len(v) > 0
		for _, e := range v {
			number, ok := e.(json.Number)
			typed = typed && ok && !strings.ContainsAny(string(number), ".E")
		}
		if b = append(b, '['); typed {
			b = append(b, "$l"...)
		}
		b = length(append(b, '#'), len(v))
		for _, e := range v {
			if typed {
				b = append(b, appendUBJSON(nil, e)[1:]...)
			} else {
				b = appendUBJSON(b, e)
			}
		}
		return b
	}
	b = append(b, '{')
	for key, e := range v.(map[string]any) {
		b = appendUBJSON(append(length(b, len(key)), key...), e)
	}
	return append(b, '}')
}

func FuzzImport(f *testing.F) {
	for _, name := range []string{"xgb_linear.json", "xgb_linear_multi.ubj"} { // short ones: long ones take long to be minimised
		f.Add(fixture(f, name))
	}
	f.Add([]byte(small))
	f.Add(ubjson(f, small))
	f.Fuzz(func(t *testing.T, b []byte) { importAndRun(t, b) })
}
