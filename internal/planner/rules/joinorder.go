package rules

import (
	"math"
	"math/bits"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/stats"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// maxExhaustive is the most inputs for which all orders are weighed; more are joined greedily.
const maxExhaustive = 9

// maxInputs is the most inputs of one join: sets of them are the bits of a word.
const maxInputs = 64

// orderJoins turns joins of several inputs into trees of joins of two by estimated cost. The smaller side of each becomes
// the build side; comparisons of the two sides for equality become its keys.
func orderJoins(c *context, n logical.Node) logical.Node {
	var est *stats.Estimator
	root := n
	var below func(n logical.Node) logical.Node
	below = func(n logical.Node) logical.Node {
		n = logical.MapInputs(n, below)
		j, ok := n.(*logical.Join)
		if !ok {
			return n
		}
		if len(j.In) > maxInputs {
			c.err = sqlstate.New(sqlstate.StatementTooComplex, "joins of more than %d relations are not supported", maxInputs)
			return n
		}
		if est == nil {
			est = stats.New(root)
		}
		return orderJoin(j, est)
	}
	return below(n)
}

func orderJoin(j *logical.Join, est *stats.Estimator) logical.Node {
	o := newOrdering(j, est)
	var s *subset
	if len(j.In) <= maxExhaustive {
		s = o.exhaustive()
	} else {
		s = o.greedy()
	}
	return filter(s.node, o.unplaced())
}

// condition is a conjunct with the inputs it reads.
type condition struct {
	expr   logical.Expr
	inputs uint64
	// left and right are the inputs of the sides of an equality, 0 for other conditions.
	left, right uint64
}

// subset is the best plan found for a set of inputs.
type subset struct {
	set  uint64
	rows float64
	cost float64
	// probe and build are its parts, nil for a single input.
	probe, build *subset
	node         logical.Node
}

type ordering struct {
	est   *stats.Estimator
	in    []*subset
	conds []condition
	// factors are the selectivities of what joins inputs, each with the inputs it needs.
	factors []factored
	// reach tells for every input which others conditions connect it with.
	reach []uint64
}

func newOrdering(j *logical.Join, est *stats.Estimator) *ordering {
	o := &ordering{est: est, reach: make([]uint64, len(j.In))}
	sets := make([]logical.ColSet, len(j.In))
	for i, in := range j.In {
		rows := est.Rows(in)
		sets[i] = logical.SetOf(in.Columns())
		o.in = append(o.in, &subset{set: 1 << i, rows: rows, node: in})
	}
	inputsOf := func(e logical.Expr) (m uint64) {
		refs := logical.RefsOf(e)
		for i, s := range sets {
			if intersects(refs, s) {
				m |= 1 << i
			}
		}
		return m
	}
	for _, e := range j.Conds {
		c := condition{expr: e, inputs: inputsOf(e)}
		if call, ok := e.(*logical.Call); ok && call.Func == logical.Eq && call.Args[0].Type().Kind == call.Args[1].Type().Kind {
			l, r := inputsOf(call.Args[0]), inputsOf(call.Args[1])
			if l != 0 && r != 0 && l&r == 0 {
				c.left, c.right = l, r
			}
		}
		o.conds = append(o.conds, c)
		for i := range o.in {
			if c.inputs&(1<<i) != 0 {
				o.reach[i] |= c.inputs
			}
		}
	}
	o.addFactors(sets)
	return o
}

// exhaustive is dynamic programming over all subsets: the best plan of each from the best plans of its parts.
func (o *ordering) exhaustive() *subset {
	n := len(o.in)
	best := make([]*subset, 1<<n)
	for _, s := range o.in {
		best[s.set] = s
	}
	o.fill(best, true)
	if best[1<<n-1] == nil {
		o.fill(best, false) // some inputs have no condition that joins them to others
	}
	return o.build(best[1<<n-1])
}

// fill finds the best plan of each set that has none yet, smaller sets first.
func (o *ordering) fill(best []*subset, connected bool) {
	for set := uint64(1); set < uint64(len(best)); set++ {
		if best[set] == nil {
			best[set] = o.bestSplit(best, set, connected)
		}
	}
}

// bestSplit tries all ways to split a set in two; with connected only those that a condition joins.
func (o *ordering) bestSplit(best []*subset, set uint64, connected bool) *subset {
	rows := -1.0
	var found *subset
	low := set & -set
	for a := (set - 1) & set; a != 0; a = (a - 1) & set {
		if a&low == 0 {
			continue // each split once
		}
		l, r := best[a], best[set&^a]
		if l == nil || r == nil || connected && !o.connected(l.set, r.set) {
			continue
		}
		if rows < 0 {
			rows = o.rowsOf(set)
		}
		if c := o.cost(l, r, rows); found == nil || c < found.cost {
			found = joined(l, r, rows, c)
		}
	}
	return found
}

// factored is the selectivity of what joins some inputs.
type factored struct {
	inputs      uint64
	selectivity float64
}

// addFactors estimates the conditions: the equalities between a pair of inputs together, all others one by one. A
// disjunction is divided by what it implied for single inputs, which has been applied to their rows.
func (o *ordering) addFactors(sets []logical.ColSet) {
	pairs := map[uint64][2][]logical.Expr{}
	var order []uint64
	for _, c := range o.conds {
		if c.left == 0 || bits.OnesCount64(c.left) != 1 || bits.OnesCount64(c.right) != 1 {
			s := o.est.Selectivity([]logical.Expr{c.expr})
			if or, ok := c.expr.(*logical.Call); ok && or.Func == logical.Or {
				for _, set := range sets {
					if e := impliedOn(or, set); e != nil {
						s /= o.est.Selectivity([]logical.Expr{e})
					}
				}
			}
			o.factors = append(o.factors, factored{c.inputs, math.Min(1, s)})
			continue
		}
		args := c.expr.(*logical.Call).Args
		l, r := args[0], args[1]
		if c.left > c.right {
			l, r = r, l
		}
		p, known := pairs[c.inputs]
		if !known {
			order = append(order, c.inputs)
		}
		pairs[c.inputs] = [2][]logical.Expr{append(p[0], l), append(p[1], r)}
	}
	for _, inputs := range order {
		p := pairs[inputs]
		l, r := o.in[bits.TrailingZeros64(inputs)], o.in[63-bits.LeadingZeros64(inputs)]
		o.factors = append(o.factors, factored{inputs, o.est.Keys(p[0], p[1], l.rows, r.rows)})
	}
}

// rowsOf estimates the join of a set of inputs, whatever the order.
func (o *ordering) rowsOf(set uint64) float64 {
	rows := 1.0
	for m := set; m != 0; m &= m - 1 {
		rows *= o.in[bits.TrailingZeros64(m)].rows
	}
	for _, f := range o.factors {
		if f.inputs&^set == 0 {
			rows *= f.selectivity
		}
	}
	return math.Max(1, math.Round(stats.Clamp(rows)))
}

func joined(l, r *subset, rows, cost float64) *subset {
	if l.rows < r.rows {
		l, r = r, l
	}
	return &subset{set: l.set | r.set, rows: rows, cost: cost, probe: l, build: r}
}

// greedy joins the pair with the smallest result, again and again.
func (o *ordering) greedy() *subset {
	left := append([]*subset(nil), o.in...)
	for len(left) > 1 {
		bi, bj, bestRows, bestConnected := 0, 1, math.Inf(1), false
		for i := range left {
			for j := i + 1; j < len(left); j++ {
				con := o.connected(left[i].set, left[j].set)
				if bestConnected && !con {
					continue
				}
				if rows := o.rowsOf(left[i].set | left[j].set); rows < bestRows || con && !bestConnected {
					bi, bj, bestRows, bestConnected = i, j, rows, con
				}
			}
		}
		left[bi] = joined(left[bi], left[bj], bestRows, 0)
		left = append(left[:bj], left[bj+1:]...)
	}
	return o.build(left[0])
}

func (o *ordering) connected(a, b uint64) bool {
	for m := a; m != 0; m &= m - 1 {
		if o.reach[bits.TrailingZeros64(m)]&b != 0 {
			return true
		}
	}
	return false
}

// cost weighs what a hash join does: each row of the build side is stored, each of the probe side looked up (which takes
// longer in a table that no cache holds), each result made. Without keys every pair is looked at.
func (o *ordering) cost(l, r *subset, rows float64) float64 {
	if !o.hasKeys(l.set, r.set) {
		return l.cost + r.cost + l.rows*r.rows + rows
	}
	build, probe := math.Min(l.rows, r.rows), math.Max(l.rows, r.rows)
	lookup := 1 + math.Max(0, math.Log2(build/4096))/4
	return l.cost + r.cost + 3*build + probe*lookup + rows
}

func (o *ordering) hasKeys(l, r uint64) bool {
	for _, c := range o.conds {
		if _, ok := keySides(c, l, r); ok {
			return true
		}
	}
	return false
}

// keySides reports whether c is an equality between the two sides, and whether its left operand is of the second.
func keySides(c condition, l, r uint64) (swapped, ok bool) {
	switch {
	case c.left == 0:
	case c.left&^l == 0 && c.right&^r == 0:
		return false, true
	case c.left&^r == 0 && c.right&^l == 0:
		return true, true
	}
	return false, false
}

// applies reports whether a condition is first complete when l and r are joined.
func (c *condition) applies(l, r uint64) bool {
	return c.inputs&^(l|r) == 0 && c.inputs&^l != 0 && c.inputs&^r != 0
}

// split divides the conditions that join two sides into keys and others.
func (o *ordering) split(l, r uint64) (lkeys, rkeys, rest []logical.Expr) {
	for i := range o.conds {
		c := &o.conds[i]
		if !c.applies(l, r) {
			continue
		}
		swapped, ok := keySides(*c, l, r)
		if !ok {
			rest = append(rest, c.expr)
			continue
		}
		args := c.expr.(*logical.Call).Args
		a, b := args[0], args[1]
		if swapped {
			a, b = b, a
		}
		lkeys, rkeys = append(lkeys, a), append(rkeys, b)
	}
	return lkeys, rkeys, rest
}

// build makes the operators of the plan found.
func (o *ordering) build(s *subset) *subset {
	if s.probe == nil {
		return s
	}
	o.build(s.probe)
	o.build(s.build)
	probe, key, rest := o.split(s.probe.set, s.build.set)
	for i := range probe {
		probe[i], key[i] = hashable(probe[i]), hashable(key[i])
	}
	s.node = &logical.Join{In: []logical.Node{s.probe.node, s.build.node}, Probe: probe, Key: key, Conds: rest, Rows: s.rows}
	return s
}

// hashable makes equal keys equal bytes: the blanks at the end of character(n) do not count.
func hashable(e logical.Expr) logical.Expr {
	if e.Type().Kind == sqltype.Char {
		return &logical.Cast{Arg: e, Typ: sqltype.Of(sqltype.Text)}
	}
	return e
}

// unplaced are the conditions that no join of the tree applied: those that read one input or none.
func (o *ordering) unplaced() []logical.Expr {
	var out []logical.Expr
	for _, c := range o.conds {
		if bits.OnesCount64(c.inputs) < 2 {
			out = append(out, c.expr)
		}
	}
	return out
}
