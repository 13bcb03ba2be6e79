package rewrite

import (
	"slices"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/table"
)

const (
	// A sink gives a segment of so many rows a dictionary, and sketches.
	dictionaryRows = 1024
	// Plain text of so many rows is plain since strings do not repeat.
	plainRows = 65536
)

func survey(t *catalog.Table, segments []*table.Segment) *surveyed {
	s := &surveyed{segments: segments, misfit: make([]bool, len(segments))}
	known := make([]bool, len(segments))
	for i, segment := range segments {
		known[i] = !isWide(t, segment.Layouts())
	}
	s.common = commonLayout(t, segments, known)
	for i, segment := range segments {
		s.misfit[i] = !slices.Equal(segment.Layouts(), s.common) && fits(segment, known[i], s.common)
	}
	s.free = !slices.Contains(known, true)
	return s
}

// isWide reports whether a layout is the one that tails have: it says nothing of the values.
func isWide(t *catalog.Table, layout []segment.Layout) bool {
	return slices.Equal(layout, table.Layouts(t, nil)[0])
}

// commonLayout is the layout that a table's rows should come to lie in. It is the narrowest that all segments could have as
// far as their statistics tell, or one that is hardly wider and there already. But where it costs a quarter more bytes than
// the rows take now, or the table may get no other layout, it is the one that most rows have.
func commonLayout(t *catalog.Table, segments []*table.Segment, known []bool) []segment.Layout {
	var common []segment.Layout
	for i, c := range t.Columns {
		common = append(common, commonColumn(c, i, segments, known))
	}
	layouts := table.Layouts(t, segments)
	rows := make([]int64, len(layouts)) // that have the layout; the wide one tells nothing
	for i, s := range segments {
		if known[i] {
			rows[indexOf(layouts, s.Layouts())] += s.Rows
		}
	}
	there := func(i int) bool {
		return 10*bytesOf(layouts[i]) <= 11*bytesOf(common) && allFit(segments, known, layouts[i])
	}
	if at := mostRows(rows, there); at >= 0 {
		common = layouts[at]
	}
	full := len(layouts) >= table.MaxLayouts && indexOf(layouts, common) < 0
	if most := mostRows(rows, func(int) bool { return true }); most >= 0 && (full || costly(layouts, rows, common)) {
		return layouts[most]
	}
	return common
}

// costly reports whether rows would take a quarter more bytes in one layout than in those they have.
func costly(layouts [][]segment.Layout, rows []int64, common []segment.Layout) bool {
	have, need := int64(0), int64(0)
	for i, n := range rows {
		have, need = have+n*bytesOf(layouts[i]), need+n*bytesOf(common)
	}
	return 4*need > 5*have
}

// mostRows is which of the layouts that will do has the most rows, the latest of equals, or -1.
func mostRows(rows []int64, willDo func(i int) bool) int {
	most := -1
	for i, n := range rows {
		if n > 0 && (most < 0 || n >= rows[most]) && willDo(i) {
			most = i
		}
	}
	return most
}

func indexOf(layouts [][]segment.Layout, l []segment.Layout) int {
	return slices.IndexFunc(layouts, func(have []segment.Layout) bool { return slices.Equal(have, l) })
}

// bytesOf is what a row costs in a layout, about: text in full counts as its offset and some letters.
func bytesOf(layout []segment.Layout) (bytes int64) {
	for _, l := range layout {
		bytes += l.Stride()
		if l.Encoding == segment.Bytes {
			bytes += 16
		}
		if l.Nullable {
			bytes++
		}
	}
	return bytes
}

func hasValues(s *table.Segment, column int) bool { return s.Cols[column].Stats.NullCount < s.Rows }

// commonColumn is the narrowest layout that a column could have in all segments. What tails do not tell (by what their values
// can be divided, whether their text repeats) is hoped to be as in the others.
func commonColumn(c catalog.Column, ordinal int, segments []*table.Segment, known []bool) segment.Layout {
	l := table.WideLayout(c)
	switch {
	case l.Encoding == segment.Scaled:
		l = commonScaled(ordinal, segments, known)
	case l.Encoding == segment.Bytes && c.Type.Kind.IsString():
		l = commonText(ordinal, segments)
	}
	l.Nullable = slices.ContainsFunc(segments, func(s *table.Segment) bool { return s.Cols[ordinal].Stats.NullCount > 0 })
	return l
}

func commonScaled(ordinal int, segments []*table.Segment, known []bool) segment.Layout {
	l := segment.Layout{Encoding: segment.Scaled}
	for i, s := range segments {
		if !known[i] || !hasValues(s, ordinal) {
			continue
		}
		have := s.Cols[ordinal].Layout
		l.HasBase = l.HasBase || have.HasBase
		if l.Divisor == 0 || have.Divisor < l.Divisor { // each divides the next
			l.Divisor = have.Divisor
		}
	}
	l.Divisor = max(l.Divisor, 1)
	width := func() (most uint8) {
		most = 1
		for _, s := range segments {
			if hasValues(s, ordinal) {
				most = max(most, scaledWidth(s.Cols[ordinal].Stats, l))
			}
		}
		return most
	}
	if l.Width = width(); l.Width == 8 && !l.HasBase {
		l.HasBase = true
		l.Width = width()
	}
	if l.Width == 8 {
		l.HasBase, l.Divisor = false, 1
	}
	return l
}

// scaledWidth is the bytes that values with these statistics take with a layout's base and divisor.
func scaledWidth(st segment.Stats, l segment.Layout) uint8 {
	switch {
	case !st.HasBounds || !l.HasBase && st.MinInt < 0:
		return 8
	case l.HasBase:
		return widthFor((uint64(st.MaxInt) - uint64(st.MinInt)) / uint64(l.Divisor))
	}
	return widthFor(uint64(st.MaxInt) / uint64(l.Divisor))
}

func widthFor(most uint64) uint8 {
	switch {
	case most <= 0xff:
		return 1
	case most <= 0xffff:
		return 2
	case most <= 0xffffffff:
		return 4
	}
	return 8
}

// commonText is a dictionary, unless more rows are known to be better without. A table of few rows has none.
func commonText(ordinal int, segments []*table.Segment) segment.Layout {
	coded, plain, all := int64(0), int64(0), int64(0)
	l := segment.Layout{Encoding: segment.Dictionary, Width: 1, Divisor: 1}
	for _, s := range segments {
		c := &s.Cols[ordinal]
		all += s.Rows
		switch {
		case !hasValues(s, ordinal):
		case c.Layout.Encoding == segment.Dictionary:
			coded += s.Rows
			l.Width = max(l.Width, c.Layout.Width)
		case differs(c, s.Rows):
			plain += s.Rows
		}
	}
	if plain > coded || coded == 0 && all < dictionaryRows {
		return segment.Layout{Encoding: segment.Bytes, Divisor: 1}
	}
	return l
}

// differs reports whether a column's strings are known to differ too much for a dictionary. What was a tail tells nothing and
// has no sketch.
func differs(c *segment.Column, rows int64) bool {
	return c.Layout.Encoding == segment.Bytes && c.Stats.Sketch != nil && (rows >= plainRows || 2*c.Stats.Distinct > rows-c.Stats.NullCount)
}

// fits reports whether a segment's rows can lie in a layout, as far as its statistics tell. What was a tail may.
func fits(s *table.Segment, known bool, layout []segment.Layout) bool {
	for i, l := range layout {
		if !columnFits(&s.Cols[i], s.Rows, known, l) {
			return false
		}
	}
	return true
}

func allFit(segments []*table.Segment, known []bool, layout []segment.Layout) bool {
	for i, s := range segments {
		if !fits(s, known[i], layout) {
			return false
		}
	}
	return true
}

func columnFits(c *segment.Column, rows int64, known bool, l segment.Layout) bool {
	switch {
	case c.Stats.NullCount > 0 && !l.Nullable:
		return false
	case c.Stats.NullCount == rows:
		return true
	case l.Encoding == segment.Scaled:
		told := !known || l.Divisor == 1 || l.HasBase || !c.Layout.HasBase
		divides := !known || c.Layout.Divisor%l.Divisor == 0
		return l.Width == 8 || told && divides && scaledWidth(c.Stats, l) <= l.Width
	case l.Encoding == segment.Dictionary && c.Layout.Encoding == segment.Bytes:
		return !differs(c, rows)
	case l.Encoding == segment.Dictionary:
		return c.Layout.Width <= l.Width
	}
	return true
}
