package explain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// maxText bounds the text of one expression, where definitions that use each other would make it long.
const maxText = 4000

// namer prints expressions as PostgreSQL's EXPLAIN does. A column that an operator below computes is shown as the
// expression that computes it.
type namer struct {
	defs map[logical.ColID]logical.Expr
	// cols are the columns as their sources name them: references may have a subquery's names.
	cols map[logical.ColID]logical.Column
	// aliases tell tables of one alias (copies of a CTE) apart.
	aliases map[physical.Node]string
	// qualify prints column names with their table's alias: when the plan reads more than one.
	qualify bool
}

func newNamer(root physical.Node) *namer {
	m := &namer{defs: map[logical.ColID]logical.Expr{}, cols: map[logical.ColID]logical.Column{}}
	sources := 0
	define := func(es []physical.NamedExpr) {
		for _, e := range es {
			if r, ok := e.Expr.(*logical.Ref); !ok || r.Col.ID != e.Col.ID {
				m.defs[e.Col.ID] = e.Expr
			}
		}
	}
	physical.Walk(root, func(n physical.Node) {
		if len(n.Inputs()) == 0 {
			m.addSource(n)
		}
		switch n := n.(type) {
		case *physical.Scan, *physical.GenerateSeries:
			sources++
		case *physical.Values:
			if !physical.IsOneRow(n) {
				sources++
			}
		case *physical.Project:
			define(n.Exprs)
		case *physical.HashAggregate:
			define(n.Keys)
			for _, a := range n.Aggs {
				m.defs[a.Col.ID] = a.Agg
			}
		case *physical.Predict:
			for _, c := range n.Calls {
				for i, o := range c.Outputs {
					if o.ID != 0 {
						m.defs[o.ID] = &logical.Predict{Model: c.Model, Choice: c.Choice, Args: c.Args, Output: i}
					}
				}
			}
		}
	})
	m.qualify = sources > 1
	return m
}

// addSource notes how a source's columns are called; the second source of an alias becomes alias_1, as in PostgreSQL.
func (m *namer) addSource(n physical.Node) {
	alias := ""
	switch n := n.(type) {
	case *physical.Scan:
		alias = n.Alias
	case *physical.GenerateSeries:
		alias = n.Col.Table
	}
	taken := map[string]bool{}
	for _, a := range m.aliases {
		taken[a] = true
	}
	unique := alias
	for i := 1; alias != "" && taken[unique]; i++ {
		unique = fmt.Sprintf("%s_%d", alias, i)
	}
	if m.aliases == nil {
		m.aliases = map[physical.Node]string{}
	}
	m.aliases[n] = unique
	for _, c := range n.Columns() {
		if alias != "" {
			c.Table = unique
		}
		m.cols[c.ID] = c
	}
}

func (m *namer) expr(e logical.Expr) string {
	w := &writer{namer: m}
	w.expr(e)
	return w.String()
}

func (m *namer) list(es []logical.Expr) []string {
	out := make([]string, len(es))
	for i, e := range es {
		out[i] = m.expr(e)
	}
	return out
}

func (m *namer) named(es []physical.NamedExpr) []string {
	out := make([]string, len(es))
	for i, e := range es {
		out[i] = m.expr(e.Expr)
	}
	return out
}

func (m *namer) conjunction(conds []logical.Expr) string { return all(m.list(conds)) }

// all joins conditions, each in its own parentheses already.
func all(conds []string) string {
	if len(conds) == 1 {
		return conds[0]
	}
	return "(" + strings.Join(conds, " AND ") + ")"
}

type writer struct {
	strings.Builder
	*namer
	depth int
}

func (w *writer) expr(e logical.Expr) {
	switch e := e.(type) {
	case *logical.Ref:
		w.ref(e)
	case *logical.Const:
		w.WriteString(constant(e))
	case *logical.Param:
		w.WriteString("$" + strconv.Itoa(e.Index))
	case *logical.Call:
		w.call(e)
	case *logical.Cast:
		w.WriteByte('(')
		w.expr(e.Arg)
		w.WriteString(")::" + e.Typ.String())
	case *logical.Case:
		w.caseExpr(e)
	case *logical.InList:
		w.inList(e)
	case *logical.Quantified:
		w.quantified(e)
	case *logical.Subscript:
		w.WriteByte('(')
		w.expr(e.Arg)
		w.WriteString(")[")
		w.expr(e.Index)
		w.WriteByte(']')
	case *logical.Predict:
		w.predict(e)
	case *logical.Agg:
		w.agg(e)
	}
}

func (w *writer) ref(r *logical.Ref) {
	d, ok := w.defs[r.Col.ID]
	if plain, isRef := d.(*logical.Ref); isRef && w.depth < 20 {
		w.depth++
		w.ref(plain)
		w.depth--
		return
	}
	if ok && w.Len() < maxText && w.depth < 20 {
		w.depth++
		w.WriteByte('(')
		w.expr(d)
		w.WriteByte(')')
		w.depth--
		return
	}
	col, ok := w.cols[r.Col.ID]
	if !ok {
		col = r.Col
	}
	if w.qualify && col.Table != "" {
		w.WriteString(ident(col.Table) + ".")
	}
	w.WriteString(ident(col.Name))
}

func (w *writer) commas(es []logical.Expr) {
	for i, e := range es {
		if i > 0 {
			w.WriteString(", ")
		}
		w.expr(e)
	}
}

// call prints operators infix in parentheses, tests postfix, and functions as calls.
func (w *writer) call(e *logical.Call) {
	switch f := e.Func; {
	case f == logical.And || f == logical.Or:
		w.infix(e.Args, f.String())
	case f == logical.Not || (f == logical.Neg || f == logical.BitNot) && len(e.Args) == 1:
		w.WriteString("(" + f.String() + " ")
		w.expr(e.Args[0])
		w.WriteByte(')')
	case f >= logical.Like && f <= logical.NotILike:
		w.infix(e.Args[:2], f.String())
	case f <= logical.Mod || f == logical.Pow || f >= logical.BitAnd && f <= logical.Ge || f == logical.IsDistinct ||
		f == logical.IsNotDistinct || f == logical.Concat || f >= logical.L2Distance && f <= logical.NegativeInnerProduct:
		w.infix(e.Args, f.String())
	case f >= logical.IsNull && f <= logical.IsNotFalse:
		w.WriteByte('(')
		w.expr(e.Args[0])
		w.WriteString(" " + f.String() + ")")
	case f == logical.Required, f == logical.Sized: // what it must be is a property of the model, which is shown
		w.expr(e.Args[0])
	case f == logical.Extract:
		w.WriteString("EXTRACT(" + e.Args[0].(*logical.Const).Value.S + " FROM ")
		w.expr(e.Args[1])
		w.WriteByte(')')
	default:
		w.WriteString(f.String() + "(")
		w.commas(e.Args)
		w.WriteByte(')')
	}
}

func (w *writer) infix(args []logical.Expr, op string) {
	w.WriteByte('(')
	for i, a := range args {
		if i > 0 {
			w.WriteString(" " + op + " ")
		}
		w.expr(a)
	}
	w.WriteByte(')')
}

func (w *writer) caseExpr(e *logical.Case) {
	w.WriteString("CASE")
	for _, c := range e.Whens {
		w.WriteString(" WHEN ")
		w.expr(c.Cond)
		w.WriteString(" THEN ")
		w.expr(c.Then)
	}
	w.WriteString(" ELSE ")
	w.expr(e.Else)
	w.WriteString(" END")
}

// inList prints a list of constants as an array literal, as PostgreSQL shows it.
func (w *writer) inList(e *logical.InList) {
	w.WriteByte('(')
	w.expr(e.Arg)
	op := " = ANY ("
	if e.Not {
		op = " <> ALL ("
	}
	w.WriteString(op)
	var items []string
	constants := true
	for _, it := range e.List {
		c, ok := it.(*logical.Const)
		constants = constants && ok
		if ok {
			items = append(items, arrayItem(c))
		}
	}
	if constants {
		w.WriteString(quote("{"+strings.Join(items, ",")+"}") + "::" + sqltype.Of(e.Arg.Type().Kind).String() + "[]")
	} else {
		w.WriteString("ARRAY[")
		w.commas(e.List)
		w.WriteByte(']')
	}
	w.WriteString("))")
}

func (w *writer) quantified(e *logical.Quantified) {
	word := "ANY"
	if e.All {
		word = "ALL"
	}
	w.WriteByte('(')
	w.expr(e.Arg)
	w.WriteString(" " + e.Op.String() + " " + word + " (")
	w.expr(e.Array)
	w.WriteString("))")
}

func arrayItem(c *logical.Const) string {
	if c.Value.Null {
		return "NULL"
	}
	s := sqltype.Format(c.Typ, c.Value)
	if s == "" || strings.ContainsAny(s, "{},\"\\ \t\n\r\v\f") || strings.EqualFold(s, "null") {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
	}
	return s
}

func (w *writer) predict(e *logical.Predict) {
	call := func() {
		if c := e.Choice; c != nil {
			w.WriteString("predict(")
			args := e.Args[:1]
			if len(c.Candidates) > 0 {
				args = slices.Concat(args, e.Args[c.Candidates[0].From:c.Candidates[0].To])
			}
			w.commas(args)
			w.WriteByte(')')
			return
		}
		w.WriteString(ident(e.Model.Name) + "(")
		w.commas(e.Args)
		w.WriteByte(')')
	}
	name := ""
	if e.Choice != nil {
		name = e.Choice.Outputs[e.Output].Name
	} else if e.Output > 0 {
		name = e.Model.Outputs[e.Output].Name
	}
	if name == "" {
		call()
		return
	}
	w.WriteByte('(')
	call()
	w.WriteString(")." + ident(name))
}

func (w *writer) agg(e *logical.Agg) {
	w.WriteString(e.Func.String() + "(")
	switch {
	case e.Func == logical.CountStar:
		w.WriteByte('*')
	case e.Distinct:
		w.WriteString("DISTINCT ")
		w.expr(e.Arg)
	default:
		w.expr(e.Arg)
	}
	w.WriteByte(')')
}

// constant prints a literal with its type, except for those whose text alone has it.
func constant(c *logical.Const) string {
	if c.Value.Null {
		return "NULL::" + c.Typ.String()
	}
	if c.Typ.Kind == sqltype.Bool {
		if c.Value.I != 0 {
			return "true"
		}
		return "false"
	}
	s := sqltype.Format(c.Typ, c.Value)
	switch {
	case c.Typ.Kind == sqltype.Int4 && s[0] != '-':
		return s
	case c.Typ.Kind == sqltype.Numeric && !c.Typ.HasMod() && s[0] >= '0' && s[0] <= '9' && strings.Contains(s, "."):
		return s
	}
	return quote(s) + "::" + c.Typ.String()
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// ident prints an identifier, quoted unless it is in lower case and without special characters.
func ident(s string) string {
	plain := s != ""
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c == '_' || i > 0 && (c >= '0' && c <= '9' || c == '$')) {
			plain = false
		}
	}
	if plain {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}
