package gen

import (
	"fmt"
	"math"
	"math/rand"
	"strings"

	"github.com/flernd/flernd/internal/storage/sqltype"
)

// elementKinds are those of the arrays that tables have.
var elementKinds = []sqltype.Kind{sqltype.Int4, sqltype.Float8, sqltype.Text}

// arrays draws arrays of up to four elements, some of them null.
func arrays(element func(*rand.Rand, int) sqltype.Datum) func(*rand.Rand, int) sqltype.Datum {
	return func(r *rand.Rand, row int) sqltype.Datum {
		d := sqltype.Datum{A: make([]sqltype.Datum, r.Intn(5))}
		for i := range d.A {
			if d.A[i] = element(r, row); r.Intn(6) == 0 {
				d.A[i] = sqltype.NullDatum
			}
		}
		return d
	}
}

var arrayColumns = []column{
	{"ai", sqltype.ArrayOf(sqltype.Int4, 0), arrays(whole(-2, 2)), true},
	{"af", sqltype.ArrayOf(sqltype.Float8, 0), arrays(floats(-1.5, math.Copysign(0, -1), 0, 2, math.Inf(1), math.NaN())), true},
	{"at", sqltype.ArrayOf(sqltype.Text, 0), arrays(words(99, false)), true},
	{"av", sqltype.Type{Kind: sqltype.Vector, Mod: vectorLength}, vectors, true},
}

// vectorLength is how many dimensions vectors have: more than the lanes that sum them.
const vectorLength = 19

func vectors(r *rand.Rand, _ int) sqltype.Datum {
	d := sqltype.Datum{A: make([]sqltype.Datum, vectorLength)}
	for i := range d.A {
		d.A[i].F = float64(float32(r.NormFloat64()))
	}
	return d
}

// vector is an expression of a vector.
func (s *scope) vector() string {
	switch {
	case s.g.chance(12):
		return fmt.Sprintf("(%s %s %s)", s.vector(), s.g.pick("+", "-", "*"), s.vector())
	case s.g.chance(5):
		return "l2_normalize(" + s.vector() + ")"
	}
	for _, c := range s.cols {
		if c.kind == sqltype.Vector && !s.g.chance(30) {
			return c.name
		}
	}
	return s.g.either(fmt.Sprintf("vector(%d)", vectorLength), sqltype.Format(sqltype.Of(sqltype.Vector), vectors(s.g.r, 0)))
}

// distance is a number of vectors.
func (s *scope) distance() string {
	g := s.g
	switch g.r.Intn(4) {
	case 0:
		return "vector_norm(" + s.vector() + ")"
	case 1:
		return fmt.Sprintf("inner_product(%s, %s)", s.vector(), s.vector())
	}
	return fmt.Sprintf("(%s %s %s)", s.vector(), g.pick("<->", "<+>", "<=>", "<#>"), s.vector())
}

// array is an expression of an array of such elements.
func (s *scope) array(element sqltype.Kind, depth int) string {
	g := s.g
	if depth > 0 {
		switch g.r.Intn(12) {
		case 7, 8, 9:
			return s.builtArray(element, depth-1)
		case 0:
			return fmt.Sprintf("CASE WHEN %s THEN %s ELSE %s END", s.condition(depth-1), s.array(element, depth-1), s.array(element, depth-1))
		case 1:
			return fmt.Sprintf("%s(%s, %s)", g.pick("coalesce", "nullif", "greatest", "least"), s.array(element, depth-1), s.array(element, depth-1))
		case 2:
			return fmt.Sprintf("ARRAY[(%[1]s)::%[3]s, (%[2]s)::%[3]s]", s.leaf(element, true), s.leaf(element, true), element)
		}
	}
	var names []string
	for _, c := range s.cols {
		if c.kind == sqltype.Array && c.element == element {
			names = append(names, c.name)
		}
	}
	if len(names) > 0 && !g.chance(20) {
		return names[g.r.Intn(len(names))]
	}
	text := map[sqltype.Kind]string{sqltype.Int4: g.pick("{}", "{1}", "{-1,2}", "{0,NULL,1}"), sqltype.Float8: g.pick("{}", "{0}", "{NaN}", "{-1.5,NULL}"),
		sqltype.Text: g.pick("{}", "{a}", `{"x y",NULL}`, `{"",zz}`)}[element]
	return g.either(element.String()+"[]", text)
}

// builtArray is an array made of others.
func (s *scope) builtArray(element sqltype.Kind, depth int) string {
	g := s.g
	a, e := s.array(element, depth), fmt.Sprintf("(%s)::%s", s.leaf(element, true), element)
	switch g.r.Intn(9) {
	case 0:
		return fmt.Sprintf("(%s || %s)", a, s.array(element, depth))
	case 1:
		return fmt.Sprintf("array_append(%s, %s)", a, e)
	case 2:
		return fmt.Sprintf("array_prepend(%s, %s)", e, a)
	case 3:
		bound := func() string { return g.pick("", "1", "2", "-1", "3", s.leaf(sqltype.Int4, true)) }
		return fmt.Sprintf("(%s)[%s:%s]", a, bound(), bound())
	case 4:
		return fmt.Sprintf("array_remove(%s, %s)", a, e)
	case 5:
		return fmt.Sprintf("array_replace(%s, %s, %s)", a, e, s.leaf(element, true))
	case 6:
		if g.chance(g.Hazards) {
			return fmt.Sprintf("trim_array(%s, %s)", a, s.leaf(sqltype.Int4, true))
		}
		return fmt.Sprintf("trim_array(%s, least(cardinality(%s), 1))", a, a)
	}
	if element == sqltype.Text {
		return fmt.Sprintf("string_to_array(%s, %s, %s)", s.leaf(element, true), g.pick("' '", "'a'", "NULL", "''", e), g.pick("NULL", "'b'", e))
	}
	if element == sqltype.Int4 {
		return fmt.Sprintf("array_positions(%s, %s)", a, e)
	}
	return fmt.Sprintf("(%s || %s)", e, a)
}

func (g *Generator) elementKind() sqltype.Kind { return g.pickKind(elementKinds...) }

// ofArray is an expression of the kind that an array gives, "" if none does.
func (s *scope) ofArray(k sqltype.Kind) string {
	g := s.g
	switch k {
	case sqltype.Int4:
		element := g.elementKind()
		if g.chance(25) {
			return fmt.Sprintf("array_position(%s, %s, %s)", s.array(element, 1), s.leaf(element, true), g.pick("1", "2", "-1"))
		}
		if a := s.array(element, 1); g.chance(60) {
			return g.pick("cardinality("+a+")", "array_length("+a+", 1)")
		}
	case sqltype.Float8:
		if g.chance(40) && !g.NoVectors {
			return s.distance()
		}
	case sqltype.Text:
		if g.chance(50) {
			return fmt.Sprintf("array_to_string(%s, %s, %s)", s.array(g.elementKind(), 1), g.pick("','", s.leaf(k, true)), g.pick("NULL", "'*'", s.leaf(k, true)))
		}
	default:
		return ""
	}
	return fmt.Sprintf("(%s)[%s]", s.array(k, 1), g.pick("1", "2", s.leaf(sqltype.Int4, true)))
}

func (g *Generator) comparison() string { return g.pick("=", "=", "=", "<>", "<", "<=", ">", ">=") }

// listed is ARRAY[…] of literals of the kind.
func (g *Generator) listed(k sqltype.Kind) string {
	s := &scope{g: g}
	list := make([]string, 1+g.r.Intn(7))
	for i := range list {
		list[i] = s.literal(k)
	}
	return "ARRAY[" + strings.Join(list, ", ") + "]"
}

// ofArrays is a condition on arrays.
func (s *scope) ofArrays(depth int) string {
	k := s.g.elementKind()
	a := s.array(k, min(depth, 1))
	if s.g.chance(40) {
		if s.g.chance(30) { // of other types than columns may have
			k = s.g.pickKind(orderedKinds...)
			return fmt.Sprintf("(%s %s %s(%s))", s.leaf(k, false), s.g.comparison(), s.g.pick("ANY", "ALL"), s.g.listed(k))
		}
		return fmt.Sprintf("((%s)::%s %s %s (%s))", s.leaf(k, true), k, s.g.comparison(), s.g.pick("ANY", "ALL"), a)
	}
	if s.g.chance(15) {
		return fmt.Sprintf("(%s IS %sNULL)", a, s.g.pick("", "NOT "))
	}
	return fmt.Sprintf("(%s %s %s)", a, s.g.pick("=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM", "@>", "<@", "&&"), s.array(k, 0))
}

// ofArraysAggregate is an aggregate of arrays or vectors, "" if there are none. Zeros of either sign and NaNs are equal: the extreme of
// arrays of floats may be either.
func (s *scope) ofArraysAggregate() string {
	g := s.g
	for _, c := range s.cols {
		switch {
		case c.kind == sqltype.Vector && g.chance(40):
			return fmt.Sprintf("%s(%s)", g.pick("sum", "avg"), c.name)
		case c.kind == sqltype.Array && c.element != sqltype.Float8 && g.chance(40):
			return fmt.Sprintf("%s(%s)", g.pick("min", "max"), s.array(c.element, 1))
		}
	}
	return ""
}
