package lower

import (
	"fmt"
	"strings"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/registry"
)

// Describe says what serves a graph's layers, for people.
func Describe(g *graph.Graph, opt Options) []string {
	var list []string
	last, inside := networks(g, opt.BF16)
	unrolled, arrays := 0, 0
	how := forms(g, inside, opt)
	for _, v := range g.Values {
		if how[v.ID] == array {
			arrays++
			continue
		}
		switch o := v.Op.(type) {
		case *graph.Dense:
			if n := last[v]; n == nil && !inside[v] {
				unrolled++
			}
		case *graph.TreeEnsemble:
			list = append(list, fmt.Sprintf("%d trees in one kernel", len(o.Roots)))
		}
		if n := last[v]; n != nil {
			activations := 0
			for _, l := range n.layers {
				if l.Activation != registry.NoActivation {
					activations++
				}
			}
			text := fmt.Sprintf("%s and %s in one kernel", count(len(n.layers), "dense layer"), count(activations, "activation"))
			list = append(list, text)
		}
	}
	if unrolled > 0 {
		list = append(list, count(unrolled, "dense layer")+" unrolled")
	}
	if arrays > 0 {
		list = append(list, count(arrays, "operator")+" over arrays, a band of rows at a time")
		list = append(list, planOf(g, how, opt.Outputs).describe()...)
	}
	if h := Halves(g); opt.BF16 {
		list = append(list, h.String())
		if len(h.Others) > 0 {
			list = append(list, "not of bf16: "+strings.Join(h.Without(), ", "))
		}
	}
	if len(list) == 0 {
		list = []string{"in the query's loop"}
	}
	return list
}

// describe says what products do beside multiplying.
func (p *plan) describe() []string {
	activated, added := 0, 0
	for _, r := range p.products {
		if r.act != registry.NoActivation {
			activated++
		}
		if r.add != nil {
			added++
		}
	}
	var list []string
	for _, of := range []struct {
		n    int
		what string
	}{{activated, "activation"}, {added, "addition"}, {len(p.insets), "concatenated part"}} {
		if of.n > 0 {
			list = append(list, count(of.n, of.what)+" within "+count(len(p.products), "product"))
		}
	}
	return list
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
