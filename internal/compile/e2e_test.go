package compile

import (
	"strings"
	"testing"
)

// TestEndToEnd runs statements in both tiers and compares the answers with PostgreSQL's.
func TestEndToEnd(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2})
	d.model("classifier", "classifier.onnx")
	d.must(`create table t (a int4, b numeric(15,2), c text, d date, e float8);
		insert into t select i, i*1.25, 'x' || (i % 3), date '2020-01-01' + i, i / 7.0::float8 from generate_series(1, 100000) i`)
	d.must(`create table n (k int4, v numeric, s varchar(10), b bool, r real, ts timestamp);
		insert into n values (1, 1.5, 'a', true, 1.5, '2020-01-01 10:00:00'), (1, null, null, false, null, null), (2, 100.25, 'b', null, -2, '1999-12-31'),
			(null, 'NaN', 'c', true, 'NaN', 'infinity')`)
	d.must("create table big (x int8); insert into big values (9223372036854775807), (-9223372036854775808)")
	for _, tier := range []string{"fast", "best"} {
		d.opt.Tier = tier
		for _, c := range endToEnd {
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

var endToEnd = []struct{ sql, want string }{
	{"select 1+1 as x, 'abc' || 'd', 1.5*2, date '2020-01-31' + interval '1' month, null", "2|abcd|3.0|2020-02-29 00:00:00|∅"},
	{"select count(*), sum(a), sum(b), min(c), max(d), avg(a), avg(b) from t",
		"100000|5000050000|6250062500.00|x0|2293-10-16|50000.500000000000|62500.625000000000"},
	{"select c, count(*), sum(b), min(d) from t where a > 500 and c <> 'x1' group by c order by c desc",
		"x2|33166|2083260103.75|2021-05-18\nx0|33167|2083302187.50|2021-05-16"},
	{"select a, b from t where a < 4 order by a desc", "3|3.75\n2|2.50\n1|1.25"},
	{"select a.a, b.b from t a, t b where a.a = b.a + 1 and b.a < 4 order by 1", "2|1.25\n3|2.50\n4|3.75"},
	{"select a % 1000 as k, count(*) from t group by 1 order by 1 limit 3", "0|100\n1|100\n2|100"},
	{"select sum(v), avg(v), min(v), max(v), count(v), count(*) from n where k is not null", "101.75|50.8750000000000000|1.5|100.25|2|3"},
	{"select k, sum(v), count(s), bool_and(b), bool_or(b), max(r), min(ts) from n group by k order by k",
		"1|1.5|1|f|t|1.5|2020-01-01 10:00:00\n2|100.25|1|∅|∅|-2|1999-12-31 00:00:00\n∅|NaN|1|t|t|NaN|infinity"},
	{"select k, case when b then s else 'no' end, coalesce(v, 7.0), b is not true from n order by k nulls first, v",
		"∅|c|NaN|f\n1|a|1.5|f\n1|no|7.0|t\n2|no|100.25|t"},
	{"select k from n where s in ('a', 'c') or s like 'b%' order by s desc", "∅\n2\n1"},
	{"select a/0 from t where a = 1", "ERROR: division by zero"},
	{"select case when a = 1 then 0 else 10 / (a - 1) end from t where a < 4 order by a", "0\n10\n5"},
	{"select 2147483647 + a from t where a = 1", "ERROR: integer out of range"},
	{"select 9223372036854775807 + a from t where a = 1", "ERROR: bigint out of range"},
	{"select extract(year from d), date_trunc('month', ts) from (select date '2020-05-06' as d, timestamp '2021-02-03 04:05:06' as ts) x", "2020|2021-02-01 00:00:00"},
	{"select upper(c), length(c), substring(c from 2 for 1), c || '!' from t where a = 7", "X1|2|1|x1!"},
	{"select 1::numeric / 3, 10.0 / 4, 7 % 3, -7 / 2, 2.5::int4, 1e3, 0.1 + 0.2", "0.33333333333333333333|2.5000000000000000|1|-3|3|1000|0.3"},
	{"select a, e from t order by e desc limit 2 offset 1", "99999|14285.57142857143\n99998|14285.42857142857"},
	{"select * from (values (1, 'a'), (2, null)) v(x, y) order by x", "1|a\n2|∅"},
	{"select count(*) from generate_series(10, 1, -3) g", "4"},
	{"select a from t where a <= 3", "1\n2\n3"},
	{"select count(*) from t where d between date '2020-01-10' and date '2020-01-20'", "11"},
	{"select count(*) from t where a = 2147483648 or a >= 2147483648", "0"},
	{"select count(*) from big where x = 9223372036854775808", "0"},
	{"select count(*) from big where x >= 9223372036854775808", "0"},
	{"select count(*) from big where x < -9223372036854775809 or x > 9223372036854775807.5", "0"},
	{"select count(*) from big where x <= 9223372036854775807.5", "2"},
	{"select count(*) from t where a in (5, 7, 9, 11, 13, 15, 200000)", "6"},
	{"select count(*) from t where a not in (5, 7, 9, 11, 13, 15, null)", "0"},
	{"select count(*) from t where b in (1.25, 2.5, 3.75, 5.00, 6.251, 7.5, 9999999999999)", "5"},
	{"select count(*) from t where c in ('x0', 'a', 'b', 'c', 'd', 'e')", "33333"},
	{"select count(*) from t where c || a in ('x11', 'x02', 'x22', 'q', 'r', 's')", "2"},
	{"select 123456.789::numeric(5,2) + a from t where a = 1", "ERROR: numeric field overflow"},
	{"select count(*) from t where b < 2.505 or b = 3.75", "3"},
	{"select classifier(5.1, 3.5, 1.4, 0.2) as c1, classifier(6.7, 3.0, 5.2, 2.3) as c2", "0|2"},
	{"select k, count(*) from (select classifier(c1 => a % 8, c2 => 3, c3 => a % 7, c4 => 1) as k from t) x group by k order by k", "0|57144\n1|21427\n2|21429"},
}
