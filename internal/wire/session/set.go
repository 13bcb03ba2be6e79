package session

import (
	"strings"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// set runs SET. SET LOCAL outside a block has no effect but a warning.
func (s *Session) set(stmt *dialect.Set, out Output) error {
	local := stmt.Scope == dialect.SetLocal
	if local && !s.tx.block {
		if err := s.notice(out, "WARNING", sqlstate.New(sqlstate.NoActiveSQLTransaction,
			"SET LOCAL can only be used in transaction blocks")); err != nil {
			return err
		}
	}
	name := strings.ToLower(stmt.Name)
	if name == "role" || name == "session_authorization" {
		return s.setRole(stmt)
	}
	if stmt.Default {
		return s.settings.reset(stmt.Name, local)
	}
	value, err := settingText(name, stmt)
	if err != nil {
		return err
	}
	return s.settings.set(stmt.Name, value, local)
}

// setRole accepts the one role there is.
func (s *Session) setRole(stmt *dialect.Set) error {
	if stmt.Default || len(stmt.Values) == 1 && (stmt.Values[0].Text == s.user || stmt.Values[0].Text == "none") {
		return nil
	}
	role := ""
	if len(stmt.Values) > 0 {
		role = stmt.Values[0].Text
	}
	return sqlstate.New(sqlstate.InvalidParameterValue, "role \"%s\" does not exist", role)
}

// settingText makes one text of the values of SET. Only lists may have several; their names are quoted where needed.
func settingText(name string, stmt *dialect.Set) (string, error) {
	isList := name == "search_path" || name == "datestyle"
	if len(stmt.Values) > 1 && !isList {
		return "", sqlstate.New(sqlstate.InvalidParameterValue, "SET %s takes only one argument", stmt.Name).At(stmt.Values[1].Pos())
	}
	parts := make([]string, len(stmt.Values))
	for i, value := range stmt.Values {
		parts[i] = value.Text
		if name == "search_path" && !identifiers(value.Text) {
			parts[i] = `"` + strings.ReplaceAll(value.Text, `"`, `""`) + `"`
		}
	}
	return strings.Join(parts, ", "), nil
}

// reset runs RESET.
func (s *Session) reset(stmt *dialect.Reset) error {
	switch {
	case stmt.All:
		s.settings.resetAll()
		return nil
	case strings.EqualFold(stmt.Name, "role"), strings.EqualFold(stmt.Name, "session_authorization"):
		return nil
	}
	return s.settings.reset(stmt.Name, false)
}

// showColumns are the columns of SHOW's answer.
func (s *Session) showColumns(stmt *dialect.Show) ([]Column, error) {
	if stmt.All {
		return textColumns("name", "setting", "description"), nil
	}
	shown, _, err := s.settings.lookup(stmt.Name)
	if err != nil {
		return nil, err
	}
	return textColumns(shown), nil
}

// show runs SHOW.
func (s *Session) show(call *invocation, stmt *dialect.Show) error {
	columns, err := s.showColumns(stmt)
	if err != nil {
		return err
	}
	var messages []byte
	rows := int64(1)
	if stmt.All {
		all := s.settings.all()
		for _, row := range all {
			messages = appendRow(messages, row[:]...)
		}
		rows = int64(len(all))
	} else {
		_, value, err := s.settings.lookup(stmt.Name)
		if err != nil {
			return err
		}
		messages = appendRow(messages, value)
	}
	if err := call.out.Columns(columns); err != nil {
		return err
	}
	return call.out.Rows(messages, rows)
}

// discard runs DISCARD: there are no sequences or temporary tables; plans are made anew for every run.
func (s *Session) discard(call *invocation, stmt *dialect.Discard) error {
	if stmt.What != "ALL" {
		return nil
	}
	if s.tx.block || !call.alone {
		return sqlstate.New(sqlstate.ActiveSQLTransaction, "DISCARD ALL cannot run inside a transaction block")
	}
	s.closePortals()
	clear(s.prepared)
	s.settings.resetAll()
	return nil
}
