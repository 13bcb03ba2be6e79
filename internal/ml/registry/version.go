package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/onnx"
	"github.com/flernd/flernd/internal/ml/rewrite"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Argument is one scalar of a model's input tensors, as an argument in SQL, or an array of all scalars of a large one.
type Argument struct {
	Name string
	// Written is the name that the file has, if that is another and a column may be called so.
	Written string
	Type    sqltype.Type
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
	// Format is the file's: onnx, xgboost or lightgbm.
	Format string
	// Metadata is the file's own properties; Producer names the program that wrote it.
	Metadata map[string]string
	Producer string
	// Hash is the SHA-256 of the model file in hex.
	Hash string
	// Options are what CREATE MODEL said of it.
	Options Options

	constants constants
	parts     struct {
		mu    sync.Mutex
		known map[string]*Part
	}
	sized sync.Once
	size  int64
}

// Arguments is how many of v.Inputs one input of the graph is.
func (v *Version) Arguments(input int) int {
	n := 0
	for _, a := range v.Inputs {
		if a.Input == input {
			n++
		}
	}
	return n
}

// MaxFile is the largest model file in bytes. It is imported in memory.
const MaxFile = onnx.MaxFile

// Embed puts the data that a model file keeps in other files into it.
func Embed(file []byte, read onnx.ReadExternal) ([]byte, error) { return onnx.Embed(file, read) }

// Import reads a model file of any known format. The version keeps nothing of it. Errors name the model and the place in the
// file.
func Import(name string, file []byte) (*Version, error) {
	return ImportWith(context.Background(), name, file, Options{})
}

// ImportWith is Import with options. It ends early, with the cause, if ctx does.
func ImportWith(ctx context.Context, name string, file []byte, o Options) (*Version, error) {
	return importSummed(ctx, name, file, sha256.Sum256(file), o)
}

func importSummed(ctx context.Context, name string, file []byte, sum [sha256.Size]byte, o Options) (*Version, error) {
	v, err := importFile(ctx, name, file, o.Dims)
	if err != nil {
		e := *sqlstate.Of(err)
		e.Message = "model " + quoted(name) + ": " + e.Message
		return nil, &e
	}
	v.Hash = hex.EncodeToString(sum[:])
	return v, v.setOptions(o)
}

func importFile(ctx context.Context, name string, file []byte, sizes map[string]int) (*Version, error) {
	in, err := importAny(ctx, file, sizes)
	if err != nil {
		return nil, err
	}
	g, err := rewrite.Normalize(ctx, in.graph)
	if err != nil {
		return nil, err
	}
	g.Name = name
	v := &Version{Name: name, Version: 1, Format: in.format, Graph: g, Metadata: in.metadata, Producer: in.producer}
	if v.Inputs, err = arguments(g, in.names); err != nil {
		return nil, err
	}
	markMissing(g, v.Inputs, in.missing)
	v.Outputs, err = outputs(g)
	return v, err
}
