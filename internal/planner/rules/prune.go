package rules

import (
	"slices"

	"github.com/flernd/flernd/internal/planner/logical"
)

// pruneColumns drops the columns that nothing above reads: from scans, projections, aggregates and model calls.
func pruneColumns(_ *context, n logical.Node) logical.Node { return prune(n, nil) }

// prune returns n without what is not in need. The root's own outputs are its expressions, so that its need is empty.
func prune(n logical.Node, need logical.ColSet) logical.Node {
	switch n := n.(type) {
	case *logical.Scan:
		return pruneScan(n, need)
	case *logical.Project:
		return pruneProject(n, need)
	case *logical.Aggregate:
		return pruneAggregate(n, need)
	case *logical.PredictRows:
		return prunePredict(n, need)
	case *logical.Values:
		return pruneValues(n, need)
	case *logical.CSVSource:
		return n
	}
	below := need
	switch n.(type) {
	case *logical.Result, *logical.TableSink:
		below = nil
	}
	below = append(logical.ColSet(nil), below...)
	logical.EachExpr(n, func(e logical.Expr) { below.AddRefs(e) })
	return logical.MapInputs(n, func(in logical.Node) logical.Node { return prune(in, below) })
}

func pruneScan(n *logical.Scan, need logical.ColSet) logical.Node {
	out := *n
	out.Cols, out.Ordinals = nil, nil
	for i, c := range n.Cols {
		if need.Has(c.ID) {
			out.Cols = append(out.Cols, c)
			out.Ordinals = append(out.Ordinals, n.Ordinals[i])
		}
	}
	if len(out.Cols) == len(n.Cols) {
		return n
	}
	return &out
}

func pruneProject(n *logical.Project, need logical.ColSet) logical.Node {
	var exprs []logical.NamedExpr
	var below logical.ColSet
	for _, e := range n.Exprs {
		if need.Has(e.Col.ID) {
			exprs = append(exprs, e)
			below.AddRefs(e.Expr)
		}
	}
	return &logical.Project{Input: prune(n.Input, below), Exprs: exprs}
}

func pruneAggregate(n *logical.Aggregate, need logical.ColSet) logical.Node {
	out := &logical.Aggregate{Keys: n.Keys}
	var below logical.ColSet
	for _, k := range n.Keys {
		below.AddRefs(k.Expr)
	}
	for _, a := range n.Aggs {
		if need.Has(a.Col.ID) {
			out.Aggs = append(out.Aggs, a)
			below.AddRefs(a.Agg)
		}
	}
	out.Input = prune(n.Input, below)
	return out
}

func prunePredict(n *logical.PredictRows, need logical.ColSet) logical.Node {
	below := append(logical.ColSet(nil), need...)
	var calls []logical.PredictCall
	for _, c := range n.Calls {
		outputs := append([]logical.Column(nil), c.Outputs...)
		used := false
		for i, o := range outputs {
			if o.ID != 0 && !need.Has(o.ID) {
				outputs[i] = logical.Column{}
			}
			used = used || outputs[i].ID != 0
		}
		if !used {
			continue
		}
		c.Outputs = outputs
		c.Args = pruneArguments(c)
		for _, a := range c.Args {
			below.AddRefs(a)
		}
		calls = append(calls, c)
	}
	in := prune(n.Input, below)
	if len(calls) == 0 {
		return in
	}
	return &logical.PredictRows{Input: in, Calls: calls}
}

// pruneArguments puts constants in the place of arguments that the used outputs do not depend on. One that may be null stays:
// it decides whether the outputs are.
func pruneArguments(c logical.PredictCall) []logical.Expr {
	if c.Choice != nil || c.Model.Inside == nil {
		return c.Args
	}
	outputs := make([]bool, len(c.Outputs))
	for i, o := range c.Outputs {
		outputs[i] = o.ID != 0
	}
	args := append([]logical.Expr(nil), c.Args...)
	reads, input := c.Model.Inside.Reads(outputs), 0
	for i, a := range args {
		width := c.Model.Width(input, a)
		read := slices.Contains(reads[input:input+width], true)
		input += width
		if !read && !a.Nullable() && !logical.MayRaise(a) && !logical.IsVolatile(a) {
			args[i] = &logical.Const{Typ: a.Type()}
		}
	}
	return args
}

func pruneValues(n *logical.Values, need logical.ColSet) logical.Node {
	var keep []int
	for i, c := range n.Cols {
		if need.Has(c.ID) {
			keep = append(keep, i)
		}
	}
	if len(keep) == len(n.Cols) {
		return n
	}
	out := &logical.Values{Rows: make([][]logical.Expr, len(n.Rows))}
	for _, i := range keep {
		out.Cols = append(out.Cols, n.Cols[i])
	}
	for r, row := range n.Rows {
		for _, i := range keep {
			out.Rows[r] = append(out.Rows[r], row[i])
		}
	}
	return out
}
