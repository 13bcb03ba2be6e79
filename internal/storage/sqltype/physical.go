package sqltype

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
)

// EncodePhysical appends the physical form in which programs take a value: little endian, as the C runtime's lanes hold
// it. d is not null and was fitted to t.
//
//	Bool, Int2/4/8, Date, Timestamp    int64
//	Float4, Float8                     float64
//	Numeric(p≤18,s)                    int64, unscaled at scale s
//	Numeric(p≤38,s)                    16 bytes, two's complement, unscaled at scale s
//	Numeric without (p,s) or wider     packed (AppendPacked)
//	Interval                           int64 microseconds, int32 days, int32 months
//	Text, Varchar, Char                the bytes
//	Array                              packed (AppendPackedArray)
//	Vector                             float32s
func EncodePhysical(dst []byte, t Type, d Datum) ([]byte, error) {
	switch t.Kind {
	case Bool, Int2, Int4, Int8, Date, Timestamp:
		return binary.LittleEndian.AppendUint64(dst, uint64(d.I)), nil
	case Float4, Float8:
		return binary.LittleEndian.AppendUint64(dst, math.Float64bits(d.F)), nil
	case Numeric:
		precision, scale, ok := t.PrecisionScale()
		switch {
		case !ok || precision > 38 || scale < 0 || d.N.Special != Finite:
			return AppendPacked(dst, d.N), nil
		case precision <= 18:
			v, err := UnscaledInt64(d.N, scale)
			if err != nil {
				return nil, err
			}
			return binary.LittleEndian.AppendUint64(dst, uint64(v)), nil
		}
		return AppendInt128(dst, d.N.roundTo(scale).Unscaled)
	case Interval:
		dst = binary.LittleEndian.AppendUint64(dst, uint64(d.Iv.Micros))
		dst = binary.LittleEndian.AppendUint32(dst, uint32(d.Iv.Days))
		return binary.LittleEndian.AppendUint32(dst, uint32(d.Iv.Months)), nil
	case Text, Varchar, Char, Unknown:
		return append(dst, d.S...), nil
	case Array:
		return AppendPackedArray(dst, t.Elem, d.A), nil
	case Vector:
		return AppendVector(dst, d.A), nil
	}
	return nil, fmt.Errorf("no physical form of type %s", t)
}

// UnscaledInt64 returns d·10^scale, rounded half away from zero; it is an error if that is no int64.
func UnscaledInt64(d *Decimal, scale int) (int64, error) {
	if d.Special == Finite {
		if v := d.roundTo(scale).Unscaled; v.IsInt64() {
			return v.Int64(), nil
		}
	}
	return 0, OutOfRange(Numeric)
}

// AppendInt128 appends v in 16 bytes, little endian, two's complement.
func AppendInt128(dst []byte, v *big.Int) ([]byte, error) {
	if v.BitLen() > 127 {
		return nil, OutOfRange(Numeric)
	}
	var b [16]byte
	new(big.Int).Abs(v).FillBytes(b[:])
	lo, hi := binary.BigEndian.Uint64(b[8:]), binary.BigEndian.Uint64(b[:8])
	if v.Sign() < 0 {
		lo, hi = -lo, ^hi
		if lo == 0 {
			hi++
		}
	}
	return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(dst, lo), hi), nil
}

// Int128 is the inverse of AppendInt128; b has 16 bytes.
func Int128(b []byte) *big.Int {
	v := new(big.Int).SetInt64(int64(binary.LittleEndian.Uint64(b[8:])))
	v.Lsh(v, 64)
	return v.Add(v, new(big.Int).SetUint64(binary.LittleEndian.Uint64(b)))
}

// AppendPacked appends the packed form of a numeric of variable scale, fl_num of the C runtime: number of groups, weight,
// sign and scale in 16 bits each, then the groups of base 10000, little endian.
func AppendPacked(dst []byte, d *Decimal) []byte {
	g := groupsOf(d)
	dst = binary.LittleEndian.AppendUint16(dst, uint16(len(g.digits)))
	dst = binary.LittleEndian.AppendUint16(dst, uint16(g.weight))
	dst = binary.LittleEndian.AppendUint16(dst, g.sign)
	dst = binary.LittleEndian.AppendUint16(dst, uint16(g.scale))
	for _, v := range g.digits {
		dst = binary.LittleEndian.AppendUint16(dst, v)
	}
	return dst
}

// Unpack is the inverse of AppendPacked; ok is false for bytes that are no packed numeric.
func Unpack(b []byte) (d *Decimal, ok bool) {
	if len(b) < 8 || len(b) != 8+2*int(binary.LittleEndian.Uint16(b)) {
		return nil, false
	}
	g := groups{weight: int(int16(binary.LittleEndian.Uint16(b[2:]))), sign: binary.LittleEndian.Uint16(b[4:]),
		scale: int32(binary.LittleEndian.Uint16(b[6:]))}
	for i := 8; i < len(b); i += 2 {
		g.digits = append(g.digits, binary.LittleEndian.Uint16(b[i:]))
	}
	return g.decimal()
}
