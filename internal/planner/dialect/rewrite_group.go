package dialect

// groupExpr carries an item of GROUP BY that is no expression through the lowering of expressions.
type groupExpr struct {
	Loc
	item GroupItem
}

func (*groupExpr) isExpr() {}

// groupBy reads the items of GROUP BY.
func (u *unit) groupBy(i int, f *selectFrame) int {
	u.emit("GROUP", "BY")
	switch {
	case u.kw(i, "distinct"):
		f.sel.GroupByDistinct = true
		i++
	case u.kw(i, "all"):
		i++
	}
	return u.groupItems(i)
}

func (u *unit) groupItems(i int) int {
	for {
		i = u.groupItem(i)
		if !u.is(i, ",") {
			return i
		}
		u.comma()
		i++
	}
}

func (u *unit) groupItem(i int) int {
	kind, paren := GroupExpr, i+1
	switch {
	case u.is(i, "(") && u.is(i+1, ")"):
		u.leaf(i, &groupExpr{Loc: u.loc(i), item: GroupItem{Loc: u.loc(i), Kind: GroupEmpty}})
		return i + 2
	case u.kw(i, "rollup") && u.is(i+1, "("):
		kind = GroupRollup
	case u.kw(i, "cube") && u.is(i+1, "("):
		kind = GroupCube
	case u.kw(i, "grouping", "sets"):
		kind, paren = GroupSets, i+2
	default:
		return u.expr(i)
	}
	u.enter(i)
	defer u.leave()
	loc := u.loc(i)
	u.open(i, func(a []Expr) Expr {
		return &groupExpr{Loc: loc, item: GroupItem{Loc: loc, Kind: kind, Items: groupItemsOf(a)}}
	})
	next := u.groupItems(u.expect(paren, "("))
	u.close()
	return u.expect(next, ")")
}

// groupItemsOf turns lowered expressions into items of GROUP BY.
func groupItemsOf(list []Expr) []GroupItem {
	items := make([]GroupItem, len(list))
	for k, e := range list {
		if g, ok := e.(*groupExpr); ok {
			items[k] = g.item
		} else {
			items[k] = GroupItem{Loc: Loc(e.Pos()), Kind: GroupExpr, Expr: e}
		}
	}
	return items
}
