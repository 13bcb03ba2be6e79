package catalog

import "github.com/flernd/flernd/internal/storage/sqltype"

// Table is a table's definition. It is immutable: a change makes a new one.
type Table struct {
	ID         uint64
	Schema     string // "public"
	Name       string
	Columns    []Column
	PrimaryKey []int // ordinals; empty if none
	// KeyName is the name the primary key was given, "" if none.
	KeyName string
}

// Column is a column's definition.
type Column struct {
	Name    string
	Type    sqltype.Type
	NotNull bool
}
