package trees

import (
	"cmp"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// Joining is what decides whether ensembles over the same features are evaluated as one (graph.JoinTrees): no result may change, and there
// must be a search less. So they are sums in the bit-sliced form, whose values have the same width and, target by target, the same units
// as alone; and the cuts of all fit one part.
type Joining struct {
	width int
	cuts  []featureCut // ascending
}

// featureCut is a place that a feature is compared with.
type featureCut struct {
	feature uint32
	at      float64
}

func (c featureCut) compare(d featureCut) int {
	return cmp.Or(cmp.Compare(c.feature, d.feature), cmp.Compare(c.at, d.at))
}

// Joins is what there is to know of an ensemble; nil if it is evaluated alone.
func Joins(o *graph.TreeEnsemble, features graph.Elem) *Joining {
	if o.Combine != graph.TreeSum {
		return nil
	}
	f, ok := fixedOf(o)
	n := nodesOf(o, features)
	if !ok || sliced(o, n, f) == nil {
		return nil
	}
	j := &Joining{width: f.width}
	for i := range o.Nodes {
		p := n.predicate(int32(i))
		for _, at := range p.cuts {
			j.cuts = append(j.cuts, featureCut{p.feature, at})
		}
	}
	slices.SortFunc(j.cuts, featureCut.compare)
	j.cuts = slices.Clip(slices.Compact(j.cuts))
	return j
}

// With is two of them together; nil if they do not go together.
func (j *Joining) With(o *Joining) *Joining {
	if j.width != o.width {
		return nil
	}
	all := &Joining{j.width, merged(j.cuts, o.cuts)}
	if len(all.cuts)+firstPlane > maxPlanes {
		return nil
	}
	for first := 0; first+maxCuts < len(all.cuts); first++ {
		if all.cuts[first].feature == all.cuts[first+maxCuts].feature {
			return nil
		}
	}
	return all
}

// merged is two ascending lists as one, without what is in both twice.
func merged(a, b []featureCut) []featureCut {
	out := make([]featureCut, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		order := a[0].compare(b[0])
		if order <= 0 {
			out, a = append(out, a[0]), a[1:]
		} else {
			out = append(out, b[0])
		}
		if order >= 0 {
			b = b[1:]
		}
	}
	return append(append(out, a...), b...)
}
