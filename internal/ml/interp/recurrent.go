package interp

import (
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

func recurrent(op *graph.Recurrent, out *graph.Tensor, args []*graph.Tensor, opt Options) error {
	x := args[0]
	rest := args[1:]
	next := func(there bool) (t *graph.Tensor) {
		if there {
			t, rest = rest[0], rest[1:]
		}
		return t
	}
	first, firstC, lens := next(op.First), next(op.FirstC), next(op.Lens)
	steps := x.Dims[x.Rank()-2]
	if lens != nil {
		for _, n := range lens.I32 {
			if n < 0 || int(n) > steps {
				return sqlstate.New(sqlstate.NumericValueOutOfRange, "a sequence of %d steps of a model has length %d", steps, n)
			}
		}
	}
	if x.Elem.Held() == graph.F32 {
		step := mulAdd[float32]
		if opt.FMA {
			step = fma32
		}
		of := func(t *graph.Tensor) []float32 { return t.F32 }
		runRecurrent(op, x, first, firstC, lens, out.F32, of, step)
		return nil
	}
	step := mulAdd[float64]
	if opt.FMA {
		step = math.FMA
	}
	runRecurrent(op, x, first, firstC, lens, out.F64, func(t *graph.Tensor) []float64 { return t.F64 }, step)
	return nil
}

// runRecurrent walks each sequence in each direction; of gives a tensor's elements.
func runRecurrent[T float](op *graph.Recurrent, x, first, firstC, lens *graph.Tensor, out []T, of func(*graph.Tensor) []T, step func(a, b, c T) T) {
	steps, in, hidden, dirs := x.Dims[x.Rank()-2], x.Last(), op.Hidden(), len(op.Directions)
	count := sizeOf(x.Dims[:x.Rank()-2])
	for s := range count {
		seq, result := of(x)[s*steps*in:(s+1)*steps*in], out[s*len(out)/count:(s+1)*len(out)/count]
		n := steps
		if lens != nil {
			n = int(lens.I32[s])
		}
		for k := range op.Directions {
			d := &op.Directions[k]
			c := cellOf[T]{op: op, d: d, of: of, step: step, hidden: hidden, h: make([]T, hidden), c: make([]T, hidden)}
			at := (s*dirs + k) * hidden
			if first != nil && n > 0 {
				copy(c.h, of(first)[at:])
			}
			if firstC != nil && n > 0 {
				copy(c.c, of(firstC)[at:])
			}
			for i := range n {
				t := i
				if d.Backward {
					t = n - 1 - i
				}
				c.advance(seq[t*in : (t+1)*in])
				copy(result[(t*dirs+k)*hidden:], c.h)
			}
			if op.States {
				copy(result[(steps*dirs+k)*hidden:], c.h)
				if op.Cell == graph.LSTM {
					copy(result[((steps+1)*dirs+k)*hidden:], c.c)
				}
			}
		}
	}
}

// cellOf is the state of one walk.
type cellOf[T float] struct {
	op     *graph.Recurrent
	d      *graph.Direction
	of     func(*graph.Tensor) []T
	step   func(a, b, c T) T
	hidden int
	h, c   []T
}

// onto adds the product of v with weights to the sums.
func (c *cellOf[T]) onto(sums, v []T, weights *graph.Tensor) {
	w, n := c.of(weights), weights.Dims[1]
	for j := range n {
		for i, e := range v {
			sums[j] = c.step(e, w[i*n+j], sums[j])
		}
	}
}

// advance is one step; see graph.Cell for the formulas. The conversions to T keep products and sums apart.
func (c *cellOf[T]) advance(x []T) {
	n, d := c.hidden, c.d
	g := append([]T(nil), c.of(d.B)...)
	c.onto(g, x, d.W)
	c.onto(g, c.h, d.R)
	switch c.op.Cell {
	case graph.RNN:
		for j := range n {
			c.h[j] = squash(d.F, c.clip(g[j]))
		}
	case graph.GRU:
		c.gru(g)
	case graph.LSTM:
		var p []T
		if d.P != nil {
			p = c.of(d.P)
		}
		for j := range n {
			gate := func(k int, state T, a graph.Squash) T {
				s := g[k*n+j]
				if p != nil && k < 3 {
					s += T(state * p[k*n+j])
				}
				return squash(a, c.clip(s))
			}
			i := gate(0, c.c[j], d.F)
			forget := 1 - i
			if !c.op.Coupled {
				forget = gate(2, c.c[j], d.F)
			}
			c.c[j] = T(forget*c.c[j]) + T(i*gate(3, 0, d.G))
			c.h[j] = gate(1, c.c[j], d.F) * squash(d.K, c.c[j])
		}
	}
}

func (c *cellOf[T]) gru(g []T) {
	n, d := c.hidden, c.d
	z, r, s := g[:n], g[n:2*n], g[2*n:]
	for j := range n {
		z[j], r[j] = squash(d.F, c.clip(z[j])), squash(d.F, c.clip(r[j]))
	}
	u := make([]T, n)
	if c.op.ResetAfter {
		copy(u, c.of(d.NB))
		c.onto(u, c.h, d.N)
		for j := range n {
			s[j] += T(r[j] * u[j])
		}
	} else {
		for j := range n {
			u[j] = r[j] * c.h[j]
		}
		c.onto(s, u, d.N)
	}
	for j := range n {
		c.h[j] = T((1-z[j])*squash(d.G, c.clip(s[j]))) + T(z[j]*c.h[j])
	}
}

func (c *cellOf[T]) clip(x T) T {
	if most := T(c.op.Clip); most > 0 {
		if x < -most {
			return -most
		}
		if x > most {
			return most
		}
	}
	return x
}

// squashUnary are the activations that are functions of Unary too.
var squashUnary = map[graph.SquashFn]graph.UnaryFn{graph.SquashSigmoid: graph.Sigmoid, graph.SquashTanh: graph.Tanh,
	graph.SquashRelu: graph.Relu, graph.SquashLeakyRelu: graph.LeakyRelu, graph.SquashElu: graph.Elu, graph.SquashSoftplus: graph.Softplus}

func squash[T float](a graph.Squash, x T) T {
	alpha, beta := T(a.Alpha), T(a.Beta)
	switch a.Fn {
	case graph.SquashAffine:
		return T(alpha*x) + beta
	case graph.SquashHardSigmoid:
		y := T(alpha*x) + beta
		if y < 0 {
			return 0
		}
		if y > 1 {
			return 1
		}
		return y
	case graph.SquashThresholdedRelu:
		if x >= alpha {
			return x
		}
		return 0
	case graph.SquashScaledTanh:
		return alpha * T(math.Tanh(float64(T(beta*x))))
	case graph.SquashSoftsign:
		return x / T(1+T(math.Abs(float64(x))))
	}
	return T(unaryFloat(squashUnary[a.Fn], float64(alpha), float64(x)))
}
