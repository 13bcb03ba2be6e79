package instance

import (
	"context"
	"path/filepath"
	"testing"
	"time"
)

// TestStatements runs statements that once went wrong the whole way; answers are PostgreSQL's.
func TestStatements(t *testing.T) {
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	s := serve(t, filepath.Join(t.TempDir(), "db"))
	defer s.end()
	c := s.connect(ctx)
	for _, line := range [][2]string{
		// Bounds of rows that come as parameters.
		{"create table t (a int4)", "CREATE TABLE"},
		{"insert into t select i from generate_series(1, 10) i", "INSERT 0 10"},
		{"prepare page(int8, int8) as select a from t limit $1 offset $2", "PREPARE"},
		{"prepare top(int8, int8) as select a from t order by a desc limit $1 offset $2", "PREPARE"},
		{"execute page(2, 3)", "4\n5"},
		{"execute page(-1, 0)", "2201W"},
		{"execute page(1, -1)", "2201X"},
		{"execute page(-1, -1)", "2201X"},
		{"execute page(null, 8)", "9\n10"},
		{"execute page(9223372036854775807, 9)", "10"},
		{"execute top(-1, 0)", "2201W"},
		{"execute top(null, -1)", "2201X"},
		{"execute top(2, null)", "10\n9"},
		{"execute top(null, 8)", "2\n1"},
		{"execute top(9223372036854775807, 9)", "1"},
		{"execute top(9223372036854775807, 9223372036854775807)", "SELECT 0"},
		{"select a from t limit -1 offset -1", "2201X"},
		{"set timezone = 'Pacific/Kiritimati'", "SET"},
		{"select localtimestamp = timestamp 'now', now() = timestamp 'now', current_date = date 'today'", "t|t|t"},
		{"reset timezone", "RESET"},
	} {
		if got := text(ctx, c, line[0]); got != line[1] {
			t.Errorf("%s\n got %s\nwant %s", line[0], got, line[1])
		}
	}
}
