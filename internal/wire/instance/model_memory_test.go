package instance

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"google.golang.org/protobuf/encoding/protowire"
)

// scaled is the file of a network of one input and 8 outputs, all about the input times a factor, with width*width weights and some.
func scaled(width int, factor float32) []byte {
	field := func(n protowire.Number, parts ...[]byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(nil, n, protowire.BytesType), bytes.Join(parts, nil))
	}
	number := func(n protowire.Number, v int) []byte {
		return protowire.AppendVarint(protowire.AppendTag(nil, n, protowire.VarintType), uint64(v))
	}
	tensor := func(name string, rows, columns int, of float32) []byte {
		var raw []byte
		for range rows * columns {
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(of))
		}
		return field(5, number(1, rows), number(1, columns), number(2, 1), field(8, []byte(name)), field(9, raw))
	}
	multiply := func(a, b, to string) []byte {
		return field(1, field(1, []byte(a)), field(1, []byte(b)), field(2, []byte(to)), field(4, []byte("MatMul")))
	}
	value := func(n protowire.Number, name string, elements int) []byte {
		dims := field(2, field(1, field(2, []byte("N"))), field(1, number(1, elements)))
		return field(n, field(1, []byte(name)), field(2, field(1, number(1, 1), dims)))
	}
	graph := field(7, multiply("x", "u", "h"), multiply("h", "v", "k"), multiply("k", "w", "y"), field(2, []byte("g")),
		tensor("u", 1, width, 1), tensor("v", width, width, 1/float32(width)), tensor("w", width, 8, factor/float32(width)),
		value(11, "x", 1), value(12, "y", 8))
	return bytes.Join([][]byte{number(1, 8), graph, field(8, number(2, 17))}, nil)
}

// TestLargeOutputs: large arrays that models give are counted, and few are made at a time where few are needed.
func TestLargeOutputs(t *testing.T) {
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	s := serveWith(t, Options{DataDir: filepath.Join(t.TempDir(), "db"), MemoryLimit: 192 << 20})
	defer s.end()
	c := s.connect(ctx)
	for _, line := range [][2]string{
		{"create model image from 'sql/image.onnx'", "CREATE MODEL"},
		{"select sum((image(i))[150000]) from generate_series(1, 500) i", "125250"},
		{"select max(v[3]) from (select image(i) v from generate_series(1, 500) i order by v limit 499) t", "53200"},
		{"select (image(2))[1]", "2"},
	} {
		if got := text(ctx, c, line[0]); got != line[1] {
			t.Errorf("%s: %s, want %s", line[0], got, line[1])
		}
	}
}

// TestModelMemoryLimit: more models than there is memory for are read again on demand, those that calls do not mean any more give their
// memory back, what does not fit at all is refused, and queries have what models leave.
func TestModelMemoryLimit(t *testing.T) {
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	const limit = 64 << 20
	s := serveWith(t, Options{DataDir: filepath.Join(t.TempDir(), "db"), MemoryLimit: limit})
	defer s.end()
	c := s.connect(ctx)
	create := func(name string, width int, factor float32) error {
		_, err := c.PgConn().CopyFrom(ctx, bytes.NewReader(scaled(width, factor)), "copy model "+name+" from stdin")
		return err
	}
	const models, width = 8, 760
	const bytes = 2 * 4 * width * (width + 9) // of a model that has run
	for i := range models {
		if err := create(fmt.Sprintf("m%d", i), width, float32(i)); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		for i := range models {
			if got, want := text(ctx, c, fmt.Sprintf("select round((m%d(3))[1])", i)), fmt.Sprint(3*i); got != want {
				t.Errorf("m%d: %s, want %s", i, got, want)
			}
			if got := text(ctx, c, fmt.Sprintf("select sum(resident) <= %d from flern.models", limit/4)); got != "t" {
				t.Error("more than the share is in memory")
			}
		}
	}
	if got := text(ctx, c, fmt.Sprintf("select count(*), min(name), max(resident) between %d and %d from flern.models where resident > 0",
		bytes, bytes+bytes/8)); got != "3|m5|t" {
		t.Errorf("in memory: %s", got)
	}
	// One statement may use more than the share, together.
	all := "select round((m0(1))[1] + (m1(1))[1] + (m2(1))[1] + (m3(1))[1] + (m4(1))[1] + (m5(1))[1] + (m6(1))[1] + (m7(1))[1])"
	if got := text(ctx, c, all); got != "28" {
		t.Error(got)
	}
	if err := create("m7", width, 100); err != nil {
		t.Error(err)
	}
	if got := text(ctx, c, all); got != "121" {
		t.Error(got)
	}
	// A model of three quarters of the limit stays for its statement only; while it runs queries have a quarter.
	if err := create("large", 2500, 1); err != nil {
		t.Fatal(err)
	}
	if got := text(ctx, c, "select abs((large(7))[8] - 7) < 0.1"); got != "t" {
		t.Error(got)
	}
	if got := text(ctx, c, "select resident from flern.models where name = 'large'"); got != "0" {
		t.Error(got)
	}
	hungry := "select count(*) from (select distinct i from generate_series(1, 300000) i) t"
	if got := text(ctx, c, hungry); got != "300000" {
		t.Error(got)
	}
	if got := text(ctx, c, hungry+", (select (large(1))[1] y) k where y > 0"); got != "53200" {
		t.Errorf("a query beside a large model: %s", got)
	}
	var refused *pgconn.PgError
	if err := create("huge", 4200, 1); !errors.As(err, &refused) || refused.Code != "53200" {
		t.Errorf("a model larger than the limit: %v", err)
	}
	for _, sql := range []string{"drop model large", "begin; select m1(1); drop model m1; drop model m2; drop model m3; drop model m4; drop model m5; drop model m6; drop model m7; drop model m0; commit"} {
		text(ctx, c, sql)
	}
	if n := len(s.store.models.loaded); n != 0 {
		t.Errorf("%d models are in memory", n)
	}
}
