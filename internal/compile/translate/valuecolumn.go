package translate

import (
	"encoding/binary"
	"math"
	"math/big"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// valueColumn is a column of constants laid out in blobs: fixed-width values, or offsets and bytes.
type valueColumn struct {
	name  string
	shape Value
	data  int // blob
	valid int // blob, -1 if no value is NULL
	bytes int // blob of text, -1 for fixed width
}

// columnPadding is the bytes that can be read past a column's end, as in a segment.
const columnPadding = 128

// valueColumn lays out column i of a list of constants.
func (t *translator) valueColumn(n *physical.Values, i int) valueColumn {
	typ := n.Cols[i].Type
	data := make([]sqltype.Datum, len(n.Rows))
	c := valueColumn{name: hint(n.ID, n.Cols[i].Name), valid: -1, bytes: -1}
	bitmap := make([]byte, (len(n.Rows)+blockRows-1)/blockRows*(blockRows/8))
	nulls := false
	for k, r := range n.Rows {
		data[k] = t.datum(r[i], "VALUES")
		if data[k].Null {
			nulls = true
		} else {
			bitmap[k/8] |= 1 << (k % 8)
		}
	}
	c.shape = Value{Type: typ, Keep: true}
	lane := c.describe(data)
	var raw, text []byte
	for _, d := range data {
		raw, text = c.appendDatum(raw, text, d)
	}
	pad := make([]byte, columnPadding)
	if bytesBehind(c.shape) {
		raw = binary.LittleEndian.AppendUint32(raw, uint32(len(text)))
		c.bytes = t.addBlob(append(text, pad...))
	}
	c.data = t.addBlob(append(raw, pad...))
	if nulls {
		c.valid = t.addBlob(append(bitmap, pad...))
	}
	c.shape.N = &staged.Node{Type: lane, Range: c.rangeOf(data, lane)}
	return c
}

// describe picks the representation that holds all the column's constants.
func (c *valueColumn) describe(data []sqltype.Datum) *staged.Type {
	switch c.shape.Type.Kind {
	case sqltype.Bool:
		c.shape.Rep = RBool
		return staged.TU8
	case sqltype.Float4:
		c.shape.Rep = RF32
		return staged.TF32
	case sqltype.Float8:
		c.shape.Rep = RF64
		return staged.TF64
	case sqltype.Interval:
		c.shape.Rep = RInterval
		return staged.TInterval
	case sqltype.Numeric:
		scale, ok := commonScale(data)
		if ok {
			c.shape.Rep, c.shape.Scale = RDec, scale
			return staged.TI64
		}
		c.shape.Rep = RNum
		return staged.TStr
	case sqltype.Text, sqltype.Varchar, sqltype.Char, sqltype.Unknown:
		c.shape.Rep = RStr
		return staged.TStr
	case sqltype.Array:
		c.shape.Rep = RPacked
		return staged.TStr
	case sqltype.Vector:
		c.shape.Rep = RVector
		return staged.TStr
	}
	c.shape.Rep = RInt
	return staged.TI64
}

// commonScale is the scale of all numerics of a column, if they share one and fit 62 bits.
func commonScale(data []sqltype.Datum) (int, bool) {
	scale := -1
	for _, d := range data {
		if d.Null {
			continue
		}
		if d.N.Special != sqltype.Finite || scale >= 0 && int(d.N.Scale) != scale || d.N.Unscaled.CmpAbs(big.NewInt(1<<62)) >= 0 {
			return 0, false
		}
		scale = int(d.N.Scale)
	}
	return max(scale, 0), true
}

func (c *valueColumn) appendDatum(raw, text []byte, d sqltype.Datum) ([]byte, []byte) {
	switch c.shape.Rep {
	case RBool:
		return append(raw, byte(d.I)), text
	case RF32:
		return binary.LittleEndian.AppendUint32(raw, math.Float32bits(float32(d.F))), text
	case RF64:
		return binary.LittleEndian.AppendUint64(raw, math.Float64bits(d.F)), text
	case RInterval:
		raw = binary.LittleEndian.AppendUint64(raw, uint64(d.Iv.Micros))
		raw = binary.LittleEndian.AppendUint32(raw, uint32(d.Iv.Days))
		return binary.LittleEndian.AppendUint32(raw, uint32(d.Iv.Months)), text
	case RDec:
		v := int64(0)
		if !d.Null {
			v = d.N.Unscaled.Int64()
		}
		return binary.LittleEndian.AppendUint64(raw, uint64(v)), text
	case RStr, RNum, RPacked, RVector:
		raw = binary.LittleEndian.AppendUint32(raw, uint32(len(text)))
		switch {
		case d.Null:
		case c.shape.Rep == RNum:
			text = append(text, PackNumeric(d.N)...)
		case c.shape.Rep == RPacked:
			text = sqltype.AppendPackedArray(text, c.shape.Type.Elem, d.A)
		case c.shape.Rep == RVector:
			text = sqltype.AppendVector(text, d.A)
		default:
			text = append(text, d.S...)
		}
		return raw, text
	}
	return binary.LittleEndian.AppendUint64(raw, uint64(d.I)), text
}

func (c *valueColumn) rangeOf(data []sqltype.Datum, lane *staged.Type) staged.Range {
	if lane != staged.TI64 {
		return staged.Full(lane)
	}
	r := staged.RangeOf(0, 0)
	for _, d := range data {
		switch {
		case d.Null:
		case c.shape.Rep == RDec:
			r = r.Union(staged.RangeOf(d.N.Unscaled.Int64(), d.N.Unscaled.Int64()))
		default:
			r = r.Union(staged.RangeOf(d.I, d.I))
		}
	}
	if r = r.RoundUp(); !r.Fits64() {
		return staged.Full(lane)
	}
	return r
}

// load is the column's value in the block that starts at row at.
func (c *valueColumn) load(f *fn, blk *staged.Block, at *staged.Node) Value {
	b := f.b
	v := c.shape
	lane := c.shape.N.Type
	if c.valid >= 0 {
		bits := b.IndexAddr(f.blob(c.valid), b.Scalar("shr", staged.TU64, at, staged.Int(staged.TU64, 3)))
		v.Valid = b.LoadMask(blk, b.Cast(staged.TU64.Ptr(), bits)).Named(c.name + "_valid")
	}
	if c.bytes >= 0 {
		v.N = b.Run(blk, "flk_bytes_str", staged.Site{}, b.Cast(staged.TI32.Ptr(), f.blob(c.data)), f.blob(c.bytes), at)[0].Named(c.name)
		return v
	}
	data := b.Cast(lane.Ptr(), f.blob(c.data))
	v.N = b.Load(blk, b.IndexAddr(data, at)).Named(c.name)
	v.N.Range = c.shape.N.Range
	switch {
	case v.Rep == RBool:
		v.N = b.Prim("ne", staged.TU8, v.N, staged.Int(staged.TU8, 0))
	case lane == staged.TI64 && v.N.Range.Fits32():
		v.N = b.Cvt(staged.TI32, v.N)
	}
	return v
}
