package lower

import (
	"fmt"

	"github.com/flernd/flernd/internal/ml/graph"
)

// Forms says of a graph what serves its layers, for people.
func Forms(g *graph.Graph) []string {
	var forms []string
	last, inside := networks(g)
	unrolled := 0
	for _, v := range g.Values {
		switch o := v.Op.(type) {
		case *graph.Dense:
			if n := last[v]; n == nil && !inside[v] {
				unrolled++
			}
		case *graph.TreeEnsemble:
			forms = append(forms, fmt.Sprintf("%d trees in one kernel", len(o.Roots)))
		}
		if n := last[v]; n != nil {
			activations := 0
			for _, l := range n.layers {
				if l.Activation != 0 {
					activations++
				}
			}
			forms = append(forms, fmt.Sprintf("%s and %s in one kernel", count(len(n.layers), "dense layer"), count(activations, "activation")))
		}
	}
	if unrolled > 0 {
		forms = append(forms, count(unrolled, "dense layer")+" unrolled")
	}
	if len(forms) == 0 {
		forms = []string{"in the query's loop"}
	}
	return forms
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
