package session

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/flernd/flernd/internal/version"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// definition is a setting that flernd knows.
type definition struct {
	name    string // as it is shown
	initial string
	about   string
	// check returns a new value's canonical form; nil for a setting that cannot be changed.
	check func(name, value string) (string, error)
}

// severities are the values of client_min_messages in order.
var severities = []string{"debug5", "debug4", "debug3", "debug2", "debug1", "log", "notice", "warning", "error"}

// definitions are the settings by lower-case name.
var definitions = index([]definition{
	{"application_name", "", "The name of the program the client is.", plainText},
	{"client_encoding", "UTF8", "The client's character set encoding.", encoding},
	{"client_min_messages", "notice", "The least severity of messages that are sent to the client.", word(severities...)},
	{"DateStyle", "ISO, MDY", "How dates are printed, and which number of an ambiguous one is the month.", dateStyle},
	{"default_transaction_isolation", "read committed", "The isolation level of new transactions.", word("read committed")},
	{"default_transaction_read_only", "off", "Whether new transactions only read.", boolean},
	{"extra_float_digits", "1", "Floats are printed with the digits that tell them apart.", floatDigits},
	{"flern.memory_limit", "0", "The most memory a query may take; 0 for the server's limit.", size},
	{"flern.threads", "0", "Workers a query runs on; 0 for all of the server's.", number(0, 4096)},
	{"flern.tier", "auto", "Which programs run: auto starts with the fast tier and changes over, fast stays, best waits.", word("auto", "fast", "best")},
	{"in_hot_standby", "off", "Whether the server is a standby.", nil},
	{"integer_datetimes", "on", "Timestamps are integers.", nil},
	{"IntervalStyle", "postgres", "How intervals are printed.", word("postgres")},
	{"is_superuser", "on", "Whether the role may do anything.", nil},
	{"lc_collate", "C", "Text compares bytewise.", nil},
	{"lc_ctype", "C", "Which characters are letters.", nil},
	{"lock_timeout", "0", "How long a statement waits for its turn to write; 0 for any time.", milliseconds},
	{"max_identifier_length", "63", "The longest identifier.", nil},
	{"search_path", `"$user", public`, "The schemas that unqualified names are looked up in.", plainText},
	{"server_encoding", "UTF8", "The database's character set encoding.", nil},
	{"server_version", version.Server(), "The server's version.", nil},
	{"server_version_num", "150000", "The PostgreSQL release that flernd follows, as a number.", nil},
	{"session_authorization", "", "The session's role.", nil},
	{"ssl", "off", "Whether TLS is offered.", nil},
	{"standard_conforming_strings", "on", "A backslash in '...' is itself.", word("on")},
	{"statement_timeout", "0", "The longest time a statement may take; 0 for any time.", milliseconds},
	{"TimeZone", "UTC", "The time zone of the present moment.", zone},
	{"transaction_isolation", "read committed", "The transaction's isolation level.", word("read committed")},
})

// reportedSettings are those that clients follow (ParameterStatus), by lower-case name.
var reportedSettings = []string{"application_name", "client_encoding", "datestyle", "default_transaction_read_only",
	"in_hot_standby", "integer_datetimes", "intervalstyle", "is_superuser", "server_encoding", "server_version",
	"session_authorization", "standard_conforming_strings", "timezone"}

func index(list []definition) map[string]*definition {
	byName := make(map[string]*definition, len(list))
	for i := range list {
		byName[strings.ToLower(list[i].name)] = &list[i]
	}
	return byName
}

func invalidValue(name, value string) *sqlstate.Error {
	return sqlstate.New(sqlstate.InvalidParameterValue, "invalid value for parameter \"%s\": \"%s\"", name, value)
}

func plainText(_, value string) (string, error) { return value, nil }

// word accepts one of the words in any case.
func word(allowed ...string) func(name, value string) (string, error) {
	return func(name, value string) (string, error) {
		lower := strings.ToLower(value)
		if lower == "true" && slices.Contains(allowed, "on") {
			lower = "on"
		}
		if lower == "debug" && slices.Contains(allowed, "debug2") {
			lower = "debug2"
		}
		if !slices.Contains(allowed, lower) {
			return "", invalidValue(name, value).WithHint("Available values: %s.", strings.Join(allowed, ", "))
		}
		return lower, nil
	}
}

// boolean accepts PostgreSQL's spellings of a truth value, unique prefixes included.
func boolean(name, value string) (string, error) {
	lower := strings.ToLower(value)
	for _, spelling := range []struct {
		text  string
		least int
		on    bool
	}{{"true", 1, true}, {"false", 1, false}, {"yes", 1, true}, {"no", 1, false}, {"on", 2, true}, {"off", 2, false},
		{"1", 1, true}, {"0", 1, false}} {
		if len(lower) >= spelling.least && strings.HasPrefix(spelling.text, lower) {
			return onOff(spelling.on), nil
		}
	}
	return "", sqlstate.New(sqlstate.InvalidParameterValue, "parameter \"%s\" requires a Boolean value", name)
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

func wholeNumber(value string) (int64, error) {
	return strconv.ParseInt(strings.TrimSpace(value), 0, 64)
}

func number(least, most int64) func(name, value string) (string, error) {
	return func(name, value string) (string, error) {
		n, err := wholeNumber(value)
		if err != nil {
			return "", invalidValue(name, value)
		}
		if n < least || n > most {
			return "", sqlstate.New(sqlstate.InvalidParameterValue,
				"%d is outside the valid range for parameter \"%s\" (%d .. %d)", n, name, least, most)
		}
		return strconv.FormatInt(n, 10), nil
	}
}

// floatDigits accepts the values that print a float's shortest exact form; lower ones would round.
func floatDigits(name, value string) (string, error) {
	canonical, err := number(-15, 3)(name, value)
	if err == nil && (canonical == "0" || strings.HasPrefix(canonical, "-")) {
		return "", sqlstate.Unsupported("%s below 1", name)
	}
	return canonical, err
}

// encoding accepts UTF-8 under its names, and SQL_ASCII, which converts nothing.
func encoding(name, value string) (string, error) {
	key := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r - 'A' + 'a'
		}
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, value)
	switch key {
	case "utf8", "unicode":
		return "UTF8", nil
	case "sqlascii":
		return "SQL_ASCII", nil
	}
	return "", sqlstate.Unsupported("client encoding \"%s\"", value).WithHint("flernd speaks UTF8")
}

// dateStyle accepts the ISO style, with months before days.
func dateStyle(name, value string) (string, error) {
	for _, part := range strings.FieldsFunc(strings.ToLower(value), func(r rune) bool { return r == ',' || r == ' ' }) {
		switch part {
		case "iso", "mdy", "us", "noneuro", "noneuropean", "default":
		case "sql", "postgres", "german", "dmy", "euro", "european", "ymd":
			return "", sqlstate.Unsupported("%s \"%s\"", name, value)
		default:
			return "", invalidValue(name, value).WithDetail("Unrecognized key word: \"%s\".", part)
		}
	}
	return "ISO, MDY", nil
}

// zone accepts a name of the time zone database, or an offset in hours.
func zone(name, value string) (string, error) {
	if _, err := parseZone(value); err != nil {
		return "", invalidValue(name, value)
	}
	if strings.EqualFold(value, "utc") || strings.EqualFold(value, "default") {
		return "UTC", nil
	}
	return value, nil
}

func parseZone(value string) (*time.Location, error) {
	if hours, err := strconv.ParseFloat(value, 64); err == nil && math.Abs(hours) < 168 {
		return time.FixedZone(value, int(hours*3600)), nil
	}
	switch strings.ToLower(value) {
	case "utc", "gmt", "zulu", "default", "z":
		return time.UTC, nil
	case "", "local":
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "no time zone")
	}
	return time.LoadLocation(value)
}

// durationUnits and sizeUnits are the units a value may be given in.
var durationUnits = map[string]time.Duration{"us": time.Microsecond, "ms": time.Millisecond, "s": time.Second,
	"min": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "": time.Millisecond}

var sizeUnits = map[string]int64{"": 1, "B": 1, "kB": 1 << 10, "KB": 1 << 10, "K": 1 << 10, "MB": 1 << 20, "M": 1 << 20,
	"GB": 1 << 30, "G": 1 << 30, "TB": 1 << 40, "T": 1 << 40}

// splitUnit separates a number from the unit behind it.
func splitUnit(value string) (number float64, unit string, err error) {
	value = strings.TrimSpace(value)
	end := strings.LastIndexAny(value, "0123456789.") + 1
	number, err = strconv.ParseFloat(value[:end], 64)
	if err == nil && (math.IsNaN(number) || math.IsInf(number, 0)) {
		err = strconv.ErrRange
	}
	return number, strings.TrimSpace(value[end:]), err
}

func parseDuration(value string) (time.Duration, error) {
	number, unit, err := splitUnit(value)
	if err != nil {
		return 0, err
	}
	scale, ok := durationUnits[unit]
	d := number * float64(scale)
	if !ok || d < 0 || d > math.MaxInt32*float64(time.Millisecond) {
		return 0, strconv.ErrRange
	}
	return time.Duration(math.Round(d)), nil
}

// milliseconds accepts a time; a number without a unit counts milliseconds. It is shown in the largest unit that fits.
func milliseconds(name, value string) (string, error) {
	d, err := parseDuration(value)
	if err != nil {
		return "", invalidValue(name, value).WithHint(`Valid units for this parameter are "us", "ms", "s", "min", "h", and "d".`)
	}
	ms := d.Round(time.Millisecond) / time.Millisecond
	if ms == 0 {
		return "0", nil
	}
	for _, unit := range []struct {
		name string
		size time.Duration
	}{{"d", 86_400_000}, {"h", 3_600_000}, {"min", 60_000}, {"s", 1000}} {
		if ms%unit.size == 0 {
			return strconv.FormatInt(int64(ms/unit.size), 10) + unit.name, nil
		}
	}
	return strconv.FormatInt(int64(ms), 10) + "ms", nil
}

// ParseSize reads a size in bytes: a number with an optional unit (kB, MB, GB, TB).
func ParseSize(value string) (int64, error) {
	number, unit, err := splitUnit(value)
	scale, ok := sizeUnits[unit]
	bytes := number * float64(scale)
	if err != nil || !ok || bytes < 0 || bytes >= math.MaxInt64 {
		return 0, sqlstate.New(sqlstate.InvalidParameterValue, "invalid size \"%s\"", value).
			WithHint("Give a number of bytes, or one with kB, MB, GB or TB.")
	}
	return int64(bytes), nil
}

func size(name, value string) (string, error) {
	if _, err := ParseSize(value); err != nil || !utf8.ValidString(value) {
		return "", invalidValue(name, value).WithHint("Valid units for this parameter are B, kB, MB, GB, and TB.")
	}
	return strings.TrimSpace(value), nil
}
