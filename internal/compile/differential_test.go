package compile

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/compile/refexec"
	"github.com/flernd/flernd/internal/compile/refexec/gen"
	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

var (
	seed    = flag.Int64("seed", 1, "of the random tables and queries")
	queries = flag.Int("queries", 60, "random queries a configuration")
)

// TestDifferential runs generated queries over generated tables compiled and in the reference interpreter. The tables are
// loaded by COPY, so that they have the layouts that sinks choose, and have a tail of another layout.
func TestDifferential(t *testing.T) {
	n := *queries
	if os.Getenv("FLERND_SLOW") != "" {
		n *= 20
	}
	for i, c := range []struct {
		isa, tier string
		turns     bool // the tiers take turns after every morsel
	}{{"", "fast", false}, {"baseline", "fast", false}, {"avx2", "fast", true}, {"", "best", true}} {
		name := fmt.Sprintf("%s %s turns=%v", c.isa, c.tier, c.turns)
		t.Run(name, func(t *testing.T) {
			count := n
			if c.turns || c.tier == "best" {
				count = n / 4 // an optimising compilation each
			}
			d := openDatabase(t, Options{Threads: 3, ISA: c.isa})
			d.opt.Tier, d.opt.changeOften, d.opt.morselRows = c.tier, c.turns, 256
			g := gen.New(*seed + int64(i))
			loadTables(t, d, g)
			differ(t, d, g, count)
		})
	}
}

// loadTables makes the tables t0, t1 …, of ever more rows.
func loadTables(t *testing.T, d *database, g *gen.Generator) {
	for i, rows := range []int{0, 1, 7, 60, 3000} {
		tab := g.Table(fmt.Sprintf("t%d", i), rows)
		if _, _, err := d.run(tab.DDL(), ""); err != nil {
			t.Fatal(err)
		}
		if rows == 0 {
			continue
		}
		d.store.SetTailRows(2) // to files, in the narrowest layouts
		if _, _, err := d.run("COPY "+tab.Def.Name+" FROM STDIN WITH (FORMAT csv)", string(tab.CopyData())); err != nil {
			t.Fatalf("%s: %v", tab.Def.Name, err)
		}
		d.store.SetTailRows(1 << 16) // and some rows to a tail: another layout
		if _, _, err := d.run(fmt.Sprintf("INSERT INTO %[1]s SELECT * FROM %[1]s WHERE id %% 7 = 3", tab.Def.Name), ""); err != nil {
			t.Fatalf("%s: %v", tab.Def.Name, err)
		}
	}
}

func differ(t *testing.T, d *database, g *gen.Generator, n int) {
	rows, failed, unsupported := 0, 0, 0
	for range n {
		q := g.Query()
		p, release, err := planFor(d, q.SQL)
		if err != nil {
			unsupported++
			continue
		}
		want, wantErr := refexec.Run(p.Root, nil, nil)
		got, gotErr := runPlan(d, p)
		release()
		switch {
		case gotErr != nil && sqlstate.Of(gotErr).Code == sqlstate.FeatureNotSupported:
			unsupported++
		case (wantErr == nil) != (gotErr == nil) || wantErr != nil && sqlstate.Of(wantErr).Code != sqlstate.Of(gotErr).Code:
			t.Errorf("%s\n got error %v\nwant error %v", q.SQL, gotErr, wantErr)
		case wantErr != nil:
			failed++
		default:
			types := make([]sqltype.Type, len(p.Columns))
			for i, c := range p.Columns {
				types[i] = c.Type
			}
			rows += len(want)
			parsed, err := parseAll(types, got)
			if err != nil {
				t.Errorf("%s\n%v", q.SQL, err)
				continue
			}
			if diff := refexec.Compare(types, want, parsed, q.Ordered); diff != "" {
				t.Errorf("%s\n%s", q.SQL, diff)
			}
		}
	}
	t.Logf("%d queries: %d rows, %d errors, %d not supported", n, rows, failed, unsupported)
	if unsupported > n/2 {
		t.Errorf("%d of %d queries are not supported", unsupported, n)
	}
}

func planFor(d *database, sql string) (*planner.Planned, func(), error) {
	stmts, err := dialect.Parse(sql)
	if err != nil {
		return nil, nil, err
	}
	tx, err := d.store.Begin(context.Background(), false)
	if err != nil {
		return nil, nil, err
	}
	p, err := planner.Plan(stmts[0], planner.Env{Catalog: view{tx, d.models, nil}, Now: time.Unix(1e9, 0).UTC(), Database: "flern", User: "flern"})
	if err != nil {
		tx.Rollback()
		return nil, nil, err
	}
	return p, tx.Rollback, nil
}

func runPlan(d *database, p *planner.Planned) ([][]string, error) {
	var rows [][]string
	opt := d.opt
	opt.Out = func(b []byte, n int64) error {
		rows = append(rows, decodeRows(b)...)
		return nil
	}
	_, err := d.engine.Run(context.Background(), p.Root, nil, opt)
	return rows, err
}

// parseAll reads text results back; text types keep their text.
func parseAll(types []sqltype.Type, rows [][]string) ([][]sqltype.Datum, error) {
	out := make([][]sqltype.Datum, len(rows))
	for i, r := range rows {
		out[i] = make([]sqltype.Datum, len(r))
		for k, s := range r {
			if s == "∅" {
				out[i][k] = sqltype.NullDatum
				continue
			}
			d, err := sqltype.Parse(types[k], s)
			if err != nil {
				return nil, err
			}
			out[i][k] = d
		}
	}
	return out, nil
}
