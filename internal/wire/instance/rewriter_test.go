package instance

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
	"github.com/jackc/pgx/v5"
)

// segments are those of a table, the tail last, and how many layouts they have.
func (s *serving) segments(name string) (segments []*table.Segment, layouts int) {
	s.Helper()
	tx, err := s.store.Store.Begin(context.Background(), false)
	if err != nil {
		s.Fatal(err)
	}
	defer tx.Rollback()
	def, ok := tx.Table("public", name)
	if !ok {
		s.Fatalf("no table %s", name)
	}
	if segments, err = tx.Segments(def); err != nil {
		s.Fatal(err)
	}
	different := map[string]bool{}
	for _, segment := range segments {
		different[fmt.Sprint(segment.Layouts())] = true
	}
	return segments, len(different)
}

func (s *serving) rewriter() *rewriter {
	return newRewriter(s.store, s.engine, time.Hour, slog.New(slog.NewTextHandler(s.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})))
}

// same compares the tables t and u, of which t is rewritten.
func (s *serving) same(ctx context.Context, c *pgx.Conn, queries ...string) {
	s.Helper()
	for _, q := range queries {
		got, want := text(ctx, c, strings.ReplaceAll(q, "TABLE", "t")), text(ctx, c, strings.ReplaceAll(q, "TABLE", "u"))
		if got != want {
			s.Fatalf("%s\nrewritten: %.2000s\nnever rewritten: %.2000s", q, got, want)
		}
	}
}

const everyType = "(id int8 primary key, b bool, i2 int2, i4 int4 not null, d date, ts timestamp, f4 float4, f8 float8, " +
	"n numeric(15,2), w numeric(30,4), x numeric, mode text, note varchar(200), c char(5))"

// rowsFrom selects rows for everyType; kind changes the ranges, which values are missing and whether texts repeat.
func rowsFrom(from, to, kind int) string {
	nulls, wide, days := "false", "1", "i % 200"
	if kind&1 != 0 {
		nulls = "i % 7 = 0"
	}
	if kind&2 != 0 {
		wide = "7003"
	}
	if kind&4 != 0 {
		days = "i * 37 % 30000 - 9000"
	}
	return fmt.Sprintf(`SELECT i, CASE WHEN %[3]s THEN NULL ELSE i %% 3 = 0 END, (i %% 100)::int2, (i %% 100 * %[4]s)::int4,
		date '2020-01-01' + (%[5]s)::int4, timestamp '2021-03-04 05:06:07' + (i %% 1000) * interval '1 hour', (i / 8.0)::float4,
		CASE WHEN i %% 50 = 0 THEN 'NaN' ELSE (i * %[4]s)::float8 / 3 END, CASE WHEN %[3]s THEN NULL ELSE (i %% 300 * %[4]s) * 1.5 END,
		(i::numeric * 12345678901234567) / 16, CASE WHEN %[3]s THEN NULL ELSE i / 7.0 END,
		CASE i %% 4 WHEN 0 THEN 'AIR' WHEN 1 THEN 'RAIL' WHEN 2 THEN '' ELSE 'kind ' || %[6]d END, 'note ' || (i * %[4]s)::text,
		CASE WHEN %[3]s THEN NULL ELSE 'c' || (i %% 10)::text END
		FROM generate_series(%[1]d, %[2]d) i`, from, to-1, nulls, wide, days, kind)
}

var compared = []string{
	"SELECT * FROM TABLE ORDER BY id",
	"SELECT count(*), count(b), sum(i4), min(d), max(ts), min(f4), max(f8), sum(n), sum(w), sum(x), min(note), count(distinct c) FROM TABLE",
	"SELECT mode, c, count(*), sum(n) FROM TABLE GROUP BY mode, c ORDER BY mode, c NULLS FIRST",
	"SELECT count(*), sum(n) FROM TABLE WHERE d >= date '2020-03-01' AND i4 < 4000 AND mode <> 'AIR'",
}

// TestSmallLoadsBecomeOneLayout: a table that was loaded in small pieces ends in one layout and few segments, with the same
// answers, and the executor lets go of what was replaced.
func TestSmallLoadsBecomeOneLayout(t *testing.T) {
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	s := serve(t, t.TempDir())
	defer s.end()
	c := s.connect(ctx)
	for _, name := range []string{"t", "u"} {
		if got := text(ctx, c, "CREATE TABLE "+name+everyType); got != "CREATE TABLE" {
			t.Fatal(got)
		}
	}
	s.store.SetTailRows(300) // beyond that a load makes a file
	at := 0
	for piece, rows := range []int{500, 20, 700, 70000, 301, 40, 2000, 10, 5, 800} {
		for _, name := range []string{"t", "u"} {
			if got := text(ctx, c, "INSERT INTO "+name+" "+rowsFrom(at, at+rows, []int{0, 1, 2, 4}[piece%4])); !strings.HasPrefix(got, "INSERT") {
				t.Fatal(got)
			}
		}
		at += rows
	}
	if _, layouts := s.segments("t"); layouts < 3 {
		t.Fatalf("the table has only %d layouts before", layouts)
	}
	r := s.rewriter()
	for steps := 0; s.stepIn(ctx, r, "t", true); steps++ {
		if steps > 50 {
			t.Fatal("there is no end to the steps")
		}
	}
	segments, layouts := s.segments("t")
	if len(segments) > 2 || layouts != 1 {
		t.Errorf("%d segments in %d layouts are left: %v", len(segments), layouts, segments[0].Layouts())
	}
	s.same(ctx, c, compared...)
	if got := text(ctx, c, "INSERT INTO t (id, i4) VALUES (17, 1)"); got != "23505" {
		t.Errorf("a duplicate key: %s", got)
	}
}

// TestServeRewrites: a server that is left alone rewrites what clients loaded, while others go on.
func TestServeRewrites(t *testing.T) {
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	s := serveWith(t, Options{DataDir: t.TempDir(), RewriteAfter: time.Millisecond})
	defer s.end()
	s.store.SetTailRows(100)
	c := s.connect(ctx)
	text(ctx, c, "CREATE TABLE t (a int8 NOT NULL PRIMARY KEY, s text)")
	for i := range 60 {
		q := fmt.Sprintf("INSERT INTO t SELECT i, CASE i %% 3 WHEN 0 THEN NULL ELSE 's' || (i %% 9)::text END FROM generate_series(%d, %d) i",
			i*150, i*150+[]int{149, 40}[i%2])
		if got := text(ctx, c, q); !strings.HasPrefix(got, "INSERT") {
			t.Fatal(got)
		}
	}
	for {
		segments, layouts := s.segments("t")
		if layouts == 1 && !segments[len(segments)-1].IsTail() {
			break
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%d segments in %d layouts are left", len(segments), layouts)
		case <-time.After(10 * time.Millisecond):
		}
	}
	if got, want := text(ctx, c, "SELECT count(*), sum(a), count(s), count(distinct s) FROM t"), "5730|25469850|3810|6"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestDamageIsNotRewritten: a segment whose checksum is wrong stays as it is, rather than get a new one.
func TestDamageIsNotRewritten(t *testing.T) {
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	dir := t.TempDir()
	s := serve(t, dir)
	s.store.SetTailRows(100)
	c := s.connect(ctx)
	text(ctx, c, "CREATE TABLE t (a int8 NOT NULL)")
	text(ctx, c, "INSERT INTO t SELECT i FROM generate_series(1, 500) i")
	text(ctx, c, "INSERT INTO t SELECT i FROM generate_series(1, 500) i")
	segments, _ := s.segments("t")
	at := segments[1].Cols[0].Data.Offset
	path := segments[1].File.Name()
	c.Close(ctx)
	s.end()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err == nil {
		_, err = file.WriteAt([]byte{0xAA, 0x55}, at+100)
	}
	if err != nil {
		t.Fatal(err)
	}
	file.Close()

	s = serve(t, dir)
	defer s.end()
	r := s.rewriter()
	took, err := r.step(ctx, true)
	if !took || err == nil || sqlstate.Of(err).Code != sqlstate.DataCorrupted {
		t.Errorf("a step over damage: %v, %v", took, err)
	}
	if took, err = r.step(ctx, true); took || err != nil {
		t.Errorf("the same again: %v, %v", took, err)
	}
	if left, _ := s.segments("t"); len(left) != 2 {
		t.Errorf("%d segments are left", len(left))
	}
}

// TestRandomRewrites compares a table whose segments are rewritten at random moments with one whose never are.
func TestRandomRewrites(t *testing.T) {
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewSource(seed))
	dir := t.TempDir()
	s := serve(t, dir)
	c := s.connect(ctx)
	for _, name := range []string{"t", "u"} {
		if got := text(ctx, c, "CREATE TABLE "+name+everyType); got != "CREATE TABLE" {
			t.Fatal(got)
		}
	}
	s.store.SetTailRows(100)
	r := s.rewriter()
	at := 0
	for range 25 {
		rows, kind := 1+random.Intn(60), random.Intn(8)
		if random.Intn(3) == 0 {
			rows = 100 + random.Intn(1500)
		}
		for _, name := range []string{"t", "u"} {
			if got := text(ctx, c, "INSERT INTO "+name+" "+rowsFrom(at, at+rows, kind)); !strings.HasPrefix(got, "INSERT") {
				t.Fatal(got)
			}
		}
		at += rows
		switch random.Intn(4) {
		case 0:
			s.stepIn(ctx, r, "t", false)
		case 1:
			s.stepIn(ctx, r, "t", true)
		case 2:
			for range 5 {
				s.stepIn(ctx, r, "t", true)
			}
		}
		s.same(ctx, c, compared[1:]...)
	}
	s.same(ctx, c, compared...)
	c.Close(ctx)
	s.end()
	s = serve(t, dir)
	defer s.end()
	c = s.connect(ctx)
	s.same(ctx, c, compared...)
}

// stepIn takes a step in one table, if there is one.
func (s *serving) stepIn(ctx context.Context, r *rewriter, name string, tails bool) bool {
	s.Helper()
	tx, err := s.store.Store.Begin(ctx, false)
	if err != nil {
		s.Fatal(err)
	}
	defer tx.Rollback()
	def, _ := tx.Table("public", name)
	took, err := r.stepOf(ctx, tx, def, tails)
	if err != nil {
		s.Fatal(err)
	}
	return took
}
