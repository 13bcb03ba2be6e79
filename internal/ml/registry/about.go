package registry

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// About describes a version without its file: what a catalog keeps beside it, so that views need not read models.
type About struct {
	Format     string  `json:"format"`
	Producer   string  `json:"producer,omitempty"`
	Hash       string  `json:"sha256"`
	Bytes      int64   `json:"bytes"` // of the file
	Parameters int64   `json:"parameters"`
	Inputs     []Field `json:"inputs"`
	Outputs    []Field `json:"outputs"`
	// Tensors are the inputs of the file; none in descriptions of before they were kept.
	Tensors []Tensor `json:"tensors,omitempty"`
	Options Options  `json:"options"`
	// Resident is what the version takes in memory at the moment; a catalog does not know it.
	Resident int64 `json:"-"`
}

// Field is an argument or an output.
type Field struct {
	Name string `json:"name"`
	// Written is an argument's name in the file, where it is another.
	Written string `json:"written,omitempty"`
	Type    string `json:"type"`
	Nulls   string `json:"nulls,omitempty"` // an argument's policy
	Shape   []int  `json:"shape,omitempty"` // of the tensor that an array holds, row by row
	// Native is the type that the model computes an output in, where RETURNS declares another.
	Native string `json:"native,omitempty"`
}

// Tensor is an input of the file, of which the next so many arguments are the scalars.
type Tensor struct {
	Name      string `json:"name"`
	Arguments int    `json:"arguments"`
}

// NativeType is the type of an argument, or that in which the model computes an output; ok is false if it is not known.
func (f Field) NativeType() (t sqltype.Type, ok bool) {
	name, isArray := strings.CutSuffix(cmp.Or(f.Native, f.Type), "[]")
	k, ok := sqltype.KindNamed(name)
	if !isArray {
		return sqltype.Of(k), ok
	}
	n := 1
	for _, d := range f.Shape {
		n *= d
	}
	return sqltype.ArrayOf(k, n), ok
}

// About describes the version, whose file has so many bytes.
func (v *Version) About(bytes int64) About {
	a := About{Format: v.Format, Producer: v.Producer, Hash: v.Hash, Bytes: bytes,
		Parameters: graph.CostOf(v.Graph.Values).Parameters, Options: v.Options}
	for _, in := range v.Inputs {
		a.Inputs = append(a.Inputs, Field{Name: in.Name, Written: in.Written, Type: in.Type.String(), Nulls: string(v.NullsOf(in)),
			Shape: shapeOf(in.Type, v.Graph.Inputs[in.Input].Type)})
	}
	for i, in := range v.Graph.Inputs {
		a.Tensors = append(a.Tensors, Tensor{in.Name, v.Arguments(i)})
	}
	for i, out := range v.Outputs {
		f := Field{Name: out.Name, Type: v.Returns(i).String(), Shape: shapeOf(out.Type, out.Value.Type)}
		if v.Returns(i) != out.Type {
			f.Native = out.Type.String()
		}
		a.Outputs = append(a.Outputs, f)
	}
	return a
}

// shapeOf is the shape of what is an array in SQL; none of scalars.
func shapeOf(t sqltype.Type, tensor graph.Type) []int {
	if t.Kind != sqltype.Array {
		return nil
	}
	return tensor.Dims
}

// Encode is the description as bytes for the catalog.
func (a About) Encode() ([]byte, error) { return json.Marshal(a) }

// DecodeAbout is the inverse of Encode; a version of before there were descriptions has none, and no options.
func DecodeAbout(b []byte) (a About, err error) {
	if len(b) == 0 {
		return a, nil
	}
	if err := json.Unmarshal(b, &a); err != nil {
		return a, sqlstate.Wrap(err, sqlstate.DataCorrupted, "a model's description in the catalog is damaged")
	}
	return a, nil
}
