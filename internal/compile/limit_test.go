package compile

import (
	"fmt"
	"strings"
	"testing"
)

// TestLimitBeforeError: rows past a LIMIT raise no error, whatever the number of threads; rows before its end do.
func TestLimitBeforeError(t *testing.T) {
	d := openDatabase(t, Options{Threads: 3})
	d.must("create table t (i int4, s text)")
	d.must("insert into t select i, i::text from generate_series(1, 200000) i")
	numbers := func(from, to int) string {
		var b strings.Builder
		for i := from; i <= to; i++ {
			fmt.Fprintf(&b, "%d\n", i)
		}
		return b.String()
	}
	for _, c := range []struct{ sql, want, code string }{
		{"select 1000/(100-i) from generate_series(1, 1000) i limit 3", "10\n10\n10\n", ""},
		{"select i from t where 10/(100-i) < 1000 limit 99", numbers(1, 99), ""},
		{"select i from t where 10/(100-i) < 1000 limit 100", "", "division by zero"},
		{"select i from t where 10/(70000-i) < 1000 limit 69000", numbers(1, 69000), ""},
		{"select i from t where 10/(70000-i) < 1000 limit 10 offset 69989", numbers(69990, 69999), ""},
		{"select i from t where 10/(70000-i) < 1000 limit 10 offset 69990", "", "division by zero"},
		{"select i from t where s::int4 + 10/(150000-i) > 0 limit 149999", numbers(1, 149999), ""},
		{"select i, case when i > 5000 then s::date end from t where i > 4997 limit 3", "4998|∅\n4999|∅\n5000|∅\n", ""},
		{"select a from (select i as a, 10/(3-i) as b from generate_series(1, 10) i) x where b <> 0 limit 0", "", ""},
		{"select g / (g - 5) from (select i as g, count(*) from t where i < 10 group by i order by i) x limit 4", "0\n0\n-1\n-4\n", ""},
		{"select g / (g - 5) from (select i as g, count(*) from t where i < 10 group by i order by i) x limit 5", "", "division by zero"},
		{"select 1/x from (values (1), (2), (0)) v(x) limit 2", "1\n0\n", ""},
		{"select a.i from t a, t b where a.i = b.i and 10/(20-a.i) < 20 and b.i < 30 limit 19", numbers(1, 19), ""},
	} {
		for _, tier := range []string{"fast", "best"} {
			for threads := 1; threads <= 3; threads++ {
				d.opt.Tier, d.opt.Threads = tier, threads
				rows, _, err := d.run(c.sql, "")
				if got := lines(rows); got != c.want || (err == nil) != (c.code == "") {
					t.Errorf("%s tier, %d threads: %s\n got %.100q, %v\nwant %.100q", tier, threads, c.sql, got, err, c.want)
				} else if err != nil && !strings.Contains(err.Error(), c.code) {
					t.Errorf("%s tier: %s: %v", tier, c.sql, err)
				}
			}
		}
	}
}

// TestFirstError: of several rows that raise, the first one's error is reported.
func TestFirstError(t *testing.T) {
	d := openDatabase(t, Options{Threads: 3})
	d.must("create table t (i int4)")
	d.must("insert into t select i from generate_series(1, 300000) i")
	for range 20 {
		_, _, err := d.run("select case when i < 150000 then 1 when i < 250000 then 1/(i-200000) else 1000000*i end from t", "")
		if err == nil || !strings.Contains(err.Error(), "division by zero") {
			t.Fatalf("got %v", err)
		}
	}
}
