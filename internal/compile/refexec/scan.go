package refexec

import (
	"encoding/binary"
	"math"
	"math/big"

	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

func (e *executor) scan(n *physical.Scan) ([]Row, error) {
	var rows []Row
	for _, s := range n.Snapshot.Segments {
		got, err := readSegment(n, s)
		if err != nil {
			return nil, err
		}
		rows = append(rows, got...)
	}
	return e.selected(rows, n.Cols, n.Filter)
}

func readSegment(n *physical.Scan, s *table.Segment) ([]Row, error) {
	rows := make([]Row, s.Rows)
	for i := range rows {
		rows[i] = make(Row, len(n.Cols))
	}
	err := segment.WithMap(s.File, s.Size, func(mem []byte) error {
		for c, ordinal := range n.Ordinals {
			col := s.Cols[ordinal]
			dict, err := readDict(n.Snapshot, ordinal, col)
			if err != nil {
				return err
			}
			if err := segment.CheckColumn(s.Rows, col, mem, int64(len(dict))); err != nil {
				return sqlstate.Wrap(err, sqlstate.DataCorrupted, "segment %d, column %q: %s", s.ID, n.Table.Columns[ordinal].Name, err)
			}
			for i := range rows {
				rows[i][c] = readValue(n.Table.Columns[ordinal].Type, col, mem, dict, int64(i))
			}
		}
		return nil
	})
	return rows, err
}

// readDict reads the strings of a column's dictionary, if its layout needs one.
func readDict(snap *table.Snapshot, ordinal int, col segment.Column) ([]string, error) {
	if col.Layout.Encoding != segment.Dictionary || ordinal >= len(snap.Dicts) || snap.Dicts[ordinal] == nil {
		return nil, nil
	}
	d := snap.Dicts[ordinal]
	out := make([]string, d.Count)
	err := segment.WithMap(d.File, d.Size, func(mem []byte) error {
		text := table.DictStrings(d.Offsets, d.Data, mem)
		for i := range out {
			out[i] = string(text(int64(i)))
		}
		return nil
	})
	return out, err
}

func readValue(t sqltype.Type, c segment.Column, mem []byte, dict []string, i int64) sqltype.Datum {
	if c.Layout.Nullable && mem[c.Valid.Offset+i/8]>>(i%8)&1 == 0 {
		return sqltype.NullDatum
	}
	at := mem[c.Data.Offset:]
	le := binary.LittleEndian
	switch c.Layout.Encoding {
	case segment.Scaled:
		v := int64(readUnsigned(at, c.Layout.Width, i))*c.Layout.Divisor + c.Base
		if t.Kind == sqltype.Numeric {
			_, scale, _ := t.PrecisionScale()
			return sqltype.Datum{N: sqltype.NewDecimal(v, int32(scale))}
		}
		return sqltype.Datum{I: v}
	case segment.Wide:
		at = at[16*i : 16*i+16]
		if t.Kind == sqltype.Interval {
			return sqltype.Datum{Iv: sqltype.IntervalValue{Micros: int64(le.Uint64(at)), Days: int32(le.Uint32(at[8:])),
				Months: int32(le.Uint32(at[12:]))}}
		}
		_, scale, _ := t.PrecisionScale()
		return sqltype.Datum{N: &sqltype.Decimal{Unscaled: new(big.Int).Set(sqltype.Int128(at)), Scale: int32(scale)}}
	case segment.Float:
		if c.Layout.Width == 4 {
			return sqltype.Datum{F: float64(math.Float32frombits(le.Uint32(at[4*i:])))}
		}
		return sqltype.Datum{F: math.Float64frombits(le.Uint64(at[8*i:]))}
	case segment.Dictionary:
		return sqltype.Datum{S: dict[readUnsigned(at, c.Layout.Width, i)]}
	}
	if c.Layout.Encoding == segment.Fixed {
		return sqltype.Datum{A: sqltype.UnpackVector(at[i*c.Layout.Stride() : (i+1)*c.Layout.Stride()])}
	}
	offsets := mem[c.Offsets.Offset+4*i:]
	b := at[le.Uint32(offsets):le.Uint32(offsets[4:])]
	switch t.Kind {
	case sqltype.Numeric:
		d, _ := sqltype.Unpack(b)
		return sqltype.Datum{N: d}
	case sqltype.Array:
		return sqltype.Datum{A: sqltype.UnpackArray(t.Elem, b)}
	case sqltype.Vector:
		return sqltype.Datum{A: sqltype.UnpackVector(b)}
	}
	return sqltype.Datum{S: string(b)}
}

func readUnsigned(b []byte, width uint8, i int64) uint64 {
	b = b[i*int64(width):]
	switch width {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(binary.LittleEndian.Uint16(b))
	case 4:
		return uint64(binary.LittleEndian.Uint32(b))
	}
	return binary.LittleEndian.Uint64(b)
}
