package table

import (
	"context"

	"github.com/flernd/flernd/internal/storage/segment"
)

// maxTextRows bounds the rows that Texts looks at: those that no dictionary has, which are few once segments are rewritten.
const maxTextRows = 1 << 20

// Texts are the texts of a column, each once, with some perhaps that no row has. ok is false if there are more than `most`, or if they
// cannot be read.
func (s *Snapshot) Texts(ordinal, most int) (texts []string, ok bool) {
	t := distinctTexts{seen: map[string]bool{}, most: most}
	coded, rows := false, int64(0)
	for _, g := range s.Segments {
		switch g.Cols[ordinal].Layout.Encoding {
		case segment.Dictionary:
			coded = true
		case segment.Bytes:
			rows += g.Rows
		default:
			return nil, false
		}
	}
	if rows > maxTextRows || coded && !t.ofDict(s.Dicts[ordinal]) {
		return nil, false
	}
	for _, g := range s.Segments {
		if g.Cols[ordinal].Layout.Encoding == segment.Bytes && !t.ofSegment(g, ordinal) {
			return nil, false
		}
	}
	return t.texts, true
}

type distinctTexts struct {
	texts []string
	seen  map[string]bool
	most  int
}

// add reports whether there is still room.
func (t *distinctTexts) add(text []byte) bool {
	if !t.seen[string(text)] {
		t.texts = append(t.texts, string(text))
		t.seen[t.texts[len(t.texts)-1]] = true
	}
	return len(t.texts) <= t.most
}

func (t *distinctTexts) ofDict(d *Dict) bool {
	if d == nil || d.Count > int64(t.most) || d.Unread.Check(context.Background(), 0) != nil || d.File == nil {
		return false
	}
	room := true
	err := segment.WithMap(d.File, d.Size, func(mem []byte) error {
		text := DictStrings(d.Offsets, d.Data, mem)
		for i := int64(0); i < d.Count && room; i++ {
			room = t.add(text(i))
		}
		return nil
	})
	return err == nil && room
}

// ofSegment reads a column of texts that lie one after another.
func (t *distinctTexts) ofSegment(g *Segment, ordinal int) bool {
	if g.Unread.Check(context.Background(), ordinal) != nil || g.File == nil {
		return false
	}
	room := true
	err := segment.WithMap(g.File, g.Size, func(mem []byte) error {
		col := source{Column: g.Cols[ordinal], mem: mem}
		if err := segment.CheckColumn(g.Rows, col.Column, mem, 0); err != nil {
			return err
		}
		for row := int64(0); row < g.Rows && room; row++ {
			room = !col.hasValue(row) || t.add(col.text(row))
		}
		return nil
	})
	return err == nil && room
}
