package bind

import (
	"strings"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// timeFields are the names of fields that EXTRACT and date_trunc take, with the one name that plans use for each.
var timeFields = map[string]string{"year": "year", "years": "year", "yr": "year", "yrs": "year", "y": "year",
	"month": "month", "months": "month", "mon": "month", "mons": "month", "day": "day", "days": "day", "d": "day",
	"hour": "hour", "hours": "hour", "h": "hour", "hr": "hour", "hrs": "hour", "minute": "minute", "minutes": "minute",
	"m": "minute", "min": "minute", "mins": "minute", "second": "second", "seconds": "second", "s": "second",
	"sec": "second", "secs": "second", "millisecond": "milliseconds", "milliseconds": "milliseconds", "ms": "milliseconds",
	"msec": "milliseconds", "msecs": "milliseconds", "msecond": "milliseconds", "mseconds": "milliseconds",
	"microsecond": "microseconds", "microseconds": "microseconds", "us": "microseconds", "usec": "microseconds",
	"usecs": "microseconds", "usecond": "microseconds", "useconds": "microseconds", "quarter": "quarter", "qtr": "quarter",
	"week": "week", "weeks": "week", "w": "week", "decade": "decade", "decades": "decade", "dec": "decade",
	"decs": "decade", "century": "century", "centuries": "century", "cent": "century", "c": "century",
	"millennium": "millennium", "millennia": "millennium", "mil": "millennium", "mils": "millennium", "dow": "dow",
	"isodow": "isodow", "doy": "doy", "isoyear": "isoyear", "epoch": "epoch", "julian": "julian",
	"timezone": "timezone", "timezone_hour": "timezone_hour", "timezone_minute": "timezone_minute"}

// fieldSets tell which fields a type has, for EXTRACT.
var fieldSets = map[kind]string{
	date:      " year month day quarter week decade century millennium dow isodow doy isoyear epoch julian ",
	timestamp: " year month day hour minute second milliseconds microseconds quarter week decade century millennium dow isodow doy isoyear epoch julian ",
	interval:  " year month day hour minute second milliseconds microseconds quarter decade century millennium epoch ",
}

const truncFields = " year month day hour minute second milliseconds microseconds quarter week decade century millennium "

// checkTimeField makes the field a constant that is known and fits the type, and spells it in the one way plans use.
func checkTimeField(c *logical.Call, x *dialect.FuncCall) error {
	f, ok := c.Args[0].(*logical.Const)
	if !ok || f.Value.Null {
		return sqlstate.Unsupported("%s with a field that is not a constant", x.Name).At(x.Args[0].Value.Pos())
	}
	k := c.Args[1].Type().Kind
	name := strings.ToLower(f.Value.S)
	field, known := timeFields[name]
	if !known {
		return sqlstate.New(sqlstate.InvalidParameterValue, "unit \"%s\" not recognized for type %s", name, k)
	}
	have := fieldSets[k]
	if c.Func == logical.DateTrunc {
		have = truncFields
	}
	if !strings.Contains(have, " "+field+" ") {
		return sqlstate.New(sqlstate.FeatureNotSupported, "unit \"%s\" not supported for type %s", name, k)
	}
	c.Args[0] = textConst(field)
	return nil
}
