package instance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// TestArraysByCopy: COPY reads arrays and vectors by their input functions, in both formats, and names the row of what it refuses.
func TestArraysByCopy(t *testing.T) {
	ctx := context.Background()
	s := serve(t, filepath.Join(t.TempDir(), "db"))
	defer s.end()
	c := s.connect(ctx)
	exec(t, c, "create table c(id int, r real[], s text[], v vector(2))")
	for _, x := range []struct{ options, data, want string }{
		{"(format csv)", "1,\"{1,NULL,2.5}\",\"{a,\"\"b,c\"\",\"\"\\\"\"\"\"}\",\"[1,2]\"\n2,{},,\n", "COPY 2"},
		{"", "3\t{1e3}\t{\"x y\",\\\\\\\\}\t[3,4]\n4\t\\N\t\\N\t\\N\n", "COPY 2"},
		{"(format csv)", "5,{1},,\n6,\"{1,\",,\n", "22P02 malformed array literal: \"{1,\"; COPY c, line 2, column r: \"{1,\""},
		{"(format csv)", "5,\"{1,x}\",,\n", "22P02 invalid input syntax for type real: \"x\"; COPY c, line 1, column r: \"{1,x}\""},
		{"(format csv)", "5,,,\"[1,2,3]\"\n", "22000 expected 2 dimensions, not 3; COPY c, line 1: \"5,,,\"[1,2,3]\"\""},
	} {
		tag, err := c.PgConn().CopyFrom(ctx, strings.NewReader(x.data), "copy c from stdin "+x.options)
		got := tag.String()
		var problem *pgconn.PgError
		if errors.As(err, &problem) {
			got = problem.Code + " " + problem.Message + "; " + problem.Where
		}
		if got != x.want {
			t.Errorf("%q: %s, want %s", x.data, got, x.want)
		}
	}
	want := "1|{1,NULL,2.5}|{a,\"b,c\",\"\\\"\"}|[1,2]\n2|{}|NULL|NULL\n3|{1000}|{\"x y\",\"\\\\\"}|[3,4]\n4|NULL|NULL|NULL"
	if got := answers(ctx, c, "select * from c order by id"); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// TestArraysInBinary: drivers send and read arrays in binary, which is what pgx does for the types it knows.
func TestArraysInBinary(t *testing.T) {
	ctx := context.Background()
	s := serve(t, filepath.Join(t.TempDir(), "db"))
	defer s.end()
	c := s.connect(ctx)
	exec(t, c, "create table b(r real[], d float8[], i int4[], l int8[], h int2[], b bool[], s text[], v vector(2))")
	one, two := float32(1.5), "x\"y"
	in := []any{[]*float32{&one, nil}, []float64{math.Inf(1), -0.25}, []int32{1, -2}, []int64{math.MinInt64}, []int16{-7}, []bool{true, false}, []*string{&two, nil}, "[1,2]"}
	if _, err := c.Exec(ctx, "insert into b values ($1, $2, $3, $4, $5, $6, $7, $8)", in...); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Exec(ctx, "insert into b(r, i) values ($1, $2)", []float32{}, []int32{}); err != nil {
		t.Fatal(err)
	}
	out := []any{new([]*float32), new([]float64), new([]int32), new([]int64), new([]int16), new([]bool), new([]*string), new(string)}
	if err := c.QueryRow(ctx, "select * from b where cardinality(r) = cardinality($1::real[])", in[0]).Scan(out...); err != nil {
		t.Fatal(err)
	}
	for i := range in {
		if got := reflect.ValueOf(out[i]).Elem().Interface(); !reflect.DeepEqual(got, in[i]) {
			t.Errorf("column %d: %v, want %v", i, got, in[i])
		}
	}
	var empty []float32
	if err := c.QueryRow(ctx, "select r from b where cardinality(i) = 0").Scan(&empty); err != nil || empty == nil || len(empty) != 0 {
		t.Errorf("an empty array: %v, %v", empty, err)
	}
	exec(t, c, "create model m from 'classifier.onnx'")
	var class int64
	if err := c.QueryRow(ctx, "select m($1)", []float32{6.7, 3.0, 5.2, 2.3}).Scan(&class); err != nil || class != 2 {
		t.Errorf("a model of an array: %d, %v", class, err)
	}
	// pgvector's form of a vector, as a parameter and as a result.
	vector := []byte{0, 2, 0, 0, 0x3f, 0xc0, 0, 0, 0xc0, 0, 0, 0} // [1.5,-2]
	r := c.PgConn().ExecParams(ctx, "select $1, $1 + '[0,0]', $1::text", [][]byte{vector}, []uint32{16384}, []int16{1}, []int16{1}).Read()
	if r.Err != nil || !bytes.Equal(r.Rows[0][0], vector) || !bytes.Equal(r.Rows[0][1], vector) || string(r.Rows[0][2]) != "[1.5,-2]" {
		t.Errorf("a vector in binary: %v, %x", r.Err, r.Rows)
	}
	// What is no array in binary is refused, whatever it is.
	for i, raw := range [][]byte{{}, {0, 0, 0, 1}, append([]byte{0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 188, 0xff, 0xff, 0xff, 0xff}, 0, 0, 0, 1),
		{0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 188, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 1}, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 23}} {
		r := c.PgConn().ExecParams(ctx, "select $1::real[]", [][]byte{raw}, []uint32{1021}, []int16{1}, nil).Read()
		if r.Err == nil {
			t.Errorf("case %d: %s", i, r.Rows)
		}
	}
}

func exec(t *testing.T, c *pgx.Conn, sql string) {
	t.Helper()
	if _, err := c.Exec(context.Background(), sql); err != nil {
		t.Fatal(fmt.Errorf("%s: %w", sql, err))
	}
}

// TestArraysAsParameters: drivers hand lists over as arrays, in text or in binary, to ANY, ALL, unnest and the functions of arrays.
func TestArraysAsParameters(t *testing.T) {
	ctx := context.Background()
	s := serve(t, filepath.Join(t.TempDir(), "db"))
	defer s.end()
	c := s.connect(ctx)
	exec(t, c, "create table p(id int, k bigint, s text, d date, n numeric(6,2), a int[])")
	exec(t, c, "insert into p values (1, 10, 'x', '2020-01-02', 1.5, '{1,2}'), (2, 20, 'y', '2021-01-01', 2, '{}'), (3, null, null, null, null, null)")
	day := time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC)
	for _, x := range []struct {
		where string
		param any
		want  []int32
	}{
		{"k = any($1)", []int64{10, 30}, []int32{1}},
		{"k = any($1)", []int64{}, nil},
		{"k = any($1)", []int64(nil), nil},
		{"k = any($1)", []int64{9, 8, 7, 6, 5, 10, 20}, []int32{1, 2}},
		{"k <> all($1)", []int64{10}, []int32{2}},
		{"k > all($1)", []int64{}, []int32{1, 2, 3}},
		{"k > any($1)", []*int64{nil, new(int64)}, []int32{1, 2}},
		{"s = any($1)", []string{"x", "a,b", `"`, ""}, []int32{1}},
		{"d = any($1)", []time.Time{day}, []int32{1}},
		{"n = any($1)", []string{"1.50", "7"}, []int32{1}},
		{"a @> $1", []int32{2}, []int32{1}},
		{"a && $1::int[]", []int32{2, 3}, []int32{1}},
		{"id = any($1::int8[])", []int64{3, 1 << 40}, []int32{3}},
		{"$1 || a = '{7,1,2}'", []int32{7}, []int32{1}},
	} {
		rows, err := c.Query(ctx, "select id from p where "+x.where+" order by id", x.param)
		if err != nil {
			t.Fatal(x.where, err)
		}
		if got, err := pgx.CollectRows(rows, pgx.RowTo[int32]); err != nil || !slices.Equal(got, x.want) {
			t.Errorf("%s of %v: %v, %v, want %v", x.where, x.param, got, err, x.want)
		}
	}
	tag, err := c.Exec(ctx, "insert into p(id, s) select * from unnest($1::int[], $2::text[])", []int32{4, 5}, []*string{new(string), nil})
	if err != nil || tag.RowsAffected() != 2 {
		t.Errorf("unnest: %v, %v", tag, err)
	}
	if got, want := answers(ctx, c, "select id, s from p where id > 3 order by id"), "4|\n5|NULL"; got != want {
		t.Errorf("unnest: %s, want %s", got, want)
	}
}
