package staged

import (
	"strings"
	"testing"
)

// bench is a function with what the rules' examples need: a worker, a pointer to numbers, and a block of rows.
type bench struct {
	*Builder
	w, data, n *Node
	blk        *Block
}

func newBench() *bench {
	x := &bench{Builder: NewFunc("f", TVoid)}
	x.w = x.Param("w", Worker.Type().Ptr())
	x.data = x.Param("data", TI64.Ptr())
	x.n = x.Param("n", TU32)
	x.blk = x.NewBlock(x.n)
	return x
}

// lanes is the numbers of a block.
func (x *bench) lanes(blk *Block) *Node { return x.Load(blk, x.data) }

// positive is a mask whose bits past the block's rows are arbitrary.
func (x *bench) positive(blk *Block) *Node {
	return x.Prim("gt", TI64, x.lanes(blk), Int(TI64, 0))
}

// some is a mask of rows.
func (x *bench) some(blk *Block) *Node { return x.And(blk.Head, x.positive(blk)) }

// raising is a call that may raise for the rows of a mask.
func (x *bench) raising(mask *Node) *Node {
	n := x.lanes(x.blk)
	return &Node{Op: OpKernel, Name: "flk_intdiv", Type: TI64, Lanes: true, Block: x.blk, ID: 1000, Args: []*Node{n, n, mask},
		Kernel: &Kernel{Func: "flk_intdiv", Outs: []*Type{TI64}, Raises: true, Mask: mask,
			Args: []Arg{W, Out(0), A(n), A(n), A(mask), A(Int(TI32, 0)), N}}}
}

// sum uses a lane value.
func (x *bench) sum(n *Node) {
	x.Reduce("sum", n, x.some(n.Block), Place{Ptr: x.data, Index: Int(TU64, 0)})
}

func (x *bench) store(n *Node) { x.PutAt(x.data, Int(TU64, 0), n) }

// TestVerify has, for each rule, a function that keeps it (no error) and some that break it.
func TestVerify(t *testing.T) {
	for _, c := range []struct {
		name  string
		build func(x *bench)
		want  string // in the error; "" for none
	}{
		{"scalar in its scope", func(x *bench) { x.store(x.Index(x.data, Int(TU64, 1))) }, ""},
		{"scalar of a scope around", func(x *bench) {
			y := x.Index(x.data, Int(TU64, 1))
			x.If(x.n, func() { x.store(y) }, nil)
		}, ""},
		{"scalar behind its scope", func(x *bench) {
			var y *Node
			x.If(x.n, func() { y = x.Index(x.data, Int(TU64, 1)) }, nil)
			x.store(y)
		}, "Store: v5 is used before it is placed, or outside of its scope"},
		{"scalar of the other branch", func(x *bench) {
			var y *Node
			x.If(x.n, func() { y = x.Index(x.data, Int(TU64, 1)) }, func() { x.store(y) })
		}, "outside of its scope"},
		{"scalar before its statement", func(x *bench) {
			y := &Node{Op: OpScalar, Name: "neg", Type: TI64, Args: []*Node{Int(TI64, 1)}, ID: 9, Hint: "late"}
			x.store(y)
			x.Emit(&Let{y})
		}, "v9 (late) is used before it is placed"},
		{"loop variable behind the loop", func(x *bench) {
			var i *Node
			x.For("i", Int(TU64, 0), Int(TU64, 9), Int(TU64, 1), func(v *Node) { i = v })
			x.PutAt(x.data, i, Int(TI64, 0))
		}, "i_5 is used before"},
		{"scalar placed twice", func(x *bench) {
			y := x.Index(x.data, Int(TU64, 1))
			x.Emit(&Let{y})
		}, "is there already"},
		{"unknown operator", func(x *bench) {
			x.Emit(&Let{&Node{Op: OpScalar, Name: "pow", Type: TI64, ID: 9}})
		}, `there is no operator "pow"`},
		{"missing operand", func(x *bench) {
			x.Emit(&Let{&Node{Op: OpScalar, Name: "add", Type: TI64, Args: []*Node{Int(TI64, 1)}, ID: 9}})
		}, "takes 2 operands, not 1"},
		{"lane value as scalar", func(x *bench) { x.store(x.lanes(x.blk)) }, "stands for a scalar"},
		{"assigned constant", func(x *bench) { x.Emit(&Assign{x.n, Int(TU32, 1)}) }, "is no mutable variable"},
		{"value returned by a procedure", func(x *bench) { x.Emit(&Return{Int(TI32, 1)}) }, "the function returns void"},

		{"mutable variable read in every turn", func(x *bench) {
			i := x.Var("i", Int(TU64, 0))
			x.Loop(0, func() {
				next := x.Add(i, Int(TU64, 1))
				x.PutAt(x.data, next, Int(TI64, 0))
				x.Set(i, next)
			})
		}, ""},
		{"mutable variable read before a loop that leaves it", func(x *bench) {
			i := x.Var("i", Int(TU64, 0))
			next := x.Add(i, Int(TU64, 1))
			x.Loop(0, func() { x.PutAt(x.data, next, Int(TI64, 0)) })
		}, ""},
		{"mutable variable read before the loop", func(x *bench) {
			i := x.Var("i", Int(TU64, 0))
			next := x.Add(i, Int(TU64, 1)).Named("next")
			x.Loop(0, func() {
				x.PutAt(x.data, next, Int(TI64, 0))
				x.Set(i, next)
			})
		}, "v6 (next) was computed from i_5 before the loop that assigns it"},
		{"mutable variable read through others before the loop", func(x *bench) {
			i := x.Var("i", Int(TU64, 0))
			at := x.IndexAddr(x.data, x.Add(i, Int(TU64, 1)))
			x.Loop(0, func() {
				x.PutAt(at, Int(TU64, 0), Int(TI64, 0))
				x.If(x.n, func() { x.Reduce("count", nil, x.some(x.blk), Place{Var: i}) }, nil)
			})
		}, "was computed from i_5 before the loop"},
		{"lanes of a mutable variable", func(x *bench) {
			y := x.Var("y", Int(TI64, 0))
			x.sum(x.Prim("add", TI64, x.lanes(x.blk), y))
		}, "depends on the mutable variable y_5"},
		{"block of changing size", func(x *bench) {
			n := x.Var("n", Int(TU32, 0))
			x.sum(x.lanes(x.NewBlock(n)))
		}, "may change"},
		{"block without a size", func(x *bench) { x.sum(x.lanes(x.NewBlock(nil))) }, "without a size"},

		{"break", func(x *bench) { x.Loop(0, func() { x.If(x.n, func() { x.Emit(&Break{}) }, nil) }) }, ""},
		{"break outside", func(x *bench) { x.If(x.n, func() { x.Emit(&Break{}) }, nil) }, "outside of a loop"},
		{"continue outside", func(x *bench) { x.Emit(&Continue{}) }, "outside of a loop"},
		{"break of rows", func(x *bench) { x.Rows(x.some(x.blk), func(*Node) { x.Emit(&Break{}) }) }, "cannot leave a loop over rows"},
		{"break in a loop in rows", func(x *bench) {
			x.Rows(x.some(x.blk), func(*Node) { x.Loop(0, func() { x.Emit(&Break{}) }) })
		}, ""},

		{"primitive", func(x *bench) { x.sum(x.Prim("add", TI64, x.lanes(x.blk), Int(TI64, 5))) }, ""},
		{"operand of another type", func(x *bench) {
			x.sum(&Node{Op: OpPrim, Name: "add_i64", Type: TI64, Lanes: true, Block: x.blk, ID: 9, Args: []*Node{x.lanes(x.blk), Int(TI32, 5)}})
		}, "operand 1 of v9 (add_i64) is i32, not i64"},
		{"result of another type", func(x *bench) {
			x.sum(&Node{Op: OpPrim, Name: "gt_i64", Type: TI64, Lanes: true, Block: x.blk, ID: 9, Args: []*Node{x.lanes(x.blk), Int(TI64, 5)}})
		}, "gives mask, not i64"},
		{"unknown primitive", func(x *bench) {
			x.sum(&Node{Op: OpPrim, Name: "pow_i64", Type: TI64, Lanes: true, Block: x.blk, ID: 9, Args: []*Node{x.lanes(x.blk), Int(TI64, 5)}})
		}, `there is no primitive "pow_i64"`},
		{"primitive of scalars", func(x *bench) {
			x.sum(&Node{Op: OpPrim, Name: "neg_i64", Type: TI64, Lanes: true, Block: x.blk, ID: 9, Args: []*Node{Int(TI64, 5)}})
		}, "has no lane operand"},
		{"load of another type", func(x *bench) {
			x.sum(&Node{Op: OpLoad, Type: TI32, Lanes: true, Block: x.blk, ID: 9, Args: []*Node{x.data}})
		}, "i32 lanes are loaded from a *i64"},
		{"look-up", func(x *bench) {
			codes := x.Cvt(TU8, x.lanes(x.blk))
			table := x.Cast(TU8.Ptr(), x.data)
			x.Reduce("count", nil, x.And(x.blk.Head, x.Lut(TMask, table, nil, codes)), Place{Ptr: x.data, Index: Int(TU64, 0)})
		}, ""},
		{"look-up in a table of another type", func(x *bench) {
			x.sum(x.Lut(TI64, x.Cast(TU8.Ptr(), x.data), nil, x.Cvt(TU8, x.lanes(x.blk))))
		}, "looks up in a *u8"},
		{"stored as another type", func(x *bench) { x.StoreLanes(x.Cast(TI32.Ptr(), x.data), x.lanes(x.blk)) }, "i64 lanes go to a *i32"},
		{"reduction of another type", func(x *bench) {
			x.Reduce("sumw", x.lanes(x.blk), x.blk.Head, Place{Ptr: x.data, Index: Int(TU64, 0)})
		}, "there is no reduction sumw of i64 lanes"},

		{"blocks that meet in a primitive", func(x *bench) {
			other := x.NewBlock(x.n)
			x.sum(&Node{Op: OpPrim, Name: "add_i64", Type: TI64, Lanes: true, Block: x.blk, ID: 9, Args: []*Node{x.lanes(x.blk), x.lanes(other)}})
		}, "operand of another block"},
		{"blocks that meet in a reduction", func(x *bench) {
			x.Reduce("sum", x.lanes(x.blk), x.NewBlock(x.n).Head, Place{Ptr: x.data, Index: Int(TU64, 0)})
		}, "different blocks"},
		{"blocks that meet in a row", func(x *bench) {
			other := x.NewBlock(x.n)
			x.Rows(x.some(x.blk), func(i *Node) { x.store(x.At(x.lanes(other), i)) })
		}, "is a row of another block"},
		{"blocks that meet in descriptors", func(x *bench) {
			x.Call(TVoid, "f", x.VecArray([]VecDesc{{Data: x.lanes(x.blk)}, {Data: x.lanes(x.NewBlock(x.n))}}))
		}, "is of another block"},
		{"blocks that meet in a kernel", func(x *bench) {
			k := x.raising(x.some(x.blk))
			k.Args[0] = x.lanes(x.NewBlock(x.n))
			x.Emit(&KernelStmt{k})
		}, "operand of another block"},
		{"rows of a block", func(x *bench) { x.Rows(x.some(x.blk), func(i *Node) { x.store(x.At(x.lanes(x.blk), i)) }) }, ""},

		{"raising kernel", func(x *bench) {
			k := x.raising(x.some(x.blk))
			x.Emit(&KernelStmt{k})
			x.sum(k)
		}, ""},
		{"raising kernel without a mask", func(x *bench) {
			k := x.raising(x.some(x.blk))
			k.Kernel.Mask = nil
			x.Emit(&KernelStmt{k})
		}, "v1000 (flk_intdiv) may raise and has no mask"},
		{"raising kernel that is not told its mask", func(x *bench) {
			k := x.raising(x.some(x.blk))
			k.Kernel.Mask = x.blk.Head
			x.Emit(&KernelStmt{k})
		}, "is not told the rows"},
		{"raising kernel whose mask has bits past the rows", func(x *bench) {
			x.Emit(&KernelStmt{x.raising(x.positive(x.blk))})
		}, "may have bits past the block's rows"},
		{"raising kernel placed twice", func(x *bench) {
			k := x.raising(x.some(x.blk))
			x.Emit(&KernelStmt{k})
			x.Emit(&KernelStmt{k})
		}, "placed twice"},
		{"raising kernel never placed", func(x *bench) { x.sum(x.raising(x.some(x.blk))) }, "is used before the statement that places it"},
		{"raising kernel used before", func(x *bench) {
			k := x.raising(x.some(x.blk))
			x.sum(x.Prim("neg", TI64, k))
			x.Emit(&KernelStmt{k})
		}, "Reduce sum: v1000 (flk_intdiv) is used before the statement that places it"},
		{"raising kernel used behind its scope", func(x *bench) {
			k := x.raising(x.some(x.blk))
			x.If(x.n, func() { x.Emit(&KernelStmt{k}) }, nil)
			x.sum(k)
		}, "outside of the scope it was placed in"},
		{"kernel with an effect used before", func(x *bench) {
			k := x.raising(x.some(x.blk))
			k.Kernel.Raises, k.Kernel.Effect = false, true
			x.sum(k)
		}, "is used before the statement that places it"},
		{"kernel that is not there", func(x *bench) {
			k := x.raising(x.some(x.blk))
			k.Kernel.Func = "flk_intpow"
			x.Emit(&KernelStmt{k})
		}, "there is no kernel flk_intpow"},
		{"argument of another type", func(x *bench) {
			k := x.raising(x.some(x.blk))
			k.Kernel.Args[2] = A(x.Cvt(TI32, x.lanes(x.blk)))
			x.Emit(&KernelStmt{k})
		}, "argument 2 of v1000 (flk_intdiv) is not what the kernel takes"},
		{"scalar for lanes", func(x *bench) {
			k := x.raising(x.some(x.blk))
			k.Kernel.Args[3] = A(Int(TI64, 2))
			x.Emit(&KernelStmt{k})
		}, "argument 3 of v1000 (flk_intdiv) is not what the kernel takes"},
		{"kernel that is said not to raise", func(x *bench) {
			k := x.raising(x.some(x.blk))
			k.Kernel.Raises = false
			x.sum(k)
		}, "the call says otherwise"},
		{"output that is not there", func(x *bench) {
			k := x.raising(x.some(x.blk))
			x.Emit(&KernelStmt{k})
			x.sum(&Node{Op: OpOut, Imm: 1, Type: TI64, Lanes: true, Block: x.blk, ID: 9, Args: []*Node{k}})
		}, "has no such output"},

		{"reduction past the rows", func(x *bench) {
			x.Reduce("count", nil, x.positive(x.blk), Place{Ptr: x.data, Index: Int(TU64, 0)})
		}, "Reduce count: the mask v6 (gt_i64) may have bits past the block's rows"},
		{"raise past the rows", func(x *bench) { x.RaiseIf(x.Not(x.blk.Head), "22012", 0, "division by zero") }, "RaiseIf 22012: the mask"},
		{"rows past the rows", func(x *bench) { x.Rows(x.Or(x.blk.Head, x.positive(x.blk)), func(*Node) {}) }, "past the block's rows"},
		{"masks of rows", func(x *bench) {
			rows, any := x.some(x.blk), x.positive(x.blk)
			for _, m := range []*Node{x.blk.Head, rows, x.AndNot(x.blk.Head, any), x.Or(rows, x.AndNot(rows, any)), x.And(any, x.And(rows, any))} {
				x.RaiseIf(m, "22012", 0, "division by zero")
			}
		}, ""},
		{"group of rows", func(x *bench) {
			number := x.Prim("sel", TU8, x.blk.Head, x.Cvt(TU8, x.lanes(x.blk)), Int(TU8, 255))
			x.For("g", Int(TU32, 0), Int(TU32, 16), Int(TU32, 1), func(g *Node) {
				x.Reduce("count", nil, x.Prim("eq", TU8, number, x.Cast(TU8, g)), Place{Ptr: x.data, Index: Int(TU64, 0)})
			})
		}, ""},
		{"group that may be none", func(x *bench) {
			number := x.Prim("sel", TU8, x.blk.Head, x.Cvt(TU8, x.lanes(x.blk)), Int(TU8, 7))
			x.For("g", Int(TU32, 0), Int(TU32, 16), Int(TU32, 1), func(g *Node) {
				x.Reduce("count", nil, x.Prim("eq", TU8, number, x.Cast(TU8, g)), Place{Ptr: x.data, Index: Int(TU64, 0)})
			})
		}, "past the block's rows"},
		{"stored selection", func(x *bench) {
			m := x.Scratch(x.blk, TMask, "selected")
			x.If(x.n, func() { x.StoreLanes(x.Array(m), x.some(x.blk)) }, func() { x.StoreLanes(x.Array(m), x.blk.Head) })
			x.Rows(m, func(*Node) {})
		}, ""},
		{"stored selection past the rows", func(x *bench) {
			m := x.Scratch(x.blk, TMask, "selected")
			x.If(x.n, func() { x.StoreLanes(x.Array(m), x.some(x.blk)) }, func() { x.StoreLanes(x.Array(m), x.positive(x.blk)) })
			x.Rows(m, func(*Node) {})
		}, "(selected) may have bits past"},
		{"scratch filled", func(x *bench) {
			s := x.Scratch(x.blk, TI64, "filled")
			x.Call(TVoid, "fill", x.Array(s))
			x.sum(s)
		}, ""},
		{"scratch never filled", func(x *bench) { x.sum(x.Scratch(x.blk, TI64, "filled")) }, "(filled) is read before anything could fill it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := newBench()
			c.build(x)
			err := Verify(x.Func)
			switch {
			case c.want == "" && err != nil:
				t.Errorf("unexpected: %v\n%s", err, x.Func)
			case c.want != "" && err == nil:
				t.Errorf("no error, want %q\n%s", c.want, x.Func)
			case c.want != "" && (!strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "staged: function f: ")):
				t.Errorf("got %q, want %q", err, c.want)
			}
		})
	}
}
