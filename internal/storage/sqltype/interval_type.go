package sqltype

import "fmt"

// The fields of an interval qualifier, as PostgreSQL keeps them in the modifier: Type.Mod of an Interval is
// fields<<16 | precision, with 0x7FFF for all fields and 0xFFFF for full precision.
const (
	IntervalMonth  = 1 << 1
	IntervalYear   = 1 << 2
	IntervalDay    = 1 << 3
	IntervalHour   = 1 << 10
	IntervalMinute = 1 << 11
	IntervalSecond = 1 << 12

	IntervalAllFields     = 0x7FFF
	IntervalFullPrecision = 0xFFFF
)

// IntervalOf returns interval with a field qualifier (IntervalYear|IntervalMonth …) and a precision of the seconds.
func IntervalOf(fields, precision int) Type {
	return Type{Kind: Interval, Mod: int32(fields)<<16 | int32(precision)}
}

// intervalMod returns the fields and the precision of an interval type.
func (t Type) intervalMod() (fields, precision int) {
	if t.Mod < 0 {
		return IntervalAllFields, IntervalFullPrecision
	}
	return int(t.Mod >> 16 & 0x7FFF), int(t.Mod & 0xFFFF)
}

var intervalQualifiers = map[int]string{
	IntervalYear: " year", IntervalMonth: " month", IntervalDay: " day", IntervalHour: " hour", IntervalMinute: " minute",
	IntervalSecond: " second", IntervalYear | IntervalMonth: " year to month", IntervalDay | IntervalHour: " day to hour",
	IntervalDay | IntervalHour | IntervalMinute:                  " day to minute",
	IntervalDay | IntervalHour | IntervalMinute | IntervalSecond: " day to second",
	IntervalHour | IntervalMinute:                                " hour to minute",
	IntervalHour | IntervalMinute | IntervalSecond:               " hour to second",
	IntervalMinute | IntervalSecond:                              " minute to second",
}

// intervalName is format_type()'s name.
func (t Type) intervalName() string {
	fields, precision := t.intervalMod()
	s := "interval" + intervalQualifiers[fields]
	if precision != IntervalFullPrecision {
		s += fmt.Sprintf("(%d)", precision)
	}
	return s
}
