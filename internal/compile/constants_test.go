package compile

import (
	"testing"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// TestNoConstant checks what is said, and where, of an expression that stands for a constant and is none before a run.
func TestNoConstant(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	d.opt.Tier = "fast"
	for _, c := range []struct {
		sql, message string
		position     int
	}{
		{"select 1 limit 1/0", "LIMIT with an expression that has no value before the query runs is not supported", 16},
		{"select 1 offset 1/0", "OFFSET with an expression that has no value before the query runs is not supported", 17},
		{"select i from generate_series(1, 1/0) i", "generate_series() with an expression that has no value before the query runs is not supported", 35},
	} {
		_, _, err := d.run(c.sql, "")
		if err == nil {
			t.Errorf("%s: no error", c.sql)
			continue
		}
		if e := sqlstate.Of(err); e.Message != c.message || e.Position != c.position {
			t.Errorf("%s: %d %q, want %d %q", c.sql, e.Position, e.Message, c.position, c.message)
		}
	}
}
