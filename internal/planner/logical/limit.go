package logical

import (
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// CheckLimit refuses values of LIMIT and OFFSET below zero, OFFSET's first, as PostgreSQL does. NULL says nothing.
func CheckLimit(count, offset sqltype.Datum) error {
	switch {
	case !offset.Null && offset.I < 0:
		return sqlstate.New(sqlstate.InvalidRowCountInOffset, "OFFSET must not be negative")
	case !count.Null && count.I < 0:
		return sqlstate.New(sqlstate.InvalidRowCountInLimit, "LIMIT must not be negative")
	}
	return nil
}
