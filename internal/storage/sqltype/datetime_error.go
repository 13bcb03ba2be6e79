package sqltype

import "github.com/flernd/flernd/internal/wire/sqlstate"

// dateError is why a date/time text is refused, until the message can name the type and the text.
type dateError uint8

const (
	dateOK dateError = iota
	badFormat
	fieldOverflow
	monthDayOverflow
	zoneOverflow
	unknownZone
)

func (e dateError) of(k Kind, s, zone string) error {
	switch e {
	case dateOK:
		return nil
	case fieldOverflow, monthDayOverflow:
		if k == Interval {
			return sqlstate.New(sqlstate.IntervalFieldOverflow, "interval field value out of range: \"%s\"", s)
		}
		err := sqlstate.New(sqlstate.DatetimeFieldOverflow, "date/time field value out of range: \"%s\"", s)
		if e == monthDayOverflow {
			return err.WithHint("Perhaps you need a different \"datestyle\" setting.")
		}
		return err
	case zoneOverflow:
		return sqlstate.New(sqlstate.InvalidTimeZoneDisplacement, "time zone displacement out of range: \"%s\"", s)
	case unknownZone:
		return sqlstate.New(sqlstate.InvalidParameterValue, "time zone \"%s\" not recognized", zone)
	}
	return sqlstate.New(sqlstate.InvalidDatetimeFormat, "invalid input syntax for type %s: \"%s\"", shortName(k), s)
}
