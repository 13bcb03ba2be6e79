package sqltype

import (
	"encoding/binary"
	"math"

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
	case Array:
		return appendBinaryArray(dst, t, d)
	case Vector:
		return appendBinaryVector(dst, d), nil
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
	case Bytea:
		return Datum{S: string(b)}, nil
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
	case Array:
		return parseBinaryArray(t, b)
	case Vector:
		return parseBinaryVector(t, b)
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

func appendBinaryNumeric(dst []byte, d *Decimal) []byte {
	g := groupsOf(d)
	if d.Special == PlusInfinity || d.Special == MinusInfinity {
		g.scale = 32 // as numeric_send has it
	}
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
