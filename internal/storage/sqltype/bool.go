package sqltype

import "strings"

// parseBool accepts true, false, yes, no and their beginnings, on, off, 1 and 0.
func parseBool(s string) (Datum, error) {
	w := lowerASCII(trimSpace(s))
	switch {
	case w == "":
	case strings.HasPrefix("true", w), strings.HasPrefix("yes", w), w == "on", w == "1":
		return Datum{I: 1}, nil
	case strings.HasPrefix("false", w), strings.HasPrefix("no", w), w == "off", w == "of", w == "0":
		return Datum{I: 0}, nil
	}
	return Datum{}, invalidSyntax(Of(Bool), s)
}
