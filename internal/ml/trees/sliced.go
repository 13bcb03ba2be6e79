package trees

import (
	"github.com/flernd/flernd/internal/ml/graph"
)

// The bit-sliced form: parts of an ensemble that have their planes in common.

// part is some of an ensemble's trees, cut into pieces.
type part struct {
	planes *planes
	pieces []piece
}

// slicer builds the parts of an ensemble.
type slicer struct {
	o     *graph.TreeEnsemble
	nodes *nodes
	fixed *fixed
	cut   *cutter
	start []int64 // of each target: what the pieces' tables leave out
	parts []*part
	tests []predicate // room for fits
}

// sliced is an ensemble's parts, nil where walking its trees costs less.
func sliced(o *graph.TreeEnsemble, n *nodes, f *fixed) *slicer {
	values := 1.0
	if leaves := len(o.Leaves) - 1; leaves > 0 {
		values = float64(len(o.Values)) / float64(leaves)
	}
	s := &slicer{o: o, nodes: n, fixed: f, cut: cutterOf(n, f.width, values), start: make([]int64, o.Targets)}
	var cost, walk float64
	for _, root := range o.Roots {
		if root < 0 {
			s.each(root, func(t int32, v int64) { s.start[t] += v })
			continue
		}
		cost += s.cut.best[root].cost[0]
		walk += s.cut.walkCost(root)
	}
	if cost > walk {
		return nil
	}
	for _, root := range o.Roots {
		if root >= 0 && !s.add(s.cut.pieces(root)) {
			return nil
		}
	}
	for _, p := range s.parts {
		p.planes.layOut()
		cost += costFeature*float64(len(p.planes.features)) + costPlane*float64(p.planes.count)
	}
	if cost > walk {
		return nil
	}
	return s
}

// each calls f with a leaf's values.
func (s *slicer) each(leaf int32, f func(target int32, v int64)) {
	for i := s.o.Leaves[^leaf]; i < s.o.Leaves[^leaf+1]; i++ {
		f(s.o.Values[i].Target, s.fixed.values[i])
	}
}

// add puts a tree into the last part, or into a new one; it reports false if none takes it.
func (s *slicer) add(pieces []piece) bool {
	if len(s.parts) > 0 {
		if last := s.parts[len(s.parts)-1]; s.fits(last, pieces) {
			return true
		}
	}
	s.parts = append(s.parts, &part{planes: planesOf(s.nodes)})
	return s.fits(s.parts[len(s.parts)-1], pieces)
}

// fits adds a tree to a part, or leaves the part as it was.
func (s *slicer) fits(p *part, pieces []piece) bool {
	s.tests = s.tests[:0]
	for _, x := range pieces {
		s.inner(x.root, x.levels())
	}
	if !p.planes.take(s.tests, len(pieces)-1) {
		return false
	}
	p.pieces = append(p.pieces, pieces...)
	return true
}

// inner collects the tests of the first levels below a node.
func (s *slicer) inner(at int32, levels int) {
	if at < 0 || levels == 0 {
		return
	}
	s.tests = append(s.tests, s.nodes.predicate(at))
	for _, next := range s.nodes.all[at].next {
		s.inner(next, levels-1)
	}
}
