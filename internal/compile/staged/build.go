package staged

import (
	"fmt"
	"math"
)

// Builder builds one function. Its methods panic on ill-typed use: that is a fault of the translator, never of input.
type Builder struct {
	Func *Func
	cur  *Body
	// blockW is the worker parameter, if the function has one.
	W *Node
}

// NewFunc starts a function. Parameters are made with Param before the first statement.
func NewFunc(name string, returns *Type) *Builder {
	f := &Func{Name: name, Returns: returns, Body: newBody(nil)}
	return &Builder{Func: f, cur: f.Body}
}

func newBody(parent *Body) *Body {
	b := &Body{Parent: parent, cse: map[key]*Node{}}
	if parent != nil {
		b.Depth = parent.Depth + 1
	}
	return b
}

func (b *Builder) node(n *Node) *Node {
	b.Func.NextID++
	n.ID = b.Func.NextID
	return n
}

// Param adds a parameter.
func (b *Builder) Param(name string, t *Type) *Node {
	p := b.node(&Node{Op: OpVar, Name: name, Type: t, Body: b.Func.Body, Range: Full(t)})
	b.Func.Params = append(b.Func.Params, p)
	return p
}

// Emit appends a statement to the current scope.
func (b *Builder) Emit(s Stmt) { b.cur.Stmts = append(b.cur.Stmts, s) }

// In runs f with a new scope as the current one and returns that scope.
func (b *Builder) In(f func()) *Body {
	outer := b.cur
	body := newBody(outer)
	b.cur = body
	f()
	b.cur = outer
	return body
}

// place puts a pure scalar node into the outermost scope that knows its operands, or returns the equal one from there.
func (b *Builder) place(n *Node, pure bool) *Node {
	at := b.cur
	for _, a := range n.Args {
		pure = pure && !a.Mutable
	}
	if pure {
		at = b.Func.Body
		for _, a := range n.Args {
			if a.Lanes {
				at = b.cur
				break
			}
			if a.Body != nil && a.Body.Depth > at.Depth {
				at = a.Body
			}
		}
		k := nodeKey(n)
		if old := at.cse[k]; old != nil {
			return old
		}
		at.cse[k] = n
	}
	b.node(n)
	n.Body = at
	at.Stmts = append(at.Stmts, &Let{n})
	return n
}

// key tells equal pure nodes: the same operation on the same operands. Operands that are never placed (literals, names,
// sizes) have no ID and are told by what they are.
type key struct {
	op    Op
	name  string
	typ   *Type
	block *Block
	imm   int64
	f     uint64
	args  [3]argKey
	more  string // further operands
}

type argKey struct {
	id      int
	op      Op
	typ, of *Type
	name    string
	imm     int64
	f       uint64
}

func argKeyOf(a *Node) argKey {
	if a.ID != 0 {
		return argKey{id: a.ID}
	}
	return argKey{op: a.Op, typ: a.Type, of: a.Of, name: a.Name, imm: a.Imm, f: math.Float64bits(a.F)}
}

func nodeKey(n *Node) key {
	k := key{op: n.Op, name: n.Name, typ: n.Type, block: n.Block, imm: n.Imm, f: math.Float64bits(n.F)}
	for i, a := range n.Args {
		if i < len(k.args) {
			k.args[i] = argKeyOf(a)
		} else {
			k.more += fmt.Sprintf("%q,", fmt.Sprint(argKeyOf(a)))
		}
	}
	return k
}

// Int is an integer literal.
func Int(t *Type, v int64) *Node {
	return &Node{Op: OpConst, Type: t, Imm: v, Range: RangeOf(v, v)}
}

// Float is a floating-point literal.
func Float(t *Type, v float64) *Node { return &Node{Op: OpConst, Type: t, F: v} }

// Text is a C string literal.
func Text(s string) *Node { return &Node{Op: OpString, Type: TU8.Ptr(), Name: s} }

// Raw is a constant that the runtime's headers name.
func Raw(name string) *Node { return &Node{Op: OpFuncAddr, Type: TU32, Name: name} }

// Null is the null pointer of a type.
func Null(t *Type) *Node { return &Node{Op: OpNull, Type: t} }

// FuncAddr is the address of another function of the program.
func FuncAddr(f *Func) *Node { return &Node{Op: OpFuncAddr, Type: TVoid.Ptr(), Name: f.Name} }

// Sizeof is the size of a type of the program.
func Sizeof(t *Type) *Node { return &Node{Op: OpSizeof, Type: TU64, Of: t, Range: Full(TU64)} }

// Scalar applies a pure scalar operator; integer literals fold.
func (b *Builder) Scalar(op string, t *Type, args ...*Node) *Node {
	if n := fold(op, t, args); n != nil {
		return n
	}
	return b.place(&Node{Op: OpScalar, Name: op, Type: t, Args: args, Range: scalarRange(op, t, args)}, true)
}

func scalarRange(op string, t *Type, args []*Node) Range {
	r := Full(t)
	if !t.IsInt() || len(args) != 2 {
		return r
	}
	switch op {
	case "add":
		r = args[0].Range.Add(args[1].Range)
	case "mul":
		r = args[0].Range.Mul(args[1].Range)
	}
	if !r.Within(Full(t)) {
		return Full(t)
	}
	return r
}

func fold(op string, t *Type, args []*Node) *Node {
	if len(args) != 2 || !t.IsInt() {
		return nil
	}
	x, y := args[0], args[1]
	switch {
	case op == "add" && y.IsConst(0), op == "sub" && y.IsConst(0), op == "mul" && y.IsConst(1):
		if x.Type == t {
			return x
		}
	case op == "add" && x.IsConst(0), op == "mul" && x.IsConst(1):
		if y.Type == t {
			return y
		}
	}
	if x.Op != OpConst || y.Op != OpConst {
		return nil
	}
	switch op {
	case "add":
		return Int(t, x.Imm+y.Imm)
	case "sub":
		return Int(t, x.Imm-y.Imm)
	case "mul":
		return Int(t, x.Imm*y.Imm)
	}
	return nil
}

// Add, Sub, Mul work on scalars of the first operand's type.
func (b *Builder) Add(x, y *Node) *Node { return b.Scalar("add", x.Type, x, y) }

// Sub subtracts scalars.
func (b *Builder) Sub(x, y *Node) *Node { return b.Scalar("sub", x.Type, x, y) }

// Mul multiplies scalars.
func (b *Builder) Mul(x, y *Node) *Node { return b.Scalar("mul", x.Type, x, y) }

// Cmp compares scalars; the result is an i32 of 0 or 1.
func (b *Builder) Cmp(op string, x, y *Node) *Node { return b.Scalar(op, TI32, x, y) }

// Cast converts a scalar.
func (b *Builder) Cast(t *Type, x *Node) *Node {
	if x.Type == t {
		return x
	}
	if x.Op == OpConst && t.IsInt() && x.Type.IsInt() {
		return Int(t, x.Imm)
	}
	n := &Node{Op: OpScalar, Name: "cast", Type: t, Args: []*Node{x}, Range: x.Range}
	if !t.IsInt() || !x.Type.IsInt() || !x.Range.Within(Full(t)) {
		n.Range = Full(t)
	}
	return b.place(n, true)
}

// Field reads a field of the struct at ptr.
func (b *Builder) Field(ptr *Node, name string, t *Type) *Node {
	return b.place(&Node{Op: OpField, Name: name, Type: t, Args: []*Node{ptr}, Range: Full(t)}, false)
}

// Get reads a field of one of the program's own structs.
func (b *Builder) Get(ptr *Node, name string) *Node {
	t := ptr.Type.To.Struct.Field(name)
	if t == nil {
		panic("staged: no field " + name + " in " + ptr.Type.To.Struct.Name)
	}
	return b.Field(ptr, name, t)
}

// Fixed reads a field that does not change while the function runs: equal reads are shared and hoisted.
func (b *Builder) Fixed(ptr *Node, name string, t *Type) *Node {
	return b.place(&Node{Op: OpField, Name: name, Type: t, Args: []*Node{ptr}, Range: Full(t)}, true)
}

// FixedAt reads an array element that does not change while the function runs.
func (b *Builder) FixedAt(ptr, i *Node) *Node {
	return b.place(&Node{Op: OpIndex, Type: ptr.Type.To, Args: []*Node{ptr, i}, Range: Full(ptr.Type.To)}, true)
}

// FieldAddr is the address of a field (or of the first element of an array field).
func (b *Builder) FieldAddr(ptr *Node, name string, t *Type) *Node {
	return b.place(&Node{Op: OpFieldAddr, Name: name, Type: t.Ptr(), Args: []*Node{ptr}}, true)
}

// Index reads an array element.
func (b *Builder) Index(ptr, i *Node) *Node {
	return b.place(&Node{Op: OpIndex, Type: ptr.Type.To, Args: []*Node{ptr, i}, Range: Full(ptr.Type.To)}, false)
}

// IndexAddr is the address of an array element.
func (b *Builder) IndexAddr(ptr, i *Node) *Node {
	if i.IsConst(0) {
		return ptr
	}
	return b.place(&Node{Op: OpIndexAddr, Type: ptr.Type, Args: []*Node{ptr, i}}, true)
}

// Call calls a runtime function (or one of the program's) for its value, where it stands.
func (b *Builder) Call(t *Type, name string, args ...*Node) *Node {
	n := &Node{Op: OpCall, Name: name, Type: t, Args: args, Range: Full(t)}
	if t == TVoid {
		b.node(n)
		b.Emit(&CallStmt{n})
		return n
	}
	b.node(n)
	n.Body = b.cur
	b.Emit(&Declare{Var: n, Init: nil})
	return n
}

// Var declares a mutable variable.
func (b *Builder) Var(name string, init *Node) *Node {
	v := b.node(&Node{Op: OpVar, Name: name, Type: init.Type, Body: b.cur, Range: Full(init.Type), Mutable: true})
	v.Name = fmt.Sprintf("%s_%d", name, v.ID)
	b.Emit(&Declare{v, init})
	return v
}

// Set assigns to a mutable variable.
func (b *Builder) Set(v, x *Node) { b.Emit(&Assign{v, x}) }

// Put stores a scalar into a field.
func (b *Builder) Put(ptr *Node, field string, v *Node) {
	b.Emit(&Store{Place{Ptr: ptr, Field: field}, v})
}

// PutAt stores a scalar into an array.
func (b *Builder) PutAt(ptr, i, v *Node) { b.Emit(&Store{Place{Ptr: ptr, Index: i}, v}) }

// If branches; otherwise may be nil.
func (b *Builder) If(cond *Node, then, otherwise func()) {
	s := &If{Cond: cond, Then: b.In(then)}
	if otherwise != nil {
		s.Else = b.In(otherwise)
	}
	b.Emit(s)
}

// For loops from to below to by step.
func (b *Builder) For(name string, from, to, step *Node, body func(i *Node)) {
	v := b.node(&Node{Op: OpVar, Type: to.Type, Range: Range{from.Range.Lo, to.Range.Hi}})
	v.Name = fmt.Sprintf("%s_%d", name, v.ID)
	s := &For{Var: v, From: from, To: to, Step: step}
	s.Body = b.scoped(v, func() { body(v) })
	b.Emit(s)
}

func (b *Builder) scoped(v *Node, f func()) *Body {
	outer := b.cur
	body := newBody(outer)
	v.Body = body
	b.cur = body
	f()
	b.cur = outer
	return body
}

// Loop runs body until Break.
func (b *Builder) Loop(turns int, body func()) { b.Emit(&Forever{Turns: turns, Body: b.In(body)}) }

// Rows runs body for each row of the mask.
func (b *Builder) Rows(mask *Node, body func(i *Node)) {
	v := b.node(&Node{Op: OpVar, Type: TU32, Range: Range{0, BlockRows - 1}})
	v.Name = fmt.Sprintf("r_%d", v.ID)
	s := &Rows{Mask: mask, Var: v}
	s.Body = b.scoped(v, func() { body(v) })
	b.Emit(s)
}

// At is a lane value of one row, as a scalar.
func (b *Builder) At(lanes, row *Node) *Node {
	if !lanes.Lanes {
		return lanes
	}
	return b.place(&Node{Op: OpAt, Type: atType(lanes.Type), Args: []*Node{lanes, row}, Range: lanes.Range}, false)
}

func atType(t *Type) *Type {
	if t == TMask {
		return TI32
	}
	return t
}

// Array is the address of a lane value's array.
func (b *Builder) Array(lanes *Node) *Node {
	t := lanes.Type
	if t == TMask {
		t = TU64
	}
	return b.place(&Node{Op: OpArray, Type: t.Ptr(), Args: []*Node{lanes}}, false)
}

// VecArray is the address of an array of runtime descriptors.
func (b *Builder) VecArray(vecs []VecDesc) *Node {
	return b.place(&Node{Op: OpVecs, Type: Vec.Type().Ptr(), Vecs: vecs}, false)
}

// Say leaves a comment in the C text.
func (b *Builder) Say(format string, args ...any) { b.Emit(&Comment{fmt.Sprintf(format, args...)}) }

// Pure calls a runtime function without effect that always gives the same value for the same arguments.
func (b *Builder) Pure(t *Type, name string, args ...*Node) *Node {
	return b.place(&Node{Op: OpCall, Name: name, Type: t, Args: args, Range: Full(t)}, true)
}

// Address is the address of a temporary that holds a scalar.
func (b *Builder) Address(n *Node) *Node {
	return b.place(&Node{Op: OpTemp, Type: n.Type.Ptr(), Args: []*Node{n}}, true)
}

// Room is the address of so many bytes of the worker's scratch memory, at a multiple of 64. It is placed here, so that what
// lies there is taken for known no further out.
func (b *Builder) Room(bytes int) *Node {
	return b.place(&Node{Op: OpRoom, Type: TU8.Ptr(), Imm: int64(bytes)}, false)
}

// Addresses is the address of an array of addresses, all of one type.
func (b *Builder) Addresses(ptrs []*Node) *Node {
	return b.place(&Node{Op: OpList, Type: ptrs[0].Type.Ptr(), Args: ptrs}, false)
}
