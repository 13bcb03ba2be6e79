package translate

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/flernd/flernd/internal/ml/mltest"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/planner/bind"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/plantest"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
)

// layoutCatalog is plantest's catalog with what a translation needs besides: segments with the layouts that the
// statistics suggest, dictionaries, and models with graphs.
type layoutCatalog struct {
	*plantest.Catalog
	models map[string]*logical.Model
}

func newCatalog(t testing.TB) *layoutCatalog {
	c := &layoutCatalog{plantest.New(), map[string]*logical.Model{}}
	c.addModel(t, "classifier", "classifier.onnx")
	c.addModel(t, "again", "classifier.onnx")
	c.addModel(t, "network", "sk_mlp_tanh_iris.onnx")
	return c
}

func (c *layoutCatalog) addModel(t testing.TB, name, file string) {
	raw, err := os.ReadFile(filepath.Join(mltest.Dir(), file))
	if err != nil {
		t.Fatal(err)
	}
	v, err := registry.Import(name, raw)
	if err != nil {
		t.Fatal(err)
	}
	m := &logical.Model{Name: name, Version: 1, ID: uint64(len(c.models) + 1), Impl: v}
	for _, a := range v.Inputs {
		m.Inputs = append(m.Inputs, logical.Column{Name: a.Name, Type: a.Type, Nullable: true})
	}
	for _, o := range v.Outputs {
		m.Outputs = append(m.Outputs, logical.Column{Name: o.Name, Type: o.Type, Nullable: true})
	}
	c.models[name] = m
}

func (c *layoutCatalog) env() bind.Env {
	env := plantest.Env(c.Catalog)
	env.Catalog = c
	return env
}

// Model implements bind.Catalog.
func (c *layoutCatalog) Model(name string) (*logical.Model, error) { return c.models[name], nil }

// Signature implements bind.Catalog.
func (c *layoutCatalog) Signature(name string) (*logical.Model, error) { return c.Model(name) }

// Models implements bind.Catalog.
func (c *layoutCatalog) Models() []string { return slices.Sorted(maps.Keys(c.models)) }

// Snapshot implements bind.Catalog. Table u has a second segment, as its tail would be; t has only that.
func (c *layoutCatalog) Snapshot(t *catalog.Table) (*table.Snapshot, error) {
	plain, err := c.Catalog.Snapshot(t)
	if err != nil {
		return nil, err
	}
	s := &table.Snapshot{Table: t, Stats: plain.Stats, Rows: plain.Rows, Dicts: make([]*table.Dict, len(t.Columns))}
	narrow, wide := &table.Segment{ID: 1, Rows: plain.Rows}, &table.Segment{ID: 2, Rows: plain.Rows}
	for i, col := range t.Columns {
		l := narrowLayout(col, plain.Stats[i])
		if l.Encoding == segment.Dictionary {
			s.Dicts[i] = &table.Dict{ID: uint64(i + 1), Count: plain.Stats[i].Distinct}
		}
		narrow.Cols = append(narrow.Cols, segment.Column{Layout: l, Stats: plain.Stats[i]})
		wide.Cols = append(wide.Cols, segment.Column{Layout: table.WideLayout(col), Stats: plain.Stats[i]})
	}
	switch t.Name {
	case "t":
		s.Segments = []*table.Segment{wide}
	case "u":
		s.Segments = []*table.Segment{narrow, wide}
	default:
		s.Segments = []*table.Segment{narrow}
	}
	return s, nil
}

// narrowLayout is the layout that a table sink would choose for a column with the statistics.
func narrowLayout(c catalog.Column, st segment.Stats) segment.Layout {
	l := table.WideLayout(c)
	if c.Type.Kind == sqltype.Varchar && st.Distinct > 0 && st.Distinct <= 256 {
		return segment.Layout{Encoding: segment.Dictionary, Width: 1, Nullable: l.Nullable, Divisor: 1}
	}
	if l.Encoding != segment.Scaled || !st.HasBounds {
		return l
	}
	if c.Name == "l_quantity" {
		l.Divisor = 100 // whole numbers
	}
	l.HasBase = st.MinInt < 0
	span := st.MaxInt - min(st.MinInt, 0)
	for l.Width = 1; l.Width < 8 && span/l.Divisor >= 1<<(8*l.Width); l.Width *= 2 {
	}
	return l
}
