package interp

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// maxTurns bounds a loop, which nobody can interrupt here.
const maxTurns = 1 << 12

// control evaluates an If or a Loop.
func control(op graph.Control, args []*graph.Tensor, opt Options) ([]*graph.Tensor, error) {
	switch op := op.(type) {
	case *graph.If:
		if args[0].Bool[0] {
			return Run(op.Then, args[1:1+op.ThenArgs], opt)
		}
		return Run(op.Else, args[1+op.ThenArgs:], opt)
	case *graph.Loop:
		return loop(op, args, opt)
	}
	return nil, sqlstate.New(sqlstate.InternalError, "model operator %s has no evaluation", op.Name())
}

func loop(op *graph.Loop, args []*graph.Tensor, opt Options) ([]*graph.Tensor, error) {
	trips, more := int64(op.Trips), true
	heads := op.Heads()
	switch {
	case op.Limited:
		trips = args[0].I64[0]
	case op.Trips < 0:
		trips = maxTurns + 1
	}
	if op.While {
		more = args[heads-1].Bool[0]
	}
	args = args[heads:]
	results := op.Results()
	carried, rest := slices.Clone(args[:op.Carried]), args[op.Carried+op.Scanned:]
	stacks := make([]*graph.Tensor, len(results)-op.Carried)
	for i, t := range results[op.Carried:] {
		stacks[i] = graph.NewTensor(t.Elem, t.Dims...)
	}
	for turn := int64(0); more && turn < trips; turn++ {
		if turn == maxTurns {
			return nil, sqlstate.New(sqlstate.ProgramLimitExceeded, "a loop of more than %d turns", maxTurns)
		}
		number := graph.NewTensor(graph.I64)
		number.I64[0] = turn
		inputs := append([]*graph.Tensor{number}, carried...)
		for _, x := range args[op.Carried : op.Carried+op.Scanned] {
			entry := graph.NewTensor(x.Elem, x.Dims[1:]...)
			copyElems(entry, 0, x, int(turn)*entry.Size(), entry.Size())
			inputs = append(inputs, entry)
		}
		out, err := Run(op.Body, append(inputs, rest...), opt)
		if err != nil {
			return nil, err
		}
		if op.While {
			more, out = out[0].Bool[0], out[1:]
		}
		carried = out[:op.Carried]
		for i, x := range out[op.Carried:] {
			copyElems(stacks[i], int(turn)*x.Size(), x, 0, x.Size())
		}
	}
	return append(slices.Clone(carried), stacks...), nil
}

// copyElems copies n elements.
func copyElems(to *graph.Tensor, at int, from *graph.Tensor, fromAt, n int) {
	for k := range n {
		to.CopyElem(at+k, from, fromAt+k)
	}
}
