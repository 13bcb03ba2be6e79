package table

import "github.com/flernd/flernd/internal/storage/segment"

// mergeStats merges a column's statistics over segments. Bounds hold for all rows or are not given; a segment without any
// value says nothing about bounds.
func mergeStats(segments []*Segment, ordinal int) segment.Stats {
	var m segment.Stats
	bounded, seen := true, false
	for _, s := range segments {
		st := s.Cols[ordinal].Stats
		m.NullCount += st.NullCount
		values := s.Rows - st.NullCount
		if values == 0 {
			continue
		}
		m.Distinct = mergeDistinct(m, st, seen, s.Rows)
		if !st.HasBounds {
			bounded = false
		}
		if !seen {
			m.MinInt, m.MaxInt, m.MinFloat, m.MaxFloat = st.MinInt, st.MaxInt, st.MinFloat, st.MaxFloat
			seen = true
			continue
		}
		m.MinInt, m.MaxInt = min(m.MinInt, st.MinInt), max(m.MaxInt, st.MaxInt)
		m.MinFloat, m.MaxFloat = min(m.MinFloat, st.MinFloat), max(m.MaxFloat, st.MaxFloat)
	}
	m.HasBounds = seen && bounded
	if !m.HasBounds {
		m.MinInt, m.MaxInt, m.MinFloat, m.MaxFloat = 0, 0, 0, 0
	}
	return m
}

// mergeDistinct estimates the distinct values of two sets from their numbers: they add up where the values are nearly
// unique or the ranges lie apart, and are taken for the same values otherwise.
func mergeDistinct(m, st segment.Stats, seen bool, rows int64) int64 {
	if !seen || m.Distinct == 0 || st.Distinct == 0 {
		return max(m.Distinct, st.Distinct)
	}
	apart := m.HasBounds && st.HasBounds && (st.MinInt > m.MaxInt || st.MaxInt < m.MinInt)
	if apart || st.Distinct*10 > rows*9 {
		return m.Distinct + st.Distinct
	}
	return max(m.Distinct, st.Distinct)
}
