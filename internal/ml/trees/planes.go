package trees

import (
	"cmp"
	"math"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// A plane is a bit a row: what a test, or a entrance, says of it. Planes that trees share are made once. Those of x < cut fall out of
// the feature's search among its cuts; the others are made from them.

// The first planes are constant.
const (
	zeros = iota
	ones
	firstPlane
)

const (
	maxCuts   = 255  // of a feature in a part: a row's place among them is a byte
	maxPlanes = 8192 // of a part: 512 KB, which stay in the second cache
)

// predicate is a test as differences: the parity of how many of the cuts are above x, and constant. NaN is as missing says.
type predicate struct {
	feature  uint32
	cuts     []float64 // ascending, without -∞, that nothing is below
	constant bool
	missing  bool
}

// predicate is the test of a node.
func (n *nodes) predicate(at int32) predicate {
	x := &n.all[at]
	p := predicate{feature: x.feature, missing: x.missing}
	switch x.kind {
	case isLess:
		if !math.IsInf(x.cut, -1) {
			p.cuts = n.cuts[at : at+1 : at+1]
		}
	case isEqual:
		p.toggle(x.cut)
		if math.IsInf(x.cut, 1) {
			p.constant = true
		} else {
			p.toggle(n.above(x.cut))
		}
	case isIn:
		s := n.sets[x.set]
		before := false
		for i := range s.Count * 64 {
			if in := n.words[s.At+i/64]>>(i%64)&1 != 0; in != before {
				p.toggle(n.whole(i))
				before = in
			}
		}
		if before {
			p.toggle(n.whole(s.Count * 64))
		}
	}
	return p
}

// toggle adds a cut, which is not below those that are there; two that are equal take each other away.
func (p *predicate) toggle(cut float64) {
	switch last := len(p.cuts) - 1; {
	case math.IsInf(cut, -1):
	case last >= 0 && p.cuts[last] == cut:
		p.cuts = p.cuts[:last]
	default:
		p.cuts = append(p.cuts, cut)
	}
}

// whole is the least number of the features' type that is cut off to i or more: for 0, what is just above -1.
func (n *nodes) whole(i uint32) float64 {
	if i == 0 {
		return n.above(-1)
	}
	v := float64(i)
	if n.elem == graph.F32 && float64(float32(v)) < v {
		return n.above(v)
	}
	if n.elem == graph.F32 {
		return float64(float32(v))
	}
	return v
}

// The operations that make a plane of others; the first begins with 0 (enum fl_trees_step).
const (
	stepXor = iota
	stepOr
	stepAnd
	stepAndNot
)

// step takes one more plane.
type step struct {
	op    uint32
	plane uint32
}

// feature is what a part keeps of a feature.
type feature struct {
	cuts []float64
	// low puts NaN below all cuts rather than above.
	low   bool
	votes int    // of the tests x < cut that NaN passes, less those that it does not
	plane uint32 // of NaN; those of the cuts follow
}

// planes are those of a part. Features and cuts are added first; then it is laid out, and planes are asked for.
type planes struct {
	nodes     *nodes
	features  map[uint32]*feature
	order     []uint32
	count     int // about how many, while features and cuts are added; then how many
	derived   [][]step
	known     map[string]uint32
	entrances map[*entrance]uint32
	// Room for take, of and made.
	fresh []cut
	steps []step
	key   []byte
}

func planesOf(n *nodes) *planes {
	return &planes{nodes: n, features: map[uint32]*feature{}, count: firstPlane, known: map[string]uint32{}, entrances: map[*entrance]uint32{}}
}

// cut is one that a part gets.
type cut struct {
	feature uint32
	at      float64
}

// take adds what predicates need and so many entrances, unless that is more than a part may have.
func (p *planes) take(all []predicate, entrances int) bool {
	fresh, more := p.fresh[:0], entrances
	for _, x := range all {
		if len(x.cuts) != 1 || x.constant {
			more++
		}
		f := p.features[x.feature]
		for _, at := range x.cuts {
			if _, found := f.find(at); !found {
				fresh = append(fresh, cut{x.feature, at})
			}
		}
	}
	slices.SortFunc(fresh, func(x, y cut) int { return cmp.Or(cmp.Compare(x.feature, y.feature), cmp.Compare(x.at, y.at)) })
	fresh = slices.Compact(fresh)
	p.fresh = fresh
	if p.count+more+len(fresh) > maxPlanes || !p.allows(fresh) {
		return false
	}
	p.count += more + len(fresh)
	p.add(fresh)
	for _, x := range all {
		p.vote(x)
	}
	return true
}

// allows reports whether no feature gets too many cuts.
func (p *planes) allows(fresh []cut) bool {
	for i := 0; i < len(fresh); {
		from := i
		for i < len(fresh) && fresh[i].feature == fresh[from].feature {
			i++
		}
		have := 0
		if f := p.features[fresh[from].feature]; f != nil {
			have = len(f.cuts)
		}
		if have+i-from > maxCuts {
			return false
		}
	}
	return true
}

// find is where a cut is, or would be.
func (f *feature) find(at float64) (int, bool) {
	if f == nil {
		return 0, false
	}
	return slices.BinarySearch(f.cuts, at)
}

func (p *planes) add(fresh []cut) {
	for _, c := range fresh {
		f := p.feature(c.feature)
		i, _ := f.find(c.at)
		f.cuts = slices.Insert(f.cuts, i, c.at)
	}
}

func (p *planes) feature(k uint32) *feature {
	f := p.features[k]
	if f == nil {
		f = &feature{}
		p.features[k] = f
	}
	return f
}

// vote counts where a test x < cut wants NaN.
func (p *planes) vote(x predicate) {
	f := p.feature(x.feature)
	if len(x.cuts) != 1 || x.constant {
		return
	}
	if x.missing {
		f.votes++
	} else {
		f.votes--
	}
}

// layOut gives planes their numbers.
func (p *planes) layOut() {
	p.order = p.order[:0]
	for k := range p.features {
		p.order = append(p.order, k)
	}
	slices.Sort(p.order)
	p.count = firstPlane
	for _, k := range p.order {
		f := p.features[k]
		f.low, f.plane = f.votes > 0, uint32(p.count)
		p.count += 1 + len(f.cuts)
	}
}

// of is the plane of a predicate.
func (p *planes) of(x predicate) uint32 {
	f := p.features[x.feature]
	if len(x.cuts) == 1 && !x.constant && x.missing == f.low {
		i, _ := f.find(x.cuts[0])
		return f.plane + 1 + uint32(i)
	}
	steps := p.steps[:0]
	if x.constant {
		steps = append(steps, step{stepXor, ones})
	}
	for _, cut := range x.cuts {
		i, _ := f.find(cut)
		steps = append(steps, step{stepXor, f.plane + 1 + uint32(i)})
	}
	atNaN := x.constant != (f.low && len(x.cuts)%2 == 1)
	switch {
	case x.missing && !atNaN:
		steps = append(steps, step{stepOr, f.plane})
	case !x.missing && atNaN:
		steps = append(steps, step{stepAndNot, f.plane})
	}
	return p.made(steps)
}

// ofEntrance is the plane of the rows that pass a entrance.
func (p *planes) ofEntrance(g *entrance) uint32 {
	if g == nil {
		return ones
	}
	if at, ok := p.entrances[g]; ok {
		return at
	}
	steps := []step{{stepXor, p.ofEntrance(g.above)}}
	for _, w := range g.ways {
		op := uint32(stepAndNot)
		if w.holds {
			op = stepAnd
		}
		steps = append(steps, step{op, p.of(p.nodes.predicate(w.node))})
	}
	at := p.made(steps)
	p.entrances[g] = at
	return at
}

// made is the plane that steps make.
func (p *planes) made(steps []step) uint32 {
	if len(steps) == 0 {
		return zeros
	}
	if len(steps) == 1 && (steps[0].op == stepXor || steps[0].op == stepOr) {
		return steps[0].plane
	}
	p.steps = steps
	key := p.key[:0]
	for _, s := range steps {
		word := s.word()
		key = append(key, byte(word), byte(word>>8), byte(word>>16), byte(word>>24))
	}
	p.key = key
	if at, ok := p.known[string(key)]; ok {
		return at
	}
	at := uint32(p.count)
	p.count++
	p.derived = append(p.derived, slices.Clone(steps))
	p.known[string(key)] = at
	return at
}

// word is a step as the kernel reads it: the plane's offset, and the operation in its low bits.
func (s step) word() uint32 { return s.plane*planeBytes | s.op }

const planeBytes = 64
