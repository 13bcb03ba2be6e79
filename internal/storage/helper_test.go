package storage

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/storage/vfs"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// testTable has a column for each way in which values lie in a segment.
func testTable(name string) catalog.Table {
	col := func(name string, t sqltype.Type) catalog.Column { return catalog.Column{Name: name, Type: t} }
	return catalog.Table{Schema: "public", Name: name, PrimaryKey: []int{0}, Columns: []catalog.Column{
		col("id", sqltype.Of(sqltype.Int8)), col("mode", sqltype.Of(sqltype.Text)), col("price", sqltype.NumericOf(15, 2)),
		col("score", sqltype.Of(sqltype.Float8)), col("total", sqltype.NumericOf(38, 2)), col("note", sqltype.Of(sqltype.Text))}}
}

// testRow is a row of testTable; every third one has nulls.
type testRow struct{ id int64 }

var modes = []string{"AIR", "RAIL", "SHIP", "", "TRUCK", "MAIL", "FOB"}

func (r testRow) null() bool      { return r.id%3 == 2 }
func (r testRow) mode() string    { return modes[r.id%int64(len(modes))] }
func (r testRow) price() int64    { return r.id % 200 * 100 }
func (r testRow) score() float64  { return float64(r.id) / 4 }
func (r testRow) note() string    { return strings.Repeat("n", int(r.id%5)) + fmt.Sprint(r.id) }
func (r testRow) total() [16]byte { return [16]byte{0: byte(r.id), 1: byte(r.id >> 8), 15: 0x80} }

func (r testRow) String() string {
	if r.null() {
		return fmt.Sprintf("%d,∅,∅,∅,∅,∅", r.id)
	}
	return fmt.Sprintf("%d,%s,%d,%g,%x,%s", r.id, r.mode(), r.price(), r.score(), r.total(), r.note())
}

// form is how a test's image is encoded.
type form struct {
	idWidth uint8
	dict    bool // mode is in the dictionary
}

// memory lays buffers one after another in shared memory.
type memory struct{ b []byte }

func (m *memory) span(b []byte) segment.Span {
	for len(m.b)%64 != 0 {
		m.b = append(m.b, 0)
	}
	s := segment.Span{Offset: int64(len(m.b)), Length: int64(len(b))}
	m.b = append(append(m.b, b...), make([]byte, 128)...)
	return s
}

func (m *memory) file(t testing.TB) (*os.File, int64) {
	t.Helper()
	f, mem, err := segment.SharedMemory("test", int64(len(m.b)))
	if err != nil {
		t.Fatal(err)
	}
	copy(mem, m.b)
	segment.Unmap(mem)
	t.Cleanup(func() { f.Close() })
	return f, int64(len(m.b))
}

// rowsOf makes an Append of the rows with ids from … to-1 against a snapshot of the table.
func rowsOf(t testing.TB, snap *table.Snapshot, from, to int64, f form) *table.Append {
	t.Helper()
	a := &table.Append{}
	dict := map[string]uint32{}
	known := int64(0)
	if d := snap.Dicts[1]; d != nil && f.dict {
		for i, s := range dictStrings(t, d) {
			dict[s] = uint32(i)
		}
		known = d.Count
	}
	var added []string
	code := func(s string) uint32 {
		c, ok := dict[s]
		if !ok {
			c = uint32(len(dict))
			dict[s] = c
			added = append(added, s)
		}
		return c
	}
	n := to - from
	valid := make([]byte, (n+7)/8)
	var id, mode, price, score, total, noteOffsets, notes, modeOffsets, modeBytes []byte
	noteOffsets, modeOffsets = make([]byte, 4), make([]byte, 4)
	for i := from; i < to; i++ {
		r := testRow{i}
		switch f.idWidth {
		case 8:
			id = binary.LittleEndian.AppendUint64(id, uint64(i))
		default:
			id = append(id, binary.LittleEndian.AppendUint64(nil, uint64(i-from))[:f.idWidth]...)
		}
		if !r.null() {
			valid[(i-from)/8] |= 1 << ((i - from) % 8)
			notes = append(notes, r.note()...)
			modeBytes = append(modeBytes, r.mode()...)
		}
		c := uint32(0)
		if !r.null() && f.dict {
			c = code(r.mode())
		}
		mode = append(mode, byte(c))
		price = append(price, byte(r.price()/100))
		score = binary.LittleEndian.AppendUint64(score, math.Float64bits(r.score()))
		w := r.total()
		total = append(total, w[:]...)
		noteOffsets = binary.LittleEndian.AppendUint32(noteOffsets, uint32(len(notes)))
		modeOffsets = binary.LittleEndian.AppendUint32(modeOffsets, uint32(len(modeBytes)))
	}
	nulls := int64(0)
	for i := from; i < to; i++ {
		if (testRow{i}).null() {
			nulls++
		}
	}
	m := &memory{}
	v := m.span(valid)
	stats := func(lo, hi int64) segment.Stats {
		return segment.Stats{NullCount: nulls, HasBounds: true, MinInt: lo, MaxInt: hi, Distinct: n}
	}
	idCol := segment.Column{Layout: segment.Layout{Encoding: segment.Scaled, Width: f.idWidth, HasBase: f.idWidth < 8, Divisor: 1},
		Data: m.span(id), Stats: segment.Stats{HasBounds: true, MinInt: from, MaxInt: to - 1, Distinct: n}}
	if f.idWidth < 8 {
		idCol.Base = from
	}
	modeCol := segment.Column{Layout: segment.Layout{Encoding: segment.Bytes, Nullable: true, Divisor: 1}, Valid: v,
		Stats: segment.Stats{NullCount: nulls}}
	if f.dict {
		modeCol.Layout = segment.Layout{Encoding: segment.Dictionary, Width: 1, Nullable: true, Divisor: 1}
		modeCol.Data = m.span(mode)
	} else {
		modeCol.Offsets, modeCol.Data = m.span(modeOffsets), m.span(modeBytes)
	}
	cols := []segment.Column{idCol, modeCol,
		{Layout: segment.Layout{Encoding: segment.Scaled, Width: 1, Nullable: true, Divisor: 100}, Valid: v, Data: m.span(price),
			Stats: stats(0, 19900)},
		{Layout: segment.Layout{Encoding: segment.Float, Width: 8, Nullable: true, Divisor: 1}, Valid: v, Data: m.span(score),
			Stats: segment.Stats{NullCount: nulls, HasBounds: true, MinFloat: float64(from) / 4, MaxFloat: float64(to-1) / 4}},
		{Layout: segment.Layout{Encoding: segment.Wide, Width: 16, Nullable: true, Divisor: 1}, Valid: v, Data: m.span(total),
			Stats: segment.Stats{NullCount: nulls}},
		{Layout: segment.Layout{Encoding: segment.Bytes, Nullable: true, Divisor: 1}, Valid: v, Offsets: m.span(noteOffsets),
			Data: m.span(notes), Stats: segment.Stats{NullCount: nulls}}}
	file, size := m.file(t)
	a.Segments = []table.Image{{Rows: n, Cols: cols, File: file, Size: size}}
	if len(added) > 0 {
		dm := &memory{}
		var text, ends []byte
		ends = make([]byte, 4)
		for _, s := range added {
			text = append(text, s...)
			ends = binary.LittleEndian.AppendUint32(ends, uint32(len(text)))
		}
		d := table.DictDelta{Ordinal: 1, Base: known, Count: int64(len(added)), Offsets: dm.span(ends), Data: dm.span(text)}
		d.File, d.Size = dm.file(t)
		a.Dicts = []table.DictDelta{d}
	}
	return a
}

func dictStrings(t testing.TB, d *table.Dict) []string {
	t.Helper()
	var all []string
	err := segment.WithMap(d.File, d.Size, func(mem []byte) error {
		at := table.DictStrings(d.Offsets, d.Data, mem)
		for i := int64(0); i < d.Count; i++ {
			all = append(all, string(at(i)))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// contents reads a snapshot of testTable, in order of the ids, by its spans alone.
func contents(t testing.TB, snap *table.Snapshot) []string {
	t.Helper()
	type keyed struct {
		id   int64
		text string
	}
	var rows []keyed
	for _, s := range snap.Segments {
		err := segment.WithMap(s.File, s.Size, func(mem []byte) error {
			for row := int64(0); row < s.Rows; row++ {
				id := readInt(s.Cols[0], mem, row)
				text := fmt.Sprint(id)
				for _, c := range s.Cols[1:] {
					text += "," + readValue(t, snap, c, mem, row)
				}
				rows = append(rows, keyed{id, text})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.SortFunc(rows, func(a, b keyed) int { return int(a.id - b.id) })
	all := make([]string, len(rows))
	for i, r := range rows {
		all[i] = r.text
	}
	return all
}

func readUint(c segment.Column, mem []byte, row int64) uint64 {
	var b [8]byte
	copy(b[:], mem[c.Data.Offset+row*int64(c.Layout.Width):][:c.Layout.Width])
	return binary.LittleEndian.Uint64(b[:])
}

func readInt(c segment.Column, mem []byte, row int64) int64 {
	return int64(readUint(c, mem, row))*c.Layout.Divisor + c.Base
}

func readValue(t testing.TB, snap *table.Snapshot, c segment.Column, mem []byte, row int64) string {
	if c.Layout.Nullable && mem[c.Valid.Offset+row/8]>>(row%8)&1 == 0 {
		return "∅"
	}
	switch c.Layout.Encoding {
	case segment.Scaled:
		return fmt.Sprint(readInt(c, mem, row))
	case segment.Float:
		return fmt.Sprint(math.Float64frombits(readUint(c, mem, row)))
	case segment.Wide:
		return fmt.Sprintf("%x", mem[c.Data.Offset+row*16:][:16])
	case segment.Dictionary:
		return dictStrings(t, snap.Dicts[1])[readUint(c, mem, row)]
	}
	at := mem[c.Offsets.Offset+row*4:]
	return string(mem[c.Data.Offset:][binary.LittleEndian.Uint32(at):binary.LittleEndian.Uint32(at[4:])])
}

// wantRows is what contents gives for ids from … to-1.
func wantRows(from, to int64) []string {
	var all []string
	for i := from; i < to; i++ {
		all = append(all, testRow{i}.String())
	}
	return all
}

func sameRows(t testing.TB, what string, got, want []string) {
	t.Helper()
	if slices.Equal(got, want) {
		return
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("%s: %d rows instead of %d; row %d differs: %q, want %q", what, len(got), len(want), i, at(got, i), at(want, i))
		}
	}
}

func at(s []string, i int) string {
	if i < len(s) {
		return s[i]
	}
	return "none"
}

func openStore(t testing.TB, fs vfs.FS, dir string) *Store {
	t.Helper()
	s, err := Open(fs, dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func begin(t testing.TB, s *Store, write bool) *Tx {
	t.Helper()
	tx, err := s.Begin(context.Background(), write)
	if err != nil {
		t.Fatal(err)
	}
	return tx
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t testing.TB, err error, code sqlstate.Code) {
	t.Helper()
	if err == nil || sqlstate.Of(err).Code != code {
		t.Fatalf("error %v, want code %s", err, code)
	}
}

// appendRows appends to a table in a transaction.
func appendRows(t testing.TB, tx *Tx, name string, from, to int64, f form) error {
	t.Helper()
	def, ok := tx.Table("public", name)
	if !ok {
		t.Fatalf("no table %s", name)
	}
	snap, err := tx.Snapshot(def)
	if err != nil {
		return err
	}
	defer snap.Release()
	return tx.Append(def, rowsOf(t, snap, from, to, f))
}

// tableRows reads a table in a new transaction.
func tableRows(t testing.TB, s *Store, name string) []string {
	t.Helper()
	tx := begin(t, s, false)
	defer tx.Rollback()
	return rowsIn(t, tx, name)
}

func rowsIn(t testing.TB, tx *Tx, name string) []string {
	t.Helper()
	def, ok := tx.Table("public", name)
	if !ok {
		return nil
	}
	snap, err := tx.Snapshot(def)
	must(t, err)
	defer snap.Release()
	return contents(t, snap)
}
