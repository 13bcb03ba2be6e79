package translate

import (
	"math/bits"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
)

// packed is several small sums in one value: the arguments of sums, and the 1 that counts a row, each in a field of bits
// wide enough for the rows that one lane adds up in a block. A group's rows are then counted and summed by one addition.
type packed struct {
	value  *staged.Node
	fields []packedField // the last one counts
}

type packedField struct {
	state       *aggState // nil: the count
	shift, bits int
}

// laneRows is the rows of a block that meet in one lane.
const laneRows = blockRows / 16

// pack finds the sums that fit together beside the count. nil: none does.
func (a *aggregate) pack(f *fn, args []Value) *packed {
	p := &packed{}
	b := f.b
	at, most := 0, 31-bits.Len(laneRows)
	for i, st := range a.aggs {
		n, width, ok := smallSum(st, args[i])
		if !ok || at+width > most {
			continue
		}
		_, st.mul = withoutFactor(args[i].N)
		p.fields = append(p.fields, packedField{st, at, width})
		if at > 0 {
			n = b.Prim("mul", staged.TI32, n, staged.Int(staged.TI32, 1<<at))
		}
		if p.value == nil {
			p.value = n
		} else {
			p.value = b.Prim("add", staged.TI32, p.value, n)
		}
		at += width
	}
	if p.value == nil {
		return nil
	}
	p.value = b.Prim("add", staged.TI32, p.value, staged.Int(staged.TI32, 1<<at)).Named(hint(a.n.ID, "packed"))
	p.fields = append(p.fields, packedField{nil, at, bits.Len(laneRows)})
	return p
}

// smallSum tells whether an aggregate sums whole numbers, none negative or NULL, of few bits.
func smallSum(st *aggState, v Value) (n *staged.Node, width int, ok bool) {
	sums := st.agg.Func == logical.Sum || st.agg.Func == logical.Avg
	if !sums || st.of != nil || v.Valid != nil || v.Long != nil || v.N == nil || !v.N.Lanes || v.Rep != RInt && v.Rep != RDec {
		return nil, 0, false
	}
	n, _ = withoutFactor(v.N)
	if n.Type != staged.TI32 || n.Range.Lo < 0 || n.Range.Hi > 1<<16 {
		return nil, 0, false
	}
	return n, bits.Len(uint(n.Range.Hi) * laneRows), true
}

func (p *packed) has(st *aggState) bool {
	if p == nil {
		return false
	}
	for _, x := range p.fields {
		if x.state == st {
			return true
		}
	}
	return false
}

// count adds a mask's rows to a group's count, and to the sums that are packed with it.
func (a *aggregate) count(f *fn, p *packed, mask, group *staged.Node) {
	if p == nil {
		f.b.Reduce("count", nil, mask, staged.Place{Ptr: group, Field: groupRows})
		return
	}
	for _, x := range p.fields {
		into := staged.Place{Ptr: group, Field: groupRows}
		if x.state != nil {
			into.Field = x.state.acc
		}
		f.b.Emit(&staged.Reduce{Op: "field", Value: p.value, Mask: mask, Into: into, Shift: x.shift, Bits: x.bits})
	}
}
