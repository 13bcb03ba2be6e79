package instance

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/compile/crt"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// serving is an instance with clients' way to it.
type serving struct {
	*testing.T
	*Instance
	address string
	stop    context.CancelFunc
	ended   chan error
}

func serve(t *testing.T, dir string) *serving {
	t.Helper()
	return serveWith(t, Options{DataDir: dir})
}

func serveWith(t *testing.T, options Options) *serving {
	t.Helper()
	if _, err := crt.Executor("baseline"); err != nil {
		t.Skip(err)
	}
	options.ModelDir, options.CopyDir, options.Threads = "../../../testdata/models", "../../../testdata/models", 2
	i, err := Open(options)
	if err != nil {
		t.Fatal(err)
	}
	s := &serving{T: t, Instance: i, ended: make(chan error, 1)}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	ready := make(chan string, 1)
	go func() { s.ended <- i.Serve(ctx, "127.0.0.1:0", func(bound string) { ready <- bound }) }()
	select {
	case s.address = <-ready:
	case err := <-s.ended:
		t.Fatal(err)
	}
	return s
}

// end stops the server as SIGTERM does.
func (s *serving) end() {
	s.Helper()
	s.stop()
	if err := <-s.ended; err != nil {
		s.Error(err)
	}
	if err := s.Close(); err != nil {
		s.Error(err)
	}
}

func (s *serving) connect(ctx context.Context) *pgx.Conn {
	s.Helper()
	c, err := pgx.Connect(ctx, fmt.Sprintf("postgres://flern@%s/flern", s.address))
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { c.Close(context.Background()) })
	return c
}

// text runs a query string in the simple protocol and returns its last result: values by '|', rows by newline, or the code
// of the error.
func text(ctx context.Context, c *pgx.Conn, sql string) string {
	results, err := c.PgConn().Exec(ctx, sql).ReadAll()
	var problem *pgconn.PgError
	if errors.As(err, &problem) {
		return problem.Code
	}
	if err != nil {
		return err.Error()
	}
	if len(results) == 0 {
		return ""
	}
	last := results[len(results)-1]
	if len(last.FieldDescriptions) == 0 {
		return last.CommandTag.String()
	}
	var lines []string
	for _, row := range last.Rows {
		values := make([]string, len(row))
		for i, value := range row {
			values[i] = string(value)
		}
		lines = append(lines, strings.Join(values, "|"))
	}
	return strings.Join(lines, "\n")
}

// TestEndToEnd goes the whole way, from a client to programs and back, and over a restart.
func TestEndToEnd(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "db")
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	s := serve(t, dir)
	c := s.connect(ctx)
	for _, line := range [][2]string{
		{"select 1 + 1, 'a' || 'b', null", "2|ab|"},
		{"create table t (a int4, b text, n numeric(10,2), d date)", "CREATE TABLE"},
		{"insert into t values (1, 'x', 1.5, '2020-02-29'), (2, null, null, null)", "INSERT 0 2"},
		{"select * from t order by a", "1|x|1.50|2020-02-29\n2|||"},
		{"begin; insert into t select i, 'n', i, null from generate_series(3, 10) i; select count(*) from t", "10"},
		{"rollback; select count(*), sum(n) from t", "2|1.50"},
		{"create model classifier from 'classifier.onnx'", "CREATE MODEL"},
		{"select classifier(5.1, 3.5, 1.4, 0.2)", "0"},
		{"select 1 / 0", "22012"},
		{"select a from nowhere", "42P01"},
		{"create table data (id int8 primary key, real_class int4, c1 real, c2 real, c3 real, c4 real)", "CREATE TABLE"},
		{"copy data from 'iris.csv' with (format csv, header)", "COPY 150"},
		{"select count(*) from data where classifier(c1, c2, c3, c4) = real_class and c1 > 5", "115"},
	} {
		if got := text(ctx, c, line[0]); got != line[1] {
			t.Errorf("%s\n got %s\nwant %s", line[0], got, line[1])
		}
	}

	var a int32
	var b string
	var n float64
	var d time.Time
	err := c.QueryRow(ctx, "select a, b, n::float8, d from t where a = $1 and b like $2", 1, "x%").Scan(&a, &b, &n, &d)
	if err != nil || a != 1 || b != "x" || n != 1.5 || d.Format(time.DateOnly) != "2020-02-29" {
		t.Errorf("extended query: %d %q %v %v, %v", a, b, n, d, err)
	}
	tag, err := c.PgConn().CopyFrom(ctx, strings.NewReader("3,y,2.25,2021-01-01\n4,z,,\n"), "copy t from stdin with (format csv)")
	if err != nil || tag.String() != "COPY 2" {
		t.Errorf("copy: %v, %v", tag, err)
	}
	short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	if _, err := s.connect(ctx).Exec(short, "select count(*) from generate_series(1, 1000000000000::int8) i where i % 7 = 3"); err == nil {
		t.Error("a query outlived its context")
	}
	s.end()

	s = serve(t, dir)
	defer s.end()
	c = s.connect(ctx)
	if got := text(ctx, c, "select count(*), count(b) from t"); got != "4|3" {
		t.Errorf("after a restart: %s", got)
	}
	if got := text(ctx, c, "select classifier(5.1, 3.5, 1.4, 0.2)"); got != "0" {
		t.Errorf("after a restart: %s", got)
	}
}

func TestSecondInstanceIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "db")
	s := serve(t, dir)
	defer s.end()
	if second, err := Open(Options{DataDir: dir}); err == nil {
		second.Close()
		t.Error("two instances on one data directory")
	} else if !strings.Contains(err.Error(), "in use") {
		t.Error(err)
	}
}

func TestEmit(t *testing.T) {
	s := serve(t, filepath.Join(t.TempDir(), "db"))
	defer s.end()
	for stage, want := range map[string]string{"plan": "Function Scan", "pipelines": "p0: GenerateSeries", "ir": "func p0_", "c": "#include \"fl.h\""} {
		got, err := s.Emit(context.Background(), stage, "select count(*) from generate_series(1, 10) i")
		if err != nil || !strings.Contains(got, want) {
			t.Errorf("%s: %v\n%s", stage, err, got)
		}
	}
	if _, err := s.Emit(context.Background(), "plan", "select 1; select 2"); err == nil {
		t.Error("two statements were accepted")
	}
}
