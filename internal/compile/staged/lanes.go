package staged

import (
	"fmt"
	"strings"
)

// NewBlock starts a block of n rows (a u32 scalar). N may be set later, when it depends on what fills the block's scratch
// arrays, but before anything else uses it.
func (b *Builder) NewBlock(n *Node) *Block {
	blk := &Block{N: n}
	blk.Head = b.node(&Node{Op: OpHead, Type: TMask, Lanes: true, Block: blk, Hint: "rows"})
	return blk
}

// lane finishes a pure lane node: equal ones of a block are shared.
func (b *Builder) lane(n *Node) *Node {
	n.Lanes = true
	k := nodeKey(n)
	if old := b.Func.Body.cse[k]; old != nil {
		return old
	}
	b.Func.Body.cse[k] = n
	return b.node(n)
}

// Load is the lane value of the elements at ptr.
func (b *Builder) Load(blk *Block, ptr *Node) *Node {
	t := ptr.Type.To
	return b.lane(&Node{Op: OpLoad, Type: t, Args: []*Node{ptr}, Block: blk, Range: Full(t)})
}

// LoadMask is the mask whose bits start at ptr (a *u64, aligned to the block's first row).
func (b *Builder) LoadMask(blk *Block, ptr *Node) *Node {
	return b.lane(&Node{Op: OpLoad, Type: TMask, Args: []*Node{ptr}, Block: blk})
}

// Prim applies a lane primitive. Scalar operands stand for all rows; at least one operand must be a lane value, else the
// result is a scalar operation's.
func (b *Builder) Prim(op string, on *Type, args ...*Node) *Node {
	name := op + "_" + on.Suffix()
	sig, ok := Prims[name]
	if !ok {
		panic("staged: no primitive " + name)
	}
	if len(args) != len(sig.Args) {
		panic("staged: " + name + " takes another number of operands")
	}
	var blk *Block
	for i, a := range args {
		if a.Type != sig.Args[i] {
			panic(fmt.Sprintf("staged: operand %d of %s is %s", i, name, a.Type.Suffix()))
		}
		if a.Lanes {
			if blk != nil && a.Block != blk {
				panic("staged: " + name + " mixes blocks")
			}
			blk = a.Block
		}
	}
	if blk == nil {
		panic("staged: " + name + " has no lane operand")
	}
	n := &Node{Op: OpPrim, Name: name, Type: sig.Result, Args: args, Block: blk}
	n.Range = primRange(op, sig.Result, args)
	if s := b.simplify(op, args, blk); s != nil {
		return s
	}
	return b.lane(n)
}

// simplify knows the identities of masks and of 0 and 1.
func (b *Builder) simplify(op string, args []*Node, blk *Block) *Node {
	if len(args) == 2 && args[0].Type == TMask {
		if op == "and" && args[0] == args[1] {
			return args[0]
		}
		if op == "and" && args[0] == blk.Head && headed(args[1]) {
			return args[1]
		}
		if op == "and" && args[1] == blk.Head && headed(args[0]) {
			return args[0]
		}
		if op == "or" && args[0] == args[1] {
			return args[0]
		}
	}
	if len(args) == 2 && args[0].Type.IsInt() {
		switch {
		case op == "mul" && args[1].IsConst(1), (op == "add" || op == "sub") && args[1].IsConst(0):
			return args[0]
		case op == "mul" && args[0].IsConst(1), op == "add" && args[0].IsConst(0):
			return args[1]
		}
	}
	return nil
}

// headed reports whether a mask is already confined to the block's rows.
func headed(m *Node) bool {
	switch {
	case m.Op == OpHead:
		return true
	case m.Op == OpPrim && m.Name == "and_m":
		return headed(m.Args[0]) || headed(m.Args[1])
	case m.Op == OpPrim && m.Name == "andnot_m":
		return headed(m.Args[0])
	}
	return false
}

func primRange(op string, t *Type, args []*Node) Range {
	full := Full(t)
	if !t.IsInt() {
		return full
	}
	var r Range
	switch {
	case op == "add":
		r = args[0].Range.Add(args[1].Range)
	case op == "sub":
		r = args[0].Range.Sub(args[1].Range)
	case op == "mul" || op == "mulw":
		r = args[0].Range.Mul(args[1].Range)
	case op == "neg":
		r = args[0].Range.Neg()
	case op == "sel":
		r = args[1].Range.Union(args[2].Range)
	case op == "min" || op == "max":
		r = args[0].Range.Union(args[1].Range)
	case op == "mk":
		r = Range{0, 1}
	case strings.HasPrefix(op, "cvt"):
		r = args[0].Range
		if !args[0].Type.IsInt() {
			return full
		}
	default:
		return full
	}
	if !r.Within(full) {
		return full
	}
	return r
}

// Cvt converts a lane value (or a scalar) to t without checks: the caller knows the range.
func (b *Builder) Cvt(t *Type, x *Node) *Node {
	if x.Type == t {
		return x
	}
	if !x.Lanes {
		return b.Cast(t, x)
	}
	name := "cvt_" + t.Suffix() + "_" + x.Type.Suffix()
	if _, ok := Prims[name]; !ok {
		panic("staged: no primitive " + name)
	}
	n := &Node{Op: OpPrim, Name: name, Type: t, Args: []*Node{x}, Block: x.Block, Range: Full(t), Hint: x.Hint}
	if x.Type.IsInt() && t.IsInt() && x.Range.Within(Full(t)) {
		n.Range = x.Range
	}
	return b.lane(n)
}

// Bounded is a lane value with bounds of its own: n, where something has checked that it lies in r. Other uses of n, which
// may not be behind the check, keep its bounds; so do other checks.
func (b *Builder) Bounded(n *Node, r Range) *Node {
	return b.node(&Node{Op: OpPrim, Name: "sel_" + n.Type.Suffix(), Type: n.Type, Lanes: true, Args: []*Node{n.Block.Head, n, n},
		Block: n.Block, Range: r, Hint: n.Hint})
}

// And is the conjunction of masks; nil stands for all rows.
func (b *Builder) And(x, y *Node) *Node {
	switch {
	case x == nil:
		return y
	case y == nil:
		return x
	}
	return b.Prim("and", TMask, x, y)
}

// Or is the disjunction of masks, nil standing for all rows.
func (b *Builder) Or(x, y *Node) *Node {
	if x == nil || y == nil {
		return nil
	}
	return b.Prim("or", TMask, x, y)
}

// AndNot is x and not y.
func (b *Builder) AndNot(x, y *Node) *Node { return b.Prim("andnot", TMask, x, y) }

// None is the mask of no row.
func (b *Builder) None(blk *Block) *Node { return b.AndNot(blk.Head, blk.Head) }

// Not is the complement; bits past the block's rows are arbitrary.
func (b *Builder) Not(x *Node) *Node { return b.Prim("not", TMask, x) }

// Lut looks codes up in a table: result mask or lanes of t. For u16 and u32 codes limit bounds them.
func (b *Builder) Lut(t *Type, table, limit, codes *Node) *Node {
	name := "lut_" + t.Suffix() + "_" + codes.Type.Suffix()
	args := []*Node{table}
	if codes.Type != TU8 {
		args = append(args, limit)
	}
	return b.lane(&Node{Op: OpLut, Name: name, Type: t, Args: append(args, codes), Block: codes.Block, Range: Full(t)})
}

// Kernel calls a block kernel and returns its outputs. Calls that raise or have effects are placed here. Others are pure:
// equal ones of a block are shared, and computed when an output is needed.
func (b *Builder) Kernel(blk *Block, k *Kernel) []*Node {
	if k.Raises && k.Mask == nil {
		panic("staged: " + k.Func + " may raise and has no mask")
	}
	t := TVoid
	if len(k.Outs) > 0 {
		t = k.Outs[0]
	}
	call := &Node{Op: OpKernel, Name: k.Func, Type: t, Lanes: true, Kernel: k, Block: blk, Range: Full(t)}
	for _, a := range k.Args {
		call.Args = append(call.Args, a.List...)
		if a.Node != nil {
			call.Args = append(call.Args, a.Node)
			if a.Node.Lanes && a.Node.Block != blk {
				panic("staged: " + k.Func + " mixes blocks")
			}
		}
	}
	if k.Raises || k.Effect || len(k.Outs) == 0 {
		b.node(call)
		b.Emit(&KernelStmt{call})
	} else {
		call = b.sharedCall(call)
	}
	outs := []*Node{call}
	for i := 1; i < len(k.Outs); i++ {
		outs = append(outs, b.lane(&Node{Op: OpOut, Imm: int64(i), Type: k.Outs[i], Args: []*Node{call}, Block: blk, Range: Full(k.Outs[i])}))
	}
	return outs
}

// sharedCall finishes a pure call. Beside the operands, the places that they have among the arguments tell calls apart.
func (b *Builder) sharedCall(n *Node) *Node {
	k := nodeKey(n)
	for _, a := range n.Kernel.Args {
		k.more += fmt.Sprintf("%d %d %d;", a.Mark, a.Out, len(a.List))
	}
	if old := b.Func.Body.cse[k]; old != nil {
		return old
	}
	b.Func.Body.cse[k] = n
	return b.node(n)
}

// Scratch is a lane array that scalar code fills, in the current scope: in a loop its turns fill it anew.
func (b *Builder) Scratch(blk *Block, t *Type, hint string) *Node {
	return b.node(&Node{Op: OpScratch, Type: t, Lanes: true, Block: blk, Range: Full(t), Hint: hint, Body: b.cur})
}

// Reduce combines a lane value over a mask into a place.
func (b *Builder) Reduce(op string, value, mask *Node, into Place) {
	b.Emit(&Reduce{Op: op, Value: value, Mask: mask, Into: into})
}

// RaiseIf ends the query when a row of the mask is set.
func (b *Builder) RaiseIf(mask *Node, sqlstate string, position int, message string) {
	b.Emit(&RaiseIf{mask, sqlstate, position, message})
}

// StoreLanes writes a lane value to an array in memory.
func (b *Builder) StoreLanes(ptr, value *Node) { b.Emit(&StoreLanes{ptr, value}) }
