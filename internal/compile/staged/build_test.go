package staged

import (
	"math"
	"math/big"
	"math/rand"
	"testing"
)

func count[T Stmt](b *Body) int {
	n := 0
	for _, s := range b.Stmts {
		if _, ok := s.(T); ok {
			n++
		}
	}
	return n
}

// TestFold checks that constants and identities build nothing.
func TestFold(t *testing.T) {
	x := newBench()
	one, zero := Int(TU32, 1), Int(TU32, 0)
	for _, c := range []struct {
		name      string
		got, want *Node
	}{
		{"n + 0", x.Add(x.n, zero), x.n},
		{"0 + n", x.Add(zero, x.n), x.n},
		{"n - 0", x.Sub(x.n, zero), x.n},
		{"n * 1", x.Mul(x.n, one), x.n},
		{"1 * n", x.Mul(one, x.n), x.n},
		{"cast to the same type", x.Cast(TU32, x.n), x.n},
		{"&data[0]", x.IndexAddr(x.data, zero), x.data},
		{"lanes + 0", x.Prim("add", TI64, x.lanes(x.blk), Int(TI64, 0)), x.lanes(x.blk)},
		{"1 * lanes", x.Prim("mul", TI64, Int(TI64, 1), x.lanes(x.blk)), x.lanes(x.blk)},
		{"m and m", x.And(x.some(x.blk), x.some(x.blk)), x.some(x.blk)},
		{"rows and m", x.And(x.blk.Head, x.some(x.blk)), x.some(x.blk)},
		{"m and rows", x.And(x.some(x.blk), x.blk.Head), x.some(x.blk)},
		{"all and m", x.And(nil, x.some(x.blk)), x.some(x.blk)},
		{"m or m", x.Or(x.some(x.blk), x.some(x.blk)), x.some(x.blk)},
		{"m or all", x.Or(x.some(x.blk), nil), nil},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, c.got, c.want)
		}
	}
	if m := x.And(x.blk.Head, x.positive(x.blk)); m == x.positive(x.blk) {
		t.Error("rows and m is m, though m may have bits past the rows")
	}
	for _, c := range []struct {
		got  *Node
		want int64
	}{
		{x.Add(Int(TI64, 2), Int(TI64, 3)), 5},
		{x.Sub(Int(TI64, 2), Int(TI64, 3)), -1},
		{x.Mul(Int(TI64, 2), Int(TI64, 3)), 6},
		{x.Cast(TI64, Int(TI32, -7)), -7},
	} {
		if !c.got.IsConst(c.want) {
			t.Errorf("got %s, want %d", c.got, c.want)
		}
	}
	if got := len(x.Func.Body.Stmts); got != 0 {
		t.Errorf("%d statements were placed:\n%s", got, x.Func)
	}
}

// TestShare checks that equal values are one, and only those.
func TestShare(t *testing.T) {
	x := newBench()
	two := Int(TU32, 2)
	same := [][2]*Node{
		{x.Add(x.n, two), x.Add(x.n, Int(TU32, 2))},
		{x.Fixed(x.w, "q", Query.Type().Ptr()), x.Fixed(x.w, "q", Query.Type().Ptr())},
		{x.FixedAt(x.data, Int(TU64, 3)), x.FixedAt(x.data, Int(TU64, 3))},
		{x.Pure(TU64, "fl_min_u64", x.n, two), x.Pure(TU64, "fl_min_u64", x.n, two)},
		{x.lanes(x.blk), x.lanes(x.blk)},
		{x.positive(x.blk), x.positive(x.blk)},
	}
	for i, p := range same {
		if p[0] != p[1] {
			t.Errorf("%d: %s and %s are not shared", i, p[0], p[1])
		}
	}
	other := x.NewBlock(x.n)
	differ := [][2]*Node{
		{x.Add(x.n, two), x.Add(x.n, Int(TU32, 3))},
		{x.Add(x.n, two), x.Sub(x.n, two)},
		{x.Cast(TU64, x.n), x.Cast(TI64, x.n)},
		{x.Fixed(x.w, "q", Query.Type().Ptr()), x.Fixed(x.w, "state", Query.Type().Ptr())},
		{x.Field(x.w, "id", TU32), x.Field(x.w, "id", TU32)},           // memory changes
		{x.Index(x.data, Int(TU64, 0)), x.Index(x.data, Int(TU64, 0))}, // likewise
		{x.Call(TU64, "fl_next_block", x.w), x.Call(TU64, "fl_next_block", x.w)},
		{x.lanes(x.blk), x.lanes(other)},
		{x.Prim("add", TI64, x.lanes(x.blk), Int(TI64, 1)), x.Prim("add", TI64, x.lanes(x.blk), Int(TI64, 2))},
		{x.Prim("add", TF32, x.floats(), Float(TF32, 0)), x.Prim("add", TF32, x.floats(), Float(TF32, math.Copysign(0, -1)))},
		{x.Pure(TU64, "f", Text("a")), x.Pure(TU64, "f", Text("b"))},
		{x.Pure(TU64, "f", Raw("FL_DAY")), x.Pure(TU64, "f", Raw("FL_YEAR"))},
		{x.Mul(x.Cast(TU64, x.n), Sizeof(Worker.Type())), x.Mul(x.Cast(TU64, x.n), Sizeof(Query.Type()))},
		{x.Cast(TU64, Null(TI64.Ptr())), x.Cast(TU64, x.data)},
		{x.Pure(TU64, "f", x.n, x.n, x.n, two), x.Pure(TU64, "f", x.n, x.n, x.n, Int(TU32, 3))},
	}
	for i, p := range differ {
		if p[0] == p[1] {
			t.Errorf("%d: %s is shared by values that differ", i, p[0])
		}
	}
}

// TestBounded checks that a check's bounds are those of what is behind it alone.
func TestBounded(t *testing.T) {
	x := newBench()
	n := x.lanes(x.blk)
	small, smaller := x.Bounded(n, Range{0, 255}), x.Bounded(n, Range{0, 7})
	if n.Range != Full(TI64) || small.Range != (Range{0, 255}) || smaller.Range != (Range{0, 7}) {
		t.Errorf("%v, %v, %v", n.Range, small.Range, smaller.Range)
	}
	if sum := x.Prim("add", TI64, small, smaller); sum.Range != (Range{0, 262}) {
		t.Errorf("%v", sum.Range)
	}
	x.sum(small)
	if err := Verify(x.Func); err != nil {
		t.Error(err)
	}
}

func (x *bench) floats() *Node { return x.Load(x.blk, x.Cast(TF32.Ptr(), x.data)) }

// TestHoist checks that pure values leave the loops that they do not depend on, and that others stay.
func TestHoist(t *testing.T) {
	x := newBench()
	v := x.Var("v", Int(TU64, 0))
	var fixed, turn, read, mutable, inner *Node
	var body *Body
	x.For("i", Int(TU64, 0), Int(TU64, 9), Int(TU64, 1), func(i *Node) {
		body = x.cur
		fixed = x.Scalar("shl", TU32, x.n, Int(TU32, 3))
		turn = x.Add(i, Int(TU64, 5))
		read = x.Index(x.data, Int(TU64, 0))
		mutable = x.Add(v, Int(TU64, 1))
		x.If(x.n, func() { inner = x.Mul(turn, turn) }, nil)
		x.Set(v, mutable)
	})
	for _, c := range []struct {
		name string
		n    *Node
		want *Body
	}{
		{"of a parameter", fixed, x.Func.Body},
		{"of the loop's variable", turn, body},
		{"of memory", read, body},
		{"of a mutable variable", mutable, body},
		{"of the loop's values, within a branch", inner, body},
	} {
		if c.n.Body != c.want {
			t.Errorf("%s: placed at depth %d, want %d", c.name, c.n.Body.Depth, c.want.Depth)
		}
	}
	if err := Verify(x.Func); err != nil {
		t.Error(err)
	}
}

// TestLanesArePlacedByEffects checks that lane values are no statements, unless they raise or have an effect.
func TestLanesArePlacedByEffects(t *testing.T) {
	x := newBench()
	n := x.Prim("add", TI64, x.lanes(x.blk), Int(TI64, 1))
	call := func(k Kernel) { x.Kernel(x.blk, &k) }
	call(Kernel{Func: "pure", Outs: []*Type{TI64}, Args: []Arg{Out(0), A(n), N}})
	if got := len(x.Func.Body.Stmts); got != 0 {
		t.Fatalf("%d statements were placed:\n%s", got, x.Func)
	}
	call(Kernel{Func: "raises", Outs: []*Type{TI64}, Args: []Arg{Out(0), A(x.blk.Head)}, Raises: true, Mask: x.blk.Head})
	call(Kernel{Func: "adds", Args: []Arg{A(n), N}, Effect: true})
	call(Kernel{Func: "fills", Args: []Arg{A(n), N}})
	if got := count[*KernelStmt](x.Func.Body); got != 3 {
		t.Errorf("%d kernels were placed, want 3", got)
	}
	outs := x.Kernel(x.blk, &Kernel{Func: "two", Outs: []*Type{TI64, TMask}, Args: []Arg{Out(0), Out(1), N}})
	if len(outs) != 2 || outs[1].Type != TMask || outs[1].Args[0] != outs[0] {
		t.Errorf("outputs %v", outs)
	}
}

// TestPureKernelsAreShared checks that equal calls of a block are one, unless they raise or have an effect.
func TestPureKernelsAreShared(t *testing.T) {
	x := newBench()
	run := func(blk *Block, name string, operands ...*Node) *Node {
		return x.Run(blk, name, Site{Rows: blk.Head}, operands...)[0]
	}
	n, other := x.lanes(x.blk), x.NewBlock(x.n)
	wide := run(x.blk, "flk_i128_i64", n)
	if run(x.blk, "flk_i128_i64", n) != wide {
		t.Error("equal calls are not shared")
	}
	if run(other, "flk_i128_i64", x.lanes(other)) == wide {
		t.Error("calls of different blocks are shared")
	}
	if run(x.blk, "flk_rescale_i64", n, Int(TI32, 1)) == run(x.blk, "flk_rescale_i64", n, Int(TI32, 2)) {
		t.Error("calls with different operands are shared")
	}
	twice := func(call func() *Node) bool {
		first := call()
		return call() == first
	}
	if twice(func() *Node { return run(x.blk, "flk_intdiv", n, n) }) {
		t.Error("calls that raise are shared")
	}
	if twice(func() *Node { return run(x.blk, "flk_sum_i128", x.Cast(TI128.Ptr(), x.data), wide) }) {
		t.Error("calls with an effect are shared")
	}
	if !twice(func() *Node { return x.Run(x.blk, "flk_indices_of", Site{Rows: x.blk.Head})[1] }) {
		t.Error("second outputs of equal calls are not shared")
	}
	if err := Verify(x.Func); err != nil {
		t.Error(err)
	}
}

// TestBuilderRefuses checks that what is ill-typed cannot be built.
func TestBuilderRefuses(t *testing.T) {
	for name, build := range map[string]func(x *bench){
		"unknown primitive":       func(x *bench) { x.Prim("pow", TI64, x.lanes(x.blk), x.lanes(x.blk)) },
		"number of operands":      func(x *bench) { x.Prim("add", TI64, x.lanes(x.blk)) },
		"operand's type":          func(x *bench) { x.Prim("add", TI64, x.lanes(x.blk), Int(TI32, 1)) },
		"blocks":                  func(x *bench) { x.Prim("add", TI64, x.lanes(x.blk), x.lanes(x.NewBlock(x.n))) },
		"no lanes":                func(x *bench) { x.Prim("add", TI64, Int(TI64, 1), Int(TI64, 1)) },
		"conversion":              func(x *bench) { x.Cvt(TU16, x.Cvt(TU8, x.lanes(x.blk))) },
		"blocks of a kernel":      func(x *bench) { x.Kernel(x.NewBlock(x.n), &Kernel{Func: "k", Args: []Arg{A(x.lanes(x.blk))}}) },
		"unknown kernel":          func(x *bench) { x.Run(x.blk, "flk_intpow", Site{}, x.lanes(x.blk)) },
		"kernel's operand":        func(x *bench) { x.Run(x.blk, "flk_mulw_i64", Site{}, x.lanes(x.blk), Int(TI64, 1)) },
		"too few operands":        func(x *bench) { x.Run(x.blk, "flk_mulw_i64", Site{}, x.lanes(x.blk)) },
		"too many operands":       func(x *bench) { x.Run(x.blk, "flk_i128_i64", Site{}, x.lanes(x.blk), x.lanes(x.blk)) },
		"raising without a mask":  func(x *bench) { x.Kernel(x.blk, &Kernel{Func: "k", Raises: true}) },
		"field that is not there": func(x *bench) { x.Get(x.Cast((&Struct{Name: "s"}).Type().Ptr(), x.data), "a") },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("it was built")
				}
			}()
			build(newBench())
		})
	}
}

// interesting yields integers of all magnitudes.
func interesting(r *rand.Rand) int64 {
	switch r.Intn(4) {
	case 0:
		return []int64{0, 1, -1, math.MaxInt32, math.MinInt32, math.MaxInt64, math.MinInt64, 1 << 53, 1<<53 + 1, -1<<53 - 1, 255, 65535}[r.Intn(12)]
	case 1:
		return int64(r.Uint64())
	}
	return int64(r.Uint64()) >> r.Intn(64)
}

func (a Range) holds(v *big.Int) bool {
	in := func(f float64, sign int) bool {
		if math.IsInf(f, sign) {
			return true
		}
		end, _ := big.NewFloat(f).SetPrec(300).Int(nil)
		return end.Cmp(v)*sign >= 0
	}
	return in(a.Lo, -1) && in(a.Hi, 1)
}

// TestRangeHolds checks on samples that the range of a result holds every result.
func TestRangeHolds(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	type op struct {
		name string
		rng  func(a, b Range) Range
		big  func(z, x, y *big.Int) *big.Int
	}
	ops := []op{{"add", Range.Add, (*big.Int).Add}, {"sub", Range.Sub, (*big.Int).Sub}, {"mul", Range.Mul, (*big.Int).Mul},
		{"neg", func(a, _ Range) Range { return a.Neg() }, func(z, x, _ *big.Int) *big.Int { return z.Neg(x) }},
		{"union", Range.Union, func(z, x, _ *big.Int) *big.Int { return z.Set(x) }},
		{"union'", func(a, b Range) Range { return b.Union(a) }, func(z, x, _ *big.Int) *big.Int { return z.Set(x) }},
		{"round up", func(a, _ Range) Range { return a.RoundUp() }, func(z, x, _ *big.Int) *big.Int { return z.Set(x) }},
	}
	for range 20000 {
		ends := [4]int64{interesting(r), interesting(r), interesting(r), interesting(r)}
		a, b := RangeOf(min(ends[0], ends[1]), max(ends[0], ends[1])), RangeOf(min(ends[2], ends[3]), max(ends[2], ends[3]))
		x, y := big.NewInt(ends[r.Intn(2)]), big.NewInt(ends[2+r.Intn(2)])
		for _, o := range ops {
			got, z := o.rng(a, b), o.big(new(big.Int), x, y)
			if !got.holds(z) {
				t.Fatalf("%s of [%d %d] and [%d %d] is %v, without %s", o.name, ends[0], ends[1], ends[2], ends[3], got, z)
			}
			if got.Fits64() && !z.IsInt64() {
				t.Fatalf("%s of [%d %d] and [%d %d] is said to fit 64 bits: %s", o.name, ends[0], ends[1], ends[2], ends[3], z)
			}
			if got.Fits32() && (z.Cmp(big.NewInt(math.MaxInt32)) > 0 || z.Cmp(big.NewInt(math.MinInt32)) < 0) {
				t.Fatalf("%s of %v and %v is said to fit 32 bits: %s", o.name, a, b, z)
			}
		}
	}
}

// TestRangeOfTypes checks the ends of types, and infinite ends.
func TestRangeOfTypes(t *testing.T) {
	for _, c := range []struct {
		t            *Type
		fits32, fits bool
	}{{TU8, true, true}, {TU16, true, true}, {TU32, false, true}, {TI32, true, true}, {TI64, false, false}, {TU64, false, false}, {TF64, false, false}} {
		if r := Full(c.t); r.Fits32() != c.fits32 || r.Fits64() != c.fits || !r.Within(r) {
			t.Errorf("%s: %v", c.t.Suffix(), r)
		}
	}
	any := Full(TF64)
	for _, r := range []Range{any.Add(any), any.Mul(Range{0, 0}), any.Sub(any), any.Mul(any), any.RoundUp()} {
		if r.Fits128() || math.IsNaN(r.Lo) && r.Within(Full(TI64)) {
			t.Errorf("%v bounds the unknown", r)
		}
	}
	for _, c := range [][2]Range{{{3, 100}, {0, 127}}, {{-5, 100}, {-128, 127}}, {{0, 0}, {0, 0}}, {{0, 128}, {0, 255}}, {{-1, 0}, {-2, 1}}} {
		if got := c[0].RoundUp(); got != c[1] {
			t.Errorf("%v rounds up to %v, want %v", c[0], got, c[1])
		}
	}
}

// TestRangeOfValues checks that built values carry the ranges of their operations.
func TestRangeOfValues(t *testing.T) {
	x := newBench()
	a := x.Cvt(TI32, x.Load(x.blk, x.Cast(TU8.Ptr(), x.data)))
	for _, c := range []struct {
		n    *Node
		want Range
	}{
		{a, Range{0, 255}},
		{x.Prim("add", TI32, a, Int(TI32, -5)), Range{-5, 250}},
		{x.Prim("sub", TI32, a, a), Range{-255, 255}},
		{x.Prim("mul", TI32, a, Int(TI32, -2)), Range{-510, 0}},
		{x.Prim("mulw", TI32, a, a), Range{0, 65025}},
		{x.Prim("neg", TI32, a), Range{-255, 0}},
		{x.Prim("sel", TI32, x.blk.Head, a, Int(TI32, 1000)), Range{0, 1000}},
		{x.Prim("mk", TI64, x.blk.Head), Range{0, 1}},
		{x.Prim("mul", TI32, x.Prim("mul", TI32, a, Int(TI32, 1<<20)), a), Full(TI32)}, // it may wrap
		{x.Cvt(TI64, a), Range{0, 255}},
		{x.Prim("shl", TI32, a, Int(TI32, 1)), Full(TI32)},
	} {
		if c.n.Range != c.want {
			t.Errorf("%s: %v, want %v", c.n, c.n.Range, c.want)
		}
	}
}
