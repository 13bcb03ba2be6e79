package instance

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// TestDescribedModel: what the catalog says of a version is what the planner would see of it.
func TestDescribedModel(t *testing.T) {
	dir := "../../../testdata/models"
	files, err := filepath.Glob(dir + "/*.onnx")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for i, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var o registry.Options
		if i%3 == 1 {
			o.Returns = []registry.Return{{Type: sqltype.Of(sqltype.Text)}}
		}
		o.Nulls = []registry.NullPolicy{"", "nan", "error", "null"}[i%4]
		v, err := registry.ImportWith(t.Context(), "m", raw, o)
		if err != nil {
			continue // not every file of the folder is a model that can be had
		}
		about, err := v.About(int64(len(raw))).Encode()
		if err != nil {
			t.Fatal(err)
		}
		record := catalog.ModelRecord{ID: 7, Name: "m", Version: 3, About: about}
		want := *plannerModel(v, record)
		want.Inside, want.Impl = nil, nil
		if got := describedModel(record); got == nil || !reflect.DeepEqual(*got, want) {
			t.Fatalf("%s: %+v, want %+v", file, got, &want)
		}
	}
	if got := describedModel(catalog.ModelRecord{About: []byte(`{"inputs":[{"name":"a","type":"real"}]}`)}); got != nil {
		t.Errorf("a description of old: %+v", got)
	}
	var s signatures
	record := catalog.ModelRecord{ID: 1, Name: "a", About: []byte(`{"tensors":[{"name":"x","arguments":1}],"inputs":[{"name":"x","type":"real"}]}`)}
	first := s.of(record)
	record.Name = "b"
	if renamed := s.of(record); first.Name != "a" || renamed.Name != "b" || !reflect.DeepEqual(renamed.Tensors, []logical.Tensor{{Name: "x", Width: 1}}) {
		t.Errorf("%+v, %+v", first, renamed)
	}
}
