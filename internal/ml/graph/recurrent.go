package graph

import "fmt"

// Cell is the kind of a recurrent layer.
type Cell uint8

// The cells, x the step's input, h and c the state before it, h' and c' after it, f, g and k the direction's activations. A gate's
// sum begins with its bias, then adds the products with x, then those with h, each ascending.
//
//	RNN   h' = f(xW + hR + B)
//	GRU   z = f(xWz + hRz + Bz), r = f(xWr + hRr + Br), n = g(xWn + Bn + (r·h)N) or, with ResetAfter, g(xWn + Bn + r·(hN + NB));
//	      h' = (1 - z)·n + z·h
//	LSTM  i = f(xWi + hRi + Bi + c·Pi), j likewise (1 - i if Coupled), n = g(xWn + hRn + Bn), c' = j·c + i·n,
//	      o = f(xWo + hRo + Bo + c'·Po), h' = o·k(c')
const (
	RNN Cell = iota
	GRU
	LSTM
)

var cellNames = [...]string{RNN: "rnn", GRU: "gru", LSTM: "lstm"}

// Gates is how many gates a cell has: of a GRU z, r, n; of an LSTM i, o, j, n, in this order.
func (c Cell) Gates() int { return [...]int{RNN: 1, GRU: 3, LSTM: 4}[c] }

// SquashFn is an activation of a recurrent layer, numbered as crt/src/recurrent.c does.
type SquashFn uint8

// The activations. Affine is αx+β, ScaledTanh α·tanh(βx), HardSigmoid min(max(αx+β, 0), 1), ThresholdedRelu x where it is at least α and else 0;
// the others are those of Unary.
const (
	SquashSigmoid SquashFn = iota
	SquashTanh
	SquashRelu
	SquashAffine
	SquashLeakyRelu
	SquashThresholdedRelu
	SquashScaledTanh
	SquashHardSigmoid
	SquashElu
	SquashSoftsign
	SquashSoftplus
	squashes
)

var squashNames = [...]string{SquashSigmoid: "sigmoid", SquashTanh: "tanh", SquashRelu: "relu", SquashAffine: "affine",
	SquashLeakyRelu: "leaky_relu", SquashThresholdedRelu: "thresholded_relu", SquashScaledTanh: "scaled_tanh",
	SquashHardSigmoid: "hard_sigmoid", SquashElu: "elu", SquashSoftsign: "softsign", SquashSoftplus: "softplus"}

// Squash is an activation with its parameters.
type Squash struct {
	Fn          SquashFn
	Alpha, Beta float64
}

// Direction is one walk of a recurrent layer over the steps: the weights of inputs W [in, gates·hidden] and biases B [gates·hidden],
// and those of states R [hidden, gates·hidden]; of a GRU R lacks the last gate, N [hidden, hidden], which with ResetAfter has the
// bias NB [hidden]. P [3, hidden] are an LSTM's weights of c for the gates i, o and j; nil for none.
type Direction struct {
	W, B, R, N, NB, P *Tensor
	// Backward begins at the last step.
	Backward bool
	// F, G and K are the activations, as far as the cell has them.
	F, G, K Squash
}

// Recurrent is a recurrent layer over sequences [steps, in]; axes before these are independent sequences. Its further arguments
// are, as far as the fields say that they are there: the first h and the first c, [directions, hidden] a sequence, zeros if they
// are not given, and the sequence's length, an i32, of which steps are used and after which results are zero; without any step the last
// states are zeros too. A length outside of 0 … steps is an error of the row.
//
// The result is, a sequence, the h' of all steps, [steps, directions, hidden], and with States the last h' and, of an LSTM, the last c',
// [directions, hidden] each, all in one axis.
type Recurrent struct {
	Cell       Cell
	Directions []Direction
	// Clip bounds what goes into F and G; 0 does not.
	Clip                float64
	ResetAfter, Coupled bool
	First, FirstC, Lens bool
	States              bool
}

// Name is that of the cell.
func (o *Recurrent) Name() string { return cellNames[o.Cell] }

func (o *Recurrent) attrs() string {
	s := ""
	for _, d := range o.Directions {
		s += fmt.Sprintf("w=%s b=%s r=%s n=%s nb=%s p=%s back=%t", d.W.text(), d.B.text(), d.R.text(), d.N.text(), d.NB.text(), d.P.text(), d.Backward)
		for _, a := range []Squash{d.F, d.G, d.K} {
			s += fmt.Sprintf(" %s(%g,%g)", squashNames[a.Fn], a.Alpha, a.Beta)
		}
		s += "; "
	}
	return s + fmt.Sprintf("clip=%g after=%t coupled=%t first=%t,%t lens=%t states=%t", o.Clip, o.ResetAfter, o.Coupled, o.First, o.FirstC, o.Lens, o.States)
}

// Hidden is the length of the state.
func (o *Recurrent) Hidden() int { return o.Directions[0].R.Dims[0] }

// Infer gives the axes before the steps, and the result's one.
func (o *Recurrent) Infer(args []Type) (Type, error) {
	given := 1
	for _, there := range []bool{o.First, o.FirstC, o.Lens} {
		if there {
			given++
		}
	}
	if err := arity(args, given); err != nil {
		return Type{}, err
	}
	x := args[0]
	if x.Rank() < 2 || !x.Elem.IsFloat() {
		return Type{}, invalid("argument %s is no sequence of vectors of floats", x)
	}
	if o.Cell > LSTM || len(o.Directions) < 1 || len(o.Directions) > 2 || o.FirstC && o.Cell != LSTM {
		return Type{}, invalid("%d directions of cell %d", len(o.Directions), o.Cell)
	}
	for _, d := range o.Directions {
		if err := o.checkDirection(&d, x); err != nil {
			return Type{}, err
		}
	}
	outer := x.Dims[:x.Rank()-2]
	state := Of(x.Elem, append(append([]int(nil), outer...), len(o.Directions), o.Hidden())...)
	for i, a := range args[1:] {
		want := state
		if i == given-2 && o.Lens {
			want = Of(I32, outer...)
		}
		if !a.Equal(want) {
			return Type{}, invalid("argument %d is %s, not %s", i+1, a, want)
		}
	}
	size := x.Dims[x.Rank()-2]
	if o.States {
		size++
		if o.Cell == LSTM {
			size++
		}
	}
	if size > MaxElements/(2*o.Hidden()) {
		return Type{}, invalid("%d steps of %d elements", size, o.Hidden())
	}
	return Of(x.Elem, append(append([]int(nil), outer...), size*len(o.Directions)*o.Hidden())...), nil
}

// checkDirection reports weights that do not fit.
func (o *Recurrent) checkDirection(d *Direction, x Type) error {
	if d.W == nil || d.B == nil || d.R == nil || d.R.Rank() != 2 || d.R.Dims[0] == 0 || d.R.Dims[0] > MaxElements/4 {
		return invalid("weights or biases are missing")
	}
	h, gates := d.R.Dims[0], o.Cell.Gates()
	type part struct {
		name string
		t    *Tensor
		dims []int
	}
	own := gates
	if o.Cell == GRU {
		own--
	}
	parts := []part{{"W", d.W, []int{x.Last(), gates * h}}, {"B", d.B, []int{gates * h}}, {"R", d.R, []int{o.Hidden(), own * h}}}
	if o.Cell == GRU {
		parts = append(parts, part{"N", d.N, []int{h, h}})
		if o.ResetAfter {
			parts = append(parts, part{"NB", d.NB, []int{h}})
		}
	}
	if d.P != nil {
		parts = append(parts, part{"P", d.P, []int{3, h}})
	}
	for _, p := range parts {
		if p.t == nil || !p.t.Type.Equal(Of(x.Elem, p.dims...)) {
			return invalid("weights %s do not fit sequences %s and %d hidden elements", p.name, x, h)
		}
		if err := p.t.check(); err != nil {
			return err
		}
	}
	for _, a := range []Squash{d.F, d.G, d.K} {
		if a.Fn >= squashes {
			return invalid("activation %d", a.Fn)
		}
	}
	return nil
}
