package gen

import (
	"fmt"
	"strings"

	"github.com/flernd/flernd/internal/storage/sqltype"
)

// anyKind asks for an expression of whatever type.
const anyKind = sqltype.Unknown

var orderedKinds = []sqltype.Kind{sqltype.Int2, sqltype.Int4, sqltype.Int8, sqltype.Float4, sqltype.Float8, sqltype.Numeric,
	sqltype.Text, sqltype.Char, sqltype.Date, sqltype.Timestamp}

var allKinds = append([]sqltype.Kind{sqltype.Bool}, orderedKinds...)

// column is a column of the kind, with any values, or a literal where there is none.
func (s *scope) column(k sqltype.Kind) string { return s.leaf(k, false) }

func (s *scope) leaf(k sqltype.Kind, safe bool) string {
	var names []string
	safe = safe && !s.g.chance(s.g.Hazards)
	for _, c := range s.cols {
		same := c.kind == k || k == anyKind || k == sqltype.Text && c.kind == sqltype.Varchar
		if same && (c.safe || !safe) {
			names = append(names, c.name)
		}
	}
	if len(names) == 0 {
		return s.literal(k)
	}
	return names[s.g.r.Intn(len(names))]
}

func (s *scope) literal(k sqltype.Kind) string {
	g := s.g
	if g.chance(g.Params) && k != anyKind {
		return g.param(typeName(k), g.value(k))
	}
	if g.chance(4) && k != anyKind {
		return "NULL::" + typeName(k)
	}
	switch k {
	case sqltype.Bool:
		return g.pick("true", "false")
	case sqltype.Int2:
		return fmt.Sprintf("%d::smallint", g.r.Intn(20))
	case sqltype.Int8:
		return fmt.Sprintf("%d::bigint", g.r.Intn(100000))
	case sqltype.Float4:
		return g.pick("0.5", "2", "1.25") + "::real"
	case sqltype.Float8:
		return g.pick("0.5", "3", "1e3", "0.1") + "::float8"
	case sqltype.Numeric:
		return fmt.Sprintf("%d.%02d", g.r.Intn(1000), g.r.Intn(100))
	case sqltype.Text:
		return quoted(someWords[g.r.Intn(len(someWords))]) + "::text"
	case sqltype.Char:
		return quoted(g.pick("", "a", "ab", "ABC", "é", "zz", "x y")) + "::char(5)"
	case sqltype.Date:
		return fmt.Sprintf("date '%d-%02d-%02d'", 1992+g.r.Intn(30), 1+g.r.Intn(12), 1+g.r.Intn(28))
	case sqltype.Timestamp:
		return fmt.Sprintf("timestamp '%d-%02d-%02d %02d:30:15.25'", 1992+g.r.Intn(30), 1+g.r.Intn(12), 1+g.r.Intn(28), g.r.Intn(24))
	}
	return fmt.Sprint(g.r.Intn(300))
}

// expr is an expression of the kind; its size is bounded by depth. Arithmetic stays within each type.
func (s *scope) expr(k sqltype.Kind, depth int) string {
	if k == anyKind {
		k = allKinds[s.g.r.Intn(len(allKinds))]
	}
	if k == sqltype.Bool {
		return s.condition(depth)
	}
	if depth == 0 || s.g.chance(20) {
		if s.g.chance(25) {
			return s.literal(k)
		}
		return s.leaf(k, true)
	}
	switch s.g.r.Intn(10) {
	case 9:
		if e := s.ofArray(k); e != "" {
			return e
		}
	case 8:
		if guarded := s.guarded(k); guarded != "" {
			return guarded
		}
	case 0:
		return fmt.Sprintf("CASE WHEN %s THEN %s ELSE %s END", s.condition(depth-1), s.expr(k, depth-1), s.expr(k, depth-1))
	case 1:
		return fmt.Sprintf("coalesce(%s, %s)", s.expr(k, depth-1), s.expr(k, depth-1))
	case 2:
		return fmt.Sprintf("%s(%s, %s)", s.g.pick("greatest", "least", "nullif"), s.expr(k, depth-1), s.expr(k, depth-1))
	}
	return s.function(k, depth)
}

func (s *scope) function(k sqltype.Kind, depth int) string {
	g := s.g
	sub := func(k sqltype.Kind) string { return s.expr(k, depth-1) }
	switch k {
	case sqltype.Int2:
		return fmt.Sprintf("(%s %% 13::smallint)", s.leaf(k, true))
	case sqltype.Int4:
		switch g.r.Intn(5) {
		case 0:
			return fmt.Sprintf("length(%s)", sub(sqltype.Text))
		case 1:
			return fmt.Sprintf("(%s - %s)", s.leaf(sqltype.Date, true), s.literal(sqltype.Date))
		case 2:
			return fmt.Sprintf("(%s %s %s)", s.leaf(k, true), g.pick("/", "%"), s.divisor(k))
		case 3:
			return fmt.Sprintf("(%s)::integer", s.leaf(sqltype.Numeric, true)+" % 1000")
		}
		return fmt.Sprintf("(%s %s %s)", s.leaf(k, true), g.pick("+", "-", "*"), s.leaf(k, true))
	case sqltype.Int8:
		return fmt.Sprintf("(%s %s %s)", s.leaf(k, true), g.pick("+", "-", "*"), s.leaf(g.pickKind(k, sqltype.Int4, sqltype.Int2), true))
	case sqltype.Float4:
		return fmt.Sprintf("(%s %s %s)", s.leaf(k, true), g.pick("+", "-", "*"), s.literal(k))
	case sqltype.Float8:
		if g.chance(40) {
			return fmt.Sprintf("%s(%s)", g.pick("abs", "floor", "ceil", "round", "trunc", "sign", "tanh", "sin"), s.leaf(k, true))
		}
		return fmt.Sprintf("(%s %s %s)", s.leaf(k, true), g.pick("+", "-", "*"), sub(g.pickKind(k, sqltype.Int4)))
	case sqltype.Numeric:
		return s.numeric(depth)
	case sqltype.Text:
		return s.text(depth)
	case sqltype.Date:
		return fmt.Sprintf("(%s %s %d)", s.leaf(k, true), g.pick("+", "-"), g.r.Intn(400))
	case sqltype.Timestamp:
		switch g.r.Intn(3) {
		case 0:
			return fmt.Sprintf("date_trunc('%s', %s)", g.pick("hour", "day", "month", "quarter", "year", "week"), s.leaf(k, true))
		case 1:
			return fmt.Sprintf("(%s)::timestamp", s.leaf(sqltype.Date, true))
		}
		return fmt.Sprintf("(%s %s interval '%s')", s.leaf(g.pickKind(k, sqltype.Date), true), g.pick("+", "-"),
			g.pick("1 month", "3 days", "1 year 2 hours", "90 minutes", "-45 days"))
	}
	return s.leaf(k, true)
}

// divisor is not zero, or only at a hazard.
func (s *scope) divisor(k sqltype.Kind) string {
	if s.g.chance(s.g.Hazards) {
		return s.leaf(k, true)
	}
	return fmt.Sprintf("nullif(%s, 0)", s.leaf(k, true))
}

func (g *Generator) pickKind(ks ...sqltype.Kind) sqltype.Kind { return ks[g.r.Intn(len(ks))] }

func (s *scope) numeric(depth int) string {
	g := s.g
	a := s.leaf(sqltype.Numeric, true)
	switch g.r.Intn(6) {
	case 0:
		return fmt.Sprintf("round(%s, %d)", a, g.r.Intn(5)-1)
	case 1:
		return fmt.Sprintf("(%s / %s)", a, s.divisor(sqltype.Numeric))
	case 2:
		return fmt.Sprintf("%s(%s)", g.pick("abs", "floor", "ceil", "-", "trunc"), a)
	case 3:
		return fmt.Sprintf("extract(%s FROM %s)", g.pick("year", "month", "day", "dow", "doy", "quarter"), s.leaf(sqltype.Date, true))
	case 4:
		if g.chance(g.Hazards) {
			return fmt.Sprintf("(%s)::numeric(5,1)", a)
		}
		return fmt.Sprintf("(%s)::numeric(%d,%d)", s.expr(g.pickKind(sqltype.Int4, sqltype.Numeric), depth-1), 38, g.r.Intn(4))
	}
	return fmt.Sprintf("(%s %s %s)", a, g.pick("+", "-", "*"), s.expr(g.pickKind(sqltype.Int4, sqltype.Numeric), depth-1))
}

func (s *scope) text(depth int) string {
	g := s.g
	a := s.expr(sqltype.Text, depth-1)
	switch g.r.Intn(7) {
	case 0:
		return fmt.Sprintf("(%s || %s)", a, s.leaf(sqltype.Text, true))
	case 1:
		return fmt.Sprintf("%s(%s)", g.pick("upper", "lower", "btrim", "ltrim", "rtrim"), a)
	case 2:
		return fmt.Sprintf("substring(%s from %d for %d)", a, g.r.Intn(6)-1, g.r.Intn(6))
	case 3:
		return fmt.Sprintf("%s(%s, %d)", g.pick("left", "right"), a, g.r.Intn(9)-4)
	case 4:
		return fmt.Sprintf("replace(%s, %s, %s)", a, s.literal(sqltype.Text), s.literal(sqltype.Text))
	case 5:
		k := g.pickKind(sqltype.Int4, sqltype.Int8, sqltype.Numeric, sqltype.Date, sqltype.Timestamp, sqltype.Bool)
		return fmt.Sprintf("(%s)::text", s.leaf(k, false))
	}
	return fmt.Sprintf("(%s)::varchar(%d)::text", a, 1+g.r.Intn(6))
}

// condition is a boolean expression.
func (s *scope) condition(depth int) string {
	g := s.g
	if depth > 0 {
		switch g.r.Intn(6) {
		case 0:
			return fmt.Sprintf("(%s %s %s)", s.condition(depth-1), g.pick("AND", "OR"), s.condition(depth-1))
		case 1:
			return fmt.Sprintf("(NOT %s)", s.condition(depth-1))
		}
	}
	if g.chance(3) { // whatever the number is
		return g.pick("(random() < 1)", "(floor(random() * 3)::integer IN (0, 1, 2))", "(floor(random() * 9)::integer NOT IN (9, 10, 11, 12, 13))",
			"(random() + 1 BETWEEN 1 AND 2)")
	}
	if g.chance(7) {
		return s.ofArrays(depth)
	}
	if g.chance(5) { // a cast that may raise, beside a constant that every type can hold
		narrow := fmt.Sprintf("%s::%s", s.leaf(g.pickKind(sqltype.Int8, sqltype.Int4, sqltype.Numeric, sqltype.Float8), true),
			g.pick("integer", "integer", "smallint", "real"))
		return fmt.Sprintf("(%s %s)", narrow, g.pick("= 5", "<> 5", "< 100", ">= -3", "IN (1, 5, 9)", "BETWEEN 2 AND 12"))
	}
	k := orderedKinds[g.r.Intn(len(orderedKinds))]
	a := s.leaf(k, false)
	if depth > 0 && g.chance(50) {
		a = s.expr(k, depth-1)
	}
	switch g.r.Intn(8) {
	case 0:
		return fmt.Sprintf("(%s IS %sNULL)", a, g.pick("", "NOT "))
	case 1:
		return fmt.Sprintf("(%s BETWEEN %s AND %s)", a, s.literal(k), s.literal(k))
	case 2:
		list := make([]string, 1+g.r.Intn(8))
		for i := range list {
			list[i] = s.literal(k)
		}
		return fmt.Sprintf("(%s %sIN (%s))", a, g.pick("", "NOT "), strings.Join(list, ", "))
	case 3:
		t := s.leaf(sqltype.Text, true)
		pattern := g.either("text", g.pick("%a%", "f%", "%b", "_", "%", "PROMO%", "a\\_b", "%_e_%n"))
		if g.chance(15) {
			pattern = fmt.Sprintf("replace(%s, '\\', '')", s.leaf(sqltype.Text, true)) // of column and column, rarely equal
		}
		return fmt.Sprintf("(%s %s %s)", t, g.pick("LIKE", "NOT LIKE", "ILIKE"), pattern)
	case 4:
		return fmt.Sprintf("(%s IS DISTINCT FROM %s)", a, s.leaf(k, false))
	case 5:
		if b := s.leaf(sqltype.Bool, true); !strings.HasPrefix(b, "NULL") {
			return b
		}
	}
	other := s.literal(k)
	if g.chance(40) {
		other = s.leaf(k, false)
	}
	return fmt.Sprintf("(%s %s %s)", a, g.pick("=", "<>", "<", "<=", ">", ">="), other)
}
