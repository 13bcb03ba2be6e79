package bind

import (
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// View is a relation that the system computes when a statement is planned: what it shows is small.
type View struct {
	Columns []logical.Column // names, types and whether they may be null
	Rows    [][]sqltype.Datum
}

// viewRef binds a reference to a view, if it is one: its rows are those of a VALUES list.
func (b *binder) viewRef(it *dialect.TableRef) (logical.Node, *scope, bool, error) {
	if b.env.View == nil {
		return nil, nil, false, nil
	}
	v := b.env.View(it.Name.Schema, it.Name.Name)
	if v == nil {
		return nil, nil, false, nil
	}
	r := &relation{alias: it.Name.Name, schema: it.Name.Schema, table: it.Name.Name}
	if it.Alias != nil {
		r.alias, r.schema = it.Alias.Name, ""
	}
	values := &logical.Values{Cols: make([]logical.Column, len(v.Columns))}
	for i, c := range v.Columns {
		values.Cols[i] = b.newColumn(c.Name, c.Type, c.Nullable)
		values.Cols[i].Table = r.alias
	}
	for _, row := range v.Rows {
		exprs := make([]logical.Expr, len(row))
		for i, d := range row {
			exprs[i] = &logical.Const{Value: d, Typ: v.Columns[i].Type}
		}
		values.Rows = append(values.Rows, exprs)
	}
	b.known.list(values)
	names, err := columnAliases(it.Alias, values.Cols, r.alias)
	if err != nil {
		return nil, nil, true, err
	}
	return values, relationScope(r, values.Cols, names), true, nil
}
