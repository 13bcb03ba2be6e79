package onnx

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

const sqlModels = "../../../testdata/models/sql"

// TestEmbed: a file with its weights elsewhere becomes one that has them, and one that has them stays as it is. What the
// tensors of a file refer to together is bounded.
func TestEmbed(t *testing.T) {
	file, err := os.ReadFile(filepath.Join(sqlModels, "external.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Import(file); sqlstate.Of(err).Code != sqlstate.FeatureNotSupported {
		t.Errorf("without its weights: %v", err)
	}
	whole, err := Embed(file, func(location string, offset, length, most int64) ([]byte, error) {
		all, err := os.ReadFile(filepath.Join(sqlModels, location))
		if err != nil || most > MaxFile || offset+length > int64(len(all)) {
			t.Fatal(location, offset, length, most, err)
		}
		return all[offset : offset+length], nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if m, err := Import(whole); err != nil || len(m.Graph.Outputs) != 1 {
		t.Errorf("with its weights: %v", err)
	}
	again, err := Embed(whole, nil)
	if err != nil || !bytes.Equal(again, whole) {
		t.Errorf("a whole file changed: %v", err)
	}

	m := &onnxpb.ModelProto{}
	if err := proto.Unmarshal(file, m); err != nil {
		t.Fatal(err)
	}
	for range 9 {
		m.Graph.Initializer = append(m.Graph.Initializer, m.Graph.Initializer[0])
	}
	if file, err = proto.Marshal(m); err != nil {
		t.Fatal(err)
	}
	left := int64(1 << 20)
	_, err = Embed(file, func(_ string, _, _, most int64) ([]byte, error) {
		if most > MaxFile {
			t.Error(most)
		}
		if left -= 1 << 17; left < 0 {
			return nil, sqlstate.New(sqlstate.ProgramLimitExceeded, "too large")
		}
		return make([]byte, 1<<17), nil
	})
	if e := sqlstate.Of(err); e.Code != sqlstate.ProgramLimitExceeded || e.Message != `external data of tensor "w": too large` {
		t.Errorf("%v", err)
	}
}

func FuzzEmbed(f *testing.F) {
	for _, name := range []string{"external", "escape", "odd", "long"} {
		file, err := os.ReadFile(filepath.Join(sqlModels, name+".onnx"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		_, _ = Embed(file, func(location string, offset, length, most int64) ([]byte, error) {
			if location == "" || offset < 0 || most < 0 || most > MaxFile {
				t.Errorf("%q at %d, at most %d", location, offset, most)
			}
			return []byte(location), nil
		})
	})
}
