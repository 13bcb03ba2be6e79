package cgen

import "github.com/flernd/flernd/internal/compile/staged"

// unit is one step of a scheduled body: a vector loop, a kernel call, or a statement with its scheduled bodies.
type unit struct {
	loop   *loop
	kernel *staged.Node
	prim   *staged.Node // fast tier: a primitive run as a kernel
	stmt   staged.Stmt
	bodies []*scheduled
}

// loop is a vector loop over a block: it computes nodes (operands first), stores those that are needed as arrays, and runs
// effects.
type loop struct {
	block  *staged.Block
	steps  []step
	stored map[*staged.Node]bool
	holds  map[*staged.Node]bool // computed or loaded in this loop
	ahead  []*staged.Node        // columns that this loop prefetches
	next   bool                  // a whole block ahead
}

// step is a node to compute or load, or an effect.
type step struct {
	node   *staged.Node
	load   bool // from its array
	effect staged.Stmt
}

// scheduled is a scope's units, and what is known of lane values there.
type scheduled struct {
	units  []*unit
	parent *scheduled
	arrays map[*staged.Node]bool  // in memory by now
	loops  map[*staged.Node]*loop // computed in a closed loop of this scope
	open   *loop
	depth  int
}

// scheduler places the lane operations of one function.
type scheduler struct {
	fused bool // best tier
	homes map[*staged.Node]int
	order []*staged.Node // arrays in the order they came to be
	known map[*staged.Node]bool
	live  liveness
}

func schedule(f *staged.Func, fused bool) (*scheduler, *scheduled) {
	s := &scheduler{fused: fused, homes: map[*staged.Node]int{}, known: map[*staged.Node]bool{}, live: livenessOf(f)}
	body := s.body(f.Body, nil)
	s.prefetch(body)
	return s, body
}

func (s *scheduler) body(b *staged.Body, parent *scheduled) *scheduled {
	sc := &scheduled{parent: parent, arrays: map[*staged.Node]bool{}, loops: map[*staged.Node]*loop{}, depth: b.Depth}
	for _, st := range s.live.stmts(b) {
		s.stmt(sc, st)
	}
	sc.close()
	return sc
}

func (sc *scheduled) close() { sc.open = nil }

func (sc *scheduled) add(u *unit) { sc.units = append(sc.units, u) }

// isArray reports whether the node's lanes lie in memory already.
func (sc *scheduled) isArray(n *staged.Node) bool {
	if n.Op == staged.OpLoad || n.Op == staged.OpScratch {
		return true
	}
	for p := sc; p != nil; p = p.parent {
		if p.arrays[n] {
			return true
		}
	}
	return false
}

// computed finds the loop, of this scope or one around it, that computes the node.
func (sc *scheduled) computed(n *staged.Node) (*scheduled, *loop) {
	for p := sc; p != nil; p = p.parent {
		if l := p.loops[n]; l != nil {
			return p, l
		}
	}
	return nil, nil
}

func (s *scheduler) stmt(sc *scheduled, st staged.Stmt) {
	switch st := st.(type) {
	case *staged.Reduce, *staged.StoreLanes, *staged.RaiseIf:
		s.effect(sc, st)
		return
	case *staged.KernelStmt:
		s.kernel(sc, st.Node)
		return
	}
	for _, n := range directArrays(st) {
		s.array(sc, n)
	}
	bodies := bodiesOf(st)
	if _, branch := st.(*staged.If); !branch {
		// What a loop's turns have in common is computed before it. A branch computes its own: it may not be taken, and
		// what it reads need not be there then (a scan's stages of several layouts).
		for _, b := range bodies {
			for _, n := range s.frontier(b, sc.depth) {
				if !s.again(sc, st, n) {
					s.array(sc, n)
				}
			}
		}
	}
	u := &unit{stmt: st}
	if sc.open != nil && movable(st) {
		last := len(sc.units) - 1
		sc.units = append(sc.units[:last], u, sc.units[last])
		return
	}
	sc.close()
	sc.add(u)
	for _, b := range bodies {
		u.bodies = append(u.bodies, s.body(b, sc))
	}
}

// movable statements may as well stand before the open loop: they read nothing that it writes.
func movable(st staged.Stmt) bool {
	switch st := st.(type) {
	case *staged.Comment:
		return true
	case *staged.Declare:
		return st.Init != nil && st.Init.Op == staged.OpConst
	case *staged.Let:
		switch st.Node.Op {
		case staged.OpScalar, staged.OpIndexAddr, staged.OpFieldAddr:
			for _, a := range st.Node.Args {
				if a.Mutable {
					return false
				}
			}
			return true
		}
	}
	return false
}

// effect adds a fusing statement to the open loop.
func (s *scheduler) effect(sc *scheduled, st staged.Stmt) {
	operands := effectOperands(st)
	if !s.fused || inMemoryOnly(st) {
		for _, n := range operands {
			s.array(sc, n)
		}
		sc.close()
		sc.add(&unit{stmt: st})
		return
	}
	for _, n := range operands {
		s.kernelsOf(sc, n, map[*staged.Node]bool{})
	}
	l := s.loopFor(sc, operands)
	for _, n := range operands {
		s.compute(sc, l, n)
	}
	l.steps = append(l.steps, step{effect: st})
}

// inMemoryOnly tells the effects on values that no register holds: they are copied from array to array.
func inMemoryOnly(st staged.Stmt) bool {
	store, ok := st.(*staged.StoreLanes)
	return ok && !store.Value.Type.InRegister()
}

func (s *scheduler) loopFor(sc *scheduled, operands []*staged.Node) *loop {
	var blk *staged.Block
	for _, n := range operands {
		if n.Lanes {
			blk = n.Block
		}
	}
	if sc.open == nil || sc.open.block != blk {
		sc.open = &loop{block: blk, stored: map[*staged.Node]bool{}, holds: map[*staged.Node]bool{}}
		sc.add(&unit{loop: sc.open})
	}
	return sc.open
}

// kernelsOf runs the kernels that a value depends on, so that a loop can read their outputs.
func (s *scheduler) kernelsOf(sc *scheduled, n *staged.Node, seen map[*staged.Node]bool) {
	if !n.Lanes || seen[n] {
		return
	}
	seen[n] = true
	switch n.Op {
	case staged.OpKernel:
		if !sc.isArray(n) {
			s.kernel(sc, n)
		}
		return
	case staged.OpOut:
		s.kernelsOf(sc, n.Args[0], seen)
		return
	}
	if _, l := sc.computed(n); l != nil {
		return
	}
	for _, a := range n.Args {
		s.kernelsOf(sc, a, seen)
	}
}

// kernel places a kernel call after bringing its operands to memory.
func (s *scheduler) kernel(sc *scheduled, n *staged.Node) {
	if sc.isArray(n) {
		return
	}
	for _, a := range n.Args {
		if a.Lanes {
			s.array(sc, a)
		} else if a.Op == staged.OpVecs {
			for _, x := range vecNodes(a.Vecs) {
				s.array(sc, x)
			}
		}
	}
	sc.close()
	sc.add(&unit{kernel: n})
	s.inMemory(sc, n)
}

func (s *scheduler) inMemory(sc *scheduled, n *staged.Node) {
	sc.arrays[n] = true
	if !s.known[n] {
		s.known[n] = true
		s.order = append(s.order, n)
	}
}

// array makes a lane value lie in memory.
func (s *scheduler) array(sc *scheduled, n *staged.Node) {
	if !n.Lanes || n.Op == staged.OpLoad {
		return
	}
	if n.Op == staged.OpScratch {
		s.inMemory(sc, n)
		return
	}
	if sc.isArray(n) {
		return
	}
	switch n.Op {
	case staged.OpKernel:
		s.kernel(sc, n)
		return
	case staged.OpOut:
		s.kernel(sc, n.Args[0])
		s.inMemory(sc, n)
		return
	case staged.OpHead:
		sc.close()
		sc.add(&unit{prim: n})
		s.inMemory(sc, n)
		return
	}
	if !s.fused {
		for _, a := range n.Args {
			s.array(sc, a)
		}
		sc.add(&unit{prim: n})
		s.inMemory(sc, n)
		return
	}
	if owner, l := sc.computed(n); l != nil {
		l.stored[n] = true
		s.inMemory(owner, n)
		return
	}
	s.kernelsOf(sc, n, map[*staged.Node]bool{})
	l := s.loopFor(sc, []*staged.Node{n})
	s.compute(sc, l, n)
	l.stored[n] = true
	s.inMemory(sc, n)
}

// compute adds a value and what it needs to a loop.
func (s *scheduler) compute(sc *scheduled, l *loop, n *staged.Node) {
	if !n.Lanes || l.holds[n] {
		return
	}
	l.holds[n] = true
	switch n.Op {
	case staged.OpLoad, staged.OpScratch, staged.OpKernel, staged.OpOut:
		if n.Op == staged.OpOut {
			s.inMemory(sc, n)
		}
		l.steps = append(l.steps, step{node: n, load: true})
		return
	case staged.OpHead:
		l.steps = append(l.steps, step{node: n})
		return
	}
	if owner, earlier := sc.computed(n); !cheap(n) && (sc.isArray(n) || earlier != nil) && earlier != l {
		if !sc.isArray(n) {
			earlier.stored[n] = true
			s.inMemory(owner, n)
		}
		l.steps = append(l.steps, step{node: n, load: true})
		return
	}
	for _, a := range n.Args {
		s.compute(sc, l, a)
	}
	l.steps = append(l.steps, step{node: n})
	sc.loops[n] = l
}

// cheap values are computed again rather than kept: conversions of what is loaded anyway.
func cheap(n *staged.Node) bool {
	switch n.Op {
	case staged.OpLoad, staged.OpHead:
		return true
	case staged.OpPrim:
		return len(n.Args) == 1 && n.Type != staged.TMask && n.Args[0].Op == staged.OpLoad
	}
	return false
}

// home is the depth of the innermost scope whose scalars, or arrays that scalar code fills, a lane value depends on.
func (s *scheduler) home(n *staged.Node) int {
	if d, ok := s.homes[n]; ok {
		return d
	}
	d := 0
	if !n.Lanes {
		if n.Body != nil {
			d = n.Body.Depth
		}
		for _, v := range vecNodes(n.Vecs) {
			d = max(d, s.home(v))
		}
		return d
	}
	if n.Block != nil && n.Block.N.Body != nil {
		d = n.Block.N.Body.Depth
	}
	if n.Op == staged.OpScratch {
		d = max(d, n.Body.Depth)
	}
	for _, a := range n.Args {
		d = max(d, s.home(a))
	}
	s.homes[n] = d
	return d
}

// frontier lists the lane values that a nested body uses and that do not depend on it: they are brought to memory before.
func (s *scheduler) frontier(b *staged.Body, depth int) []*staged.Node {
	var out []*staged.Node
	seen := map[*staged.Node]bool{}
	var visit func(n *staged.Node, array bool)
	visit = func(n *staged.Node, array bool) {
		if n == nil {
			return
		}
		if !n.Lanes {
			for _, v := range vecNodes(n.Vecs) {
				visit(v, true)
			}
			return
		}
		if seen[n] && !array {
			return
		}
		seen[n] = true
		if s.home(n) <= depth && n.Op != staged.OpScratch {
			if placed(n) {
				return // its own statement runs it, here or around
			}
			if (!cheap(n) && n.Op != staged.OpLoad) || array {
				out = append(out, n)
				return
			}
		}
		for _, a := range n.Args {
			visit(a, n.Op == staged.OpKernel)
		}
	}
	var walk func(b *staged.Body)
	walk = func(b *staged.Body) {
		for _, st := range s.live.stmts(b) {
			for _, n := range effectOperands(st) {
				visit(n, false)
			}
			if k, ok := st.(*staged.KernelStmt); ok {
				for _, a := range k.Node.Args {
					visit(a, true)
				}
			}
			for _, n := range directArrays(st) {
				visit(n, true)
			}
			for _, inner := range bodiesOf(st) {
				walk(inner)
			}
		}
	}
	walk(b)
	return out
}

func placed(n *staged.Node) bool {
	if n.Op == staged.OpOut {
		n = n.Args[0]
	}
	return n.Op == staged.OpKernel && (n.Kernel.Raises || n.Kernel.Effect)
}
