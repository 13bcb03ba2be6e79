package compile

import (
	"os"
	"strings"
	"testing"
	"time"
)

func TestScratchClassifier(t *testing.T) {
	if os.Getenv("FLERND_TPCH") == "" {
		t.Skip()
	}
	d := openDatabase(t, Options{Threads: 1})
	d.model("classifier", "classifier.onnx")
	d.must("create table data (id int8 primary key, real_class int4, c1 real, c2 real, c3 real, c4 real)")
	t0 := time.Now()
	_, res, err := d.run("insert into data select i, i % 4, ((i * 7919) % 1000003) / 100000.0, ((i * 104729) % 1000003) / 100000.0, ((i * 1299709) % 1000003) / 100000.0, ((i * 15485863) % 1000003) / 100000.0 from generate_series(1::int8, 10000000) i", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Log("insert", time.Since(t0), "exec", res.Execution)
	q := "select real_class, sum(case when class = 0 then 1 else 0 end) c0, sum(case when class = 1 then 1 else 0 end) c1, sum(case when class = 2 then 1 else 0 end) c2, sum(case when class = 3 then 1 else 0 end) c3 from (select real_class, classifier(c1, c2, c3, c4) as class from data) t group by real_class order by real_class"
	for _, tier := range []string{"fast", "best"} {
		d.opt.Tier = tier
		var best time.Duration
		var rows [][]string
		for i := 0; i < 8; i++ {
			r, res, err := d.run(q, "")
			if err != nil {
				t.Fatal(err)
			}
			rows = r
			if i == 0 || res.Execution < best {
				best = res.Execution
			}
		}
		t.Logf("%s %.2f ns/row\n%s", tier, float64(best.Nanoseconds())/1e7, lines(rows))
	}
	for _, p := range d.engine.seen.byText {
		if strings.Contains(p.best, "Predict") {
			os.WriteFile("/tmp/scratch/cls.c", []byte(p.best), 0o600)
		}
	}
}
