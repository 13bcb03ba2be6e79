package bind

import (
	"strings"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// item is a name that an expression can refer to.
type item struct {
	name string
	rel  *relation
	expr logical.Expr // what the name stands for
}

// relation is a FROM item by its alias.
type relation struct {
	alias  string
	schema string // "" when aliased or no table
	table  string // the table's own name, "" if none
	items  []item
}

// scope is what the expressions of one query level see.
type scope struct {
	visible   []item      // by unqualified name, in the order of SELECT *
	relations []*relation // by qualified name
}

func (s *scope) add(o *scope) {
	s.visible = append(s.visible, o.visible...)
	s.relations = append(s.relations, o.relations...)
}

// relationScope makes the scope of one FROM item from the columns of its operator.
func relationScope(r *relation, cols []logical.Column, names []string) *scope {
	r.items = make([]item, len(cols))
	for i, c := range cols {
		c.Table = r.alias
		if names != nil {
			c.Name = names[i]
		}
		r.items[i] = item{name: c.Name, rel: r, expr: &logical.Ref{Col: c}}
	}
	return &scope{visible: r.items, relations: []*relation{r}}
}

// use makes the expression for a reference to it. Each gets a Ref of its own, which stands for its place in the text.
func (b *binder) use(it item, pos int) logical.Expr {
	r, ok := it.expr.(*logical.Ref)
	if !ok {
		return it.expr
	}
	ref := &logical.Ref{Col: r.Col}
	shown := it.name
	if it.rel != nil && it.rel.alias != "" {
		shown = it.rel.alias + "." + shown
	}
	b.refs = append(b.refs, refPos{ref, pos, shown})
	return ref
}

// place finds where a reference stands in the text.
func (b *binder) place(r *logical.Ref) refPos {
	for _, p := range b.refs {
		if p.ref == r {
			return p
		}
	}
	return refPos{ref: r, text: r.Col.Name}
}

// column resolves a column reference.
func (b *binder) column(s *scope, c *dialect.ColumnRef) (logical.Expr, error) {
	names := c.Names
	if s == nil {
		s = &scope{}
	}
	last := names[len(names)-1].Text
	if len(names) == 1 {
		return b.unqualified(s, last, c.Pos())
	}
	r, err := b.relation(s, names, c.Pos())
	if err != nil {
		return nil, err
	}
	found := -1
	for i, it := range r.items {
		if it.name == last {
			if found >= 0 {
				return nil, sqlstate.New(sqlstate.AmbiguousColumn, "column reference \"%s\" is ambiguous", last).At(c.Pos())
			}
			found = i
		}
	}
	if found < 0 {
		err := sqlstate.New(sqlstate.UndefinedColumn, "column %s.%s does not exist", r.alias, last)
		return nil, withSimilar(err, s, r.alias, last).At(c.Pos())
	}
	return b.use(r.items[found], c.Pos()), nil
}

var systemColumns = map[string]bool{"ctid": true, "tableoid": true, "xmin": true, "xmax": true, "cmin": true, "cmax": true}

func (b *binder) unqualified(s *scope, name string, pos int) (logical.Expr, error) {
	found := -1
	for i, it := range s.visible {
		if it.name == name {
			if found >= 0 {
				return nil, sqlstate.New(sqlstate.AmbiguousColumn, "column reference \"%s\" is ambiguous", name).At(pos)
			}
			found = i
		}
	}
	if found >= 0 {
		return b.use(s.visible[found], pos), nil
	}
	for _, r := range s.relations {
		if r.alias == name {
			return nil, sqlstate.Unsupported("a reference to the whole row of \"%s\"", name).At(pos)
		}
	}
	if systemColumns[name] && len(s.relations) > 0 {
		return nil, sqlstate.Unsupported("the system column \"%s\"", name).At(pos)
	}
	err := sqlstate.New(sqlstate.UndefinedColumn, "column \"%s\" does not exist", name).At(pos)
	if t := b.inserting; t != nil && len(s.relations) == 0 {
		for _, c := range t.Columns {
			if c.Name == name {
				return nil, err.WithHint("There is a column named \"%s\" in table \"%s\", but it cannot be referenced from this "+
					"part of the query.", name, t.Name)
			}
		}
	}
	return nil, withSimilar(err, s, "", name)
}

func dotted(names []dialect.Name) string {
	parts := make([]string, len(names))
	for i, n := range names {
		parts[i] = n.Text
	}
	return strings.Join(parts, ".")
}

// relation finds the FROM item that a qualified name names before its last part.
func (b *binder) relation(s *scope, qualifier []dialect.Name, pos int) (*relation, error) {
	if len(qualifier) > 4 {
		return nil, sqlstate.New(sqlstate.SyntaxError, "improper qualified name (too many dotted names): %s", dotted(qualifier)).At(pos)
	}
	qualifier = qualifier[:len(qualifier)-1]
	name, schema := qualifier[len(qualifier)-1].Text, ""
	if len(qualifier) > 1 {
		schema = qualifier[len(qualifier)-2].Text
	}
	var found *relation
	for _, r := range s.relations {
		if r.alias == name && (schema == "" || r.schema == schema) {
			if found != nil {
				return nil, sqlstate.New(sqlstate.AmbiguousAlias, "table reference \"%s\" is ambiguous", name).At(pos)
			}
			found = r
		}
	}
	if found != nil {
		return found, nil
	}
	for _, r := range s.relations {
		if r.table == name && r.alias != name && schema == "" {
			return nil, sqlstate.New(sqlstate.UndefinedTable, "invalid reference to FROM-clause entry for table \"%s\"", name).
				WithHint("Perhaps you meant to reference the table alias \"%s\".", r.alias).At(pos)
		}
	}
	for _, r := range s.relations {
		if r.alias == name {
			return nil, sqlstate.New(sqlstate.UndefinedTable, "invalid reference to FROM-clause entry for table \"%s\"", name).
				WithHint("There is an entry for table \"%s\", but it cannot be referenced from this part of the query.", name).At(pos)
		}
	}
	return nil, sqlstate.New(sqlstate.UndefinedTable, "missing FROM-clause entry for table \"%s\"", name).At(pos)
}
