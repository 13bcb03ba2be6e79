// Package gen makes random tables and queries over them, by seed, for tests that compare ways of running a query.
//
// It knows SQL text and values, nothing of plans or of how queries run. Tables have columns of every type, some with small
// values that arithmetic may use freely, some (x…) with the extremes of their type, which queries only compare, group and
// pass on, so that most queries do not end in an error.
package gen

import (
	"fmt"
	"math"
	"math/rand"
	"strings"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// Generator makes tables and queries; the same seed makes the same ones.
type Generator struct {
	// Hazards is how often, in percent, arithmetic is let loose on extremes and divisors may be zero, so that queries end in
	// errors. Which error is met first, and whether one is met at all behind LIMIT or in a row that another condition drops,
	// may differ between ways of running a query.
	Hazards int
	// Params is how often, in percent, a value is a parameter of the query.
	Params int
	// NoVectors leaves vectors out: they are an extension's type in PostgreSQL.
	NoVectors bool

	r      *rand.Rand
	tables []*Table
	params []string // of the query being made
}

// New starts a generator.
func New(seed int64) *Generator { return &Generator{r: rand.New(rand.NewSource(seed))} }

// Table is a table with its rows.
type Table struct {
	Def  *catalog.Table
	Rows [][]sqltype.Datum
}

// column is a column's type and how its values are drawn.
type column struct {
	name string
	typ  sqltype.Type
	draw func(r *rand.Rand, row int) sqltype.Datum
	safe bool // arithmetic on it does not overflow
}

func whole(low, high int64) func(*rand.Rand, int) sqltype.Datum {
	return func(r *rand.Rand, _ int) sqltype.Datum { return sqltype.Datum{I: low + r.Int63n(high-low+1)} }
}

func oneOf(vs ...int64) func(*rand.Rand, int) sqltype.Datum {
	return func(r *rand.Rand, _ int) sqltype.Datum { return sqltype.Datum{I: vs[r.Intn(len(vs))]} }
}

func floats(vs ...float64) func(*rand.Rand, int) sqltype.Datum {
	return func(r *rand.Rand, _ int) sqltype.Datum { return sqltype.Datum{F: vs[r.Intn(len(vs))]} }
}

func decimals(span int64, scale int32) func(*rand.Rand, int) sqltype.Datum {
	return func(r *rand.Rand, _ int) sqltype.Datum {
		return sqltype.Datum{N: sqltype.NewDecimal(r.Int63n(2*span+1)-span, scale)}
	}
}

var someWords = []string{"", "a", "ab", "ABC", "forest", "forest green", "PROMO BRUSHED", "50%", "a_b", "é", "naïve", "日本", "x y", "'quoted'", "zz"}

func words(most int, pad bool) func(*rand.Rand, int) sqltype.Datum {
	return func(r *rand.Rand, _ int) sqltype.Datum {
		w := []rune(someWords[r.Intn(len(someWords))])
		if len(w) > most {
			w = w[:most]
		}
		s := string(w)
		if pad {
			s += strings.Repeat(" ", most-len(w))
		}
		return sqltype.Datum{S: s}
	}
}

var columns = []column{
	{"id", sqltype.Of(sqltype.Int8), func(_ *rand.Rand, row int) sqltype.Datum { return sqltype.Datum{I: int64(row)} }, true},
	{"b", sqltype.Of(sqltype.Bool), whole(0, 1), true},
	{"s", sqltype.Of(sqltype.Int2), whole(-20, 20), true},
	{"i", sqltype.Of(sqltype.Int4), whole(-300, 300), true},
	{"l", sqltype.Of(sqltype.Int8), whole(-100000, 100000), true},
	{"r", sqltype.Of(sqltype.Float4), floats(-2.5, -1, -0.25, 0, 0.5, 1, 1.75, 3, 12.5), true},
	{"f", sqltype.Of(sqltype.Float8), floats(-1000.125, -3, -0.1, 0, 0.1, 0.5, 2, 7.25, 1e6), true},
	{"n", sqltype.NumericOf(12, 2), decimals(1000000, 2), true},
	{"w", sqltype.NumericOf(30, 4), decimals(math.MaxInt64/4, 4), true},
	{"u", sqltype.Of(sqltype.Numeric), decimals(99999, 3), true},
	{"t", sqltype.Of(sqltype.Text), words(99, false), true},
	{"v", sqltype.Type{Kind: sqltype.Varchar, Mod: 10}, words(10, false), true},
	{"c", sqltype.Type{Kind: sqltype.Char, Mod: 5}, words(5, true), true},
	{"d", sqltype.Of(sqltype.Date), whole(-3000, 9000), true},
	{"ts", sqltype.Of(sqltype.Timestamp), whole(-3e14, 8e14), true},
	{"xs", sqltype.Of(sqltype.Int2), oneOf(math.MinInt16, -1, 0, 1, math.MaxInt16), false},
	{"xi", sqltype.Of(sqltype.Int4), oneOf(math.MinInt32, -1, 0, 1, math.MaxInt32), false},
	{"xl", sqltype.Of(sqltype.Int8), oneOf(math.MinInt64, -1, 0, 1, math.MaxInt64), false},
	{"xf", sqltype.Of(sqltype.Float8), floats(math.Inf(-1), -math.MaxFloat64, math.Copysign(0, -1), 0, 5e-324, math.Inf(1), math.NaN()), false},
	{"xn", sqltype.NumericOf(18, 0), oneOfDecimals(-999999999999999999, 0, 999999999999999999), false},
	{"xd", sqltype.Of(sqltype.Date), oneOf(math.MinInt32, math.MaxInt32, 0, -730122), false},
}

func oneOfDecimals(vs ...int64) func(*rand.Rand, int) sqltype.Datum {
	return func(r *rand.Rand, _ int) sqltype.Datum {
		return sqltype.Datum{N: sqltype.NewDecimal(vs[r.Intn(len(vs))], 0)}
	}
}

// Table makes a table that later queries may use: id, which is unique and not null, and a random choice of the other
// columns; each has nulls or not.
func (g *Generator) Table(name string, rows int) *Table {
	t := &Table{Def: &catalog.Table{Schema: "public", Name: name}}
	var chosen []column
	for _, c := range append(columns[:len(columns):len(columns)], arrayColumns...) {
		if c.typ.Kind == sqltype.Vector && g.NoVectors {
			continue
		}
		if c.name != "id" && g.r.Intn(4) == 0 {
			continue
		}
		chosen = append(chosen, c)
		t.Def.Columns = append(t.Def.Columns, catalog.Column{Name: c.name, Type: c.typ, NotNull: c.name == "id" || g.r.Intn(3) == 0})
	}
	nulls := g.r.Intn(3) * g.r.Intn(40)
	for i := range rows {
		row := make([]sqltype.Datum, len(chosen))
		for k, c := range chosen {
			row[k] = c.draw(g.r, i)
			if !t.Def.Columns[k].NotNull && g.r.Intn(100) < nulls {
				row[k] = sqltype.NullDatum
			}
		}
		t.Rows = append(t.Rows, row)
	}
	g.tables = append(g.tables, t)
	return t
}

// DDL is the statement that creates the table.
func (t *Table) DDL() string {
	var cols []string
	for _, c := range t.Def.Columns {
		s := c.Name + " " + c.Type.String()
		if c.NotNull {
			s += " NOT NULL"
		}
		cols = append(cols, s)
	}
	return fmt.Sprintf("CREATE TABLE %s (%s)", t.Def.Name, strings.Join(cols, ", "))
}

// CopyData is the rows as CSV, with the options that COPY has by default.
func (t *Table) CopyData() []byte {
	var b []byte
	for _, row := range t.Rows {
		for i, v := range row {
			if i > 0 {
				b = append(b, ',')
			}
			if v.Null {
				continue
			}
			s := sqltype.Format(t.Def.Columns[i].Type, v)
			if t.Def.Columns[i].Type.Kind.IsString() || t.Def.Columns[i].Type.Kind == sqltype.Array || t.Def.Columns[i].Type.Kind == sqltype.Vector {
				s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
			}
			b = append(b, s...)
		}
		b = append(b, '\n')
	}
	return b
}
