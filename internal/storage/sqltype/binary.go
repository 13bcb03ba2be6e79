package sqltype

import (
	"encoding/binary"
	"math"
	"math/big"
	"unicode/utf8"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// AppendBinary appends the wire protocol's binary form of d, a value of type t that is not null.
func AppendBinary(dst []byte, t Type, d Datum) ([]byte, error) {
	switch t.Kind {
	case Bool:
		return append(dst, byte(d.I)), nil
	case Int2:
		return binary.BigEndian.AppendUint16(dst, uint16(d.I)), nil
	case Int4, Date:
		return binary.BigEndian.AppendUint32(dst, uint32(d.I)), nil
	case Int8, Timestamp:
		return binary.BigEndian.AppendUint64(dst, uint64(d.I)), nil
	case Float4:
		return binary.BigEndian.AppendUint32(dst, math.Float32bits(float32(d.F))), nil
	case Float8:
		return binary.BigEndian.AppendUint64(dst, math.Float64bits(d.F)), nil
	case Unknown, Text, Varchar, Char:
		return append(dst, d.S...), nil
	case Numeric:
		return appendBinaryNumeric(dst, d.N), nil
	case Interval:
		dst = binary.BigEndian.AppendUint64(dst, uint64(d.Iv.Micros))
		dst = binary.BigEndian.AppendUint32(dst, uint32(d.Iv.Days))
		return binary.BigEndian.AppendUint32(dst, uint32(d.Iv.Months)), nil
	}
	return nil, sqlstate.Unsupported("binary format for type %s", t)
}

// ParseBinary reads the wire protocol's binary form of a value of type t.
func ParseBinary(t Type, b []byte) (Datum, error) {
	if size := int(t.Size()); size > 0 && len(b) != size {
		return Datum{}, badBinary(len(b) > size)
	}
	switch t.Kind {
	case Bool:
		return Datum{I: int64(boolInt(b[0] != 0))}, nil
	case Int2:
		return Datum{I: int64(int16(binary.BigEndian.Uint16(b)))}, nil
	case Int4:
		return Datum{I: int64(int32(binary.BigEndian.Uint32(b)))}, nil
	case Int8:
		return Datum{I: int64(binary.BigEndian.Uint64(b))}, nil
	case Date:
		v := int64(int32(binary.BigEndian.Uint32(b)))
		if !isInfiniteDate(v) && !validDate(v) {
			return Datum{}, OutOfRange(Date)
		}
		return Datum{I: v}, nil
	case Timestamp:
		v := int64(binary.BigEndian.Uint64(b))
		if !isInfiniteTimestamp(v) && !validTimestamp(v) {
			return Datum{}, OutOfRange(Timestamp)
		}
		v, err := FitTimestamp(t, v)
		return Datum{I: v}, err
	case Float4:
		return Datum{F: float64(math.Float32frombits(binary.BigEndian.Uint32(b)))}, nil
	case Float8:
		return Datum{F: math.Float64frombits(binary.BigEndian.Uint64(b))}, nil
	case Unknown, Text, Varchar, Char:
		return parseBinaryText(t, b)
	case Numeric:
		n, err := parseBinaryNumeric(b)
		if err != nil {
			return Datum{}, err
		}
		n, err = FitDecimal(t, n)
		return Datum{N: n}, err
	case Interval:
		v, err := FitInterval(t, IntervalValue{Micros: int64(binary.BigEndian.Uint64(b)), Days: int32(binary.BigEndian.Uint32(b[8:])),
			Months: int32(binary.BigEndian.Uint32(b[12:]))})
		return Datum{Iv: v}, err
	}
	return Datum{}, sqlstate.Unsupported("binary format for type %s", t)
}

func badBinary(tooLong bool) error {
	if tooLong {
		return sqlstate.New(sqlstate.InvalidBinaryRepresent, "incorrect binary data format")
	}
	return sqlstate.New(sqlstate.ProtocolViolation, "insufficient data left in message")
}

func parseBinaryText(t Type, b []byte) (Datum, error) {
	s := string(b)
	if err := checkText(s); err != nil {
		return Datum{}, err
	}
	if t.Kind == Varchar || t.Kind == Char {
		var err error
		if s, err = fitString(t, s, false); err != nil {
			return Datum{}, err
		}
	}
	return Datum{S: s}, nil
}

// ValidUTF8 reports whether s is text that a value can hold.
func ValidUTF8(s string) bool { return utf8.ValidString(s) && invalidAt(s) < 0 }

// Signs of numerics in groups of base 10000, on the wire and in the packed form.
const (
	signPositive = 0x0000
	signNegative = 0x4000
	signNaN      = 0xC000
	signPlusInf  = 0xD000
	signMinusInf = 0xF000
	groupBase    = 10000
)

// groups is a numeric in base 10000: the value is the sum of digit[i] · 10000^(weight-i). There are no zero digits at
// either end.
type groups struct {
	weight int
	sign   uint16
	scale  int32
	digits []uint16
}

func groupsOf(d *Decimal) groups {
	switch d.Special {
	case NaN:
		return groups{sign: signNaN}
	case PlusInfinity:
		return groups{sign: signPlusInf}
	case MinusInfinity:
		return groups{sign: signMinusInf}
	}
	g := groups{scale: d.Scale}
	if d.Unscaled.Sign() < 0 {
		g.sign = signNegative
	}
	text := new(big.Int).Abs(d.Unscaled).Text(10)
	for i := int(d.Scale) % 4; i%4 != 0; i++ { // the point must lie between groups
		text += "0"
	}
	fractionGroups := (int(d.Scale) + 3) / 4
	for len(text)%4 != 0 {
		text = "0" + text
	}
	g.weight = len(text)/4 - fractionGroups - 1
	for i := 0; i < len(text); i += 4 {
		g.digits = append(g.digits, uint16(atoi(text[i:i+4])))
	}
	for len(g.digits) > 0 && g.digits[0] == 0 {
		g.digits = g.digits[1:]
		g.weight--
	}
	for len(g.digits) > 0 && g.digits[len(g.digits)-1] == 0 {
		g.digits = g.digits[:len(g.digits)-1]
	}
	if len(g.digits) == 0 {
		g.weight, g.sign = 0, signPositive
	}
	return g
}

// decimal is the inverse of groupsOf; digits past the scale are cut.
func (g groups) decimal() (*Decimal, bool) {
	switch g.sign {
	case signNaN:
		return specialDecimal(NaN), true
	case signPlusInf:
		return specialDecimal(PlusInfinity), true
	case signMinusInf:
		return specialDecimal(MinusInfinity), true
	case signPositive, signNegative:
	default:
		return nil, false
	}
	if g.scale < 0 || g.scale > maxDecimalScale {
		return nil, false
	}
	text := make([]byte, 0, len(g.digits)*4+1)
	for _, v := range g.digits {
		if v >= groupBase {
			return nil, false
		}
		text = appendPadded(text, int64(v), 4)
	}
	unscaled, _ := new(big.Int).SetString(string(append(text, '0')), 10)
	have := (len(g.digits)-g.weight-1)*4 + 1 // digits after the point in unscaled
	if shift := int(g.scale) - have; shift >= 0 {
		unscaled.Mul(unscaled, pow10(shift))
	} else {
		unscaled.Quo(unscaled, pow10(-shift))
	}
	if g.sign == signNegative {
		unscaled.Neg(unscaled)
	}
	return &Decimal{Unscaled: unscaled, Scale: g.scale}, true
}

func appendBinaryNumeric(dst []byte, d *Decimal) []byte {
	g := groupsOf(d)
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(g.digits)))
	dst = binary.BigEndian.AppendUint16(dst, uint16(g.weight))
	dst = binary.BigEndian.AppendUint16(dst, g.sign)
	dst = binary.BigEndian.AppendUint16(dst, uint16(g.scale))
	for _, v := range g.digits {
		dst = binary.BigEndian.AppendUint16(dst, v)
	}
	return dst
}

func parseBinaryNumeric(b []byte) (*Decimal, error) {
	if len(b) < 8 {
		return nil, badBinary(false)
	}
	n := int(binary.BigEndian.Uint16(b))
	g := groups{weight: int(int16(binary.BigEndian.Uint16(b[2:]))), sign: binary.BigEndian.Uint16(b[4:]),
		scale: int32(binary.BigEndian.Uint16(b[6:]))}
	if len(b) != 8+2*n {
		return nil, badBinary(len(b) > 8+2*n)
	}
	for i := 0; i < n; i++ {
		g.digits = append(g.digits, binary.BigEndian.Uint16(b[8+2*i:]))
	}
	d, ok := g.decimal()
	if !ok {
		return nil, sqlstate.New(sqlstate.InvalidBinaryRepresent, "invalid sign, scale or digit in external \"numeric\" value")
	}
	return d.checked()
}
