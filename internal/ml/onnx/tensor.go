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
	case onnxpb.TensorProto_FLOAT16:
		return graph.F16, nil
	case onnxpb.TensorProto_BFLOAT16:
		return graph.BF16, nil
	case onnxpb.TensorProto_INT8:
		return graph.I8, nil
	case onnxpb.TensorProto_INT16:
		return graph.I16, nil
	case onnxpb.TensorProto_UINT8:
		return graph.U8, nil
	case onnxpb.TensorProto_UINT16:
		return graph.U16, nil
	case onnxpb.TensorProto_UINT32:
		return graph.U32, nil
	case onnxpb.TensorProto_UINT64:
		return graph.U64, nil
	case onnxpb.TensorProto_FLOAT8E4M3FN:
		return graph.F8E4M3FN, nil
	case onnxpb.TensorProto_FLOAT8E4M3FNUZ:
		return graph.F8E4M3FNUZ, nil
	case onnxpb.TensorProto_FLOAT8E5M2:
		return graph.F8E5M2, nil
	case onnxpb.TensorProto_FLOAT8E5M2FNUZ:
		return graph.F8E5M2FNUZ, nil
	case onnxpb.TensorProto_FLOAT8E8M0:
		return graph.F8E8M0, nil
	case onnxpb.TensorProto_FLOAT4E2M1:
		return graph.F4E2M1, nil
	case onnxpb.TensorProto_INT2:
		return graph.I2, nil
	case onnxpb.TensorProto_INT4:
		return graph.I4, nil
	case onnxpb.TensorProto_UINT2:
		return graph.U2, nil
	case onnxpb.TensorProto_UINT4:
		return graph.U4, nil
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
		return nil, sqlstate.Unsupported("data in another file").
			WithHint("CREATE MODEL FROM a file of the server's model directory finds the data beside it. Else save the model with its weights inside (external_data=False).")
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
	if bits := miniWidth(t.Elem); bits > 0 {
		return miniData(t, bits, len(raw), func(i int) byte { return raw[i] })
	}
	width := rawWidth(t.Elem)
	if width == 0 {
		return invalid("raw data cannot hold strings")
	}
	if len(raw) != t.Size()*width {
		return invalid("%d bytes of data do not fill %s", len(raw), t.Type)
	}
	*t = *graph.NewTensor(t.Elem, t.Dims...)
	for i := range t.Size() {
		b := raw[i*width:]
		switch {
		case t.Elem == graph.F16 || t.Elem == graph.BF16:
			t.F32[i] = graph.HalfBits(t.Elem, binary.LittleEndian.Uint16(b))
		case t.Elem.IsInt():
			var word [8]byte
			copy(word[:width], b)
			t.SetInt(i, int64(binary.LittleEndian.Uint64(word[:])))
		case t.Elem == graph.F32:
			t.F32[i] = math.Float32frombits(binary.LittleEndian.Uint32(b))
		case t.Elem == graph.F64:
			t.F64[i] = math.Float64frombits(binary.LittleEndian.Uint64(b))
		default:
			t.Bool[i] = b[0] != 0
		}
	}
	return nil
}

// rawWidth is the bytes that an element takes in a file; 0 for a string.
func rawWidth(e graph.Elem) int {
	switch {
	case e == graph.F32:
		return 4
	case e == graph.F64:
		return 8
	case e == graph.F16 || e == graph.BF16:
		return 2
	case e.IsInt():
		return e.Bits() / 8
	case e == graph.Bool:
		return 1
	}
	return 0
}

// typedData takes the elements from the field of their type.
func typedData(t *graph.Tensor, p *onnxpb.TensorProto) error {
	if bits := miniWidth(t.Elem); bits > 0 {
		return miniData(t, bits, len(p.Int32Data), func(i int) byte { return byte(p.Int32Data[i]) })
	}
	n := 0
	switch t.Elem {
	case graph.F16, graph.BF16:
		n = len(p.Int32Data)
		for _, v := range p.Int32Data {
			t.F32 = append(t.F32, graph.HalfBits(t.Elem, uint16(v)))
		}
	case graph.I8, graph.I16, graph.U8, graph.U16:
		n = len(p.Int32Data)
		for _, v := range p.Int32Data {
			t.I32 = append(t.I32, int32(graph.WrapInt(t.Elem, int64(v))))
		}
	case graph.U32, graph.U64:
		n = len(p.Uint64Data)
		for _, v := range p.Uint64Data {
			t.I64 = append(t.I64, graph.WrapInt(t.Elem, int64(v)))
		}
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
