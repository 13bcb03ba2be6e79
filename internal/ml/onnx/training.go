package onnx

import "github.com/flernd/flernd/internal/ml/graph"

// Optimisers of the preview training domain: one step for a list of tensors, each with its gradient and what the optimiser keeps
// of earlier steps. Inputs are the learning rate, the number of steps so far, all tensors, all gradients, then what is kept.

// step is what an optimiser is given of one tensor.
type step struct {
	rate, count value // the learning rate, and how many steps there were, as floats of the tensor's type
	x, gradient value
	kept        []value
}

// optimise applies f to each of the tensors; f gives the tensor's new value and what is to be kept.
func (n *node) optimise(kept int, f func(s step) []value) {
	groups := 2 + kept
	if len(n.p.Input) < 2+groups || (len(n.p.Input)-2)%groups != 0 {
		n.fail("%d inputs for tensors, gradients and %d lists more", len(n.p.Input), kept)
	}
	count := (len(n.p.Input) - 2) / groups
	for i := range count {
		s := step{x: n.arg(2 + i), gradient: n.arg(2 + count + i)}
		for k := range kept {
			s.kept = append(s.kept, n.arg(2+(2+k)*count+i))
		}
		if !s.x.elem().IsFloat() || s.x.batched || s.gradient.batched {
			n.unsupported("a step for %s by %s", s.x, s.gradient)
		}
		s.rate, s.count = n.scalarOf(n.cast(s.x.elem(), n.arg(0))), n.scalarOf(n.cast(s.x.elem(), n.arg(1)))
		if decay := n.floatAttr("norm_coefficient", 0); decay != 0 {
			s.gradient = n.binary(graph.Add, n.times(s.x, decay), s.gradient)
		}
		for k, y := range f(s) {
			n.set(k*count+i, y)
		}
	}
}

// scalarOf is a tensor of one element without its axes.
func (n *node) scalarOf(x value) value {
	if x.batched || sizeOf(x.row()) != 1 {
		n.fail("%s is no scalar", x)
	}
	return n.reshape(x)
}

func (n *node) times(x value, by float64) value { return n.binary(graph.Mul, x, n.scalar(x, by)) }

func adagrad(n *node) {
	decay, epsilon := n.floatAttr("decay_factor", 0), n.floatAttr("epsilon", 1e-6)
	n.optimise(1, func(s step) []value {
		rate := n.binary(graph.Div, s.rate, n.binary(graph.Add, n.times(s.count, decay), n.scalar(s.x, 1)))
		squares := n.binary(graph.Add, s.kept[0], n.binary(graph.Mul, s.gradient, s.gradient))
		by := n.binary(graph.Add, n.unary(graph.Sqrt, squares), n.scalar(s.x, epsilon))
		move := n.binary(graph.Div, n.binary(graph.Mul, rate, s.gradient), by)
		return []value{n.binary(graph.Sub, s.x, move), squares}
	})
}

func adam(n *node) {
	alpha, beta, epsilon := n.floatAttr("alpha", 0.9), n.floatAttr("beta", 0.999), n.floatAttr("epsilon", 1e-6)
	after := n.floatAttr("norm_coefficient_post", 0)
	n.optimise(2, func(s step) []value {
		mean := n.binary(graph.Add, n.times(s.kept[0], alpha), n.times(s.gradient, 1-alpha))
		squares := n.binary(graph.Add, n.times(s.kept[1], beta), n.binary(graph.Mul, n.times(s.gradient, 1-beta), s.gradient))
		one := n.scalar(s.x, 1)
		rest := func(base float64) value { // 1 - base^count
			return n.binary(graph.Sub, one, n.binary(graph.Pow, n.scalar(s.x, base), s.count))
		}
		corrected := n.binary(graph.Div, n.binary(graph.Mul, s.rate, n.unary(graph.Sqrt, rest(beta))), rest(alpha))
		rate := n.emit(&graph.Where{}, n.compare(graph.Gt, s.count, n.scalar(s.x, 0)), corrected, s.rate)
		by := n.binary(graph.Add, n.unary(graph.Sqrt, squares), n.scalar(s.x, epsilon))
		y := n.binary(graph.Sub, s.x, n.binary(graph.Div, n.binary(graph.Mul, rate, mean), by))
		return []value{n.times(y, 1-after), mean, squares}
	})
}

func momentum(n *node) {
	alpha, beta, mode := n.floatAttr("alpha", 0), n.floatAttr("beta", 0), n.stringAttr("mode", "standard")
	if mode != "standard" && mode != "nesterov" {
		n.fail("attribute mode has the unknown value %s", quote(mode))
	}
	n.optimise(1, func(s step) []value {
		one := n.scalar(s.x, 1)
		share := n.emit(&graph.Where{}, n.compare(graph.Gt, s.count, n.scalar(s.x, 0)), n.scalar(s.x, beta), one)
		mean := n.binary(graph.Add, n.times(s.kept[0], alpha), n.binary(graph.Mul, share, s.gradient))
		move := mean
		if mode == "nesterov" {
			move = n.binary(graph.Add, s.gradient, n.times(mean, alpha))
		}
		return []value{n.binary(graph.Sub, s.x, n.binary(graph.Mul, s.rate, move)), mean}
	})
}
