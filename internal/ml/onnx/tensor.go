package onnx

import (
	"encoding/binary"
	"math"
	"unicode/utf8"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// elemOf maps an ONNX data type.
func elemOf(t int32) (graph.Elem, error) {
	switch onnxpb.TensorProto_DataType(t) {
	case onnxpb.TensorProto_FLOAT:
		return graph.F32, nil
	case onnxpb.TensorProto_DOUBLE:
		return graph.F64, nil
	case onnxpb.TensorProto_INT64:
		return graph.I64, nil
	case onnxpb.TensorProto_INT32:
		return graph.I32, nil
	case onnxpb.TensorProto_BOOL:
		return graph.Bool, nil
	case onnxpb.TensorProto_STRING:
		return graph.String, nil
	case onnxpb.TensorProto_UNDEFINED:
		return 0, invalid("the element type is missing")
	}
	if name, ok := onnxpb.TensorProto_DataType_name[t]; ok {
		return 0, sqlstate.Unsupported("element type %s", name)
	}
	return 0, invalid("element type %d does not exist or is newer than this importer", t)
}

// tensorOf converts a constant. Nothing is allocated before the data is known to be there.
func tensorOf(p *onnxpb.TensorProto) (*graph.Tensor, error) {
	if p == nil {
		return nil, invalid("the tensor is missing")
	}
	e, err := elemOf(p.DataType)
	if err != nil {
		return nil, err
	}
	if p.DataLocation == onnxpb.TensorProto_EXTERNAL || len(p.ExternalData) > 0 {
		return nil, sqlstate.Unsupported("data in another file").WithHint("Save the model with its weights inside (external_data=False).")
	}
	dims := make([]int, len(p.Dims))
	for i, d := range p.Dims {
		if d < 0 || d > graph.MaxElements {
			return nil, invalid("dimension %d is out of range", d)
		}
		dims[i] = int(d)
	}
	if err := graph.CheckDims(dims); err != nil {
		return nil, err
	}
	t := &graph.Tensor{Type: graph.Of(e, dims...)}
	if len(p.RawData) > 0 {
		return t, rawData(t, p.RawData)
	}
	return t, typedData(t, p)
}

// rawData fills t from little-endian bytes.
func rawData(t *graph.Tensor, raw []byte) error {
	width := map[graph.Elem]int{graph.F32: 4, graph.F64: 8, graph.I64: 8, graph.I32: 4, graph.Bool: 1}[t.Elem]
	if width == 0 {
		return invalid("raw data cannot hold strings")
	}
	if len(raw) != t.Size()*width {
		return invalid("%d bytes of data do not fill %s", len(raw), t.Type)
	}
	*t = *graph.NewTensor(t.Elem, t.Dims...)
	for i := range t.Size() {
		b := raw[i*width:]
		switch t.Elem {
		case graph.F32:
			t.F32[i] = math.Float32frombits(binary.LittleEndian.Uint32(b))
		case graph.F64:
			t.F64[i] = math.Float64frombits(binary.LittleEndian.Uint64(b))
		case graph.I64:
			t.I64[i] = int64(binary.LittleEndian.Uint64(b))
		case graph.I32:
			t.I32[i] = int32(binary.LittleEndian.Uint32(b))
		case graph.Bool:
			t.Bool[i] = b[0] != 0
		}
	}
	return nil
}

// typedData takes the elements from the field of their type.
func typedData(t *graph.Tensor, p *onnxpb.TensorProto) error {
	n := 0
	switch t.Elem {
	case graph.F32:
		t.F32, n = p.FloatData, len(p.FloatData)
	case graph.F64:
		t.F64, n = p.DoubleData, len(p.DoubleData)
	case graph.I64:
		t.I64, n = p.Int64Data, len(p.Int64Data)
	case graph.I32:
		t.I32, n = p.Int32Data, len(p.Int32Data)
	case graph.Bool:
		n = len(p.Int32Data)
		for _, v := range p.Int32Data {
			t.Bool = append(t.Bool, v != 0)
		}
	case graph.String:
		n = len(p.StringData)
		for _, s := range p.StringData {
			if !utf8.Valid(s) {
				return invalid("a string of the tensor is not valid UTF-8")
			}
			t.Str = append(t.Str, string(s))
		}
	}
	if n != t.Size() {
		return invalid("%d elements of data do not fill %s", n, t.Type)
	}
	return nil
}
