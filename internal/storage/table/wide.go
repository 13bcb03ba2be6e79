package table

import (
	"slices"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// WideLayout is the layout that can hold every value of a column. A table's tail and what was a tail have it, so that
// they are all alike and need one scan stage.
func WideLayout(c catalog.Column) segment.Layout {
	l := segment.Layout{Divisor: 1, Nullable: !c.NotNull}
	precision, scale, fixed := c.Type.PrecisionScale()
	switch c.Type.Kind {
	case sqltype.Float4:
		l.Encoding, l.Width = segment.Float, 4
	case sqltype.Float8:
		l.Encoding, l.Width = segment.Float, 8
	case sqltype.Interval:
		l.Encoding, l.Width = segment.Wide, 16
	case sqltype.Numeric:
		switch {
		case !fixed || precision > 38 || scale < 0:
			l.Encoding = segment.Bytes
		case precision > 18:
			l.Encoding, l.Width = segment.Wide, 16
		default:
			l.Encoding, l.Width = segment.Scaled, 8
		}
	case sqltype.Bool, sqltype.Int2, sqltype.Int4, sqltype.Int8, sqltype.Date, sqltype.Timestamp:
		l.Encoding, l.Width = segment.Scaled, 8
	case sqltype.Vector:
		if l.Encoding = segment.Bytes; c.Type.HasMod() {
			l.Encoding, l.Width, l.Count = segment.Fixed, 4, uint16(c.Type.Mod)
		}
	default:
		l.Encoding = segment.Bytes
	}
	return l
}

// Layouts are the combinations of layouts that segments of a table have, in order of their first appearance after the wide
// one, which is always among them.
func Layouts(t *catalog.Table, segments []*Segment) [][]segment.Layout {
	all := [][]segment.Layout{make([]segment.Layout, len(t.Columns))}
	for i, c := range t.Columns {
		all[0][i] = WideLayout(c)
	}
	for _, s := range segments {
		l := s.Layouts()
		if !slices.ContainsFunc(all, func(have []segment.Layout) bool { return slices.Equal(have, l) }) {
			all = append(all, l)
		}
	}
	return all
}

// Fits reports whether a column of type t can have layout l at all.
func Fits(c catalog.Column, l segment.Layout) bool {
	wide := WideLayout(c)
	if l.Nullable && c.NotNull {
		return false
	}
	switch wide.Encoding {
	case segment.Bytes:
		return l.Encoding == segment.Bytes || l.Encoding == segment.Dictionary && c.Type.Kind.IsString()
	case segment.Scaled:
		return l.Encoding == segment.Scaled
	}
	return l.Encoding == wide.Encoding && l.Width == wide.Width && l.Count == wide.Count
}
