package compile

import (
	"testing"

	"github.com/flernd/flernd/internal/compile/refexec"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// TestModelNulls runs calls with NULL arguments under each policy, compiled and in the reference interpreter.
func TestModelNulls(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2})
	for name, policy := range map[string]logical.NullPolicy{"isnull": logical.NullIsNull, "isnan": logical.NullIsNaN, "iserror": logical.NullIsError} {
		d.model(name, "sk_logreg_iris.onnx")
		m := d.models[name]
		m.Nulls = []logical.NullPolicy{policy, policy, policy, policy}
		m.Native = []sqltype.Type{m.Outputs[0].Type, m.Outputs[1].Type}
		m.Outputs[0].Type = sqltype.Of(sqltype.Int2)
	}
	d.must("CREATE TABLE t (id int, a real, b real, c float8, d int NOT NULL)")
	d.must("INSERT INTO t SELECT i, CASE WHEN i % 3 > 0 THEN i % 8 END, CASE WHEN i % 5 <> 2 THEN 3.5 END, CASE WHEN i % 11 > 0 THEN i / 100.0 END, i % 3 FROM generate_series(1, 1500) i")
	for _, tier := range []string{"fast", "best"} {
		d.opt.Tier = tier
		for sql, code := range map[string]sqlstate.Code{
			"SELECT id, isnull(a, b, c, d) p, (isnull(a, b, c, d)).output_probability[2] FROM t":                          "",
			"SELECT id, isnan(a, b, c, d) p, (isnan(a, b, c, d)).output_probability[2] FROM t":                            "",
			"SELECT id, isnan(a, NULL, c, d) p FROM t WHERE isnan(a, NULL, c, d) >= 0 AND id % 2 = 1":                     "",
			"SELECT id, isnull(a, NULL, c, d) p FROM t":                                                                   "",
			"SELECT id, iserror(a, b, c, d) p FROM t":                                                                     sqlstate.NullValueNotAllowed,
			"SELECT id, iserror(a, b, c, d) p FROM t WHERE a IS NOT NULL AND b > 0 AND c > 0":                             "",
			"SELECT id, CASE WHEN a > 0 AND b > 0 AND c > 0 THEN iserror(a, b, c, d) END p FROM t WHERE id % 7 = 0":       "",
			"SELECT id, CASE WHEN a > 0 AND b > 0 THEN iserror(a, b, c, d) END p FROM t":                                  sqlstate.NullValueNotAllowed,
			"SELECT id, iserror(1, 2, NULL, d) FROM t WHERE id = 3":                                                       sqlstate.NullValueNotAllowed,
			"SELECT id, iserror(1, 2, NULL, d) FROM t WHERE id = 0":                                                       "",
			"SELECT sum(iserror(coalesce(a, 1), coalesce(b, 2), coalesce(c, 3), d)) FROM t":                               "",
			"SELECT isnan(a, b, c, d) p, count(*) FROM t WHERE isnan(a, b, c, d) < 2 GROUP BY isnan(a, b, c, d)":          "",
			"SELECT count(*) FROM t WHERE isnull(a, b, c, d) IS NULL":                                                     "",
			"SELECT count(*) FROM t WHERE isnan(a, b, c, d) IS NULL":                                                      "",
			"SELECT id FROM t WHERE isnan(a, b, c, d) = 1 ORDER BY (isnan(a, b, c, d)).output_probability[1], id LIMIT 9": "",
		} {
			againstReference(t, d, sql, code)
		}
	}
}

// againstReference compares what a query gives, compiled, with the reference interpreter's answer, or errors by their code.
func againstReference(t *testing.T, d *database, sql string, code sqlstate.Code) {
	t.Helper()
	p, release, err := planFor(d, sql)
	if err != nil {
		t.Fatalf("%s\n%v", sql, err)
	}
	want, wantErr := refexec.Run(p.Root, nil, refexec.Interpreted(d.rounding()))
	got, gotErr := runPlan(d, p)
	release()
	if wantErr != nil || gotErr != nil || code != "" {
		if wantErr == nil || gotErr == nil || sqlstate.Of(wantErr).Code != code || sqlstate.Of(gotErr).Code != code {
			t.Errorf("%s\n got error %v\nreference %v\nwant %s", sql, gotErr, wantErr, code)
		}
		return
	}
	types := make([]sqltype.Type, len(p.Columns))
	for i, c := range p.Columns {
		types[i] = c.Type
	}
	parsed, err := parseAll(types, got)
	if err != nil {
		t.Fatalf("%s\n%v", sql, err)
	}
	if diff := refexec.Compare(types, want, parsed, false); diff != "" {
		t.Errorf("%s\n%s", sql, diff)
	}
}
