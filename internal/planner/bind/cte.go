package bind

import (
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// ctes is a chain of named queries, innermost first. What a CTE's own query sees is the chain from next on.
type ctes struct {
	next *ctes
	cte  *dialect.CTE
	// first is the query bound where it was declared, for the first reference to take.
	first    *boundQuery
	volatile bool
}

type boundQuery struct {
	node logical.Node
	outs []logical.NamedExpr
}

func (c *ctes) find(name string) *ctes {
	for ; c != nil; c = c.next {
		if c.cte.Name == name {
			return c
		}
	}
	return nil
}

// with binds the queries of a WITH clause, which raises their errors even where nothing refers to them.
func (b *binder) with(w *dialect.With, c *ctes) (*ctes, error) {
	if w == nil {
		return c, nil
	}
	if w.Recursive {
		return nil, sqlstate.Unsupported("WITH RECURSIVE").At(w.Pos())
	}
	for i := range w.CTEs {
		cte := &w.CTEs[i]
		for _, other := range w.CTEs[:i] {
			if other.Name == cte.Name {
				return nil, sqlstate.New(sqlstate.DuplicateAlias, "WITH query name \"%s\" specified more than once", cte.Name).At(cte.Pos())
			}
		}
		n, outs, err := b.query(cte.Query, c, false)
		if err != nil {
			return nil, err
		}
		if len(cte.Columns) > len(outs) {
			return nil, sqlstate.New(sqlstate.InvalidColumnReference, "WITH query \"%s\" has %d columns available but %d columns specified",
				cte.Name, len(outs), len(cte.Columns)).At(cte.Pos())
		}
		c = &ctes{next: c, cte: cte, first: &boundQuery{n, outs}, volatile: volatileNode(n) || volatileOutputs(outs)}
	}
	return c, nil
}

// cteRef binds a reference to a CTE: its query in place. Each reference has a copy with columns of its own, which only
// works for queries that yield the same rows each time.
func (b *binder) cteRef(c *ctes, it *dialect.TableRef) (logical.Node, *scope, error) {
	q := c.first
	if q == nil {
		if c.volatile {
			return nil, nil, sqlstate.Unsupported("a second reference to the volatile WITH query \"%s\"", c.cte.Name).At(it.Pos())
		}
		n, outs, err := b.query(c.cte.Query, c.next, false)
		if err != nil {
			return nil, nil, err
		}
		q = &boundQuery{n, outs}
	}
	c.first = nil
	outs := append([]logical.NamedExpr(nil), q.outs...)
	for i, name := range c.cte.Columns {
		outs[i].Col.Name = name.Text
	}
	alias := c.cte.Name
	if it.Alias != nil {
		alias = it.Alias.Name
	}
	return b.relationOf(q.node, outs, it.Alias, alias)
}

func volatileOutputs(outs []logical.NamedExpr) bool {
	for _, o := range outs {
		if logical.IsVolatile(o.Expr) {
			return true
		}
	}
	return false
}

// volatileNode reports whether any expression of the plan is volatile.
func volatileNode(n logical.Node) bool {
	found := false
	logical.WalkPlan(n, func(n logical.Node) {
		logical.EachExpr(n, func(e logical.Expr) { found = found || logical.IsVolatile(e) })
	})
	return found
}
