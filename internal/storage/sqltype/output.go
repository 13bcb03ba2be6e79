package sqltype

import "strconv"

// Format is the output function of type t. A null has no text; callers ask Datum.Null first.
func Format(t Type, d Datum) string { return string(AppendText(nil, t, d)) }

// AppendText appends the text form of d, a value of type t that is not null. A record has none: its fields have types of
// their own, and programs write it.
func AppendText(dst []byte, t Type, d Datum) []byte {
	switch t.Kind {
	case Bool:
		if d.I != 0 {
			return append(dst, 't')
		}
		return append(dst, 'f')
	case Int2, Int4, Int8:
		return strconv.AppendInt(dst, d.I, 10)
	case Float4, Float8:
		return appendFloat(dst, t.Kind, d.F)
	case Numeric:
		return d.N.AppendText(dst)
	case Unknown, Text, Varchar, Char:
		return append(dst, d.S...)
	case Date:
		return appendDate(dst, d.I)
	case Timestamp:
		return appendTimestamp(dst, d.I)
	case Interval:
		return appendInterval(dst, d.Iv)
	case Array:
		return appendArray(dst, t, d)
	case Vector:
		return appendVector(dst, d)
	}
	panic("sqltype: no text form for a value of type " + t.String())
}
