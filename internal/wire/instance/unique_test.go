package instance

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// TestPrimaryKey plays statements against tables with keys: what they answer, an error by its code.
func TestPrimaryKey(t *testing.T) {
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	s := serve(t, filepath.Join(t.TempDir(), "db"))
	defer s.end()
	c := s.connect(ctx)
	for name, script := range map[string][][2]string{
		"one integer": {
			{"create table i (k int8 primary key, v text)", "CREATE TABLE"},
			{"insert into i values (1, 'a'), (1, 'b')", "23505"},
			{"insert into i values (1, 'a'), (2, 'b')", "INSERT 0 2"},
			{"insert into i values (3, 'c')", "INSERT 0 1"},
			{"insert into i values (2, 'c')", "23505"},
			{"insert into i values (-5, 'c'), (7, 'd'), (-5, 'd')", "23505"},
			{"insert into i values (null, 'c')", "23502"},
			{"insert into i select 1 where false", "INSERT 0 0"},
			{"select * from i order by k", "1|a\n2|b\n3|c"},
			{"begin; insert into i values (4, 'd'); insert into i values (5, 'e'); select count(*) from i", "5"},
			{"insert into i values (4, 'd')", "23505"},
			{"select 1", "25P02"},
			{"commit", "ROLLBACK"},
			{"select count(*) from i", "3"},
			{"insert into i values (9, 'x'); insert into i values (9, 'y')", "23505"},
			{"select count(*), max(k) from i", "3|3"},
			{"insert into i values (9223372036854775807, 'x'), (-9223372036854775808, 'y')", "INSERT 0 2"},
			{"insert into i values (9223372036854775807, 'x')", "23505"},
			{"insert into i values (-9223372036854775808, 'x')", "23505"},
			{"explain analyze insert into i values (1, 'x')", "23505"},
			{"begin; drop table i; create table i (k int8 primary key); insert into i values (1); commit", "COMMIT"},
			{"insert into i values (1)", "23505"},
		},
		"several columns": {
			{"create table m (a int4, b text, c date, primary key (c, b))", "CREATE TABLE"},
			{"insert into m values (1, 'x', '2020-01-01'), (1, 'y', '2020-01-01'), (1, 'x', '2020-01-02')", "INSERT 0 3"},
			{"insert into m values (2, 'x', '2020-01-01')", "23505"},
			{"insert into m values (2, 'z', '2020-01-01')", "INSERT 0 1"},
			{"insert into m values (2, 'x', null)", "23502"},
			{"insert into m (a, b, c) values (1, 'q', 'infinity'), (2, 'q', '-infinity')", "INSERT 0 2"},
			{"insert into m values (3, 'q', 'infinity')", "23505"},
			{"select count(*) from m", "6"},
		},
		"text": {
			{"create table x (k text primary key)", "CREATE TABLE"},
			{"insert into x values ('a'), ('b'), ('')", "INSERT 0 3"},
			{"insert into x values ('')", "23505"},
			{"insert into x values ('A'), ('a ')", "INSERT 0 2"},
			{"insert into x select 'user' || i from generate_series(1, 100000) i", "INSERT 0 100000"},
			{"insert into x values ('user77777')", "23505"},
			{"insert into x values ('user100001'), ('user100002')", "INSERT 0 2"},
			{"insert into x select 'user' || i from generate_series(99990, 199990) i", "23505"},
			{"select count(*) from x", "100007"},
		},
		"other types": {
			{"create table o (a numeric(10,2), b timestamp, c float8, d bool, e numeric, f char(3), g int2, primary key (a, b, c, d, e, f, g))", "CREATE TABLE"},
			{"insert into o values (-1.50, '2020-01-01 10:00', 'nan', true, 1.0, 'x', 1)", "INSERT 0 1"},
			{"insert into o values (-1.5, '2020-01-01 10:00', 'nan', true, 1.00, 'x  ', 1)", "23505"},
			{"insert into o values (-1.5, '2020-01-01 10:00', 'nan', true, 1.00, 'x  ', 2)", "INSERT 0 1"},
			{"insert into o values (-1.5, '2020-01-01 10:00', 'nan', true, 1.000, 'x', 2)", "23505"},
			{"insert into o values (-1.5, '2020-01-01 10:00', '0', false, 'nan', 'x', 2), (-1.5, '2020-01-01 10:00', '-0', false, 'nan', 'x', 2)", "23505"},
			{"create table n (a numeric(18,4) primary key)", "CREATE TABLE"},
			{"insert into n values (99999999999999.9999), (-99999999999999.9999), (0.0001)", "INSERT 0 3"},
			{"insert into n values (0.0001), (0.0002)", "23505"},
			{"insert into n values (0.0003), (0.0002)", "INSERT 0 2"},
			{"create table w (a numeric(30,4) primary key)", "CREATE TABLE"},
			{"insert into w values (1), (2)", "INSERT 0 2"},
			{"insert into w values (3), (1.0000)", "23505"},
		},
		"many rows": {
			{"create table b (k int4 primary key, v int4)", "CREATE TABLE"},
			{"insert into b select i * 3, i from generate_series(1, 400000) i", "INSERT 0 400000"},
			{"insert into b select i * 3 + 1, i from generate_series(1, 400000) i", "INSERT 0 400000"},
			{"insert into b select case i when 300000 then 900003 else i * 3 + 2 end, i from generate_series(1, 400000) i", "23505"},
			{"insert into b values (-1, 0), (600000, 0), (2000000, 0)", "23505"},
			{"insert into b values (-1, 0), (600002, 0), (2000000, 0)", "INSERT 0 3"},
			{"insert into b select v, 0 from b where v < 1000", "23505"},
			{"create table u as select k from b", "SELECT 800003"},
			{"insert into u select k from b", "INSERT 0 800003"},
			{"select count(*), count(distinct k) from b", "800003|800003"},
		},
		"joined": { // few rows against a table of many
			{"create table j (a numeric, b float8, c char(8), d bool, primary key (a, b, c, d))", "CREATE TABLE"},
			{"insert into j select 1.5, i, 'x', true from generate_series(0, 99999) i", "INSERT 0 100000"},
			{"insert into j values ('nan', 'nan', '', false), (1, 'infinity', 'y', false)", "INSERT 0 2"},
			{"insert into j values (1.50, '-0', 'x', true)", "23505"},
			{"insert into j values (1.500, 99999, 'x   ', true)", "23505"},
			{"insert into j values ('nan', 'nan', '  ', false)", "23505"},
			{"insert into j values (1.0, 'infinity', 'y', false)", "23505"},
			{"insert into j values (1.5, 99999, 'x', false), (1.5, 100000, 'x', true), ('nan', 'nan', '', true)", "INSERT 0 3"},
			{"create table g (k int8 primary key)", "CREATE TABLE"},
			{"insert into g select i * 2 from generate_series(1, 200000) i", "INSERT 0 200000"},
			{"insert into g values (3), (399999)", "INSERT 0 2"},
			{"insert into g values (1), (3), (400001)", "23505"},
			{"insert into g values (1), (200000), (400001)", "23505"},
			{"insert into g values (1), (200001), (200001), (400001)", "23505"},
			{"insert into g values (1), (200001), (400001)", "INSERT 0 3"},
		},
		"dates": {
			{"create table d (k date primary key)", "CREATE TABLE"},
			{"insert into d values ('0044-03-15 BC'), ('5874897-12-31'), ('4713-01-01 BC')", "INSERT 0 3"},
			{"insert into d values ('5874897-12-31'), ('2000-01-01')", "23505"},
			{"insert into d values ('4713-01-01 BC'), ('2000-01-01')", "23505"},
			{"create table s (k timestamp(3) primary key)", "CREATE TABLE"},
			{"insert into s values ('2020-01-01 00:00:00.123'), ('294276-12-31 23:59:59.999'), ('4713-01-01 00:00:00 BC')", "INSERT 0 3"},
			{"insert into s values ('2020-01-01 00:00:00.1234'), ('2020-01-01 00:00:00.122')", "23505"},
			{"insert into s values ('2020-01-01 00:00:00.124'), ('infinity')", "INSERT 0 2"},
			{"insert into s values ('infinity'), ('-infinity')", "23505"},
		},
		"names": {
			{`create table "a ""b""; drop" ("select" int4, "x'""y" text, primary key ("select", "x'""y"))`, "CREATE TABLE"},
			{`insert into "a ""b""; drop" values (1, 'x')`, "INSERT 0 1"},
			{`insert into "a ""b""; drop" values (1, 'y'), (1, 'x')`, "23505"},
			{"create table t (a int4, t int4, primary key (t, a))", "CREATE TABLE"},
			{"insert into t values (1, 2), (2, 1), (1, 2)", "23505"},
			{"set search_path = nosuch; insert into public.t values (1, 2), (1, 2)", "23505"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, line := range script {
				if got := text(ctx, c, line[0]); got != line[1] {
					t.Errorf("%s\n got %s\nwant %s", line[0], got, line[1])
				}
			}
		})
	}
}

// TestDuplicateIsNamed compares the fields of the error, and COPY's.
func TestDuplicateIsNamed(t *testing.T) {
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	s := serve(t, filepath.Join(t.TempDir(), "db"))
	defer s.end()
	c := s.connect(ctx)
	long := strings.Repeat("n", 57) + "é"
	text(ctx, c, `create table k (a int4, "B" char(4), d date, n numeric(8,3), primary key (a, "B", d, n))`)
	text(ctx, c, `insert into k values (1, 'x', '2020-02-29', -1.5)`)
	text(ctx, c, fmt.Sprintf("create table %s (a int4 primary key)", long))
	text(ctx, c, `create table named (a int4 constraint "The key" primary key); create table other (a int4, constraint own primary key (a))`)
	for _, test := range []struct{ sql, message, detail string }{
		{`insert into k values (2, 'x', '2020-02-29', 1), (1, 'x', '2020-02-29', -1.5)`, `"k_pkey"`, `Key (a, "B", d, n)=(1, x   , 2020-02-29, -1.500) already exists.`},
		{"insert into named values (7), (7)", `"The key"`, "Key (a)=(7) already exists."},
		{"insert into other values (7), (7)", `"own"`, "Key (a)=(7) already exists."},
		{"insert into " + long + " values (7), (7)", `"` + strings.Repeat("n", 57) + `_pkey"`, "Key (a)=(7) already exists."},
	} {
		_, err := c.Exec(ctx, test.sql, pgx.QueryExecModeExec)
		expectDuplicate(t, err, test.message, test.detail)
	}
	_, err := c.PgConn().CopyFrom(ctx, strings.NewReader("3,x,2020-02-29,1\n4,y,2020-02-29,1\n3,x,2020-02-29,1.0\n"), "copy k from stdin with (format csv)")
	expectDuplicate(t, err, `"k_pkey"`, `Key (a, "B", d, n)=(3, x   , 2020-02-29, 1.000) already exists.`)
	if got := text(ctx, c, "select count(*) from k"); got != "1" {
		t.Errorf("%s rows are left", got)
	}

	other := s.connect(ctx)
	text(ctx, c, "begin; insert into k values (5, 'x', '2020-02-29', 1)")
	waiting := make(chan string)
	go func() { waiting <- text(ctx, other, "insert into k values (5, 'x', '2020-02-29', 1)") }()
	text(ctx, c, "commit")
	if got := <-waiting; got != "23505" {
		t.Errorf("the key of a concurrent transaction: %s", got)
	}
}

func expectDuplicate(t *testing.T, err error, constraint, detail string) {
	t.Helper()
	var problem *pgconn.PgError
	if !errors.As(err, &problem) {
		t.Fatalf("no error of the server: %v", err)
	}
	if want := "duplicate key value violates unique constraint " + constraint; problem.Code != "23505" || problem.Message != want || problem.Detail != detail {
		t.Errorf("%s %s\n%s\nwant\n%s\n%s", problem.Code, problem.Message, problem.Detail, want, detail)
	}
}
