package sqltype

import "math/big"

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
