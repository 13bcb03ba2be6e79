package rewrite

import (
	"slices"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/table"
)

// What one step reads, at most: enough for a full segment, so that a step is short.
const (
	stepRows  = segment.MaxRows
	stepBytes = 128 << 20
)

// Step is neighbouring segments that are worth writing again together.
type Step struct {
	From, To int // of the segments: From … To-1
	Into     table.Rewriting
}

// Steps lists what is worth doing with a table's segments, in their order. No segment is in two steps. When all were done, and
// nothing else happens, a few more rounds find nothing left: rows come to lie in one layout, as far as that is not much
// wider than they need, and neighbours are small only where they are much smaller than those before them, so that a row that
// comes in a small commit is rewritten as often as the logarithm of the table says.
func Steps(t *catalog.Table, segments []*table.Segment) []Step {
	s := survey(t, segments)
	var steps []Step
	for from := 0; from < len(segments); {
		to := s.window(from)
		if first, last := s.trimmed(from, to); last-first > 1 || last > first && s.misfit[first] {
			steps = append(steps, Step{From: first, To: last, Into: s.target(t, first, last)})
		}
		from = max(to, from+1)
	}
	return steps
}

// surveyed is what there is to know of a table's segments.
type surveyed struct {
	segments []*table.Segment
	common   []segment.Layout
	free     bool   // no segment has a layout to go by
	misfit   []bool // it could have the common layout and has another
}

// target is what the sink of a step is told.
func (s *surveyed) target(t *catalog.Table, from, to int) (into table.Rewriting) {
	staying := slices.Concat(s.segments[:from], s.segments[to:])
	live := table.Layouts(t, staying)
	if !s.free {
		into.Layout = s.common
		if indexOf(live, s.common) < 0 {
			live = append(live, s.common)
		}
	}
	into.Room = len(live) < table.MaxLayouts
	return into
}

// window is the end of the longest run of segments from … that one step may read and that all have a reason to be in one.
func (s *surveyed) window(from int) int {
	rows, bytes := int64(0), int64(0)
	to := from
	for ; to < len(s.segments) && (s.misfit[to] || small(s.segments[to])); to++ {
		rows, bytes = rows+s.segments[to].Rows, bytes+size(s.segments[to])
		if to > from && (rows > stepRows || bytes > stepBytes) {
			break
		}
	}
	return to
}

func small(s *table.Segment) bool { return s.Rows <= stepRows/2 && size(s) <= stepBytes/2 }

// size is the bytes of a segment's values.
func size(s *table.Segment) (bytes int64) {
	for _, c := range s.Cols {
		bytes += c.Data.Length + c.Valid.Length + c.Offsets.Length
	}
	return bytes
}

// trimmed leaves out segments at the ends that are in place and much larger than the rest: they wait for more.
func (s *surveyed) trimmed(from, to int) (int, int) {
	rows := int64(0)
	for _, segment := range s.segments[from:to] {
		rows += segment.Rows
	}
	waits := func(i int) bool { return !s.misfit[i] && s.segments[i].Rows > 2*(rows-s.segments[i].Rows) }
	for from < to && waits(from) {
		rows -= s.segments[from].Rows
		from++
	}
	for to > from && waits(to-1) {
		to--
		rows -= s.segments[to].Rows
	}
	return from, to
}

// Worth reports whether what a step wrote should take the place of what it read. It should not if nothing has become better
// for it: the same would be found worth doing again.
func (s *Step) Worth(t *catalog.Table, old []*table.Segment, written []table.Image) bool {
	before := table.Layouts(t, old)
	wide := len(before) == 1 // all were as wide as can be
	if len(written) > len(old) {
		return false
	}
	for i := range written {
		layout := table.LayoutsOf(written[i].Cols)
		if !wide && isWide(t, layout) || len(written) == len(old) && indexOf(before, layout) >= 0 {
			return false
		}
	}
	return true
}
