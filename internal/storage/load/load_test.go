package load

import (
	"encoding/binary"
	"os"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
)

var testTable = &catalog.Table{Name: "t", Columns: []catalog.Column{
	{Name: "id", Type: sqltype.Of(sqltype.Int8), NotNull: true},
	{Name: "word", Type: sqltype.Of(sqltype.Text)},
	{Name: "price", Type: sqltype.NumericOf(15, 2)},
}}

// words makes little-endian bytes of integers of 1, 2, 4 or 8 bytes.
func words(vs ...any) []byte {
	var b []byte
	for _, v := range vs {
		switch v := v.(type) {
		case int:
			b = binary.LittleEndian.AppendUint64(b, uint64(v))
		case uint8:
			b = append(b, v)
		case uint16:
			b = binary.LittleEndian.AppendUint16(b, v)
		case uint32:
			b = binary.LittleEndian.AppendUint32(b, v)
		}
	}
	return b
}

func imageFile(t testing.TB, size int, put map[int][]byte) *os.File {
	f, mem, err := segment.SharedMemory("test-image", int64(size))
	if err != nil {
		t.Fatal(err)
	}
	for at, b := range put {
		copy(mem[at:], b)
	}
	segment.Unmap(mem)
	t.Cleanup(func() { f.Close() })
	return f
}

func column(encoding, width, nullable, base uint8, divisor, baseValue int, data, valid, offsets [2]int, nulls, low, high int) []byte {
	return words(encoding, width, nullable, base, uint8(1), uint8(0), uint16(0), divisor, baseValue, data[0], data[1],
		valid[0], valid[1], offsets[0], offsets[1], nulls, low, high, 2, 0)
}

// testImages are two segments in the wrong order and a dictionary: rows (7, 'b', 1.00), (8, null, 2.55); (1, 'a', 0).
func testImages(t testing.TB) []Image {
	head := func(rows, order int) []byte {
		return words(uint32(imageMagic), uint16(1), uint16(imageSegment), rows, order, 0, 832, uint32(3), uint32(0), 0, 0, 0, 0, 0)
	}
	file := func(id, code, price []byte) *os.File {
		return imageFile(t, 4096, map[int][]byte{0: id, 192: code, 384: {1}, 576: price})
	}
	meta := func(rows, order, nulls int) []byte {
		b := head(rows, order)
		b = append(b, column(uint8(segment.Scaled), 1, 0, 1, 1, 1, [2]int{0, rows}, [2]int{}, [2]int{}, 0, 1, 8)...)
		b = append(b, column(uint8(segment.Dictionary), 1, 1, 0, 1, 0, [2]int{192, rows}, [2]int{384, 1}, [2]int{}, nulls, 0, 1)...)
		return append(b, column(uint8(segment.Scaled), 2, 0, 0, 1, 0, [2]int{576, 2 * rows}, [2]int{}, [2]int{}, 0, 0, 255)...)
	}
	clamp := func(b []byte, distinct uint64) []byte {
		for i := range 3 {
			binary.LittleEndian.PutUint64(b[imageHeadSize+imageColSize*i+96:], distinct)
		}
		return b
	}
	dict := imageFile(t, 4096, map[int][]byte{0: words(uint32(0), uint32(1), uint32(2)), 192: []byte("ab")})
	return []Image{
		{file([]byte{6, 7}, []byte{1, 0}, words(uint16(100), uint16(255))), 4096, meta(2, 5, 1)},
		{file([]byte{0}, []byte{0}, nil), 4096, clamp(meta(1, 3, 0), 1)},
		{dict, 4096, words(uint32(imageMagic), uint16(1), uint16(imageDictionary), 0, 0, 0, 448, uint32(0), uint32(1), 0, 2, 0, 192, 2)},
	}
}

func TestDecode(t *testing.T) {
	a, err := Decode(testTable, nil, testImages(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Segments) != 2 || a.Segments[0].Rows != 1 || a.Segments[1].Rows != 2 {
		t.Fatalf("segments %+v", a.Segments)
	}
	if len(a.Dicts) != 1 || a.Dicts[0].Ordinal != 1 || a.Dicts[0].Count != 2 || a.Dicts[0].Base != 0 {
		t.Fatalf("dictionaries %+v", a.Dicts)
	}
	id := a.Segments[1].Cols[0]
	if id.Base != 1 || id.Layout.String() != "scaled1+b" || id.Stats.MinInt != 1 || id.Stats.MaxInt != 8 || id.Stats.Distinct != 2 {
		t.Errorf("column id: %+v", id)
	}
	if word := a.Segments[1].Cols[1]; word.Layout.String() != "dict1?" || word.Stats.NullCount != 1 {
		t.Errorf("column word: %+v", word)
	}
}

// TestDecoderClose: what is not handed over is closed, refused images too.
func TestDecoderClose(t *testing.T) {
	closed := func(img Image) bool {
		_, err := img.File.Stat()
		return err != nil
	}
	images := testImages(t)
	d := NewDecoder(testTable, nil)
	for _, img := range images {
		if err := d.Add(img); err != nil {
			t.Fatal(err)
		}
	}
	d.Close()
	for i, img := range images {
		if !closed(img) {
			t.Errorf("image %d is open", i)
		}
	}
	images = testImages(t)
	images[1].Meta = nil
	if _, err := Decode(testTable, nil, images[:2]); err == nil || !closed(images[0]) || !closed(images[1]) {
		t.Errorf("error %v, closed %v %v", err, closed(images[0]), closed(images[1]))
	}
	images = testImages(t)
	d = NewDecoder(testTable, nil)
	for _, img := range images {
		if err := d.Add(img); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Append(); err != nil {
		t.Fatal(err)
	}
	d.Close()
	for i, img := range images {
		if closed(img) {
			t.Errorf("image %d, which was handed over, is closed", i)
		}
	}
}

func TestDecodeHostile(t *testing.T) {
	const firstCol, secondCol = imageHeadSize, imageHeadSize + imageColSize
	tests := []struct {
		name       string
		image, at  int
		value      any
		wantErrors string
	}{
		{"magic", 0, 0, uint32(1), "magic number 0x1"},
		{"version", 0, 4, uint16(2), "version 2"},
		{"kind", 0, 6, uint16(9), "kind 9"},
		{"no rows", 0, 8, 0, "0 rows"},
		{"many rows", 0, 8, 1 << 21, "2097152 rows"},
		{"size", 0, 32, 5000, "5000 bytes used of 4096"},
		{"columns", 0, 40, uint32(2), "2 columns"},
		{"encoding", 0, firstCol, uint8(9), "column \"id\""},
		{"width", 0, firstCol + 1, uint8(3), "no layout"},
		{"null in not null", 0, firstCol + 2, uint8(1), "column \"id\""},
		{"divisor", 0, firstCol + 8, 0, "no layout"},
		{"data outside", 0, firstCol + 24, 4096, "do not hold 2 rows"},
		{"data negative", 0, firstCol + 24, -64, "do not hold 2 rows"},
		{"data overflows", 0, firstCol + 32, 1<<63 - 1, "do not hold 2 rows"},
		{"data unaligned", 0, firstCol + 24, 1, "buffer at 1"},
		{"bounds", 0, firstCol + 80 + 8, -1, "bounds"},
		{"distinct", 0, firstCol + 96, 3, "3 distinct"},
		{"sketch", 0, firstCol + 104, 7, "sketch of 7 bytes"},
		{"sketch missing", 0, firstCol + 104, 1024, "cut off"},
		{"nulls", 0, secondCol + 72, 3, "3 nulls"},
		{"highest code", 0, secondCol + 88, 0, "code 1 of row 0"},
		{"code past the dictionary", 0, secondCol + 88, 2, "not among 2 strings"},
		{"dictionary's column", 2, 44, uint32(0), "dictionary of column 0"},
		{"dictionary's base", 2, 48, 1, "codes from 1"},
		{"dictionary's count", 2, 56, 1 << 40, "dictionary of codes"},
		{"dictionary's offsets", 2, 64, 8, "first offset"},
		{"dictionary's data", 2, 80, 1, "past the end"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			images := testImages(t)
			copy(images[tt.image].Meta[tt.at:], words(tt.value))
			_, err := Decode(testTable, nil, images)
			if err == nil || !strings.Contains(err.Error(), tt.wantErrors) {
				t.Errorf("error %v, want %q", err, tt.wantErrors)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	for _, img := range testImages(f) {
		f.Add(img.Meta)
	}
	f.Fuzz(func(t *testing.T, meta []byte) {
		file := imageFile(t, 4096, nil) // closed with an image that is refused
		if a, err := Decode(testTable, nil, []Image{{file, 4096, meta}}); err == nil {
			for _, s := range a.Segments {
				if len(s.Cols) != 3 || s.Rows < 1 {
					t.Errorf("segment %+v", s)
				}
			}
		}
	})
}

func TestSinkSpec(t *testing.T) {
	sealed := func(word segment.Layout) *table.Segment {
		return &table.Segment{Rows: sealedRows, Cols: []segment.Column{
			{Layout: segment.Layout{Encoding: segment.Scaled, Width: 4, Divisor: 1}}, {Layout: word, Stats: segment.Stats{Sketch: make([]byte, sketchSize)}},
			{Layout: segment.Layout{Encoding: segment.Scaled, Width: 1, Divisor: 100}}}}
	}
	coded := segment.Layout{Encoding: segment.Dictionary, Width: 1, Divisor: 1, Nullable: true}
	plain := segment.Layout{Encoding: segment.Bytes, Divisor: 1}
	tail := &table.Segment{Rows: 3}
	for _, c := range testTable.Columns {
		tail.Cols = append(tail.Cols, segment.Column{Layout: table.WideLayout(c)})
	}
	was := &table.Segment{Rows: sealedRows, Cols: tail.Cols}
	layout := func(word segment.Layout) []segment.Layout { return sealed(word).Layouts() }
	tests := []struct {
		name         string
		snap         *table.Snapshot
		into         *table.Rewriting
		combinations uint16
		most         uint16
		dict         byte
	}{
		{"empty", nil, nil, 1, table.MaxLayouts, 1},
		{"coded", &table.Snapshot{Segments: []*table.Segment{sealed(coded), sealed(coded), tail}}, nil, 2, table.MaxLayouts, 1},
		{"was a tail", &table.Snapshot{Segments: []*table.Segment{was}}, nil, 1, table.MaxLayouts, 1},
		{"plain once", &table.Snapshot{Segments: []*table.Segment{sealed(coded), sealed(plain)}}, nil, 3, table.MaxLayouts, 0},
		{"strings differ", &table.Snapshot{Rows: 1000, Dicts: []*table.Dict{nil, {Count: 900}, nil}}, nil, 1, table.MaxLayouts, 0},
		{"rewritten to codes", &table.Snapshot{Segments: []*table.Segment{sealed(coded), sealed(plain)}},
			&table.Rewriting{Layout: layout(coded), Room: true}, 2, 3, 1},
		{"rewritten to text", &table.Snapshot{Segments: []*table.Segment{sealed(coded)}}, &table.Rewriting{Layout: layout(plain)}, 2, 2, 0},
		{"rewritten freely", &table.Snapshot{Segments: []*table.Segment{was}}, &table.Rewriting{Room: true}, 1, 2, 1},
	}
	for _, tt := range tests {
		b := SinkSpec(testTable, tt.snap, tt.into)
		if rewritten := b[32] != 0; rewritten != (tt.into != nil) {
			t.Errorf("%s: told to rewrite: %v", tt.name, rewritten)
		}
		le := binary.LittleEndian
		if le.Uint32(b) != sinkMagic || le.Uint32(b[4:]) != uint32(len(b)) || le.Uint32(b[8:]) != 3 {
			t.Fatalf("%s: head % x", tt.name, b[:32])
		}
		if n, most := le.Uint16(b[12:]), le.Uint16(b[14:]); n != tt.combinations || most != tt.most {
			t.Errorf("%s: %d combinations of at most %d, want %d of %d", tt.name, n, most, tt.combinations, tt.most)
		}
		word := b[sinkHeadSize+sinkColSize:]
		if word[8] != kindStr || word[10] != tt.dict {
			t.Errorf("%s: column word % x", tt.name, word[:16])
		}
		price := b[sinkHeadSize+2*sinkColSize:]
		if price[8] != kindDec64 || le.Uint16(price[12:]) != 2 {
			t.Errorf("%s: column price % x", tt.name, price[:16])
		}
		if at, n := le.Uint32(word), le.Uint32(word[4:]); string(b[at:at+n]) != "word" {
			t.Errorf("%s: name %q", tt.name, b[at:at+n])
		}
	}
}

func TestCSVFormat(t *testing.T) {
	f := &CSVFormat{Table: "t", Columns: []string{"a", "bc"}, Delimiter: '|', Quote: '"', Escape: '\\', Null: "NUL", Header: true,
		ForceNull: []int{0}, ForceNotNull: []int{1}}
	b := f.Encode()
	le := binary.LittleEndian
	if le.Uint32(b) != csvMagic || int(le.Uint32(b[4:])) != len(b) || len(b)%8 != 0 {
		t.Fatalf("head % x", b[:40])
	}
	if got := string(b[8:13]); got != "\x00|\"\\\x01" {
		t.Errorf("options %q", got)
	}
	text := func(at int) string { o := le.Uint32(b[at:]); return string(b[o : o+le.Uint32(b[at+4:])]) }
	if text(20) != "NUL" || text(28) != "t" || text(40) != "a" || text(52) != "bc" || b[48] != 1 || b[60] != 2 {
		t.Errorf("description % x", b)
	}
	if s := f.CutState(); len(s) != 32 || s[17] != '"' || s[18] != '\\' {
		t.Errorf("cut state % x", s)
	}
}
