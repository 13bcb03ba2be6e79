package refexec

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/compile/cc"
	"github.com/flernd/flernd/internal/compile/crt"
	"github.com/flernd/flernd/internal/compile/exec"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/load"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// copyProgram is a program as COPY t(a bigint, b text) gets one, with a cast of digits alone.
const copyProgram = `#include "fl.h"
typedef struct fl_sink fl_sink;
typedef struct { u64 opaque[576]; } fl_csv_reader;
void fl_csv_open(fl_worker *, fl_csv_reader *, const void *, const u8 *, u64, u64);
u32 fl_csv_block(fl_csv_reader *, fl_str *const *, u64 *const *, u32);
void fl_raise_context_row(fl_worker *, u32, const fl_str *);
fl_sink *fl_sink_open(fl_worker *, const void *, const fl_dict *);
void fl_sink_block(fl_worker *, fl_sink *, u64, const fl_vec *, const u64 *, u32);
void fl_sink_morsel_end(fl_worker *, fl_sink *, u64);
u64 fl_sink_finish(fl_worker *, fl_sink *);
typedef struct { fl_sink *sink; } state;
typedef struct { fl_csv_reader reader; fl_str a[1024], b[1024]; u64 va[16], vb[16]; i64 x[1024]; } scratch;
static void prepare(fl_worker *w, void *p) { ((state *)p)->sink = fl_sink_open(w, w->q->blobs[1], NULL); }
static void work(fl_worker *w, void *p, u64 morsel) {
  scratch *s = (scratch *)w->scratch;
  fl_str *cols[2];
  u64 *valid[2], k;
  u32 n, i;
  fl_vec v[2] = {{0}};
  cols[0] = s->a; cols[1] = s->b; valid[0] = s->va; valid[1] = s->vb;
  fl_csv_open(w, &s->reader, w->q->blobs[0], w->chunk, w->chunk_len, w->chunk_row);
  while ((n = fl_csv_block(&s->reader, cols, valid, 2))) {
    for (i = 0; i < n; i++) {
      s->x[i] = 0;
      if (!(s->va[i / 64] >> (i % 64) & 1)) continue;
      for (k = 0; k < s->a[i].n; k++) {
        if (s->a[i].p[k] < '0' || s->a[i].p[k] > '9') {
          fl_raise_context_row(w, i, &s->a[i]);
          fl_raise(w, "22P02", 0, "invalid input syntax for type bigint: \"%s\"", &s->a[i]);
        }
        s->x[i] = s->x[i] * 10 + s->a[i].p[k] - '0';
      }
    }
    v[0].kind = FL_I64; v[0].typmod = -1; v[0].data = s->x; v[0].valid = s->va;
    v[1].kind = FL_STR; v[1].typmod = -1; v[1].data = s->b; v[1].valid = s->vb;
    fl_sink_block(w, ((state *)p)->sink, morsel, v, NULL, n);
    fl_temp_reset(w);
  }
  fl_sink_morsel_end(w, ((state *)p)->sink, morsel);
}
static void finish(fl_worker *w, void *p) { fl_sink_finish(w, ((state *)p)->sink); }
static const fl_pipeline pipelines[] = {{"p0_t", prepare, NULL, work, finish, sizeof(scratch), FL_STREAM, 0, 1}};
const fl_program fl_main = {FL_ABI, 1, 1, sizeof(state), pipelines, 1, 0};
`

// copyInto runs the program over the data in pieces.
func copyInto(t *testing.T, e *exec.Executor, o *exec.Object, def *catalog.Table, data []byte) (*table.Append, error) {
	format := load.CSVFormat{Table: "t", Columns: []string{"a", "b"}, Delimiter: ',', Quote: '"', Escape: '"'}
	d := load.NewDecoder(def, nil)
	in := bytes.NewReader(data)
	_, err := e.Run(context.Background(), &exec.Request{Object: o, Blobs: []exec.Blob{{Bytes: format.Encode()}, {Bytes: load.SinkSpec(def, nil, nil)}},
		InState: format.CutState(),
		In: func() ([]byte, error) {
			b := make([]byte, 100_003)
			n, err := in.Read(b)
			if n == 0 && err == nil {
				err = io.EOF
			}
			return b[:n], err
		},
		Image: func(i exec.Image) error {
			t.Cleanup(func() { i.File.Close() })
			return d.Add(load.Image(i))
		}})
	if err != nil {
		return nil, err
	}
	return d.Append()
}

// TestCopy sends CSV through the executor's cutter, reader and sink, and reads the images back.
func TestCopy(t *testing.T) {
	isa, err := exec.DetectISA("")
	if err != nil {
		t.Fatal(err)
	}
	compiler, err := cc.New(cc.Options{Headers: crt.Headers(), ISA: isa})
	if err != nil {
		t.Skip(err)
	}
	defer compiler.Close()
	o, err := compiler.Compile(context.Background(), copyProgram, cc.Fast)
	if err != nil {
		t.Fatal(err)
	}
	e, err := exec.Start(context.Background(), exec.Options{CPUs: []int{-1, -1, -1}, Log: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	def := &catalog.Table{Name: "t", Columns: []catalog.Column{{Name: "a", Type: sqltype.Of(sqltype.Int8), NotNull: true},
		{Name: "b", Type: sqltype.Of(sqltype.Text)}}}
	const rows = 200_000
	words := []string{"", "plain", "\"with, comma\"", "\"two\nlines\"", "\"a \"\" quote\"", "naïve", "\"\""}
	values := []string{"NULL", "plain", "with, comma", "two\nlines", "a \" quote", "naïve", ""}
	var csv strings.Builder
	for i := range rows {
		fmt.Fprintf(&csv, "%d,%s\n", i, words[i%len(words)])
	}
	a, err := copyInto(t, e, o, def, []byte(csv.String()))
	if err != nil {
		t.Fatal(err)
	}
	snap := &table.Snapshot{Table: def, Dicts: make([]*table.Dict, 2)}
	for _, d := range a.Dicts {
		snap.Dicts[d.Ordinal] = &table.Dict{Count: d.Count, File: d.File, Size: d.Size, Offsets: d.Offsets, Data: d.Data}
	}
	for _, s := range a.Segments {
		snap.Segments = append(snap.Segments, &table.Segment{Rows: s.Rows, Cols: s.Cols, File: s.File, Size: s.Size})
	}
	types := []sqltype.Type{def.Columns[0].Type, def.Columns[1].Type}
	got, err := Run(&physical.Scan{Table: def, Snapshot: snap, Ordinals: []int{0, 1},
		Cols: []logical.Column{{ID: 1, Type: types[0]}, {ID: 2, Type: types[1]}}}, nil, nil)
	if err != nil || len(got) != rows {
		t.Fatalf("%d rows, %v", len(got), err)
	}
	for i, r := range got {
		if want := values[i%len(values)]; r[0].I != int64(i) || show(types[1], r[1]) != want {
			t.Fatalf("row %d: %s, want %d and %q", i, showRow(types, r), i, want)
		}
	}
	if len(a.Dicts) != 1 || a.Dicts[0].Count != int64(len(values)-1) {
		t.Errorf("dictionaries %+v", a.Dicts)
	}
	for name, want := range map[string]struct{ data, message, context string }{
		"cast":  {csv.String() + "x1,y\n", "invalid input syntax for type bigint: \"x1\"", "COPY t, line 228572, column a: \"x1\""},
		"short": {csv.String() + "7\n", "missing data for column \"b\"", "COPY t, line 228572: \"7\""},
		"null":  {csv.String() + ",y\n", "null value in column \"a\" of relation \"t\" violates not-null constraint", "COPY t, line 228572: \",y\""},
	} {
		_, err := copyInto(t, e, o, def, []byte(want.data))
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		if s := sqlstate.Of(err); s.Message != want.message || s.Context != want.context {
			t.Errorf("%s: %s\n%s", name, s.Message, s.Context)
		}
	}
}
