package dialect

import (
	"strconv"
	"strings"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// typeName reads a type.
func (p *parser) typeName(i int) (*TypeName, int) {
	start := i
	setOf := p.kw(i, "setof")
	if setOf {
		i++
	}
	t, next := p.simpleType(i)
	if t == nil {
		p.syntax(next)
	}
	t.Loc, t.SetOf = p.loc(start), setOf
	return t, p.arrayBounds(t, next)
}

func (p *parser) arrayBounds(t *TypeName, i int) int {
	if p.kw(i, "array") {
		if !p.is(i+1, "[") {
			t.Dims = append(t.Dims, -1)
			return i + 1
		}
		n, next := p.integer(i + 2)
		t.Dims = append(t.Dims, n)
		return p.expect(next, "]")
	}
	for p.is(i, "[") {
		n := -1
		i++
		if !p.is(i, "]") {
			n, i = p.integer(i)
		}
		t.Dims = append(t.Dims, n)
		i = p.expect(i, "]")
	}
	return i
}

// integer reads an integer that fits 32 bits.
func (p *parser) integer(i int) (int, int) {
	if p.t[i].kind != tokNumber {
		p.syntax(i)
	}
	n, err := strconv.ParseInt(p.t[i].s, 10, 32)
	if err != nil {
		p.syntax(i)
	}
	return int(n), i + 1
}

// plainTypes are the type words that take no modifier.
var plainTypes = map[string]string{
	"int": "int4", "integer": "int4", "smallint": "int2", "bigint": "int8", "real": "float4", "boolean": "bool",
}

// simpleType reads a type without array bounds. It returns nil and the token that can't belong to a type if there is none.
func (p *parser) simpleType(i int) (*TypeName, int) {
	t := &TypeName{Loc: p.loc(i)}
	if p.t[i].kind == tokIdent && p.t[i].class != notKeyword {
		w := p.t[i].s
		if name, ok := plainTypes[w]; ok {
			t.Name = name
			return t, i + 1
		}
		switch w {
		case "float":
			return p.floatType(t, i+1)
		case "decimal", "dec", "numeric":
			t.Name = "numeric"
			return p.typeMods(t, i+1)
		case "double":
			if p.kw(i+1, "precision") {
				t.Name = "float8"
				return t, i + 2
			}
		case "bit":
			return p.bitType(t, i+1)
		case "national":
			if !p.oneOf(i+1, "character", "char") {
				return nil, i + 1
			}
			return p.characterType(t, i+2)
		case "character", "char", "nchar", "varchar":
			return p.characterType(t, i+1)
		case "timestamp", "time":
			return p.datetimeType(t, i)
		case "interval":
			return p.intervalType(t, i+1)
		}
	}
	return p.genericType(t, i)
}

func (p *parser) genericType(t *TypeName, i int) (*TypeName, int) {
	if !p.isTypeFunc(i) {
		return nil, i
	}
	t.Quoted = true
	parts := []string{p.t[i].s}
	i++
	for p.is(i, ".") {
		if !p.isLabel(i + 1) {
			return nil, i + 1
		}
		parts = append(parts, p.t[i+1].s)
		i += 2
	}
	if len(parts) > 3 {
		p.errorAt(i-2*len(parts)+1, "improper qualified name (too many dotted names): %s", strings.Join(parts, "."))
	}
	if len(parts) == 3 {
		p.unsupported(i-5, "a type name with a database")
	}
	t.Name = parts[len(parts)-1]
	if len(parts) > 1 {
		t.Schema = parts[len(parts)-2]
	}
	return p.typeMods(t, i)
}

func (p *parser) floatType(t *TypeName, i int) (*TypeName, int) {
	t.Name = "float8"
	if !p.is(i, "(") {
		return t, i
	}
	if p.t[i+1].kind != tokNumber {
		return nil, i + 1
	}
	n, next := p.integer(i + 1)
	switch {
	case n < 1:
		p.fail(i+1, sqlstate.New(sqlstate.InvalidParameterValue, "precision for type float must be at least 1 bit"))
	case n <= 24:
		t.Name = "float4"
	case n > 53:
		p.fail(i+1, sqlstate.New(sqlstate.InvalidParameterValue, "precision for type float must be less than 54 bits"))
	}
	return p.closeType(t, next)
}

func (p *parser) closeType(t *TypeName, i int) (*TypeName, int) {
	if !p.is(i, ")") {
		return nil, i
	}
	return t, i + 1
}

func (p *parser) bitType(t *TypeName, i int) (*TypeName, int) {
	t.Name = "bit"
	if p.kw(i, "varying") {
		t.Name = "varbit"
		i++
	}
	if !p.is(i, "(") && t.Name == "bit" {
		t.Mods = []TypeMod{{Loc: t.Loc, Text: "1", IsInt: true}}
		return t, i
	}
	return p.typeMods(t, i)
}

// characterType reads what follows the first word of a character type, which is at i-1.
func (p *parser) characterType(t *TypeName, i int) (*TypeName, int) {
	t.Name = "bpchar"
	if p.kw(i-1, "varchar") {
		t.Name = "varchar"
	} else if p.kw(i, "varying") {
		t.Name = "varchar"
		i++
	}
	if p.is(i, "(") {
		if p.t[i+1].kind != tokNumber {
			return nil, i + 1
		}
		return p.typeMods(t, i)
	}
	if t.Name == "bpchar" { // char is char(1), varchar has no limit
		t.Mods = []TypeMod{{Loc: t.Loc, Text: "1", IsInt: true}}
	}
	return t, i
}

func (p *parser) datetimeType(t *TypeName, i int) (*TypeName, int) {
	t.Name = p.t[i].s
	i++
	if p.is(i, "(") {
		if p.t[i+1].kind != tokNumber {
			return nil, i + 1
		}
		var ok *TypeName
		if ok, i = p.typeMods(t, i); ok == nil {
			return nil, i
		}
	}
	if !p.oneOf(i, "with", "without") || !p.kw(i+1, "time") {
		return t, i
	}
	if p.kw(i, "with") {
		t.Name += "tz"
	}
	if !p.kw(i+2, "zone") {
		return nil, i + 2
	}
	return t, i + 3
}

func (p *parser) intervalType(t *TypeName, i int) (*TypeName, int) {
	t.Name = "interval"
	if p.is(i, "(") {
		if p.t[i+1].kind != tokNumber {
			return nil, i + 1
		}
		return p.typeMods(t, i)
	}
	return t, p.intervalFields(t, i)
}

// intervalEnds maps the first word of an interval qualifier to those that may follow TO.
var intervalEnds = map[string][]string{
	"year": {"month"}, "month": nil, "day": {"hour", "minute", "second"}, "hour": {"minute", "second"},
	"minute": {"second"}, "second": nil,
}

// intervalFields reads a qualifier like DAY TO SECOND(3), if there is one.
func (p *parser) intervalFields(t *TypeName, i int) int {
	if p.t[i].kind != tokIdent {
		return i
	}
	first := p.t[i].s
	ends, ok := intervalEnds[first]
	if !ok {
		return i
	}
	t.Fields = first
	i++
	last := first
	if p.kw(i, "to") && len(ends) > 0 {
		if !p.oneOf(i+1, ends...) {
			p.syntax(i + 1)
		}
		last = p.t[i+1].s
		t.Fields += " to " + last
		i += 2
	}
	if last == "second" && p.is(i, "(") {
		n, next := p.integer(i + 1)
		t.Mods = []TypeMod{{Loc: p.loc(i + 1), Text: strconv.Itoa(n), IsInt: true}}
		i = p.expect(next, ")")
	}
	return i
}

// typeMods reads (10, 2), if it follows.
func (p *parser) typeMods(t *TypeName, i int) (*TypeName, int) {
	if !p.is(i, "(") {
		return t, i
	}
	for {
		i++
		m := TypeMod{Loc: p.loc(i)}
		if (p.isOp(i, "-") || p.isOp(i, "+")) && p.t[i+1].kind == tokNumber {
			if p.isOp(i, "-") {
				m.Text = "-"
			}
			i++
		}
		switch tok := &p.t[i]; tok.kind {
		case tokNumber:
			m.Text += tok.s
			m.IsInt = !strings.ContainsAny(tok.s, ".eE")
		default:
			m.IsName = p.isColID(i)
			if tok.kind != tokString && !m.IsName {
				return nil, i
			}
			m.Text = tok.s
		}
		t.Mods = append(t.Mods, m)
		i++
		if !p.is(i, ",") {
			return p.closeType(t, i)
		}
	}
}
