package session

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/compile"
	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// keyStore is a transaction over one table of segments without contents.
type keyStore struct {
	Tx
	segments []*table.Segment
}

func (s *keyStore) Snapshot(t *catalog.Table) (*table.Snapshot, error) {
	var stats table.Stats
	for _, segment := range s.segments {
		stats = stats.With(segment)
	}
	return table.NewSnapshot(t, s.segments, nil, stats, nil), nil
}

func (s *keyStore) Append(t *catalog.Table, rows *table.Append) error {
	for _, image := range rows.Segments {
		s.segments = append(s.segments[:len(s.segments):len(s.segments)],
			&table.Segment{ID: uint64(len(s.segments) + 1), Rows: image.Rows, Cols: image.Cols})
	}
	return nil
}

// keyEngine plans and runs by writing down the text; the query number found (from 1 on) finds a duplicate.
type keyEngine struct {
	Engine
	queries []string
	found   int
	fails   error
}

func (e *keyEngine) Plan(stmt dialect.Stmt, env planner.Env) (*planner.Planned, error) {
	if strings.Contains(stmt.SQL(), appendedSchema) {
		if _, ok := env.Catalog.Table(appendedSchema, "t"); !ok {
			return nil, fmt.Errorf("the appended rows are no table")
		}
	}
	e.queries = append(e.queries, stmt.SQL())
	return &planner.Planned{Root: &physical.Values{}}, nil
}

func (e *keyEngine) Run(_ context.Context, _ physical.Node, _ []sqltype.Datum, options compile.RunOptions) (*compile.RunResult, error) {
	if len(e.queries) == e.found {
		if err := options.Out(appendRow(nil, "7", "x"), 1); err != nil {
			return nil, err
		}
	}
	return &compile.RunResult{}, e.fails
}

// keyTable has columns of the types, all of them its key: a, b, c …
func keyTable(types ...sqltype.Type) *catalog.Table {
	t := &catalog.Table{ID: 1, Schema: publicSchema, Name: "t"}
	for i, typ := range types {
		t.Columns = append(t.Columns, catalog.Column{Name: string(rune('a' + i)), Type: typ, NotNull: true})
		t.PrimaryKey = append(t.PrimaryKey, i)
	}
	return t
}

// image has the rows and, a column each, the bounds.
func image(rows int64, bounds ...keyBounds) table.Image {
	i := table.Image{Rows: rows}
	for _, b := range bounds {
		i.Cols = append(i.Cols, segment.Column{Stats: segment.Stats{HasBounds: b.known, MinInt: b.lo, MaxInt: b.hi}})
	}
	return i
}

func from(lo, hi int64) keyBounds { return keyBounds{true, lo, hi} }

// appendTo appends images one by one to a table through a session and returns the queries that the last one took.
func appendTo(t *testing.T, def *catalog.Table, engine *keyEngine, images ...table.Image) ([]string, error) {
	t.Helper()
	s, err := New(&Config{Planner: engine, Engine: engine, Now: time.Now}, "flern", "flern", nil)
	if err != nil {
		t.Fatal(err)
	}
	s.ensure()
	store := &keyStore{}
	for i, image := range images {
		engine.queries = nil
		err = s.appendUnique(context.Background(), &view{Tx: store, settings: s.settings}, def, &table.Append{Segments: []table.Image{image}})
		if err != nil && i < len(images)-1 {
			t.Fatal(err)
		}
	}
	return engine.queries, err
}

func TestKeyQueries(t *testing.T) {
	int4, text := sqltype.Of(sqltype.Int4), sqltype.Of(sqltype.Text)
	unknown := keyBounds{}
	counted := func(key, where string) string {
		return "SELECT " + key + " FROM public.t AS t" + where + " GROUP BY " + key + " HAVING pg_catalog.count(*) > 1 LIMIT 1"
	}
	between := " BETWEEN CAST('%d' AS integer) AND CAST('%d' AS integer)"
	for name, test := range map[string]struct {
		table  *catalog.Table
		images []table.Image
		want   string // "" for none
	}{
		"no key":               {&catalog.Table{Name: "t", Columns: keyTable(int4).Columns}, []table.Image{image(5, from(1, 2))}, ""},
		"no rows":              {keyTable(int4), []table.Image{image(5, from(1, 2)), image(0, unknown)}, ""},
		"first row":            {keyTable(text), []table.Image{image(1, unknown)}, ""},
		"first rows":           {keyTable(int4), []table.Image{image(2, from(1, 2))}, counted("t.a", " WHERE t.a"+fmt.Sprintf(between, 1, 2))},
		"a row behind":         {keyTable(int4), []table.Image{image(5, from(1, 6)), image(1, from(7, 7))}, ""},
		"a row before":         {keyTable(int4), []table.Image{image(5, from(1, 6)), image(1, from(0, 0))}, ""},
		"a row between":        {keyTable(int4), []table.Image{image(2, from(1, 6)), image(1, from(6, 6))}, counted("t.a", " WHERE t.a"+fmt.Sprintf(between, 6, 6))},
		"a row, no bounds":     {keyTable(text), []table.Image{image(2, unknown), image(1, unknown)}, counted("t.a", "")},
		"a row behind, second": {keyTable(text, int4), []table.Image{image(2, unknown, from(1, 6)), image(1, unknown, from(7, 7))}, ""},
		"bounds of one column": {keyTable(text, int4), []table.Image{image(2, unknown, from(3, 6))},
			counted("t.a, t.b", " WHERE t.b"+fmt.Sprintf(between, 3, 6))},
		"few rows to many": {keyTable(text), []table.Image{image(100, unknown), image(2, unknown)},
			"SELECT t.a FROM pg_appended.t AS a, public.t AS t WHERE a.a = t.a GROUP BY t.a HAVING pg_catalog.count(*) > 1 LIMIT 1"},
		"few rows to many elsewhere": {keyTable(int4), []table.Image{image(100, from(1, 9)), image(2, from(10, 12))},
			counted("t.a", " WHERE t.a"+fmt.Sprintf(between, 10, 12))},
	} {
		t.Run(name, func(t *testing.T) {
			queries, err := appendTo(t, test.table, &keyEngine{}, test.images...)
			if got := strings.Join(queries, "\n"); got != test.want || err != nil {
				t.Errorf("%v\n got %s\nwant %s", err, got, test.want)
			}
		})
	}
}

// TestKeySlices counts a big append by parts of its range: they must cover it, each value once.
func TestKeySlices(t *testing.T) {
	literals := regexp.MustCompile(`CAST\('(-?\d+)' AS bigint\)`)
	for _, b := range []keyBounds{from(1, 10_000_000), from(math.MinInt64, math.MaxInt64), from(math.MaxInt64-10, math.MaxInt64),
		from(-5, 5), from(3, 3), from(math.MinInt64, math.MinInt64+300)} {
		queries, err := appendTo(t, keyTable(sqltype.Of(sqltype.Int8)), &keyEngine{}, image(10_000_000, b))
		if err != nil {
			t.Fatal(err)
		}
		if len(queries) > maxSlices || uint64(b.hi)-uint64(b.lo) > 1000 && len(queries) < 10_000_000/sliceRows {
			t.Errorf("%v: %d slices", b, len(queries))
		}
		next, ended := b.lo, false
		for _, query := range queries {
			found := literals.FindAllStringSubmatch(query, -1)
			lo, _ := strconv.ParseInt(found[0][1], 10, 64)
			hi, _ := strconv.ParseInt(found[1][1], 10, 64)
			if ended || lo != next || hi < lo || hi > b.hi {
				t.Fatalf("%v: a slice from %d to %d after %d", b, lo, hi, next)
			}
			next, ended = hi+1, hi == b.hi
		}
		if !ended {
			t.Errorf("%v: the slices end before %d", b, next)
		}
	}
}

func TestKeyErrors(t *testing.T) {
	def := keyTable(sqltype.Of(sqltype.Int8), sqltype.Of(sqltype.Text))
	rows := image(1_000_000, from(1, 1_000_000), keyBounds{})
	queries, err := appendTo(t, def, &keyEngine{found: 2}, rows)
	if e := sqlstate.Of(err); len(queries) != 2 || e.Code != sqlstate.UniqueViolation || e.Detail != "Key (a, b)=(7, x) already exists." {
		t.Errorf("a duplicate in the second slice: %d queries, %v", len(queries), err)
	}
	_, err = appendTo(t, def, &keyEngine{fails: sqlstate.New(sqlstate.OutOfMemory, "out of memory").At(7)}, rows)
	if e := sqlstate.Of(err); e.Code != sqlstate.OutOfMemory || e.Position != 0 {
		t.Errorf("a query that fails: %v at %d", err, e.Position)
	}
}

func TestKeyLiterals(t *testing.T) {
	for want, test := range map[string]struct {
		typ   sqltype.Type
		value int64
	}{
		"CAST('-32768' AS smallint)":                                        {sqltype.Of(sqltype.Int2), -32768},
		"CAST('2000-01-02' AS date)":                                        {sqltype.Of(sqltype.Date), 1},
		"CAST('1999-12-31 23:59:59.999999' AS timestamp without time zone)": {sqltype.Of(sqltype.Timestamp), -1},
		"CAST('-0.05' AS numeric(10,2))":                                    {sqltype.Type{Kind: sqltype.Numeric, Mod: 10<<16 | 2}, -5},
		"CAST('2000-01-01 00:00:00.001' AS timestamp(3) without time zone)": {sqltype.Type{Kind: sqltype.Timestamp, Mod: 3}, 1000},
	} {
		if got := literal(test.typ, test.value); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
