package onnx

import (
	"context"
	"fmt"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// node is one ONNX node while it is imported. Its methods stop the import of the node by a panic with a failure, which
// run turns into an error: so an operator's importer reads as the operator's definition.
type node struct {
	imp   *importer
	p     *onnxpb.NodeProto
	index int
	// attrs are its attributes, those of the function that it is in put in.
	attrs []*onnxpb.AttributeProto
	// used marks the attributes that the importer has looked at.
	used map[string]bool
	// outs counts the outputs set.
	outs int
}

// failure carries an error through a panic, and only within run.
type failure struct{ err error }

// run imports the node.
func (n *node) run() (err error) {
	defer func() {
		if r := recover(); r != nil {
			f, ok := r.(failure)
			if !ok {
				panic(r)
			}
			err = f.err
		}
	}()
	if err := n.imp.step(); err != nil {
		return err
	}
	n.used = map[string]bool{}
	if n.attrs, err = n.attributes(); err != nil {
		return err
	}
	n.again()
	if len(n.p.Output) == 0 {
		n.fail("it has no output")
	}
	n.apply()
	for _, a := range n.attrs {
		if !n.used[a.Name] {
			n.unsupported("attribute %s", quote(a.Name))
		}
	}
	for _, name := range n.p.Output[min(n.outs, len(n.p.Output)):] {
		if name != "" {
			n.unsupported("output %s", quote(name))
		}
	}
	return nil
}

// again accounts for what is made anew of a node's lists where a loop or function brings the node once more; tensors are not.
func (n *node) again() {
	if !n.imp.met[n.p] {
		n.imp.met[n.p] = true
		return
	}
	for _, a := range n.attrs {
		size := len(a.Ints) + len(a.Floats) + len(a.S)/16
		for _, s := range a.Strings {
			size += 1 + len(s)/16
		}
		n.spend(size)
	}
}

// apply imports the operator or function that the node names. A function of the model may have an operator's name.
func (n *node) apply() {
	if f := n.function(); f != nil {
		n.expand(f)
		return
	}
	domain := canonicalDomain(n.p.Domain)
	op, ok := operators[domain][n.p.OpType]
	if !ok {
		n.unsupportedOp(domain)
	}
	if n.version() == 0 {
		n.fail("operator set %s is not among those the file imports", quote(domain))
	}
	if domain == "" && n.countsRows() {
		n.overNumbers(op)
		return
	}
	op(n)
}

func (n *node) unsupportedOp(domain string) {
	name := n.p.OpType
	if domain != "" {
		name = domain + "." + name
	}
	if len(name) > 100 {
		name = name[:100]
	}
	panic(failure{sqlstate.Unsupported("ONNX operator %s", name)})
}

// title names the node in messages.
func (n *node) title() string {
	name := n.p.Name
	if name == "" {
		return fmt.Sprintf("node %d (%s)", n.index, limited(n.p.OpType))
	}
	return fmt.Sprintf("node %s (%s)", quote(name), limited(n.p.OpType))
}

func limited(s string) string {
	s = quote(s)
	return s[1 : len(s)-1]
}

// version is the version of the node's operator set; 0 if the file does not import it.
func (n *node) version() int64 { return n.imp.frame.opset[canonicalDomain(n.p.Domain)] }

// fail ends the import of the node: the file is wrong.
func (n *node) fail(format string, args ...any) {
	panic(failure{invalid(format, args...)})
}

// unsupported ends the import of the node: the file is right but the importer lacks something.
func (n *node) unsupported(format string, args ...any) {
	panic(failure{sqlstate.Unsupported(format, args...)})
}

// check ends the import of the node if err is not nil.
func (n *node) check(err error) {
	if err != nil {
		panic(failure{err})
	}
}

// has reports whether input i has a value: trailing inputs may be missing, others have an empty name, or that of a function's
// input that its caller left out.
func (n *node) has(i int) bool {
	if !n.named(i) {
		return false
	}
	x, ok := n.imp.scope.find(n.p.Input[i])
	return !ok || x.kind != absentKind
}

// named reports whether input i has a name.
func (n *node) named(i int) bool { return i < len(n.p.Input) && n.p.Input[i] != "" }

func (n *node) argName(i int) string {
	if !n.named(i) {
		return fmt.Sprintf("input %d", i)
	}
	return "input " + quote(n.p.Input[i])
}

// any is input i, which must be a tensor or sizes that depend on the batch.
func (n *node) any(i int) value {
	x := n.whatever(i)
	if x.kind == tokensKind {
		n.unsupported("%s, the tokens of a text, as anything but the input of a TfIdfVectorizer", n.argName(i))
	}
	if x.kind == numbersKind {
		n.unsupported("%s, which depends on the number of the row in its batch,", n.argName(i))
	}
	if x.kind != tensorKind {
		n.fail("%s is %s, not a tensor", n.argName(i), x)
	}
	return x
}

// whatever is input i, whatever it is.
func (n *node) whatever(i int) value {
	if !n.named(i) {
		n.fail("input %d is missing", i)
	}
	name := n.p.Input[i]
	x, ok := n.imp.scope.find(name)
	if !ok {
		if by := n.imp.scope.maker(name); by != nil {
			n.fail("input %s is computed only later, by %s: the nodes are out of order or form a cycle", quote(name), quote(by.Name))
		}
		n.fail("input %s is computed by no node and is neither input nor initializer", quote(name))
	}
	return x
}

// arg is input i, which must be a tensor with the batch, if it has one, in front.
func (n *node) arg(i int) value {
	x := n.anywhere(i)
	if x.at != 0 {
		n.unsupported("%s of shape %s, whose batch is not the first dimension,", n.argName(i), x)
	}
	return x
}

// anywhere is input i, which must be a tensor; its batch may be any dimension, with nothing folded into it.
func (n *node) anywhere(i int) value {
	x := n.element(i)
	if x.folded != 0 {
		n.unsupported("%s of shape %s", n.argName(i), x)
	}
	return x
}

// element is input i, which must be a tensor, of an operator that works elementwise or along axes: the batch may be anywhere.
func (n *node) element(i int) value {
	x := n.any(i)
	if x.v == nil {
		n.unsupported("arithmetic on the size of the batch (%s)", n.argName(i))
	}
	return x
}

// args is all inputs; at least one.
func (n *node) args() []value {
	out := make([]value, max(1, len(n.p.Input)))
	for i := range out {
		out[i] = n.arg(i)
	}
	return out
}

// tensor is input i, which must be constant.
func (n *node) tensor(i int) *graph.Tensor {
	x := n.arg(i)
	t := x.constant()
	if t == nil || x.batched {
		n.want(i, x)
	}
	return t
}

// asked reports whether somebody reads output i.
func (n *node) asked(i int) bool {
	return i < len(n.p.Output) && n.p.Output[i] != "" && n.imp.read[n.p.Output[i]]
}

// learned is input i, which must be constant: weights.
func (n *node) learned(i int) *graph.Tensor {
	n.imp.weights = true
	t := n.tensor(i)
	n.imp.weights = false
	return t
}

// set gives output i its value. Outputs that nobody asked for are dropped.
func (n *node) set(i int, x value) {
	n.outs = max(n.outs, i+1)
	if !n.wants(i) {
		return
	}
	name := n.p.Output[i]
	n.check(n.imp.fresh("output", name))
	if x.v != nil && x.v.Name == "" {
		x.v.Name = name
	}
	n.imp.scope.values[name] = x
}

// wants reports whether the file names output i.
func (n *node) wants(i int) bool { return i < len(n.p.Output) && n.p.Output[i] != "" }

// emit applies op to row-aligned arguments; an elementwise one keeps their layout. If all are constants the result is computed at once.
func (n *node) emit(op graph.Op, args ...value) value {
	out := value{batched: slices.ContainsFunc(args, func(x value) bool { return x.batched })}
	vals := make([]*graph.Value, len(args))
	tensors := make([]*graph.Tensor, len(args))
	constant := true
	for i, x := range args {
		vals[i], tensors[i] = x.v, x.constant()
		constant = constant && tensors[i] != nil
	}
	switch op.(type) {
	case *graph.Unary, *graph.Binary, *graph.Compare, *graph.Where, *graph.Cast, *graph.BitCast, *graph.Map, *graph.Lookup,
		*graph.Recase, *graph.Join, *graph.Matches, *graph.Hash:
		if i := slices.IndexFunc(args, func(x value) bool { return x.batched }); i >= 0 {
			out.layout = args[i].layout
		}
	}
	if constant {
		out.v = n.fold(op, tensors)
		return out
	}
	if n.imp.computed++; n.imp.computed > mostOperators {
		panic(failure{sqlstate.New(sqlstate.ProgramLimitExceeded, "the model's nodes come to more than %d operators", mostOperators)})
	}
	v, err := n.imp.g.Add(op, vals...)
	n.check(err)
	n.check(checkRow(v.Type))
	out.v = v
	return out
}

func (n *node) fold(op graph.Op, args []*graph.Tensor) *graph.Value {
	types := make([]graph.Type, len(args))
	for i, t := range args {
		types[i] = t.Type
	}
	t, err := op.Infer(types)
	if err == nil {
		err = graph.CheckDims(t.Dims)
	}
	n.check(err)
	n.spend(t.Size())
	if t.Elem == graph.String {
		n.spend(t.Size() * longest(args) / 16) // their bytes, in the room that an element's budget is meant for
	}
	n.work(graph.Work(op, t, types))
	out, err := interp.Eval(op, t, args, interp.Options{})
	n.check(err)
	return n.constantOf(out).v
}

// longest is the most bytes that a text made of one of each tensor's has.
func longest(args []*graph.Tensor) int {
	sum := 0
	for _, t := range args {
		most := 0
		for _, s := range t.Str {
			most = max(most, len(s))
		}
		sum += most
	}
	return sum
}

// spend accounts for so many elements of a constant or of an index, before they are made.
func (n *node) spend(size int) {
	if n.imp.budget -= size + 16; n.imp.budget < 0 {
		panic(failure{sqlstate.New(sqlstate.ProgramLimitExceeded, "the constants that the model computes have too many elements")})
	}
}

// work accounts for so many operations on constants, before they are done.
func (n *node) work(operations int64) {
	if n.imp.ctx.Err() != nil {
		panic(failure{context.Cause(n.imp.ctx)})
	}
	if n.imp.work -= operations; n.imp.work < 0 {
		panic(failure{sqlstate.New(sqlstate.ProgramLimitExceeded, "the constants that the model computes take too many operations")})
	}
}

// constantOf is a tensor as a value.
func (n *node) constantOf(t *graph.Tensor) value {
	v, err := n.imp.g.Constant(t)
	n.check(err)
	return value{v: v}
}

// scalar is a constant of one element with x's element type.
func (n *node) scalar(x value, v float64) value { return n.constantOf(graph.Scalar(x.elem(), v)) }

func i64Tensor(v []int64) *graph.Tensor { return graph.I64Of(v...) }

// Short forms for the operators that importers build others from.

func (n *node) unary(fn graph.UnaryFn, x value) value { return n.emit(&graph.Unary{Fn: fn}, x) }

func (n *node) binary(fn graph.BinaryFn, a, b value) value {
	return n.emit(&graph.Binary{Fn: fn}, a, b)
}

func (n *node) compare(fn graph.CompareFn, a, b value) value {
	return n.emit(&graph.Compare{Fn: fn}, a, b)
}

func (n *node) cast(e graph.Elem, x value) value {
	if x.elem() == e {
		return x
	}
	return n.emit(&graph.Cast{To: e}, x)
}

func (n *node) reshape(x value, dims ...int) value {
	if slices.Equal(x.row(), dims) {
		return x
	}
	return n.emit(&graph.Reshape{Dims: dims}, x)
}
