package modelcheck

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/flernd/flernd/internal/compile"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/onnx"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/ml/rewrite"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// importFor imports a case's model for the shapes of inputs, and binds as constants those that must be; the rest are rows'.
func importFor(c *testCase, inputs []onnx.Data) (g *graph.Graph, bound int, err error) {
	bindings, tensors := map[string]*onnx.Binding{}, map[string]*onnx.Binding{}
	for i, name := range c.description.Inputs {
		bindings[name] = bindingOf(name, inputs[i], tensors)
	}
	data := tensorsOf(c.description.Inputs, inputs)
	for {
		m, err := onnx.ImportWhole(c.file, bindings)
		var wanted *onnx.ConstantWanted
		if !errors.As(err, &wanted) {
			if err != nil {
				return nil, 0, err
			}
			g, err = rewrite.Normalize(context.Background(), m.Graph)
			return g, bound, err
		}
		before := bound
		for _, name := range wanted.Inputs {
			if b := tensors[name]; b != nil && b.Value == nil {
				t := data[name]
				if t.Elem.IsFloat() && t.Size() > maxFloats && !wanted.Weights {
					return nil, 0, err // data, not a parameter
				}
				b.Value = t
				bound++
			}
		}
		if bound == before {
			return nil, 0, err
		}
	}
}

// bindingOf is what an input is bound to; those of its tensors are noted by name.
func bindingOf(name string, d onnx.Data, tensors map[string]*onnx.Binding) *onnx.Binding {
	b := &onnx.Binding{}
	switch {
	case d.Tensor != nil:
		b.Dims = append([]int{}, d.Tensor.Dims...)
		tensors[name] = b
	case d.Sequence != nil:
		b.Elements = []*onnx.Binding{}
		for i, t := range d.Sequence {
			b.Elements = append(b.Elements, bindingOf(onnx.ElementName(name, i), onnx.Data{Tensor: t}, tensors))
		}
	default:
		b.Absent = true
	}
	return b
}

// maxFloats is the most elements of a floating-point input that is a parameter of the model, such as the scales of a Resize.
const maxFloats = 8

// tensorsOf are the tensors of inputs or outputs, by the names that they have in the graph.
func tensorsOf(names []string, data []onnx.Data) map[string]*graph.Tensor {
	out := map[string]*graph.Tensor{}
	for i, name := range names {
		if data[i].Tensor != nil {
			out[name] = data[i].Tensor
		}
		for k, t := range data[i].Sequence {
			out[onnx.ElementName(name, k)] = t
		}
	}
	return out
}

// run compiles the model over two equal rows of the inputs and returns the outputs of both.
func run(ctx context.Context, engine *compile.Engine, tier string, g *graph.Graph, inputs map[string]*graph.Tensor) ([2][]*graph.Tensor, error) {
	var out [2][]*graph.Tensor
	version := registry.Flat(g)
	plan, columns := planOf(version, inputs)
	var sent []byte // in pieces that need not end with a row
	options := compile.RunOptions{Threads: 1, Tier: tier, Out: func(b []byte, _ int64) error {
		sent = append(sent, b...)
		return nil
	}}
	var rows [][][]byte
	if len(columns) > 0 {
		ctx, stop := context.WithTimeout(ctx, time.Minute)
		defer stop()
		if _, err := engine.Run(ctx, plan, nil, options); err != nil {
			return out, err
		}
		if rows = fields(sent); len(rows) != 2 {
			return out, fmt.Errorf("the program sent %d rows, not 2", len(rows))
		}
	}
	for r := range out {
		at := 0
		for _, o := range version.Outputs {
			t := graph.NewTensor(o.Value.Type.Elem, o.Value.Type.Dims...)
			if t.Size() > 0 {
				if err := parse(t, o.Type, rows[r][at]); err != nil {
					return out, fmt.Errorf("output %q: %w", o.Name, err)
				}
				at++
			}
			out[r] = append(out[r], t)
		}
	}
	return out, nil
}

// planOf is Result over Predict over Values of two rows. It returns the columns of the results too: outputs without elements
// have none.
func planOf(v *registry.Version, inputs map[string]*graph.Tensor) (physical.Node, []physical.NamedExpr) {
	id := logical.ColID(0)
	column := func(name string, t sqltype.Type) logical.Column {
		id++
		return logical.Column{ID: id, Name: name, Type: t}
	}
	values := &physical.Values{Common: physical.Common{ID: 3, Rows: 2}, Rows: make([][]logical.Expr, 2)}
	model := &logical.Model{Name: v.Name, Version: v.Version, Impl: v}
	call := physical.PredictCall{Model: model}
	for _, a := range v.Inputs {
		col := column(a.Name, a.Type)
		t := inputs[v.Graph.Inputs[a.Input].Name]
		values.Cols = append(values.Cols, col)
		model.Inputs = append(model.Inputs, col)
		for r := range values.Rows {
			values.Rows[r] = append(values.Rows[r], &logical.Const{Value: argument(t, a), Typ: a.Type})
		}
		call.Args = append(call.Args, &logical.Ref{Col: col})
	}
	if len(values.Cols) == 0 { // all is constant: rows still need a column
		col := column("row", sqltype.Of(sqltype.Int4))
		values.Cols = []logical.Column{col}
		for r := range values.Rows {
			values.Rows[r] = []logical.Expr{&logical.Const{Value: sqltype.Datum{I: int64(r)}, Typ: col.Type}}
		}
	}
	predict := &physical.Predict{Common: physical.Common{ID: 2, Rows: 2}, Input: values}
	result := &physical.Result{Common: physical.Common{ID: 1, Rows: 2}, Input: predict}
	for _, o := range v.Outputs {
		if o.Value.Type.Size() == 0 {
			call.Outputs = append(call.Outputs, logical.Column{})
			continue
		}
		col := column(o.Name, o.Type)
		call.Outputs = append(call.Outputs, col)
		result.Exprs = append(result.Exprs, physical.NamedExpr{Col: column(o.Name, o.Type), Expr: &logical.Ref{Col: col}})
	}
	predict.Calls = []physical.PredictCall{call}
	return result, result.Exprs
}

// argument is what a query gives for an argument: an element, or all of them in an array.
func argument(t *graph.Tensor, a registry.Argument) sqltype.Datum {
	if a.Type.Kind != sqltype.Array {
		return datum(t, a.Element)
	}
	d := sqltype.Datum{A: make([]sqltype.Datum, t.Size())}
	for i := range d.A {
		d.A[i] = datum(t, i)
	}
	return d
}

func datum(t *graph.Tensor, i int) sqltype.Datum {
	switch {
	case t.Elem == graph.String:
		return sqltype.Datum{S: t.Str[i]}
	case t.Elem == graph.Bool:
		return sqltype.Datum{I: int64(t.Float(i))}
	case t.Elem.IsInt():
		return sqltype.Datum{I: t.Int(i)}
	}
	return sqltype.Datum{F: t.Float(i)}
}

// parse fills a tensor from the text of an array.
func parse(t *graph.Tensor, typ sqltype.Type, text []byte) error {
	d, err := sqltype.Parse(typ, string(text))
	if err != nil {
		return err
	}
	if len(d.A) != t.Size() {
		return fmt.Errorf("%d elements, not %d", len(d.A), t.Size())
	}
	for i, e := range d.A {
		switch {
		case t.Elem == graph.String:
			t.Str[i] = e.S
		case t.Elem == graph.Bool:
			t.Bool[i] = e.I != 0
		case t.Elem.IsInt():
			t.SetInt(i, e.I)
		default:
			t.SetFloat(i, e.F)
		}
	}
	return nil
}

// fields cuts DataRow messages into the bytes of their fields.
func fields(b []byte) (rows [][][]byte) {
	for len(b) > 0 {
		size := int(binary.BigEndian.Uint32(b[1:])) + 1
		m := b[7:size]
		var row [][]byte
		for len(m) > 0 {
			n := int(int32(binary.BigEndian.Uint32(m)))
			m = m[4:]
			row = append(row, append([]byte(nil), m[:max(n, 0)]...))
			m = m[max(n, 0):]
		}
		rows, b = append(rows, row), b[size:]
	}
	return rows
}
