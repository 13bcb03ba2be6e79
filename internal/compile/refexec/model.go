package refexec

import (
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Interpreted evaluates models of the registry (logical.Model.Impl) with ml/interp.
func Interpreted(opt interp.Options) Models {
	return func(m *logical.Model, args []sqltype.Datum) ([]sqltype.Datum, error) {
		v, ok := m.Impl.(*registry.Version)
		if !ok {
			return nil, sqlstate.Unsupported("model %q of %T in the reference interpreter", m.Name, m.Impl)
		}
		inputs := make([]*graph.Tensor, len(v.Graph.Inputs))
		for i, in := range v.Graph.Inputs {
			inputs[i] = graph.NewTensor(in.Type.Elem, in.Type.Dims...)
		}
		for _, a := range v.Inputs {
			n := max(int(a.Type.Len), 1)
			if len(args) < n {
				return nil, sqlstate.New(sqlstate.InternalError, "model %q takes more than these arguments", m.Name)
			}
			for k, x := range args[:n] {
				setElement(inputs[a.Input], a.Element+k, x)
			}
			args = args[n:]
		}
		tensors, err := interp.Run(v.Graph, inputs, opt)
		if err != nil {
			return nil, err
		}
		out := make([]sqltype.Datum, len(v.Outputs))
		for i, o := range v.Outputs {
			out[i] = outputOf(o.Type, tensors[i])
		}
		return out, nil
	}
}

func setElement(t *graph.Tensor, i int, v sqltype.Datum) {
	switch t.Elem.Held() {
	case graph.F32:
		t.F32[i] = float32(v.F)
	case graph.F64:
		t.F64[i] = v.F
	case graph.I64:
		t.I64[i] = v.I
	case graph.I32:
		t.I32[i] = int32(v.I)
	case graph.Bool:
		t.Bool[i] = v.I != 0
	case graph.String:
		t.Str[i] = v.S
	}
}

// outputOf is a tensor as a SQL value: its element, or an array of them.
func outputOf(t sqltype.Type, x *graph.Tensor) sqltype.Datum {
	if t.Kind != sqltype.Array {
		return element(x, 0)
	}
	d := sqltype.Datum{A: make([]sqltype.Datum, x.Size())}
	for i := range d.A {
		d.A[i] = element(x, i)
	}
	return d
}

func element(t *graph.Tensor, i int) sqltype.Datum {
	switch t.Elem.Held() {
	case graph.F32:
		return sqltype.Datum{F: float64(t.F32[i])}
	case graph.F64:
		return sqltype.Datum{F: t.F64[i]}
	case graph.I64:
		return sqltype.Datum{I: t.I64[i]}
	case graph.I32:
		return sqltype.Datum{I: int64(t.I32[i])}
	case graph.Bool:
		return boolean(t.Bool[i])
	}
	return sqltype.Datum{S: t.Str[i]}
}
