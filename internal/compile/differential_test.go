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
	queries = flag.Int("queries", 120, "random queries a configuration")
)

// TestDifferential runs generated queries over generated tables compiled and in the reference interpreter. The tables are
// loaded by COPY, so that they have the layouts that sinks choose, and have a tail of another layout. Small morsels make many
// of them: workers steal, and merge what each has gathered.
func TestDifferential(t *testing.T) {
	n := *queries
	if os.Getenv("FLERND_SLOW") != "" {
		n *= 20
	}
	for i, c := range []struct {
		isa     string
		threads int
		turns   bool // the tiers take turns after every morsel: an optimising compilation a query
		morsel  int
	}{{"", 4, false, 16}, {"", 1, false, 0}, {"baseline", 2, false, 256}, {"avx2", 3, false, 1024},
		{"", 3, true, 256}, {"baseline", 4, true, 16}, {"avx2", 2, true, 192}} {
		t.Run(fmt.Sprintf("%s %d workers, morsels of %d, turns %v", c.isa, c.threads, c.morsel, c.turns), func(t *testing.T) {
			count := n
			if c.turns {
				count = n / 40
			}
			d := openDatabase(t, Options{Threads: c.threads, ISA: c.isa})
			d.opt.Tier, d.opt.changeOften, d.opt.morselRows = "fast", c.turns, c.morsel
			g := gen.New(*seed + int64(i))
			loadTables(t, d, g)
			g.Params = 20
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
		if lacks(err) {
			unsupported++
			continue
		}
		if err != nil {
			t.Errorf("%s\n%v", q.SQL, err)
			continue
		}
		params, err := paramsOf(p.ParamTypes, q.Params)
		if err != nil {
			t.Fatalf("%s %q: %v", q.SQL, q.Params, err)
		}
		got, gotErr := runPlan(d, p, params...)
		want, wantErr := reference(p, params, gotErr)
		release()
		q.SQL += fmt.Sprintf("  -- %q", q.Params)
		switch {
		case lacks(gotErr) || lacks(wantErr):
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
	if unsupported > n/10+1 {
		t.Errorf("%d of %d queries are not supported", unsupported, n)
	}
}

// reference is what a plan has to give. Where the compiled program did not raise what the conditions raise in their order, it may
// have dropped the row by a later one: by that rule it has to be right, then.
func reference(p *planner.Planned, params []sqltype.Datum, got error) ([][]sqltype.Datum, error) {
	want, err := refexec.Run(p.Root, params, nil)
	if err == nil || got != nil && sqlstate.Of(got).Code == sqlstate.Of(err).Code {
		return want, err
	}
	return refexec.RunHiding(p.Root, params, nil)
}

// TestHiddenErrors: a condition that drops a row may hide what others before it raise for that row, and for no other.
func TestHiddenErrors(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	for _, sql := range []string{"CREATE TABLE t (big int8, at timestamp)",
		"INSERT INTO t VALUES (1, '2001-01-01'), (5000000000, '2002-01-01'), (2, '2003-01-01')"} {
		if _, _, err := d.run(sql, ""); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		where         string
		raises, hides bool // in the order of the conditions
		rows          int
	}{
		{"big::integer >= -3 AND at BETWEEN '2005-01-01' AND '2004-01-01'", true, true, 0},
		{"big::integer >= -3 AND at > '2002-06-01'", true, true, 1},
		{"at > '2002-06-01' AND big::integer >= -3", false, true, 1},
		{"big::integer >= -3 AND at > '2001-06-01'", true, false, 0},
	} {
		p, release, err := planFor(d, "SELECT big FROM t WHERE "+c.where)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := refexec.Run(p.Root, nil, nil); (err != nil) != c.raises {
			t.Errorf("%s: in their order: %v", c.where, err)
		}
		want, err := refexec.RunHiding(p.Root, nil, nil)
		if (err == nil) != c.hides || len(want) != c.rows {
			t.Errorf("%s: hiding: %d rows, %v", c.where, len(want), err)
		}
		got, gotErr := runPlan(d, p)
		release()
		if _, wantErr := reference(p, nil, gotErr); (wantErr == nil) != (gotErr == nil) || wantErr == nil && len(got) != c.rows {
			t.Errorf("%s: compiled: %d rows, %v", c.where, len(got), gotErr)
		}
	}
}

// lacks tells an error that says what is not supported from those that must not be.
func lacks(err error) bool {
	return err != nil && sqlstate.Of(err).Code == sqlstate.FeatureNotSupported
}

func paramsOf(types []sqltype.Type, texts []string) ([]sqltype.Datum, error) {
	out := make([]sqltype.Datum, len(texts))
	for i, s := range texts {
		if out[i] = sqltype.NullDatum; s == "NULL" {
			continue
		}
		var err error
		if out[i], err = sqltype.Parse(types[i], s); err != nil {
			return nil, err
		}
	}
	return out, nil
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

func runPlan(d *database, p *planner.Planned, params ...sqltype.Datum) ([][]string, error) {
	var rows [][]string
	opt := d.opt
	opt.Out = func(b []byte, n int64) error {
		rows = append(rows, decodeRows(b)...)
		return nil
	}
	_, err := d.engine.Run(context.Background(), p.Root, params, opt)
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
