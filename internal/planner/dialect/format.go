package dialect

import (
	"fmt"
	"strconv"
	"strings"
)

// Format writes a node of the tree (a statement, query, FROM item or expression) as SQL in one normal form: every operator
// in parentheses, every cast spelt CAST, names quoted where they must be. Parse reads it back to the same tree but for
// positions, which is how tests compare trees.
func Format(n Node) string {
	f := &formatter{}
	switch x := n.(type) {
	case Stmt:
		f.stmt(x)
	case *Query:
		f.query(x)
	case Expr:
		f.expr(x)
	case FromItem:
		f.fromItem(x)
	default:
		f.print(fmt.Sprintf("?%T", n))
	}
	return f.String()
}

type formatter struct{ strings.Builder }

func (f *formatter) print(parts ...string) {
	for _, s := range parts {
		f.WriteString(s)
	}
}

// when prints parts if cond holds.
func (f *formatter) when(cond bool, parts ...string) {
	if cond {
		f.print(parts...)
	}
}

// each calls print for 0 … n-1 with commas between.
func (f *formatter) each(n int, print func(k int)) {
	for k := 0; k < n; k++ {
		f.when(k > 0, ", ")
		print(k)
	}
}

func (f *formatter) exprs(list []Expr) {
	f.each(len(list), func(k int) { f.expr(list[k]) })
}

func (f *formatter) names(list []Name) {
	f.print("(")
	f.each(len(list), func(k int) { f.print(quoteIdent(list[k].Text)) })
	f.print(")")
}

// quoteIdent quotes a name unless it reads back as itself.
func quoteIdent(s string) string {
	plain := s != "" && keywords[s] == notKeyword && (s[0] == '_' || s[0] >= 'a' && s[0] <= 'z')
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] == '_' || s[i] >= 'a' && s[i] <= 'z' || isDigit(s[i])
	}
	if plain {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

func quoteString(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func (f *formatter) qualified(q QualifiedName) {
	if q.Catalog != "" {
		f.print(quoteIdent(q.Catalog), ".")
	}
	if q.Schema != "" {
		f.print(quoteIdent(q.Schema), ".")
	}
	f.print(quoteIdent(q.Name))
}

func (f *formatter) typeName(t *TypeName) {
	f.when(t.SetOf, "SETOF ")
	if t.Schema != "" {
		f.print(quoteIdent(t.Schema), ".")
	}
	if t.Quoted && t.Name != "text" {
		f.print(quoteIdent(t.Name))
	} else {
		f.print(t.Name)
	}
	if t.Fields != "" {
		f.print(" ", t.Fields)
	}
	if len(t.Mods) > 0 {
		f.print("(")
		f.each(len(t.Mods), func(k int) {
			switch m := t.Mods[k]; {
			case m.IsInt:
				f.print(m.Text)
			case m.IsName:
				f.print(quoteIdent(m.Text))
			default:
				f.print(quoteString(m.Text))
			}
		})
		f.print(")")
	}
	for _, d := range t.Dims {
		f.print("[")
		f.when(d >= 0, strconv.Itoa(d))
		f.print("]")
	}
}
