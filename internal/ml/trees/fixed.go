package trees

import (
	"math"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// Sums are those of whole numbers, so that neither the order of the trees nor the form that evaluates them matters: a target's
// values are multiples of a unit, a power of two that is as small as the numbers' width allows.

// fixed is an ensemble's values as whole numbers.
type fixed struct {
	values []int64
	units  []float64 // of each target
	width  int       // bytes that hold the values of any one tree and target, counted from the least of them
}

// narrowTrees is the least number of trees that 4 bytes are enough for: a result of few is to be theirs to the last bit.
const narrowTrees = 32

// span is what is known of the values for one target.
type span struct {
	sum     float64 // of each tree's greatest magnitude
	widest  float64 // most that values of one tree differ
	typical float64 // squared: what a sum comes to
	trees   float64
}

// fixedOf finds units; it reports false where sums of multiples would differ from those of the values by more than a few ulps
// of what they come to, or the values are not all finite.
func fixedOf(o *graph.TreeEnsemble) (*fixed, bool) {
	spans, ok := spansOf(o)
	f := &fixed{units: make([]float64, o.Targets), width: 4}
	precision := map[graph.Elem]float64{graph.F32: 0x1p-26, graph.F64: 0x1p-48}[o.Out]
	for _, s := range spans {
		if s.sum > 0 && (s.trees < narrowTrees || o.Out == graph.F64 || s.narrowUnit()*math.Sqrt(s.trees) > s.typical*0x1p-23) {
			f.width = 8
		}
	}
	for t, s := range spans {
		unit := s.wideUnit()
		if s.sum == 0 {
			unit = 1
		} else if f.width == 4 {
			unit = max(unit, s.narrowUnit())
		} else if unit*math.Sqrt(s.trees) > s.typical*precision {
			ok = false
		}
		f.units[t] = unit
	}
	if !ok {
		return f, false
	}
	f.values = make([]int64, len(o.Values))
	for i, v := range o.Values {
		f.values[i] = int64(math.RoundToEven(v.Weight / f.units[v.Target]))
	}
	return f, true
}

// wideUnit is the least power of two whose multiples keep every sum within 62 bits.
func (s span) wideUnit() float64 { return unitOf(s.sum, 61) }

// narrowUnit is the least whose multiples keep each tree's values within 32 bits.
func (s span) narrowUnit() float64 { return unitOf(s.widest, 31) }

// unitOf is a power of two of which x is less than 2^bits, and a denormal number at the least.
func unitOf(x float64, bits int) float64 {
	_, exp := math.Frexp(x)
	return math.Ldexp(1, max(exp-bits, -1000))
}

// spansOf looks at each target's values; it reports false if some are not finite.
func spansOf(o *graph.TreeEnsemble) ([]span, bool) {
	spans := make([]span, o.Targets)
	of := make([][]float64, o.Targets)
	for _, leaves := range leavesOf(o) {
		for _, l := range leaves {
			for _, v := range o.Values[o.Leaves[l]:o.Leaves[l+1]] {
				if !(math.Abs(v.Weight) < 0x1p900) {
					return spans, false
				}
				of[v.Target] = append(of[v.Target], v.Weight)
			}
		}
		for t, values := range of {
			if len(values) > 0 {
				spans[t].add(values)
				of[t] = values[:0]
			}
		}
	}
	for t := range spans {
		spans[t].typical = math.Sqrt(spans[t].typical)
	}
	return spans, true
}

// add takes one tree's values, which it reorders.
func (s *span) add(values []float64) {
	// A leaf without a value for the target is 0.
	low, high := min(0, slices.Min(values)), max(0, slices.Max(values))
	s.sum += max(-low, high)
	s.widest = max(s.widest, high-low)
	s.trees++
	nonzero := values[:0]
	for _, v := range values {
		if v != 0 {
			nonzero = append(nonzero, math.Abs(v))
		}
	}
	if len(nonzero) == 0 {
		return
	}
	slices.Sort(nonzero)
	middle := nonzero[len(nonzero)/2]
	s.typical += middle * middle
}

// leavesOf lists the leaves of each tree.
func leavesOf(o *graph.TreeEnsemble) [][]int32 {
	out := make([][]int32, len(o.Roots))
	var stack []int32
	for i, root := range o.Roots {
		stack = append(stack[:0], root)
		for len(stack) > 0 {
			c := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if c < 0 {
				out[i] = append(out[i], ^c)
				continue
			}
			stack = append(stack, o.Nodes[c].No, o.Nodes[c].Yes)
		}
	}
	return out
}
