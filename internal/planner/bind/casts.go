package bind

import "github.com/flernd/flernd/internal/storage/sqltype"

// kind is a type's family; the tables of this package are lists of the short names below.
type kind = sqltype.Kind

const (
	unknown   = sqltype.Unknown
	boolean   = sqltype.Bool
	int2      = sqltype.Int2
	int4      = sqltype.Int4
	int8      = sqltype.Int8
	float4    = sqltype.Float4
	float8    = sqltype.Float8
	numeric   = sqltype.Numeric
	text      = sqltype.Text
	varchar   = sqltype.Varchar
	bpchar    = sqltype.Char
	date      = sqltype.Date
	timestamp = sqltype.Timestamp
	interval  = sqltype.Interval
	vector    = sqltype.Vector
	array     = sqltype.Array
	record    = sqltype.Record
)

// context is where a coercion stands: PostgreSQL lets an assignment convert more than an operator's argument, and a CAST
// more than an assignment.
type context uint8

const (
	implicit context = iota
	assignment
	explicit
)

// castContexts lists pg_cast for the kinds we have: from → to → the weakest context that may use the cast. Conversions
// through text forms are not in it (canCast knows them).
var castContexts = map[kind]map[kind]context{
	int2:      {int4: implicit, int8: implicit, float4: implicit, float8: implicit, numeric: implicit},
	int4:      {int2: assignment, int8: implicit, float4: implicit, float8: implicit, numeric: implicit, boolean: explicit},
	int8:      {int2: assignment, int4: assignment, float4: implicit, float8: implicit, numeric: implicit},
	float4:    {int2: assignment, int4: assignment, int8: assignment, float8: implicit, numeric: assignment},
	float8:    {int2: assignment, int4: assignment, int8: assignment, float4: assignment, numeric: assignment},
	numeric:   {int2: assignment, int4: assignment, int8: assignment, float4: implicit, float8: implicit},
	boolean:   {int4: explicit, text: assignment, varchar: assignment, bpchar: assignment},
	text:      {varchar: implicit, bpchar: implicit},
	varchar:   {text: implicit, bpchar: implicit},
	bpchar:    {text: implicit, varchar: implicit},
	date:      {timestamp: implicit},
	timestamp: {date: assignment},
	vector:    {vector: implicit},
}

// castTable is castContexts as a table: the weakest context plus one, 0 where there is no cast.
var castTable = func() (t [record + 1][record + 1]uint8) {
	for from, tos := range castContexts {
		for to, need := range tos {
			t[from][to] = uint8(need) + 1
		}
	}
	return t
}()

// canCast reports whether a value of kind from converts to kind to in context ctx.
func canCast(from, to kind, ctx context) bool {
	if from == to || from == unknown {
		return true
	}
	if from > record || to > record {
		return false
	}
	if need := castTable[from][to]; need > 0 {
		return uint8(ctx) >= need-1
	}
	if from == record || to == record || to == unknown {
		return false
	}
	if to.IsString() {
		return ctx >= assignment
	}
	return from.IsString() && ctx == explicit
}

// category is pg_type.typcategory.
func category(k kind) byte {
	switch k {
	case boolean:
		return 'B'
	case int2, int4, int8, float4, float8, numeric:
		return 'N'
	case text, varchar, bpchar:
		return 'S'
	case date, timestamp, timestampTZ:
		return 'D'
	case interval:
		return 'T'
	case array:
		return 'A'
	case vector:
		return 'U'
	case record:
		return 'P'
	}
	return 'X'
}

// hasOrder reports whether values of the kind can be grouped and ordered here.
func hasOrder(k kind) bool { return k != record }

// preferred is pg_type.typispreferred.
func preferred(k kind) bool {
	switch k {
	case boolean, float8, text, interval, timestampTZ:
		return true
	}
	return false
}

// timestampTZ stands in candidate lists for a type we lack, so that resolution chooses as PostgreSQL does; a choice that
// needs it is refused.
const timestampTZ kind = 200

// kindName is the name that messages use.
func kindName(k kind) string {
	if k == timestampTZ {
		return "timestamp with time zone"
	}
	return k.String()
}
