package session

import (
	"strings"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// countQuery asks for a key that more than one row within the bounds has.
func countQuery(t *catalog.Table, bounds []keyBounds) string {
	return duplicatesQuery(t, tableName(publicSchema, t)+" AS t", keyConditions(t, "t", bounds))
}

// joinQuery asks for a key that more than one row has, among the appended keys. Every appended row is in the table too: it
// meets itself, and a second row of its key makes the group greater than one.
func joinQuery(t *catalog.Table, bounds []keyBounds) string {
	conditions := append(keyConditions(t, "t", bounds), keyConditions(t, "a", bounds)...)
	of := keyColumns(t, "t")
	for i, column := range keyColumns(t, "a") {
		conditions = append(conditions, column+" = "+of[i])
	}
	return duplicatesQuery(t, tableName(appendedSchema, t)+" AS a, "+tableName(publicSchema, t)+" AS t", conditions)
}

func duplicatesQuery(t *catalog.Table, from string, conditions []string) string {
	key := strings.Join(keyColumns(t, "t"), ", ")
	query := "SELECT " + key + " FROM " + from
	if len(conditions) > 0 {
		query += " WHERE " + strings.Join(conditions, " AND ")
	}
	return query + " GROUP BY " + key + " HAVING pg_catalog.count(*) > 1 LIMIT 1"
}

// keyConditions keep the key within its bounds.
func keyConditions(t *catalog.Table, alias string, bounds []keyBounds) []string {
	var conditions []string
	for i, column := range keyColumns(t, alias) {
		if !bounds[i].known {
			continue
		}
		typ := t.Columns[t.PrimaryKey[i]].Type
		conditions = append(conditions, column+" BETWEEN "+literal(typ, bounds[i].lo)+" AND "+literal(typ, bounds[i].hi))
	}
	return conditions
}

// literal spells a value of an integer domain as a constant of exactly its type.
func literal(typ sqltype.Type, value int64) string {
	return "CAST('" + sqltype.Format(typ, datum(typ, value)) + "' AS " + typ.String() + ")"
}

// keyColumns spell the columns of the key, quoted where they must be.
func keyColumns(t *catalog.Table, alias string) []string {
	columns := make([]string, len(t.PrimaryKey))
	for i, ordinal := range t.PrimaryKey {
		ref := &dialect.ColumnRef{Names: []dialect.Name{{Text: t.Columns[ordinal].Name}}}
		if alias != "" {
			ref.Names = append([]dialect.Name{{Text: alias}}, ref.Names...)
		}
		columns[i] = dialect.Format(ref)
	}
	return columns
}

func tableName(schema string, t *catalog.Table) string {
	return dialect.Format(&dialect.ColumnRef{Names: []dialect.Name{{Text: schema}, {Text: t.Name}}})
}
