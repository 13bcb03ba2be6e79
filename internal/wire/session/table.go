package session

import (
	"context"

	"github.com/flernd/flernd/internal/planner/bind"
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// maxColumns is PostgreSQL's limit for a table.
const maxColumns = 1600

// createTable runs CREATE TABLE.
func (s *Session) createTable(ctx context.Context, call *invocation, stmt *dialect.CreateTable) error {
	if stmt.Temporary {
		return sqlstate.Unsupported("a temporary table").At(stmt.Pos())
	}
	if len(stmt.Options) > 0 {
		return sqlstate.Unsupported("storage parameter \"%s\"", stmt.Options[0].Name).At(stmt.Options[0].Pos())
	}
	view, err := s.tx.writer(ctx, stmt.Tag())
	if err != nil {
		return err
	}
	if exists, err := s.relationExists(call, view, stmt.Name, stmt.IfNotExists); exists || err != nil {
		return err
	}
	def, err := defineTable(stmt)
	if err != nil {
		return err
	}
	return view.CreateTable(def)
}

// relationExists tells whether a table's name is taken: a notice where that is fine, an error otherwise.
func (s *Session) relationExists(call *invocation, view *view, name dialect.QualifiedName, fine bool) (bool, error) {
	if err := checkSchema(name); err != nil {
		return false, err
	}
	if _, taken := view.Table(publicSchema, name.Name); !taken {
		return false, nil
	}
	if !fine {
		return true, sqlstate.New(sqlstate.DuplicateTable, "relation \"%s\" already exists", name.Name)
	}
	return true, s.notice(call.out, "NOTICE",
		sqlstate.New(sqlstate.DuplicateTable, "relation \"%s\" already exists, skipping", name.Name))
}

// checkSchema accepts the names that tables can be made under.
func checkSchema(name dialect.QualifiedName) error {
	switch name.Schema {
	case "", publicSchema:
		return nil
	case "pg_catalog", "information_schema":
		return sqlstate.New(sqlstate.InsufficientPrivilege, "permission denied to create \"%s\"", name.String()).
			WithDetail("System catalog modifications are currently disallowed.")
	}
	return sqlstate.New(sqlstate.InvalidSchemaName, "schema \"%s\" does not exist", name.Schema).At(name.Pos())
}

// defineTable makes a definition of a statement.
func defineTable(stmt *dialect.CreateTable) (*catalog.Table, error) {
	def := &catalog.Table{Schema: publicSchema, Name: stmt.Name.Name}
	if len(stmt.Columns) == 0 {
		return nil, sqlstate.Unsupported("a table without columns").At(stmt.Pos())
	}
	if len(stmt.Columns) > maxColumns {
		return nil, sqlstate.New(sqlstate.TooManyColumns, "tables can have at most %d columns", maxColumns)
	}
	for i := range stmt.Columns {
		if err := defineColumn(def, &stmt.Columns[i]); err != nil {
			return nil, err
		}
	}
	for i := range stmt.Constraints {
		constraint := &stmt.Constraints[i]
		if constraint.Kind != dialect.PrimaryKeyConstraint {
			return nil, sqlstate.Unsupported("a %s constraint", constraint.Kind).At(constraint.Pos())
		}
		if err := defineKey(def, constraint, constraint.Columns); err != nil {
			return nil, err
		}
	}
	return def, nil
}

func defineColumn(def *catalog.Table, column *dialect.ColumnDef) error {
	for _, other := range def.Columns {
		if other.Name == column.Name {
			return duplicateColumn(column.Name)
		}
	}
	typ, err := bind.TypeOf(column.Type)
	if err != nil {
		return err
	}
	if err := storable(typ, column.Name); err != nil {
		return err.At(column.Type.Pos())
	}
	if column.Collation != nil && column.Collation.Name != "C" && column.Collation.Name != "POSIX" {
		return sqlstate.Unsupported("collation \"%s\"", column.Collation.Name).At(column.Collation.Pos())
	}
	def.Columns = append(def.Columns, catalog.Column{Name: column.Name, Type: typ})
	defined := &def.Columns[len(def.Columns)-1]
	declaredNull := false
	for i := range column.Constraints {
		constraint := &column.Constraints[i]
		switch constraint.Kind {
		case dialect.NotNullConstraint:
			defined.NotNull = true
		case dialect.NullConstraint:
			declaredNull = true
		case dialect.PrimaryKeyConstraint:
			if err := defineKey(def, constraint, []dialect.Name{{Loc: column.Loc, Text: column.Name}}); err != nil {
				return err
			}
			defined.NotNull = true
		default:
			return sqlstate.Unsupported("a %s constraint", constraint.Kind).At(constraint.Pos())
		}
		if declaredNull && defined.NotNull {
			return sqlstate.New(sqlstate.SyntaxError, "conflicting NULL/NOT NULL declarations for column \"%s\" of table \"%s\"",
				column.Name, def.Name).At(constraint.Pos())
		}
	}
	return nil
}

func duplicateColumn(name string) *sqlstate.Error {
	return sqlstate.New(sqlstate.DuplicateColumn, "column \"%s\" specified more than once", name)
}

// storable refuses types that tables do not hold.
func storable(typ sqltype.Type, column string) *sqlstate.Error {
	switch typ.Kind {
	case sqltype.Interval, sqltype.Record:
		return sqlstate.Unsupported("column \"%s\" of type %s in a table", column, typ)
	}
	return nil
}

// defineKey sets the primary key; its columns become NOT NULL.
func defineKey(def *catalog.Table, constraint *dialect.Constraint, names []dialect.Name) error {
	if def.PrimaryKey != nil {
		return sqlstate.New(sqlstate.InvalidTableDefinition, "multiple primary keys for table \"%s\" are not allowed", def.Name).
			At(constraint.Pos())
	}
	if constraint.Deferrable || len(constraint.Include) > 0 || len(constraint.Options) > 0 {
		return sqlstate.Unsupported("an option of a PRIMARY KEY constraint").At(constraint.Pos())
	}
	def.KeyName = constraint.Name
	for _, name := range names {
		ordinal := -1
		for i, column := range def.Columns {
			if column.Name == name.Text {
				ordinal = i
			}
		}
		if ordinal < 0 {
			return sqlstate.New(sqlstate.UndefinedColumn, "column \"%s\" named in key does not exist", name.Text).At(constraint.Pos())
		}
		for _, other := range def.PrimaryKey {
			if other == ordinal {
				return sqlstate.New(sqlstate.DuplicateColumn, "column \"%s\" appears twice in primary key constraint", name.Text).
					At(constraint.Pos())
			}
		}
		def.PrimaryKey = append(def.PrimaryKey, ordinal)
		def.Columns[ordinal].NotNull = true
	}
	return nil
}

// dropTable runs DROP TABLE.
func (s *Session) dropTable(ctx context.Context, call *invocation, stmt *dialect.DropTable) error {
	view, err := s.tx.writer(ctx, stmt.Tag())
	if err != nil {
		return err
	}
	for _, name := range stmt.Names {
		t, ok := view.Table(name.Schema, name.Name)
		if ok {
			if err := view.DropTable(t); err != nil {
				return err
			}
			continue
		}
		if !stmt.IfExists {
			return sqlstate.New(sqlstate.UndefinedTable, "table \"%s\" does not exist", name.Name)
		}
		if err := s.notice(call.out, "NOTICE", sqlstate.New(sqlstate.SuccessfulCompletion,
			"table \"%s\" does not exist, skipping", name.Name)); err != nil {
			return err
		}
	}
	return nil
}

// createTableAs runs CREATE TABLE AS and SELECT INTO: the table from the query's columns, then an INSERT of its rows.
func (s *Session) createTableAs(ctx context.Context, call *invocation, stmt *dialect.CreateTableAs) (tag string, err error) {
	if stmt.Temporary {
		return "", sqlstate.Unsupported("a temporary table").At(stmt.Pos())
	}
	if len(stmt.Options) > 0 {
		return "", sqlstate.Unsupported("storage parameter \"%s\"", stmt.Options[0].Name).At(stmt.Options[0].Pos())
	}
	view, err := s.tx.writer(ctx, stmt.Tag())
	if err != nil {
		return "", err
	}
	defer view.close()
	if exists, err := s.relationExists(call, view, stmt.Name, stmt.IfNotExists); exists || err != nil {
		return stmt.Tag(), err
	}
	query := &dialect.SelectStmt{StmtBase: stmt.StmtBase, Query: stmt.Query}
	plan, err := s.plan(call, query, view)
	if err != nil {
		return "", err
	}
	def, err := tableOfColumns(stmt, plan)
	if err != nil {
		return "", err
	}
	if err := view.CreateTable(def); err != nil {
		return "", err
	}
	if stmt.WithNoData {
		return stmt.Tag(), nil
	}
	fill := &dialect.Insert{StmtBase: stmt.StmtBase, Table: stmt.Name, Source: stmt.Query}
	fill.Table.Schema = publicSchema
	_, run, err := s.append(ctx, call, fill, nil)
	if err != nil {
		return "", err
	}
	return rowsTag("SELECT ", run.Rows), nil
}

// tableOfColumns defines a table that holds a plan's rows.
func tableOfColumns(stmt *dialect.CreateTableAs, plan *planned) (*catalog.Table, error) {
	def := &catalog.Table{Schema: publicSchema, Name: stmt.Name.Name}
	if len(stmt.Columns) > len(plan.Columns) {
		return nil, sqlstate.New(sqlstate.SyntaxError, "too many column names were specified")
	}
	if len(plan.Columns) == 0 {
		return nil, sqlstate.Unsupported("a table without columns").At(stmt.Pos())
	}
	seen := make(map[string]bool)
	for i, column := range plan.Columns {
		name := column.Name
		if i < len(stmt.Columns) {
			name = stmt.Columns[i].Text
		}
		if seen[name] {
			return nil, duplicateColumn(name)
		}
		seen[name] = true
		if err := storable(column.Type, name); err != nil {
			return nil, err
		}
		if column.Type.Kind == sqltype.Unknown {
			column.Type = sqltype.Of(sqltype.Text)
		}
		def.Columns = append(def.Columns, catalog.Column{Name: name, Type: column.Type})
	}
	return def, nil
}
