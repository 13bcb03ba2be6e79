package storage

import (
	"slices"
	"strings"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// maxColumns is PostgreSQL's limit.
const maxColumns = 1600

// Table finds a table by its name.
func (tx *Tx) Table(schema, name string) (*catalog.Table, bool) {
	t, ok := tx.state.tables[tableName{schema, name}]
	if !ok {
		return nil, false
	}
	return t.def, true
}

// Tables lists the tables by schema and name.
func (tx *Tx) Tables() []*catalog.Table {
	var all []*catalog.Table
	for _, t := range tx.state.tables {
		all = append(all, t.def)
	}
	slices.SortFunc(all, func(a, b *catalog.Table) int {
		if c := strings.Compare(a.Schema, b.Schema); c != 0 {
			return c
		}
		return strings.Compare(a.Name, b.Name)
	})
	return all
}

// CreateTable adds an empty table. The columns of its primary key become NOT NULL; that its values are unique is for those
// to check who append.
func (tx *Tx) CreateTable(def catalog.Table) (*catalog.Table, error) {
	if err := tx.writable(); err != nil {
		return nil, err
	}
	name := tableName{def.Schema, def.Name}
	if _, exists := tx.state.tables[name]; exists {
		return nil, sqlstate.New(sqlstate.DuplicateTable, "relation \"%s\" already exists", def.Name)
	}
	def.Columns = slices.Clone(def.Columns)
	def.PrimaryKey = slices.Clone(def.PrimaryKey)
	if err := checkDefinition(&def); err != nil {
		return nil, err
	}
	def.ID = tx.store.newID()
	t := newTableState(&def, tx.store.newID)
	tx.state.tables[name] = t
	tx.tails = append(tx.tails, t.tail)
	tx.batch.PutTable(&def)
	return &def, nil
}

func checkDefinition(def *catalog.Table) error {
	if len(def.Columns) > maxColumns {
		return sqlstate.New(sqlstate.TooManyColumns, "tables can have at most %d columns", maxColumns)
	}
	seen := map[string]bool{}
	for i, c := range def.Columns {
		def.Columns[i].Type.Len = 0 // a column's arrays may be of any length
		if seen[c.Name] {
			return sqlstate.New(sqlstate.DuplicateColumn, "column \"%s\" specified more than once", c.Name)
		}
		seen[c.Name] = true
		if k := c.Type.Kind; k < sqltype.Bool || k > sqltype.Array || k == sqltype.Array && !sqltype.StorableElement(c.Type.Elem) {
			return sqlstate.Unsupported("a column of type %s (column \"%s\")", c.Type, c.Name)
		}
	}
	for _, o := range def.PrimaryKey {
		if o < 0 || o >= len(def.Columns) {
			return sqlstate.New(sqlstate.InvalidTableDefinition, "the primary key names column %d of %d", o, len(def.Columns))
		}
		if k := def.Columns[o].Type.Kind; k == sqltype.Array || k == sqltype.Vector {
			return sqlstate.Unsupported("a primary key of type %s (column \"%s\")", def.Columns[o].Type, def.Columns[o].Name)
		}
		def.Columns[o].NotNull = true
	}
	return nil
}

// DropTable removes a table. Snapshots of it stay readable.
func (tx *Tx) DropTable(def *catalog.Table) error {
	if err := tx.writable(); err != nil {
		return err
	}
	t, err := tx.find(def)
	if err != nil {
		return err
	}
	delete(tx.state.tables, tableName{def.Schema, def.Name})
	delete(tx.appended, def.ID)
	tx.batch.DropTable(def.ID)
	tx.garbage = append(tx.garbage, t.files()...)
	return nil
}

// find returns the state of a table that the caller looked up, possibly some time ago.
func (tx *Tx) find(def *catalog.Table) (*tableState, error) {
	t, ok := tx.state.tables[tableName{def.Schema, def.Name}]
	if !ok || t.def.ID != def.ID {
		return nil, sqlstate.New(sqlstate.UndefinedTable, "relation \"%s\" does not exist", def.Name)
	}
	return t, nil
}

// own returns the table's state for changing.
func (tx *Tx) own(def *catalog.Table) (*tableState, error) {
	t, err := tx.find(def)
	if err != nil {
		return nil, err
	}
	name := tableName{def.Schema, def.Name}
	if tx.base.tables[name] == t {
		t = t.clone()
		tx.state.tables[name] = t
	}
	return t, nil
}
