package registry

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/mltest"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

func load(t *testing.T, name string) *Version {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(mltest.Dir(), name+".onnx"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := Import(name, file)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// signature is a version's SQL signature as text.
func (v *Version) signature() string {
	var in, out []string
	for _, a := range v.Inputs {
		in = append(in, fmt.Sprintf("%s %s", a.Name, a.Type))
	}
	for _, o := range v.Outputs {
		out = append(out, fmt.Sprintf("%s %s", o.Name, o.Type))
	}
	return strings.Join(in, ", ") + " -> " + strings.Join(out, ", ")
}

func TestSignature(t *testing.T) {
	for name, want := range map[string]string{
		"classifier":              "c1 real, c2 real, c3 real, c4 real -> class bigint",
		"sk_logreg_iris":          "x1 real, x2 real, x3 real, x4 real -> output_label bigint, output_probability real[]",
		"sk_logreg_iris_names":    "x1 real, x2 real, x3 real, x4 real -> label text, probabilities real[]",
		"sk_columns_iris":         "sepal_length real, sepal_width real, petallength real, petalwidth real -> output_label bigint, output_probability real[]",
		"sk_mixed_wine":           "shade text, acid bigint, f0 real, f1 real, f2 real, f3 real -> output_label bigint, output_probability real[]",
		"pt_labelled_iris_script": "x1 real, x2 real, x3 real, x4 real -> label bigint, probabilities real[]",
	} {
		if got := load(t, name).signature(); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	v := load(t, "sk_linreg_f64_diabetes")
	if got := v.signature(); !strings.HasPrefix(got, "x1 double precision,") || !strings.HasSuffix(got, "-> variable double precision") {
		t.Errorf("got %s", got)
	}
}

// TestTreeSignature: features name the arguments; NULL is a missing value, of texts too.
func TestTreeSignature(t *testing.T) {
	for file, want := range map[string]string{
		"xgb_squared.json":     "age real, body_mass real, größe real, x_y real, f4 real -> prediction real",
		"xgb_softprob_ubj.ubj": "f0 real, f1 real, f2 real, f3 real, f4 real -> probabilities real[]",
		"xgb_softmax.ubj":      "f0 real, f1 real, f2 real, f3 real, f4 real -> class bigint",
		"xgb_frame.json":       "height real, colour text, code real -> prediction real",
		"lgb_binary.txt": "column_0 double precision, column_1 double precision, column_2 double precision, " +
			"column_3 double precision, column_4 double precision -> probability double precision",
		"lgb_frame.txt": "height double precision, colour text, code double precision -> prediction double precision",
	} {
		b, err := os.ReadFile(filepath.Join(mltest.Dir(), "trees", file))
		if err != nil {
			t.Fatal(err)
		}
		v, err := Import(file, b)
		if err != nil {
			t.Fatal(err)
		}
		if got := v.signature(); got != want {
			t.Errorf("%s: got %s, want %s", file, got, want)
		}
		for _, a := range v.Inputs {
			if !a.MissingAsNaN || v.NullsOf(a) != NullsNaN {
				t.Errorf("%s: argument %s: NULL is no missing value", file, a.Name)
			}
		}
	}
}

// TestFixtures runs every model as the registry gives it, normalised, after a round trip through the catalog's bytes.
func TestFixtures(t *testing.T) {
	for _, f := range mltest.Load(t) {
		first, err := Import(f.Name, f.File)
		if err != nil {
			t.Error(err)
			continue
		}
		v, err := Decode(f.Name, slices.Concat(first.Encode(f.File)), Options{})
		if err != nil {
			t.Errorf("%s: %v", f.Name, err)
			continue
		}
		if v.Name != f.Name || v.Hash != first.Hash || v.Graph.String() != first.Graph.String() {
			t.Errorf("%s: is not the same after a round trip", f.Name)
		}
		for r := range f.Rows() {
			out, err := interp.Run(v.Graph, f.Row(t, v.Graph, r), interp.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for i, o := range v.Graph.Outputs {
				if d := f.Outputs[o.Name].Diff(r, out[i], 1e-5); d != "" {
					t.Errorf("%s: output %q, row %d: %s\n%s", f.Name, o.Name, r, d, v.Graph)
				}
			}
		}
	}
}

func TestBadFiles(t *testing.T) {
	for _, c := range []struct {
		file string
		code sqlstate.Code
		want string
	}{
		{"", sqlstate.InvalidParameterValue, `model "m": the file is empty`},
		{"PK\x03\x04....", sqlstate.FeatureNotSupported, "a zip archive"},
		{"\x1f\x8b\x08....", sqlstate.FeatureNotSupported, "compressed"},
		{"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a", sqlstate.InvalidParameterValue, "the file is text"},
		{"model.onnx", sqlstate.InvalidParameterValue, "the file is text"},
		{"{\"learner\":{}}", sqlstate.InvalidParameterValue, "XGBoost model: there is no learner.gradient_booster.model"},
		{"binf....", sqlstate.FeatureNotSupported, "XGBoost's old binary format is not supported"},
		{"tree\nversion=v4\n", sqlstate.InvalidParameterValue, "LightGBM file, line 2: the file ends in the header"},
		{"\x0bhello, world", sqlstate.InvalidParameterValue, `model "m": ONNX file`},
	} {
		_, err := Import("m", []byte(c.file))
		if e := sqlstate.Of(err); err == nil || e.Code != c.code || !strings.Contains(e.Message, c.want) {
			t.Errorf("%q: got %v, want %s %s", c.file, err, c.code, c.want)
		}
	}
}

func TestDamagedEncoding(t *testing.T) {
	file, err := os.ReadFile(filepath.Join(mltest.Dir(), "classifier.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	b := slices.Concat(load(t, "classifier").Encode(file))
	for i := range b {
		c := append([]byte(nil), b...)
		c[i] ^= 0x40
		if _, err := Decode("m", c, Options{}); err == nil {
			t.Errorf("a flipped bit in byte %d is not noticed", i)
		}
		if _, err := Decode("m", b[:i], Options{}); err == nil {
			t.Errorf("a cut to %d bytes is not noticed", i)
		}
	}
}

func TestIdentifier(t *testing.T) {
	for in, want := range map[string]string{"x": "x", "Sepal Width (cm)": "sepal_width__cm_", "1st": "_1st", "": "value", "___": "value",
		"größe": "größe", strings.Repeat("a", 100): strings.Repeat("a", 57), "a\"b;--": "a_b___"} {
		if got := identifier(in); got != want {
			t.Errorf("identifier(%q) = %q, want %q", in, got, want)
		}
	}
	taken := map[string]bool{}
	if a, b, c := unique("a", taken), unique("a", taken), unique("a_2", taken); a != "a" || b != "a_2" || c != "a_2_2" {
		t.Errorf("got %s, %s, %s", a, b, c)
	}
}

func FuzzDecode(f *testing.F) {
	file, err := os.ReadFile(filepath.Join(mltest.Dir(), "classifier.onnx"))
	if err != nil {
		f.Fatal(err)
	}
	v, err := Import("m", file)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(slices.Concat(v.Encode(file)), false)
	f.Add(file, true)
	f.Fuzz(func(t *testing.T, b []byte, raw bool) {
		var v *Version
		var err error
		if raw {
			v, err = Import("m", b)
		} else {
			v, err = Decode("m", b, Options{})
		}
		if err == nil && v.Graph.Verify() != nil {
			t.Error("a broken graph")
		}
	})
}

// TestFirstFormat: models that were stored before names lay in the catalog alone.
func TestFirstFormat(t *testing.T) {
	file, err := os.ReadFile(filepath.Join(mltest.Dir(), "classifier.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	body := slices.Concat([]byte{3, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0}, []byte("old"), file)
	sum := sha256.Sum256(body)
	v, err := Decode("new", slices.Concat([]byte(magic), []byte{1}, sum[:], body), Options{})
	if err != nil || v.Name != "new" || v.Hash != load(t, "classifier").Hash {
		t.Errorf("%+v, %v", v, err)
	}
	long := []byte{3, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255}
	sum = sha256.Sum256(long)
	if _, err := Decode("new", slices.Concat([]byte(magic), []byte{1}, sum[:], long), Options{}); err == nil {
		t.Error("a name longer than the blob")
	}
}

// TestManyOutputs: a model has as many outputs as a query has columns.
func TestManyOutputs(t *testing.T) {
	b := &graph.Builder{Graph: graph.New("g")}
	x := b.Input("x", graph.Of(graph.F32))
	for i := range maxArguments + 1 {
		b.Graph.Output(fmt.Sprint("?", i), x)
	}
	if _, err := outputs(b.Graph); sqlstate.Of(err).Code != sqlstate.TooManyColumns {
		t.Errorf("got %v", err)
	}
	b.Graph.Outputs = b.Graph.Outputs[1:]
	if _, err := outputs(b.Graph); err != nil {
		t.Error(err)
	}
}
