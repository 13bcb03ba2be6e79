package lower

import (
	"math"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// plan says what is computed in array form, in which order, and where the buffers lie.
type plan struct {
	imports []*graph.Value // lanes that arrays are made of
	exports []*graph.Value // arrays that become lanes
	whole   []wholeOutput  // arrays that stay ones
	// handed are the inputs, of a body, that lie in buffers of around it.
	handed map[*graph.Value]bool
	// steps are the values that have a buffer: not those that are part of another's loop, nor reshaped ones.
	steps []*graph.Value
	// fused has the values that are computed within the loop of the one they map to.
	fused map[*graph.Value]*graph.Value
	// products are Dense and Conv with what follows them, by the last value; insets are places in the buffers of others.
	products map[*graph.Value]*product
	insets   map[*graph.Value]inset
	bodies   map[*graph.Value]*bodies // of the steps that are control operators
	rows     int                      // of a full band
	at       map[*graph.Value]int     // offsets of buffers in the band's memory
	bytes    int                      // of the band's memory
}

// wholeOutput is an output of the model that is an array in SQL too, and what its elements are to the runtime (enum fl_kind).
type wholeOutput struct {
	value *graph.Value
	kind  uint32
}

// mostLanes is the most elements of an output that are lanes each, so that a query may take some of them out for nothing.
const mostLanes = 16

// maxFused bounds the operators of one loop, and with it what compiling the loop takes.
const maxFused = 48

// newPlan plans what is in array form; nil if there is nothing.
func newPlan(g *graph.Graph, forms []form, outputs []uint32) (*plan, error) {
	p := planOf(g, forms, outputs)
	switch n := p.count(); {
	case n+len(p.exports)+len(p.whole) == 0:
		return nil, nil
	case n > maxNodes: // each is some code, and places are looked for among those of all that live
		return nil, tooLarge()
	}
	p.layOut(1)
	p.layOut(p.bandRows())
	if p.bytes > math.MaxUint32/2 {
		return nil, sqlstate.New(sqlstate.ProgramLimitExceeded, "a model takes %d bytes of memory for %d rows", p.bytes, p.rows)
	}
	return p, nil
}

// count is how many steps there are, of bodies too.
func (p *plan) count() int {
	n := len(p.steps)
	for _, r := range p.bodies {
		for _, body := range r.plans {
			n += body.count()
		}
	}
	return n
}

// planOf is a plan without places.
func planOf(g *graph.Graph, forms []form, outputs []uint32) *plan {
	p := &plan{fused: map[*graph.Value]*graph.Value{}, products: map[*graph.Value]*product{}, insets: map[*graph.Value]inset{},
		bodies: map[*graph.Value]*bodies{}}
	exported, imported := map[*graph.Value]bool{}, map[*graph.Value]bool{}
	uses := map[*graph.Value][]*graph.Value{}
	whole := map[*graph.Value]bool{}
	for i, o := range g.Outputs {
		switch {
		case forms[o.Value.ID] != array:
		case i >= len(outputs) || outputs[i] == 0 || o.Value.Type.Size() <= mostLanes:
			exported[o.Value] = true
		case !whole[o.Value]:
			whole[o.Value] = true
			p.whole = append(p.whole, wholeOutput{o.Value, outputs[i]})
		}
	}
	for _, v := range g.Values {
		for _, x := range v.Args {
			switch {
			case forms[v.ID] == array && forms[x.ID] == early && x.Constant() == nil && x.Type.Elem != graph.String:
				imported[source(x)] = true
			case forms[v.ID] == late && forms[x.ID] == array:
				exported[x] = true
			}
			uses[x] = append(uses[x], v)
		}
	}
	kept := func(v *graph.Value) bool { return exported[v] || whole[v] }
	p.findProducts(g, forms, uses, kept)
	p.findInsets(g, uses, kept)
	size := map[*graph.Value]int{}
	for i := len(g.Values) - 1; i >= 0; i-- {
		v := g.Values[i]
		if forms[i] == array && elementwise(v) && !kept(v) && p.fused[v] == nil && p.products[v] == nil {
			if root := p.root(v, uses[v]); root != nil && size[root] < maxFused {
				p.fused[v] = root
				size[root]++
			}
		}
	}
	for i, v := range g.Values {
		_, reshape := v.Op.(*graph.Reshape)
		_, input := v.Op.(*graph.Input)
		result, isResult := v.Op.(*graph.Result)
		switch {
		case isResult && forms[i] == array:
			p.bodies[v.Args[0]].results[result.Index] = v
		case imported[v] || input && forms[i] == array:
			p.imports = append(p.imports, v)
		case forms[i] == array && p.fused[v] == nil && !reshape:
			p.steps = append(p.steps, v)
			if _, ok := v.Op.(graph.Control); ok {
				p.bodies[v] = bodiesOf(v)
			}
		}
		if exported[v] {
			p.exports = append(p.exports, v)
		}
	}
	return p
}

// imported reports whether a buffer is filled from outside.
func (p *plan) imported(v *graph.Value) bool { return slices.Contains(p.imports, v) && !p.handed[v] }

// root is the value in whose loop v can be computed, nil if it needs one of its own: all its uses are in that loop, over the
// same elements.
func (p *plan) root(v *graph.Value, uses []*graph.Value) *graph.Value {
	var root *graph.Value
	for _, u := range uses {
		if !elementwise(u) || !slices.Equal(u.Type.Dims, v.Type.Dims) {
			return nil
		}
		r := u
		if p.fused[u] != nil {
			r = p.fused[u]
		}
		if p.products[r] != nil || root != nil && root != r {
			return nil
		}
		root = r
	}
	return root
}

// operands are the buffers and constants that a step reads; of a loop, what its fused values read.
func (p *plan) operands(step *graph.Value) []*graph.Value {
	var out []*graph.Value
	seen := map[*graph.Value]bool{}
	var visit func(v *graph.Value)
	visit = func(v *graph.Value) {
		for _, x := range v.Args {
			if seen[x] {
				continue
			}
			seen[x] = true
			if p.fused[x] == step {
				visit(x)
			} else {
				out = append(out, x)
			}
		}
	}
	visit(step)
	return out
}

// The memory that a band should take, so that it stays near; the rows that make use of a weight that is loaded; and the most.
const (
	bandBytes  = 256 << 10
	bandReuse  = 64
	mostInBand = 256
	walkBytes  = 64 << 20 // where recurrent layers want more rows than stay near
)

// bandRows chooses a band's rows: as many as stay near, and more where weights, which are read once a band, are larger or are read
// often.
func (p *plan) bandRows() int {
	if p.single() {
		return 1
	}
	weights := p.weights()
	near, shared, walked := bandBytes/p.bytes, min(bandReuse, weights/p.bytes), 0
	if slices.ContainsFunc(p.steps, recurs) {
		walked = min(bandReuse, walkBytes/p.bytes)
	}
	return min(max(near, shared, walked, 1), mostInBand)
}

// recurs tells a recurrent layer, whose weights are read at every step, once for all rows.
func recurs(v *graph.Value) bool {
	_, ok := v.Op.(*graph.Recurrent)
	return ok
}

// weights is the bytes of the weights that are read once a band, less where a row reads them often.
func (p *plan) weights() int {
	bytes := 0
	for _, v := range p.steps {
		if r := p.products[v]; r != nil {
			bytes += r.weights() * 4 / max(1, v.Type.Size()/max(1, v.Type.Last()))
		}
	}
	for _, r := range p.bodies {
		for _, body := range r.plans {
			bytes += body.weights()
		}
	}
	return bytes
}

// pad is what vector loops may read and write past a buffer's end.
const pad = 256

// bufferSize is the bytes of a buffer for so many rows.
func bufferSize(t graph.Type, rows int) int {
	return (t.Size()*storedType(t.Elem).Size()*rows + pad + 63) / 64 * 64
}

// layOut gives each buffer an offset, for bands of so many rows. Those that are not needed at the same time may share memory.
func (p *plan) layOut(rows int) {
	last := map[*graph.Value]int{} // the step after which a buffer is free
	for _, v := range p.imports {
		last[v] = 0
	}
	for i, v := range p.steps {
		last[p.buffer(v)] = i
		if r := p.bodies[v]; r != nil {
			r.layOut(rows)
			for _, out := range r.results {
				last[out] = i
			}
		}
		for _, x := range p.operands(v) {
			last[p.buffer(x)] = i
		}
	}
	for _, v := range p.exports {
		last[source(v)] = len(p.steps)
	}
	for _, o := range p.whole {
		last[source(o.value)] = len(p.steps)
	}
	p.rows, p.bytes, p.at = rows, 0, map[*graph.Value]int{}
	var live []*graph.Value
	size := func(v *graph.Value) int {
		if r := p.bodies[v]; r != nil {
			return r.bytes
		}
		return bufferSize(v.Type, rows)
	}
	place := func(v *graph.Value) {
		if _, placed := p.at[v]; placed {
			return
		}
		at, before := 0, 0
		for before = 0; before < len(live) && p.at[live[before]] < at+size(v); before++ {
			at = max(at, p.at[live[before]]+size(live[before]))
		}
		p.at[v] = at
		live = slices.Insert(live, before, v)
		p.bytes = max(p.bytes, at+size(v))
	}
	for _, v := range p.imports {
		if !p.handed[v] {
			place(v)
		}
	}
	for i, v := range p.steps {
		place(p.buffer(v))
		if r := p.bodies[v]; r != nil {
			for _, out := range r.results {
				if out != nil {
					place(out)
				}
			}
		}
		live = slices.DeleteFunc(live, func(x *graph.Value) bool { return last[x] <= i })
	}
}
