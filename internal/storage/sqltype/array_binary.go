package sqltype

import (
	"encoding/binary"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// The binary form of an array: the number of dimensions, whether there are nulls, the elements' type; for each dimension its
// length and lower bound; each element with its length, -1 for null.

func appendBinaryArray(dst []byte, t Type, d Datum) ([]byte, error) {
	be := binary.BigEndian
	nulls := uint32(0)
	for _, e := range d.A {
		if e.Null {
			nulls = 1
		}
	}
	dst = be.AppendUint32(dst, uint32(min(len(d.A), 1)))
	dst = be.AppendUint32(dst, nulls)
	dst = be.AppendUint32(dst, t.Element().OID())
	if len(d.A) > 0 {
		dst = be.AppendUint32(be.AppendUint32(dst, uint32(len(d.A))), 1)
	}
	for _, e := range d.A {
		at := len(dst)
		dst = be.AppendUint32(dst, ^uint32(0))
		if e.Null {
			continue
		}
		var err error
		if dst, err = AppendBinary(dst, t.Element(), e); err != nil {
			return nil, err
		}
		be.PutUint32(dst[at:], uint32(len(dst)-at-4))
	}
	return dst, nil
}

func parseBinaryArray(t Type, b []byte) (Datum, error) {
	be := binary.BigEndian
	if len(b) < 12 {
		return Datum{}, badBinary(false)
	}
	dims, flags, elem := int32(be.Uint32(b)), be.Uint32(b[4:]), be.Uint32(b[8:])
	b = b[12:]
	switch {
	case dims < 0:
		return Datum{}, sqlstate.New(sqlstate.InvalidBinaryRepresent, "invalid number of dimensions: %d", dims)
	case dims > 6:
		return Datum{}, sqlstate.New(sqlstate.ProgramLimitExceeded, "number of array dimensions (%d) exceeds the maximum allowed (6)", dims)
	case flags > 1:
		return Datum{}, sqlstate.New(sqlstate.InvalidBinaryRepresent, "invalid array flags")
	case elem != t.Element().OID():
		return Datum{}, sqlstate.New(sqlstate.DatatypeMismatch, "binary data has array element type %d instead of expected %d (%s)",
			elem, t.Element().OID(), t.Element())
	case dims == 0 && len(b) > 0:
		return Datum{}, badBinary(true)
	case dims == 0:
		return Datum{}, nil
	case dims > 1:
		return Datum{}, sqlstate.Unsupported("an array of more than one dimension")
	case len(b) < 8:
		return Datum{}, badBinary(false)
	}
	count, lower := int32(be.Uint32(b)), int32(be.Uint32(b[4:]))
	b = b[8:]
	switch {
	case count < 0 || count > MaxElements:
		return Datum{}, sqlstate.New(sqlstate.ProgramLimitExceeded, "array size exceeds the maximum allowed (%d)", MaxElements)
	case int64(count)*4 > int64(len(b)):
		return Datum{}, badBinary(false)
	case count > 0 && lower != 1:
		return Datum{}, sqlstate.Unsupported("an array with explicit bounds")
	}
	d := Datum{A: make([]Datum, count)}
	for i := range d.A {
		e, rest, err := parseBinaryElement(t.Element(), b)
		if err != nil {
			return Datum{}, err
		}
		d.A[i], b = e, rest
	}
	if len(b) > 0 {
		return Datum{}, badBinary(true)
	}
	return d, nil
}

func parseBinaryElement(t Type, b []byte) (d Datum, rest []byte, err error) {
	if len(b) < 4 {
		return d, nil, badBinary(false)
	}
	n := int32(binary.BigEndian.Uint32(b))
	b = b[4:]
	if n == -1 {
		return NullDatum, b, nil
	}
	if n < 0 || int64(n) > int64(len(b)) {
		return d, nil, badBinary(false)
	}
	d, err = ParseBinary(t, b[:n])
	return d, b[n:], err
}
