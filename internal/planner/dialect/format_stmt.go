package dialect

import (
	"fmt"
	"strings"
)

func (f *formatter) stmt(s Stmt) {
	switch x := s.(type) {
	case *SelectStmt:
		f.query(x.Query)
	case *Insert:
		f.insert(x)
	case *CreateTable:
		f.createTable(x)
	case *CreateTableAs:
		f.createTableAs(x)
	case *DropTable:
		f.drop("DROP TABLE ", x.Names, x.IfExists, x.Cascade)
	case *DropModel:
		f.dropModel(x)
	case *AlterModel:
		f.alterModel(x)
	case *Truncate:
		f.print("TRUNCATE ")
		f.each(len(x.Names), func(k int) { f.qualified(x.Names[k]) })
		f.when(x.RestartIdentity, " RESTART IDENTITY")
		f.when(x.Cascade, " CASCADE")
	case *CreateModel:
		f.createModel(x)
	case *Copy:
		f.copy(x)
	case *Explain:
		f.print("EXPLAIN ")
		if len(x.Options) > 0 {
			f.options(x.Options, " ")
			f.print(" ")
		}
		f.stmt(x.Stmt)
	case *Prepare:
		f.prepare(x)
	case *Execute:
		f.print("EXECUTE ", quoteIdent(x.Name))
		if x.Args != nil {
			f.list(" (", x.Args, ")")
		}
	default:
		f.utility(s)
	}
}

// utility prints the statements without expressions.
func (f *formatter) utility(s Stmt) {
	switch x := s.(type) {
	case *Set:
		f.set(x)
	case *SetTransaction:
		f.print("SET ")
		f.when(x.Session, "SESSION CHARACTERISTICS AS ")
		f.print("TRANSACTION")
		f.when(x.Snapshot != "", " SNAPSHOT ", quoteString(x.Snapshot))
		f.modes(x.Modes)
	case *Reset:
		f.print("RESET ", settingText(quoteSetting(x.Name), x.All))
	case *Show:
		f.print("SHOW ", settingText(quoteSetting(x.Name), x.All))
	case *Transaction:
		f.transaction(x)
	case *Deallocate:
		f.print("DEALLOCATE ", settingText(quoteIdent(x.Name), x.All))
	case *Discard:
		f.print("DISCARD ", x.What)
	case *Unsupported:
		f.print("<", x.What, ">")
	default:
		f.print(fmt.Sprintf("?%T", s))
	}
}

// quoteSetting quotes the parts of a setting's name where they must be.
func quoteSetting(name string) string {
	parts := strings.Split(name, ".")
	for k, s := range parts {
		parts[k] = quoteIdent(s)
	}
	return strings.Join(parts, ".")
}

func settingText(name string, all bool) string {
	if all {
		return "ALL"
	}
	return name
}

func (f *formatter) insert(x *Insert) {
	if x.With != nil {
		f.with(x.With)
	}
	f.print("INSERT INTO ")
	f.qualified(x.Table)
	f.when(x.Alias != "", " AS ", quoteIdent(x.Alias))
	if x.Columns != nil {
		f.print(" (")
		f.each(len(x.Columns), func(k int) {
			if c := x.Columns[k]; len(c.Path) > 0 {
				f.target(c.Path[0])
			} else {
				f.print(quoteIdent(c.Text))
			}
		})
		f.print(")")
	}
	f.when(x.Overriding != "", " OVERRIDING ", strings.ToUpper(x.Overriding), " VALUE")
	if x.Source == nil {
		f.print(" DEFAULT VALUES")
	} else {
		f.print(" ")
		f.query(x.Source)
	}
	if x.OnConflict != nil {
		f.onConflict(x.OnConflict)
	}
	f.when(x.Returning != nil, " RETURNING ")
	f.targets(x.Returning)
}

// target prints a part of a column that is assigned to, without parentheses.
func (f *formatter) target(e Expr) {
	switch x := e.(type) {
	case *Subscript:
		f.target(x.X)
		s := *x
		s.X, s.More = &ColumnRef{}, false
		g := &formatter{}
		g.subscript(&s)
		f.print(strings.TrimPrefix(g.String(), "()"))
	case *Field:
		f.target(x.X)
		f.print(".", quoteIdent(x.Name))
	default:
		f.expr(e)
	}
}

func (f *formatter) onConflict(c *OnConflict) {
	f.print(" ON CONFLICT")
	if c.Target != nil {
		f.print(" (")
		f.each(len(c.Target), func(k int) { f.expr(c.Target[k].Expr) })
		f.print(")")
	}
	if c.Where != nil {
		f.print(" WHERE ")
		f.expr(c.Where)
	}
	f.when(c.Constraint != "", " ON CONSTRAINT ", quoteIdent(c.Constraint))
	if !c.DoUpdate {
		f.print(" DO NOTHING")
		return
	}
	f.print(" DO UPDATE SET ")
	f.each(len(c.Set), func(k int) {
		a := c.Set[k]
		if a.Multi {
			f.names(a.Columns)
		} else {
			f.print(quoteIdent(a.Columns[0].Text))
		}
		f.print(" = ")
		f.expr(a.Value)
	})
	if c.SetWhere != nil {
		f.print(" WHERE ")
		f.expr(c.SetWhere)
	}
}

func (f *formatter) createTable(x *CreateTable) {
	f.print("CREATE ")
	f.when(x.Temporary, "TEMPORARY ")
	f.when(x.Unlogged, "UNLOGGED ")
	f.print("TABLE ")
	f.when(x.IfNotExists, "IF NOT EXISTS ")
	f.qualified(x.Name)
	f.print(" (")
	f.each(len(x.Columns)+len(x.Constraints), func(k int) {
		if k < len(x.Columns) {
			f.columnDef(x.Columns[k])
		} else {
			f.constraint(x.Constraints[k-len(x.Columns)])
		}
	})
	f.print(")")
	f.tableOptions(x.Options, x.OnCommit)
}

func (f *formatter) tableOptions(options []Option, onCommit string) {
	if options != nil {
		f.print(" WITH ")
		f.options(options, " = ")
	}
	f.when(onCommit != "", " ON COMMIT ", strings.ToUpper(onCommit))
}

func (f *formatter) createTableAs(x *CreateTableAs) {
	f.print("CREATE ")
	f.when(x.Temporary, "TEMPORARY ")
	f.when(x.Unlogged, "UNLOGGED ")
	f.print("TABLE ")
	f.when(x.IfNotExists, "IF NOT EXISTS ")
	f.qualified(x.Name)
	if x.Columns != nil {
		f.print(" ")
		f.names(x.Columns)
	}
	f.tableOptions(x.Options, x.OnCommit)
	f.print(" AS ")
	f.query(x.Query)
	f.when(x.WithNoData, " WITH NO DATA")
}

func (f *formatter) columnDef(c ColumnDef) {
	f.print(quoteIdent(c.Name), " ")
	f.typeName(c.Type)
	if c.Collation != nil {
		f.print(" COLLATE ")
		f.qualified(*c.Collation)
	}
	for _, k := range c.Constraints {
		f.print(" ")
		f.constraint(k)
	}
}

func (f *formatter) constraint(k Constraint) {
	f.when(k.Name != "", "CONSTRAINT ", quoteIdent(k.Name), " ")
	switch k.Kind {
	case DefaultConstraint:
		f.print("DEFAULT ")
		f.expr(k.Expr)
	case CheckConstraint:
		f.list("CHECK (", []Expr{k.Expr}, ")")
	case IdentityConstraint:
		f.print("GENERATED ", map[bool]string{true: "ALWAYS", false: "BY DEFAULT"}[k.Always], " AS IDENTITY")
	case GeneratedConstraint:
		f.list("GENERATED ALWAYS AS (", []Expr{k.Expr}, ") STORED")
	case ReferencesConstraint:
		f.references(k)
	default:
		f.print(k.Kind.String())
		f.when(k.NullsNotDistinct, " NULLS NOT DISTINCT")
		if k.Columns != nil {
			f.print(" ")
			f.names(k.Columns)
		}
		if k.Include != nil {
			f.print(" INCLUDE ")
			f.names(k.Include)
		}
		f.tableOptions(k.Options, "")
	}
	f.when(k.Deferrable, " DEFERRABLE")
	f.when(k.InitiallyDeferred, " INITIALLY DEFERRED")
}

func (f *formatter) references(k Constraint) {
	if k.Columns != nil {
		f.print("FOREIGN KEY ")
		f.names(k.Columns)
		f.print(" ")
	}
	f.print("REFERENCES ")
	f.qualified(k.RefTable)
	if k.RefColumns != nil {
		f.print(" ")
		f.names(k.RefColumns)
	}
	f.when(k.Match != "", " MATCH ", strings.ToUpper(k.Match))
	f.when(k.OnDelete != "", " ON DELETE ", strings.ToUpper(k.OnDelete))
	f.when(k.OnUpdate != "", " ON UPDATE ", strings.ToUpper(k.OnUpdate))
}

func (f *formatter) drop(words string, names []QualifiedName, ifExists, cascade bool) {
	f.print(words)
	f.when(ifExists, "IF EXISTS ")
	f.each(len(names), func(k int) { f.qualified(names[k]) })
	f.when(cascade, " CASCADE")
}

func (f *formatter) copy(x *Copy) {
	f.print("COPY ")
	if x.Query != nil {
		f.print("(")
		f.query(x.Query)
		f.print(")")
	} else {
		f.qualified(x.Table)
		if x.Columns != nil {
			f.print(" ")
			f.names(x.Columns)
		}
	}
	f.print(map[bool]string{true: " FROM ", false: " TO "}[x.From])
	switch x.Target {
	case CopyStdin:
		f.print("STDIN")
	case CopyStdout:
		f.print("STDOUT")
	case CopyProgram:
		f.print("PROGRAM ", quoteString(x.File))
	default:
		f.print(quoteString(x.File))
	}
	if x.Options != nil {
		f.print(" ")
		f.options(x.Options, " ")
	}
	if x.Where != nil {
		f.print(" WHERE ")
		f.expr(x.Where)
	}
}

// options prints (name value, …) with sep between the two.
func (f *formatter) options(list []Option, sep string) {
	f.print("(")
	f.each(len(list), func(k int) {
		o := list[k]
		f.print(o.Name)
		switch o.Kind {
		case OptionString, OptionNumber, OptionWord:
			f.print(sep)
			f.optionText(o.Kind, o.Value)
		case OptionStar:
			f.print(" *")
		case OptionList:
			f.print(" ")
			f.names(o.List)
		}
	})
	f.print(")")
}

// optionText prints a value as it was written.
func (f *formatter) optionText(kind OptionKind, text string) {
	switch {
	case kind == OptionString:
		f.print(quoteString(text))
	case kind == OptionNumber || text == "true" || text == "false" || text == "on":
		f.print(text)
	default:
		f.print(quoteIdent(text))
	}
}

func (f *formatter) prepare(x *Prepare) {
	f.print("PREPARE ", quoteIdent(x.Name))
	if x.Types != nil {
		f.print(" (")
		f.each(len(x.Types), func(k int) { f.typeName(x.Types[k]) })
		f.print(")")
	}
	f.print(" AS ")
	f.stmt(x.Stmt)
}

func (f *formatter) set(x *Set) {
	f.print("SET ")
	f.when(x.Scope == SetLocal, "LOCAL ")
	f.print(quoteSetting(x.Name), " = ")
	f.when(x.Default, "DEFAULT")
	f.each(len(x.Values), func(k int) {
		f.optionText(x.Values[k].Kind, x.Values[k].Text)
	})
}

func (f *formatter) modes(m TransactionModes) {
	f.when(m.Isolation != "", " ISOLATION LEVEL ", strings.ToUpper(m.Isolation))
	if m.ReadOnly != nil {
		f.print(map[bool]string{true: " READ ONLY", false: " READ WRITE"}[*m.ReadOnly])
	}
	if m.Deferrable != nil {
		f.print(map[bool]string{true: " DEFERRABLE", false: " NOT DEFERRABLE"}[*m.Deferrable])
	}
}

func (f *formatter) transaction(x *Transaction) {
	switch x.Kind {
	case Savepoint:
		f.print("SAVEPOINT ", quoteIdent(x.Name))
	case ReleaseSavepoint:
		f.print("RELEASE ", quoteIdent(x.Name))
	case RollbackTo:
		f.print("ROLLBACK TO ", quoteIdent(x.Name))
	case PrepareTransaction, CommitPrepared, RollbackPrepared:
		f.print(x.Tag(), " ", quoteString(x.Name))
	default:
		f.print(x.Tag())
		f.modes(x.Modes)
		f.when(x.Chain, " AND CHAIN")
	}
}
