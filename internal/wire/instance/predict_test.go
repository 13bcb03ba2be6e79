package instance

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// TestPredictWhileReplaced replaces a model, again and again, while queries call it by a column: each sees one of its versions from its
// first row to its last. The versions number the classes of the same flowers differently.
func TestPredictWhileReplaced(t *testing.T) {
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	s := serve(t, filepath.Join(t.TempDir(), "db"))
	defer s.end()
	c := s.connect(ctx)
	for _, sql := range []string{"create model a from 'classifier.onnx'", "create model b from 'classifier.onnx'",
		"create table t (model text, x real)",
		"insert into t select case when i % 2 = 0 then 'a' else 'b' end, 5.1 from generate_series(1, 300000) i"} {
		if _, err := c.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	done := make(chan error, 1)
	finish := make(chan struct{})
	other := s.connect(ctx)
	go func() {
		files := []string{"sk_kmeans_iris.onnx", "classifier.onnx"}
		for i := 0; ; i++ {
			select {
			case <-finish:
				done <- nil
				return
			default:
			}
			if _, err := other.Exec(ctx, "create or replace model b from '"+files[i%2]+"'"); err != nil {
				done <- err
				return
			}
		}
	}()
	seen := map[int]bool{}
	for i := 0; i < 300 && (i < 20 || len(seen) < 2); i++ {
		// Of b's rows all have one class, whichever version is its current one.
		var distinct, rows, class int
		err := c.QueryRow(ctx, "select max(n), sum(k), max(case when model = 'b' then c end) from (select model, count(distinct p) n, count(*) k, min(p) c from "+
			"(select model, predict(model, x, 3.5, 1.4, 0.2) p from t) q group by model) g").Scan(&distinct, &rows, &class)
		if err != nil || distinct != 1 || rows != 300000 {
			t.Errorf("%d classes, %d rows, error %v", distinct, rows, err)
			break
		}
		seen[class] = true
	}
	if len(seen) < 2 {
		t.Errorf("only classes %v were seen", seen)
	}
	close(finish)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestPredictParameter gives the model's name as a parameter: one prepared statement, by pgx in the extended protocol, calls one model
// and then another.
func TestPredictParameter(t *testing.T) {
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	s := serve(t, filepath.Join(t.TempDir(), "db"))
	defer s.end()
	c := s.connect(ctx)
	for _, sql := range []string{"create model a from 'classifier.onnx'", "create model b from 'sk_kmeans_iris.onnx'",
		"create table t (x real)", "insert into t select i / 50.0 from generate_series(1, 3000) i"} {
		if _, err := c.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Prepare(ctx, "named", "select count(*), sum(predict($1, x, 3.5, 1.4, 0.2)) from t"); err != nil {
		t.Fatal(err)
	}
	sums := map[string]int64{}
	for _, name := range []string{"a", "b", "a"} {
		var rows, got, want int64
		if err := c.QueryRow(ctx, "named", name).Scan(&rows, &got); err != nil || rows != 3000 {
			t.Fatalf("%s: %d rows, error %v", name, rows, err)
		}
		if err := c.QueryRow(ctx, "select sum("+name+"(x, 3.5, 1.4, 0.2)) from t").Scan(&want); err != nil || got != want {
			t.Errorf("%s: %d by parameter, %d by call, error %v", name, got, want, err)
		}
		sums[name] = got
	}
	if sums["a"] == sums["b"] {
		t.Error("both models give the same sum, which tells nothing")
	}
	var none *int64
	if err := c.QueryRow(ctx, "select sum(predict($1::text, x, 3.5, 1.4, 0.2)) from t", nil).Scan(&none); err != nil || none != nil {
		t.Errorf("of no name: %v, error %v", none, err)
	}
	var failed *pgconn.PgError
	if err := c.QueryRow(ctx, "named", "missing").Scan(new(int64), new(int64)); !errors.As(err, &failed) || failed.Code != "42704" {
		t.Errorf("of a name that no model has: %v", err)
	}
}
