package registry

import (
	"bytes"
	"context"
	"strings"
	"unicode/utf8"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/lightgbm"
	"github.com/flernd/flernd/internal/ml/onnx"
	"github.com/flernd/flernd/internal/ml/xgboost"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// imported is what an importer makes of a file.
type imported struct {
	format string
	graph  *graph.Graph
	// names are those of the arguments; none if inputs name them.
	names []string
	// missing tells that NaN is a missing value in all of the file's features.
	missing  bool
	metadata map[string]string
	producer string
}

// foreign lists how files of formats that have no importer begin.
var foreign = []struct{ start, format string }{
	{"PK\x03\x04", "a zip archive (a PyTorch or Keras file)"},
	{"\x80\x02", "a Python pickle"}, {"\x80\x03", "a Python pickle"}, {"\x80\x04", "a Python pickle"}, {"\x80\x05", "a Python pickle"},
	{"\x89HDF", "HDF5 (a Keras file)"},
	{"binf", "XGBoost's old binary format"},
	{"CBM1", "CatBoost's binary format"},
	{"GGUF", "GGUF"},
	{"<", "XML (PMML)"},
	{"\x1f\x8b", "compressed (gzip)"},
}

// importAny finds out what kind of file it is by its first bytes; the importers judge the rest.
func importAny(ctx context.Context, file []byte, sizes map[string]int) (*imported, error) {
	if len(file) == 0 {
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "the file is empty")
	}
	for _, f := range foreign {
		if strings.HasPrefix(string(file[:min(len(file), 8)]), f.start) {
			return nil, sqlstate.Unsupported("a model file that is %s", f.format).
				WithHint("Export the model to ONNX; models of XGBoost can be saved as JSON or UBJSON, those of LightGBM as text.")
		}
	}
	if trees := xgboost.Is(file) || lightgbm.Is(file); trees && len(sizes) > 0 {
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "a model of trees has no open dimensions")
	}
	switch {
	case xgboost.Is(file):
		return importXGBoost(file)
	case lightgbm.Is(file):
		return importLightGBM(file)
	}
	in, err := importONNX(ctx, file, sizes)
	if err != nil && isText(file) {
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "the file is text, and neither XGBoost's JSON nor a text model of LightGBM").
			WithHint("ONNX files are binary. A pointer of Git LFS has to be fetched first; COPY and a parameter send the file itself, not its name.")
	}
	return in, err
}

// isText reports whether a file begins as text does; the fields of ONNX begin with control characters.
func isText(file []byte) bool {
	return !bytes.ContainsFunc(file[:min(len(file), 64)], func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\r\n", r) || r == utf8.RuneError })
}

func importXGBoost(file []byte) (*imported, error) {
	m, err := xgboost.Import(file)
	if err != nil {
		return nil, err
	}
	return &imported{format: "xgboost", graph: m.Graph, names: m.Features, missing: true, producer: m.Producer}, nil
}

func importLightGBM(file []byte) (*imported, error) {
	m, err := lightgbm.Import(file)
	if err != nil {
		return nil, err
	}
	return &imported{format: "lightgbm", graph: m.Graph, names: m.Features, missing: true, producer: m.Producer}, nil
}

// importONNX takes the arguments' names from feature_names in the file's metadata, if it is there.
func importONNX(ctx context.Context, file []byte, sizes map[string]int) (*imported, error) {
	m, err := onnx.ImportSized(ctx, file, sizes)
	if err != nil {
		return nil, err
	}
	in := &imported{format: "onnx", graph: m.Graph, metadata: m.Metadata, producer: m.Producer}
	if list, ok := m.Metadata["feature_names"]; ok {
		in.names = strings.Split(list, ",")
	}
	return in, nil
}
