package sqltype

import (
	"math"
	"math/big"
)

// IntervalAdd returns a+b, field by field.
func IntervalAdd(a, b IntervalValue) (IntervalValue, error) {
	months, days := int64(a.Months)+int64(b.Months), int64(a.Days)+int64(b.Days)
	micros, ok := addInt64(a.Micros, b.Micros)
	if !ok || months != int64(int32(months)) || days != int64(int32(days)) {
		return IntervalValue{}, OutOfRange(Interval)
	}
	return IntervalValue{Months: int32(months), Days: int32(days), Micros: micros}, nil
}

// IntervalNeg returns -a.
func IntervalNeg(a IntervalValue) (IntervalValue, error) {
	if a.Months == math.MinInt32 || a.Days == math.MinInt32 || a.Micros == math.MinInt64 {
		return IntervalValue{}, OutOfRange(Interval)
	}
	return IntervalValue{Months: -a.Months, Days: -a.Days, Micros: -a.Micros}, nil
}

// IntervalSub returns a-b, field by field.
func IntervalSub(a, b IntervalValue) (IntervalValue, error) {
	months, days := int64(a.Months)-int64(b.Months), int64(a.Days)-int64(b.Days)
	micros := a.Micros - b.Micros
	overflow := (a.Micros^b.Micros)&(a.Micros^micros) < 0
	if overflow || months != int64(int32(months)) || days != int64(int32(days)) {
		return IntervalValue{}, OutOfRange(Interval)
	}
	return IntervalValue{Months: int32(months), Days: int32(days), Micros: micros}, nil
}

// IntervalMul returns a·factor; fractions of months become days of 30 to the month, fractions of days become time.
func IntervalMul(a IntervalValue, factor float64) (IntervalValue, error) {
	return intervalScale(a, func(x float64) float64 { return x * factor })
}

// IntervalDiv returns a/divisor likewise.
func IntervalDiv(a IntervalValue, divisor float64) (IntervalValue, error) {
	if divisor == 0 {
		return IntervalValue{}, ErrDivisionByZero()
	}
	return intervalScale(a, func(x float64) float64 { return x / divisor })
}

func intervalScale(a IntervalValue, scaled func(float64) float64) (IntervalValue, error) {
	const secondsPerDay = 86400
	months, days := scaled(float64(a.Months)), scaled(float64(a.Days))
	if !fitsInt32(months) || !fitsInt32(days) {
		return IntervalValue{}, OutOfRange(Interval)
	}
	r := IntervalValue{Months: int32(months), Days: int32(days)}
	monthRest := roundMicros((months - float64(r.Months)) * 30)
	seconds := roundMicros((days - float64(r.Days) + monthRest - math.Trunc(monthRest)) * secondsPerDay)
	if math.Abs(seconds) >= secondsPerDay {
		r.Days += int32(seconds / secondsPerDay)
		seconds -= math.Trunc(seconds/secondsPerDay) * secondsPerDay
	}
	r.Days += int32(monthRest)
	micros := math.RoundToEven(scaled(float64(a.Micros)) + seconds*microsPerSecond)
	if !(micros >= -(1<<63) && micros < 1<<63) {
		return IntervalValue{}, OutOfRange(Interval)
	}
	r.Micros = int64(micros)
	return r, nil
}

func fitsInt32(v float64) bool { return v >= math.MinInt32 && v <= math.MaxInt32 }

func roundMicros(v float64) float64 { return math.RoundToEven(v*microsPerSecond) / microsPerSecond }

// IntervalCmp orders intervals, a month counting 30 days and a day 24 hours.
func IntervalCmp(a, b IntervalValue) int {
	da, ra := intervalSpan(a)
	db, rb := intervalSpan(b)
	if da != db {
		if da < db {
			return -1
		}
		return 1
	}
	return cmpOrdered(ra, rb)
}

// intervalSpan is the interval's length as days and microseconds below a day.
func intervalSpan(v IntervalValue) (days, micros int64) {
	whole := floorDiv(v.Micros, microsPerDay)
	return int64(v.Months)*30 + int64(v.Days) + whole, v.Micros - whole*microsPerDay
}

// IntervalMicros is the interval's length in microseconds, for those who need a number (EXTRACT(epoch), estimates).
func IntervalMicros(v IntervalValue) *big.Int {
	days, micros := intervalSpan(v)
	r := new(big.Int).Mul(big.NewInt(days), big.NewInt(microsPerDay))
	return r.Add(r, big.NewInt(micros))
}

func cmpOrdered[T int | int64 | uint64 | string](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
