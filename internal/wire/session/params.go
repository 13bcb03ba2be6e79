package session

import (
	"fmt"
	"time"

	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// paramKinds are the types a parameter may be declared as, by their OIDs; bytea in CREATE MODEL only. Arrays of any of them are good
// for ANY and ALL.
var paramKinds = func() map[uint32]sqltype.Type {
	byOID := make(map[uint32]sqltype.Type)
	for _, kind := range []sqltype.Kind{sqltype.Bool, sqltype.Int2, sqltype.Int4, sqltype.Int8, sqltype.Float4, sqltype.Float8,
		sqltype.Numeric, sqltype.Text, sqltype.Varchar, sqltype.Char, sqltype.Date, sqltype.Timestamp, sqltype.Interval, sqltype.Vector, sqltype.Bytea} {
		typ := sqltype.Of(kind)
		byOID[typ.OID()] = typ
		if array := sqltype.ArrayOf(kind, 0); array.OID() != 0 {
			byOID[array.OID()] = array
		}
	}
	return byOID
}()

// unknownOID is the type of an untyped literal; clients send it, or 0, where they leave a type open.
const unknownOID = 705

// declaredTypes turns the OIDs of Parse into types.
func declaredTypes(oids []uint32) ([]sqltype.Type, error) {
	types := make([]sqltype.Type, len(oids))
	for i, oid := range oids {
		if oid == 0 || oid == unknownOID {
			types[i] = sqltype.Of(sqltype.Unknown)
			continue
		}
		typ, ok := paramKinds[oid]
		if !ok {
			return nil, sqlstate.Unsupported("parameter $%d of the type with OID %d", i+1, oid)
		}
		types[i] = typ
	}
	return types, nil
}

// formatOf returns the format of value i: each has its own, one is for all, or none are given and all are text.
func formatOf(formats []int16, i int) int16 {
	switch len(formats) {
	case 0:
		return 0
	case 1:
		return formats[0]
	}
	return formats[i]
}

func checkFormats(formats []int16) error {
	for _, format := range formats {
		if format != 0 && format != 1 {
			return sqlstate.New(sqlstate.InvalidParameterValue, "unsupported format code: %d", format)
		}
	}
	return nil
}

// paramValues decodes the values of Bind.
func paramValues(b *Binding, types []sqltype.Type, now time.Time) ([]sqltype.Datum, error) {
	if n := len(b.ParamFormats); n > 1 && n != len(b.Params) {
		return nil, sqlstate.New(sqlstate.ProtocolViolation, "bind message has %d parameter formats but %d parameters", n, len(b.Params))
	}
	if len(b.Params) != len(types) {
		return nil, sqlstate.New(sqlstate.ProtocolViolation,
			"bind message supplies %d parameters, but prepared statement \"%s\" requires %d", len(b.Params), b.Statement, len(types))
	}
	if err := checkFormats(b.ParamFormats); err != nil {
		return nil, err
	}
	values := make([]sqltype.Datum, len(types))
	for i, raw := range b.Params {
		if raw == nil {
			values[i] = sqltype.NullDatum
			continue
		}
		var err error
		if formatOf(b.ParamFormats, i) == 1 {
			values[i], err = sqltype.ParseBinary(types[i], raw)
		} else {
			values[i], err = sqltype.ParseAt(types[i], string(raw), now)
		}
		if err != nil {
			return nil, sqlstate.Of(err).WithContext("%s", paramContext(b.Portal, i))
		}
	}
	return values, nil
}

func paramContext(portal string, i int) string {
	if portal == "" {
		return fmt.Sprintf("unnamed portal parameter $%d", i+1)
	}
	return fmt.Sprintf("portal \"%s\" parameter $%d", portal, i+1)
}

// resultFormats tells the result columns that go in binary.
func resultFormats(formats []int16, columns []Column) ([]bool, error) {
	if n := len(formats); n > 1 && n != len(columns) {
		return nil, sqlstate.New(sqlstate.ProtocolViolation, "bind message has %d result formats but query has %d columns", n, len(columns))
	}
	if err := checkFormats(formats); err != nil {
		return nil, err
	}
	binary := make([]bool, len(columns))
	for i, column := range columns {
		binary[i] = formatOf(formats, i) == 1
		if binary[i] && !canBinary(column.Type) {
			return nil, sqlstate.Unsupported("binary format of column \"%s\" of type %s", column.Name, column.Type)
		}
	}
	return binary, nil
}
