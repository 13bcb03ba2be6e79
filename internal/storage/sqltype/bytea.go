package sqltype

import (
	"encoding/hex"
	"errors"
	"strings"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// parseBytea reads bytes as text: \x and hexadecimal digits, which white space may stand between, or the older form,
// where a backslash stands before another or before three octal digits.
func parseBytea(s string) (string, error) {
	if digits, ok := strings.CutPrefix(s, `\x`); ok {
		return parseHex(digits)
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] != '\\':
			b.WriteByte(s[i])
		case i+1 < len(s) && s[i+1] == '\\':
			b.WriteByte('\\')
			i++
		case i+3 < len(s) && s[i+1] >= '0' && s[i+1] <= '3' && isOctal(s[i+2]) && isOctal(s[i+3]):
			b.WriteByte((s[i+1]-'0')<<6 | (s[i+2]-'0')<<3 | (s[i+3] - '0'))
			i += 3
		default:
			return "", sqlstate.New(sqlstate.InvalidTextRepresentation, "invalid input syntax for type bytea")
		}
	}
	return b.String(), nil
}

func isOctal(c byte) bool { return c >= '0' && c <= '7' }

func parseHex(digits string) (string, error) {
	if strings.ContainsAny(digits, " \n\t\r") {
		digits = strings.NewReplacer(" ", "", "\n", "", "\t", "", "\r", "").Replace(digits)
	}
	b, err := hex.DecodeString(digits)
	var bad hex.InvalidByteError
	switch {
	case err == nil:
		return string(b), nil
	case errors.As(err, &bad):
		return "", sqlstate.New(sqlstate.InvalidParameterValue, "invalid hexadecimal digit: \"%c\"", rune(bad))
	}
	return "", sqlstate.New(sqlstate.InvalidParameterValue, "invalid hexadecimal data: odd number of digits")
}
