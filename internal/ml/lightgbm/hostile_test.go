package lightgbm

import (
	"bytes"
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/mltest"
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

// small is a model of one tree: x ≤ 1 ? 10 : y in {0, 33} ? 20 : 30.
const small = `tree
version=v4
num_class=1
num_tree_per_iteration=1
max_feature_idx=1
objective=regression
feature_names=x y
tree_sizes=300

Tree=0
num_leaves=3
num_cat=1
split_feature=0 1
threshold=1 0
decision_type=2 1
left_child=-1 -2
right_child=1 -3
leaf_value=10 20 30
cat_boundaries=0 2
cat_threshold=1 2
is_linear=0


end of trees
`

func TestSmall(t *testing.T) {
	m, err := Import([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	nan := math.NaN()
	for _, c := range [][3]float64{{0, 0, 10}, {nan, 0, 10}, {2, 0, 20}, {2, 33.5, 20}, {2, 1, 30}, {2, nan, 30}} {
		out, err := interp.Run(m.Graph, []*graph.Tensor{graph.FloatsOf(graph.F64, c[:2], 2)}, interp.Options{})
		if err != nil || out[0].F64[0] != c[2] {
			t.Errorf("%v: got %v %v", c, out, err)
		}
	}
}

// TestTruncated: no prefix that lacks the end of the trees is a model, whatever the line ends.
func TestTruncated(t *testing.T) {
	for _, text := range []string{small, strings.ReplaceAll(small, "\n", "\r\n")} {
		end := strings.Index(text, "end of trees")
		for n := range text[:end+len("end of trees")] {
			if _, err := Import([]byte(text[:n])); err == nil {
				t.Fatalf("%d bytes import", n)
			}
			importAndRun(t, []byte(text[:n]))
		}
		if _, err := Import([]byte(text)); err != nil {
			t.Error(err)
		}
	}
}

// TestFlippedBits damages files at random; what still imports must be a sound graph.
func TestFlippedBits(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for _, f := range mltest.TreeFixtures(t, ".txt") {
		for range 40 {
			b := bytes.Clone(f.File)
			for range 1 + r.Intn(3) {
				b[r.Intn(len(b))] ^= 1 << r.Intn(8)
			}
			importAndRun(t, b)
		}
	}
}

// TestErrors spoils the small model in one way each.
func TestErrors(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"version=v4", "version=v9", `line 9: version "v9" of the format (v2 to v4 are known) is not supported`},
		{"max_feature_idx=1", "max_feature_idx=70000", "max_feature_idx=70000 is more than the 65535 allowed"},
		{"max_feature_idx=1", "max_feature_idx=-1", `max_feature_idx="-1" is no number`},
		{"max_feature_idx=1", "feature_idx=1", "max_feature_idx is missing"},
		{"num_tree_per_iteration=1", "num_tree_per_iteration=0", "num_tree_per_iteration is 0"},
		{"num_tree_per_iteration=1", "num_tree_per_iteration=2", "1 trees are no whole number of iterations of 2"},
		{"num_class=1", "version=1", `"version" is given twice`},
		{"tree_sizes=300", "tree_sizes=300 300", "1 trees, but 2 tree_sizes"},
		{"feature_names=x y", "feature_names=x", "1 feature_names for 2 features"},
		{"feature_names=x y", "feature_names=x x", `two features are named "x"`},
		{"feature_names=x y", "feature_names=x \xff", "not valid UTF-8"},
		{"objective=regression", "objective=magic", `objective "magic" is not supported`},
		{"objective=regression", "objective=binary sigmoid:x", `sigmoid:"x" is no number`},
		{"num_leaves=3", "num_leaves=2", "tree 0: 3 values of leaves, num_leaves=2"},
		{"num_leaves=3", "num_leaves=2000000000", "3 values of leaves, num_leaves=2000000000"},
		{"num_leaves=3", "num_leaves=0", `line 11: tree 0: num_leaves: "0" is no number of leaves`},
		{"split_feature=0 1", "split_feature=0", "tree 0: its lists do not have 2 elements: 1 split_feature"},
		{"split_feature=0 1", "split_feature=0 2", "tree 0: node 1 tests feature 2 of 2"},
		{"split_feature=0 1", "split_feature=0 x", `line 13: tree 0: split_feature: "x" is no number that fits here`},
		{"threshold=1 0\n", "threshold=nan 0\n", "tree 0: node 0 compares with NaN"},
		{"threshold=1 0\n", "threshold=1 1\n", "node 1 has the set of categories 1 of 1"},
		{"threshold=1 0\n", "threshold=1 -1e300\n", "node 1 has the set of categories -1e+300 of 1"},
		{"decision_type=2", "decision_type=12", "node 0 has the decision_type 12"},
		{"left_child=-1 -2", "left_child=0 -2", "tree 0: two ways lead to node 0"},
		{"left_child=-1 -2", "left_child=-1 -1", "tree 0: two ways lead to node 2"},
		{"left_child=-1 -2", "left_child=-1 -9", "tree 0: a node leads to node 10 of 5"},
		{"right_child=1", "right_child=2", "tree 0: a node leads to node -1 of 5"},
		{"cat_boundaries=0 2", "cat_boundaries=0 3", "set 0 of categories has the words 0 to 3 of 2"},
		{"cat_boundaries=0 2", "cat_boundaries=2 0", "set 0 of categories has the words 2 to 0 of 2"},
		{"is_linear=0", "is_linear=1", "linear functions in leaves (linear_tree) is not supported"},
		{"is_linear=0", "is_linear", `line 21: tree 0: "is_linear" is not the key=value`},
		{"Tree=0", "Tree=0\nTree=1", ""},
		{"end of trees", "end of files", `"end of files" is not the tree that is expected`},
		{"end of trees", "end of trees\n\npandas_categorical:[[\"a\"],[1]]", "2 categorical columns of which"},
		{"end of trees", "end of trees\n[categorical_feature: 7]\npandas_categorical:[[\"a\"]]", `categorical_feature names feature "7"`},
		{"end of trees", "end of trees\n[categorical_feature: 1]\npandas_categorical:[[\"a\",2]]", "strings and numbers"},
		{"end of trees", "end of trees\npandas_categorical:{", `pandas_categorical: "{" is no list`},
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

func FuzzImport(f *testing.F) {
	f.Add([]byte(small)) // short: what is long takes long to be minimised
	f.Add([]byte(strings.Replace(small, "end of trees", "end of trees\n[categorical_feature: 1]\npandas_categorical:[[\"a\"]]", 1)))
	f.Fuzz(func(t *testing.T, b []byte) { importAndRun(t, b) })
}
