package exec

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/compile/cc"
	"github.com/flernd/flernd/internal/compile/crt"
	"github.com/flernd/flernd/internal/numa"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

var compiler *cc.Compiler

func TestMain(m *testing.M) {
	isa, err := DetectISA("")
	if err == nil {
		compiler, err = cc.New(cc.Options{Headers: crt.Headers(), ISA: isa})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	compiler.Close()
	os.Exit(code)
}

// newExecutor starts an executor with n workers for a test.
func newExecutor(t testing.TB, n int, change ...func(*Options)) *Executor {
	t.Helper()
	opt := Options{Log: testLog{t}}
	for i := 0; i < n; i++ {
		opt.CPUs = append(opt.CPUs, -1)
	}
	if path := os.Getenv("FLERND_TEST_EXECUTOR"); path != "" { // built with a sanitizer: crt/build.sh asan
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		opt.Binary = b
	}
	for _, f := range change {
		f(&opt)
	}
	e, err := Start(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

type testLog struct{ t testing.TB }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

// program compiles the C of a test: fl.h is included.
func program(t testing.TB, text string) *Object {
	t.Helper()
	return programIn(t, cc.Fast, text)
}

func programIn(t testing.TB, tier cc.Tier, text string) *Object {
	t.Helper()
	o, err := compiler.Compile(context.Background(), "#include \"fl.h\"\n"+text, tier)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// single is a program of one pipeline: its functions are NULL or named here.
func single(body, prepare, morsels, finish, flags string) string {
	return body + fmt.Sprintf(`
static const fl_pipeline pipelines[] = {{"p0_test", %s, %s, work, %s, 4096, %s, 0, 0}};
const fl_program fl_main = {FL_ABI, 1, 7, 64, pipelines, 4, 0};
`, prepare, morsels, finish, flags)
}

// rowWriter gives C a function that writes a DataRow message with one column of eight digits.
const rowWriter = `
static void put_row(fl_worker *w, u64 v) {
  u8 *p = fl_result_room(w, 19);
  int i;
  p[0] = 'D'; p[1] = p[2] = p[3] = 0; p[4] = 18; p[5] = 0; p[6] = 1;
  p[7] = p[8] = p[9] = 0; p[10] = 8;
  for (i = 7; i >= 0; i--) { p[11 + i] = '0' + v % 10; v /= 10; }
  fl_result_used(w, 19, 1);
}
`

// rows collects the numbers that put_row wrote.
type rows struct{ got []int }

func (r *rows) out(b []byte, n int64) error {
	for ; len(b) > 0; n-- {
		if len(b) < 19 || b[0] != 'D' || binary.BigEndian.Uint32(b[1:]) != 18 {
			return fmt.Errorf("malformed row: %q", b[:min(len(b), 40)])
		}
		var v int
		if _, err := fmt.Sscanf(string(b[11:19]), "%d", &v); err != nil {
			return err
		}
		r.got = append(r.got, v)
		b = b[19:]
	}
	if n != 0 {
		return fmt.Errorf("%d rows too few", n)
	}
	return nil
}

func mustRun(t testing.TB, e *Executor, req *Request) *Reply {
	t.Helper()
	reply, err := e.Run(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	return reply
}

func wantCode(t testing.TB, err error, code sqlstate.Code) *sqlstate.Error {
	t.Helper()
	var e *sqlstate.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an error with code %s", err, code)
	}
	if e.Code != code {
		t.Fatalf("got code %s (%s; %s), want %s", e.Code, e.Message, e.Detail, code)
	}
	return e
}

var trivial = single(rowWriter+`
static void work(fl_worker *w, void *s, u64 m) { put_row(w, 42); w->counters[1] += 1; }`, "NULL", "NULL", "NULL", "0")

func TestTrivial(t *testing.T) {
	e := newExecutor(t, 2)
	for _, tier := range []cc.Tier{cc.Fast, cc.Best} {
		var got rows
		reply := mustRun(t, e, &Request{Object: programIn(t, tier, trivial), Out: got.out})
		if len(got.got) != 1 || got.got[0] != 42 || reply.RowsOut != 1 {
			t.Errorf("%v: rows %v", tier, got.got)
		}
		if len(reply.Counters) != 4 || reply.Counters[1] != 1 {
			t.Errorf("%v: counters %v", tier, reply.Counters)
		}
		if reply.Execution <= 0 || reply.PeakMemory <= 0 {
			t.Errorf("%v: execution %v, memory %d", tier, reply.Execution, reply.PeakMemory)
		}
	}
}

// segmentOf makes a segment of one column of int32.
func segmentOf(t testing.TB, id uint64, values []int32) SegmentInput {
	t.Helper()
	b := make([]byte, 64, 64+4*len(values))
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, uint32(v))
	}
	f, err := memfdOf("segment", b, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return SegmentInput{ID: id, File: f, Size: int64(len(b)), Rows: int64(len(values)),
		Cols: []ColumnInput{{Data: segment.Span{Offset: 64, Length: int64(4 * len(values))}}}}
}

var scanSum = single(rowWriter+`
#include "support.h"
struct state { u64 sums[64]; };
static u64 morsels(fl_worker *w, void *s) { return w->q->tables[0].nmorsels; }
static void work(fl_worker *w, void *s, u64 m) {
  const fl_segment *seg = fl_segment_of(&w->q->tables[0], m);
  u64 from = (m - seg->first_morsel) * FL_MORSEL, to = from + FL_MORSEL < seg->rows ? from + FL_MORSEL : seg->rows, i, sum = 0;
  for (i = from; i < to; i++) sum += ((const i32 *)seg->cols[0].data)[i] + seg->cols[0].base;
  ((u64 **)s)[w->id][0] += sum;
  w->counters[0] += to - from;
}
static void prepare(fl_worker *w, void *s) {
  u32 i;
  for (i = 0; i < w->q->nworkers; i++) ((u64 **)s)[i] = fl_alloc(w, 64);
}
static void finish(fl_worker *w, void *s) {
  u32 i; u64 sum = 0;
  for (i = 0; i < w->q->nworkers; i++) sum += ((u64 **)s)[i][0];
  put_row(w, sum % 100000000);
  put_row(w, *(u64 *)w->q->params);
  put_row(w, w->q->blobs[0][0]);
  put_row(w, w->q->blobs[1][1]);
}`, "prepare", "morsels", "finish", "0")

func TestScan(t *testing.T) {
	e := newExecutor(t, 2)
	shared, err := NewShared([]byte{7, 8, 9})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Drop(shared)
	var table TableInput
	sum, n := 0, 0
	for id := uint64(1); id <= 4; id++ {
		values := make([]int32, 100_000*(id-1)) // the first one is empty
		for i := range values {
			values[i] = int32(n % 100)
			sum += n%100 + int(id)
			n++
		}
		s := segmentOf(t, id, values)
		s.Cols[0].Base = int64(id)
		table.Segments = append(table.Segments, s)
	}
	for i := 0; i < 3; i++ {
		var got rows
		reply := mustRun(t, e, &Request{Object: program(t, scanSum), Tables: []TableInput{table}, Out: got.out,
			Params: []byte{5, 0, 0, 0, 0, 0, 0, 0}, Blobs: []Blob{{Bytes: []byte{6}}, {Shared: shared}}})
		if want := []int{sum % 100000000, 5, 6, 8}; fmt.Sprint(got.got) != fmt.Sprint(want) {
			t.Errorf("got %v, want %v", got.got, want)
		}
		if reply.Counters[0] != uint64(n) {
			t.Errorf("counted %d rows of %d", reply.Counters[0], n)
		}
	}
	if n := len(e.process.mappings.byName); n != 5 {
		t.Errorf("%d mappings are held, want 5", n)
	}
	e.Forget(1, 2)
	if n := len(e.process.mappings.byName); n != 3 {
		t.Errorf("%d mappings are held after Forget, want 3", n)
	}
}

func TestSpansAreChecked(t *testing.T) {
	e := newExecutor(t, 1)
	s := segmentOf(t, 1, make([]int32, 10))
	s.Cols[0].Data.Length = 1 << 40
	_, err := e.Run(context.Background(), &Request{Object: program(t, scanSum), Tables: []TableInput{{Segments: []SegmentInput{s}}}})
	wantCode(t, err, sqlstate.DataCorrupted)
}

func TestRaise(t *testing.T) {
	e := newExecutor(t, 2)
	o := program(t, single(`
static u64 morsels(fl_worker *w, void *s) { return 100; }
static void work(fl_worker *w, void *s, u64 m) {
  fl_str name; name.p = (const u8 *)"c\xc3\xb6l"; name.n = 4;
  if (m == 50) {
    fl_context(w, "COPY data, line %d, column %s", (i64)3, &name);
    fl_raise(w, "22012", 17, "division by zero: 100%% of %s, %f", &name, 1.5);
  }
}`, "NULL", "morsels", "NULL", "0"))
	for i := 0; i < 20; i++ {
		_, err := e.Run(context.Background(), &Request{Object: o})
		got := wantCode(t, err, sqlstate.DivisionByZero)
		if got.Message != "division by zero: 100% of cöl, 1.5" || got.Position != 17 ||
			got.Context != "COPY data, line 3, column cöl" {
			t.Fatalf("got %+v", got)
		}
	}
	mustRun(t, e, &Request{Object: program(t, trivial), Out: new(rows).out})
}

func BenchmarkTrivial(b *testing.B) {
	e := newExecutor(b, 2)
	o := program(b, trivial)
	var total int64
	for i := 0; i < b.N; i++ {
		reply := mustRun(b, e, &Request{Object: o, Out: func([]byte, int64) error { return nil }})
		total += int64(reply.Execution)
	}
	b.ReportMetric(float64(total)/float64(b.N), "ns-executor/op")
}

// BenchmarkRows sends 20 MB of rows.
func BenchmarkRows(b *testing.B) {
	e := newExecutor(b, 2)
	o := programIn(b, cc.Best, single(numbers, "prepare", "morsels", "NULL", "FL_ORDERED"))
	b.SetBytes(19 << 20)
	for i := 0; i < b.N; i++ {
		mustRun(b, e, &Request{Object: o, Params: params(64, 1<<14, -1, 0), Out: func([]byte, int64) error { return nil }})
	}
}

// BenchmarkStream takes 64 MB of lines.
func BenchmarkStream(b *testing.B) {
	e := newExecutor(b, 2)
	o := program(b, single(`static void work(fl_worker *w, void *s, u64 m) {}`, "NULL", "NULL", "NULL", "FL_STREAM"))
	piece := bytes.Repeat([]byte("0123456789012345678901234567890123456789012345678901234567890123456789\n"), 1000)
	b.SetBytes(64 << 20)
	for i := 0; i < b.N; i++ {
		n := 0
		mustRun(b, e, &Request{Object: o, In: func() ([]byte, error) {
			if n += len(piece); n > 64<<20 {
				return nil, io.EOF
			}
			return piece, nil
		}})
	}
}

// TestLargeRequest: what is too long for a message goes through shared memory.
func TestLargeRequest(t *testing.T) {
	e := newExecutor(t, 1)
	o := program(t, single(rowWriter+`
static void work(fl_worker *w, void *s, u64 m) {
  put_row(w, w->q->params[0]); put_row(w, w->q->params[4999999]); put_row(w, w->q->blobs[0][2999999]);
  if ((u64)w->q->params % 64 || (u64)w->q->blobs[0] % 64 || (u64)s % 64 || (u64)w->scratch % 64) fl_raise(w, "XX000", 0, "not aligned");
}`, "NULL", "NULL", "NULL", "0"))
	p, blob := make([]byte, 5_000_000), make([]byte, 3_000_000)
	p[0], p[4999999], blob[2999999] = 1, 2, 3
	var got rows
	mustRun(t, e, &Request{Object: o, Params: p, Blobs: []Blob{{Bytes: blob}}, Out: got.out})
	if fmt.Sprint(got.got) != "[1 2 3]" {
		t.Errorf("got %v", got.got)
	}
	_, err := e.Run(context.Background(), &Request{Object: o, Params: p, MemoryLimit: 4 << 20, Out: got.out})
	wantCode(t, err, sqlstate.OutOfMemory)
}

// TestPinned: there is a thread for each CPU asked for that may run nowhere else.
func TestPinned(t *testing.T) {
	topology, err := numa.Host()
	if err != nil {
		t.Fatal(err)
	}
	plan := topology.Plan(0)
	e := newExecutor(t, 1, func(o *Options) { o.CPUs = plan.CPUs })
	for _, cpu := range plan.CPUs {
		waitFor(t, func() bool {
			files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", e.Pid()))
			if err != nil {
				return false
			}
			for _, f := range files {
				status, err := os.ReadFile(f)
				if err == nil && strings.Contains(string(status), fmt.Sprintf("\nCpus_allowed_list:\t%d\n", cpu)) {
					return true
				}
			}
			return false
		})
	}
	mustRun(t, e, &Request{Object: program(t, trivial), Out: new(rows).out})
}
