package gen

import (
	"fmt"
	"strings"

	"github.com/flernd/flernd/internal/storage/sqltype"
)

// param makes a value the query's next parameter.
func (g *Generator) param(typ, text string) string {
	if g.Params == 0 {
		if text == "NULL" {
			return "NULL::" + typ
		}
		return quoted(text) + "::" + typ
	}
	g.params = append(g.params, text)
	return fmt.Sprintf("$%d::%s", len(g.params), typ)
}

// either writes a value as it is or as a parameter.
func (g *Generator) either(typ, text string) string {
	if g.chance(g.Params) {
		return g.param(typ, text)
	}
	return quoted(text) + "::" + typ
}

// value is the text of a value of the kind.
func (g *Generator) value(k sqltype.Kind) string {
	if g.chance(8) {
		return "NULL"
	}
	switch k {
	case sqltype.Bool:
		return g.pick("t", "f")
	case sqltype.Int2, sqltype.Int4, sqltype.Int8:
		return fmt.Sprint(g.r.Intn(40) - 10)
	case sqltype.Float4, sqltype.Float8:
		return g.pick("0.5", "-1", "3", "1000.125")
	case sqltype.Numeric:
		return g.pick("0", "1.50", "-7.125", "1000", "99999999999.5")
	case sqltype.Date:
		return g.pick("1992-02-29", "2001-12-31", "2020-06-15")
	case sqltype.Timestamp:
		return g.pick("1992-02-29 00:00:00", "2001-12-31 23:59:59.999999")
	}
	return g.pick("", "a", "ab", "ABC", "é", "zz")
}

// typeName is the type that literals and parameters of the kind have.
func typeName(k sqltype.Kind) string {
	if k == sqltype.Char {
		return "char(5)"
	}
	return k.String()
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
