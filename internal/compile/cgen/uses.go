package cgen

import "github.com/flernd/flernd/internal/compile/staged"

// liveness marks the nodes that some effect of a function depends on.
type liveness map[*staged.Node]bool

func livenessOf(f *staged.Func) liveness {
	l := liveness{}
	l.body(f.Body)
	return l
}

func (l liveness) body(b *staged.Body) {
	for _, st := range b.Stmts {
		if _, let := st.(*staged.Let); let {
			continue
		}
		for _, n := range scalarsOf(st) {
			l.mark(n)
		}
		for _, n := range effectOperands(st) {
			l.mark(n)
		}
		if k, ok := st.(*staged.KernelStmt); ok {
			l.mark(k.Node)
		}
		for _, inner := range bodiesOf(st) {
			l.body(inner)
		}
	}
}

func (l liveness) mark(n *staged.Node) {
	if n == nil || l[n] {
		return
	}
	l[n] = true
	if n.Block != nil {
		l.mark(n.Block.N)
	}
	for _, a := range n.Args {
		l.mark(a)
	}
	for _, v := range vecNodes(n.Vecs) {
		l.mark(v)
	}
}

// stmts is a body's statements without the scalars that nothing uses.
func (l liveness) stmts(b *staged.Body) []staged.Stmt {
	out := make([]staged.Stmt, 0, len(b.Stmts))
	for _, st := range b.Stmts {
		if let, ok := st.(*staged.Let); ok && !l[let.Node] {
			continue
		}
		out = append(out, st)
	}
	return out
}

func vecNodes(vecs []staged.VecDesc) []*staged.Node {
	var out []*staged.Node
	for i := range vecs {
		v := &vecs[i]
		if v.Data != nil {
			out = append(out, v.Data)
		}
		if v.Valid != nil {
			out = append(out, v.Valid)
		}
		out = append(out, vecNodes(v.Elems)...)
	}
	return out
}

// effectOperands are the values a fusing statement works on.
func effectOperands(st staged.Stmt) []*staged.Node {
	var ns []*staged.Node
	switch st := st.(type) {
	case *staged.Reduce:
		ns = []*staged.Node{st.Mask, st.Value}
	case *staged.StoreLanes:
		ns = []*staged.Node{st.Value}
	case *staged.RaiseIf:
		ns = []*staged.Node{st.Mask}
	}
	out := ns[:0]
	for _, n := range ns {
		if n != nil && n.Lanes {
			out = append(out, n)
		}
	}
	return out
}

// scalarsOf are the scalar nodes a statement itself mentions (not those of nested bodies).
func scalarsOf(st staged.Stmt) []*staged.Node {
	place := func(p staged.Place) []*staged.Node { return []*staged.Node{p.Ptr, p.Index, p.Var} }
	switch st := st.(type) {
	case *staged.Let:
		return []*staged.Node{st.Node}
	case *staged.Declare:
		if st.Init == nil {
			return st.Var.Args
		}
		return []*staged.Node{st.Init}
	case *staged.Assign:
		return []*staged.Node{st.Var, st.Value}
	case *staged.Store:
		return append(place(st.To), st.Value)
	case *staged.If:
		return []*staged.Node{st.Cond}
	case *staged.For:
		return []*staged.Node{st.From, st.To, st.Step}
	case *staged.Return:
		return []*staged.Node{st.Value}
	case *staged.CallStmt:
		return st.Node.Args
	case *staged.Rows:
		return []*staged.Node{st.Mask}
	case *staged.Reduce:
		return append(place(st.Into), st.Value)
	case *staged.StoreLanes:
		return []*staged.Node{st.Ptr, st.Value}
	}
	return nil
}

// directArrays are the lane values that a scalar statement reads from memory.
func directArrays(st staged.Stmt) []*staged.Node {
	var out []*staged.Node
	visit := func(n *staged.Node) {
		if n == nil {
			return
		}
		switch n.Op {
		case staged.OpAt, staged.OpArray:
			if n.Args[0].Lanes {
				out = append(out, n.Args[0])
			}
		case staged.OpVecs:
			for _, v := range vecNodes(n.Vecs) {
				if v.Lanes {
					out = append(out, v)
				}
			}
		}
		if n.Lanes {
			out = append(out, n)
		}
	}
	switch st := st.(type) {
	case *staged.Reduce, *staged.StoreLanes, *staged.RaiseIf, *staged.KernelStmt:
		return nil
	case *staged.Let:
		visit(st.Node)
	default:
		for _, n := range scalarsOf(st) {
			visit(n)
		}
	}
	return out
}

func bodiesOf(st staged.Stmt) []*staged.Body {
	switch st := st.(type) {
	case *staged.If:
		if st.Else != nil {
			return []*staged.Body{st.Then, st.Else}
		}
		return []*staged.Body{st.Then}
	case *staged.For:
		return []*staged.Body{st.Body}
	case *staged.Forever:
		return []*staged.Body{st.Body}
	case *staged.Rows:
		return []*staged.Body{st.Body}
	}
	return nil
}
