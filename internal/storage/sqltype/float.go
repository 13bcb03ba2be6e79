package sqltype

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// parseFloat reads what C's strtod reads, between optional white space. Overflow, and underflow to zero, are errors.
func parseFloat(k Kind, s string) (float64, error) {
	w := lowerASCII(trimSpace(s))
	switch w {
	case "nan", "+nan", "-nan":
		return math.NaN(), nil
	case "infinity", "+infinity", "inf", "+inf":
		return math.Inf(1), nil
	case "-infinity", "-inf":
		return math.Inf(-1), nil
	}
	if isNaNWithPayload(w) {
		return math.NaN(), nil
	}
	if !isFloatSyntax(w) {
		return 0, invalidSyntax(Of(k), s)
	}
	if isHexFloat(w) && !strings.Contains(w, "p") {
		w += "p0"
	}
	bits := 64
	if k == Float4 {
		bits = 32
	}
	v, err := strconv.ParseFloat(w, bits)
	if math.IsInf(v, 0) || v == 0 && hasNonzeroMantissa(w) {
		return 0, sqlstate.New(sqlstate.NumericValueOutOfRange, "\"%s\" is out of range for type %s", s, k)
	}
	if err != nil {
		return 0, invalidSyntax(Of(k), s)
	}
	return v, nil
}

// isNaNWithPayload knows C's nan(chars).
func isNaNWithPayload(w string) bool {
	w = strings.TrimLeft(w, "+-")
	if !strings.HasPrefix(w, "nan(") || w[len(w)-1] != ')' {
		return false
	}
	for _, c := range []byte(w[4 : len(w)-1]) {
		if !isAlnum(c) && c != '_' {
			return false
		}
	}
	return true
}

func isHexFloat(w string) bool { return strings.HasPrefix(strings.TrimLeft(w, "+-"), "0x") }

// isFloatSyntax tells the numbers of strtod from what only Go's parser takes (underscores, other names).
func isFloatSyntax(w string) bool {
	if len(w) > 0 && (w[0] == '+' || w[0] == '-') {
		w = w[1:]
	}
	digit, exponent := isDigit, byte('e')
	if strings.HasPrefix(w, "0x") {
		w, exponent = w[2:], 'p'
		digit = func(c byte) bool { return isDigit(c) || c >= 'a' && c <= 'f' }
	}
	i, digits := 0, 0
	for i < len(w) && digit(w[i]) {
		i, digits = i+1, digits+1
	}
	if i < len(w) && w[i] == '.' {
		for i++; i < len(w) && digit(w[i]); i++ {
			digits++
		}
	}
	if digits == 0 {
		return false
	}
	if i < len(w) && w[i] == exponent {
		i++
		if i < len(w) && (w[i] == '+' || w[i] == '-') {
			i++
		}
		if i == len(w) {
			return false
		}
		for i < len(w) && isDigit(w[i]) {
			i++
		}
	}
	return i == len(w)
}

func hasNonzeroMantissa(w string) bool {
	set, end := "123456789", "e"
	w = strings.TrimLeft(w, "+-")
	if strings.HasPrefix(w, "0x") {
		w, set, end = w[2:], "123456789abcdef", "p"
	}
	if i := strings.Index(w, end); i >= 0 {
		w = w[:i]
	}
	return strings.ContainsAny(w, set)
}

// appendFloat writes the shortest digits that read back as the same value (extra_float_digits = 1).
func appendFloat(dst []byte, k Kind, v float64) []byte {
	switch {
	case math.IsNaN(v):
		return append(dst, "NaN"...)
	case math.IsInf(v, 1):
		return append(dst, "Infinity"...)
	case math.IsInf(v, -1):
		return append(dst, "-Infinity"...)
	case v == 0:
		if math.Signbit(v) {
			return append(dst, '-', '0')
		}
		return append(dst, '0')
	}
	bits, plain := 64, 15
	if k == Float4 {
		bits, plain = 32, 6
	}
	digits, exp := shortestDigits(v, bits)
	if v < 0 {
		dst = append(dst, '-')
	}
	if exp >= -4 && exp < plain {
		return appendPlain(dst, digits, exp)
	}
	dst = append(dst, digits[0])
	if len(digits) > 1 {
		dst = append(dst, '.')
		dst = append(dst, digits[1:]...)
	}
	dst = append(dst, 'e', '+')
	if exp < 0 {
		dst[len(dst)-1], exp = '-', -exp
	}
	if exp < 10 {
		dst = append(dst, '0')
	}
	return strconv.AppendInt(dst, int64(exp), 10)
}

// appendPlain writes d.ddd·10^exp without an exponent.
func appendPlain(dst []byte, digits string, exp int) []byte {
	if exp < 0 {
		dst = append(dst, '0', '.')
		for i := -1; i > exp; i-- {
			dst = append(dst, '0')
		}
		return append(dst, digits...)
	}
	for i := 0; i <= exp; i++ {
		if i < len(digits) {
			dst = append(dst, digits[i])
		} else {
			dst = append(dst, '0')
		}
	}
	if len(digits) > exp+1 {
		dst = append(dst, '.')
		dst = append(dst, digits[exp+1:]...)
	}
	return dst
}

// shortestDigits returns the digits and the decimal exponent of the first digit of |v|. PostgreSQL takes the shortest
// decimal strictly inside the interval of numbers that round to v; strconv also takes one on its edge (1e23), so such
// digits are replaced by the next longer ones.
func shortestDigits(v float64, bits int) (digits string, exp int) {
	v = math.Abs(v)
	digits, exp = splitExponent(strconv.FormatFloat(v, 'e', -1, bits))
	if !onEdge(v, bits, digits, exp) {
		return digits, exp
	}
	for n := len(digits); n < 18; n++ {
		d, e := splitExponent(strconv.FormatFloat(v, 'e', n, bits))
		d = strings.TrimRight(d, "0")
		if back, _ := strconv.ParseFloat(joinExponent(d, e), bits); back == v && !onEdge(v, bits, d, e) {
			return d, e
		}
	}
	return digits, exp
}

func splitExponent(s string) (digits string, exp int) {
	mantissa, e, _ := strings.Cut(s, "e")
	exp, _ = strconv.Atoi(e)
	return strings.Replace(mantissa, ".", "", 1), exp
}

func joinExponent(digits string, exp int) string {
	return digits[:1] + "." + digits[1:] + "e" + strconv.Itoa(exp)
}

// onEdge reports whether the decimal lies exactly halfway between v and a neighbour of it.
func onEdge(v float64, bits int, digits string, exp int) bool {
	power := exp - (len(digits) - 1)
	if power > 25 || power < -25 { // a power of five that large divides no halfway point, nor a halfway point's digits
		return false
	}
	d, _ := new(big.Int).SetString(digits, 10)
	decimal := new(big.Rat).SetInt(d)
	scale := new(big.Rat).SetInt(pow10(abs(power)))
	if power < 0 {
		decimal.Quo(decimal, scale)
	} else {
		decimal.Mul(decimal, scale)
	}
	x := new(big.Rat).SetFloat64(v)
	for _, neighbour := range []float64{nextAfter(v, bits, 0), nextAfter(v, bits, math.Inf(1))} {
		if math.IsInf(neighbour, 0) {
			continue
		}
		half := new(big.Rat).SetFloat64(neighbour)
		half.Add(half, x).Quo(half, big.NewRat(2, 1))
		if half.Cmp(decimal) == 0 {
			return true
		}
	}
	return false
}

func nextAfter(v float64, bits int, to float64) float64 {
	if bits == 32 {
		return float64(math.Nextafter32(float32(v), float32(to)))
	}
	return math.Nextafter(v, to)
}

func abs(i int) int {
	if i < 0 {
		return -i
	}
	return i
}
