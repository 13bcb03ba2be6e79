package bind

import (
	"time"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// systemFunctions are those that systemFunction binds.
var systemFunctions = map[string]bool{"version": true, "current_database": true, "current_schema": true, "now": true,
	"transaction_timestamp": true, "statement_timestamp": true, "pg_typeof": true, "generate_series": true}

// IsBuiltIn reports whether a call of the name, without a schema, means one of our functions, whatever models there are.
func IsBuiltIn(name string) bool {
	return aggregates[name] != nil || scalarFunctions[name] != nil || arrayFunctions[name] != nil || systemFunctions[name] ||
		name == predictFunction || name == "unnest"
}

// systemFunction binds functions whose value the session knows. Their value is a constant of the statement.
func (b *binder) systemFunction(p *place, x *dialect.FuncCall) (logical.Expr, error) {
	var v logical.Expr
	switch x.Name {
	case "version":
		v = textConst("PostgreSQL " + b.env.ServerVersion + " (flernd)")
	case "current_database":
		v = textConst(b.env.Database)
	case "current_schema":
		v = textConst("public")
	case "pg_typeof":
		return b.typeOfArgument(p, x)
	case "generate_series":
		return nil, sqlstate.Unsupported("generate_series outside FROM").At(x.Pos())
	default: // the moment's names
		v = b.momentConst(6)
	}
	if err := plainCall(x); err != nil {
		return nil, err
	}
	if len(x.Args) > 0 {
		return nil, b.unknownFunction(p, x)
	}
	return v, nil
}

// typeOfArgument is pg_typeof: the type's name, known when binding.
func (b *binder) typeOfArgument(p *place, x *dialect.FuncCall) (logical.Expr, error) {
	if err := plainCall(x); err != nil {
		return nil, err
	}
	args, types, err := b.positional(p, x)
	if err != nil {
		return nil, err
	}
	if len(args) != 1 {
		return nil, functionError(none, x.Name, types, x.Pos())
	}
	if logical.IsVolatile(args[0]) || containsAgg(args[0]) {
		return nil, sqlstate.Unsupported("pg_typeof of this expression").At(x.Pos())
	}
	return textConst(typeName(types[0])), nil
}

// sqlValue binds the functions without parentheses.
func (b *binder) sqlValue(x *dialect.SQLValue) (logical.Expr, error) {
	precision := x.Precision
	if precision < 0 || precision > 6 {
		precision = 6
	}
	switch x.Name {
	case "current_user", "user", "session_user", "current_role":
		return textConst(b.env.User), nil
	case "current_catalog":
		return textConst(b.env.Database), nil
	case "current_schema":
		return textConst("public"), nil
	case "current_date":
		v := b.moment(6)
		const day = 24 * int64(time.Hour/time.Microsecond)
		days := v / day
		if v%day < 0 {
			days--
		}
		return &logical.Const{Value: sqltype.Datum{I: days}, Typ: sqltype.Of(date)}, nil
	case "localtimestamp", "current_timestamp":
		return b.momentConst(precision), nil
	}
	return nil, sqlstate.Unsupported("%s", x.Name).At(x.Pos())
}

// moment is what a clock in the session's time zone showed at the start of the transaction, in microseconds since 2000-01-01.
func (b *binder) moment(precision int) int64 {
	const epoch = 946684800 // 2000-01-01 in Unix time
	_, east := b.env.Now.Zone()
	v := b.env.Now.UnixMicro() + (int64(east)-epoch)*1_000_000
	t := sqltype.Of(timestamp)
	t.Mod = int32(precision)
	if r, err := sqltype.FitTimestamp(t, v); err == nil {
		v = r
	}
	return v
}

// momentConst is now() and its kin. There is no type with a time zone: they are the session's local time, which is what
// PostgreSQL shows of them, without the offset.
func (b *binder) momentConst(precision int) logical.Expr {
	return &logical.Const{Value: sqltype.Datum{I: b.moment(precision)}, Typ: sqltype.Of(timestamp)}
}

// lacking are functions of PostgreSQL's that we lack: refused as such, where another name does not exist.
var lacking = func() map[string]bool {
	m := map[string]bool{}
	for _, n := range []string{"abbrev", "age", "array_agg", "array_fill", "ascii", "binary_quantize", "bit_and", "bit_length", "bit_or", "bit_xor", "cbrt", "chr", "clock_timestamp", "coalesce",
		"concat", "concat_ws", "corr", "cosh", "cot", "count_if", "covar_pop", "covar_samp", "cume_dist", "currval", "date_bin",
		"decode", "degrees", "dense_rank", "div", "encode", "erf", "exists", "factorial", "first_value", "format", "format_type",
		"gcd", "gen_random_uuid", "grouping", "has_table_privilege", "initcap", "isfinite", "json_agg", "json_build_object",
		"jsonb_agg", "justify_days", "justify_hours", "justify_interval", "lag", "last_value", "lcm", "lead", "lpad",
		"make_date", "make_interval", "make_timestamp", "md5", "mode", "nextval", "nth_value", "ntile", "obj_description",
		"octet_length", "overlay", "percent_rank", "percentile_cont", "percentile_disc", "pg_backend_pid", "pg_get_expr",
		"pg_get_indexdef", "pg_get_userbyid", "pg_is_in_recovery", "pg_table_is_visible", "pg_type_is_visible", "quote_ident",
		"quote_literal", "radians", "rank", "regexp_match", "regexp_matches", "regexp_replace", "regexp_split_to_array",
		"regr_slope", "reverse", "row_number", "row_to_json", "rpad", "scale", "set_config", "setseed", "sinh", "split_part",
		"stddev", "stddev_pop", "stddev_samp", "string_agg", "subvector", "timeofday", "to_char", "to_date", "to_hex",
		"to_json", "to_jsonb", "to_number", "to_regclass", "to_regtype", "to_timestamp", "translate", "var_pop",
		"var_samp", "variance", "width_bucket", "num_nulls", "num_nonnulls", "current_setting", "pg_encoding_to_char"} {
		m[n] = true
	}
	return m
}()

func lackingFunction(x *dialect.FuncCall) error {
	switch {
	case x.Name == "unnest" && x.Schema != "public":
		return sqlstate.Unsupported("unnest outside FROM").At(x.Pos())
	case x.Schema == "public" || !lacking[x.Name]:
		return nil
	}
	return sqlstate.Unsupported("function %s", x.Name).At(x.Pos())
}
