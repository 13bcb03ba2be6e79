package compile

import (
	"strings"
	"testing"
)

// TestMemoryOfRowsThatGo runs queries over many rows of which few remain: what the others needed is used again.
func TestMemoryOfRowsThatGo(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2})
	d.opt.MemoryLimit = 32 << 20
	for _, tier := range []string{"fast", "best"} {
		d.opt.Tier = tier
		for _, c := range []struct{ sql, want string }{
			{"select i from generate_series(1, 2000000) i order by i desc limit 3", "2000000\n1999999\n1999998"},
			{"select i from generate_series(1, 2000000) i order by i / 2 limit 2 offset 1", "2\n3"},
			{"select i * 10000000000 as n from generate_series(1, 200000) i order by n limit 2", "10000000000\n20000000000"},
			{"select i * 10000000000 as n from generate_series(1, 200000) i order by n desc limit 2", "2000000000000000\n1999990000000000"},
			{"select nullif(i, 1) as n from generate_series(1, 200000) i order by n desc limit 2", "∅\n200000"},
			{"select f from (select case when i > 5 then 'nan'::float8 else i end as f from generate_series(1, 200000) i) t order by f limit 3 offset 3", "4\n5\nNaN"},
			{"select i from generate_series(1, 2000000) i order by (10000000 + i)::text desc limit 2", "2000000\n1999999"},
			{"select max((10000000 + i)::text || 'x') from generate_series(1, 2000000) i", "12000000x"},
			{"select i % 3 as k, max((10000000 + i)::text) from generate_series(1, 1500000) i group by i % 3 order by k", "0|11500000\n1|11499998\n2|11499999"},
			{"select sum(length(a.i::text || '/' || b.i::text)) from generate_series(1, 2000) a(i), generate_series(1, 2000) b(i) where a.i % 1 = b.i % 1",
				"31572000"},
		} {
			if got := strings.TrimSpace(d.must(c.sql)); got != c.want {
				t.Errorf("%s tier: %s\n got %s\nwant %s", tier, c.sql, got, c.want)
			}
		}
	}
}
