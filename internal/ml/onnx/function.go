package onnx

import (
	"context"
	"slices"

	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// frame is what the nodes of a function's body, or of the model itself, have in common.
type frame struct {
	caller   *frame // nil for the model's own
	function *onnxpb.FunctionProto
	opset    map[string]int64 // by domain
	// attrs are the attributes that nodes may refer to by name.
	attrs map[string]*onnxpb.AttributeProto
}

// functionKey names a function of the model.
type functionKey struct{ domain, name, overload string }

// declare keeps the model's own functions.
func (imp *importer) declare(list []*onnxpb.FunctionProto) error {
	for _, f := range list {
		key := functionKey{canonicalDomain(f.Domain), f.Name, f.Overload}
		if f.Name == "" || imp.functions[key] != nil {
			return invalid("function %s has no name or is given twice", quote(f.Name))
		}
		imp.functions[key] = f
	}
	return nil
}

// function is the model's own function that the node calls, nil if it is an operator.
func (n *node) function() *onnxpb.FunctionProto {
	return n.imp.functions[functionKey{canonicalDomain(n.p.Domain), n.p.OpType, n.p.Overload}]
}

// expand imports a function's body in the place of the node that calls it. Names of the body mean nothing outside of it.
func (n *node) expand(f *onnxpb.FunctionProto) {
	imp := n.imp
	for at := imp.frame; at != nil; at = at.caller {
		if at.function == f {
			n.fail("function %s calls itself", quote(f.Name))
		}
	}
	if len(n.p.Input) > len(f.Input) {
		n.fail("function %s takes %d inputs, not %d", quote(f.Name), len(f.Input), len(n.p.Input))
	}
	s := newScope(nil)
	for i, name := range f.Input {
		s.values[name] = value{kind: absentKind}
		if n.has(i) {
			s.values[name] = n.whatever(i)
		}
	}
	callee := &frame{caller: imp.frame, function: f, opset: map[string]int64{}, attrs: n.parameters(f)}
	outs := make([]value, len(f.Output))
	imp.frame = callee
	err := imp.within(s, func() error {
		if err := imp.opsets(f.OpsetImport); err != nil {
			return err
		}
		if err := imp.nodes(f.Node); err != nil {
			return err
		}
		for i, name := range f.Output {
			var ok bool
			if outs[i], ok = s.values[name]; !ok && i < len(n.p.Output) && n.p.Output[i] != "" {
				return invalid("output %s is not computed by any node", quote(name))
			}
		}
		return nil
	})
	imp.frame = callee.caller
	if err != nil {
		n.check(at(err, "function %s", quote(f.Name)))
	}
	for i := range outs[:min(len(outs), len(n.p.Output))] {
		n.set(i, outs[i])
	}
}

// parameters are the attributes of a call: those that the node has, and the function's defaults.
func (n *node) parameters(f *onnxpb.FunctionProto) map[string]*onnxpb.AttributeProto {
	attrs := map[string]*onnxpb.AttributeProto{}
	for _, a := range f.AttributeProto {
		attrs[a.Name] = a
	}
	for _, a := range n.attrs {
		if attrs[a.Name] != nil || slices.Contains(f.Attribute, a.Name) {
			attrs[a.Name], n.used[a.Name] = a, true
		}
	}
	return attrs
}

// attributes are the node's own, with those that refer to the function's replaced: one that the call does not have is absent.
func (n *node) attributes() ([]*onnxpb.AttributeProto, error) {
	out := make([]*onnxpb.AttributeProto, 0, len(n.p.Attribute))
	seen := map[string]bool{}
	for _, a := range n.p.Attribute {
		if a.Name == "" || seen[a.Name] {
			return nil, invalid("attribute %s has no name or is given twice", quote(a.Name))
		}
		seen[a.Name] = true
		switch {
		case a.RefAttrName == "":
			out = append(out, a)
		case n.imp.frame.function == nil:
			return nil, invalid("attribute %s refers to %s outside of a function", quote(a.Name), quote(a.RefAttrName))
		default:
			of := n.imp.frame.attrs[a.RefAttrName]
			if of == nil {
				continue
			}
			out = append(out, &onnxpb.AttributeProto{Name: a.Name, Type: of.Type, F: of.F, I: of.I, S: of.S, T: of.T, G: of.G, Tp: of.Tp,
				Floats: of.Floats, Ints: of.Ints, Strings: of.Strings})
		}
	}
	return out, nil
}

// step counts a node: functions that call functions, and loops that are unrolled, make many of few.
func (imp *importer) step() error {
	if imp.ctx.Err() != nil {
		return context.Cause(imp.ctx)
	}
	if imp.steps++; imp.steps > maxExpanded {
		return sqlstate.New(sqlstate.ProgramLimitExceeded, "the model's functions and loops expand to more than the %d nodes allowed", maxExpanded)
	}
	return nil
}
