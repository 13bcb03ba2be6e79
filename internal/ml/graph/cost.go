package graph

import "math"

// Cost is what evaluating values takes for one row, as far as the operators tell.
type Cost struct {
	// FLOPs are arithmetic operations and comparisons; a multiply-add is two. Of an ensemble of trees it is what the deepest
	// paths take.
	FLOPs int64
	// Parameters are the numbers that the model learned: weights, or thresholds and leaves of trees. Bytes is their size.
	Parameters, Bytes int64
	// Layers are the operators that have parameters.
	Layers int
	// Operators counts the operators by name.
	Operators map[string]int
}

// CostOf adds up what the values of a graph that are given take.
func CostOf(values []*Value) Cost {
	c := Cost{Operators: map[string]int{}}
	for _, v := range values {
		switch v.Op.(type) {
		case *Input, *Constant:
		default:
			c.Operators[v.Op.Name()]++
		}
		if op, control := v.Op.(Control); control {
			c.bodies(op)
			continue
		}
		before := c.Parameters
		c.FLOPs += c.operations(v)
		if _, constant := v.Op.(*Constant); !constant && c.Parameters > before {
			c.Layers++
		}
	}
	return c
}

// bodies adds what the bodies of a control operator take: of a Loop all its turns, if their number is known, of an If the branch
// that takes more.
func (c *Cost) bodies(op Control) {
	most, turns := int64(0), int64(1)
	if loop, ok := op.(*Loop); ok && loop.Known() {
		turns = int64(loop.Trips)
	}
	for _, body := range op.Bodies() {
		of := CostOf(body.Values)
		most = max(most, of.FLOPs)
		c.Parameters, c.Bytes, c.Layers = c.Parameters+of.Parameters, c.Bytes+of.Bytes, c.Layers+of.Layers
		for name, n := range of.Operators {
			c.Operators[name] += n
		}
	}
	c.FLOPs += min(most, math.MaxInt64/2/max(turns, 1)) * turns
}

// operations counts those of one value, and its parameters.
func (c *Cost) operations(v *Value) int64 {
	size := int64(v.Type.Size())
	switch op := v.Op.(type) {
	case *Input, *Reshape, *Pick, *Concat, *JoinLast, *Cast, *Lookup, *Gather, *Result:
		return 0
	case *Constant:
		if v.Type.Elem.IsFloat() && size > 1 {
			c.weights(op.Value)
		}
		return 0
	case *Dense:
		c.weights(op.W, op.B)
		return 2 * size * int64(op.W.Dims[0])
	case *Conv:
		c.weights(op.W, op.B)
		return 2 * size * int64(op.W.Size()/op.W.Dims[0])
	case *Recurrent:
		return c.recurrent(op, v.Args[0].Type)
	case *LayerNorm:
		c.weights(op.Scale, op.Shift)
		return 8 * size
	case *Attention:
		return op.operations(v)
	case *MatMul:
		return 2 * size * int64(v.Args[0].Type.Last())
	case *Distance:
		c.weights(op.Points)
		return 3 * size * int64(v.Args[0].Type.Last())
	case *Pool:
		for _, k := range op.Kernel {
			size *= int64(k)
		}
		return size
	case *Vectorize:
		c.weights(op.Weights)
		return size
	case *TreeEnsemble:
		return c.trees(op, v.Args[0].Type.Elem)
	}
	for _, a := range v.Args {
		size = max(size, int64(a.Type.Size()))
	}
	return size
}

// recurrent counts the products of all steps, and ten operations a gate and element for the rest of the cell.
func (c *Cost) recurrent(op *Recurrent, x Type) int64 {
	step := int64(0)
	for _, d := range op.Directions {
		c.weights(d.W, d.B, d.R, d.N, d.NB, d.P)
		for _, t := range []*Tensor{d.W, d.R, d.N} {
			if t != nil {
				step += 2 * int64(t.Size())
			}
		}
		step += 10 * int64(d.B.Size())
	}
	return step * int64(x.Size()/max(x.Last(), 1))
}

// Work is what folding a value takes, at least 1: its operations, and elements that are moved.
func Work(op Op, t Type, args []Type) int64 {
	of := &Value{Op: op, Type: t, Args: make([]*Value, len(args))}
	moved := int64(t.Size())
	for i, a := range args {
		of.Args[i] = &Value{Type: a}
		moved += int64(a.Size())
	}
	work := new(Cost).operations(of)
	if work < 0 { // too many to count
		return math.MaxInt64 / 2
	}
	return 1 + moved + work
}

func (c *Cost) weights(list ...*Tensor) {
	for _, t := range list {
		if t != nil {
			c.Parameters += int64(t.Size())
			c.Bytes += int64(t.Size() * elemBytes(t.Elem))
		}
	}
}

// trees adds up the depths of the trees, and one addition for each.
func (c *Cost) trees(op *TreeEnsemble, e Elem) int64 {
	c.Parameters += int64(len(op.Nodes) + len(op.Values))
	c.Bytes += int64(len(op.Nodes)*elemBytes(e) + len(op.Values)*elemBytes(op.Out))
	depths := make([]int64, len(op.Nodes)) // children stand behind their parents
	depth := func(child int32) int64 {
		if child < 0 {
			return 0
		}
		return depths[child]
	}
	for i := len(op.Nodes) - 1; i >= 0; i-- {
		depths[i] = 1 + max(depth(op.Nodes[i].Yes), depth(op.Nodes[i].No))
	}
	steps := int64(len(op.Roots))
	for _, root := range op.Roots {
		steps += depth(root)
	}
	return steps
}

// elemBytes is the size of an element in memory; that of a string's is not told.
func elemBytes(e Elem) int {
	switch e {
	case F64, I64:
		return 8
	case Bool:
		return 1
	case String:
		return 0
	}
	return 4
}
