package staged

import (
	"errors"
	"fmt"
)

// Verify checks a finished function against the rules of the layer:
//
//   - a scalar is used only behind the statement that places it, and in its scope;
//   - what was computed from a mutable variable is not used in a later turn of a loop that assigns the variable;
//   - primitives have the operands that Prims lists, and lanes of different blocks never meet;
//   - what can raise or has an effect is placed exactly once, under a mask of its own block's rows, and its results are used
//     only behind it;
//   - masks of rows that are reduced, raised for or looped over have no bits past the block's rows.
//
// A program that breaks one of them is a fault of the translator. The error names function, statement and value, by the
// numbers that String prints.
func Verify(f *Func) (err error) {
	v := &verifier{f: f, known: map[*Node]int{}, reads: map[*Node][]*Node{}, placed: map[*Node]bool{}, addressed: map[*Node]bool{},
		selections: map[*Node]bool{}, confining: map[*Node]bool{}, rowOf: map[*Node]*Block{}}
	defer func() {
		r := recover()
		if broken, ok := r.(violation); ok {
			err = broken.error
		} else if r != nil {
			panic(r)
		}
	}()
	v.scope(f.Body, noLoop, f.Params...)
	return nil
}

// violation is what check panics with; it does not leave Verify.
type violation struct{ error }

type verifier struct {
	f      *Func
	at     Stmt          // the innermost statement being checked
	scopes []openScope   // around it, the function's body first
	known  map[*Node]int // what can be used here, and in which of the scopes it came to be
	// reads has the mutable variables that placed values were computed from.
	reads map[*Node][]*Node
	// placed has the kernel calls that a statement has placed, in whatever scope.
	placed map[*Node]bool
	// addressed has the scratch arrays that scalar code has been given.
	addressed map[*Node]bool
	// selections has the scratch masks that were stored to: whether all stores were confined to the block's rows.
	selections map[*Node]bool
	confining  map[*Node]bool // answers of confined
	rowOf      map[*Node]*Block
}

// openScope is a scope around the statement being checked.
type openScope struct {
	nodes    []*Node // known until its end
	loop     loopKind
	assigned map[*Node]bool // variables that a turn of the loop assigns
}

type loopKind uint8

const (
	noLoop loopKind = iota
	scalarLoop
	rowLoop
)

func (v *verifier) check(ok bool, format string, args ...any) {
	if ok {
		return
	}
	text := fmt.Sprintf(format, args...)
	if v.at != nil {
		text = stmtName(v.at) + ": " + text
	}
	panic(violation{errors.New("staged: function " + v.f.Name + ": " + text)})
}

// scope checks a body in which the given variables are known.
func (v *verifier) scope(b *Body, loop loopKind, vars ...*Node) {
	outer := v.at
	s := openScope{loop: loop}
	if loop != noLoop {
		s.assigned = map[*Node]bool{}
		assignedIn(b, s.assigned)
	}
	v.scopes = append(v.scopes, s)
	for _, x := range vars {
		v.define(x)
	}
	for _, st := range b.Stmts {
		v.at = st
		v.stmt(st)
	}
	last := len(v.scopes) - 1
	for _, n := range v.scopes[last].nodes {
		delete(v.known, n)
	}
	v.scopes = v.scopes[:last]
	v.at = outer
}

func assignedIn(b *Body, vars map[*Node]bool) {
	if b == nil {
		return
	}
	for _, st := range b.Stmts {
		switch st := st.(type) {
		case *Assign:
			vars[st.Var] = true
		case *Reduce:
			if st.Into.Var != nil {
				vars[st.Into.Var] = true
			}
		case *If:
			assignedIn(st.Then, vars)
			assignedIn(st.Else, vars)
		case *For:
			assignedIn(st.Body, vars)
		case *Forever:
			assignedIn(st.Body, vars)
		case *Rows:
			assignedIn(st.Body, vars)
		}
	}
}

func (v *verifier) define(n *Node) { v.defineAt(n, len(v.scopes)-1) }

func (v *verifier) defineAt(n *Node, scope int) {
	v.known[n] = scope
	v.scopes[scope].nodes = append(v.scopes[scope].nodes, n)
}

func (v *verifier) stmt(st Stmt) {
	switch st := st.(type) {
	case *Let:
		v.let(st.Node)
	case *Declare:
		v.declare(st)
	case *Assign:
		v.check(st.Var.Mutable, "%s is no mutable variable", st.Var)
		v.use(st.Var)
		v.use(st.Value)
	case *Store:
		v.place(st.To)
		v.use(st.Value)
	case *If:
		v.use(st.Cond)
		v.scope(st.Then, noLoop)
		if st.Else != nil {
			v.scope(st.Else, noLoop)
		}
	case *For:
		v.use(st.From)
		v.use(st.To)
		v.use(st.Step)
		v.scope(st.Body, scalarLoop, st.Var)
	case *Forever:
		v.scope(st.Body, scalarLoop)
	case *Break:
		v.check(v.innermost() != noLoop, "outside of a loop")
		v.check(v.innermost() != rowLoop, "it cannot leave a loop over rows: that is two loops in C")
	case *Continue:
		v.check(v.innermost() != noLoop, "outside of a loop")
	case *Return:
		v.check((st.Value == nil) == (v.f.Returns == TVoid), "the function returns %s", typeText(v.f.Returns))
		if st.Value != nil {
			v.use(st.Value)
		}
	case *CallStmt:
		v.uses(st.Node.Args)
	case *Comment:
	default:
		v.laneStmt(st)
	}
}

// innermost is the kind of the loop that Break would leave.
func (v *verifier) innermost() loopKind {
	for i := len(v.scopes) - 1; i >= 0; i-- {
		if k := v.scopes[i].loop; k != noLoop {
			return k
		}
	}
	return noLoop
}

func (v *verifier) declare(st *Declare) {
	if st.Init == nil {
		v.check(st.Var.Op == OpCall, "%s has no initial value", st.Var)
		v.uses(st.Var.Args)
	} else {
		v.check(st.Var.Op == OpVar && st.Var.Mutable, "%s is no mutable variable", st.Var)
		v.use(st.Init)
	}
	v.once(st.Var)
	v.define(st.Var)
}

func (v *verifier) once(n *Node) {
	_, known := v.known[n]
	v.check(!known, "%s is there already", n)
}

// scalarOps are the pure operators and their numbers of operands.
var scalarOps = map[string]int{"add": 2, "sub": 2, "mul": 2, "div": 2, "mod": 2, "and": 2, "or": 2, "xor": 2, "shl": 2, "shr": 2,
	"eq": 2, "ne": 2, "lt": 2, "le": 2, "gt": 2, "ge": 2, "land": 2, "lor": 2, "not": 1, "neg": 1, "cast": 1, "sel": 3}

// let checks the statement that places a scalar.
func (v *verifier) let(n *Node) {
	v.check(!n.Lanes, "%s is a lane value", n)
	v.once(n)
	switch n.Op {
	case OpScalar:
		arity, ok := scalarOps[n.Name]
		v.check(ok, "there is no operator %q", n.Name)
		v.check(arity == len(n.Args), "operator %s takes %d operands, not %d", n.Name, arity, len(n.Args))
		v.uses(n.Args)
	case OpAt:
		lanes, row := n.Args[0], n.Args[1]
		v.lane(lanes)
		v.use(row)
		if blk := v.rowOf[row]; blk != nil {
			v.check(blk == lanes.Block, "%s is a row of another block than %s", row, lanes)
		}
	case OpArray:
		v.address(n.Args[0])
	case OpVecs:
		v.vecs(n.Vecs, nil)
	case OpField, OpFieldAddr, OpIndex, OpIndexAddr, OpCall, OpTemp, OpList, OpRoom:
		v.uses(n.Args)
	default:
		v.check(false, "%s cannot be placed", n)
	}
	v.reads[n] = v.readsOf(n.Args)
	v.define(n)
}

// readsOf has the mutable variables that an operation on the operands depends on.
func (v *verifier) readsOf(args []*Node) []*Node {
	var vars []*Node
	for _, a := range args {
		if a.Mutable {
			vars = append(vars, a)
		} else {
			vars = append(vars, v.reads[a]...)
		}
	}
	return vars
}

func (v *verifier) uses(ns []*Node) {
	for _, n := range ns {
		v.use(n)
	}
}

// use checks that a scalar can be used here and returns the number of its scope.
func (v *verifier) use(n *Node) int {
	v.check(n != nil, "an operand is missing")
	v.check(!n.Lanes, "the lane value %s stands for a scalar", n)
	switch n.Op {
	case OpConst, OpString, OpNull, OpFuncAddr, OpSizeof:
		return 0
	}
	scope, known := v.known[n]
	v.check(known, "%s is used before it is placed, or outside of its scope", n)
	v.fresh(n, scope)
	return scope
}

// fresh checks that no loop entered since the value was computed assigns to what it was computed from.
func (v *verifier) fresh(n *Node, scope int) {
	for _, x := range v.reads[n] {
		for _, s := range v.scopes[scope+1:] {
			v.check(!s.assigned[x], "%s was computed from %s before the loop that assigns it", n, x)
		}
	}
}

func (v *verifier) place(p Place) {
	if p.Var != nil {
		v.check(p.Var.Mutable, "%s is no mutable variable", p.Var)
		v.use(p.Var)
		return
	}
	v.use(p.Ptr)
	if p.Index != nil {
		v.use(p.Index)
	}
}

// String is the node's number as in the text of its function, with the name that people know it by.
func (n *Node) String() string {
	p := textPrinter{}
	s := p.ref(n)
	if n.Op == OpHead && n.ID != 0 {
		s = fmt.Sprintf("v%d", n.ID)
	}
	switch {
	case n.Hint != "":
		return s + " (" + n.Hint + ")"
	case n.Op != OpConst && n.Op != OpVar && n.Name != "":
		return s + " (" + n.Name + ")"
	}
	return s
}

// stmtName tells statements apart in messages.
func stmtName(st Stmt) string {
	name := fmt.Sprintf("%T", st)[len("*staged."):]
	switch st := st.(type) {
	case *Let:
		return name + " " + st.Node.String()
	case *Declare:
		return name + " " + st.Var.String()
	case *Assign:
		return name + " " + st.Var.String()
	case *For:
		return name + " " + st.Var.String()
	case *Rows:
		return name + " " + st.Var.String()
	case *CallStmt:
		return name + " " + st.Node.String()
	case *KernelStmt:
		return name + " " + st.Node.String()
	case *Reduce:
		return name + " " + st.Op
	case *RaiseIf:
		return name + " " + st.SQLState
	}
	return name
}
