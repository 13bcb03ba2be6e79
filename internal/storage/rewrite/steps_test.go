package rewrite

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
)

var testTable = &catalog.Table{Name: "t", Columns: []catalog.Column{
	{Name: "id", Type: sqltype.Of(sqltype.Int8), NotNull: true},
	{Name: "price", Type: sqltype.NumericOf(15, 2)},
	{Name: "mode", Type: sqltype.Of(sqltype.Text)},
	{Name: "score", Type: sqltype.Of(sqltype.Float8), NotNull: true},
}}

func layout(e segment.Encoding, width uint8, divisor int64, base, nullable bool) segment.Layout {
	return segment.Layout{Encoding: e, Width: width, Divisor: divisor, HasBase: base, Nullable: nullable}
}

var score = layout(segment.Float, 8, 1, false, false)

// narrow is a layout of testTable.
func narrow(id, price, mode segment.Layout) []segment.Layout {
	return []segment.Layout{id, price, mode, score}
}

var (
	id4    = layout(segment.Scaled, 4, 1, false, false)
	id2    = layout(segment.Scaled, 2, 1, true, false)
	price1 = layout(segment.Scaled, 1, 100, false, false)
	price4 = layout(segment.Scaled, 4, 1, false, true)
	price8 = layout(segment.Scaled, 8, 1, false, true)
	code1  = layout(segment.Dictionary, 1, 1, false, false)
	plain  = layout(segment.Bytes, 0, 1, false, false)

	common = narrow(id4, price1, code1)
	wide   = table.Layouts(testTable, nil)[0]
)

var numbers uint64

// rows is a segment with ids from … to-1 and prices up to most hundredths.
func rows(layouts []segment.Layout, from, to, most int64, nulls int64) *table.Segment {
	numbers++
	n := to - from
	s := &table.Segment{ID: numbers, Memory: numbers, Rows: n, Cols: make([]segment.Column, len(layouts))}
	for i, l := range layouts {
		s.Cols[i] = segment.Column{Layout: l, Data: segment.Span{Length: n * int64(l.Width)}}
		if n >= plainRows && !slices.Equal(layouts, wide) {
			s.Cols[i].Stats.Sketch = []byte{1}
		}
	}
	from, to = from+firstID, to+firstID
	s.Cols[0].Stats.MinInt, s.Cols[0].Stats.MaxInt, s.Cols[0].Stats.HasBounds = from, to-1, true
	s.Cols[1].Stats.MaxInt, s.Cols[1].Stats.NullCount, s.Cols[1].Stats.HasBounds = most, nulls, true
	return s
}

func tail(from, to int64) *table.Segment {
	s := rows(wide, from, to, 100, 0)
	s.Memory += 1 << 40
	return s
}

const (
	full    = stepRows
	firstID = 1 << 20
)

func TestSteps(t *testing.T) {
	big := func(k int64) *table.Segment { return rows(common, k*full, (k+1)*full, 20000, 0) }
	other := narrow(id4, price4, code1)
	for _, c := range []struct {
		name     string
		segments []*table.Segment
		want     string // from-to of each step
		into     []segment.Layout
	}{
		{"nothing", nil, "", nil},
		{"in place", []*table.Segment{big(0), big(1), rows(common, 2*full, 2*full+100, 100, 0)}, "", nil},
		{"wide ones alone are free", []*table.Segment{tail(0, 100)}, "0-1", nil},
		{"a tail after full ones", []*table.Segment{big(0), big(1), tail(2*full, 2*full+100)}, "2-3", common},
		{"a tail after much more", []*table.Segment{rows(common, 0, 1000, 100, 0), tail(1000, 1100)}, "1-2", common},
		{"a tail after as much", []*table.Segment{rows(common, 0, 100, 100, 0), tail(100, 200)}, "0-2", common},
		{"small ones", []*table.Segment{big(0), rows(common, 0, 100, 100, 0), rows(common, 0, 100, 100, 0), big(1)}, "1-3", common},
		{"small ones apart", []*table.Segment{rows(common, 0, 100, 100, 0), big(0), rows(common, 0, 100, 100, 0)}, "", nil},
		{"no more than a step may read", []*table.Segment{rows(common, 0, full/2, 100, 0), rows(common, 0, full/2, 100, 0), rows(common, 0, full/2, 100, 0),
			rows(common, 0, full/2, 100, 0)}, "0-2 2-4", common},
		{"a rare layout becomes the common one", []*table.Segment{big(0), rows(narrow(id2, price1, code1), full, full+70000, 100, 0), big(1)}, "1-2", common},
		{"what cannot be as the rest stays", []*table.Segment{big(0), big(1), big(2), rows(narrow(id4, price1, plain), 0, 2*plainRows, 100, 0)}, "", common},
		{"nulls make all nullable", []*table.Segment{big(0), rows(other, full, 2*full, 100, 7)}, "0-1 1-2", narrow(id4, layout(segment.Scaled, 2, 1, false, true), code1)},
		{"one wide column does not make all wide", []*table.Segment{big(0), big(1), big(2), rows(narrow(id4, price8, code1), 3*full, 4*full, 1<<40, 7)}, "", nil},
	} {
		var got string
		steps := Steps(testTable, c.segments)
		for i, s := range steps {
			if i > 0 {
				got += " "
			}
			got += fmt.Sprintf("%d-%d", s.From, s.To)
			if !slices.Equal(s.Into.Layout, c.into) {
				t.Errorf("%s: into %v, want %v", c.name, s.Into.Layout, c.into)
			}
		}
		if got != c.want {
			t.Errorf("%s: steps %q, want %q: %+v", c.name, got, c.want, steps)
		}
	}
}

// TestStepsEnd takes random steps on random tables, as a sink would, until there are none: they end, keep order and number of
// the rows, never make a fifth layout, and none reads more than it may.
func TestStepsEnd(t *testing.T) {
	seed := rand.Int63()
	r := rand.New(rand.NewSource(seed))
	for range 300 {
		layouts := [][]segment.Layout{common, narrow(id4, price4, code1), wide}
		if r.Intn(2) == 0 {
			layouts[1] = narrow(id4, price8, plain)
		}
		var segments []*table.Segment
		at := int64(0)
		for range 1 + r.Intn(30) {
			n := []int64{1 + r.Int63n(100), 1 + r.Int63n(100000), 1 + r.Int63n(full)}[r.Intn(3)]
			l := layouts[r.Intn(3)]
			nulls := int64(0)
			if l[1].Nullable {
				nulls = r.Int63n(2)
			}
			segments = append(segments, rows(l, at, at+n, 100*r.Int63n(200), nulls))
			at += n
		}
		taken, failed := 0, map[string]bool{}
		for {
			i := 0
			steps := Steps(testTable, segments)
			key := func(s Step) string { return fmt.Sprint(segments[s.From].ID, segments[s.To-1].ID, s.Into) }
			for i < len(steps) && failed[key(steps[i])] {
				i++
			}
			if i == len(steps) {
				break
			}
			step := steps[i]
			if taken++; taken > 500 {
				t.Fatalf("seed %d: no end", seed)
			}
			next, ok := take(t, segments, step)
			if !ok {
				failed[key(step)] = true
				continue
			}
			segments = next
			if n := len(table.Layouts(testTable, segments)); n > table.MaxLayouts {
				t.Fatalf("seed %d: %d layouts", seed, n)
			}
			end := int64(firstID)
			for _, s := range segments {
				if s.Cols[0].Stats.MinInt != end {
					t.Fatalf("seed %d: rows from %d after %d", seed, s.Cols[0].Stats.MinInt, end)
				}
				end = s.Cols[0].Stats.MaxInt + 1
			}
			if end != at+firstID {
				t.Fatalf("seed %d: %d rows of %d", seed, end, at)
			}
		}
	}
}

// take does what a sink and the swap do: one segment, in the layout asked for where the rows fit it, else in the one that
// they need.
func take(t *testing.T, segments []*table.Segment, step Step) ([]*table.Segment, bool) {
	old := segments[step.From:step.To]
	first, last := old[0].Cols[0].Stats, old[len(old)-1].Cols[0].Stats
	most, nulls, read := int64(0), int64(0), int64(0)
	codes := true
	for _, s := range old {
		most, nulls, read = max(most, s.Cols[1].Stats.MaxInt), nulls+s.Cols[1].Stats.NullCount, read+s.Rows
		codes = codes && (s.Cols[2].Layout != plain || s.Cols[2].Stats.Sketch == nil)
	}
	if len(old) > 1 && read > stepRows {
		t.Fatalf("a step reads %d rows", read)
	}
	s := rows(wide, first.MinInt-firstID, last.MaxInt+1-firstID, most, nulls)
	needs := narrow(id4, layout(segment.Scaled, scaledWidth(s.Cols[1].Stats, layout(segment.Scaled, 0, 1, false, false)), 1, false, nulls > 0), plain)
	if codes && (s.Rows >= dictionaryRows || step.Into.Layout != nil && step.Into.Layout[2].Encoding == segment.Dictionary) {
		needs[2] = code1
	}
	into := needs
	switch fit := step.Into.Layout; {
	case fit != nil && fits(rows(needs, first.MinInt-firstID, last.MaxInt+1-firstID, most, nulls), true, fit) && (fit[2].Encoding == segment.Bytes || codes):
		into = fit
	case !step.Into.Room:
		into = wide
	}
	written := rows(into, first.MinInt-firstID, last.MaxInt+1-firstID, most, nulls)
	if !step.Worth(testTable, old, []table.Image{{Rows: written.Rows, Cols: written.Cols}}) {
		return nil, false
	}
	return slices.Concat(segments[:step.From], []*table.Segment{written}, segments[step.To:]), true
}
