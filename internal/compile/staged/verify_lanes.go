package staged

// The rules of lane values (verify.go has those of scalars).

// laneStmt checks a statement that works on lanes.
func (v *verifier) laneStmt(st Stmt) {
	switch st := st.(type) {
	case *Rows:
		v.mask(st.Mask, st.Mask.Block)
		v.rowOf[st.Var] = st.Mask.Block
		v.scope(st.Body, rowLoop, st.Var)
	case *KernelStmt:
		v.check(!v.placed[st.Node], "the call is placed twice")
		v.placed[st.Node] = true
		v.kernel(st.Node)
		v.define(st.Node)
	case *Reduce:
		v.mask(st.Mask, st.Mask.Block)
		v.place(st.Into)
		v.reduction(st)
	case *StoreLanes:
		v.use(st.Ptr)
		v.lane(st.Value)
		v.check(st.Ptr.Type.To == elementType(st.Value.Type), "%s lanes go to a %s", typeText(st.Value.Type), typeText(st.Ptr.Type))
		if to := st.Ptr; to.Op == OpArray && to.Args[0].Op == OpScratch {
			v.check(to.Args[0].Block == st.Value.Block, "%s goes to another block's array", st.Value)
			before, stored := v.selections[to.Args[0]]
			v.selections[to.Args[0]] = (before || !stored) && st.Value.Type == TMask && v.confined(st.Value)
		}
	case *RaiseIf:
		v.mask(st.Mask, st.Mask.Block)
		v.check(len(st.SQLState) == 5, "%q is no error code", st.SQLState)
	default:
		v.check(false, "unknown statement")
	}
}

// elementType is the type of the array elements that lanes of type t are stored as.
func elementType(t *Type) *Type {
	if t == TMask {
		return TU64
	}
	return t
}

// reductions are the lane types that each reduction takes.
var reductions = map[string][]*Type{
	"sum":   {TU8, TU16, TU32, TI32, TI64, TF32, TF64},
	"sumn":  {TI32},
	"sumw":  {TI32},
	"field": {TI32},
	"min":   {TI32, TI64, TF32, TF64},
	"max":   {TI32, TI64, TF32, TF64},
	"or":    {TI32},
}

func (v *verifier) reduction(st *Reduce) {
	if st.Op == "count" {
		v.check(st.Value == nil, "it counts the rows of a mask, not %s", st.Value)
		return
	}
	v.check(st.Value != nil && st.Value.Lanes, "it has no lane value")
	v.lane(st.Value)
	v.check(st.Value.Block == st.Mask.Block, "%s and the mask %s are of different blocks", st.Value, st.Mask)
	if st.Op == "field" {
		v.check(st.Shift >= 0 && st.Bits > 0 && st.Shift+st.Bits < 32, "bits %d to %d are no field of a lane", st.Shift, st.Shift+st.Bits-1)
	}
	for _, t := range reductions[st.Op] {
		if t == st.Value.Type {
			return
		}
	}
	v.check(false, "there is no reduction %s of %s lanes", st.Op, typeText(st.Value.Type))
}

// mask checks a selection of a block's rows.
func (v *verifier) mask(m *Node, blk *Block) {
	v.check(m.Lanes && m.Type == TMask, "%s is no mask", m)
	v.check(m.Block == blk, "the mask %s is of another block", m)
	v.lane(m)
	v.check(v.confined(m), "the mask %s may have bits past the block's rows", m)
}

// confined reports whether a mask has bits for the block's rows only, as far as its form tells.
func (v *verifier) confined(m *Node) bool {
	if m.Op == OpScratch {
		return v.selections[m]
	}
	if answer, ok := v.confining[m]; ok {
		return answer
	}
	answer := m.Op == OpHead
	if m.Op == OpPrim {
		switch m.Name {
		case "and_m":
			answer = v.confined(m.Args[0]) || v.confined(m.Args[1])
		case "andnot_m":
			answer = v.confined(m.Args[0])
		case "or_m", "xor_m":
			answer = v.confined(m.Args[0]) && v.confined(m.Args[1])
		case "eq_u8", "eq_u16", "eq_u32", "eq_i32", "eq_i64":
			answer = v.numbered(m.Args[0], m.Args[1])
		}
	}
	v.confining[m] = answer
	return answer
}

// numbered recognises a comparison of sel(rows, x, none) with a number that is not none: rows of one group.
func (v *verifier) numbered(x, y *Node) bool {
	if x.Op != OpPrim || len(x.Args) != 3 || x.Args[0].Type != TMask || y.Lanes {
		return false
	}
	none := x.Args[2]
	outside := float64(none.Imm) < y.Range.Lo || float64(none.Imm) > y.Range.Hi
	return none.Op == OpConst && outside && v.confined(x.Args[0])
}

// lane checks that a lane value can be computed here and returns the number of the innermost scope it depends on.
func (v *verifier) lane(n *Node) int {
	v.check(n.Lanes, "%s stands for a lane value", n)
	if scope, known := v.known[n]; known {
		v.fresh(n, scope)
		return scope
	}
	v.check(n.Block != nil && n.Block.N != nil, "%s is of no block, or of one without a size", n)
	v.check(!n.Block.N.Mutable, "the size of the block of %s may change", n)
	scope := v.use(n.Block.N)
	switch n.Op {
	case OpHead:
	case OpLoad:
		scope = max(scope, v.use(n.Args[0]))
		v.check(n.Args[0].Type.Kind == Pointer && n.Args[0].Type.To == elementType(n.Type), "%s lanes are loaded from a %s",
			typeText(n.Type), typeText(n.Args[0].Type))
	case OpScratch:
		v.check(v.addressed[n], "%s is read before anything could fill it", n)
	case OpPrim:
		v.signature(n)
		scope = max(scope, v.operands(n))
	case OpLut:
		v.lookup(n)
		scope = max(scope, v.operands(n))
	case OpOut:
		v.check(n.Args[0].Op == OpKernel, "%s is an output of no kernel", n)
		k := n.Args[0].Kernel
		v.check(int(n.Imm) < len(k.Outs) && k.Outs[n.Imm] == n.Type, "%s has no such output of type %s", k.Func, typeText(n.Type))
		scope = max(scope, v.operands(n))
	case OpKernel:
		v.check(!n.Kernel.Raises && !n.Kernel.Effect || v.placed[n], "%s is used before the statement that places it: it may raise or has an effect", n)
		v.check(!v.placed[n], "%s is used outside of the scope it was placed in", n)
		scope = max(scope, v.kernel(n))
	default:
		v.check(false, "%s is no lane value", n)
	}
	v.reads[n] = v.readsOf(n.Args)
	v.defineAt(n, scope)
	return scope
}

// operands checks those of a lane operation. A mutable variable cannot be one: equal operations are computed once.
func (v *verifier) operands(n *Node) int {
	scope := 0
	for _, a := range n.Args {
		if !a.Lanes {
			v.check(!a.Mutable, "%s depends on the mutable variable %s", n, a)
			scope = max(scope, v.use(a))
			continue
		}
		v.check(a.Block == n.Block, "%s has an operand of another block, %s", n, a)
		scope = max(scope, v.lane(a))
	}
	return scope
}

func (v *verifier) signature(n *Node) {
	sig, ok := Prims[n.Name]
	v.check(ok, "there is no primitive %q", n.Name)
	v.check(len(sig.Args) == len(n.Args), "%s takes %d operands, not %d", n, len(sig.Args), len(n.Args))
	v.check(sig.Result == n.Type, "%s gives %s, not %s", n, typeText(sig.Result), typeText(n.Type))
	some := false
	for i, a := range n.Args {
		v.check(a.Type == sig.Args[i], "operand %d of %s is %s, not %s", i, n, typeText(a.Type), typeText(sig.Args[i]))
		v.check(a.Lanes || a.Type != TMask, "operand %d of %s is a mask and no lane value", i, n)
		some = some || a.Lanes
	}
	v.check(some, "%s has no lane operand", n)
}

// lookup checks a table look-up: codes of 8 bits need no limit.
func (v *verifier) lookup(n *Node) {
	codes := n.Args[len(n.Args)-1]
	want := 3
	if codes.Type == TU8 {
		want = 2
	}
	v.check(len(n.Args) == want, "%s takes %d operands, not %d", n, want, len(n.Args))
	v.check(codes.Lanes && (codes.Type == TU8 || codes.Type == TU16 || codes.Type == TU32), "%s looks up %s", n, codes)
	v.check(n.Name == "lut_"+n.Type.Suffix()+"_"+codes.Type.Suffix(), "%s looks %s up by %s", n, typeText(n.Type), typeText(codes.Type))
	element := n.Type
	if element == TMask {
		element = TU8
	}
	v.check(n.Args[0].Type == element.Ptr(), "%s looks up in a %s", n, typeText(n.Args[0].Type))
}

// kernel checks a call of a block kernel.
func (v *verifier) kernel(n *Node) int {
	k := n.Kernel
	v.called(n)
	scope := v.use(n.Block.N)
	pure := !k.Raises && !k.Effect
	masked := false
	for _, a := range n.Args {
		if !a.Lanes {
			v.check(!pure || !a.Mutable, "%s depends on the mutable variable %s", n, a)
			scope = max(scope, v.use(a))
			continue
		}
		v.check(a.Block == n.Block, "%s has an operand of another block, %s", n, a)
		scope = max(scope, v.lane(a))
		masked = masked || a == k.Mask
	}
	if k.Raises {
		v.check(k.Mask != nil, "%s may raise and has no mask", n)
		v.mask(k.Mask, n.Block)
		v.check(masked, "%s may raise and is not told the rows for which", n)
	}
	return scope
}

// address checks a lane value whose array scalar code gets; a scratch array is there before its block's size is known.
func (v *verifier) address(n *Node) {
	if n.Op == OpScratch {
		v.addressed[n] = true
		return
	}
	v.lane(n)
}

// vecs checks runtime descriptors: all lanes are of one block.
func (v *verifier) vecs(vecs []VecDesc, blk *Block) *Block {
	for i := range vecs {
		for _, n := range []*Node{vecs[i].Data, vecs[i].Valid} {
			switch {
			case n == nil:
			case !n.Lanes:
				v.use(n)
			default:
				v.check(blk == nil || blk == n.Block, "%s is of another block", n)
				blk = n.Block
				v.lane(n)
			}
		}
		v.check(vecs[i].Valid == nil || vecs[i].Valid.Type == TMask, "the validity %s is no mask", vecs[i].Valid)
		blk = v.vecs(vecs[i].Elems, blk)
	}
	return blk
}
