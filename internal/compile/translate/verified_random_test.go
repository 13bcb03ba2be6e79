package translate

import (
	"fmt"
	"math/rand"
	"os"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/compile/refexec/gen"
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// randomCatalog is generated tables whose segments have random layouts. No segment has any bytes: nothing is run.
type randomCatalog struct {
	defs  map[string]*catalog.Table
	snaps map[string]*table.Snapshot
}

func (c *randomCatalog) Table(schema, name string) (*catalog.Table, bool) {
	t, ok := c.defs[name]
	return t, ok
}

func (c *randomCatalog) Snapshot(t *catalog.Table) (*table.Snapshot, error) {
	return c.snaps[t.Name], nil
}

func (c *randomCatalog) Model(string) (*logical.Model, error) { return nil, nil }

func (c *randomCatalog) Signature(string) (*logical.Model, error) { return nil, nil }
func (c *randomCatalog) Models() []string                         { return nil }

func (c *randomCatalog) add(r *rand.Rand, def *catalog.Table) {
	s := &table.Snapshot{Table: def, Rows: 5000, Dicts: make([]*table.Dict, len(def.Columns)), Stats: make([]segment.Stats, len(def.Columns))}
	for i := range def.Columns {
		s.Stats[i] = randomStats(r)
		if def.Columns[i].Type.Kind.IsString() && r.Intn(2) == 0 {
			s.Dicts[i] = &table.Dict{ID: uint64(i + 1), Count: s.Stats[i].Distinct}
		}
	}
	for k := range 1 + r.Intn(3) {
		seg := &table.Segment{ID: uint64(k + 1), Rows: 5000}
		for i, col := range def.Columns {
			seg.Cols = append(seg.Cols, segment.Column{Layout: randomLayout(r, col, s.Dicts[i] != nil), Stats: s.Stats[i]})
		}
		s.Segments = append(s.Segments, seg)
	}
	c.defs[def.Name], c.snaps[def.Name] = def, s
}

func randomStats(r *rand.Rand) segment.Stats {
	st := segment.Stats{Distinct: 1 + r.Int63n(300)}
	if r.Intn(3) > 0 {
		span := int64(1) << r.Intn(30)
		st.HasBounds, st.MinInt = true, -r.Int63n(span)
		st.MaxInt = st.MinInt + span
		st.MinFloat, st.MaxFloat = float64(st.MinInt), float64(st.MaxInt)
	}
	return st
}

// randomLayout is one of those that a column may have.
func randomLayout(r *rand.Rand, c catalog.Column, dictionary bool) segment.Layout {
	l := table.WideLayout(c)
	l.Nullable = l.Nullable && r.Intn(3) > 0
	switch {
	case dictionary && r.Intn(3) > 0:
		l.Encoding, l.Width = segment.Dictionary, uint8(1)<<r.Intn(3)
	case l.Encoding == segment.Scaled && r.Intn(4) > 0:
		l.Width = uint8(1) << r.Intn(3)
		l.HasBase = r.Intn(2) == 0
		l.Divisor = []int64{1, 1, 10, 86_400}[r.Intn(4)]
		if c.Type.Kind == sqltype.Bool {
			l = segment.Layout{Encoding: segment.Scaled, Width: 1, Nullable: l.Nullable, Divisor: 1}
		}
	}
	return l
}

// TestVerifiedRandom translates generated queries over tables of random layouts: the verifier finds no fault, C compilers
// none in the C of both tiers, and what is refused is so with a code.
func TestVerifiedRandom(t *testing.T) {
	r, g := rand.New(rand.NewSource(7)), gen.New(7)
	c := &randomCatalog{map[string]*catalog.Table{}, map[string]*table.Snapshot{}}
	for k := range 6 {
		c.add(r, g.Table(fmt.Sprintf("t%d", k), 0).Def)
	}
	env := planner.Env{Catalog: c, Now: time.Unix(1e9, 0).UTC(), Database: "flern", User: "flern"}
	verified := 0
	compilers := checkers(t)
	for i := range 500 {
		sql := g.Query().SQL
		stmts, err := dialect.Parse(sql)
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		p, err := planner.Plan(stmts[0], env)
		if err != nil {
			continue
		}
		prog, err := Translate(p.Root, Options{})
		if err != nil {
			if code := sqlstate.Of(err).Code; code == sqlstate.InternalError {
				t.Errorf("%s\n%v", sql, err)
			}
			continue
		}
		for _, f := range functions(prog) {
			if err := staged.Verify(f); err != nil {
				t.Errorf("%s\n%v", sql, err)
			}
		}
		for _, c := range compilers {
			if c.name == "gcc" && i%25 > 0 && os.Getenv("FLERND_SLOW") == "" {
				continue // it takes its time
			}
			if err := c.check(prog.C.Print(c.tier)); err != nil {
				t.Errorf("%s\n%v", sql, err)
			}
		}
		verified++
	}
	if verified < 250 {
		t.Errorf("only %d of 500 queries were translated", verified)
	}
}
