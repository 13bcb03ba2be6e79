package cgen

import (
	"strings"

	"github.com/flernd/flernd/internal/compile/staged"
)

// A value that the turns of a loop have in common is either brought to memory before the loop, or computed again in each turn.
// Computing again saves a store and a load for each use, and leaves work to the loop whose turns otherwise only wait for memory
// accumulators: it pays where the turns are few and the value comes from columns by a few simple operations.
const (
	fewTurns = 2
	fewSteps = 8
)

// simple primitives take about as long as a store and a load of their result, or less.
var simple = func() map[string]bool {
	m := map[string]bool{}
	for _, op := range strings.Fields("add sub mul mulw neg abs and or xor not andn shl shr min max eq ne lt le gt ge sel cvt mk") {
		m[op] = true
	}
	return m
}()

// again reports whether n, which the statement's turns have in common, is computed again in each of them.
func (s *scheduler) again(sc *scheduled, st staged.Stmt, n *staged.Node) bool {
	loop, ok := st.(*staged.Forever)
	if !ok || !s.fused || loop.Turns < 1 || loop.Turns > fewTurns {
		return false
	}
	left := fewSteps
	return s.simple(sc, n, &left, map[*staged.Node]bool{})
}

// simple reports whether n comes from columns by at most *left simple operations, none of which has been computed already.
func (s *scheduler) simple(sc *scheduled, n *staged.Node, left *int, seen map[*staged.Node]bool) bool {
	if !n.Lanes || seen[n] {
		return true
	}
	seen[n] = true
	if n.Op == staged.OpLoad {
		return n.Type.InRegister()
	}
	if n.Op != staged.OpPrim || !n.Type.InRegister() || !simple[n.Name[:strings.IndexByte(n.Name, '_')]] {
		return false
	}
	if _, l := sc.computed(n); !cheap(n) && (l != nil || sc.isArray(n)) {
		return false
	}
	if *left--; *left < 0 {
		return false
	}
	for _, a := range n.Args {
		if !s.simple(sc, a, left, seen) {
			return false
		}
	}
	return true
}
