package instance

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/storage"
	"github.com/flernd/flernd/internal/storage/vfs"
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
		// Arguments of EXECUTE are any expressions without columns.
		{"prepare show as select $1::int4, $2::text, $3::date, $4::float8, $5::numeric, $6::char(3), $7::interval, $8::bool", "PREPARE"},
		{"execute show(1 + length('ab'), upper('a'), ('2020-01-01'::text)::date, 1 / 3.0::float8, 0.10, 'x', '1 day 2 hours', 1 > 2)",
			"3|A|2020-01-01|0.3333333333333333|0.10|x  |1 day 02:00:00|f"},
		{"execute show(null, '', null, 'NaN', null, null, null, null)", "|||NaN||||"},
		{"execute show(1 / 0, '', null, null, null, null, null, null)", "22012"},
		{"execute show(9876543210, '', null, null, null, null, null, null)", "22003"},
	} {
		if got := text(ctx, c, line[0]); got != line[1] {
			t.Errorf("%s\n got %s\nwant %s", line[0], got, line[1])
		}
	}
}

// TestDamagedModel flips a byte of a model's file: the model still exists, and can be dropped, but not called.
func TestDamagedModel(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "db")
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	s := serve(t, dir)
	c := s.connect(ctx)
	if got := text(ctx, c, "create model m from 'classifier.onnx'"); got != "CREATE MODEL" {
		t.Fatal(got)
	}
	s.end()
	files, err := filepath.Glob(filepath.Join(dir, "data", "model-*"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	content, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)/2] ^= 1
	if err := os.WriteFile(files[0], content, 0o600); err != nil {
		t.Fatal(err)
	}
	s = serve(t, dir)
	defer s.end()
	c = s.connect(ctx)
	for _, line := range [][2]string{
		{"select m(1, 2, 3, 4)", "XX001"},
		{"create model if not exists m from 'classifier.onnx'", "CREATE MODEL"},
		{"select m(1, 2, 3, 4)", "XX001"},
		{"create model m from 'classifier.onnx'", "42710"},
		{"drop model m", "DROP MODEL"},
		{"select m(1, 2, 3, 4)", "42883"},
		{"create model m from 'classifier.onnx'", "CREATE MODEL"},
		{"select m(1, 2, 3, 4)", "2"},
	} {
		if got := text(ctx, c, line[0]); got != line[1] {
			t.Errorf("%s\n got %s\nwant %s", line[0], got, line[1])
		}
	}
}

// TestDamagedColumn flips a byte of a column in one of two segments, and one of a dictionary: queries that read them fail,
// others go on.
func TestDamagedColumn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "db")
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	s := serve(t, dir)
	c := s.connect(ctx)
	for _, line := range [][2]string{
		{"create table t (a int4, b int4, c text)", "CREATE TABLE"},
		{"insert into t select i, i % 1000, 'kind ' || i % 3 from generate_series(1, 70000) i", "INSERT 0 70000"},
		{"insert into t select i, i % 1000, 'kind ' || i % 3 from generate_series(70001, 140000) i", "INSERT 0 70000"},
	} {
		if got := text(ctx, c, line[0]); got != line[1] {
			t.Fatalf("%s: %s", line[0], got)
		}
	}
	s.end()
	damage(t, dir)
	s = serve(t, dir)
	defer s.end()
	c = s.connect(ctx)
	for _, line := range [][2]string{
		{"select count(*), sum(a) from t", "140000|9800070000"},
		{"select sum(b) from t", "XX001"},
		{"select sum(b) from t where a <= 70000", "34965000"},
		{"select sum(b) from t where a <= 70001", "XX001"},
		{"select count(*) from t where b < 0", "0"},
		{"select min(c) from t", "XX001"},
		{"insert into t values (1, 1, 'kind 1')", "XX001"},
		{"select sum(b) from t", "XX001"},
		{"select max(a) from t", "140000"},
		{"drop table t", "DROP TABLE"},
	} {
		if got := text(ctx, c, line[0]); got != line[1] {
			t.Errorf("%s\n got %s\nwant %s", line[0], got, line[1])
		}
	}
}

// damage flips a bit of t's column b in its second segment, and one of the dictionary of its column c.
func damage(t *testing.T, dir string) {
	t.Helper()
	store, err := storage.Open(vfs.OS, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	tx, err := store.Begin(context.Background(), false)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	def, _ := tx.Table("public", "t")
	snap, err := tx.Snapshot(def)
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Release()
	if len(snap.Segments) != 2 || snap.Dicts[2] == nil {
		t.Fatalf("%d segments, dictionaries %v", len(snap.Segments), snap.Dicts)
	}
	for file, at := range map[string]int64{
		snap.Segments[1].File.Name(): snap.Segments[1].Cols[1].Data.Offset,
		snap.Dicts[2].File.Name():    snap.Dicts[2].Data.Offset,
	} {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		content[at] ^= 1
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLostFiles takes away, cuts off and lengthens a file of each kind: the server starts, what needs the file answers XX001,
// all else works, and what the file belongs to can be dropped.
func TestLostFiles(t *testing.T) {
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	for what, harm := range map[string]func(path string) error{
		"missing": os.Remove,
		"short":   func(path string) error { return os.Truncate(path, 100) },
		"long":    func(path string) error { return os.Truncate(path, 1<<20) },
	} {
		for _, c := range []struct {
			kind  string
			lines [][2]string
		}{
			{"segment", [][2]string{
				{"select count(*) from t", "4000"},
				{"select sum(a) from t where a > 2000", "6001000"},
				{"select sum(a) from t where a >= 2000", "XX001"},
				{"select min(c) from t", "XX001"},
				{"insert into t select i, 'kind ' || i % 3 from generate_series(4001, 6000) i", "INSERT 0 2000"},
				{"select sum(a) from t where a > 2000", "16002000"},
				{"select sum(a) from t", "XX001"},
				{"drop table t", "DROP TABLE"},
				{"select m(1, 2, 3, 4)", "2"},
			}},
			{"dictionary", [][2]string{
				{"select sum(a) from t", "8002000"},
				{"select min(c) from t", "XX001"},
				{"insert into t select i, 'kind ' || i % 3 from generate_series(4001, 6000) i", "XX001"},
				{"drop table t", "DROP TABLE"},
				{"select m(1, 2, 3, 4)", "2"},
			}},
			{"model", [][2]string{
				{"select m(1, 2, 3, 4)", "XX001"},
				{"select sum(a), min(c) from t", "8002000|kind 0"},
				{"drop model m", "DROP MODEL"},
				{"create model m from 'classifier.onnx'", "CREATE MODEL"},
				{"select m(1, 2, 3, 4)", "2"},
			}},
		} {
			t.Run(c.kind+" "+what, func(t *testing.T) { lostFile(ctx, t, c.kind, harm, c.lines) })
		}
	}
}

// lostFile harms the first file of a kind, and runs lines on what is left.
func lostFile(ctx context.Context, t *testing.T, kind string, harm func(path string) error, lines [][2]string) {
	dir := filepath.Join(t.TempDir(), "db")
	run := func(s *serving, lines [][2]string) {
		t.Helper()
		s.store.SetTailRows(100)
		c := s.connect(ctx)
		for _, line := range lines {
			if got := text(ctx, c, line[0]); got != line[1] {
				t.Errorf("%s\n got %s\nwant %s", line[0], got, line[1])
			}
		}
		s.end()
	}
	run(serve(t, dir), [][2]string{
		{"create table u (a int4)", "CREATE TABLE"},
		{"create table t (a int4, c text)", "CREATE TABLE"},
		{"insert into t select i, 'kind ' || i % 3 from generate_series(1, 2000) i", "INSERT 0 2000"},
		{"insert into t select i, 'kind ' || i % 3 from generate_series(2001, 4000) i", "INSERT 0 2000"},
		{"insert into u values (1)", "INSERT 0 1"},
		{"create model m from 'classifier.onnx'", "CREATE MODEL"},
	})
	files, err := filepath.Glob(filepath.Join(dir, "data", kind+"-*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	path := slices.MinFunc(files, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	if err := harm(path); err != nil {
		t.Fatal(err)
	}
	before, lost := os.Stat(path)
	s := serve(t, dir)
	if damage := s.store.Damage(); len(damage) != 1 || !strings.Contains(damage[0].Error(), path) {
		t.Errorf("damage: %v", damage)
	}
	if after, err := os.Stat(path); lost == nil && (err != nil || after.Size() != before.Size()) {
		t.Errorf("the damaged file was not left as it is: %v, %v", after, err)
	}
	run(s, append([][2]string{{"select a from u", "1"}}, lines...))
	s = serve(t, dir)
	if damage := s.store.Damage(); len(damage) != 0 {
		t.Errorf("damage is left: %v", damage)
	}
	s.end()
}
