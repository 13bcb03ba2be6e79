// Package forest makes a graph.TreeEnsemble of the trees of a model file, in whatever order and numbering they lie there. It
// refuses what is no tree.
package forest

import (
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Forest is an ensemble in the making: trees are added, all else is the caller's to fill in.
type Forest struct {
	graph.TreeEnsemble
	reached []bool
	todo    []step
}

// step is a node of the file that is to become what a node of the ensemble leads to; the root's parent is -1.
type step struct {
	node   int
	parent int
	yes    bool
}

// New returns a forest without trees.
func New() *Forest { return &Forest{TreeEnsemble: graph.TreeEnsemble{Leaves: []int32{0}}} }

// Look tells what node i of a tree is: an inner node, whose Yes and No are nodes in the file's numbering, or a leaf, for which
// it has appended to Values.
type Look func(i int) (n graph.TreeNode, leaf bool, err error)

// Add appends the trees below these roots, of up to nodes nodes together. No node is in two trees.
func (f *Forest) Add(nodes int, look Look, roots ...int) error {
	f.reached = append(f.reached[:0], make([]bool, nodes)...)
	for _, root := range roots {
		f.todo = append(f.todo[:0], step{root, -1, false})
		for len(f.todo) > 0 {
			s := f.todo[len(f.todo)-1]
			f.todo = f.todo[:len(f.todo)-1]
			if err := f.visit(s, look); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *Forest) visit(s step, look Look) error {
	if s.node < 0 || s.node >= len(f.reached) {
		return invalid("a node leads to node %d of %d", s.node, len(f.reached))
	}
	if f.reached[s.node] {
		return invalid("two ways lead to node %d", s.node)
	}
	f.reached[s.node] = true
	n, leaf, err := look(s.node)
	if err != nil {
		return err
	}
	if leaf {
		f.Leaves = append(f.Leaves, int32(len(f.Values)))
		f.lead(s, ^int32(len(f.Leaves)-2))
		return nil
	}
	at := len(f.Nodes)
	f.lead(s, int32(at))
	f.todo = append(f.todo, step{int(n.No), at, false}, step{int(n.Yes), at, true})
	f.Nodes = append(f.Nodes, n)
	return nil
}

// lead makes c what the step's parent leads to.
func (f *Forest) lead(s step, c int32) {
	switch {
	case s.parent < 0:
		f.Roots = append(f.Roots, c)
	case s.yes:
		f.Nodes[s.parent].Yes = c
	default:
		f.Nodes[s.parent].No = c
	}
}

func invalid(format string, args ...any) error {
	return sqlstate.New(sqlstate.InvalidParameterValue, format, args...)
}
