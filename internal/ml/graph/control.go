package graph

import "fmt"

// Control is an operator that evaluates graphs of its own, its bodies. Their inputs are what the control operator hands them:
// bodies see nothing else of the graph around them. Its results, of which there may be several, are taken apart by Result.
type Control interface {
	Op
	// Bodies are the graphs.
	Bodies() []*Graph
	// Parts are the types of the results.
	Results() []Type
}

// If evaluates one of two graphs. The arguments are the condition, a single bool, then ThenArgs inputs of Then and those of Else.
type If struct {
	Then, Else *Graph
	ThenArgs   int
}

func (o *If) Name() string     { return "if" }
func (o *If) attrs() string    { return fmt.Sprintf("then=%d", o.ThenArgs) }
func (o *If) Bodies() []*Graph { return []*Graph{o.Then, o.Else} }
func (o *If) Results() []Type  { return outputTypes(o.Then) }

// Infer checks that the branches take the arguments and give the same types.
func (o *If) Infer(args []Type) (Type, error) {
	if len(args) != 1+len(o.Then.Inputs)+len(o.Else.Inputs) || o.ThenArgs != len(o.Then.Inputs) {
		return Type{}, invalid("%d arguments do not go with the inputs of the branches", len(args))
	}
	if !args[0].Equal(Of(Bool)) {
		return Type{}, invalid("condition %s is no single bool", args[0])
	}
	err := firstError(takes(o.Then, 0, args[1:1+o.ThenArgs]), takes(o.Else, 0, args[1+o.ThenArgs:]))
	if err == nil && len(o.Then.Outputs) != len(o.Else.Outputs) {
		err = invalid("the branches have %d and %d outputs", len(o.Then.Outputs), len(o.Else.Outputs))
	}
	for i := range o.Then.Outputs {
		if a, b := o.Then.Outputs[i].Value.Type, o.Else.Outputs[i].Value.Type; err == nil && !a.Equal(b) {
			err = invalid("output %d is %s in one branch and %s in the other", i, a, b)
		}
	}
	return Of(Tuple), err
}

// Loop evaluates its body once a turn. The arguments are
//
//	the number of turns, an i64, if Limited
//	whether there is a first turn, a bool, if While
//	Carried values, which a turn gets as the last turn left them
//	Scanned tensors, of which a turn gets the entry of its number
//	what else the body uses
//
// and the body's inputs are the turn's number from 0, an i64, then those: what is carried, the entries, the rest. The body's
// outputs are, if While, whether there is another turn, then what is carried, then entries of tensors that are made of them. The
// results are what is carried after the last turn, and those tensors, with an axis of the turns in front. The number of turns
// is Trips, at most that if While; it is not bounded if Trips is less than 0. Entries need a number that is known.
type Loop struct {
	Body             *Graph
	Trips            int
	Limited, While   bool
	Carried, Scanned int
}

func (o *Loop) Name() string     { return "loop" }
func (o *Loop) Bodies() []*Graph { return []*Graph{o.Body} }

func (o *Loop) attrs() string {
	return fmt.Sprintf("trips=%d limited=%t while=%t carried=%d scanned=%d", o.Trips, o.Limited, o.While, o.Carried, o.Scanned)
}

// Heads are the arguments before those that are carried.
func (o *Loop) Heads() int { return one(o.Limited) + one(o.While) }

// Known reports whether the number of turns is the same for all rows: Trips.
func (o *Loop) Known() bool { return !o.Limited && !o.While }

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Parts are the types of what is carried, then of the tensors that entries make.
func (o *Loop) Results() []Type {
	all := outputTypes(o.Body)[one(o.While):]
	for i := o.Carried; i < len(all); i++ {
		all[i] = Type{Elem: all[i].Elem, Dims: append([]int{o.Trips}, all[i].Dims...)}
	}
	return all
}

// Infer checks that the body takes the arguments and gives on what it takes.
func (o *Loop) Infer(args []Type) (Type, error) {
	heads := o.Heads()
	if len(args) < heads+o.Carried+o.Scanned || len(args)-heads != len(o.Body.Inputs)-1 || len(o.Body.Outputs) < one(o.While)+o.Carried {
		return Type{}, invalid("%d arguments do not go with the body", len(args))
	}
	if o.Limited && !args[0].Equal(Of(I64)) || o.While && (!args[heads-1].Equal(Of(Bool)) || !o.Body.Outputs[0].Value.Type.Equal(Of(Bool))) {
		return Type{}, invalid("the end of the loop is given by %s", args[:heads])
	}
	if o.Limited && o.Trips >= 0 || o.Trips < 0 && o.Known() {
		return Type{}, invalid("%d turns", o.Trips)
	}
	stacked := len(o.Body.Outputs) - one(o.While) - o.Carried
	if (stacked > 0 || o.Scanned > 0) && !o.Known() {
		return Type{}, invalid("entries of a number of turns that is not known")
	}
	inner := []Type{Of(I64)}
	for i, t := range args[heads:] {
		if i >= o.Carried && i < o.Carried+o.Scanned {
			if t.Rank() == 0 || t.Dims[0] != o.Trips {
				return Type{}, invalid("%d entries of %s", o.Trips, t)
			}
			t.Dims = t.Dims[1:]
		}
		inner = append(inner, t)
	}
	if err := takes(o.Body, 0, inner); err != nil {
		return Type{}, err
	}
	for i, t := range o.Results() {
		if err := CheckDims(t.Dims); err != nil {
			return Type{}, err
		}
		if i < o.Carried && !t.Equal(args[heads+i]) {
			return Type{}, invalid("what is carried is %s before a turn and %s after it", args[heads+i], t)
		}
	}
	return Of(Tuple), nil
}

// takes reports inputs of a body that are not of the given types.
func takes(body *Graph, from int, types []Type) error {
	for i, t := range types {
		if in := body.Inputs[from+i].Type; !in.Equal(t) {
			return invalid("input %d of the body is %s, not %s", from+i, in, t)
		}
	}
	return nil
}

func outputTypes(g *Graph) []Type {
	out := make([]Type, len(g.Outputs))
	for i, o := range g.Outputs {
		out[i] = o.Value.Type
	}
	return out
}

// Result is result number Index, of type Of, of a control operator. There is at most one for each result.
type Result struct {
	Index int
	Of    Type
}

func (o *Result) Name() string  { return "result" }
func (o *Result) attrs() string { return fmt.Sprint(o.Index) }

// Infer gives the type; Verify checks that it is the result's.
func (o *Result) Infer(args []Type) (Type, error) {
	if err := firstError(arity(args, 1), CheckDims(o.Of.Dims)); err != nil {
		return Type{}, err
	}
	if args[0].Elem != Tuple {
		return Type{}, invalid("%s has no results", args[0])
	}
	return o.Of, nil
}

// verifyControl checks the bodies of a control operator, and that results are of such an operator and of its types.
func (g *Graph) verifyControl(v *Value, taken map[[2]int]bool) error {
	switch op := v.Op.(type) {
	case Control:
		for _, body := range op.Bodies() {
			if err := body.Verify(); err != nil {
				return err
			}
		}
	case *Result:
		of, ok := v.Args[0].Op.(Control)
		key := [2]int{v.Args[0].ID, op.Index}
		if !ok || op.Index < 0 || op.Index >= len(of.Results()) || !of.Results()[op.Index].Equal(op.Of) || taken[key] {
			return g.broken("%%%d is no result of %%%d", v.ID, v.Args[0].ID)
		}
		taken[key] = true
	}
	return nil
}
