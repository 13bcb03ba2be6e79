package onnx

import (
	"bytes"
	"strconv"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// ReadExternal reads length bytes at an offset of a file that a model names, up to its end if length is negative. It refuses
// names that it must not open, and more than most bytes.
type ReadExternal func(location string, offset, length, most int64) ([]byte, error)

// Embed puts the data that tensors of an ONNX file keep in other files into it, as far as there are such tensors. What is no
// ONNX file is left for Import to judge. The result is no larger than MaxFile.
func Embed(file []byte, read ReadExternal) ([]byte, error) {
	if !bytes.Contains(file, []byte("location")) { // the key that names the other file
		return file, nil
	}
	m, err := decode(file)
	if err != nil {
		return file, nil
	}
	e := &embedding{read: read, left: MaxFile - int64(len(file))}
	if err := e.message(m.ProtoReflect()); err != nil || !e.changed {
		return file, err
	}
	embedded, err := proto.Marshal(m)
	if err != nil {
		return nil, sqlstate.Wrap(err, sqlstate.InternalError, "the model with its data")
	}
	return embedded, nil
}

type embedding struct {
	read    ReadExternal
	left    int64 // bytes that the file may still grow by
	changed bool
}

// message visits all tensors below a message; decode has bounded how many there are, and how deep.
func (e *embedding) message(m protoreflect.Message) (err error) {
	if t, ok := m.Interface().(*onnxpb.TensorProto); ok {
		return e.tensor(t)
	}
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.Message() == nil || f.IsMap():
		case f.IsList():
			for i := 0; i < v.List().Len() && err == nil; i++ {
				err = e.message(v.List().Get(i).Message())
			}
		default:
			err = e.message(v.Message())
		}
		return err == nil
	})
	return err
}

func (e *embedding) tensor(t *onnxpb.TensorProto) error {
	if t.DataLocation != onnxpb.TensorProto_EXTERNAL {
		return nil
	}
	location, offset, length := "", int64(0), int64(-1)
	for _, entry := range t.ExternalData {
		var err error
		switch entry.Key {
		case "location":
			location = entry.Value
		case "offset":
			offset, err = strconv.ParseInt(entry.Value, 10, 64)
		case "length":
			length, err = strconv.ParseInt(entry.Value, 10, 64)
			if length < 0 && err == nil {
				err = strconv.ErrRange
			}
		}
		if err != nil || offset < 0 {
			return invalid("external data of tensor %s: %s %s is no number of bytes", quote(t.Name), entry.Key, quote(entry.Value))
		}
	}
	if location == "" {
		return invalid("external data of tensor %s has no location", quote(t.Name))
	}
	data, err := e.read(location, offset, length, e.left)
	if err != nil {
		return at(err, "external data of tensor %s", quote(t.Name))
	}
	e.left -= int64(len(data))
	e.changed = true
	t.RawData, t.ExternalData, t.DataLocation = data, nil, onnxpb.TensorProto_DEFAULT
	return nil
}
