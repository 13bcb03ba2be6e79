package compile

import (
	"fmt"
	"math"
	"math/rand"
	"strconv"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/registry"
)

// TestBF16 compares a network with products of bf16 with the same one without: its values are near and others, the same in both tiers, on
// any number of threads, in arrays and beside other models.
func TestBF16(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2})
	for name, precision := range map[string]registry.Precision{"whole": registry.PrecisionOfModel, "half": registry.PrecisionBF16} {
		v := stack(t, rand.New(rand.NewSource(5)), graph.F32, 5, -1, []layer{{67, graph.Relu}, {130, graph.Tanh}, {1, graph.IsNaN}})
		v.Options.Precision = precision
		m := sqlModel(v, uint64(len(name)))
		m.Name = name
		d.models[name] = m
	}
	d.must("CREATE TABLE t (id int, a real, b real, c real)")
	d.must("INSERT INTO t SELECT i, i % 17 / 9.0 - 1, i % 11 / 5.0 - 1, i / 3000.0 FROM generate_series(1, 5000) i")
	d.opt.Tier = "best"
	query := "SELECT id, whole(a, b, c, 0.5, 1), half(a, b, c, 0.5, 1) FROM t ORDER BY id"
	rows, _, err := d.run(query, "")
	if err != nil {
		t.Fatal(err)
	}
	differ := 0
	for _, r := range rows {
		whole, _ := strconv.ParseFloat(r[1], 64)
		half, _ := strconv.ParseFloat(r[2], 64)
		if math.Abs(whole-half) > 0.03 {
			t.Fatalf("row %s: %v in bf16 is far from %v", r[0], half, whole)
		}
		if whole != half {
			differ++
		}
	}
	if differ < len(rows)*9/10 {
		t.Errorf("%d of %d rows differ only: are these products of bf16?", differ, len(rows))
	}
	d.opt.Tier, d.opt.Threads = "fast", 1
	again, _, err := d.run(query, "")
	if err != nil || fmt.Sprint(rows) != fmt.Sprint(again) {
		t.Errorf("tiers or threads disagree: %v", err)
	}
	d.opt.arrays = true
	again, _, err = d.run(query, "")
	if err != nil || fmt.Sprint(rows) != fmt.Sprint(again) {
		t.Errorf("lanes and arrays disagree: %v", err)
	}
	d.opt.arrays = false
	chosen, _, err := d.run("SELECT id, predict(n.name, a, b, c, 0.5, 1) FROM t, (VALUES ('whole'), ('half')) n(name) ORDER BY id, n.name DESC", "")
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range rows {
		if chosen[2*i][1] != r[1] || chosen[2*i+1][1] != r[2] {
			t.Fatalf("row %s: predict gives %s and %s, not %s and %s", r[0], chosen[2*i][1], chosen[2*i+1][1], r[1], r[2])
		}
	}
}
