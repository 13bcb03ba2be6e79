package instance

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"path/filepath"
	"testing"
	"testing/iotest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// TestCopyBinary: pgx copies in binary.
func TestCopyBinary(t *testing.T) {
	ctx := context.Background()
	s := serve(t, filepath.Join(t.TempDir(), "db"))
	defer s.end()
	c := s.connect(ctx)
	exec(t, c, "create table b(id int, r real[], s text[], note text, d date, n numeric(8,3), at timestamp, ok bool, f float8)")
	day := time.Date(2020, 2, 29, 0, 0, 0, 0, time.UTC)
	x := float32(1.5)
	word := "tab\t, \\N\nand \"quotes\""
	rows := [][]any{
		{1, []*float32{&x, nil}, []*string{&word, nil, new(string)}, word, day, "1.250", day.Add(time.Hour), true, math.Inf(-1)},
		{2, nil, nil, nil, nil, nil, nil, nil, nil},
		{3, []float32{}, []string{}, "", day, "-7", day, false, math.NaN()},
	}
	n, err := c.CopyFrom(ctx, pgx.Identifier{"b"}, []string{"id", "r", "s", "note", "d", "n", "at", "ok", "f"}, pgx.CopyFromRows(rows))
	if err != nil || n != 3 {
		t.Fatal(n, err)
	}
	want := "1|{1.5,NULL}|{\"tab\t, \\\\N\nand \\\"quotes\\\"\",NULL,\"\"}|" + word + "|2020-02-29|1.250|2020-02-29 01:00:00|t|-Infinity\n" +
		"2|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL\n3|{}|{}||2020-02-29|-7.000|2020-02-29 00:00:00|f|NaN"
	if got := answers(ctx, c, "select * from b order by id"); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// TestCopyBinaryForms: headers, trailers and rows that end early, as PostgreSQL takes or refuses them, in pieces of any size.
func TestCopyBinaryForms(t *testing.T) {
	ctx := context.Background()
	s := serve(t, filepath.Join(t.TempDir(), "db"))
	defer s.end()
	c := s.connect(ctx)
	exec(t, c, "create table f(id int, v vector(2))")
	be := binary.BigEndian
	header := append([]byte("PGCOPY\n\xff\r\n\x00"), make([]byte, 8)...)
	row := be.AppendUint16(nil, 2)
	row = append(row, 0, 0, 0, 4, 0, 0, 0, 7, 0, 0, 0, 12, 0, 2, 0, 0)
	row = be.AppendUint32(be.AppendUint32(row, math.Float32bits(1.5)), math.Float32bits(-2))
	end := []byte{0xff, 0xff}
	changed := func(b []byte, at int, to ...byte) []byte {
		b = bytes.Clone(b)
		copy(b[at:], to)
		return b
	}
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	for _, x := range []struct {
		data []byte
		want string
	}{
		{join(header, row, end), "COPY 1"},
		{join(header, row, row), "COPY 2"},
		{join(header, bytes.Repeat(row, 500), end), "COPY 500"},
		{join(header, end), "COPY 0"},
		{join(changed(header, 18, 3), []byte("abc"), row, end), "COPY 1"},
		{changed(header, 0, 'X'), "22P04 COPY file signature not recognized; "},
		{header[:9], "22P04 COPY file signature not recognized; "},
		{header[:13], "22P04 invalid COPY file header (missing flags); "},
		{header[:17], "22P04 invalid COPY file header (missing length); "},
		{changed(header, 11, 0, 1), "22P04 invalid COPY file header (WITH OIDS); "},
		{changed(header, 11, 0x7f), "22P04 unrecognized critical flags in COPY file header; "},
		{changed(header, 15, 0xff), "22P04 invalid COPY file header (missing length); "},
		{changed(header, 18, 9), "22P04 invalid COPY file header (wrong length); "},
		{join(header, row, row[:9]), "22P04 unexpected EOF in COPY data; COPY f, line 2, column id"},
		{join(header, row[:1]), "22P04 unexpected EOF in COPY data; COPY f, line 1"},
		{join(header, changed(row, 1, 3)), "22P04 row field count is 3, expected 2; COPY f, line 1"},
		{join(header, row, changed(row, 2, 0xff, 0xff, 0xff, 0xfe)), "22P04 invalid field size; COPY f, line 2, column id"},
		{join(header, changed(row, 10, 0x7f)), "22P04 unexpected EOF in COPY data; COPY f, line 1, column v"},
		{join(header, row, end, row), "22P04 received copy data after EOF marker; COPY f, line 2"},
		{join(header, changed(row, 15, 3), end), "08P01 insufficient data left in message; COPY f, line 1, column v"},
		{join(header, changed(row, 18, 0x7f, 0xc0), end), "22000 NaN not allowed in vector; COPY f, line 1, column v"},
	} {
		for _, in := range []io.Reader{bytes.NewReader(x.data), iotest.OneByteReader(bytes.NewReader(x.data))} {
			tag, err := c.PgConn().CopyFrom(ctx, in, "copy f from stdin (format binary)")
			got := tag.String()
			var problem *pgconn.PgError
			if errors.As(err, &problem) {
				got = problem.Code + " " + problem.Message + "; " + problem.Where
			}
			if got != x.want {
				t.Errorf("%q: %s, want %s", x.data, got, x.want)
			}
		}
	}
	if got, want := answers(ctx, c, "select id, v, count(*) from f group by 1, 2"), "7|[1.5,-2]|1008"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
