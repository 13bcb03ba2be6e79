package dialect

// call reads the call of a function named by names, which begin at token i; paren is its parenthesis.
func (u *unit) call(i, paren int, names []Name) int {
	parts := make([]string, len(names))
	for k, n := range names {
		parts[k] = n.Text
	}
	q := u.qualify(i, parts)
	if q.Catalog != "" {
		u.unsupported(i, "a function name with a database")
	}
	windowless := u.windowless
	u.windowless = false
	c := &callShape{node: &FuncCall{Loc: u.loc(i), Schema: q.Schema, Name: q.Name}}
	u.open(i, c.build)
	next := u.callArgs(paren+1, c)
	if windowless {
		u.close()
		return next
	}
	next = u.withinGroup(next, c)
	if u.kw(next, "filter") {
		c.filter = true
		c.separate(u)
		next = u.expect(u.expr(u.word(u.expect(next+1, "("), "where")), ")")
	}
	if u.kw(next, "over") {
		next = u.over(next, c)
	}
	u.close()
	return next
}

// callShape tells which operands of a call's placeholder are what. They stand in the order of build.
type callShape struct {
	node   *FuncCall
	filter bool
	some   bool // an operand was emitted
}

// separate emits a comma unless this is the first operand.
func (c *callShape) separate(u *unit) {
	if c.some {
		u.comma()
	}
	c.some = true
}

// operands hands a placeholder's operands out one by one.
type operands []Expr

func (o *operands) next() Expr {
	e := (*o)[0]
	*o = (*o)[1:]
	return e
}

func (c *callShape) build(a []Expr) Expr {
	o := operands(a)
	n := c.node
	for k := range n.Args {
		n.Args[k].Value = o.next()
	}
	o.fillSort(n.OrderBy)
	if c.filter {
		n.Filter = o.next()
	}
	if n.Over != nil {
		o.fillWindow(n.Over)
	}
	return n
}

func (o *operands) fillSort(list []SortBy) {
	for k := range list {
		list[k].Expr = o.next()
	}
}

func (o *operands) fillWindow(w *Window) {
	for k := range w.PartitionBy {
		w.PartitionBy[k] = o.next()
	}
	o.fillSort(w.OrderBy)
	if w.Frame == nil {
		return
	}
	for _, b := range []*Bound{&w.Frame.Start, &w.Frame.End} {
		if b.Kind == OffsetPreceding || b.Kind == OffsetFollowing {
			b.Offset = o.next()
		}
	}
}

// callArgs reads what is between a call's parentheses, and the closing one.
func (u *unit) callArgs(i int, c *callShape) int {
	switch {
	case u.is(i, ")"):
		return i + 1
	case u.isOp(i, "*"):
		c.node.Star = true
		return u.expect(i+1, ")")
	case u.kw(i, "distinct"):
		c.node.Distinct = true
		i++
	case u.kw(i, "all"):
		i++
	}
	for {
		variadic := u.kw(i, "variadic")
		if variadic && (u.kw(i-1, "distinct") || u.kw(i-1, "all")) {
			u.syntax(i)
		}
		i = u.callArg(i, c)
		if variadic || !u.is(i, ",") {
			break
		}
		i++
	}
	if u.kw(i, "order") {
		c.node.OrderBy, i = u.sortList(u.word(i, "order", "by"), c.separate)
	}
	return u.expect(i, ")")
}

func (u *unit) callArg(i int, c *callShape) int {
	a := Arg{Loc: u.loc(i)}
	if u.kw(i, "variadic") {
		a.Variadic = true
		i++
	}
	if u.isTypeFunc(i) && (u.is(i+1, "=>") || u.is(i+1, ":=")) {
		a.Name = u.t[i].s
		i += 2
	}
	c.node.Args = append(c.node.Args, a)
	c.separate(u)
	return u.expr(i)
}

func (u *unit) withinGroup(i int, c *callShape) int {
	if !u.kw(i, "within") {
		return i
	}
	u.word(i, "within", "group")
	n, inner := c.node, c.node.OrderBy
	n.WithinGroup = true
	next := u.word(u.expect(i+2, "("), "order", "by")
	n.OrderBy, next = u.sortList(next, c.separate)
	next = u.expect(next, ")")
	switch {
	case len(inner) > 0:
		u.errorAt(i, "cannot use multiple ORDER BY clauses with WITHIN GROUP")
	case n.Distinct:
		u.errorAt(i, "cannot use DISTINCT with WITHIN GROUP")
	case len(n.Args) > 0 && n.Args[len(n.Args)-1].Variadic:
		u.errorAt(i, "cannot use VARIADIC with WITHIN GROUP")
	}
	return next
}

// sortList reads the items of ORDER BY; separate is called before each is emitted.
func (u *unit) sortList(i int, separate func(*unit)) ([]SortBy, int) {
	var list []SortBy
	for {
		separate(u)
		s := SortBy{Loc: u.loc(i)}
		i = u.expr(i)
		switch {
		case u.kw(i, "asc"):
			i++
		case u.kw(i, "desc"):
			s.Desc = true
			i++
		case u.kw(i, "using"):
			_, s.Using, i = u.operatorName(i + 1)
		}
		switch {
		case u.kw(i, "nulls", "first"):
			s.Nulls = NullsFirst
			i += 2
		case u.kw(i, "nulls", "last"):
			s.Nulls = NullsLast
			i += 2
		}
		list = append(list, s)
		if !u.is(i, ",") {
			return list, i
		}
		i++
	}
}

// over reads OVER w or OVER (…).
func (u *unit) over(i int, c *callShape) int {
	i++
	if u.is(i, "(") {
		c.node.Over, i = u.window(i, c.separate)
		return i
	}
	n, next := u.colID(i)
	c.node.Over = &Window{Loc: n.Loc, Ref: n.Text, Bare: true}
	return next
}

// window reads a window in parentheses. Its operands are those of fillWindow.
func (u *unit) window(i int, separate func(*unit)) (*Window, int) {
	w := &Window{Loc: u.loc(i)}
	i = u.expect(i, "(")
	if u.isColID(i) && !u.oneOf(i, "partition", "range", "rows", "groups") {
		w.Ref = u.t[i].s
		i++
	}
	if u.kw(i, "partition") {
		i = u.word(i, "partition", "by")
		for {
			separate(u)
			i = u.expr(i)
			w.PartitionBy = append(w.PartitionBy, nil)
			if !u.is(i, ",") {
				break
			}
			i++
		}
	}
	if u.kw(i, "order") {
		w.OrderBy, i = u.sortList(u.word(i, "order", "by"), separate)
	}
	if u.oneOf(i, "range", "rows", "groups") {
		w.Frame, i = u.frame(i, separate)
	}
	return w, u.expect(i, ")")
}

func (u *unit) frame(i int, separate func(*unit)) (*Frame, int) {
	f := &Frame{Loc: u.loc(i), End: Bound{Kind: CurrentRow}}
	switch u.t[i].s {
	case "rows":
		f.Mode = FrameRows
	case "groups":
		f.Mode = FrameGroups
	}
	i++
	start, end := i, i
	if u.kw(i, "between") {
		start = i + 1
		f.Start, i = u.bound(start, separate)
		end = u.word(i, "and")
		f.End, i = u.bound(end, separate)
	} else {
		f.Start, i = u.bound(i, separate)
	}
	u.checkFrame(start, end, f)
	if u.kw(i, "exclude") {
		switch {
		case u.kw(i+1, "current"):
			f.Exclude = ExcludeCurrentRow
			i = u.word(i+1, "current", "row") - 2
		case u.kw(i+1, "no"):
			i = u.word(i+1, "no", "others") - 2
		case u.kw(i+1, "group"):
			f.Exclude = ExcludeGroup
		case u.kw(i+1, "ties"):
			f.Exclude = ExcludeTies
		default:
			u.syntax(i + 1)
		}
		i += 2
	}
	return f, i
}

// checkFrame refuses the frames that PostgreSQL's grammar refuses. The bounds are at tokens start and end, which are the same
// without BETWEEN.
func (u *unit) checkFrame(start, end int, f *Frame) {
	from, to := f.Start.Kind, f.End.Kind
	switch {
	case from == UnboundedFollowing:
		u.fail(start, windowingError("frame start cannot be UNBOUNDED FOLLOWING"))
	case to == UnboundedPreceding:
		u.fail(end, windowingError("frame end cannot be UNBOUNDED PRECEDING"))
	case from == OffsetFollowing && start == end:
		u.fail(start, windowingError("frame starting from following row cannot end with current row"))
	case from == CurrentRow && to == OffsetPreceding:
		u.fail(end, windowingError("frame starting from current row cannot have preceding rows"))
	case from == OffsetFollowing && (to == OffsetPreceding || to == CurrentRow):
		u.fail(end, windowingError("frame starting from following row cannot have preceding rows"))
	}
}

func (u *unit) bound(i int, separate func(*unit)) (Bound, int) {
	switch {
	case u.kw(i, "unbounded", "preceding"):
		return Bound{Kind: UnboundedPreceding}, i + 2
	case u.kw(i, "unbounded", "following"):
		return Bound{Kind: UnboundedFollowing}, i + 2
	case u.kw(i, "current", "row"):
		return Bound{Kind: CurrentRow}, i + 2
	}
	separate(u)
	i = u.expr(i)
	switch {
	case u.kw(i, "preceding"):
		return Bound{Kind: OffsetPreceding}, i + 1
	case u.kw(i, "following"):
		return Bound{Kind: OffsetFollowing}, i + 1
	}
	u.syntax(i)
	return Bound{}, i
}
