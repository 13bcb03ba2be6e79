package gen

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/flernd/flernd/internal/storage/sqltype"
)

// Query is a statement, the texts of its parameters ("NULL" is a null), and whether the order of its rows is fixed.
type Query struct {
	SQL     string
	Params  []string
	Ordered bool
}

// scope is what a query's expressions may refer to.
type scope struct {
	g    *Generator
	cols []visible
}

type visible struct {
	name    string
	kind    sqltype.Kind
	element sqltype.Kind // of an array
	safe    bool
}

func (g *Generator) chance(percent int) bool { return g.r.Intn(100) < percent }

func (g *Generator) pick(ss ...string) string { return ss[g.r.Intn(len(ss))] }

// see adds a table's columns under an alias.
func (s *scope) see(t *Table, alias string) {
	for _, c := range t.Def.Columns {
		v := visible{alias + "." + c.Name, c.Type.Kind, c.Type.Elem, true}
		for _, d := range columns {
			if d.name == c.Name {
				v.safe = d.safe
			}
		}
		s.cols = append(s.cols, v)
	}
}

// Query makes a query over the tables made so far.
func (g *Generator) Query() Query {
	g.params = nil
	q := g.query()
	// What was drawn and not used has a number too; a gap would have no type.
	numbers := map[string]int{}
	q.SQL = paramName.ReplaceAllStringFunc(q.SQL, func(name string) string {
		if numbers[name] == 0 {
			n, _ := strconv.Atoi(name[1:]) // it is digits
			q.Params = append(q.Params, g.params[n-1])
			numbers[name] = len(q.Params)
		}
		return fmt.Sprintf("$%d", numbers[name])
	})
	return q
}

var paramName = regexp.MustCompile(`\$[0-9]+`)

func (g *Generator) query() Query {
	s := &scope{g: g}
	from, keys := s.from()
	var where string
	if g.chance(70) {
		where = " WHERE " + s.condition(2)
	}
	switch g.r.Intn(4) {
	case 0:
		return s.grouped(from, where)
	case 1:
		return Query{SQL: "SELECT " + s.aggregates(1+g.r.Intn(4)) + from + where, Ordered: true}
	}
	return s.plain(from, where, keys)
}

// from is one table, two that are joined, a subquery, or rows without a table; keys are columns that together tell rows
// apart.
func (s *scope) from() (from string, keys []string) {
	g := s.g
	a := g.tables[g.r.Intn(len(g.tables))]
	switch {
	case g.chance(10):
		return s.rows()
	case g.chance(10):
		s.see(a, "p")
		limit := g.pick("", "ALL", fmt.Sprint(g.r.Intn(3000)), g.param("bigint", g.pick("NULL", "0", "7", "1500")))
		if limit != "" {
			limit = " LIMIT " + limit
		}
		return fmt.Sprintf(" FROM (SELECT * FROM %s p ORDER BY p.id%s%s OFFSET %d) p", a.Def.Name, g.pick("", " DESC"), limit, g.r.Intn(600)),
			[]string{"p.id"}
	case g.chance(25):
		b := g.tables[g.r.Intn(len(g.tables))]
		s.see(a, "p")
		s.see(b, "q")
		on := "p.id = q.id"
		if g.chance(30) {
			on = g.pick("p.id + 1 = q.id", "p.id::numeric = q.id::numeric", "p.id::text = q.id::text", "p.id * 0.5 = q.id * 0.5", "p.id % 9 = q.id")
		}
		if g.chance(30) {
			on += " AND " + s.condition(1)
		}
		return fmt.Sprintf(" FROM %s p JOIN %s q ON %s", a.Def.Name, b.Def.Name, on), []string{"p.id", "q.id"}
	case g.chance(20):
		inner := &scope{g: g}
		inner.see(a, "p")
		s.see(a, "p")
		return fmt.Sprintf(" FROM (SELECT * FROM %s p WHERE %s) p", a.Def.Name, inner.condition(1)), []string{"p.id"}
	}
	s.see(a, "p")
	return fmt.Sprintf(" FROM %s p", a.Def.Name), []string{"p.id"}
}

func (s *scope) plain(from, where string, keys []string) Query {
	var out []string
	for i := range 1 + s.g.r.Intn(5) {
		e := s.expr(anyKind, 3)
		if s.g.chance(10) {
			e = s.array(s.g.elementKind(), 2)
		}
		out = append(out, fmt.Sprintf("%s AS o%d", e, i+1))
	}
	if s.g.chance(12) {
		return Query{SQL: "SELECT DISTINCT " + strings.Join(out, ", ") + from + where}
	}
	q := Query{SQL: "SELECT " + strings.Join(out, ", ") + from + where}
	if !s.g.chance(50) {
		return q
	}
	var order []string
	for range s.g.r.Intn(3) {
		order = append(order, s.column(anyKind)+s.g.pick("", " DESC", " NULLS FIRST", " DESC NULLS LAST"))
	}
	q.SQL += " ORDER BY " + strings.Join(append(order, keys...), ", ")
	q.Ordered = true
	if s.g.chance(50) {
		q.SQL += " LIMIT " + s.g.either("bigint", fmt.Sprint(s.g.r.Intn(30)))
		if s.g.chance(40) {
			q.SQL += " OFFSET " + s.g.either("bigint", fmt.Sprint(s.g.r.Intn(10)))
		}
	}
	return q
}

func (s *scope) grouped(from, where string) Query {
	var keys, out []string
	for i := range 1 + s.g.r.Intn(2) {
		k := s.column(anyKind)
		switch {
		case s.g.chance(30):
			k = s.expr(sqltype.Int4, 1) + " % 7"
		case s.g.chance(20):
			// Of a few dozen or some hundred values; a literal alone would be a column's number.
			k = s.column(s.g.pickKind(sqltype.Int2, sqltype.Int4)) + "::integer"
		case s.g.chance(60):
			k = s.computed()
		}
		keys = append(keys, k)
		out = append(out, fmt.Sprintf("%s AS k%d", k, i+1))
	}
	sql := fmt.Sprintf("SELECT %s, %s%s%s GROUP BY %s", strings.Join(out, ", "), s.aggregates(1+s.g.r.Intn(3)), from, where,
		strings.Join(keys, ", "))
	if s.g.chance(30) {
		sql += " HAVING count(*) > " + fmt.Sprint(s.g.r.Intn(3))
	}
	return Query{SQL: sql}
}

// computed is an expression of any kind that is no literal, which GROUP BY takes for a column's number or refuses.
func (s *scope) computed() string {
	k := allKinds[s.g.r.Intn(len(allKinds))]
	if k == sqltype.Bool {
		return fmt.Sprintf("(%s IS NOT FALSE)", s.condition(1))
	}
	if s.g.chance(50) {
		return fmt.Sprintf("nullif(%s, %s)", s.expr(k, 2), s.literal(k))
	}
	return s.function(k, 2)
}

var numberKinds = []sqltype.Kind{sqltype.Int2, sqltype.Int4, sqltype.Int8, sqltype.Float8, sqltype.Numeric}

func (s *scope) aggregates(n int) string {
	var out []string
	for range n {
		out = append(out, s.aggregate())
	}
	return strings.Join(out, ", ")
}

func (s *scope) aggregate() string {
	a := ""
	switch s.g.r.Intn(7) {
	case 6:
		if a = s.ofArraysAggregate(); a == "" {
			a = "count(*)"
		}
	case 0:
		a = "count(*)"
	case 1:
		a = fmt.Sprintf("count(%s%s)", s.g.pick("", "DISTINCT "), s.column(anyKind))
		if s.g.chance(30) {
			a = fmt.Sprintf("count(DISTINCT %s)", s.computed())
		}
	case 2:
		a = fmt.Sprintf("%s(%s)", s.g.pick("min", "max"), s.column(orderedKinds[s.g.r.Intn(len(orderedKinds))]))
	case 3:
		a = fmt.Sprintf("%s(%s)", s.g.pick("bool_and", "bool_or"), s.condition(1))
	case 4:
		if s.g.chance(10) { // overflows or not, in whatever order
			x := s.column(sqltype.Float8)
			a = fmt.Sprintf("%s(CASE WHEN abs(%s) < 'Infinity' THEN abs(%s) END)", s.g.pick("sum", "avg"), x, x)
			break
		}
		fallthrough
	default:
		a = fmt.Sprintf("%s(%s)", s.g.pick("sum", "avg"), s.expr(numberKinds[s.g.r.Intn(len(numberKinds))], 2))
	}
	if s.g.chance(15) {
		a += " FILTER (WHERE " + s.condition(1) + ")"
	}
	return a
}
