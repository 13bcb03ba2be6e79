package rules

import (
	"cmp"
	"slices"

	"github.com/flernd/flernd/internal/planner/logical"
)

// extractPredict takes model calls out of expressions: a PredictRows operator below the operator that uses them evaluates
// them for blocks of rows, and the expressions read its columns. Equal calls share one; conjuncts of a filter that need no
// model are applied below it, so that only rows that pass them are predicted.
func extractPredict(c *context, n logical.Node) logical.Node {
	n = logical.MapInputs(n, func(in logical.Node) logical.Node { return extractPredict(c, in) })
	if !usesModels(n) {
		return n
	}
	x := &extraction{ctx: c}
	switch n := n.(type) {
	case *logical.Filter:
		return x.filter(n)
	case *logical.PredictRows:
		return n
	}
	x.find(n.Inputs()[0])
	out := x.from(n)
	return out.WithInputs([]logical.Node{x.over(n.Inputs()[0])})
}

func usesModels(n logical.Node) bool {
	found := false
	logical.EachExpr(n, func(e logical.Expr) { found = found || logical.HasPredict(e) })
	return found
}

// filter keeps the conjuncts with model calls above the prediction and puts the others below.
func (x *extraction) filter(n *logical.Filter) logical.Node {
	var with, without []logical.Expr
	for _, c := range n.Conds {
		if logical.HasPredict(c) {
			with = append(with, c)
		} else {
			without = append(without, c)
		}
	}
	if cheap, dear := byWork(with); len(dear) > 0 {
		below := x.filter(&logical.Filter{Input: n.Input, Conds: append(without, cheap...)})
		return (&extraction{ctx: x.ctx}).filter(&logical.Filter{Input: below, Conds: dear})
	}
	x.find(n.Input)
	above := x.from(&logical.Filter{Input: n.Input, Conds: with})
	return above.WithInputs([]logical.Node{x.over(filter(n.Input, without))})
}

// A conjunct's models are dear if they take dearFLOPs a row, and dearTimes what the cheaper conjuncts' take together: then it
// pays to look at the rows that the cheaper ones leave only.
const (
	dearFLOPs = 2048
	dearTimes = 8
)

// byWork splits conjuncts that call models into cheap ones and dear ones; dear is empty if all are alike.
func byWork(conds []logical.Expr) (cheap, dear []logical.Expr) {
	sorted := slices.Clone(conds)
	work := map[logical.Expr]int64{}
	for _, c := range conds {
		work[c] = workOf(c)
	}
	slices.SortStableFunc(sorted, func(a, b logical.Expr) int { return cmp.Compare(work[a], work[b]) })
	before := int64(0)
	for i, c := range sorted {
		if i > 0 && work[c] >= dearFLOPs && work[c] >= dearTimes*before {
			return sorted[:i], sorted[i:]
		}
		before += work[c]
	}
	return conds, nil
}

// workOf is what the models take that an expression calls.
func workOf(e logical.Expr) (flops int64) {
	logical.Walk(e, func(e logical.Expr) bool {
		switch call, ok := e.(*logical.Predict); {
		case !ok:
		case call.Choice != nil:
			most := int64(0)
			for i, c := range call.Choice.Candidates {
				most = max(most, workOfOutput(c.Model, call.Choice.Outputs[call.Output].Of[i]))
			}
			flops += most
		default:
			flops += workOfOutput(call.Model, call.Output)
		}
		return true
	})
	return flops
}

func workOfOutput(m *logical.Model, output int) int64 {
	if m.Inside == nil {
		return 0
	}
	outputs := make([]bool, len(m.Outputs))
	outputs[output] = true
	return m.Inside.Work(outputs)
}

// extraction collects the model calls of one operator, in layers: a call whose arguments call models stands above these.
type extraction struct {
	ctx    *context
	layers [][]logical.PredictCall
	// below are calls that the operator's input has evaluated already, in operators that this rule has made.
	below []*logical.PredictCall
}

// find collects the calls evaluated below n by operators whose columns reach n's output.
func (x *extraction) find(n logical.Node) {
	switch n := n.(type) {
	case *logical.PredictRows:
		for i := range n.Calls {
			x.below = append(x.below, &n.Calls[i])
		}
		x.find(n.Input)
	case *logical.Filter, *logical.Sort, *logical.Limit, *logical.Join:
		for _, in := range n.Inputs() {
			x.find(in)
		}
	}
}

// from replaces the calls in n's expressions by the columns that hold their outputs.
func (x *extraction) from(n logical.Node) logical.Node {
	return logical.MapExprs(n, func(e logical.Expr) logical.Expr { return x.expr(e, nil) })
}

// over puts the collected calls on top of the input.
func (x *extraction) over(in logical.Node) logical.Node {
	for _, calls := range x.layers {
		in = &logical.PredictRows{Input: in, Calls: calls}
	}
	return in
}

// expr replaces calls in e. guards are the conditions under which e is evaluated, beyond the operator's own.
func (x *extraction) expr(e logical.Expr, guards []logical.Expr) logical.Expr {
	return logical.RewriteDown(e, func(e logical.Expr) logical.Expr {
		switch e := e.(type) {
		case *logical.Predict:
			return x.call(e, guards)
		case *logical.Case:
			if logical.HasPredict(e) {
				return x.caseExpr(e, guards)
			}
		case *logical.Call:
			if e.Func == logical.Coalesce && logical.HasPredict(e) {
				return x.coalesce(e, guards)
			}
		}
		return nil
	})
}

// caseExpr extends the guards along the branches: a branch is evaluated when its condition is true and none before was.
func (x *extraction) caseExpr(e *logical.Case, guards []logical.Expr) logical.Expr {
	out := &logical.Case{Typ: e.Typ, Whens: make([]logical.When, len(e.Whens))}
	path := guards[:len(guards):len(guards)]
	for i, w := range e.Whens {
		cond := x.expr(w.Cond, path)
		taken := append(path[:len(path):len(path)], cond)
		out.Whens[i] = logical.When{Cond: cond, Then: x.expr(w.Then, taken)}
		path = append(path, test(logical.IsNotTrue, cond))
	}
	out.Else = x.expr(e.Else, path)
	return out
}

func (x *extraction) coalesce(e *logical.Call, guards []logical.Expr) logical.Expr {
	c := *e
	c.Args = make([]logical.Expr, len(e.Args))
	path := guards[:len(guards):len(guards)]
	for i, a := range e.Args {
		c.Args[i] = x.expr(a, path)
		path = append(path, test(logical.IsNull, c.Args[i]))
	}
	return &c
}

// call finds or adds the call and returns the column of the output it asks for. Models have no errors of their own, so that
// predicting more rows than written is harmless; an argument that may raise one is computed under its guards only.
func (x *extraction) call(e *logical.Predict, guards []logical.Expr) logical.Expr {
	args := make([]logical.Expr, len(e.Args))
	volatile := false
	for i, a := range e.Args {
		args[i] = x.expr(a, guards)
		names := e.Choice != nil && i == 0 // which may raise, whatever its expression is
		if len(guards) > 0 && (names || logical.MayRaise(args[i])) {
			args[i] = guarded(args[i], guards)
		}
		volatile = volatile || logical.IsVolatile(args[i])
	}
	call := &logical.Predict{Model: e.Model, Choice: e.Choice, Args: args, Pos: e.Pos}
	if !volatile {
		if have := x.same(call); have != nil {
			return returned(e, have.Outputs[x.outputOf(have, e)])
		}
	}
	layer := x.layerOf(call)
	for len(x.layers) <= layer {
		x.layers = append(x.layers, nil)
	}
	outputs := x.outputs(call)
	x.layers[layer] = append(x.layers[layer], logical.PredictCall{Model: e.Model, Choice: e.Choice, Args: args, Pos: e.Pos, Outputs: outputs})
	return returned(e, outputs[e.Output])
}

// outputs are columns for what a call computes; those that nothing reads go when columns are pruned.
func (x *extraction) outputs(call *logical.Predict) []logical.Column {
	if call.Choice != nil {
		return []logical.Column{x.chosenColumn(call, 0)}
	}
	outputs := make([]logical.Column, len(call.Model.Outputs))
	for i, o := range call.Model.Outputs {
		o.Nullable, o.Type = call.Nullable(), call.Model.NativeType(i)
		outputs[i] = x.ctx.newColumn(o)
	}
	return outputs
}

func (x *extraction) chosenColumn(call *logical.Predict, output int) logical.Column {
	o := call.Choice.Outputs[output]
	return x.ctx.newColumn(logical.Column{Name: cmp.Or(o.Name, "predict"), Type: o.Typ, Nullable: call.Nullable()})
}

// outputOf is which output of a call that computes the same e reads. A choice gets it if it had it not: each use is bound with its own.
func (x *extraction) outputOf(have *logical.PredictCall, e *logical.Predict) int {
	if e.Choice == nil {
		return e.Output
	}
	want := e.Choice.Outputs[e.Output]
	if i := slices.IndexFunc(have.Choice.Outputs, want.Same); i >= 0 {
		return i
	}
	more := *have.Choice
	more.Outputs = append(more.Outputs[:len(more.Outputs):len(more.Outputs)], want)
	have.Choice = &more
	have.Outputs = append(have.Outputs, x.chosenColumn(e, e.Output))
	return len(have.Outputs) - 1
}

// returned is the column of a call's output as RETURNS declares it.
func returned(call *logical.Predict, col logical.Column) logical.Expr {
	ref := &logical.Ref{Col: col}
	if call.Type() == col.Type {
		return ref
	}
	return &logical.Cast{Arg: ref, Typ: call.Type(), Explicit: true, Pos: call.Pos}
}

// same finds a call that computes the same.
func (x *extraction) same(call *logical.Predict) *logical.PredictCall {
	same := func(c *logical.PredictCall) bool {
		return logical.SameCall(&logical.Predict{Model: c.Model, Choice: c.Choice, Args: c.Args}, call)
	}
	for _, calls := range x.layers {
		for i := range calls {
			if same(&calls[i]) {
				return &calls[i]
			}
		}
	}
	if i := slices.IndexFunc(x.below, same); i >= 0 {
		return x.below[i]
	}
	return nil
}

// layerOf is the first layer above those whose outputs the call's arguments read.
func (x *extraction) layerOf(call *logical.Predict) int {
	var refs logical.ColSet
	for _, a := range call.Args {
		refs.AddRefs(a)
	}
	for l := len(x.layers) - 1; l >= 0; l-- {
		for _, c := range x.layers[l] {
			for _, o := range c.Outputs {
				if o.ID != 0 && refs.Has(o.ID) {
					return l + 1
				}
			}
		}
	}
	return 0
}

// guarded is e where all guards are true and null elsewhere.
func guarded(e logical.Expr, guards []logical.Expr) logical.Expr {
	for i := len(guards) - 1; i >= 0; i-- {
		// Nested, since the operands of AND have no order and a later guard may raise where an earlier one is not true.
		e = &logical.Case{Whens: []logical.When{{Cond: guards[i], Then: e}}, Else: logical.NullConst(e.Type()), Typ: e.Type()}
	}
	return e
}

func test(f logical.Func, e logical.Expr) logical.Expr {
	return &logical.Call{Func: f, Args: []logical.Expr{e}, Typ: (&logical.InList{}).Type()}
}
