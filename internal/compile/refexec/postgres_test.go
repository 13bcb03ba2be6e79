package refexec

import (
	"bytes"
	"context"
	"flag"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/flernd/flernd/internal/compile/refexec/gen"
	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

var (
	seed    = flag.Int64("seed", 1, "of the random tables and queries")
	queries = flag.Int("queries", 300, "random queries")
	hazards = flag.Int("hazards", 0, "how often they may raise errors, in percent")
)

// tables is a catalog of generated tables.
type tables map[string]*table.Snapshot

func (c tables) Table(_, name string) (*catalog.Table, bool) {
	s, ok := c[name]
	if !ok {
		return nil, false
	}
	return s.Table, true
}
func (c tables) Snapshot(t *catalog.Table) (*table.Snapshot, error) { return c[t.Name], nil }
func (c tables) Model(string) (*logical.Model, error)               { return nil, nil }
func (c tables) Signature(string) (*logical.Model, error)           { return nil, nil }
func (c tables) Models() []string                                   { return nil }

func planOf(t *testing.T, c tables, sql string) (*planner.Planned, error) {
	stmts, err := dialect.Parse(sql)
	if err != nil {
		return nil, err
	}
	return planner.Plan(stmts[0], planner.Env{Catalog: c, Now: time.Unix(1e9, 0).UTC(), Database: "flern", User: "flern", ServerVersion: "15.0"})
}

// generate makes the tables t0, t1 …, of ever more rows.
func generate(t *testing.T, g *gen.Generator, made func(*gen.Table)) tables {
	c := tables{}
	for i, rows := range []int{0, 1, 7, 60, 200} {
		tab := g.Table("t"+string(rune('0'+i)), rows)
		tab.Def.ID = uint64(i + 1)
		snap, err := tab.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		c[tab.Def.Name] = snap
		if made != nil {
			made(tab)
		}
	}
	return c
}

// TestRandomQueries: whatever the generator makes is planned and run, or fails with an error that has a code.
func TestRandomQueries(t *testing.T) {
	g := gen.New(*seed)
	g.Hazards = 20
	c := generate(t, g, nil)
	failed := 0
	for range *queries {
		q := g.Query()
		p, err := planOf(t, c, q.SQL)
		if err == nil {
			_, err = Run(p.Root, nil, nil)
		}
		if err == nil {
			continue
		}
		failed++
		if code := sqlstate.Of(err).Code; code == sqlstate.InternalError || code == sqlstate.SyntaxError {
			t.Errorf("%s\n%s: %v", q.SQL, code, err)
		}
	}
	if failed > *queries/3 {
		t.Errorf("%d of %d queries failed", failed, *queries)
	}
}

// TestAgainstPostgres compares with a PostgreSQL, where FLERN_TEST_POSTGRES says how to connect to one.
func TestAgainstPostgres(t *testing.T) {
	dsn := os.Getenv("FLERN_TEST_POSTGRES")
	if dsn == "" {
		t.Skip("FLERN_TEST_POSTGRES is not set")
	}
	ctx := context.Background()
	pg, err := pgconn.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer pg.Close(ctx)
	exec := func(sql string) ([]*pgconn.Result, error) { return pg.Exec(ctx, sql).ReadAll() }
	g := gen.New(*seed)
	g.Hazards, g.NoVectors = *hazards, true
	c := generate(t, g, func(tab *gen.Table) {
		if _, err := exec("DROP TABLE IF EXISTS " + tab.Def.Name + "; " + tab.DDL()); err != nil {
			t.Fatal(err)
		}
		if _, err := pg.CopyFrom(ctx, bytes.NewReader(tab.CopyData()), "COPY "+tab.Def.Name+" FROM STDIN CSV"); err != nil {
			t.Fatal(err)
		}
	})
	unsupported, rows, failed := 0, 0, 0
	for range *queries {
		q := g.Query()
		want, wantErr := exec(q.SQL)
		p, err := planOf(t, c, q.SQL)
		var got [][]sqltype.Datum
		if err == nil {
			got, err = Run(p.Root, nil, nil)
		}
		if err != nil && sqlstate.Of(err).Code == sqlstate.FeatureNotSupported {
			unsupported++
			continue
		}
		if wantErr != nil || err != nil {
			compareErrors(t, q.SQL, wantErr, err)
			failed++
			continue
		}
		rows += len(got)
		types := make([]sqltype.Type, len(p.Columns))
		for i, col := range p.Columns {
			types[i] = col.Type
		}
		if diff := Compare(types, parseRows(t, types, want[0].Rows), got, q.Ordered); diff != "" {
			t.Errorf("%s\n%s", q.SQL, diff)
		}
	}
	t.Logf("%d queries: %d rows, %d errors, %d not supported", *queries, rows, failed, unsupported)
}

func compareErrors(t *testing.T, sql string, want, got error) {
	if want == nil || got == nil {
		t.Errorf("%s\nerror %v, PostgreSQL: %v", sql, got, want)
		return
	}
	w, ok := want.(*pgconn.PgError)
	if g := sqlstate.Of(got); !ok || string(g.Code) != w.Code {
		t.Errorf("%s\n%s: %s, PostgreSQL: %v", sql, g.Code, g.Message, want)
	}
}

func parseRows(t *testing.T, types []sqltype.Type, rows [][][]byte) [][]sqltype.Datum {
	out := make([][]sqltype.Datum, len(rows))
	for i, r := range rows {
		out[i] = make([]sqltype.Datum, len(r))
		for c, b := range r {
			if b == nil {
				out[i][c] = sqltype.NullDatum
				continue
			}
			typ := types[c]
			if typ.Kind == sqltype.Numeric {
				typ = sqltype.Of(sqltype.Numeric)
			}
			v, err := sqltype.Parse(typ, string(b))
			if err != nil {
				t.Fatalf("%s: %v", b, err)
			}
			out[i][c] = v
		}
	}
	return out
}
