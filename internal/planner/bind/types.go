package bind

import (
	"strconv"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// typeKinds are the types we have, by PostgreSQL's internal names.
var typeKinds = map[string]kind{"bool": boolean, "int2": int2, "int4": int4, "int8": int8, "float4": float4,
	"float8": float8, "numeric": numeric, "text": text, "varchar": varchar, "bpchar": bpchar, "date": date,
	"timestamp": timestamp, "interval": interval, "vector": vector, "decimal": numeric}

// otherTypes are types of PostgreSQL's that we lack: refused as such, where another name is an unknown type.
var otherTypes = map[string]bool{"timestamptz": true, "time": true, "timetz": true, "bytea": true, "uuid": true, "json": true,
	"jsonb": true, "xml": true, "oid": true, "regclass": true, "regtype": true, "regproc": true, "name": true, "char": true,
	"money": true, "inet": true, "cidr": true, "macaddr": true, "bit": true, "varbit": true, "point": true, "box": true,
	"tsvector": true, "tsquery": true, "int4range": true, "int8range": true, "numrange": true, "tsrange": true,
	"tstzrange": true, "daterange": true, "serial": true, "bigserial": true, "smallserial": true, "serial4": true,
	"serial8": true, "serial2": true, "xid": true, "cid": true, "tid": true, "void": true, "record": true,
	"regnamespace": true, "regrole": true, "int2vector": true, "oidvector": true, "pg_lsn": true, "polygon": true,
	"path": true, "line": true, "lseg": true, "circle": true, "anyelement": true, "anyarray": true, "halfvec": true}

// TypeOf resolves a type name as written.
func TypeOf(n *dialect.TypeName) (sqltype.Type, error) {
	var none sqltype.Type
	pos := n.Pos()
	full := n.Name
	if n.Schema != "" {
		full = n.Schema + "." + full
	}
	k, ok := typeKinds[n.Name]
	if n.Quoted && n.Name == "decimal" {
		ok = false
	}
	if n.Schema != "" && n.Schema != "pg_catalog" && !(k == vector && n.Schema == "public") {
		ok = false
	}
	switch {
	case n.SetOf:
		return none, sqlstate.Unsupported("type SETOF %s", full).At(pos)
	case !ok && otherTypes[n.Name] && (n.Schema == "" || n.Schema == "pg_catalog"):
		return none, sqlstate.Unsupported("type %s", full).At(pos)
	case !ok:
		return none, sqlstate.New(sqlstate.UndefinedObject, "type \"%s\" does not exist", full).At(pos)
	}
	t, err := withModifier(k, n)
	if err != nil || len(n.Dims) == 0 {
		return t, err
	}
	switch {
	case len(n.Dims) > 1:
		return none, sqlstate.Unsupported("an array of more than one dimension").At(pos)
	case !sqltype.StorableElement(t.Kind):
		return none, sqlstate.Unsupported("type %s[]", t).At(pos)
	}
	return sqltype.ArrayOf(t.Kind, 0), nil // a length in the brackets says nothing, as in PostgreSQL
}

func withModifier(k kind, n *dialect.TypeName) (sqltype.Type, error) {
	t := sqltype.Of(k)
	if n.Fields != "" || k == interval && len(n.Mods) > 0 {
		return intervalType(n)
	}
	if len(n.Mods) == 0 {
		if k == bpchar && !n.Quoted {
			t.Mod = 1 // character is character(1); bpchar, an ordinary name, has no length
		}
		return t, nil
	}
	mods := make([]int, len(n.Mods))
	for i, m := range n.Mods {
		v, err := strconv.Atoi(m.Text)
		if !m.IsInt || err != nil {
			return t, sqlstate.New(sqlstate.SyntaxError, "invalid input syntax for type integer: \"%s\"", m.Text).At(m.Pos())
		}
		mods[i] = v
	}
	switch k {
	case numeric:
		return numericType(mods, n.Pos())
	case varchar, bpchar:
		return stringType(k, mods, n.Pos())
	case vector:
		return vectorType(mods, n.Pos())
	case timestamp:
		if len(mods) == 1 && mods[0] >= 0 {
			t.Mod = int32(min(mods[0], 6))
			return t, nil
		}
		return t, sqlstate.New(sqlstate.InvalidParameterValue, "invalid type modifier").At(n.Pos())
	}
	return t, sqlstate.New(sqlstate.SyntaxError, "type modifier is not allowed for type \"%s\"", n.Name).At(n.Pos())
}

func numericType(mods []int, pos int) (sqltype.Type, error) {
	none := sqltype.Of(numeric)
	if len(mods) > 2 {
		return none, sqlstate.New(sqlstate.InvalidParameterValue, "invalid NUMERIC type modifier").At(pos)
	}
	scale := 0
	if len(mods) == 2 {
		scale = mods[1]
	}
	if mods[0] < 1 || mods[0] > 1000 {
		return none, sqlstate.New(sqlstate.InvalidParameterValue, "NUMERIC precision %d must be between 1 and 1000", mods[0]).At(pos)
	}
	if scale < -1000 || scale > 1000 {
		return none, sqlstate.New(sqlstate.InvalidParameterValue, "NUMERIC scale %d must be between -1000 and 1000", scale).At(pos)
	}
	return sqltype.NumericOf(mods[0], scale), nil
}

func stringType(k kind, mods []int, pos int) (sqltype.Type, error) {
	name := "varchar"
	if k == bpchar {
		name = "char"
	}
	t := sqltype.Of(k)
	switch {
	case len(mods) != 1:
		return t, sqlstate.New(sqlstate.InvalidParameterValue, "invalid type modifier").At(pos)
	case mods[0] < 1:
		return t, sqlstate.New(sqlstate.InvalidParameterValue, "length for type %s must be at least 1", name).At(pos)
	case mods[0] > 10485760:
		return t, sqlstate.New(sqlstate.InvalidParameterValue, "length for type %s cannot exceed 10485760", name).At(pos)
	}
	t.Mod = int32(mods[0])
	return t, nil
}

func vectorType(mods []int, pos int) (sqltype.Type, error) {
	t := sqltype.Of(vector)
	switch {
	case len(mods) != 1:
		return t, sqlstate.New(sqlstate.InvalidParameterValue, "invalid type modifier").At(pos)
	case mods[0] < 1:
		return t, sqlstate.New(sqlstate.InvalidParameterValue, "dimensions for type vector must be at least 1").At(pos)
	case mods[0] > sqltype.MaxDimensions:
		return t, sqlstate.New(sqlstate.InvalidParameterValue, "dimensions for type vector cannot exceed %d", sqltype.MaxDimensions).At(pos)
	}
	return sqltype.VectorOf(mods[0]), nil
}

// intervalFields are the qualifiers of interval literals and types.
var intervalFields = map[string]int{"": sqltype.IntervalAllFields, "year": sqltype.IntervalYear,
	"month": sqltype.IntervalMonth, "day": sqltype.IntervalDay, "hour": sqltype.IntervalHour,
	"minute": sqltype.IntervalMinute, "second": sqltype.IntervalSecond,
	"year to month":    sqltype.IntervalYear | sqltype.IntervalMonth,
	"day to hour":      sqltype.IntervalDay | sqltype.IntervalHour,
	"day to minute":    sqltype.IntervalDay | sqltype.IntervalHour | sqltype.IntervalMinute,
	"day to second":    sqltype.IntervalDay | sqltype.IntervalHour | sqltype.IntervalMinute | sqltype.IntervalSecond,
	"hour to minute":   sqltype.IntervalHour | sqltype.IntervalMinute,
	"hour to second":   sqltype.IntervalHour | sqltype.IntervalMinute | sqltype.IntervalSecond,
	"minute to second": sqltype.IntervalMinute | sqltype.IntervalSecond}

func intervalType(n *dialect.TypeName) (sqltype.Type, error) {
	fields, ok := intervalFields[n.Fields]
	if !ok {
		return sqltype.Of(interval), sqlstate.New(sqlstate.SyntaxError, "invalid interval qualifier \"%s\"", n.Fields).At(n.Pos())
	}
	precision := sqltype.IntervalFullPrecision
	if len(n.Mods) > 0 {
		v, err := strconv.Atoi(n.Mods[0].Text)
		if err != nil || v < 0 || len(n.Mods) > 1 {
			return sqltype.Of(interval), sqlstate.New(sqlstate.InvalidParameterValue, "invalid type modifier").At(n.Pos())
		}
		precision = min(v, 6)
	}
	return sqltype.IntervalOf(fields, precision), nil
}
