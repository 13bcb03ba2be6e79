package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/onnx"
	"github.com/flernd/flernd/internal/ml/rewrite"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Argument is one scalar of a model's input tensors, as an argument in SQL.
type Argument struct {
	Name string
	Type sqltype.Type
	// Input and Element say which flat element of which of the graph's inputs the argument is.
	Input, Element int
	// MissingAsNaN tells that the model treats NaN in this place as a missing value.
	MissingAsNaN bool
}

// Output is one result of a model. The first is the value of a call in SQL, each is a field by its name.
type Output struct {
	Name  string
	Type  sqltype.Type // scalar, or array for an output of several elements a row
	Value *graph.Value
}

// Version is one version of a model. It is never changed once made.
type Version struct {
	Name string
	// Version counts from 1 within the name. Import gives 1; whoever replaces a model sets it before use.
	Version int64
	Graph   *graph.Graph
	Inputs  []Argument
	Outputs []Output
	// Format is the file's: onnx.
	Format string
	// Metadata is the file's own properties; Producer names the program that wrote it.
	Metadata map[string]string
	Producer string
	// Hash is the SHA-256 of the model file in hex.
	Hash string
	// Options are what CREATE MODEL said of it.
	Options Options

	constants constants
}

// MaxFile is the largest model file in bytes. It is imported in memory.
const MaxFile = onnx.MaxFile

// Import reads a model file of any known format. The version keeps nothing of it. Errors name the model and the place in the
// file.
func Import(name string, file []byte) (*Version, error) {
	v, err := importFile(name, file)
	if err != nil {
		e := *sqlstate.Of(err)
		e.Message = "model " + quoted(name) + ": " + e.Message
		return nil, &e
	}
	return v, nil
}

func importFile(name string, file []byte) (*Version, error) {
	if err := detect(file); err != nil {
		return nil, err
	}
	m, err := onnx.Import(file)
	if err != nil {
		return nil, err
	}
	g, err := rewrite.Normalize(m.Graph)
	if err != nil {
		return nil, err
	}
	g.Name = name
	sum := sha256.Sum256(file)
	v := &Version{Name: name, Version: 1, Format: "onnx", Graph: g, Metadata: m.Metadata, Producer: m.Producer, Hash: hex.EncodeToString(sum[:])}
	if v.Inputs, err = arguments(g, m.Metadata); err != nil {
		return nil, err
	}
	missing(g, v.Inputs)
	v.Outputs, err = outputs(g)
	return v, err
}

// foreign lists how files of formats that have no importer begin.
var foreign = []struct{ start, format string }{
	{"PK\x03\x04", "a zip archive (a PyTorch or Keras file)"},
	{"\x80\x02", "a Python pickle"}, {"\x80\x03", "a Python pickle"}, {"\x80\x04", "a Python pickle"}, {"\x80\x05", "a Python pickle"},
	{"\x89HDF", "HDF5 (a Keras file)"},
	{"tree\n", "LightGBM's text format"},
	{"GGUF", "GGUF"},
	{"{", "JSON or UBJSON (XGBoost's formats)"},
	{"<", "XML (PMML)"},
}

// detect refuses what is plainly no ONNX file; the importer judges the rest.
func detect(file []byte) error {
	if len(file) == 0 {
		return sqlstate.New(sqlstate.InvalidParameterValue, "the file is empty")
	}
	for _, f := range foreign {
		if strings.HasPrefix(string(file[:min(len(file), 8)]), f.start) {
			return sqlstate.Unsupported("a model file that is %s", f.format).WithHint("Export the model to ONNX.")
		}
	}
	return nil
}
