package translate

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// constant is a literal: its value goes to the run's data, its type, scale and size class to the program's shape. Equal
// literals share a slot, so that equal expressions over them are computed once.
func (f *fn) constant(d sqltype.Datum, t sqltype.Type) Value {
	if d.Null {
		return null(t)
	}
	key := fmt.Sprintf("%v|%d|%x|%q|%v|%v", t, d.I, math.Float64bits(d.F), d.S, d.N, d.Iv)
	if d.N != nil {
		key = fmt.Sprintf("%v|%s e-%d %d", t, d.N.Unscaled, d.N.Scale, d.N.Special)
	}
	if v, ok := f.constants[key]; ok && t.Kind != sqltype.Array && t.Kind != sqltype.Vector {
		return v
	}
	v := f.newConstant(d, t)
	if f.constants == nil {
		f.constants = map[string]Value{}
	}
	f.constants[key] = v
	return v
}

// mostLanes is how many elements a constant array has at most that is lanes, one an element.
const mostLanes = 1000

func (f *fn) newConstant(d sqltype.Datum, t sqltype.Type) Value {
	v := Value{Type: t, Keep: true}
	switch t.Kind {
	case sqltype.Bool:
		at := f.t.params.int64(d.I)
		v.Rep, v.N = RBool, f.b.Cast(staged.TI32, f.slot(staged.TI64, at))
		v.N.Range = staged.Range{Lo: 0, Hi: 1}
	case sqltype.Int2, sqltype.Int4, sqltype.Int8, sqltype.Date, sqltype.Timestamp:
		v.Rep, v.N = RInt, f.intParam(d.I)
	case sqltype.Float4:
		v.Rep, v.N = RF32, f.slot(staged.TF32, f.t.params.float32(float32(d.F)))
	case sqltype.Float8:
		v.Rep, v.N = RF64, f.slot(staged.TF64, f.t.params.float64(d.F))
	case sqltype.Numeric:
		return f.numericConstant(d.N, t)
	case sqltype.Text, sqltype.Varchar, sqltype.Char, sqltype.Unknown:
		v.Rep, v.N = RStr, f.text(d.S)
	case sqltype.Interval:
		at := f.t.params.int64(d.Iv.Micros)
		f.t.params.int64(int64(uint32(d.Iv.Days)) | int64(d.Iv.Months)<<32)
		v.Rep, v.N = RInterval, f.slot(staged.TInterval, at)
	case sqltype.Vector:
		v.Rep, v.N = RVector, f.text(string(sqltype.AppendVector(nil, d.A)))
	case sqltype.Array:
		if sqltype.StorableElement(t.Elem) {
			v.Type.Len = 0 // data: arrays of any length share a program
			v.Rep, v.N = RPacked, f.text(string(sqltype.AppendPackedArray(nil, t.Elem, d.A)))
			break
		}
		if len(d.A) > mostLanes {
			fail(sqlstate.Unsupported("an array of more than %d %s in this place", mostLanes, t.Elem))
		}
		v.Rep = RArray
		for _, x := range d.A {
			v.Elems = append(v.Elems, f.constant(x, sqltype.Of(t.Elem)))
		}
	default:
		fail(sqlstate.Unsupported("a constant of type %s", t))
	}
	return v
}

// numericConstant keeps a numeric as an integer of its scale while it fits, else in variable form.
func (f *fn) numericConstant(d *sqltype.Decimal, t sqltype.Type) Value {
	v := Value{Type: t, Keep: true}
	if d.Special == sqltype.Finite && d.Unscaled.IsInt64() && d.Unscaled.CmpAbs(big.NewInt(1<<62)) < 0 {
		v.Rep, v.Scale, v.N = RDec, int(d.Scale), f.intParam(d.Unscaled.Int64())
		return v
	}
	if d.Special == sqltype.Finite && d.Unscaled.BitLen() < 126 {
		at := f.t.params.align(16)
		lo := new(big.Int).And(d.Unscaled, new(big.Int).SetUint64(math.MaxUint64))
		f.t.params.bytes = binary.LittleEndian.AppendUint64(f.t.params.bytes, lo.Uint64())
		f.t.params.int64(new(big.Int).Rsh(d.Unscaled, 64).Int64())
		v.Rep, v.Scale, v.N = RDec128, int(d.Scale), f.slot(staged.TI128, at)
		return v
	}
	v.Rep, v.N = RNum, f.text(string(PackNumeric(d)))
	return v
}

// PackNumeric is a numeric in the runtime's packed form (fl_num in fl.h): header and base-10000 digits.
func PackNumeric(d *sqltype.Decimal) []byte {
	header := func(digits []int16, weight int16, sign uint16, dscale int32) []byte {
		b := binary.LittleEndian.AppendUint16(nil, uint16(len(digits)))
		b = binary.LittleEndian.AppendUint16(b, uint16(weight))
		b = binary.LittleEndian.AppendUint16(b, sign)
		b = binary.LittleEndian.AppendUint16(b, uint16(dscale))
		for _, x := range digits {
			b = binary.LittleEndian.AppendUint16(b, uint16(x))
		}
		return b
	}
	switch d.Special {
	case sqltype.NaN:
		return header(nil, 0, 0xC000, 0)
	case sqltype.PlusInfinity:
		return header(nil, 0, 0xD000, 0)
	case sqltype.MinusInfinity:
		return header(nil, 0, 0xF000, 0)
	}
	sign := uint16(0)
	if d.Unscaled.Sign() < 0 {
		sign = 0x4000
	}
	// Align the point to a group of four digits.
	pad := (4 - d.Scale%4) % 4
	u := new(big.Int).Abs(d.Unscaled)
	u.Mul(u, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(pad)), nil))
	fraction := int((d.Scale + pad) / 4)
	var digits []int16 // least significant first
	base, m := big.NewInt(10000), new(big.Int)
	for u.Sign() > 0 {
		u.DivMod(u, base, m)
		digits = append(digits, int16(m.Int64()))
	}
	weight := len(digits) - fraction - 1
	low := 0
	for low < len(digits) && digits[low] == 0 {
		low++
	}
	digits = digits[low:]
	if len(digits) == 0 {
		return header(nil, 0, 0, d.Scale)
	}
	for i, j := 0, len(digits)-1; i < j; i, j = i+1, j-1 {
		digits[i], digits[j] = digits[j], digits[i]
	}
	return header(digits, int16(weight), sign, d.Scale)
}
