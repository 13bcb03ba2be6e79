package compile

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/mltest"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// sklearnGaps names the pipelines that are refused, and what of them is. docs/models.md lists the same.
var sklearnGaps = map[string]string{
	"KNNImputer": "NonZero",
}

// TestSklearn runs a pipeline of every kind that scikit-learn's converter exports, and compares with ONNX Runtime's outputs and
// with scikit-learn's.
func TestSklearn(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	optimised := strings.Fields("SVC_rbf SVR_rbf KNeighborsRegressor_distance CategoricalNB QDA ColumnTransformer_titanic_forest LocalOutlierFactor")
	for _, f := range mltest.Sklearn(t) {
		t.Run(f.Name, func(t *testing.T) {
			if gap, ok := sklearnGaps[f.Name]; ok {
				_, err := registry.Import("m", f.File)
				if err == nil || sqlstate.Of(err).Code != sqlstate.FeatureNotSupported || !strings.Contains(err.Error(), gap) {
					t.Errorf("it was refused for %s; now: %v", gap, err)
				}
				return
			}
			d.opt.Tier = "fast"
			predicts(t, d, f)
			if slices.Contains(optimised, f.Name) {
				d.opt.Tier = "best"
				predicts(t, d, f)
			}
		})
	}
}

// TestPipelines runs operators over texts, CatBoost's exports and pipelines over data frames.
func TestPipelines(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2})
	d.opt.Tier = "fast"
	for _, f := range mltest.Pipelines(t) {
		t.Run(f.Name, func(t *testing.T) { predicts(t, d, f) })
	}
}

// TestUnknownCategory: an encoder that is to fail for what it does not know fails, but not for rows that are not asked.
func TestUnknownCategory(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	for _, f := range mltest.Sklearn(t) {
		if f.Name != "OneHotEncoder_text_error" {
			continue
		}
		v, err := registry.Import("m", f.File)
		if err != nil {
			t.Fatal(err)
		}
		d.models["m"] = sqlModel(v, 1)
		rows := "(VALUES ('red', 'm'), ('pink', 'm'), (NULL, 'm')) v(a, b)"
		for _, d.opt.Tier = range []string{"fast", "best"} {
			got, _, err := d.run("SELECT m(a, b) FROM "+rows+" WHERE a IS NULL OR a <> 'pink'", "")
			if err != nil || len(got) != 2 || got[0][0] != "{0,0,1,0,1,0}" || got[1][0] != "∅" {
				t.Errorf("%s: got %v, %v", d.opt.Tier, got, err)
			}
			if _, _, err = d.run("SELECT m(a, b) FROM "+rows, ""); err == nil || sqlstate.Of(err).Code != sqlstate.InvalidParameterValue {
				t.Errorf("%s: of an unknown category: %v", d.opt.Tier, err)
			}
		}
	}
}

// TestRemembered: over a column with a dictionary, what depends on one text alone is computed once a string, by whichever worker meets
// it first, and only for rows that are asked: an encoder that is to fail fails for these alone.
func TestRemembered(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2})
	for _, f := range mltest.Sklearn(t) {
		if f.Name == "OneHotEncoder_text_error" || f.Name == "TfidfVectorizer_logistic" {
			v, err := registry.Import("m", f.File)
			if err != nil {
				t.Fatal(err)
			}
			d.models[map[bool]string{true: "strict", false: "words"}[len(v.Inputs) == 2]] = sqlModel(v, uint64(len(v.Inputs)))
		}
	}
	d.must("CREATE TABLE t (id int4, a text, b text, doc text)")
	var data strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&data, "%d,%s,%s,mat sat on %d %s\n", i, []string{"red", "green", "", "pink"}[i%4], []string{"m", "l"}[i%2], i%700, strings.Repeat("dog ", i%3*4))
	}
	if _, _, err := d.run("COPY t FROM STDIN WITH (FORMAT csv)", data.String()); err != nil {
		t.Fatal(err)
	}
	for _, d.opt.Tier = range []string{"fast", "best"} {
		// Texts that are the result of an expression have no codes.
		same := d.must("SELECT count(*) FROM t WHERE (words(doc)).label <> (words(doc || '')).label OR (words(doc)).probabilities[1] <> (words(doc || '')).probabilities[1]")
		if some := d.must("SELECT (words(doc)).label, count(*) > 1000 FROM t GROUP BY 1 ORDER BY 1"); same != "0\n" || some != "0|t\n1|t\n" {
			t.Errorf("%s: %s rows differ; %s", d.opt.Tier, same, some)
		}
		if got := d.must("SELECT count(*), count(strict(a, b)), sum((strict(a, b))[3]) FROM t WHERE a <> 'pink' OR a IS NULL"); got != "15000|10000|5000\n" {
			t.Errorf("%s: %s", d.opt.Tier, got)
		}
		if _, _, err := d.run("SELECT count(strict(a, b)) FROM t", ""); err == nil || sqlstate.Of(err).Code != sqlstate.InvalidParameterValue {
			t.Errorf("%s: of an unknown category: %v", d.opt.Tier, err)
		}
	}
}

// TestSklearnFields calls for one output, for an element of one, and for those that a ZipMap takes apart.
func TestSklearnFields(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	d.opt.Tier = "fast"
	queries := map[string][2]string{
		"LogisticRegression_zipmap":  {"m(x), (m(x)).output_label, (m(x)).output_probability[1] > 0.9, cardinality((m(x)).output_probability)", "setosa setosa t 3"},
		"LogisticRegression_columns": {"(m(x)).output_label, (m(x)).ssetosa > 0.9, (m(x)).svirginica < 0.1", "setosa t t"},
		"LogisticRegression":         {"m(x), (m(x)).probabilities[2] < 0.1, (m(x)).probabilities[4]", "0 t ∅"},
	}
	for _, f := range mltest.Sklearn(t) {
		query, ok := queries[f.Name]
		if !ok {
			continue
		}
		v, err := registry.Import("m", f.File)
		if err != nil {
			t.Fatal(err)
		}
		d.models["m"] = sqlModel(v, uint64(len(f.Name)))
		got, _, err := d.run("SELECT "+strings.ReplaceAll(query[0], "m(x)", "m(5.1::real, 3.5::real, 1.4::real, 0.2::real)"), "")
		if err != nil || len(got) != 1 || strings.Join(got[0], " ") != query[1] {
			t.Errorf("%s: got %v, %v, want %s", f.Name, got, err, query[1])
		}
	}
}
