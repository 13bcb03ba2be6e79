package onnx

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// ImportSized reads an ONNX file as Import does, until ctx ends, with sizes for open dimensions of its inputs. A dimension is named as the file
// names it, which may be in several places, or by its input and its number there, from 0: "seq", "x.1".
func ImportSized(ctx context.Context, file []byte, sizes map[string]int) (*Model, error) {
	p, err := decode(file)
	if err != nil {
		return nil, err
	}
	if err := setSizes(p.Graph, sizes); err != nil {
		return nil, err
	}
	m, err := importModel(ctx, p, len(file), nil)
	if err != nil && closed(p.Graph) {
		if whole, again := importModel(ctx, p, len(file), map[string]*Binding{}); again == nil {
			return whole, nil
		}
	}
	return m, err
}

// setSizes closes the open dimensions that have a size.
func setSizes(g *onnxpb.GraphProto, sizes map[string]int) error {
	open, used := map[string]bool{}, map[string]bool{}
	for _, in := range broughtInputs(g) {
		for k, d := range in.Type.GetTensorType().GetShape().GetDim() {
			if isFixed(d) {
				continue
			}
			for _, name := range dimensionNames(in.Name, k, d) {
				open[name] = true
				size, ok := sizes[name]
				if !ok {
					continue
				}
				used[name] = true
				d.Value = &onnxpb.TensorShapeProto_Dimension_DimValue{DimValue: int64(size)}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(sizes)) {
		if used[name] {
			continue
		}
		e := sqlstate.New(sqlstate.InvalidParameterValue, "the model's inputs have no open dimension %s", quote(name))
		if len(open) > 0 {
			e = e.WithHint("Open dimensions are %s.", strings.Join(slices.Sorted(maps.Keys(open)), ", "))
		}
		return e
	}
	return nil
}

// dimensionNames are what an open dimension may be called: the file's name of it comes last, and counts.
func dimensionNames(input string, k int, d *onnxpb.TensorShapeProto_Dimension) []string {
	names := []string{fmt.Sprintf("%s.%d", input, k)}
	if d.GetDimParam() != "" {
		names = append(names, d.GetDimParam())
	}
	return names
}

// openDimension refuses one that has no size.
func openDimension(input string, k int, d *onnxpb.TensorShapeProto_Dimension) error {
	names := dimensionNames(input, k, d)
	return sqlstate.Unsupported("an open dimension %d (only one, the batch, may be open)", k).
		WithHint("CREATE MODEL … WITH (dims = '%s=n') gives it a size. If it is the batch, give the dimensions before it theirs.", names[len(names)-1])
}
