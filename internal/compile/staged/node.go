package staged

// Op tells what a node is.
type Op uint8

// The operations. The first group are scalars, the second lane values.
const (
	OpConst     Op = iota // literal: Imm (integers) or F (floats)
	OpString              // C string literal: Name is its content
	OpNull                // null pointer
	OpVar                 // parameter, loop variable or mutable variable: Name
	OpScalar              // pure operator: Name is add, sub, mul, and, or, shl, shr, eq, ne, lt, le, gt, ge, not, neg, cast, sel, land, lor
	OpField               // value of field Name of the struct Args[0] points to
	OpFieldAddr           // its address
	OpIndex               // element Args[1] of the array at Args[0]
	OpIndexAddr           // its address
	OpCall                // call of runtime function Name
	OpAt                  // lane value Args[0] of row Args[1]
	OpArray               // address of the lane array that holds Args[0]
	OpVecs                // address of an array of runtime lane descriptors: Vecs
	OpFuncAddr            // address of the function Name of this program
	OpSizeof              // bytes of the type Of
	OpList                // address of an array of the addresses Args
	OpTemp                // address of a temporary that holds Args[0]
	OpRoom                // address of Imm bytes of the worker's scratch memory

	OpLoad    // elements at pointer Args[0], one a row
	OpHead    // mask: the block's rows (those below its n)
	OpPrim    // primitive Name of Prims
	OpLut     // table look-up Name: Args are table, [limit,] codes
	OpKernel  // first output of the kernel call Kernel
	OpOut     // output Imm of the kernel call Args[0]
	OpScratch // a lane array that scalar code fills through OpArray
)

// Node is a staged value.
type Node struct {
	Op     Op
	Type   *Type
	Lanes  bool
	Name   string
	Imm    int64
	F      float64
	Args   []*Node
	Kernel *Kernel
	Vecs   []VecDesc
	Of     *Type  // OpSizeof
	Block  *Block // lanes
	// Range bounds integer values.
	Range Range
	// Hint is the name printed for people: n<node>_<column>.
	Hint string
	// ID is unique within a function and grows in the order of building.
	ID   int
	Body *Body // scalars and scratch arrays: where it is placed
	// Mutable marks a variable that is assigned to: what reads it stays where it was built.
	Mutable bool
}

// Kernel is a call of a block kernel. It is printed as Func(Args…); an argument is a node (a lane value passes its array),
// or one of the markers below.
type Kernel struct {
	Func string
	Outs []*Type
	Args []Arg
	// Raises tells that the kernel may end the query; such a call is placed as an effect, and Mask names the rows it may
	// raise for.
	Raises bool
	Mask   *Node
	// Effect tells that the call does something besides filling its outputs.
	Effect bool
}

// Arg is an argument of a kernel call.
type Arg struct {
	Node *Node
	Mark ArgMark
	Out  int
	List []*Node
}

// ArgMark stands for what is no node.
type ArgMark uint8

// The marks.
const (
	ArgNode    ArgMark = iota
	ArgWorker          // the fl_worker
	ArgN               // the block's number of rows
	ArgOut             // array of output Out
	ArgNull            // NULL
	ArgList            // array of the addresses of List's arrays
	ArgOutList         // array of the addresses of all outputs
)

// Convenience arguments.
var (
	W = Arg{Mark: ArgWorker}
	N = Arg{Mark: ArgN}
	Z = Arg{Mark: ArgNull}
)

// Imm passes a small literal.
func Imm(v int64) Arg { return Arg{Node: Int(TU32, v)} }

// Out names the k-th output array.
func Out(k int) Arg { return Arg{Mark: ArgOut, Out: k} }

// Outs passes the addresses of all outputs' arrays.
var Outs = Arg{Mark: ArgOutList}

// List passes the addresses of several lane values' arrays.
func List(ns []*Node) Arg { return Arg{Mark: ArgList, List: ns} }

// A passes a node; a nil node is NULL (a mask of all rows, say).
func A(n *Node) Arg {
	if n == nil {
		return Z
	}
	return Arg{Node: n}
}

// VecDesc describes one lane array for kernels that take any type (fl_vec).
type VecDesc struct {
	Kind   string // FL_I64 …
	Scale  int
	Typmod int32
	Data   *Node // lanes, or a scalar for all rows, or nil
	Valid  *Node
	Elems  []VecDesc
}

// BlockRows is the most rows of a block (FL_BLOCK in crt/src/fl.h).
const BlockRows = 1024

// Block is the rows that lane values belong to: N of them, at most BlockRows.
type Block struct {
	N    *Node // scalar u32
	Head *Node // mask of all rows
}

// IsConst reports whether n is the integer literal v.
func (n *Node) IsConst(v int64) bool { return n.Op == OpConst && n.Type.IsInt() && n.Imm == v }

// Named sets the hint unless there is one and returns n.
func (n *Node) Named(hint string) *Node {
	if n.Hint == "" {
		n.Hint = hint
	}
	return n
}
