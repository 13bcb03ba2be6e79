package compile

import (
	"os"
	"strings"
	"testing"
	"time"
)

// TestScratchTPCH measures on a folder of .tbl files that FLERND_TPCH names.
func TestScratchTPCH(t *testing.T) {
	dir := os.Getenv("FLERND_TPCH")
	if dir == "" {
		t.Skip("FLERND_TPCH is not set")
	}
	schema, _ := os.ReadFile("/work/shared/tpch/schema.sql")
	d := openDatabase(t, Options{Threads: 1})
	d.must(string(schema))
	for _, tab := range []string{"lineitem"} {
		raw, err := os.ReadFile(dir + "/" + tab + ".tbl")
		if err != nil {
			t.Fatal(err)
		}
		t0 := time.Now()
		_, res, err := d.run("copy "+tab+" from stdin with (format csv, delimiter '|')", string(raw))
		if err != nil {
			t.Fatal(err)
		}
		t.Log(tab, time.Since(t0), "exec", res.Execution, "rows", res.Rows, "peak", res.PeakMemory>>20)
	}
	for _, q := range []string{"q06", "q01"} {
		raw, _ := os.ReadFile("/work/shared/tpch/queries/" + q + ".sql")
		for _, tier := range []string{"fast", "best"} {
			d.opt.Tier = tier
			var best, plan, comp time.Duration
			var rows [][]string
			for i := 0; i < 10; i++ {
				r, res, err := d.run(strings.TrimSpace(string(raw)), "")
				if err != nil {
					t.Fatal(err)
				}
				rows = r
				if i == 0 || res.Execution < best {
					best = res.Execution
				}
				if i == 0 {
					comp = res.Compilation
				}
				plan = res.Planning
			}
			for _, p := range d.engine.seen.byText {
				_ = os.WriteFile("/tmp/scratch/last_"+q+".c", []byte(p.best), 0o600)
				if strings.Contains(p.best, "n4 Result (l_ret") || q == "q06" && strings.Contains(p.best, "(revenue") {
					break
				}
			}
			t.Log(q, tier, "exec", best, "plan", plan, "compile", comp, "\n"+lines(rows))
		}
	}
}
