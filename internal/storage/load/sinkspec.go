package load

import (
	"encoding/binary"
	"slices"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
)

// The C runtime's enum fl_kind, as far as columns are stored in it.
const (
	kindBool = iota + 1
	kindI16
	kindI32
	kindI64
	kindF32
	kindF64
	kindDec64
	kindDec128
	kindNum
	kindStr
	kindDate
	kindTimestamp
	kindInterval
	_ // FL_ARRAY
	_ // FL_RECORD
	kindPacked
	kindVector
)

const (
	sinkMagic      = 0x314b4e53
	sinkHeadSize   = 40
	sinkColSize    = 16
	sinkLayoutSize = 16
	// sealedRows is how many rows a segment has whose plain text says that a column's strings do not repeat.
	sealedRows = 65536
	// A dictionary of more strings than maxDict is not made; one of more than fewStrings only if strings repeat.
	maxDict    = 65536
	fewStrings = 256
)

// SinkSpec describes a table to the sink that appends to it (struct fl_sink_spec in sink.h). snap is nil for a table without
// rows. into is set for one that writes segments again.
func SinkSpec(t *catalog.Table, snap *table.Snapshot, into *table.Rewriting) []byte {
	le := binary.LittleEndian
	combinations, most := layoutsFor(t, snap, into)
	cols := sinkHeadSize
	layouts := cols + sinkColSize*len(t.Columns)
	b := make([]byte, layouts+sinkLayoutSize*len(t.Columns)*len(combinations))
	putName := func(at int, s string) {
		le.PutUint32(b[at:], uint32(len(b)))
		le.PutUint32(b[at+4:], uint32(len(s)))
		b = append(b, s...)
	}
	for i, l := range slices.Concat(combinations...) {
		putLayout(b[layouts+sinkLayoutSize*i:], l)
	}
	le.PutUint32(b, sinkMagic)
	le.PutUint32(b[8:], uint32(len(t.Columns)))
	le.PutUint16(b[12:], uint16(len(combinations)))
	le.PutUint16(b[14:], uint16(most))
	putName(16, t.Name)
	le.PutUint32(b[24:], uint32(cols))
	le.PutUint32(b[28:], uint32(layouts))
	le.PutUint32(b[32:], uint32(flag(into != nil)))
	for i, c := range t.Columns {
		at := cols + sinkColSize*i
		putName(at, c.Name)
		kind, scale := StoredAs(c.Type)
		b[at+8], b[at+9], b[at+10] = kind, flag(c.NotNull), flag(mayHaveDict(c, i, snap, into))
		le.PutUint16(b[at+12:], uint16(scale))
		le.PutUint16(b[at+14:], table.WideLayout(c).Count)
	}
	for len(b)%8 != 0 {
		b = append(b, 0)
	}
	le.PutUint32(b[4:], uint32(len(b)))
	return b
}

func putLayout(b []byte, l segment.Layout) {
	b[0], b[1], b[2], b[3] = byte(l.Encoding), l.Width, flag(l.Nullable), flag(l.HasBase)
	binary.LittleEndian.PutUint16(b[4:], l.Count)
	binary.LittleEndian.PutUint64(b[8:], uint64(l.Divisor))
}

// StoredAs is the kind of lanes whose values a column keeps (enum fl_kind), and their scale. It agrees with table.WideLayout.
func StoredAs(t sqltype.Type) (kind byte, scale int) {
	switch t.Kind {
	case sqltype.Bool:
		return kindBool, 0
	case sqltype.Int2:
		return kindI16, 0
	case sqltype.Int4:
		return kindI32, 0
	case sqltype.Int8:
		return kindI64, 0
	case sqltype.Float4:
		return kindF32, 0
	case sqltype.Float8:
		return kindF64, 0
	case sqltype.Date:
		return kindDate, 0
	case sqltype.Timestamp:
		return kindTimestamp, 0
	case sqltype.Interval:
		return kindInterval, 0
	case sqltype.Numeric:
		precision, scale, fixed := t.PrecisionScale()
		switch {
		case !fixed || precision > 38 || scale < 0:
			return kindNum, 0
		case precision > 18:
			return kindDec128, scale
		}
		return kindDec64, scale
	case sqltype.Array:
		return kindPacked, 0
	case sqltype.Vector:
		return kindVector, 0
	}
	return kindStr, 0
}

// layoutsFor lists the combinations of layouts that a sink is told, and how many the table may have.
func layoutsFor(t *catalog.Table, snap *table.Snapshot, into *table.Rewriting) (combinations [][]segment.Layout, most int) {
	if into == nil {
		return layoutsOf(t, snap), table.MaxLayouts
	}
	combinations = table.Layouts(t, nil)
	if into.Layout != nil {
		combinations = append(combinations, into.Layout)
	}
	if into.Room {
		return combinations, len(combinations) + 1
	}
	return combinations, len(combinations)
}

// layoutsOf lists the combinations of layouts that the table may have without getting more of them: the wide one, and those
// that its segments have, the latest last.
func layoutsOf(t *catalog.Table, snap *table.Snapshot) [][]segment.Layout {
	if snap == nil {
		return table.Layouts(t, nil)
	}
	latest := slices.Clone(snap.Segments)
	slices.Reverse(latest)
	out := table.Layouts(t, latest)
	slices.Reverse(out[1:])
	return out
}

// mayHaveDict reports whether a column's text may get codes: its strings have repeated so far, or others of a rewriting have
// codes.
func mayHaveDict(c catalog.Column, ordinal int, snap *table.Snapshot, into *table.Rewriting) bool {
	switch {
	case !c.Type.Kind.IsString():
		return false
	case snap == nil:
		return true
	case into != nil && into.Layout != nil && into.Layout[ordinal].Encoding != segment.Dictionary:
		return false
	}
	count := dictCount(snap, ordinal)
	if count > fewStrings && (count >= maxDict || count > snap.Rows/2) {
		return false
	}
	if into != nil && into.Layout != nil {
		return true
	}
	for _, s := range snap.Segments { // what was a tail is plain for no reason, and has no sketch
		if s.Rows >= sealedRows && s.Cols[ordinal].Stats.Sketch != nil && s.Cols[ordinal].Layout.Encoding == segment.Bytes {
			return false
		}
	}
	return true
}

func dictCount(snap *table.Snapshot, ordinal int) int64 {
	if snap == nil || ordinal >= len(snap.Dicts) || snap.Dicts[ordinal] == nil {
		return 0
	}
	return snap.Dicts[ordinal].Count
}
