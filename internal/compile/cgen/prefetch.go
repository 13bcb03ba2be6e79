package cgen

import "github.com/flernd/flernd/internal/compile/staged"

// The processor's own prefetching ends at each page, and does not foresee bursts of a block each; so one loop of those that go
// over a block asks for the next block of every column. The loop with the most work does: requests then go out while the
// processor computes, where a loop that mostly loads would wait for the queue of requests. Half a block ahead is enough time
// and keeps less waiting in the nearest cache; a column that another loop has read before it is wanted a whole block ahead.

// placedLoop is a loop and the scope it stands in.
type placedLoop struct {
	loop  *loop
	scope *scheduled
}

// prefetch gives each column that sc's loops load to the loop that asks for its next block. Branches are seen to on their own:
// what one reads need not be there in the other.
func (s *scheduler) prefetch(sc *scheduled) {
	var loops []placedLoop
	var gather func(sc *scheduled)
	gather = func(sc *scheduled) {
		for _, u := range sc.units {
			if u.loop != nil {
				loops = append(loops, placedLoop{u.loop, sc})
			}
			_, branch := u.stmt.(*staged.If)
			for _, inner := range u.bodies {
				if branch {
					s.prefetch(inner)
				} else {
					gather(inner)
				}
			}
		}
	}
	gather(sc)
	asked := map[*staged.Node]bool{}
	for i, l := range loops {
		for _, st := range l.loop.steps {
			if n := st.node; n != nil && n.Op == staged.OpLoad && n.Type != staged.TMask && n.Type.InRegister() && !asked[n] {
				asked[n] = true
				best := s.busiest(n, loops[i:])
				best.ahead = append(best.ahead, n)
				best.next = best.next || best != l.loop
			}
		}
	}
}

// busiest is the loop with the most steps, of the column's first one and those after it that go over the same block where the
// column is known.
func (s *scheduler) busiest(column *staged.Node, loops []placedLoop) *loop {
	first := loops[0]
	best := first.loop
	for _, l := range loops[1:] {
		if l.loop.block == first.loop.block && s.home(column) <= common(first.scope, l.scope).depth && len(l.loop.steps) > len(best.steps) {
			best = l.loop
		}
	}
	return best
}

// common is the innermost scope around both.
func common(a, b *scheduled) *scheduled {
	for a != b {
		if a.depth >= b.depth {
			a = a.parent
		} else {
			b = b.parent
		}
	}
	return a
}
