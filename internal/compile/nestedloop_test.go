package compile

import "testing"

// TestFewRows joins tables with a few rows of every representation: lists, tables, groups without keys, and more of them than are few.
func TestFewRows(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2})
	d.must("CREATE TABLE t (id int NOT NULL, a real, x text, n numeric(12,2), big bigint, ok bool, at date, v real[])")
	d.must(`INSERT INTO t SELECT i, CASE WHEN i % 5 > 0 THEN i / 4.0 END, CASE WHEN i % 3 > 0 THEN 'k' || i % 4 END, i / 7.0, i::bigint * 3000000000,
		CASE WHEN i % 4 > 0 THEN i % 2 = 0 END, DATE '2020-01-01' + i, ARRAY[i, NULL, i + 1] FROM generate_series(1, 2500) i`)
	d.must("INSERT INTO t SELECT i, i, 'z', 12345678.25, i, true, DATE '1990-01-01', ARRAY[i] FROM generate_series(9000000, 9000300) i") // other layouts
	d.must("CREATE TABLE few (k int, f real, s text, n numeric(20,3), b bool, d date, i interval, v real[], p numeric)")
	d.must(`INSERT INTO few VALUES (1, 2.5, 'k1', 0.125, true, DATE '2021-05-05', '2 days', ARRAY[1, NULL], 1e40),
		(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), (3, -1, 'k3', 99999999999.5, false, DATE '2019-01-01', '1 month', ARRAY[2500, NULL, 2501], -0.5)`)
	for _, tier := range []string{"fast", "best"} {
		d.opt.Tier = tier
		for i, sql := range fewRows {
			if tier == "best" && i%3 > 0 {
				continue // compiling them takes a second each
			}
			againstReference(t, d, sql, "")
		}
	}
}

var fewRows = []string{
	"SELECT t.id, few.* FROM t, few WHERE t.id % 50 = 0",
	"SELECT t.*, k FROM t, few WHERE t.id > 2400",
	"SELECT id, k FROM t, few WHERE t.a < few.f AND t.ok IS DISTINCT FROM few.b",
	"SELECT id, t.n + few.n, t.n * few.p, t.at + few.i, t.at - few.d, t.x || few.s, NOT few.b, few.v FROM t, few WHERE id % 9 = 1",
	"SELECT s, count(*), sum(big), sum(t.n), max(x), min(few.d) FROM t, few GROUP BY s",
	"SELECT b, i, few.p, count(*) FROM t, few GROUP BY b, i, few.p",
	"SELECT id, s FROM t, few WHERE x LIKE s || '%' OR x > s",
	"SELECT id, few.k, w FROM t, few, (VALUES (1), (NULL), (7)) v(w) WHERE id % 100 < 3 AND (w < few.k OR few.b)",
	"SELECT id, q, r FROM t, (VALUES ('a', 1.5), (NULL, 2), ('c', NULL)) v(q, r) WHERE id % 1000 = r::int",
	"SELECT id FROM t, (SELECT avg(a) m, max(x) x FROM t) v WHERE a > m AND t.x = v.x",
	"SELECT id FROM t, (SELECT avg(n) m FROM t) v, (SELECT s FROM few ORDER BY s DESC LIMIT 1) l WHERE n > m AND (s IS NULL OR x < s)",
	"SELECT id, u FROM t, (SELECT upper(s) u FROM few) v WHERE lower(u) = x",
	"SELECT id, y, k FROM (SELECT id, upper(x) || id y FROM t) o, few WHERE id % 77 = 0 ORDER BY y || s, k",
	"SELECT count(*), sum(i), sum(id) FROM t, generate_series(1, 100) i WHERE id % 10 = 0",
	"SELECT count(*) FROM t, few WHERE id < 0",
	"SELECT count(*), sum(k) FROM t, (SELECT k FROM few WHERE k > 5) v",
	"SELECT sum(sqrt(a - 1e9)), max(length(repeat(x, (big / (id - id))::int))) FROM t, (SELECT k FROM few WHERE k > 5) v",
	"SELECT id, t.v = few.v, t.v < few.v FROM t, few WHERE id > 2490",
	"SELECT few.k, o.k, o.s FROM few, few o WHERE few.k IS NULL OR o.k >= few.k",
	"SELECT id, few.k, l.k FROM t JOIN few ON t.id = few.k, few l",
}
