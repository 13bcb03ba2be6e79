package onnx

import (
	"context"
	"errors"
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
	if errors.Is(err, errOwnWay) {
		batchesOfOne(p.Graph)
	}
	if err != nil && closed(p.Graph) {
		if whole, again := importModel(ctx, p, len(file), map[string]*Binding{}); again == nil {
			return whole, nil
		}
	}
	return m, err
}

// errOwnWay causes the failure of an import where a condition or a number of turns is one a row. ONNX has one for all of a batch: so
// the file is for batches of one row, as which each row is evaluated then.
var errOwnWay = errors.New("rows of a batch would go different ways")

// ownWay ends the import of the node because rows go different ways.
func (n *node) ownWay(format string, args ...any) {
	n.check(sqlstate.Wrap(errOwnWay, sqlstate.FeatureNotSupported, format+" is not supported", args...))
}

// batchesOfOne closes the inputs' batches at one row.
func batchesOfOne(g *onnxpb.GraphProto) {
	list := broughtInputs(g)
	name := nameOfBatch(list)
	for _, in := range list {
		if dims := in.Type.GetTensorType().GetShape().GetDim(); len(dims) > 0 {
			if at := batchDimension(dims, name); at >= 0 {
				dims[at].Value = &onnxpb.TensorShapeProto_Dimension_DimValue{DimValue: 1}
			}
		}
	}
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
