package modelcheck

import (
	"archive/zip"
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/compile"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/mltest"
)

// TestBackend runs a choice of the public suite's cases, at least one an operator.
func TestBackend(t *testing.T) {
	engine, err := compile.Open(compile.Options{Threads: 1, Log: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	cases, err := zip.OpenReader(mltest.BackendCases())
	if err != nil {
		t.Fatal(err)
	}
	defer cases.Close()
	report, err := Run(context.Background(), engine, cases, Options{Tier: "fast"})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range report.Results {
		if !r.Passed {
			t.Errorf("%s: %s", r.Case, r.Reason)
		}
	}
}

func TestDiffers(t *testing.T) {
	want := graph.F32Of(1, 1000)
	for _, c := range []struct {
		got  *graph.Tensor
		want string
	}{
		{graph.F32Of(1.0009, 1000.9), ""},
		{graph.F32Of(1, 1001.1), "element 1 is"},
		{graph.F32Of(1), "it is f32[1], not f32[2]"},
		{graph.I64Of(1, 1000), "it is i64[2], not f32[2]"},
	} {
		if got := differs(c.got, want); got == "" != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%v: %q, want %q", c.got.F32, got, c.want)
		}
	}
}

func TestReport(t *testing.T) {
	r := &Report{Results: []*Result{
		{Case: "a", Operator: "Add", Passed: true},
		{Case: "b", Operator: "Add", Reason: `node 3 (Add): axis 17 of "x"`, Code: "0A000"},
		{Case: "c", Operator: "Add", Reason: `node "n" (Add): axis 4 of "longer name"`, Code: "0A000"},
	}}
	rates := r.Rates()
	if len(rates) != 1 || rates[0].Passed != 1 || rates[0].Total != 3 || !slices.Equal(rates[0].Reasons, []Reason{{"axis n of …", 2}}) {
		t.Errorf("%+v", rates)
	}
	if s := r.Summary(); !strings.HasPrefix(s, "1 of 3 cases passed") || !strings.Contains(s, "2 for what is not supported") {
		t.Error(s)
	}
}
