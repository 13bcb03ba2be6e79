package rewrite

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// maxTransposed bounds the elements that change places because of channelsLast, each of which is told where from.
const maxTransposed = 1 << 25

// channelsLast gives convolutions and pools arguments whose channels stand last, where kernels have them across their lanes. What
// lies between two of them is moved along: elementwise operators, concatenated channels, aggregates over all places. So elements
// change places where images come in, and where something else needs them in their old order.
func channelsLast(g *graph.Graph) (*graph.Graph, bool, error) {
	if !slices.ContainsFunc(g.Values, func(v *graph.Value) bool { w := windowOf(v); return w != nil && !w.ChannelsLast }) {
		return g, false, nil
	}
	p := &images{pass: newPass(g), last: map[*graph.Value]image{}}
	if err := p.inputs(); err != nil {
		return nil, false, err
	}
	for _, v := range g.Values {
		if p.image[v.ID] != nil || p.uses[v.ID] == 0 {
			continue
		}
		if !p.move(v) {
			args := make([]*graph.Value, len(v.Args))
			for i, a := range v.Args {
				args[i] = p.plain(a)
			}
			p.image[v.ID] = p.add(v.Op, args...)
		}
		if p.err != nil {
			return nil, false, p.err
		}
	}
	for _, o := range g.Outputs {
		p.new.Output(o.Name, p.plain(o.Value))
	}
	return p.new, true, p.err
}

// windowOf is how a Conv or a Pool walks, nil for others.
func windowOf(v *graph.Value) *graph.Window {
	switch op := v.Op.(type) {
	case *graph.Conv:
		return &op.Window
	case *graph.Pool:
		return &op.Window
	}
	return nil
}

// image is the elements of an old value, seen as [channels, spatial…], in the order [spatial…, channels].
type image struct {
	value *graph.Value
	dims  []int
}

// images is a pass in which some old values have an image in the new graph; image has those in the old order.
type images struct {
	*pass
	last       map[*graph.Value]image
	transposes int
}

// move gives v an image, if it can be computed of images and there are any.
func (p *images) move(v *graph.Value) bool {
	switch op := v.Op.(type) {
	case *graph.Conv:
		moved := *op
		moved.ChannelsLast = true
		p.window(v, &moved)
		return true
	case *graph.Pool:
		moved := *op
		moved.ChannelsLast = true
		p.window(v, &moved)
		return true
	case *graph.Unary, *graph.Cast, *graph.Binary, *graph.Compare, *graph.Where:
		return p.elementwise(v)
	case *graph.Reshape:
		x, ok := p.last[v.Args[0]]
		if ok {
			p.last[v] = x
		}
		return ok
	case *graph.Concat:
		return p.concat(v)
	case *graph.Reduce:
		return p.overPlaces(v, op)
	}
	return false
}

func (p *images) window(v *graph.Value, op graph.Op) {
	p.set(v, p.add(op, p.lastOf(v.Args[0], v.Args[0].Type.Dims)), v.Type.Dims)
}

func (p *images) set(v, moved *graph.Value, dims []int) {
	if moved != nil && moved.Name == "" {
		moved.Name = v.Name
	}
	p.last[v] = image{moved, dims}
}

// elementwise needs an argument with an image that gives the result its shape. The others are as large, or broadcast to it.
func (p *images) elementwise(v *graph.Value) bool {
	i := slices.IndexFunc(v.Args, func(a *graph.Value) bool { return p.last[a].value != nil && a.Type.Size() == v.Type.Size() })
	if i < 0 {
		return false
	}
	dims := p.last[v.Args[i]].dims
	args := make([]*graph.Value, len(v.Args))
	for k, a := range v.Args {
		switch {
		case a.Type.Size() == 1 && a.Constant() != nil:
			args[k] = p.constant(a.Constant().Reshaped())
		case a.Type.Size() == 1:
			args[k] = p.add(&graph.Reshape{}, p.plain(a))
		case slices.Equal(a.Type.Dims, v.Args[i].Type.Dims):
			args[k] = p.lastOf(a, dims)
		case slices.Equal(v.Type.Dims, dims) && a.Type.Rank() <= len(dims):
			args[k] = p.lastOf(a, append(slices.Repeat([]int{1}, len(dims)-a.Type.Rank()), a.Type.Dims...))
		default:
			return false
		}
	}
	p.set(v, p.add(v.Op, args...), dims)
	return true
}

// concat joins channels over the same places.
func (p *images) concat(v *graph.Value) bool {
	known := slices.IndexFunc(v.Args, func(a *graph.Value) bool { return p.last[a].value != nil })
	if known < 0 {
		return false
	}
	spatial := p.last[v.Args[known]].dims[1:]
	channels := 0
	args := make([]*graph.Value, len(v.Args))
	for i, a := range v.Args {
		dims := a.Type.Dims
		if x, ok := p.last[a]; ok {
			dims = x.dims
		}
		if len(dims) < 2 || !slices.Equal(dims[1:], spatial) {
			return false
		}
		args[i] = p.lastOf(a, dims)
		channels += dims[0]
	}
	p.set(v, p.add(&graph.JoinLast{}, args...), append([]int{channels}, spatial...))
	return true
}

// overPlaces makes the mean or the greatest of each channel a pool over all places.
func (p *images) overPlaces(v *graph.Value, op *graph.Reduce) bool {
	x, ok := p.last[v.Args[0]]
	if !ok || op.Fn != graph.ReduceMean && op.Fn != graph.ReduceMax || v.Args[0].Type.Rank() != 2 || v.Args[0].Type.Dims[0] != x.dims[0] {
		return false
	}
	n := len(x.dims) - 1
	ones, zeros := slices.Repeat([]int{1}, n), make([]int, n)
	pool := &graph.Pool{Mean: op.Fn == graph.ReduceMean, Kernel: x.dims[1:], Window: graph.Window{Strides: ones, Dilations: ones, Begin: zeros,
		End: zeros, ChannelsLast: true}}
	p.set(v, p.add(pool, x.value), append([]int{x.dims[0]}, ones...))
	return true
}

// plain is v's image in the old order.
func (p *images) plain(v *graph.Value) *graph.Value {
	if p.image[v.ID] == nil && p.err == nil {
		x := p.last[v]
		p.image[v.ID] = p.transposed(x.value, x.value.Type.Size()/x.dims[0], x.dims[0], v.Type.Dims)
	}
	return p.image[v.ID]
}

// lastOf is v, seen as dims, with its channels last.
func (p *images) lastOf(v *graph.Value, dims []int) *graph.Value {
	if x, ok := p.last[v]; ok && slices.Equal(x.dims, dims) {
		return x.value
	}
	moved := append(slices.Clone(dims[1:]), dims[0])
	x := p.plain(v)
	y := p.transposed(x, dims[0], x.Type.Size()/max(1, dims[0]), moved)
	if slices.Equal(v.Type.Dims, dims) {
		p.last[v] = image{y, dims}
	}
	return y
}

// transposed exchanges the axes of x, rows × columns elements, and gives the result a shape.
func (p *images) transposed(x *graph.Value, rows, columns int, dims []int) *graph.Value {
	if p.err != nil {
		return nil
	}
	if rows == 1 || columns == 1 {
		if c := x.Constant(); c != nil {
			return p.constant(c.Reshaped(dims...))
		}
		return p.add(&graph.Reshape{Dims: dims}, x)
	}
	if p.transposes += rows * columns; p.transposes > maxTransposed {
		p.err = sqlstate.New(sqlstate.ProgramLimitExceeded, "a model that changes the order of more than %d elements between its layers", maxTransposed)
		return nil
	}
	index := make([]int32, 0, rows*columns)
	for c := range columns {
		for r := range rows {
			index = append(index, int32(r*columns+c))
		}
	}
	if c := x.Constant(); c != nil {
		return p.constant(c.Picked(index, dims...))
	}
	return p.add(&graph.Pick{Index: index, Dims: dims}, x)
}
