package exec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/flernd/flernd/internal/compile/cc"
	"github.com/flernd/flernd/internal/storage/load"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// numbers writes params[0] morsels of params[1] rows: the numbers from 0 on. params[2], params[3]: LIMIT and OFFSET.
const numbers = rowWriter + `
#define P ((const i64 *)w->q->params)
static void prepare(fl_worker *w, void *s) { if (P[2] >= 0) fl_result_limit(w, P[3], P[2]); }
static u64 morsels(fl_worker *w, void *s) { return P[0]; }
static void work(fl_worker *w, void *s, u64 m) {
  i64 i; volatile u64 k;
  for (k = 0; m % 3 == 0 && k < 20000; k++) {}  /* later morsels overtake */
  for (i = 0; i < P[1] && !w->q->stop; i++) put_row(w, m * P[1] + i);
  w->counters[0]++;
}
`

func params(v ...int64) []byte {
	w := make([]uint64, len(v))
	for i := range v {
		w[i] = uint64(v[i])
	}
	return words(w...)
}

func TestOrdered(t *testing.T) {
	e := newExecutor(t, 4)
	o := program(t, single(numbers, "prepare", "morsels", "NULL", "FL_ORDERED"))
	for _, c := range []struct{ morsels, rows, limit, offset int64 }{
		{0, 0, -1, 0}, {1, 1, -1, 0}, {100, 1, -1, 0}, {1000, 3, -1, 0}, {40, 5000, -1, 0}, {7, 100000, -1, 0},
		{100, 10, 0, 0}, {100, 10, 1, 0}, {100, 10, 25, 13}, {100, 10, 2000, 995}, {100, 10, 10, 5000},
		{1000000, 1000, 5, 70000}, {4, 100000, 200000, 100001}, {2, 100000, 3, 199999},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			want := max(0, c.morsels*c.rows-c.offset)
			if c.limit >= 0 {
				want = min(want, c.limit)
			}
			for _, threads := range []int{1, 2, 4} {
				var got rows
				reply := mustRun(t, e, &Request{Object: o, Out: got.out, Threads: threads, MemoryLimit: 1 << 30,
					Params: params(c.morsels, c.rows, c.limit, c.offset)})
				if int64(len(got.got)) != want || reply.RowsOut != want {
					t.Fatalf("%d threads: %d rows, reply says %d, want %d", threads, len(got.got), reply.RowsOut, want)
				}
				for i, v := range got.got {
					if int64(v) != (int64(i)+c.offset)%100000000 {
						t.Fatalf("%d threads: row %d is %d", threads, i, v)
					}
				}
				if c.morsels == 1000000 && reply.Counters[0] > 1000 {
					t.Errorf("%d threads: the limit did not stop the run, %d morsels", threads, reply.Counters[0])
				}
			}
		})
	}
}

func TestUnordered(t *testing.T) {
	e := newExecutor(t, 4)
	o := program(t, single(numbers, "prepare", "morsels", "NULL", "0"))
	var got rows
	mustRun(t, e, &Request{Object: o, Out: got.out, Params: params(50, 10000, -1, 0)})
	seen := make([]bool, 500000)
	for _, v := range got.got {
		seen[v] = true
	}
	for i, ok := range seen {
		if !ok || len(got.got) != len(seen) {
			t.Fatalf("%d rows, row %d seen: %v", len(got.got), i, ok)
		}
	}
}

// TestBackpressure: clients that do not read hold no worker, and a bounded amount of memory; others run beside them.
func TestBackpressure(t *testing.T) {
	e := newExecutor(t, 2)
	release := make(chan struct{})
	var group sync.WaitGroup
	for i := 0; i < 6; i++ {
		flags := []string{"FL_ORDERED", "0"}[i%2]
		o := program(t, single(numbers, "prepare", "morsels", "NULL", flags))
		group.Add(1)
		began := make(chan struct{})
		go func() {
			defer group.Done()
			var n int64
			var once sync.Once
			reply, err := e.Run(context.Background(), &Request{Object: o, Params: params(4, 200000, -1, 0),
				Out: func(b []byte, k int64) error {
					once.Do(func() { close(began) })
					<-release
					n += k
					return nil
				}})
			if err != nil || n != 800000 {
				t.Errorf("%d rows, %v", n, err)
			} else if reply.PeakMemory > 16<<20 {
				t.Errorf("peak memory %d", reply.PeakMemory)
			}
		}()
		<-began
	}
	for i := 0; i < 50; i++ {
		var got rows
		mustRun(t, e, &Request{Object: program(t, trivial), Out: got.out})
	}
	ctx, cancel := context.WithCancel(context.Background())
	o := program(t, single(numbers, "prepare", "morsels", "NULL", "FL_ORDERED"))
	_, err := e.Run(ctx, &Request{Object: o, Params: params(4, 200000, -1, 0), Out: func([]byte, int64) error {
		cancel()
		return nil
	}})
	wantCode(t, err, sqlstate.QueryCanceled)
	close(release)
	group.Wait()
}

func TestOutError(t *testing.T) {
	e := newExecutor(t, 2)
	o := program(t, single(numbers, "prepare", "morsels", "NULL", "FL_ORDERED"))
	broken := errors.New("broken pipe")
	for i := 0; i < 10; i++ {
		_, err := e.Run(context.Background(), &Request{Object: o, Params: params(1000, 20000, -1, 0),
			Out: func([]byte, int64) error { return broken }})
		if err != broken {
			t.Fatalf("got %v", err)
		}
	}
}

// TestLongRow: a row that no chunk holds.
func TestLongRow(t *testing.T) {
	e := newExecutor(t, 2)
	o := program(t, single(`
static u64 morsels(fl_worker *w, void *s) { return 5; }
static void work(fl_worker *w, void *s, u64 m) {
  u64 n = 3000000, i; u8 *p = fl_result_room(w, n + 1);
  p[0] = 'D'; p[1] = n >> 24; p[2] = n >> 16; p[3] = n >> 8; p[4] = n;
  for (i = 5; i <= n; i++) p[i] = 'a' + m;
  fl_result_used(w, n + 1, 1);
}`, "NULL", "morsels", "NULL", "FL_ORDERED"))
	var all bytes.Buffer
	var rows int64
	mustRun(t, e, &Request{Object: o, Out: func(b []byte, n int64) error {
		rows += n
		all.Write(b)
		return nil
	}})
	if rows != 5 || all.Len() != 5*3000001 {
		t.Fatalf("%d rows, %d bytes", rows, all.Len())
	}
	for i := 0; i < 5; i++ {
		row := all.Next(3000001)
		if row[0] != 'D' || bytes.Count(row[5:], []byte{byte('a' + i)}) != len(row)-5 {
			t.Errorf("row %d is mixed up", i)
		}
	}
}

// TestVeryLongRow: a client that does not read a long row has few of its chunks under way, and the run is cancelled all the
// same.
func TestVeryLongRow(t *testing.T) {
	e := newExecutor(t, 2)
	o := program(t, single(`
static u64 morsels(fl_worker *w, void *s) { return 3; }
static void work(fl_worker *w, void *s, u64 m) {
  u64 n = 20000000; u8 *p = fl_result_room(w, n + 1);
  p[0] = 'D'; p[1] = n >> 24; p[2] = n >> 16; p[3] = n >> 8; p[4] = n;
  fl_result_used(w, n + 1, 1);
}`, "NULL", "morsels", "NULL", "FL_ORDERED"))
	for _, cancelled := range []bool{false, true} {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		var bytes int
		_, err := e.Run(ctx, &Request{Object: o, Out: func(b []byte, n int64) error {
			for i := 0; bytes == 0 && i < 50; i++ { // others are served meanwhile
				mustRun(t, e, &Request{Object: program(t, trivial), Out: new(rows).out})
			}
			if chunk := (uintptr(unsafe.Pointer(&b[0])) - uintptr(unsafe.Pointer(&e.process.chunks[0]))) / chunkSize; chunk > 32 {
				t.Errorf("chunk %d is in use", chunk) // fresh ones are used last
			}
			if bytes += len(b); cancelled {
				cancel()
			}
			return nil
		}})
		if cancelled {
			wantCode(t, err, sqlstate.QueryCanceled)
		} else if err != nil || bytes != 3*20000001 {
			t.Errorf("%d bytes, %v", bytes, err)
		}
	}
	if e.Restarts() != 0 {
		t.Error("the executor was killed")
	}
}

// TestErrorTurn: an error counts when its morsel's turn has come, unless the rows before it reach the limit. A program that
// can be asked for fewer rows of a morsel has the faulty row's predecessors leave.
func TestErrorTurn(t *testing.T) {
	e := newExecutor(t, 3)
	o := program(t, single(rowWriter+`
#define P ((const i64 *)w->q->params)
static void prepare(fl_worker *w, void *s) { if (P[0] >= 0) fl_result_limit(w, 0, P[0]); }
static u64 morsels(fl_worker *w, void *s) { return 20; }
static void work(fl_worker *w, void *s, u64 m) {
  u64 to = w->most < 1000 ? w->most : 1000, at, i; volatile u64 k;
  for (k = 0; m < 3 && k < 3000000; k++) {} /* the errors of later morsels come first */
  for (at = 0; at < to && !w->q->stop; at += 100) {
    u64 end = at + 100 < to ? at + 100 : to;
    if (m >= 2) for (i = at; i < end; i++) if (i == 555) fl_raise(w, "22012", 0, "morsel %d", (i64)m);
    for (i = at; i < end; i++) put_row(w, m * 1000 + i);
  }
}`, "prepare", "morsels", "NULL", "FL_ORDERED"))
	for _, limit := range []int64{-1, 1, 999, 2000, 2500, 2555, 2556, 100000} {
		for threads := 1; threads <= 3; threads++ {
			var got rows
			_, err := e.Run(context.Background(), &Request{Object: o, Threads: threads, Params: params(limit), Out: got.out})
			if limit >= 0 && limit <= 2555 {
				if err != nil || len(got.got) != int(limit) {
					t.Errorf("limit %d: %d rows, %v", limit, len(got.got), err)
				}
			} else if err := wantCode(t, err, sqlstate.DivisionByZero); err.Message != "morsel 2" {
				t.Errorf("limit %d: %q", limit, err.Message)
			}
			for i, v := range got.got {
				if i != v {
					t.Fatalf("limit %d: row %d is %d", limit, i, v)
				}
			}
		}
	}
}

// lines adds up the bytes, lines and chunks of the input, and checks chunk_row.
var lines = single(rowWriter+`
static void work(fl_worker *w, void *s, u64 m) {
  u64 *t = ((u64 **)s)[w->id], i, n = 0;
  if (w->chunk_len == 0 || w->chunk[w->chunk_len - 1] != '\n') fl_raise(w, "XX000", 0, "a chunk ends within a row");
  for (i = 0; i < w->chunk_len; i++) { if (w->chunk[i] == '\n') n++; t[3] += w->chunk[i] * (i + 1 < 5 ? 1 : 1); }
  t[0] += w->chunk_len; t[1] += n; t[2]++;
  { u64 first = 0; for (i = 0; w->chunk[i] >= '0' && w->chunk[i] <= '9'; i++) first = first * 10 + w->chunk[i] - '0';
    if (i > 0 && first != w->chunk_row) fl_raise(w, "XX000", 0, "chunk of row %d says it has row %d", (i64)first, (i64)w->chunk_row); }
}
static void prepare(fl_worker *w, void *s) { u32 i; for (i = 0; i < w->q->nworkers; i++) ((u64 **)s)[i] = fl_alloc(w, 64); }
static void finish(fl_worker *w, void *s) {
  u64 sum[4] = {0, 0, 0, 0}; u32 i, k;
  for (i = 0; i < w->q->nworkers; i++) for (k = 0; k < 4; k++) sum[k] += ((u64 **)s)[i][k];
  for (k = 0; k < 4; k++) put_row(w, sum[k] % 100000000);
}`, "prepare", "NULL", "finish", "FL_STREAM")

func TestStream(t *testing.T) {
	e := newExecutor(t, 4)
	numbered := func(n, width int) []byte {
		var b bytes.Buffer
		for i := 0; i < n; i++ {
			fmt.Fprintf(&b, "%d%s\n", i, bytes.Repeat([]byte("x"), width))
		}
		return b.Bytes()
	}
	long := append(bytes.Repeat([]byte("y"), 9<<20), '\n')
	for name, c := range map[string]struct {
		data  []byte
		piece int
	}{
		"empty":         {nil, 1},
		"one row":       {numbered(1, 10), 1},
		"small pieces":  {numbered(50000, 20), 7},
		"large pieces":  {numbered(400000, 20), 3 << 20},
		"wide rows":     {numbered(300, 50000), 65536},
		"very long row": {append(append(numbered(1000, 3000), long...), long...), 100000},
	} {
		t.Run(name, func(t *testing.T) {
			var sum int
			for _, b := range c.data {
				sum += int(b)
			}
			for _, threads := range []int{1, 4} {
				rest := c.data
				var got rows
				reply := mustRun(t, e, &Request{Object: program(t, lines), Threads: threads, Out: got.out, In: func() ([]byte, error) {
					n := min(c.piece, len(rest))
					piece := rest[:n]
					if rest = rest[n:]; len(rest) == 0 {
						return piece, io.EOF
					}
					return piece, nil
				}})
				want := []int{len(c.data) % 100000000, bytes.Count(c.data, []byte("\n")), sum % 100000000}
				if len(got.got) != 4 || fmt.Sprint([]int{got.got[0], got.got[1], got.got[3]}) != fmt.Sprint(want) {
					t.Fatalf("%d threads: got %v, want %v", threads, got.got, want)
				}
				if reply.PeakMemory > 64<<20 {
					t.Errorf("peak memory %d", reply.PeakMemory)
				}
			}
		})
	}
}

// TestStreamCSV: quoted line ends do not end a row.
func TestStreamCSV(t *testing.T) {
	e := newExecutor(t, 2)
	o := program(t, single(rowWriter+`
static void work(fl_worker *w, void *s, u64 m) {
  u64 i, quotes = 0;
  for (i = 0; i < w->chunk_len; i++) quotes += w->chunk[i] == '"';
  if (quotes % 2 || w->chunk[0] != 'a') fl_raise(w, "XX000", 0, "a chunk starts or ends within quotes");
  put_row(w, w->chunk_len);
}`, "NULL", "NULL", "NULL", "FL_STREAM"))
	row := []byte("a,\"b\n\nb\",c\n")
	n := 0
	var got rows
	format := load.CSVFormat{Delimiter: ',', Quote: '"', Escape: '"'}
	mustRun(t, e, &Request{Object: o, Out: got.out, InState: format.CutState(), In: func() ([]byte, error) {
		if n++; n > 3000 {
			return nil, io.EOF
		}
		return bytes.Repeat(row, 100), nil
	}})
	sum := 0
	for _, v := range got.got {
		sum += v
	}
	if sum != 3000*100*len(row) {
		t.Errorf("%d bytes in %d chunks", sum, len(got.got))
	}
	_, err := e.Run(context.Background(), &Request{Object: o, Out: got.out, InState: []byte("x"), In: func() ([]byte, error) { return nil, io.EOF }})
	wantCode(t, err, sqlstate.InternalError)
}

func TestStreamErrors(t *testing.T) {
	e := newExecutor(t, 2)
	lost := errors.New("connection lost")
	n := 0
	_, err := e.Run(context.Background(), &Request{Object: program(t, lines), Out: new(rows).out, In: func() ([]byte, error) {
		if n++; n > 100 {
			return nil, lost
		}
		return bytes.Repeat([]byte("x\n"), 50000), nil
	}})
	if err != lost {
		t.Errorf("got %v", err)
	}
	// the program's error reaches the caller although the input goes on
	_, err = e.Run(context.Background(), &Request{Object: program(t, lines), Out: new(rows).out, In: func() ([]byte, error) {
		return []byte("7\n"), nil
	}})
	wantCode(t, err, sqlstate.InternalError)
	// a row that does not fit into the budget
	_, err = e.Run(context.Background(), &Request{Object: program(t, lines), MemoryLimit: 10 << 20, Out: new(rows).out,
		In: func() ([]byte, error) { return bytes.Repeat([]byte("x"), 100000), nil }})
	wantCode(t, err, sqlstate.OutOfMemory)
	if e.Restarts() != 0 {
		t.Error("the executor died")
	}
}

func TestImages(t *testing.T) {
	e := newExecutor(t, 2)
	o := program(t, single(`
static u64 morsels(fl_worker *w, void *s) { return 8; }
static void work(fl_worker *w, void *s, u64 m) {
  u32 id, lost; u8 *p = fl_image_alloc(w, 100000, &id); u8 *meta = fl_temp(w, 200000); u64 i;
  fl_image_alloc(w, 100, &lost);
  p[0] = m; p[99999] = m + 1;
  for (i = 0; i < 200000; i++) meta[i] = m;
  fl_image_done(w, id, meta, m % 2 ? 200000 : 3);
  fl_temp_reset(w);
}`, "NULL", "morsels", "NULL", "0"))
	check := func(i Image) {
		b := make([]byte, i.Size)
		if _, err := i.File.ReadAt(b, 0); err != nil {
			t.Error(err)
		}
		i.File.Close()
		want := 3
		if b[0]%2 == 1 {
			want = 200000
		}
		if i.Size < 100000 || b[99999] != b[0]+1 || len(i.Meta) != want || bytes.Count(i.Meta, b[:1]) != want {
			t.Errorf("image %d: size %d, %d bytes of metadata", b[0], i.Size, len(i.Meta))
		}
	}
	reply := mustRun(t, e, &Request{Object: o})
	if len(reply.Images) != 8 {
		t.Errorf("%d images", len(reply.Images))
	}
	for _, i := range reply.Images {
		check(i)
	}
	var n atomic.Int64
	reply = mustRun(t, e, &Request{Object: o, Image: func(i Image) error {
		n.Add(1)
		check(i)
		return nil
	}})
	if n.Load() != 8 || len(reply.Images) != 0 {
		t.Errorf("%d images passed on, %d in the reply", n.Load(), len(reply.Images))
	}
}

// tiers is a program of two pipelines that leaves in its state who worked on it.
func tiers(t *testing.T, tier cc.Tier, layout int, who string) *Object {
	return programIn(t, tier, rowWriter+fmt.Sprintf(`
static u64 morsels(fl_worker *w, void *s) { return 1000; }
static void work(fl_worker *w, void *s, u64 m) {
  volatile u64 i; for (i = 0; i < 3000; i++) {}
  ((volatile u64 *)s)[m %% 2 * 2 + %s]++;
}
static void finish(fl_worker *w, void *s) { int i; for (i = 0; i < 4; i++) put_row(w, ((u64 *)s)[i]); }
static const fl_pipeline pipelines[] = {{"p0", NULL, morsels, work, NULL, 0, 0, 0, 0}, {"p1", NULL, morsels, work, finish, 0, 0, 0, 0}};
const fl_program fl_main = {FL_ABI, 2, %d, 64, pipelines, 1, 0};
`, who, layout))
}

func TestAlternate(t *testing.T) {
	e := newExecutor(t, 1)
	var got rows
	mustRun(t, e, &Request{Object: tiers(t, cc.Fast, 1, "0"), Alternate: tiers(t, cc.Best, 1, "1"), Out: got.out})
	if fmt.Sprint(got.got) != "[1000 0 0 1000]" {
		t.Errorf("got %v", got.got)
	}
	_, err := e.Run(context.Background(), &Request{Object: tiers(t, cc.Fast, 1, "0"), Alternate: tiers(t, cc.Best, 2, "1")})
	wantCode(t, err, sqlstate.InternalError)
}

func TestChangeTo(t *testing.T) {
	e := newExecutor(t, 1)
	changed := false
	for i := 0; i < 20 && !changed; i++ {
		var got rows
		r, err := e.Begin(context.Background(), &Request{Object: tiers(t, cc.Fast, 1, "0"), Out: got.out})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.ChangeTo(tiers(t, cc.Best, 2, "1")); err != nil {
			wantCode(t, err, sqlstate.InternalError)
		}
		if err := r.ChangeTo(tiers(t, cc.Best, 1, "1")); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Wait(); err != nil {
			t.Fatal(err)
		}
		if got.got[0]+got.got[1]+got.got[2]+got.got[3] != 2000 {
			t.Fatalf("got %v", got.got)
		}
		changed = got.got[1] > 0
	}
	if !changed {
		t.Error("the program was never changed")
	}
}

// TestMany runs many queries at once.
func TestMany(t *testing.T) {
	e := newExecutor(t, 3)
	ordered := program(t, single(numbers, "prepare", "morsels", "NULL", "FL_ORDERED"))
	var group sync.WaitGroup
	for i := 0; i < 16; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for k := 0; k < 30; k++ {
				var got rows
				_, err := e.Run(context.Background(), &Request{Object: ordered, Threads: 1 + k%3, Out: got.out,
					Params: params(int64(i*3), int64(k*7), -1, 0)})
				if err != nil || len(got.got) != i*3*k*7 {
					t.Errorf("%d rows instead of %d: %v", len(got.got), i*3*k*7, err)
					return
				}
				for at, v := range got.got {
					if at != v {
						t.Errorf("row %d is %d", at, v)
						return
					}
				}
			}
		}()
	}
	group.Wait()
}
