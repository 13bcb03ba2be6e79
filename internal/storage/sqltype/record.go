package sqltype

import "strings"

// AppendRecord writes a record's text form, (a,b), given its fields' types. A null field is empty.
func AppendRecord(dst []byte, types []Type, d Datum) []byte {
	dst = append(dst, '(')
	for i, f := range d.A {
		if i > 0 {
			dst = append(dst, ',')
		}
		if !f.Null {
			dst = appendRecordField(dst, Format(types[i], f))
		}
	}
	return append(dst, ')')
}

func appendRecordField(dst []byte, s string) []byte {
	quote := s == ""
	for i := 0; i < len(s) && !quote; i++ {
		quote = isSpace(s[i]) || strings.IndexByte(`"\(),`, s[i]) >= 0
	}
	if !quote {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	for i := 0; i < len(s); i++ {
		if s[i] == '"' || s[i] == '\\' {
			dst = append(dst, s[i])
		}
		dst = append(dst, s[i])
	}
	return append(dst, '"')
}
