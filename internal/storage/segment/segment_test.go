package segment

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/ipc"

	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// image lays buffers one after another, as a sink might.
type image struct {
	mem    []byte
	fields []Field
	cols   []Column
}

func (m *image) span(b []byte) Span {
	s := Span{Offset: int64(len(m.mem)), Length: int64(len(b))}
	m.mem = append(m.mem, b...)
	for len(m.mem)%8 != 0 {
		m.mem = append(m.mem, 0xEE)
	}
	return s
}

func (m *image) add(f Field, c Column, valid, offsets, data []byte) {
	c.Data = m.span(data)
	if valid != nil {
		c.Valid = m.span(valid)
	}
	if offsets != nil {
		c.Offsets = m.span(offsets)
	}
	m.fields, m.cols = append(m.fields, f), append(m.cols, c)
}

func u32s(v ...uint32) []byte {
	var b []byte
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, x)
	}
	return b
}

// sample has one column of each encoding and three rows.
func sample() *image {
	m := &image{}
	m.add(Field{Name: "quantity", Type: sqltype.NumericOf(15, 2)}, Column{Layout: Layout{Encoding: Scaled, Width: 1, Divisor: 100}},
		nil, nil, []byte{1, 2, 3})
	m.add(Field{Name: "shipped", Type: sqltype.Of(sqltype.Date)}, Column{Layout: Layout{Encoding: Scaled, Width: 2, Divisor: 1,
		HasBase: true, Nullable: true}, Base: -2922, Stats: Stats{NullCount: 1}}, []byte{0b101}, nil, []byte{1, 0, 0, 0, 2, 0})
	m.add(Field{Name: "id", Type: sqltype.Of(sqltype.Int8)}, Column{Layout: Layout{Encoding: Scaled, Width: 8, Divisor: 1}}, nil, nil,
		append(append(u32s(7, 0), u32s(8, 0)...), u32s(9, 0)...))
	m.add(Field{Name: "total", Type: sqltype.NumericOf(38, 4)}, Column{Layout: Layout{Encoding: Wide, Width: 16, Divisor: 1}}, nil, nil,
		bytes.Repeat([]byte{0xFF}, 48))
	m.add(Field{Name: "price", Type: sqltype.Of(sqltype.Float4)}, Column{Layout: Layout{Encoding: Float, Width: 4, Divisor: 1}}, nil, nil,
		u32s(0x3f800000, 0x40000000, 0x40400000))
	m.add(Field{Name: "mode", Type: sqltype.Of(sqltype.Text), Dictionary: "t.mode"}, Column{Layout: Layout{Encoding: Dictionary, Width: 1,
		Divisor: 1}}, nil, nil, []byte{0, 1, 0})
	m.add(Field{Name: "comment", Type: sqltype.Of(sqltype.Text)}, Column{Layout: Layout{Encoding: Bytes, Divisor: 1}}, nil,
		u32s(0, 3, 3, 5), []byte("abcde"))
	m.add(Field{Name: "big", Type: sqltype.Of(sqltype.Numeric)}, Column{Layout: Layout{Encoding: Bytes, Divisor: 1}}, nil,
		u32s(0, 0, 0, 0), nil)
	m.add(Field{Name: "span", Type: sqltype.Of(sqltype.Interval)}, Column{Layout: Layout{Encoding: Wide, Width: 16, Divisor: 1}}, nil, nil,
		make([]byte, 48))
	m.add(Field{Name: "embedding", Type: sqltype.VectorOf(2)}, Column{Layout: Layout{Encoding: Fixed, Width: 4, Count: 2, Divisor: 1}}, nil, nil,
		u32s(0x3f800000, 0, 0x40000000, 0, 0x40400000, 0))
	m.add(Field{Name: "list", Type: sqltype.ArrayOf(sqltype.Int4, 0)}, Column{Layout: Layout{Encoding: Bytes, Divisor: 1, Nullable: true},
		Stats: Stats{NullCount: 1}}, []byte{0b101}, u32s(0, 12, 12, 29), append(u32s(1, 0, 7, 2, 1, 5, 0), 1))
	return m
}

func TestAnyArrowReaderReadsSegments(t *testing.T) {
	m := sample()
	var out bytes.Buffer
	w, err := Write(&out, m.fields, 3, m.cols, m.mem)
	if err != nil {
		t.Fatal(err)
	}
	if int64(out.Len()) != w.Size {
		t.Fatalf("%d bytes written, %d reported", out.Len(), w.Size)
	}
	r, err := ipc.NewFileReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if r.NumRecords() != 1 {
		t.Fatalf("%d records", r.NumRecords())
	}
	rec, err := r.Record(0)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"[1 2 3]", "[1 (null) 2]", "[7 8 9]", "", "[1 2 3]", "[0 1 0]", `["abc" "" "de"]`, "", "", "", ""}
	types := []arrow.Type{arrow.UINT8, arrow.UINT16, arrow.INT64, arrow.DECIMAL128, arrow.FLOAT32, arrow.UINT8, arrow.STRING,
		arrow.BINARY, arrow.FIXED_SIZE_BINARY, arrow.FIXED_SIZE_BINARY, arrow.BINARY}
	for i, c := range rec.Columns() {
		if c.DataType().ID() != types[i] {
			t.Errorf("column %d has type %s", i, c.DataType())
		}
		if s := c.(interface{ String() string }).String(); want[i] != "" && s != want[i] {
			t.Errorf("column %d: %s, want %s", i, s, want[i])
		}
	}
	if d := rec.Column(3).(*array.Decimal128); d.Value(0).LowBits() != ^uint64(0) || d.Value(0).HighBits() != -1 {
		t.Errorf("decimal %v", d.Value(0))
	}
	meta := r.Schema().Field(1).Metadata
	if v, _ := meta.GetValue(extensionMetaKey); !strings.Contains(v, `"base":-2922`) || !strings.Contains(v, `"sql_type":"date"`) {
		t.Errorf("metadata of the date: %s", v)
	}
	if v, _ := r.Schema().Metadata().GetValue("flern:format"); v != "2" {
		t.Errorf("format %q", v)
	}
	for _, s := range Spans(w.Cols) {
		if s.Offset%64 != 0 || s.Offset+s.Length+128 > w.Size {
			t.Errorf("span %v of a file of %d bytes", s, w.Size)
		}
	}
	at := w.Cols[6].Data
	if got := out.Bytes()[at.Offset : at.Offset+at.Length]; string(got) != "abcde" {
		t.Errorf("bytes in the file: %q", got)
	}
}

// TestDamageIsFound flips the bytes of a file: what a column's spans hold is that column's damage, and no other's.
func TestDamageIsFound(t *testing.T) {
	m := sample()
	var out bytes.Buffer
	w, err := Write(&out, m.fields, 3, m.cols, m.mem)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "s.arrow")
	// damaged lists the columns that a file of these bytes does not have as they were written; err: it is not even opened.
	damaged := func(b []byte) (cols []int, err error) {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := Verify(f, w.Size, Spans(w.Cols)); err != nil {
			return nil, err
		}
		u := NewUnread(f, w.Cols)
		for i := range w.Cols {
			err := u.Check(context.Background(), i)
			if u.Has(i) != (err != nil) {
				t.Errorf("column %d: still to be checked after %v", i, err)
			}
			if err != nil {
				isDamage(t, path, err)
				cols = append(cols, i)
			}
		}
		return cols, nil
	}
	if cols, err := damaged(out.Bytes()); err != nil || cols != nil {
		t.Fatal(cols, err)
	}
	for n := 0; n < out.Len(); n++ {
		var want []int
		for i, c := range w.Cols {
			for _, s := range Spans([]Column{c}) {
				if int64(n) >= s.Offset && int64(n) < s.Offset+s.Length {
					want = []int{i}
				}
			}
		}
		if want == nil && n%31 != 0 {
			continue
		}
		flipped := bytes.Clone(out.Bytes())
		flipped[n] ^= 0x10
		if cols, err := damaged(flipped); (err != nil && want != nil) || !slices.Equal(cols, want) {
			t.Errorf("byte %d flipped: columns %v are damaged instead of %v: %v", n, cols, want, err)
		}
	}
	for n := 0; n < out.Len(); n += 97 {
		_, err := damaged(out.Bytes()[:n])
		isDamage(t, path, err)
	}
	_, err = damaged(append(bytes.Clone(out.Bytes()), 0))
	isDamage(t, path, err)
}

func isDamage(t *testing.T, path string, err error) {
	t.Helper()
	var e *sqlstate.Error
	if !errors.As(err, &e) || e.Code != sqlstate.DataCorrupted || !strings.Contains(e.Message, path) {
		t.Errorf("%v", err)
	}
}

// TestUnread: a column is read once, and one whose check was given up or failed again.
func TestUnread(t *testing.T) {
	m := sample()
	f, err := os.Create(filepath.Join(t.TempDir(), "s.arrow"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := Write(f, m.fields, 3, m.cols, m.mem)
	if err != nil {
		t.Fatal(err)
	}
	u := NewUnread(f, w.Cols)
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if err := u.Check(gone, 0); !errors.Is(err, context.Canceled) || !u.Has(0) {
		t.Errorf("canceled: %v", err)
	}
	if err := u.Check(context.Background(), 0); err != nil || u.Has(0) {
		t.Errorf("%v", err)
	}
	if err := f.Truncate(w.Cols[0].Data.Offset); err != nil {
		t.Fatal(err)
	}
	if err := u.Check(context.Background(), 0); err != nil {
		t.Errorf("a column that was read is read again: %v", err)
	}
	isDamage(t, f.Name(), u.Check(context.Background(), 1))
	if none := (*Unread)(nil); none.Has(0) || none.Check(context.Background(), 0) != nil {
		t.Error("memory is checked")
	}
}

func TestCheckColumn(t *testing.T) {
	m := sample()
	for i, c := range m.cols {
		if err := CheckColumn(3, c, m.mem, 2); err != nil {
			t.Errorf("column %d: %v", i, err)
		}
	}
	for _, c := range []struct {
		name string
		col  int
		edit func(*Column)
		want string
	}{
		{"too short", 0, func(c *Column) { c.Data.Length = 2 }, "do not hold 3 rows"},
		{"outside", 2, func(c *Column) { c.Data.Offset = 1 << 40 }, "do not hold 3 rows"},
		{"negative", 2, func(c *Column) { c.Data.Offset = -8 }, "do not hold 3 rows"},
		{"overflow", 2, func(c *Column) { c.Data.Offset, c.Data.Length = 1<<62, 1<<62 }, "do not hold 3 rows"},
		{"no bitmap", 1, func(c *Column) { c.Valid = Span{} }, "validity bitmap"},
		{"width", 0, func(c *Column) { c.Layout.Width = 3 }, "no layout"},
		{"divisor", 0, func(c *Column) { c.Layout.Divisor = 0 }, "no layout"},
		{"base", 0, func(c *Column) { c.Base = 5 }, "no layout"},
		{"code", 5, func(c *Column) { c.Data = m.cols[0].Data }, "code 2 of row 1 is not in the dictionary of 2 strings"},
		{"offsets", 6, func(c *Column) { c.Offsets = m.cols[2].Data }, "the first offset is 7"},
		{"bytes", 6, func(c *Column) { c.Data.Length = 4 }, "past the end"},
		{"numbers", 9, func(c *Column) { c.Layout.Count = 3 }, "do not hold 3 rows"},
		{"no numbers", 9, func(c *Column) { c.Layout.Count = 0 }, "no layout"},
		{"numbers of another layout", 0, func(c *Column) { c.Layout.Count = 1 }, "no layout"},
	} {
		col := m.cols[c.col]
		c.edit(&col)
		if err := CheckColumn(3, col, m.mem, 2); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestDictionaryFile(t *testing.T) {
	m := &image{}
	data, offsets := m.span([]byte("AIRRAIL")), m.span(u32s(0, 3, 7))
	if err := CheckDict(2, offsets, data, m.mem); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := WriteDict(&out, "mode", 2, offsets, data, m.mem); err != nil {
		t.Fatal(err)
	}
	r, err := ipc.NewFileReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	rec, err := r.Record(0)
	if err != nil {
		t.Fatal(err)
	}
	if s := rec.Column(0).(*array.String).String(); s != `["AIR" "RAIL"]` {
		t.Error(s)
	}
}

func TestVanishedPagesAreAnError(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "f"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Truncate(1 << 20); err != nil {
		t.Fatal(err)
	}
	err = WithMap(f, 1<<20, func(mem []byte) error {
		if err := f.Truncate(0); err != nil {
			return err
		}
		_ = bytes.Count(mem, []byte{1})
		return nil
	})
	if sqlstate.Of(err).Code != sqlstate.IOError {
		t.Fatal(err)
	}
}

// TestCheckSound: packed values that would be read past their ends are found.
func TestCheckSound(t *testing.T) {
	m := sample()
	list := m.cols[10]
	if err := CheckSound(3, m.fields[10].Type, list, m.mem); err != nil {
		t.Fatal(err)
	}
	data := m.mem[list.Data.Offset:]
	for _, c := range []struct {
		name string
		at   int // of the byte that is changed
		to   byte
	}{{"more elements", 0, 2}, {"nulls", 4, 1}, {"more nulls than elements", 12 + 4, 3}, {"many elements", 3, 0xff}, {"no nulls", 12 + 4, 0}} {
		was := data[c.at]
		data[c.at] = c.to
		if err := CheckSound(3, m.fields[10].Type, list, m.mem); err == nil {
			t.Errorf("%s: an array is taken for sound", c.name)
		}
		data[c.at] = was
	}
	for typ, sound := range map[sqltype.Type]bool{sqltype.Of(sqltype.Text): true, sqltype.Of(sqltype.Numeric): false,
		sqltype.Of(sqltype.Vector): false, sqltype.ArrayOf(sqltype.Text, 0): false} {
		if err := CheckSound(3, typ, list, m.mem); (err == nil) != sound {
			t.Errorf("as %s: %v", typ, err)
		}
	}
}
