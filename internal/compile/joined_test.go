package compile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/mltest"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/planner/logical"
)

// TestJoinedTrees: models of trees over the same features give in one query, to the last bit, what each gives in one of its own.
func TestJoinedTrees(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2})
	d.opt.Tier = "fast"
	d.must("CREATE TABLE t (id int, a real, b real, c real, d real, e real)")
	d.must(`INSERT INTO t SELECT i, (i % 1009) / 500.0 - 1, CASE WHEN i % 7 > 0 THEN (i % 83) / 20.0 - 2 END, i % 5, (i % 211) / 50.0 - 2,
		CASE WHEN i % 11 = 0 THEN 'nan'::real ELSE i % 13 END FROM generate_series(1, 4000) i`)
	var names []string
	for _, f := range mltest.TreeFixtures(t, ".json", ".ubj", ".txt", ".onnx") {
		v, err := registry.Import(f.Name, f.File)
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Inputs) != 5 {
			continue
		}
		m := sqlModel(v, uint64(len(d.models)+1))
		for _, in := range m.Inputs {
			if !in.Type.Kind.IsFloat() {
				m = nil
				break
			}
			m.Nulls = append(m.Nulls, logical.NullIsNaN)
		}
		if m != nil {
			d.models[f.Name] = m
			names = append(names, f.Name)
		}
	}
	if len(names) < 20 {
		t.Fatalf("only %d models of five features: %v", len(names), names)
	}
	call := func(name string) string { return fmt.Sprintf(`"%s"(a, b, c, d, e)`, name) }
	for from := 0; from < len(names); from += 10 {
		set := names[from:min(from+10, len(names))]
		calls := make([]string, len(set))
		for i, name := range set {
			calls[i] = call(name)
		}
		together, _, err := d.run("SELECT "+strings.Join(calls, ", ")+" FROM t ORDER BY id", "")
		if err != nil {
			t.Fatal(err)
		}
		for i, name := range set {
			alone, _, err := d.run("SELECT "+call(name)+" FROM t ORDER BY id", "")
			if err != nil {
				t.Fatal(err)
			}
			for r := range alone {
				if alone[r][0] != together[r][i] {
					t.Fatalf("%s, row %d: %s with others, %s alone", name, r, together[r][i], alone[r][0])
				}
			}
		}
	}
}
