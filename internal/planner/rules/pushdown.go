package rules

import "github.com/flernd/flernd/internal/planner/logical"

// pushPredicates moves the conjuncts of filters as far down as they go: through projections, sorts and aggregates on keys,
// into the inputs of joins. What needs several inputs of a join becomes the join's. Volatile conjuncts stay. Conjuncts from
// further in come first, as in PostgreSQL: an inner one may keep an outer one from raising an error.
func pushPredicates(_ *context, n logical.Node) logical.Node { return push(n, nil) }

// push returns n with conds applied at or below it.
func push(n logical.Node, conds []logical.Expr) logical.Node {
	switch n := n.(type) {
	case *logical.Filter:
		return push(n.Input, appendNew(n.Conds, conds))
	case *logical.Project:
		return pushProject(n, conds)
	case *logical.Join:
		return pushJoin(n, conds)
	case *logical.Aggregate:
		return pushAggregate(n, conds)
	case *logical.Sort:
		if n.Limit == nil && n.Offset == nil {
			stay, down := splitVolatile(conds)
			return filter(n.WithInputs([]logical.Node{push(n.Input, down)}), stay)
		}
	}
	n = logical.MapInputs(n, func(in logical.Node) logical.Node { return push(in, nil) })
	return filter(n, conds)
}

// maxCompared is the most conjuncts that are looked through for equal ones.
const maxCompared = 200

// appendNew appends conjuncts, without those that are there already.
func appendNew(conds, add []logical.Expr) []logical.Expr {
	out := append([]logical.Expr(nil), conds...)
next:
	for _, a := range add {
		if logical.IsConst(a, true) {
			continue
		}
		if len(out) < maxCompared && !logical.IsVolatile(a) {
			for _, c := range out {
				if logical.Equal(a, c) {
					continue next
				}
			}
		}
		out = append(out, a)
	}
	return out
}

func filter(n logical.Node, conds []logical.Expr) logical.Node {
	if len(conds) == 0 {
		return n
	}
	return &logical.Filter{Input: n, Conds: conds}
}

func splitVolatile(conds []logical.Expr) (volatile, other []logical.Expr) {
	for _, c := range conds {
		if logical.IsVolatile(c) {
			volatile = append(volatile, c)
		} else {
			other = append(other, c)
		}
	}
	return volatile, other
}

// pushProject expresses conjuncts over the projection's input, unless a column they read is volatile.
func pushProject(n *logical.Project, conds []logical.Expr) logical.Node {
	defs := definitions(n)
	var volatile logical.ColSet
	for _, e := range n.Exprs {
		if logical.IsVolatile(e.Expr) {
			volatile.Add(e.Col.ID)
		}
	}
	stay, rest := splitVolatile(conds)
	var down []logical.Expr
	for _, c := range rest {
		size, _ := sizeOf(c, defs, map[logical.ColID]int{})
		if intersects(logical.RefsOf(c), volatile) || size > maxMergedSize {
			stay = append(stay, c)
		} else {
			down = append(down, logical.Substitute(c, defs))
		}
	}
	return filter(&logical.Project{Input: push(n.Input, down), Exprs: n.Exprs}, stay)
}

func intersects(a, b logical.ColSet) bool {
	for i := range min(len(a), len(b)) {
		if a[i]&b[i] != 0 {
			return true
		}
	}
	return false
}

// pushAggregate lets conjuncts over keys through: they keep or drop whole groups. Without keys there is always a row, so
// that nothing may pass.
func pushAggregate(n *logical.Aggregate, conds []logical.Expr) logical.Node {
	defs := map[logical.ColID]logical.Expr{}
	var keys logical.ColSet
	for _, k := range n.Keys {
		if !logical.IsVolatile(k.Expr) {
			keys.Add(k.Col.ID)
			defs[k.Col.ID] = k.Expr
		}
	}
	var stay, down []logical.Expr
	for _, c := range conds {
		refs := logical.RefsOf(c)
		if len(n.Keys) > 0 && !refs.Empty() && refs.SubsetOf(keys) && !logical.IsVolatile(c) {
			down = append(down, logical.Substitute(c, defs))
		} else {
			stay = append(stay, c)
		}
	}
	in := push(n.Input, down)
	return filter(n.WithInputs([]logical.Node{in}), stay)
}

// pushJoin takes nested joins together and gives every input the conjuncts that need it only.
func pushJoin(n *logical.Join, conds []logical.Expr) logical.Node {
	var in []logical.Node
	var all []logical.Expr
	in, all = flattenJoin(n, in, all)
	all = appendNew(nil, append(all, conds...))
	volatile, all := splitVolatile(all)
	sets := make([]logical.ColSet, len(in))
	down := make([][]logical.Expr, len(in))
	for i, x := range in {
		sets[i] = logical.SetOf(x.Columns())
	}
	var stay, here []logical.Expr
	for _, c := range withImplied(all, sets) {
		refs := logical.RefsOf(c)
		switch i := onlyInput(refs, sets); {
		case refs.Empty() || logical.HasPredict(c) && i < 0 || logical.HasChoice(c):
			// What a join leaves out may be the rows whose names are no model's.
			stay = append(stay, c)
		case i >= 0:
			down[i] = append(down[i], c)
		default:
			here = append(here, c)
		}
	}
	for i, x := range in {
		in[i] = push(x, down[i])
	}
	return filter(&logical.Join{In: in, Conds: here}, append(stay, volatile...))
}

func flattenJoin(n logical.Node, in []logical.Node, conds []logical.Expr) ([]logical.Node, []logical.Expr) {
	switch x := n.(type) {
	case *logical.Join:
		for _, i := range x.In {
			in, conds = flattenJoin(i, in, conds)
		}
		return in, append(conds, x.Conds...)
	case *logical.Filter:
		if _, ok := x.Input.(*logical.Join); ok {
			if v, _ := splitVolatile(x.Conds); len(v) == 0 {
				in, conds = flattenJoin(x.Input, in, conds)
				return in, append(conds, x.Conds...)
			}
		}
	}
	return append(in, n), conds
}

func onlyInput(refs logical.ColSet, sets []logical.ColSet) int {
	for i, s := range sets {
		if refs.SubsetOf(s) {
			return i
		}
	}
	return -1
}

// withImplied adds, for a disjunction over several inputs, the disjunction of what its branches say of each single input:
// (a.x = 1 AND b.y = 2) OR (a.x = 3 AND b.y = 4) implies a.x = 1 OR a.x = 3.
func withImplied(conds []logical.Expr, sets []logical.ColSet) []logical.Expr {
	out := conds
	for _, c := range conds {
		or, ok := c.(*logical.Call)
		if !ok || or.Func != logical.Or || onlyInput(logical.RefsOf(c), sets) >= 0 || logical.HasPredict(c) {
			continue
		}
		for _, s := range sets {
			if e := impliedOn(or, s); e != nil {
				out = append(out[:len(out):len(out)], e)
			}
		}
	}
	return out
}

func impliedOn(or *logical.Call, set logical.ColSet) logical.Expr {
	terms := make([]logical.Expr, len(or.Args))
	for i, branch := range or.Args {
		var own []logical.Expr
		for _, c := range logical.Conjuncts(nil, branch) {
			if refs := logical.RefsOf(c); !refs.Empty() && refs.SubsetOf(set) && !logical.MayRaise(c) {
				own = append(own, c)
			}
		}
		switch len(own) {
		case 0:
			return nil
		case 1:
			terms[i] = own[0]
		default:
			terms[i] = &logical.Call{Func: logical.And, Args: own, Typ: or.Typ, Pos: or.Pos}
		}
	}
	return &logical.Call{Func: logical.Or, Args: terms, Typ: or.Typ, Pos: or.Pos}
}
