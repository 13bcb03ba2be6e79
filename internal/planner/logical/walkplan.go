package logical

// WalkPlan calls f for n and every operator below it, parents first.
func WalkPlan(n Node, f func(Node)) {
	f(n)
	for _, in := range n.Inputs() {
		WalkPlan(in, f)
	}
}

// MapInputs returns n over f of its inputs, and n itself when f changed none.
func MapInputs(n Node, f func(Node) Node) Node {
	in := n.Inputs()
	var out []Node
	for i, x := range in {
		y := f(x)
		if y == x {
			continue
		}
		if out == nil {
			out = append([]Node(nil), in...)
		}
		out[i] = y
	}
	if out == nil {
		return n
	}
	return n.WithInputs(out)
}

// EachExpr calls f for the expressions that n itself evaluates.
func EachExpr(n Node, f func(Expr)) {
	MapExprs(n, func(e Expr) Expr { f(e); return e })
}

// MapExprs returns n with f applied to the expressions that n itself evaluates, and n itself when f changed none. What an
// aggregate computes is an *Agg to f.
func MapExprs(n Node, f func(Expr) Expr) Node {
	switch n := n.(type) {
	case *Filter:
		if conds, changed := mapAll(n.Conds, f); changed {
			return &Filter{Input: n.Input, Conds: conds}
		}
	case *Project:
		if es, changed := mapNamed(n.Exprs, f); changed {
			return &Project{Input: n.Input, Exprs: es}
		}
	case *Result:
		if es, changed := mapNamed(n.Exprs, f); changed {
			return &Result{Input: n.Input, Exprs: es}
		}
	case *PredictRows:
		return mapPredict(n, f)
	case *Join:
		return mapJoin(n, f)
	case *Aggregate:
		return mapAggregate(n, f)
	case *Sort:
		return mapSort(n, f)
	case *Limit:
		if c, o := mapOne(n.Count, f), mapOne(n.Offset, f); c != n.Count || o != n.Offset {
			return &Limit{Input: n.Input, Count: c, Offset: o}
		}
	case *Values:
		return mapValues(n, f)
	case *GenerateSeries:
		a, b, c := f(n.Start), f(n.Stop), f(n.Step)
		if a != n.Start || b != n.Stop || c != n.Step {
			return &GenerateSeries{Start: a, Stop: b, Step: c, Col: n.Col}
		}
	case *TableSink:
		if es, changed := mapAll(n.Exprs, f); changed {
			c := *n
			c.Exprs = es
			return &c
		}
	}
	return n
}

func mapOne(e Expr, f func(Expr) Expr) Expr {
	if e == nil {
		return nil
	}
	return f(e)
}

func mapNamed(es []NamedExpr, f func(Expr) Expr) (out []NamedExpr, changed bool) {
	out = es
	for i, e := range es {
		n := f(e.Expr)
		if n == e.Expr {
			continue
		}
		if !changed {
			out, changed = append([]NamedExpr(nil), es...), true
		}
		out[i].Expr = n
	}
	return out, changed
}

func mapPredict(n *PredictRows, f func(Expr) Expr) Node {
	var calls []PredictCall
	for i, c := range n.Calls {
		args, changed := mapAll(c.Args, f)
		if !changed {
			continue
		}
		if calls == nil {
			calls = append([]PredictCall(nil), n.Calls...)
		}
		calls[i].Args = args
	}
	if calls == nil {
		return n
	}
	return &PredictRows{Input: n.Input, Calls: calls}
}

func mapJoin(n *Join, f func(Expr) Expr) Node {
	conds, a := mapAll(n.Conds, f)
	probe, b := mapAll(n.Probe, f)
	key, c := mapAll(n.Key, f)
	if !a && !b && !c {
		return n
	}
	return &Join{In: n.In, Conds: conds, Probe: probe, Key: key, Rows: n.Rows}
}

func mapAggregate(n *Aggregate, f func(Expr) Expr) Node {
	keys, a := mapNamed(n.Keys, f)
	aggs, b := n.Aggs, false
	for i, g := range n.Aggs {
		x := f(g.Agg).(*Agg)
		if x == g.Agg {
			continue
		}
		if !b {
			aggs, b = append([]NamedAgg(nil), n.Aggs...), true
		}
		aggs[i].Agg = x
	}
	if !a && !b {
		return n
	}
	return &Aggregate{Input: n.Input, Keys: keys, Aggs: aggs}
}

func mapSort(n *Sort, f func(Expr) Expr) Node {
	limit, offset := mapOne(n.Limit, f), mapOne(n.Offset, f)
	keys, changed := n.Keys, limit != n.Limit || offset != n.Offset
	copied := false
	for i, k := range n.Keys {
		e := f(k.Expr)
		if e == k.Expr {
			continue
		}
		if !copied {
			keys, copied = append([]SortKey(nil), n.Keys...), true
		}
		keys[i].Expr = e
	}
	if !changed && !copied {
		return n
	}
	return &Sort{Input: n.Input, Keys: keys, Limit: limit, Offset: offset}
}

func mapValues(n *Values, f func(Expr) Expr) Node {
	var rows [][]Expr
	for i, r := range n.Rows {
		es, changed := mapAll(r, f)
		if !changed {
			continue
		}
		if rows == nil {
			rows = append([][]Expr(nil), n.Rows...)
		}
		rows[i] = es
	}
	if rows == nil {
		return n
	}
	return &Values{Rows: rows, Cols: n.Cols}
}
