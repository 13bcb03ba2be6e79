package compile

import (
	"fmt"
	"math/rand"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// manyModels registers models of four numbers: forty networks of one shape, two of another, of double precision; some that classify; some
// that do not go with these.
func manyModels(t *testing.T, d *database) {
	r := rand.New(rand.NewSource(7))
	for i := range 40 {
		d.models[fmt.Sprintf("net%d", i)] = sqlModel(stack(t, r, graph.F32, 4, -1, []layer{{24, graph.Relu}, {1, graph.Relu}}), uint64(100+i))
	}
	for i := range 2 {
		d.models[fmt.Sprintf("wide%d", i)] = sqlModel(stack(t, r, graph.F64, 4, -1, []layer{{6, graph.LeakyRelu}, {1, graph.IsNaN}}), uint64(200+i))
	}
	for name, m := range d.models {
		m.Name = name
	}
	for name, file := range map[string]string{"classifier": "classifier.onnx", "logreg": "sk_logreg_iris.onnx", "kmeans": "sk_kmeans_iris.onnx",
		"names":      "sk_logreg_iris_names.onnx",
		"othernames": "sk_mlp_names_iris.onnx", "ten": "sk_linreg_diabetes.onnx"} {
		d.model(name, file)
	}
	strict := d.models["classifier"]
	strict.Nulls = []logical.NullPolicy{logical.NullIsError, logical.NullIsError, logical.NullIsError, logical.NullIsError}
}

// TestChoice runs calls whose rows name their models, compiled and in the reference interpreter.
func TestChoice(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2})
	manyModels(t, d)
	d.must("CREATE TABLE t (id int, name text, a real, b real, c float8, d int NOT NULL)")
	d.must(`INSERT INTO t SELECT i, CASE WHEN i % 7 = 1 THEN 'wide' || i % 2 WHEN i % 7 = 2 THEN 'kmeans' WHEN i % 7 = 3 THEN 'logreg'
		WHEN i % 7 > 3 THEN 'net' || i % 40 END, CASE WHEN i % 13 > 0 THEN i % 8 END, i % 5 + 0.5, i / 1000.0, i % 3 FROM generate_series(1, 3000) i`)
	d.must("CREATE TABLE texts (id int, name text, a real)")
	d.must("INSERT INTO texts SELECT i, CASE WHEN i % 3 > 0 THEN 'names' ELSE 'othernames' END, i % 9 FROM generate_series(1, 100) i")
	for _, tier := range []string{"fast", "best"} {
		d.opt.Tier = tier
		for i, c := range choices {
			if tier == "best" && i%4 > 0 {
				continue // compiling them takes a second each
			}
			againstReference(t, d, c.sql, c.code)
		}
	}
}

var choices = []struct {
	sql  string
	code sqlstate.Code
}{
	{"SELECT id, predict(name, a, b, c, d) p FROM t", ""},
	{"SELECT id, name, predict(name, a, b, c, d) p FROM t WHERE predict(name, a, b, c, d) > 0.4 AND id % 3 > 0", ""},
	{"SELECT id, m.name, predict(m.name, a, b, c, d) FROM t, (VALUES ('net1'), ('net2'), ('wide0'), (NULL)) m(name)", ""},
	{"SELECT id, predict(m.name, b, b, c, d) FROM t, (VALUES ('classifier'), ('kmeans'), ('logreg')) m(name)", ""},
	{"SELECT id, avg(predict(m.name, a, b, c, d)), count(*) FROM t, (VALUES ('net1'), ('net7'), ('net3')) m(name) GROUP BY id", ""},
	{"SELECT name, count(*), count(predict(name, a, b, c, d)) FROM t GROUP BY name", ""},
	{"SELECT id, predict(name, a, 1, 2, 3) FROM texts", ""},
	{"SELECT id, predict(CASE WHEN id < 3 THEN 'net1' ELSE name END, a, 1, 2, 3) FROM texts", sqlstate.UndefinedFunction},
	{"SELECT id, predict(CASE WHEN id < 3 THEN 'net1' ELSE name END, a, 1, 2, 3)::text FROM texts", ""},
	{"SELECT id, predict(name, a, b, c, d)::int, predict(name, a, b, c, d)::text FROM t WHERE name NOT LIKE 'wide%'", ""},
	{"SELECT id, predict(name, a, b, c, d)::float8 FROM t", ""},
	{"SELECT id, predict(name, a, 1, 2, 3), (predict(name, a, 1, 2, 3)).output_probability[3] FROM texts WHERE name = 'othernames' AND (predict(name, a, 1, 2, 3)).output_probability[1] < 0.9", ""},
	{"SELECT id, (predict(m.name, a, b, c, d)).output_probability[2], predict(m.name, a, b, c, d)::text FROM t, (VALUES ('logreg'), ('othernames'), (NULL)) m(name)", ""},
	{"SELECT id, m.name, (predict(m.name, a, b, c, d) * 2 > 1)::int FROM t, (VALUES ('net1'), ('net2'), ('kmeans')) m(name)", ""},
	{"SELECT id, (predict(CASE WHEN id > 9 THEN 'net1' ELSE 'logreg' END, a, b, c, d)).output_probability FROM t", sqlstate.UndefinedFunction},
	{"SELECT id, predict(m.name, a, 1, 2, 3) FROM texts, (VALUES ('names'), ('othernames')) m(name)", ""},
	{"SELECT id, predict(name || '', a, b, c, d) FROM t WHERE id < 10", ""},
	{"SELECT id, predict(name || '!', a, b, c, d) FROM t WHERE id < 10", sqlstate.UndefinedObject},
	{"SELECT id, CASE WHEN id > 5 THEN predict(name, a, b, c, d) ELSE predict('net1', a, b, c, d) END FROM t", ""},
	{"SELECT id, CASE WHEN id > 2990 THEN predict('x' || name, a, b, c, d) END FROM t WHERE id < 2000", ""},
	{"SELECT id, predict(CASE WHEN id > 2990 THEN 'ten' ELSE 'net1' END, a, b, c, d) FROM t", sqlstate.UndefinedFunction},
	{"SELECT id, predict('class' || 'ifier', a, b, c, d) FROM t WHERE a IS NOT NULL", ""},
	{"SELECT id, predict('class' || 'ifier', a, b, c, d) FROM t", sqlstate.NullValueNotAllowed},
	{"SELECT id, predict(CASE WHEN a > 0 THEN 'classifier' ELSE 'net5' END, a, b, c, d) FROM t", ""},
	{"SELECT id, predict(CASE WHEN a > 0 THEN 'classifier' ELSE 'net5' END, b, a, c, NULL) FROM t WHERE a IS NULL OR a < 0", ""},
	{"SELECT id, predict(NULL::text, a, b, c, d) FROM t", ""},
}

// TestChoiceBounds refuses models of too many kinds, and tells the error's model and reason.
func TestChoiceBounds(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	d.opt.Tier = "fast"
	manyModels(t, d)
	for sql, want := range map[string]string{
		"SELECT predict('no' || a, 1, 2, 3, 4) FROM (VALUES (1)) t(a)":                                          "model \"no1\" does not exist",
		"SELECT predict('no' || a, 1, 2, 3, 4) FROM (VALUES ('ne')) t(a)":                                       "model \"none\" does not exist",
		"SELECT predict(CASE WHEN a = 1 THEN 'ten' ELSE 'net5' END, 1, 2, 3, 4) FROM (VALUES (1)) t(a)":         "model \"ten\" takes 10 arguments, not 4",
		"SELECT predict(CASE WHEN a = 1 THEN 'names' ELSE 'net5' END, 1, 2, 3, 4) FROM (VALUES (1)) t(a)":       "model \"names\" returns text, others that take the same arguments real; predict(…)::text returns both",
		"SELECT predict(CASE WHEN a = 1 THEN 'ten' ELSE 'net5' END, 1, 2, 3, 4)::real[] FROM (VALUES (1)) t(a)": "no model takes the arguments of predict",
		"SELECT predict(a, 1, 2) FROM (VALUES ('names')) t(a)":                                                  "no model takes the arguments of predict",
		"SELECT predict(1, 1, 2)":                                  "the name of a model must be text, not integer",
		"SELECT (predict('class' || 'ifier', 1, 2, 3, 4)).*":       "row expansion of a model whose name is not a constant is not supported",
		"SELECT (predict('class' || 'ifier', 1, 2, 3, 4)::text).x": "column notation .x applied to type text, which is not a composite type",
		"SELECT (predict(CASE WHEN a = 1 THEN 'net5' ELSE 'logreg' END, 1, 2, 3, 4)).output_probability FROM (VALUES (1)) t(a)": "model \"net5\" has no output named \"output_probability\"",
	} {
		if _, _, err := d.run(sql, ""); err == nil || sqlstate.Of(err).Message != want {
			t.Errorf("%s\n got %v\nwant %s", sql, err, want)
		}
	}
	r := rand.New(rand.NewSource(1))
	for i := range 80 {
		name := fmt.Sprintf("kind%d", i)
		d.models[name] = sqlModel(stack(t, r, graph.F32, 1, -1, []layer{{1 + i, graph.Relu}, {1, graph.IsNaN}}), uint64(1000+i))
		d.models[name].Name = name
	}
	_, _, err := d.run("SELECT predict('kind' || i, 1) FROM generate_series(1, 60) i", "") // each is unrolled in code of its own
	if err == nil || sqlstate.Of(err).Code != sqlstate.ProgramLimitExceeded {
		t.Error(err)
	}
}
