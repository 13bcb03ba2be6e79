package dialect

import "github.com/pingcap/tidb/pkg/parser/ast"

// from lowers FROM's items: TiDB joins those separated by commas without a condition.
func (l *lowering) from(n ast.ResultSetNode) []FromItem {
	var items []FromItem
	for {
		j, ok := n.(*ast.Join)
		if !ok || j.On != nil {
			break
		}
		if j.Right != nil {
			items = append(items, l.fromItem(j.Right))
		}
		n = j.Left
	}
	items = append(items, l.fromItem(n))
	for a, b := 0, len(items)-1; a < b; a, b = a+1, b-1 {
		items[a], items[b] = items[b], items[a]
	}
	return items
}

func (l *lowering) fromItem(n ast.ResultSetNode) FromItem {
	switch x := n.(type) {
	case *ast.Join:
		if x.Right == nil {
			return l.fromItem(x.Left)
		}
		return l.join(x)
	case *ast.TableSource:
		return l.tableSource(x)
	}
	panic(bail{unexpected(n)})
}

// join lowers a chain of joins. It walks down the left sides in a loop, since chains may be long.
func (l *lowering) join(x *ast.Join) FromItem {
	var joins []*ast.Join
	n := ast.ResultSetNode(x)
	for {
		j, ok := n.(*ast.Join)
		if !ok {
			break
		}
		if j.Right == nil {
			n = j.Left
			continue
		}
		joins = append(joins, j)
		n = j.Left
	}
	left := l.fromItem(n)
	for k := len(joins) - 1; k >= 0; k-- {
		left = l.joinStep(left, joins[k])
	}
	return left
}

func (l *lowering) joinStep(left FromItem, x *ast.Join) FromItem {
	if x.On == nil {
		panic(bail{unexpected(x)})
	}
	right := l.fromItem(x.Right)
	var name string
	var cond ast.ExprNode
	switch on := x.On.Expr.(type) {
	case *ast.ColumnNameExpr:
		name = on.Name.Name.O
	case *ast.FuncCallExpr:
		name, cond = on.FnName.O, on.Args[0]
	default:
		panic(bail{unexpected(on)})
	}
	j := l.placeholder(name).ext.(*Join)
	j.L, j.R = left, right
	if cond != nil {
		j.On = l.expr(cond).e
	}
	return j
}

func (l *lowering) tableSource(x *ast.TableSource) FromItem {
	if t, ok := x.Source.(*ast.TableName); ok {
		return l.placeholder(t.Name.O).ext.(*TableRef)
	}
	switch f := l.placeholder(x.AsName.O).ext.(type) {
	case *SubqueryRef:
		f.Query = l.query(x.Source)
		return f
	case *FuncRef:
		for k, e := range l.fields(x.Source.(*ast.SelectStmt)) {
			f.Calls[k].Call = e
		}
		return f
	case *sampleFrame:
		list := l.fields(x.Source.(*ast.SelectStmt))
		f.ref.Sample.Args = list[:f.args]
		if f.seed {
			f.ref.Sample.Seed = list[f.args]
		}
		return f.ref
	}
	panic(bail{unexpected(x)})
}
