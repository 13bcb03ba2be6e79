package bind

import (
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// join binds a join written with JOIN. Comma and JOIN make the same operator: the join-order rule takes them together.
func (b *binder) join(j *dialect.Join, c *ctes) (logical.Node, *scope, error) {
	if j.Kind == dialect.LeftJoin || j.Kind == dialect.RightJoin || j.Kind == dialect.FullJoin {
		return nil, nil, sqlstate.Unsupported("%s JOIN", [...]string{dialect.LeftJoin: "LEFT", dialect.RightJoin: "RIGHT",
			dialect.FullJoin: "FULL"}[j.Kind]).At(j.Pos())
	}
	ln, ls, err := b.fromItem(j.L, c)
	if err != nil {
		return nil, nil, err
	}
	outer := b.lateral
	b.lateral = &scope{}
	if outer != nil {
		b.lateral.add(outer)
	}
	b.lateral.add(ls)
	rn, rs, err := b.fromItem(j.R, c)
	b.lateral = outer
	if err != nil {
		return nil, nil, err
	}
	if err := distinctAliases(ls, rs); err != nil {
		return nil, nil, err
	}
	node := &logical.Join{In: []logical.Node{ln, rn}}
	s := &scope{}
	using := j.Using
	if j.Natural {
		using = commonNames(ls, rs, j)
	}
	switch {
	case j.Natural || j.Using != nil:
		conds, merged, err := b.using(using, ls, rs)
		if err != nil {
			return nil, nil, err
		}
		node.Conds = conds
		b.known.learn(conds)
		s.visible = mergedColumns(merged, ls, rs)
		s.relations = append(append(s.relations, ls.relations...), rs.relations...)
	default:
		s.add(ls)
		s.add(rs)
		if j.On != nil {
			if node.Conds, err = b.conjuncts(&place{scope: s, clause: "JOIN conditions"}, j.On, "JOIN/ON"); err != nil {
				return nil, nil, err
			}
		}
	}
	if j.UsingAlias != nil {
		return nil, nil, sqlstate.Unsupported("an alias of JOIN USING").At(j.UsingAlias.Pos())
	}
	if j.Alias != nil {
		if s, err = aliasJoin(j.Alias, s); err != nil {
			return nil, nil, err
		}
	}
	return node, s, nil
}

// aliasJoin makes the columns of a join in parentheses those of one relation.
func aliasJoin(a *dialect.Alias, s *scope) (*scope, error) {
	if len(a.Columns) > len(s.visible) {
		return nil, sqlstate.New(sqlstate.InvalidColumnReference, "table \"%s\" has %d columns available but %d columns specified",
			a.Name, len(s.visible), len(a.Columns))
	}
	r := &relation{alias: a.Name}
	for i, it := range s.visible {
		it.rel = r
		if i < len(a.Columns) {
			it.name = a.Columns[i].Text
		}
		r.items = append(r.items, it)
	}
	return &scope{visible: r.items, relations: []*relation{r}}, nil
}

func commonNames(l, r *scope, j *dialect.Join) []dialect.Name {
	var names []dialect.Name
	for _, li := range l.visible {
		for _, ri := range r.visible {
			if li.name == ri.name {
				names = append(names, dialect.Name{Loc: j.Loc, Text: li.name})
				break
			}
		}
	}
	return names
}

// using binds USING: the equality of each pair of columns, and the column that stands for both.
func (b *binder) using(names []dialect.Name, l, r *scope) (conds []logical.Expr, merged []item, err error) {
	for i, n := range names {
		for _, m := range names[:i] {
			if m.Text == n.Text {
				return nil, nil, sqlstate.New(sqlstate.DuplicateColumn, "column name \"%s\" appears more than once in USING clause", n.Text).At(n.Pos())
			}
		}
		li, err := usingColumn(l, n, "left")
		if err != nil {
			return nil, nil, err
		}
		ri, err := usingColumn(r, n, "right")
		if err != nil {
			return nil, nil, err
		}
		le, re := b.use(li, n.Pos()), b.use(ri, n.Pos())
		cond, err := b.operator("=", le, re, n.Pos(), n.Pos(), n.Pos())
		if err != nil {
			return nil, nil, err
		}
		conds = append(conds, cond)
		both := []logical.Expr{le, re}
		if _, err := b.unify("JOIN/USING", both, func(int) int { return n.Pos() }); err != nil {
			return nil, nil, err
		}
		merged = append(merged, item{name: n.Text, rel: li.rel, expr: both[0]})
	}
	return conds, merged, nil
}

func usingColumn(s *scope, n dialect.Name, side string) (item, error) {
	var found []item
	for _, it := range s.visible {
		if it.name == n.Text {
			found = append(found, it)
		}
	}
	switch len(found) {
	case 0:
		return item{}, sqlstate.New(sqlstate.UndefinedColumn, "column \"%s\" specified in USING clause does not exist in %s table",
			n.Text, side)
	case 1:
		return found[0], nil
	}
	return item{}, sqlstate.New(sqlstate.AmbiguousColumn, "common column name \"%s\" appears more than once in %s table", n.Text, side)
}

// mergedColumns are the columns of SELECT * over a join with USING: the merged ones, then what is left of each side.
func mergedColumns(merged []item, l, r *scope) []item {
	out := append([]item(nil), merged...)
	for _, s := range []*scope{l, r} {
	next:
		for _, it := range s.visible {
			for _, m := range merged {
				if m.name == it.name {
					continue next
				}
			}
			out = append(out, it)
		}
	}
	return out
}
