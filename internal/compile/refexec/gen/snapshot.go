package gen

import (
	"encoding/binary"
	"math"

	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
)

// Snapshot lays the rows out in shared memory, in the table's wide layout, without a store.
func (t *Table) Snapshot() (*table.Snapshot, error) {
	snap := &table.Snapshot{Table: t.Def, Rows: int64(len(t.Rows)), Stats: make([]segment.Stats, len(t.Def.Columns)),
		Dicts: make([]*table.Dict, len(t.Def.Columns))}
	if len(t.Rows) == 0 {
		return snap, nil
	}
	s := &table.Segment{ID: 1, Rows: int64(len(t.Rows)), Cols: make([]segment.Column, len(t.Def.Columns))}
	var mem []byte
	place := func(b []byte) segment.Span {
		span := segment.Span{Offset: int64(len(mem)), Length: int64(len(b))}
		mem = append(mem, b...)
		mem = append(mem, make([]byte, 128+(64-len(mem)%64)%64)...)
		return span
	}
	for c := range s.Cols {
		if err := t.layOut(&s.Cols[c], c, place); err != nil {
			return nil, err
		}
	}
	f, shared, err := segment.SharedMemory("gen", int64(len(mem)))
	if err != nil {
		return nil, err
	}
	copy(shared, mem)
	segment.Unmap(shared)
	s.File, s.Size = f, int64(len(mem))
	snap.Segments = []*table.Segment{s}
	return snap, nil
}

func (t *Table) layOut(col *segment.Column, c int, place func([]byte) segment.Span) error {
	def := t.Def.Columns[c]
	col.Layout = table.WideLayout(def)
	valid := make([]byte, (len(t.Rows)+7)/8)
	var data []byte
	offsets := make([]byte, 4, 4*(len(t.Rows)+1))
	for i, row := range t.Rows {
		v, before := row[c], len(data)
		if v.Null {
			data = append(data, make([]byte, col.Layout.Width)...)
			col.Stats.NullCount++
		} else {
			valid[i/8] |= 1 << (i % 8)
			var err error
			if data, err = sqltype.EncodePhysical(data, def.Type, v); err != nil {
				return err
			}
			if def.Type.Kind == sqltype.Float4 {
				data = binary.LittleEndian.AppendUint32(data[:before], math.Float32bits(float32(v.F)))
			}
		}
		offsets = binary.LittleEndian.AppendUint32(offsets, uint32(len(data)))
	}
	if col.Layout.Nullable {
		col.Valid = place(valid)
	}
	if col.Layout.Encoding == segment.Bytes {
		col.Offsets = place(offsets)
	}
	col.Data = place(data)
	return nil
}
