package compile

import (
	"strings"
	"testing"
)

// TestRegressions runs statements that once went wrong, in both tiers.
func TestRegressions(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2})
	for _, sql := range regressionTables {
		d.must(sql)
	}
	for _, tier := range []string{"fast", "best"} {
		d.opt.Tier = tier
		for _, c := range regressions {
			rows, _, err := d.run(c.sql, "")
			got := strings.TrimSpace(lines(rows))
			if err != nil {
				got = "ERROR: " + err.Error()
			}
			if got != c.want {
				t.Errorf("%s tier: %s\n got %s\nwant %s", tier, c.sql, got, c.want)
			}
		}
	}
}

var regressionTables = []string{
	"create table narrow (a int4, b int4)",
	"insert into narrow values (100000, 1), (-100000, 2), (5, 3)",
	"create table wide (a int8)",
	"insert into wide values (10000000000), (100000), (-100000), (5)",
	"create table digits (x numeric(18,0))",
	"insert into digits select 90000000000000000 - i from generate_series(1, 300) i",
	"insert into digits values (-90000000000000000), (5)",
	`create table names ("v_i32" int4, "1abc" int4, "m16" text, "fl_set_i32" int4, "a_rows" int4, "NULL" int4)`,
	"insert into names values (1, 2, 'x', 3, 4, 5), (2, 3, null, 4, 5, 6)",
	"insert into names select 9, 9, 'big', 9, 9, 9 from generate_series(1, 70000) i",
	"create table comments (\"*\\\n/ int evil; /*\" int4, \"x\ny\" int4)",
	"insert into comments values (3, 4)",
	"create table layouts (a int4, s text, n numeric, v numeric(25,2), iv interval)",
	"insert into layouts select i, 'row ' || i, i / 7.0, i * 1.5, interval '1' day * i::float8 from generate_series(1, 3000) i",
	"insert into layouts values (5, 'tail', 1.5, 2.5, interval '1' day)",
	"insert into layouts select i, 'x', 1, 2, null from generate_series(1, 70000) i",
}

var regressions = []struct{ sql, want string }{
	// What one branch checks bounds nothing elsewhere.
	{"select case when a < 100 and a > -100 then a::int2 else 0::int2 end, a * 60000 from narrow", "ERROR: integer out of range"},
	{"select case when a between -100 and 100 then a::int2 else 0::int2 end, case when a between 100 and 1000000 then a::int4 else 0 end * 60000 from wide",
		"ERROR: integer out of range"},
	{"select sum(x1), sum(x2) from (select x::numeric(17,0) as x1, case when x < 10 and x > -10 then x::numeric(2,0) else 0 end as x2 from digits) t",
		"26909999999999954855|5"},
	// Names of columns that are names in C, or none at all.
	{`select sum(a."v_i32" + b."v_i32"), sum(a."fl_set_i32" + b."a_rows"), count(b."m16"), sum(a."NULL" + b."NULL") from names a, names b
		where a."1abc" >= b."1abc" and a."v_i32" < 9`, "9|24|2|33"},
	{`select "1abc", "m16", "fl_set_i32" + "a_rows", "NULL", "v_i32" from names where "NULL" < 7 and "v_i32" > 0 order by "m16", "1abc"`,
		"2|x|7|5|1\n3|∅|9|6|2"},
	{"select \"*\\\n/ int evil; /*\" + \"x\ny\" as \"a\n*/ b\" from comments", "7"},
	// Segments of several layouts, with columns that no register holds.
	{"select count(*), min(s), max(s), sum(n), sum(v), max(iv) from layouts where a between 2 and 6", "11|row 2|x|9.35714285714285714286|42.50|6 days"},
	{"select s, a, n from layouts where a = 5 order by s", "row 5|5|0.71428571428571428571\ntail|5|1.5\nx|5|1"},
	{"select s from layouts where s like '%tail' or a = 1 order by s", "row 1\ntail\nx"},
}
