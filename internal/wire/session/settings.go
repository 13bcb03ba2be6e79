package session

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// settings are the values of one session's settings. What is not in values has its default.
type settings struct {
	values   map[string]string // by canonical name, or the lower-case name of a custom setting
	local    map[string]string // SET LOCAL: over values until the transaction ends
	defaults map[string]string // what the client asked for at the start, which RESET goes back to
	reported map[string]string // what the client knows
	user     string

	// The time zone that was asked for last, which takes a file to find.
	zoneName string
	zoneOf   *time.Location
}

// savedSettings are the values before a transaction, for its rollback.
type savedSettings struct{ values map[string]string }

func newSettings(user string) *settings {
	return &settings{
		values:   make(map[string]string),
		local:    make(map[string]string),
		defaults: make(map[string]string),
		reported: make(map[string]string),
		user:     user,
	}
}

// find returns the canonical name and the definition of a setting; a custom one (with a dot) has no definition.
func find(name string) (canonical string, def *definition, err error) {
	key := strings.ToLower(name)
	if def, ok := definitions[key]; ok {
		return key, def, nil
	}
	prefix, rest, dotted := strings.Cut(key, ".")
	switch {
	case !dotted:
		return "", nil, unrecognized(name)
	case prefix == "flern":
		return "", nil, sqlstate.New(sqlstate.InvalidName, "invalid configuration parameter name \"%s\"", name).
			WithDetail("\"%s\" is a reserved prefix.", prefix)
	case !identifiers(prefix) || !identifiers(strings.Split(rest, ".")...):
		return "", nil, sqlstate.New(sqlstate.InvalidName, "invalid configuration parameter name \"%s\"", name).
			WithDetail("Custom parameter names must be two or more simple identifiers separated by dots.")
	}
	return key, nil, nil
}

func unrecognized(name string) error {
	return sqlstate.New(sqlstate.UndefinedObject, "unrecognized configuration parameter \"%s\"", name)
}

func identifiers(words ...string) bool {
	for _, word := range words {
		for i, r := range word {
			letter := r >= 'a' && r <= 'z' || r == '_' || r >= 0x80
			if !letter && (i == 0 || r != '$' && (r < '0' || r > '9')) {
				return false
			}
		}
		if word == "" {
			return false
		}
	}
	return true
}

// get returns a setting's value; "" for a custom one that was never set.
func (s *settings) get(name string) string {
	if value, ok := s.local[name]; ok {
		return value
	}
	if value, ok := s.values[name]; ok {
		return value
	}
	return s.initial(name)
}

// initial is the value RESET goes back to.
func (s *settings) initial(name string) string {
	if value, ok := s.defaults[name]; ok {
		return value
	}
	if name == "session_authorization" {
		return s.user
	}
	if def := definitions[name]; def != nil {
		return def.initial
	}
	return ""
}

// lookup is SHOW's: the name as it is shown, and the value.
func (s *settings) lookup(name string) (shown, value string, err error) {
	key, def, err := find(name)
	if err != nil {
		return "", "", unrecognized(name)
	}
	if def != nil {
		return def.name, s.get(key), nil
	}
	if _, set := s.local[key]; !set {
		if _, set := s.values[key]; !set {
			return "", "", unrecognized(name)
		}
	}
	return name, s.get(key), nil
}

// set checks and stores a value.
func (s *settings) set(name, value string, local bool) error {
	key, def, err := find(name)
	if err != nil {
		return err
	}
	if def != nil {
		if def.check == nil {
			return sqlstate.New(sqlstate.CantChangeRuntimeParam, "parameter \"%s\" cannot be changed", def.name)
		}
		if value, err = def.check(def.name, value); err != nil {
			return err
		}
	}
	s.store(key, value, local)
	return nil
}

func (s *settings) store(key, value string, local bool) {
	if local {
		s.local[key] = value
		return
	}
	delete(s.local, key)
	s.values = maps.Clone(s.values) // what save returned stays as it is
	s.values[key] = value
}

// reset is SET … TO DEFAULT and RESET.
func (s *settings) reset(name string, local bool) error {
	key, def, err := find(name)
	if err != nil {
		return err
	}
	if def != nil && def.check == nil {
		return sqlstate.New(sqlstate.CantChangeRuntimeParam, "parameter \"%s\" cannot be changed", def.name)
	}
	s.store(key, s.initial(key), local)
	return nil
}

func (s *settings) resetAll() {
	s.values = make(map[string]string)
	clear(s.local)
}

// becomeDefaults makes what the client asked for at the start the values RESET goes back to.
func (s *settings) becomeDefaults(asked map[string]string) {
	for name := range asked {
		key := strings.ToLower(name)
		s.defaults[key] = s.get(key)
	}
}

func (s *settings) save() savedSettings { return savedSettings{s.values} }

// restore undoes what a transaction set.
func (s *settings) restore(saved savedSettings) {
	s.values = saved.values
	clear(s.local)
}

// endTransaction keeps what a transaction set, except for SET LOCAL.
func (s *settings) endTransaction() { clear(s.local) }

// changed returns the reported settings whose values the client does not know.
func (s *settings) changed() [][2]string {
	var news [][2]string
	for _, key := range reportedSettings {
		value := s.get(key)
		if known, ok := s.reported[key]; !ok || known != value {
			s.reported[key] = value
			news = append(news, [2]string{definitions[key].name, value})
		}
	}
	return news
}

// all lists every setting as SHOW ALL does.
func (s *settings) all() [][3]string {
	var rows [][3]string
	for key, def := range definitions {
		rows = append(rows, [3]string{def.name, s.get(key), def.about})
	}
	slices.SortFunc(rows, func(a, b [3]string) int {
		return strings.Compare(strings.ToLower(a[0]), strings.ToLower(b[0]))
	})
	return rows
}

// The values below were checked when they were set.

func (s *settings) bool(name string) bool { return s.get(name) == "on" }

func (s *settings) int(name string) int {
	n, err := wholeNumber(s.get(name))
	if err != nil {
		return 0
	}
	return int(n)
}

func (s *settings) duration(name string) time.Duration {
	d, err := parseDuration(s.get(name))
	if err != nil {
		return 0
	}
	return d
}

func (s *settings) bytes(name string) int64 {
	n, err := ParseSize(s.get(name))
	if err != nil {
		return 0
	}
	return n
}

func (s *settings) zone() *time.Location {
	if name := s.get("timezone"); s.zoneOf == nil || name != s.zoneName {
		zone, err := parseZone(name)
		if err != nil {
			zone = time.UTC
		}
		s.zoneName, s.zoneOf = name, zone
	}
	return s.zoneOf
}

// searches tells whether unqualified names are looked up in a schema.
func (s *settings) searches(schema string) bool {
	for _, name := range strings.Split(s.get("search_path"), ",") {
		if name = strings.TrimSpace(name); strings.Trim(name, `"`) == schema {
			return true
		}
	}
	return false
}

// wantsNotice applies client_min_messages.
func (s *settings) wantsNotice(severity string) bool {
	return severity == "INFO" || severityRank(severity) >= severityRank(s.get("client_min_messages"))
}

func severityRank(name string) int {
	return slices.Index(severities, strings.ToLower(name))
}
