package table

import "github.com/flernd/flernd/internal/storage/segment"

// Stats is what is known of a table's columns over some of its segments.
type Stats struct {
	Rows int64
	Cols []segment.Stats
}

// With returns the statistics with those of one more segment.
func (s Stats) With(seg *Segment) Stats {
	m := Stats{Rows: s.Rows + seg.Rows, Cols: make([]segment.Stats, len(seg.Cols))}
	for i, c := range seg.Cols {
		if s.Rows == 0 {
			m.Cols[i] = c.Stats
			continue
		}
		m.Cols[i] = mergeStats(s.Cols[i], s.Rows, c.Stats, seg.Rows)
	}
	return m
}

// mergeStats merges a column's statistics over two sets of rows. Bounds hold for all rows or are not given; a set without
// any value says nothing but how many nulls it has.
func mergeStats(a segment.Stats, aRows int64, b segment.Stats, bRows int64) segment.Stats {
	nulls := a.NullCount + b.NullCount
	if b.NullCount == bRows {
		a.NullCount = nulls
		return a
	}
	if a.NullCount == aRows {
		b.NullCount = nulls
		return b
	}
	m := segment.Stats{NullCount: nulls, HasBounds: a.HasBounds && b.HasBounds}
	if m.HasBounds {
		m.MinInt, m.MaxInt = min(a.MinInt, b.MinInt), max(a.MaxInt, b.MaxInt)
		m.MinFloat, m.MaxFloat = min(a.MinFloat, b.MinFloat), max(a.MaxFloat, b.MaxFloat)
	}
	m.Sketch = mergeSketches(a.Sketch, b.Sketch)
	if m.Sketch != nil {
		m.Distinct = min(estimate(m.Sketch), aRows+bRows-nulls)
	} else {
		m.Distinct = mergeDistinct(a, b, bRows)
	}
	return m
}

// mergeDistinct guesses the distinct values of two sets of rows from their numbers: they add up where the values are
// nearly unique or the ranges lie apart, and are taken for the same values otherwise.
func mergeDistinct(a, b segment.Stats, bRows int64) int64 {
	if a.Distinct == 0 || b.Distinct == 0 {
		return max(a.Distinct, b.Distinct)
	}
	apart := a.HasBounds && b.HasBounds && (b.MinInt > a.MaxInt || b.MaxInt < a.MinInt)
	if apart || b.Distinct*10 > bRows*9 {
		return a.Distinct + b.Distinct
	}
	return max(a.Distinct, b.Distinct)
}
