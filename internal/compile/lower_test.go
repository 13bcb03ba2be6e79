package compile

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/lower"
	"github.com/flernd/flernd/internal/ml/mltest"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// TestModels runs every model fixture as a query and compares with ONNX Runtime's outputs.
func TestModels(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	optimised := strings.Fields("classifier pt_mlp_iris_script sk_mlp_relu_digits sk_logreg_iris_names sk_mixed_wine pt_residual_iris_dynamo " +
		"encoder_bert encoder_tanh encoder_plain batch_decoder_script batch_vit_dynamo")
	for _, f := range mltest.Load(t) {
		t.Run(f.Name, func(t *testing.T) {
			d.opt.Tier = "fast"
			predicts(t, d, f)
			if slices.Contains(optimised, f.Name) {
				d.opt.Tier = "best"
				predicts(t, d, f)
			}
		})
	}
}

// TestTreeModels runs models of trees and compares with what the libraries that trained them predict, or ONNX Runtime.
func TestTreeModels(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	optimised := strings.Fields("onnx_v5_members onnx_sk_forest xgb_softprob_ubj xgb_categories_partition lgb_categories lgb_zero_as_missing")
	for _, f := range mltest.TreeFixtures(t, ".json", ".ubj", ".txt", ".onnx") {
		t.Run(f.Name, func(t *testing.T) {
			d.opt.Tier = "fast"
			predicts(t, d, f)
			if slices.Contains(optimised, f.Name) {
				d.opt.Tier = "best"
				predicts(t, d, f)
			}
		})
	}
}

// TestModelArrays runs models and operators in array form, however small they are.
func TestModelArrays(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	d.opt.arrays = true
	optimised := append(strings.Fields("pt_mlp_iris_script sk_mixed_wine pt_residual_iris_dynamo"),
		"loop of many turns", "long scan that swaps", "branch by data", "loop that data ends", "branch in a loop in a branch")
	for _, f := range append(mltest.Load(t), mltest.Operators(t)...) {
		t.Run(f.Name, func(t *testing.T) {
			d.opt.Tier = "fast"
			predicts(t, d, f)
			if slices.Contains(optimised, f.Name) {
				d.opt.Tier = "best"
				predicts(t, d, f)
			}
		})
	}
}

// TestModelOperators runs a model for each operator and variant.
func TestModelOperators(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	d.opt.Tier = "fast"
	for _, f := range mltest.Operators(t) {
		t.Run(f.Name, func(t *testing.T) { predicts(t, d, f) })
	}
}

// predicts runs a fixture's model over its rows, and over one whose first argument is NULL.
func predicts(t *testing.T, d *database, f mltest.Fixture) {
	t.Helper()
	v, err := registry.Import("m", f.File)
	if err != nil {
		t.Fatal(err)
	}
	if err := lower.Check(v.Graph); err != nil {
		t.Errorf("CREATE MODEL would answer %v", err)
	}
	d.models["m"] = sqlModel(v, uint64(len(d.models)+1))
	inputs := make([][]*graph.Tensor, f.Rows())
	for r := range inputs {
		inputs[r] = f.Row(t, v.Graph, r)
	}
	rows, _, err := d.run(predictQuery(v, inputs), "")
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != f.Rows()+1 {
		t.Fatalf("%d rows, want %d", len(rows), f.Rows()+1)
	}
	for i, o := range v.Outputs {
		want, library := f.Outputs[v.Graph.Outputs[i].Name], f.Framework[v.Graph.Outputs[i].Name]
		for r := range f.Rows() {
			got, err := parseTensor(o.Value.Type, rows[r][i])
			if err != nil {
				t.Fatalf("output %s, row %d: %v", o.Name, r, err)
			}
			if diff := want.Diff(r, got, max(1e-5, f.Tolerance)); diff != "" {
				t.Fatalf("output %s, row %d: %s", o.Name, r, diff)
			}
			if library.Data == nil {
				continue
			}
			if diff := library.Diff(r, got, max(1e-4, f.Tolerance)); diff != "" {
				t.Fatalf("output %s, row %d, against the library: %s", o.Name, r, diff)
			}
		}
		if got := rows[f.Rows()][i]; got != "∅" {
			t.Errorf("output %s of a NULL argument is %s", o.Name, got)
		}
	}
}

func sqlModel(v *registry.Version, id uint64) *logical.Model {
	m := &logical.Model{Name: v.Name, Version: 1, ID: id, Impl: v}
	for _, a := range v.Inputs {
		m.Inputs = append(m.Inputs, logical.Column{Name: a.Name, Type: a.Type, Nullable: true})
	}
	for _, o := range v.Outputs {
		m.Outputs = append(m.Outputs, logical.Column{Name: o.Name, Type: o.Type, Nullable: true})
	}
	return m
}

// predictQuery calls the model over VALUES of the rows, and of the last one again with NULL for the first argument.
func predictQuery(v *registry.Version, rows [][]*graph.Tensor) string {
	var values []string
	var last []string
	for _, inputs := range rows {
		row := make([]string, len(v.Inputs))
		for i, a := range v.Inputs {
			row[i] = literal(a.Type, inputs[a.Input], a.Element)
		}
		values, last = append(values, "("+strings.Join(row, ", ")+")"), row
	}
	last[0] = "NULL"
	values = append(values, "("+strings.Join(last, ", ")+")")
	cols := make([]string, len(v.Inputs))
	for i := range cols {
		cols[i] = fmt.Sprintf("c%d", i)
	}
	args := strings.Join(cols, ", ")
	results := []string{"m(" + args + ")"}
	for _, o := range v.Outputs[1:] {
		results = append(results, "(m("+args+"))."+o.Name)
	}
	return "SELECT " + strings.Join(results, ", ") + " FROM (VALUES " + strings.Join(values, ", ") + ") v(" + args + ")"
}

func literal(typ sqltype.Type, x *graph.Tensor, i int) string {
	text := ""
	switch x.Elem {
	case graph.String:
		text = x.Str[i]
	case graph.Bool:
		text = strconv.FormatBool(x.Bool[i])
	case graph.I32, graph.I64:
		text = strconv.FormatInt(x.Int(i), 10)
	default:
		text = strings.Replace(strconv.FormatFloat(x.Float(i), 'g', -1, 64), "+Inf", "Infinity", 1)
		text = strings.Replace(text, "-Inf", "-Infinity", 1)
		text = strings.Replace(text, "+", "", 1)
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'::" + typ.String()
}

// parseTensor reads a result's text.
func parseTensor(typ graph.Type, text string) (*graph.Tensor, error) {
	x := graph.NewTensor(typ.Elem, typ.Dims...)
	elems := []string{text}
	if x.Size() == 0 && text == "{}" {
		return x, nil
	}
	if x.Size() != 1 || strings.HasPrefix(text, "{") {
		elems = strings.Split(strings.Trim(text, "{}"), ",")
	}
	if len(elems) != x.Size() {
		return nil, fmt.Errorf("%s has %d elements, want %d", text, len(elems), x.Size())
	}
	for i, e := range elems {
		switch typ.Elem {
		case graph.String:
			x.Str[i] = strings.Trim(e, `"`)
		case graph.Bool:
			x.Bool[i] = e == "t"
		case graph.I64, graph.U32, graph.U64:
			n, err := json.Number(e).Int64()
			if err != nil {
				return nil, err
			}
			x.I64[i] = n
		default:
			v, err := strconv.ParseFloat(e, 64)
			if err != nil {
				return nil, err
			}
			x.SetFloat(i, v)
		}
	}
	return x, nil
}
