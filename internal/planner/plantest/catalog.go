// Package plantest has a catalog of made-up tables and models for the tests of the planner and of those who run its plans:
// the TPC-H schema with statistics like those of scale factor 1, the table and the model of the demonstration, and a few
// tables of all types.
package plantest

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/flernd/flernd/internal/planner/bind"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
)

// Catalog is a fixed set of tables and models.
type Catalog struct {
	tables map[string]*catalog.Table
	snaps  map[string]*table.Snapshot
	models map[string]*logical.Model
}

// Table implements bind.Catalog.
func (c *Catalog) Table(schema, name string) (*catalog.Table, bool) {
	if schema != "" && schema != "public" {
		return nil, false
	}
	t, ok := c.tables[name]
	return t, ok
}

// Snapshot implements bind.Catalog.
func (c *Catalog) Snapshot(t *catalog.Table) (*table.Snapshot, error) { return c.snaps[t.Name], nil }

// Model implements bind.Catalog.
func (c *Catalog) Model(name string) (*logical.Model, error) { return c.models[name], nil }

// Signature implements bind.Catalog.
func (c *Catalog) Signature(name string) (*logical.Model, error) { return c.Model(name) }

// Models implements bind.Catalog.
func (c *Catalog) Models() []string { return slices.Sorted(maps.Keys(c.models)) }

// Env is an environment over the catalog at a fixed moment.
func Env(c *Catalog) bind.Env {
	return bind.Env{Catalog: c, Now: time.Date(2026, 3, 14, 15, 9, 26, 535897000, time.UTC), Database: "flern", User: "flern",
		ServerVersion: "15.0"}
}

// New makes the catalog.
func New() *Catalog {
	c := &Catalog{tables: map[string]*catalog.Table{}, snaps: map[string]*table.Snapshot{}, models: map[string]*logical.Model{}}
	for _, line := range strings.Split(strings.TrimSpace(schema), "\n") {
		c.add(line)
	}
	real4 := []logical.Column{col("c1", "real"), col("c2", "real"), col("c3", "real"), col("c4", "real")}
	c.models["classifier"] = &logical.Model{Name: "classifier", Version: 1, ID: 1, Inputs: real4,
		Outputs: []logical.Column{col("class", "bigint")}}
	c.models["scorer"] = &logical.Model{Name: "scorer", Version: 3, ID: 2, Inputs: real4[:2],
		Outputs: []logical.Column{col("label", "bigint"), {Name: "probabilities", Type: sqltype.ArrayOf(sqltype.Float4, 3)}}}
	c.models["scorer"].Inside = inside(100)
	c.models["deep"] = &logical.Model{Name: "deep", Version: 1, ID: 4, Inputs: real4[:2], Inside: inside(1_000_000),
		Outputs: []logical.Column{col("score", "real")}}
	c.models["ranker"] = &logical.Model{Name: "ranker", Version: 1, ID: 3, Inputs: []logical.Column{col("n", "bigint"), col("m", "integer")},
		Outputs: []logical.Column{col("rank", "bigint")}}
	return c
}

func col(name, typ string) logical.Column { return logical.Column{Name: name, Type: parseType(typ)} }

// add reads "table rows: column type [!] [low..high] [~distinct], …"; ! stands for NOT NULL.
func (c *Catalog) add(line string) {
	head, cols, _ := strings.Cut(line, ": ")
	var name string
	var rows int64
	if _, err := fmt.Sscan(head, &name, &rows); err != nil {
		panic(err)
	}
	t := &catalog.Table{ID: uint64(len(c.tables) + 1), Schema: "public", Name: name}
	snap := &table.Snapshot{Table: t, Rows: rows}
	for _, def := range strings.Split(cols, ", ") {
		f := strings.Fields(def)
		column := catalog.Column{Name: f[0], Type: parseType(f[1])}
		st := segment.Stats{}
		for _, opt := range f[2:] {
			switch {
			case opt == "!":
				column.NotNull = true
			case opt[0] == '~':
				fmt.Sscan(opt[1:], &st.Distinct)
			default:
				st.HasBounds = true
				fmt.Sscanf(opt, "%d..%d", &st.MinInt, &st.MaxInt)
				st.MinFloat, st.MaxFloat = float64(st.MinInt), float64(st.MaxInt)
			}
		}
		t.Columns = append(t.Columns, column)
		snap.Stats = append(snap.Stats, st)
	}
	c.tables[name], c.snaps[name] = t, snap
}

func parseType(s string) sqltype.Type {
	name, mod, _ := strings.Cut(strings.TrimSuffix(s, ")"), "(")
	var a, b int
	fmt.Sscanf(mod, "%d|%d", &a, &b)
	switch name {
	case "numeric":
		if mod == "" {
			return sqltype.Of(sqltype.Numeric)
		}
		return sqltype.NumericOf(a, b)
	case "varchar":
		return sqltype.Type{Kind: sqltype.Varchar, Mod: int32(a)}
	case "char":
		return sqltype.Type{Kind: sqltype.Char, Mod: int32(a)}
	}
	kinds := map[string]sqltype.Kind{"boolean": sqltype.Bool, "smallint": sqltype.Int2, "integer": sqltype.Int4,
		"bigint": sqltype.Int8, "real": sqltype.Float4, "float8": sqltype.Float8, "text": sqltype.Text, "date": sqltype.Date,
		"timestamp": sqltype.Timestamp, "interval": sqltype.Interval}
	k, ok := kinds[name]
	if !ok {
		panic("plantest: type " + s)
	}
	return sqltype.Of(k)
}

// Dates are days since 2000-01-01 and numerics unscaled, as in the statistics of segments.
const schema = `
region 5: r_regionkey integer ! 0..4 ~5, r_name varchar(25) ! ~5, r_comment varchar(152)
nation 25: n_nationkey integer ! 0..24 ~25, n_name varchar(25) ! ~25, n_regionkey integer ! 0..4 ~5, n_comment varchar(152)
part 200000: p_partkey bigint ! 1..200000 ~200000, p_name varchar(55) ! ~199997, p_mfgr varchar(25) ! ~5, p_brand varchar(10) ! ~25, p_type varchar(25) ! ~150, p_size integer ! 1..50 ~50, p_container varchar(10) ! ~40, p_retailprice numeric(15|2) ! 90100..209900 ~20899, p_comment varchar(23) ! ~131753
supplier 10000: s_suppkey bigint ! 1..10000 ~10000, s_name varchar(25) ! ~10000, s_address varchar(40) ! ~10000, s_nationkey integer ! 0..24 ~25, s_phone varchar(15) ! ~10000, s_acctbal numeric(15|2) ! -99822..999972 ~9955, s_comment varchar(101) ! ~10000
partsupp 800000: ps_partkey bigint ! 1..200000 ~200000, ps_suppkey bigint ! 1..10000 ~10000, ps_availqty integer ! 1..9999 ~9999, ps_supplycost numeric(15|2) ! 100..100000 ~99865, ps_comment varchar(199) ! ~799124
customer 150000: c_custkey bigint ! 1..150000 ~150000, c_name varchar(25) ! ~150000, c_address varchar(40) ! ~150000, c_nationkey integer ! 0..24 ~25, c_phone varchar(15) ! ~150000, c_acctbal numeric(15|2) ! -99999..999999 ~140187, c_mktsegment varchar(10) ! ~5, c_comment varchar(117) ! ~149968
orders 1500000: o_orderkey bigint ! 1..6000000 ~1500000, o_custkey bigint ! 1..149999 ~99996, o_orderstatus varchar(1) ! ~3, o_totalprice numeric(15|2) ! 85771..55528516 ~1464556, o_orderdate date ! -2922..-517 ~2406, o_orderpriority varchar(15) ! ~5, o_clerk varchar(15) ! ~1000, o_shippriority integer ! 0..0 ~1, o_comment varchar(79) ! ~1482071
lineitem 6001215: l_orderkey bigint ! 1..6000000 ~1500000, l_partkey bigint ! 1..200000 ~200000, l_suppkey bigint ! 1..10000 ~10000, l_linenumber bigint ! 1..7 ~7, l_quantity numeric(15|2) ! 100..5000 ~50, l_extendedprice numeric(15|2) ! 90100..10494950 ~933900, l_discount numeric(15|2) ! 0..10 ~11, l_tax numeric(15|2) ! 0..8 ~9, l_returnflag varchar(1) ! ~3, l_linestatus varchar(1) ! ~2, l_shipdate date ! -2921..-396 ~2526, l_commitdate date ! -2892..-425 ~2466, l_receiptdate date ! -2919..-366 ~2554, l_shipinstruct varchar(25) ! ~4, l_shipmode varchar(10) ! ~7, l_comment varchar(44) ! ~4580667
data 10000000: id bigint ! 1..10000000 ~10000000, real_class integer 0..3 ~4, c1 real 0..10, c2 real 0..10, c3 real 0..10, c4 real 0..10
big 0: i bigint, a real, b real
t 1000: a integer 1..1000 ~1000, b text, c numeric(10|2), d date, e float8, f boolean, g smallint, h bigint, ts timestamp, iv interval, vc varchar(5), ch char(3), r real, n numeric
u 100: a integer 1..100 ~100, x text, y bigint`

// DDL is the CREATE TABLE statements of the catalog's tables, sorted by name.
func (c *Catalog) DDL() []string {
	var out []string
	for name, t := range c.tables {
		cols := make([]string, len(t.Columns))
		for i, col := range t.Columns {
			cols[i] = col.Name + " " + col.Type.String()
			if col.NotNull {
				cols[i] += " NOT NULL"
			}
		}
		out = append(out, "CREATE TABLE "+name+" ("+strings.Join(cols, ", ")+");")
	}
	sort.Strings(out)
	return out
}

// inside is what a model tells of itself: that it reads all inputs, and how many operations it takes.
type inside int64

func (m inside) Reads(outputs []bool) []bool         { return []bool{true, true} }
func (m inside) Work(outputs []bool) int64           { return int64(m) }
func (m inside) Facts(outputs []bool) []logical.Fact { return nil }
