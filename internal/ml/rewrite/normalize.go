package rewrite

import (
	"context"
	"fmt"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// rule looks at a value of the old graph. It returns its replacement in the new graph, or nil if it does not apply. A rule
// that makes a copy cheaper only where the original dies (only) matches the old graph, whose uses are known; others may
// match the new arguments.
type rule func(p *pass, v *graph.Value) *graph.Value

// rules are tried in this order; the first that applies wins.
var rules []rule

func init() { // not where it is declared: bodies of loops are normalised, too
	rules = []rule{foldConstants, noOperation, moves, concatenation, scalarOperand, canonical, lookups, reshapeLast, layerNorm,
		layerNormAffine, gelu, attention, denseBias, denseScale, denseInput, convFold, bodies, argMaxSoftmax, softmaxSum, radialBasis, topKRoot}
}

// maxPasses bounds the rounds over a graph. Real models take a handful; one made to take many stays as it is by then.
const maxPasses = 50

// Normalize returns a graph that computes the same as g with as few and as simple operators as the rules reach. Inputs
// and outputs keep their names, types and order; g is not changed. It ends early, with the cause, if ctx does.
func Normalize(ctx context.Context, g *graph.Graph) (*graph.Graph, error) {
	w := &work{ctx: ctx, left: foldOps, turns: maxTurns, normal: map[*graph.Graph]bool{}}
	for _, v := range g.Values {
		if c := v.Constant(); c != nil {
			w.left += foldEach * int64(c.Size())
		}
	}
	return w.normalize(g)
}

// work is one normalization: of a graph and the bodies in it.
type work struct {
	ctx context.Context
	// left is how many more operations folding may take.
	left int64
	// turns is how many more elements attention may move.
	turns int
	// normal has the bodies of control operators that are normalised.
	normal map[*graph.Graph]bool
}

func (w *work) normalize(g *graph.Graph) (*graph.Graph, error) {
	for range maxPasses {
		p := newPass(g)
		p.work = w
		next, changed, err := p.run()
		if err == nil && !changed {
			next, changed, err = channelsLast(next)
		}
		if err != nil {
			return nil, err
		}
		g = next
		if !changed {
			break
		}
	}
	return g, g.Verify()
}

// pass builds a new graph from an old one, value by value. Values that no output needs are left out, and equal ones are
// built once.
type pass struct {
	old, new *graph.Graph
	// image is the new value of every old one built so far, by ID.
	image []*graph.Value
	// uses counts the uses of every old value by values and outputs that are alive.
	uses []int
	// built finds new values by key, to share equal ones.
	built map[string]*graph.Value
	work  *work
	err   error
}

func newPass(g *graph.Graph) *pass {
	p := &pass{old: g, new: graph.New(g.Name), image: make([]*graph.Value, len(g.Values)), uses: make([]int, len(g.Values)),
		built: map[string]*graph.Value{}}
	for _, o := range g.Outputs {
		p.uses[o.Value.ID]++
	}
	for i := len(g.Values) - 1; i >= 0; i-- {
		if p.uses[i] > 0 {
			for _, a := range g.Values[i].Args {
				p.uses[a.ID]++
			}
		}
	}
	return p
}

// inputs adds the inputs, which stay as they are.
func (p *pass) inputs() error {
	for _, in := range p.old.Inputs {
		v, err := p.new.Input(in.Op.(*graph.Input).Label, in.Type)
		if err != nil {
			return err
		}
		p.image[in.ID] = v
	}
	return nil
}

func (p *pass) run() (*graph.Graph, bool, error) {
	if err := p.inputs(); err != nil {
		return nil, false, err
	}
	changed := false
	for _, v := range p.old.Values {
		if p.image[v.ID] != nil || p.uses[v.ID] == 0 {
			continue
		}
		if p.work.ctx.Err() != nil {
			return nil, false, context.Cause(p.work.ctx)
		}
		image, applied := p.rewrite(v)
		if p.err != nil {
			return nil, false, p.err
		}
		if !image.Type.Equal(v.Type) {
			return nil, false, sqlstate.New(sqlstate.InternalError, "a rewrite made %s of %s %s", image.Type, v.Op.Name(), v.Type)
		}
		changed = changed || applied
		p.image[v.ID] = image
	}
	for _, o := range p.old.Outputs {
		p.new.Output(o.Name, p.image[o.Value.ID])
	}
	return p.new, changed, nil
}

func (p *pass) rewrite(v *graph.Value) (image *graph.Value, applied bool) {
	for _, r := range rules {
		if w := r(p, v); w != nil || p.err != nil {
			return w, true
		}
	}
	w := p.add(v.Op, p.of(v.Args...)...)
	if w != nil && w.Name == "" {
		w.Name = v.Name
	}
	return w, false
}

// of gives the new values of old ones.
func (p *pass) of(old ...*graph.Value) []*graph.Value {
	out := make([]*graph.Value, len(old))
	for i, v := range old {
		out[i] = p.image[v.ID]
	}
	return out
}

// add applies op in the new graph, or finds the value where that was done already.
func (p *pass) add(op graph.Op, args ...*graph.Value) *graph.Value {
	if p.err != nil {
		return nil
	}
	key := operatorKey(op)
	for _, a := range args {
		if a == nil {
			p.err = sqlstate.New(sqlstate.InternalError, "a rewrite uses a value that is not built yet")
			return nil
		}
		key += fmt.Sprintf(" %%%d", a.ID)
	}
	if v := p.built[key]; v != nil {
		return v
	}
	v, err := p.new.Add(op, args...)
	if err != nil {
		p.err = err
		return nil
	}
	p.built[key] = v
	return v
}

// operatorKey tells operators apart. Those with large constants are alike only if they are the same object.
func operatorKey(op graph.Op) string {
	if key, ok := graph.Key(op); ok {
		return key
	}
	return fmt.Sprintf("%p", op)
}

func (p *pass) constant(t *graph.Tensor) *graph.Value { return p.add(&graph.Constant{Value: t}) }

// only reports whether v is used once, so that replacing its user makes it dead.
func (p *pass) only(v *graph.Value) bool { return p.uses[v.ID] == 1 }

// match is v's operator as a T, nil if it is another.
func match[T any](v *graph.Value) *T {
	op, _ := any(v.Op).(*T)
	return op
}
