package lower

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
)

// bodies is what an If or a Loop needs in array form beside the buffers of its results: the plans and the memory of its bodies.
type bodies struct {
	control *graph.Value
	results []*graph.Value // the results as values of the graph, nil where nobody uses one
	plans   []*plan
	// Offsets in the memory: of carried values that nobody uses after the loop; of those that a turn hands on as another
	// than they came, which are kept aside until all are copied; of whether there is another turn; of the bodies' own memory.
	unused, aside map[int]int
	more, own     int
	bytes         int
}

func bodiesOf(v *graph.Value) *bodies {
	op := v.Op.(graph.Control)
	r := &bodies{control: v, results: make([]*graph.Value, len(op.Results()))}
	for _, body := range op.Bodies() {
		forms := make([]form, len(body.Values))
		for i, w := range body.Values {
			if w.Constant() == nil {
				forms[i] = array
			}
		}
		p := planOf(body, forms, nil)
		p.handed = handed(op, body)
		r.plans = append(r.plans, p)
	}
	return r
}

// handed are the inputs of a body that lie in buffers of around it: all but the turn's number and the entries.
func handed(op graph.Control, body *graph.Graph) map[*graph.Value]bool {
	out := map[*graph.Value]bool{}
	loop, _ := op.(*graph.Loop)
	for i, in := range body.Inputs {
		if loop == nil || i > 0 && (i <= loop.Carried || i > loop.Carried+loop.Scanned) {
			out[in] = true
		}
	}
	return out
}

// single reports whether the rows of a band would go different ways, so that a band is one row.
func (r *bodies) single() bool {
	if loop, ok := r.control.Op.(*graph.Loop); ok && loop.Known() {
		return r.plans[0].single()
	}
	return true
}

func (p *plan) single() bool {
	for _, r := range p.bodies {
		if r.single() {
			return true
		}
	}
	return false
}

// layOut lays the bodies' memory out for bands of so many rows.
func (r *bodies) layOut(rows int) {
	r.unused, r.aside, r.bytes = map[int]int{}, map[int]int{}, 0
	room := func(bytes int) int {
		at := r.bytes
		r.bytes += (bytes + 63) / 64 * 64
		return at
	}
	r.more = room(rows + pad)
	if loop, ok := r.control.Op.(*graph.Loop); ok {
		types := loop.Results()
		for i := range loop.Carried {
			if r.results[i] == nil {
				r.unused[i] = room(bufferSize(types[i], rows))
			}
			if r.crosses(loop, i) {
				r.aside[i] = room(bufferSize(types[i], rows))
			}
		}
	}
	r.own = r.bytes
	for _, p := range r.plans {
		p.layOut(rows)
		r.bytes = max(r.bytes, r.own+p.bytes)
	}
}

// crosses reports whether what a turn hands on as carried value i is another one as it came.
func (r *bodies) crosses(loop *graph.Loop, i int) bool {
	in, ok := source(next(loop, i)).Op.(*graph.Input)
	return ok && in.Index != 1+i && in.Index > 0 && in.Index <= loop.Carried
}

// next is the output of a loop's body that is carried value i of the next turn.
func next(loop *graph.Loop, i int) *graph.Value {
	if loop.While {
		i++
	}
	return loop.Body.Outputs[i].Value
}

// branch evaluates one of the branches of an If. The band is one row.
func (a *arrays) branch(v *graph.Value) {
	o := v.Op.(*graph.If)
	r := a.plan.bodies[v]
	way := func(n int, body *graph.Graph, args []*graph.Value) func() {
		return func() {
			in := a.inside(v, r.plans[n])
			for i, x := range args {
				in.places[body.Inputs[i]] = a.place(x)
			}
			in.steps()
			for i, out := range r.results {
				if out != nil {
					a.copyRows(a.place(out), in.place(body.Outputs[i].Value), out.Type)
				}
			}
		}
	}
	a.b.If(a.holds(a.of(v.Args[0])), way(0, o.Then, v.Args[1:1+o.ThenArgs]), way(1, o.Else, v.Args[1+o.ThenArgs:]))
}

// holds reads a bool of a band of one row.
func (a *arrays) holds(at *staged.Node) *staged.Node {
	return a.b.Cmp("ne", a.b.Index(at, a.int(0)), staged.Int(staged.TU8, 0))
}

// repeat evaluates the body of a Loop once a turn, of all rows of the band at once.
func (a *arrays) repeat(v *graph.Value) {
	o := v.Op.(*graph.Loop)
	r := a.plan.bodies[v]
	in := a.inside(v, r.plans[0])
	heads := o.Heads()
	mem := a.b.IndexAddr(a.mem, a.int(a.plan.at[v]))
	carried := make([]place, o.Carried)
	for i, t := range o.Results()[:o.Carried] {
		if carried[i] = (place{a.b.Cast(storedType(t.Elem).Ptr(), a.b.IndexAddr(mem, a.int(r.unused[i]))), t.Size()}); r.results[i] != nil {
			carried[i] = a.place(r.results[i])
		}
		a.copyRows(carried[i], a.place(v.Args[heads+i]), t)
		in.places[o.Body.Inputs[1+i]] = carried[i]
	}
	for i := 1 + o.Carried + o.Scanned; i < len(o.Body.Inputs); i++ {
		in.places[o.Body.Inputs[i]] = a.place(v.Args[heads-1+i])
	}
	turn := func(n *staged.Node) {
		a.call("flk_obey")
		in.enter(v, o, n)
		in.steps()
		in.leave(v, r, o, n, mem, carried)
	}
	if o.Known() {
		a.b.For("turn", a.int(0), a.int(o.Trips), a.int(1), turn)
		return
	}
	a.turns(v, o, a.b.IndexAddr(mem, a.int(r.more)), turn)
}

// turns repeats until a limit or a condition says that it is enough. The band is one row.
func (a *arrays) turns(v *graph.Value, o *graph.Loop, more *staged.Node, turn func(n *staged.Node)) {
	b := a.b
	limit := staged.Int(staged.TI64, int64(o.Trips))
	if o.Limited {
		limit = b.Index(a.of(v.Args[0]), a.int(0))
	}
	if o.While {
		b.PutAt(more, a.int(0), b.Index(a.of(v.Args[o.Heads()-1]), a.int(0)))
	}
	done := b.Var("turn", a.int(0))
	leave := func() { b.Emit(&staged.Break{}) }
	b.Loop(0, func() {
		if o.Limited || o.Trips >= 0 {
			b.If(b.Cmp("ge", b.Cast(staged.TI64, done), limit), leave, nil)
		}
		if o.While {
			b.If(b.Cmp("eq", b.Index(more, a.int(0)), staged.Int(staged.TU8, 0)), leave, nil)
		}
		turn(done)
		b.Set(done, b.Add(done, a.int(1)))
	})
}

// enter gives the body the turn's number and the entries.
func (in *arrays) enter(v *graph.Value, o *graph.Loop, turn *staged.Node) {
	number := o.Body.Inputs[0]
	if in.plan.imported(number) {
		in.number(number, turn)
	}
	for i := range o.Scanned {
		entry := o.Body.Inputs[1+o.Carried+i]
		if !in.plan.imported(entry) {
			continue
		}
		from := in.outer.place(v.Args[o.Heads()+o.Carried+i])
		from.at = in.b.IndexAddr(from.at, in.b.Mul(turn, in.int(entry.Type.Size())))
		in.copyRows(in.place(entry), from, entry.Type)
	}
}

// number writes the turn's number for each row.
func (in *arrays) number(v *graph.Value, turn *staged.Node) {
	if turn.Mutable { // one row
		in.b.PutAt(in.of(v), in.int(0), in.b.Cast(staged.TI64, turn))
		return
	}
	in.nest(in.axes(nil, nil), in.of(v), nil, func(out *staged.Node, _ []*staged.Node, _ axis, blk *staged.Block) {
		in.b.StoreLanes(out, in.over(blk).spread(in.b.Cast(staged.TI64, turn)))
	})
}

// leave takes what the body gives: whether there is another turn, what is carried, the entries.
func (in *arrays) leave(v *graph.Value, r *bodies, o *graph.Loop, turn, mem *staged.Node, carried []place) {
	b := in.b
	if o.While {
		b.PutAt(b.IndexAddr(mem, in.int(r.more)), in.int(0), b.Index(in.of(o.Body.Outputs[0].Value), in.int(0)))
	}
	aside := func(i int) place {
		return place{b.Cast(carried[i].at.Type, b.IndexAddr(mem, in.int(r.aside[i]))), next(o, i).Type.Size()}
	}
	for i := range o.Carried {
		if _, crosses := r.aside[i]; crosses {
			in.copyRows(aside(i), in.place(next(o, i)), next(o, i).Type)
		}
	}
	for i := range o.Carried {
		from := in.place(next(o, i))
		if _, crosses := r.aside[i]; crosses {
			from = aside(i)
		} else if source(next(o, i)) == o.Body.Inputs[1+i] {
			continue // it stays where and what it is
		}
		in.copyRows(carried[i], from, next(o, i).Type)
	}
	for i := o.Carried; i < len(r.results); i++ {
		if r.results[i] == nil {
			continue
		}
		to := in.outer.place(r.results[i])
		x := next(o, i)
		to.at = b.IndexAddr(to.at, b.Mul(turn, in.int(x.Type.Size())))
		in.copyRows(to, in.place(x), x.Type)
	}
}

// place is where a value's elements lie: the first row's address, and how many elements further the next row's is.
type place struct {
	at     *staged.Node
	stride int
}

func (a *arrays) place(v *graph.Value) place { return place{a.of(v), a.stride(v)} }

// copyRows copies a tensor of each row of the band.
func (a *arrays) copyRows(to, from place, t graph.Type) {
	bytes := storedType(t.Elem).Size()
	raw := func(n *staged.Node) *staged.Node { return a.b.Cast(staged.TU8.Ptr(), n) }
	a.call("flk_arr_part", raw(to.at), raw(from.at), a.int(t.Size()*bytes), a.int(to.stride*bytes), a.int(1), a.int(from.stride*bytes), a.band)
}

// inside is the arrays of a body.
func (a *arrays) inside(v *graph.Value, p *plan) *arrays {
	in := *a
	in.plan, in.outer, in.places = p, a, map[*graph.Value]place{}
	in.mem = a.b.IndexAddr(a.mem, a.int(a.plan.at[v]+a.plan.bodies[v].own))
	return &in
}

// steps computes all steps; what keeps one from it is kept for the end.
func (a *arrays) steps() {
	for _, v := range a.plan.steps {
		if *a.err == nil {
			*a.err = a.step(v)
		}
	}
}
