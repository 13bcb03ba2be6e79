package compile

import "testing"

func TestFirst(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2})
	for _, tier := range []string{"fast", "best"} {
		d.opt.Tier = tier
		t.Log(d.must("select 1+1 as x, 'abc' || 'd', 1.5*2, date '2020-01-31' + interval '1' month, null"))
	}
	d.must("create table t (a int4, b numeric(15,2), c text, d date, e float8)")
	d.must("insert into t select i, i*1.25, 'x' || (i % 3), date '2020-01-01' + i, i / 7.0::float8 from generate_series(1, 100000) i")
	for _, tier := range []string{"fast", "best"} {
		d.opt.Tier = tier
		t.Log(d.must("select count(*), sum(a), sum(b), min(c), max(d), avg(e), avg(a), avg(b) from t"))
		t.Log(d.must("select c, count(*), sum(b), min(d) from t where a > 500 and c <> 'x1' group by c order by c desc"))
		t.Log(d.must("select * from t where a < 5 order by a desc"))
		t.Log(d.must("select a.a, b.b from t a, t b where a.a = b.a + 1 and b.a < 4 order by 1"))
		t.Log(d.must("select a % 1000 as k, count(*), sum(e) from t group by 1 order by 1 limit 3"))
	}
}
