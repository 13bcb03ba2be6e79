package refexec

import (
	"encoding/binary"
	"math"
	"math/big"
	"testing"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
)

// TestScanLayouts reads two rows, the second null, from each layout.
func TestScanLayouts(t *testing.T) {
	le := binary.LittleEndian
	wide, err := sqltype.AppendInt128(nil, new(big.Int).Lsh(big.NewInt(-3), 70))
	if err != nil {
		t.Fatal(err)
	}
	packed := sqltype.AppendPacked(nil, sqltype.NewDecimal(-12345, 3))
	tests := []struct {
		name   string
		typ    sqltype.Type
		layout segment.Layout
		base   int64
		data   []byte
		ends   []uint32 // Bytes
		want   string
	}{
		{"date in two bytes", sqltype.Of(sqltype.Date), segment.Layout{Encoding: segment.Scaled, Width: 2, HasBase: true, Divisor: 1}, -2922,
			[]byte{1, 1, 0, 0}, nil, "1992-09-14"},
		{"quantity in one", sqltype.NumericOf(15, 2), segment.Layout{Encoding: segment.Scaled, Width: 1, Divisor: 100}, 0,
			[]byte{17, 0}, nil, "17.00"},
		{"key in four", sqltype.Of(sqltype.Int8), segment.Layout{Encoding: segment.Scaled, Width: 4, Divisor: 1}, 0,
			le.AppendUint64(nil, math.MaxUint32), nil, "4294967295"},
		{"any integer", sqltype.Of(sqltype.Int8), segment.Layout{Encoding: segment.Scaled, Width: 8, Divisor: 1}, 0,
			append(le.AppendUint64(nil, 1<<63), make([]byte, 8)...), nil, "-9223372036854775808"},
		{"wide", sqltype.NumericOf(38, 4), segment.Layout{Encoding: segment.Wide, Width: 16, Divisor: 1}, 0,
			append(wide, make([]byte, 16)...), nil, "-354177486215223391.0272"},
		{"real", sqltype.Of(sqltype.Float4), segment.Layout{Encoding: segment.Float, Width: 4, Divisor: 1}, 0,
			le.AppendUint64(nil, uint64(math.Float32bits(0.1))), nil, "0.1"},
		{"dictionary", sqltype.Of(sqltype.Text), segment.Layout{Encoding: segment.Dictionary, Width: 1, Divisor: 1}, 0,
			[]byte{1, 0}, nil, "two"},
		{"bytes", sqltype.Of(sqltype.Text), segment.Layout{Encoding: segment.Bytes, Divisor: 1}, 0, []byte("naïve"), []uint32{0, 6, 6}, "naïve"},
		{"packed", sqltype.Of(sqltype.Numeric), segment.Layout{Encoding: segment.Bytes, Divisor: 1}, 0, packed,
			[]uint32{0, uint32(len(packed)), uint32(len(packed))}, "-12.345"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, mem, err := segment.SharedMemory("test", 4096)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			mem[0] = 1 // the first row has a value
			copy(mem[64:], tt.data)
			for i, e := range tt.ends {
				le.PutUint32(mem[1024+4*i:], e)
			}
			copy(mem[2048:], "\x00\x00\x00\x00\x03\x00\x00\x00\x06\x00\x00\x00")
			copy(mem[2112:], "onetwo")
			segment.Unmap(mem)
			tt.layout.Nullable = true
			def := &catalog.Table{Name: "t", Columns: []catalog.Column{{Name: "c", Type: tt.typ}}}
			col := segment.Column{Layout: tt.layout, Base: tt.base, Valid: segment.Span{Length: 1},
				Data: segment.Span{Offset: 64, Length: int64(len(tt.data))}, Offsets: segment.Span{Offset: 1024, Length: 12}}
			snap := &table.Snapshot{Table: def, Segments: []*table.Segment{{Rows: 2, Cols: []segment.Column{col}, File: f, Size: 4096}},
				Dicts: []*table.Dict{{Count: 2, File: f, Size: 4096, Offsets: segment.Span{Offset: 2048, Length: 12}, Data: segment.Span{Offset: 2112, Length: 6}}}}
			rows, err := Run(&physical.Scan{Table: def, Snapshot: snap, Ordinals: []int{0}, Cols: []logical.Column{{ID: 1, Type: tt.typ}}}, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(rows) != 2 || !rows[1][0].Null || rows[0][0].Null {
				t.Fatalf("rows %v", rows)
			}
			if got := sqltype.Format(tt.typ, rows[0][0]); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func TestCompare(t *testing.T) {
	types := []sqltype.Type{sqltype.Of(sqltype.Int4), sqltype.Of(sqltype.Float8)}
	row := func(i int64, f float64) []sqltype.Datum { return []sqltype.Datum{{I: i}, {F: f}} }
	null := []sqltype.Datum{sqltype.NullDatum, {F: 1}}
	tests := []struct {
		name      string
		want, got [][]sqltype.Datum
		ordered   bool
		same      bool
	}{
		{"order matters", [][]sqltype.Datum{row(1, 1), row(2, 2)}, [][]sqltype.Datum{row(2, 2), row(1, 1)}, true, false},
		{"order does not", [][]sqltype.Datum{row(1, 1), null, row(2, 2)}, [][]sqltype.Datum{row(2, 2), row(1, 1), null}, false, true},
		{"rounding", [][]sqltype.Datum{row(1, 0.1+0.2)}, [][]sqltype.Datum{row(1, 0.3)}, true, true},
		{"wrong", [][]sqltype.Datum{row(1, 0.3)}, [][]sqltype.Datum{row(1, 0.31)}, false, false},
		{"infinity is far", [][]sqltype.Datum{row(1, math.Inf(1))}, [][]sqltype.Datum{row(1, 5)}, true, false},
		{"a row too few", [][]sqltype.Datum{row(1, 1)}, nil, false, false},
		{"null", [][]sqltype.Datum{null}, [][]sqltype.Datum{row(0, 1)}, false, false},
	}
	for _, tt := range tests {
		if diff := Compare(types, tt.want, tt.got, tt.ordered); (diff == "") != tt.same {
			t.Errorf("%s: %q", tt.name, diff)
		}
	}
}
