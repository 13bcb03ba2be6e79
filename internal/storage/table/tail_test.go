package table

import (
	"encoding/binary"
	"math"
	"math/bits"
	"testing"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

func definition() *catalog.Table {
	return &catalog.Table{Name: "t", Columns: []catalog.Column{
		{Name: "i", Type: sqltype.Of(sqltype.Int4), NotNull: true}, {Name: "f", Type: sqltype.Of(sqltype.Float4)},
		{Name: "w", Type: sqltype.NumericOf(38, 0)}, {Name: "s", Type: sqltype.Of(sqltype.Text)}}}
}

// oneRow is an image of a single row; no text is a null.
func oneRow(i int64, f float32, text string) (*Image, []byte) {
	mem := make([]byte, 256)
	binary.LittleEndian.PutUint64(mem, uint64(i))
	binary.LittleEndian.PutUint32(mem[8:], math.Float32bits(f))
	mem[16] = byte(i)
	binary.LittleEndian.PutUint32(mem[36:], uint32(len(text)))
	copy(mem[40:], text)
	if text != "" {
		mem[200] = 1
	}
	mem[201] = 1
	valid, always := segment.Span{Offset: 200, Length: 1}, segment.Span{Offset: 201, Length: 1}
	return &Image{Rows: 1, Cols: []segment.Column{
		{Layout: segment.Layout{Encoding: segment.Scaled, Width: 8, Divisor: 1}, Data: segment.Span{Offset: 0, Length: 8}},
		{Layout: segment.Layout{Encoding: segment.Float, Width: 4, Divisor: 1, Nullable: true}, Valid: always,
			Data: segment.Span{Offset: 8, Length: 4}},
		{Layout: segment.Layout{Encoding: segment.Wide, Width: 16, Divisor: 1}, Data: segment.Span{Offset: 16, Length: 16}},
		{Layout: segment.Layout{Encoding: segment.Bytes, Divisor: 1, Nullable: true}, Valid: valid,
			Offsets: segment.Span{Offset: 32, Length: 8}, Data: segment.Span{Offset: 40, Length: 100}}}}, mem
}

// numbers names memories.
func numbers() func() uint64 {
	n := uint64(0)
	return func() uint64 { n++; return n }
}

func fill(t testing.TB, tail *Tail, from, to int64) {
	t.Helper()
	for i := from; i < to; i++ {
		text := "text"[:i%5]
		img, mem := oneRow(i, float32(i), text)
		if end, err := tail.AppendImage(img, mem, make([]Strings, 4), 0, 1); err != nil || end != 1 {
			t.Fatal(end, err)
		}
	}
}

func TestTailKeepsWhatItGaveOut(t *testing.T) {
	tail := NewTail(definition(), numbers())
	defer tail.Discard()
	fill(t, tail, 0, 100)
	old := tail.View(1)
	blob := tail.EncodeRows(nil, 0)
	fill(t, tail, 100, 5000)
	err := segment.WithMap(old.File, old.Size, func(mem []byte) error {
		for i, c := range old.Cols {
			if err := segment.CheckColumn(old.Rows, c, mem, 0); err != nil {
				t.Errorf("column %d: %v", i, err)
			}
		}
		again := NewTail(definition(), numbers())
		defer again.Discard()
		if _, err := again.AppendImage(&Image{Rows: old.Rows, Cols: old.Cols}, mem, make([]Strings, 4), 0, old.Rows); err != nil {
			return err
		}
		if string(again.EncodeRows(nil, 0)) != string(blob) {
			t.Error("a view changed when rows were appended")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if st := old.Cols[0].Stats; !st.HasBounds || st.MinInt != 0 || st.MaxInt != 99 {
		t.Errorf("statistics of the old view: %+v", st)
	}
	if st := tail.View(2).Cols[3].Stats; st.NullCount != 1000 || st.HasBounds {
		t.Errorf("statistics of the text: %+v", st)
	}
}

func TestTailStatistics(t *testing.T) {
	tail := NewTail(definition(), numbers())
	defer tail.Discard()
	fill(t, tail, 5, 9)
	nan, mem := oneRow(-3, float32(math.NaN()), "")
	if _, err := tail.AppendImage(nan, mem, make([]Strings, 4), 0, 1); err != nil {
		t.Fatal(err)
	}
	v := tail.View(1)
	if st := v.Cols[0].Stats; st.MinInt != -3 || st.MaxInt != 8 {
		t.Errorf("integers: %+v", st)
	}
	if v.Cols[1].Stats.HasBounds {
		t.Error("bounds hold although there is a NaN")
	}
	merged := NewSnapshot(definition(), []*Segment{v, v}, make([]*Dict, 4), Stats{}.With(v).With(v), nil)
	if merged.Rows != 10 || merged.Stats[1].HasBounds || merged.Stats[0].MinInt != -3 || !merged.Stats[0].HasBounds {
		t.Errorf("merged: %+v", merged.Stats)
	}
	if empty := NewSnapshot(definition(), nil, nil, Stats{}, nil); empty.Stats[0].HasBounds {
		t.Error("an empty table has bounds")
	}
}

func TestStatsMerge(t *testing.T) {
	seg := func(rows int64, st segment.Stats) *Segment {
		return &Segment{Rows: rows, Cols: []segment.Column{{Stats: st}}}
	}
	for _, c := range []struct {
		name string
		segs []*Segment
		want segment.Stats
	}{
		{"apart", []*Segment{seg(10, segment.Stats{HasBounds: true, MinInt: 0, MaxInt: 9, Distinct: 10}),
			seg(10, segment.Stats{HasBounds: true, MinInt: 10, MaxInt: 19, Distinct: 10})},
			segment.Stats{HasBounds: true, MinInt: 0, MaxInt: 19, Distinct: 20}},
		{"the same few", []*Segment{seg(100, segment.Stats{HasBounds: true, MinInt: 1, MaxInt: 9, Distinct: 5}),
			seg(100, segment.Stats{HasBounds: true, MinInt: 0, MaxInt: 8, Distinct: 7})},
			segment.Stats{HasBounds: true, MinInt: 0, MaxInt: 9, Distinct: 7}},
		{"all null", []*Segment{seg(10, segment.Stats{NullCount: 10}), seg(10, segment.Stats{HasBounds: true, MinInt: 4, MaxInt: 5})},
			segment.Stats{NullCount: 10, HasBounds: true, MinInt: 4, MaxInt: 5}},
		{"unknown", []*Segment{seg(10, segment.Stats{}), seg(10, segment.Stats{HasBounds: true, MinInt: 4, MaxInt: 5})}, segment.Stats{}},
	} {
		got := Stats{}.With(c.segs[0]).With(c.segs[1]).Cols[0]
		if got.HasBounds != c.want.HasBounds || got.MinInt != c.want.MinInt || got.MaxInt != c.want.MaxInt ||
			got.Distinct != c.want.Distinct || got.NullCount != c.want.NullCount {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestSketchesMerge(t *testing.T) {
	const registers = 1024
	sketch := func(from, to uint64) []byte {
		s := make([]byte, registers)
		for v := from; v < to; v++ {
			h := v * 0x9E3779B97F4A7C15 // then mixed
			h ^= h >> 32
			h *= 0xD6E8FEB86659FD93
			h ^= h >> 32
			r := byte(bits.LeadingZeros64(h<<10|1<<9) + 1)
			s[h>>54] = max(s[h>>54], r)
		}
		return s
	}
	type pair struct{ a, b [2]uint64 }
	for _, c := range []pair{
		{[2]uint64{0, 100}, [2]uint64{50, 150}}, {[2]uint64{0, 100000}, [2]uint64{0, 100000}}, {[2]uint64{0, 100000}, [2]uint64{50000, 200000}}} {
		got := estimate(mergeSketches(sketch(c.a[0], c.a[1]), sketch(c.b[0], c.b[1])))
		want := int64(max(c.a[1], c.b[1]))
		if got < want*9/10 || got > want*11/10 {
			t.Errorf("%v and %v: %d distinct values estimated", c.a, c.b, got)
		}
	}
	if mergeSketches(nil, make([]byte, registers)) != nil {
		t.Error("a sketch of a set without one")
	}
}

// FuzzAppendRows: damaged rows of the log are an error that leaves the tail alone, and sound ones read back.
func FuzzAppendRows(f *testing.F) {
	tail := NewTail(definition(), numbers())
	fill(f, tail, 0, 20)
	f.Add(tail.EncodeRows(nil, 0))
	f.Add(tail.EncodeRows(nil, 19))
	tail.Discard()
	f.Fuzz(func(t *testing.T, blob []byte) {
		if len(blob) > 1<<16 {
			return
		}
		tail := NewTail(definition(), numbers())
		defer tail.Discard()
		if err := tail.AppendRows(blob); err != nil {
			if tail.Rows() != 0 {
				t.Fatal("rows of a damaged blob were kept")
			}
			return
		}
		if tail.Rows() == 0 {
			return
		}
		again := NewTail(definition(), numbers())
		defer again.Discard()
		encoded := tail.EncodeRows(nil, 0)
		if err := again.AppendRows(encoded); err != nil {
			t.Fatal(err)
		}
		if string(again.EncodeRows(nil, 0)) != string(encoded) {
			t.Fatal("rows do not read back")
		}
	})
}
