package dialect

import (
	"fmt"
	"strconv"
	"strings"
)

func not(negated bool) string {
	if negated {
		return "NOT "
	}
	return ""
}

func (f *formatter) expr(e Expr) {
	switch x := e.(type) {
	case *ColumnRef:
		f.columnRef(x)
	case *Const:
		f.constant(x)
	case *Param:
		f.print("$", strconv.Itoa(x.N))
	case *Default:
		f.print("DEFAULT")
	case *Unary:
		f.print("(", operatorText(x.Schema, x.Op), " ")
		f.expr(x.X)
		f.print(")")
	case *Binary:
		f.infix(x.L, operatorText(x.Schema, x.Op), x.R)
	case *BoolOp:
		f.boolOp(x)
	case *Not:
		f.print("(NOT ")
		f.expr(x.X)
		f.print(")")
	case *Is:
		f.print("(")
		f.expr(x.X)
		f.print(" IS ", not(x.Negated), [...]string{"NULL", "TRUE", "FALSE", "UNKNOWN"}[x.Kind], ")")
	case *IsDistinct:
		f.infix(x.L, "IS "+not(x.Negated)+"DISTINCT FROM", x.R)
	case *Quantified, *PatternMatch, *Between, *In:
		f.predicate(e)
	case *Cast:
		f.cast(x)
	case *Collate:
		f.print("(")
		f.expr(x.X)
		f.print(" COLLATE ")
		f.qualified(x.Collation)
		f.print(")")
	case *AtTimeZone:
		f.infix(x.X, "AT TIME ZONE", x.Zone)
	case *Case:
		f.caseExpr(x)
	case *FuncCall:
		f.call(x)
	case *Coalesce:
		f.list("COALESCE(", x.Args, ")")
	case *MinMax:
		f.list(map[bool]string{true: "LEAST(", false: "GREATEST("}[x.Least], x.Args, ")")
	case *NullIf:
		f.list("NULLIF(", []Expr{x.L, x.R}, ")")
	case *Grouping:
		f.list("GROUPING(", x.Args, ")")
	case *SQLValue:
		f.print(strings.ToUpper(x.Name))
		f.when(x.Precision >= 0, "(", strconv.Itoa(x.Precision), ")")
	case *Subscript:
		f.subscript(x)
	case *Field:
		f.print("(")
		f.expr(x.X)
		f.print(").")
		if x.Star {
			f.print("*")
		} else {
			f.print(quoteIdent(x.Name))
		}
	case *Array:
		f.list("ARRAY[", x.Elems, "]")
	case *Row:
		f.list(map[bool]string{true: "ROW(", false: "("}[x.Explicit], x.Items, ")")
	case *Subquery:
		f.print([...]string{"(", "EXISTS (", "ARRAY("}[x.Kind])
		f.query(x.Query)
		f.print(")")
	default:
		f.print(fmt.Sprintf("?%T", e))
	}
}

func (f *formatter) list(open string, list []Expr, end string) {
	f.print(open)
	f.exprs(list)
	f.print(end)
}

func (f *formatter) infix(l Expr, op string, r Expr) {
	f.print("(")
	f.expr(l)
	f.print(" ", op, " ")
	f.expr(r)
	f.print(")")
}

func operatorText(schema, op string) string {
	if schema == "" {
		return op
	}
	return "OPERATOR(" + quoteIdent(schema) + "." + op + ")"
}

func (f *formatter) columnRef(x *ColumnRef) {
	for k, n := range x.Names {
		f.when(k > 0, ".")
		f.print(quoteIdent(n.Text))
	}
	if x.Star {
		f.when(len(x.Names) > 0, ".")
		f.print("*")
	}
}

func (f *formatter) constant(x *Const) {
	switch x.Kind {
	case NullConst:
		f.print("NULL")
	case StringConst:
		f.print(quoteString(x.Text))
	case BitConst, HexConst:
		f.print(strings.ToUpper(x.Text[:1]), "'", x.Text[1:], "'")
	default:
		f.print(x.Text)
	}
}

func (f *formatter) boolOp(x *BoolOp) {
	word := " AND "
	if x.Or {
		word = " OR "
	}
	f.print("(")
	for k, a := range x.Args {
		f.when(k > 0, word)
		f.expr(a)
	}
	f.print(")")
}

func (f *formatter) predicate(e Expr) {
	f.print("(")
	switch x := e.(type) {
	case *Quantified:
		f.expr(x.L)
		f.print(" ", strings.ToUpper(operatorText(x.Schema, x.Op)), map[bool]string{true: " ALL (", false: " ANY ("}[x.All])
		if x.Query != nil {
			f.query(x.Query)
		} else {
			f.expr(x.Array)
		}
		f.print(")")
	case *PatternMatch:
		f.expr(x.X)
		f.print(" ", not(x.Negated), [...]string{"LIKE ", "ILIKE ", "SIMILAR TO "}[x.Kind])
		f.expr(x.Pattern)
		if x.Escape != nil {
			f.print(" ESCAPE ")
			f.expr(x.Escape)
		}
	case *Between:
		f.expr(x.X)
		f.print(" ", not(x.Negated), "BETWEEN ")
		f.when(x.Symmetric, "SYMMETRIC ")
		f.expr(x.Lo)
		f.print(" AND ")
		f.expr(x.Hi)
	case *In:
		f.expr(x.X)
		f.print(" ", not(x.Negated), "IN (")
		if x.Query != nil {
			f.query(x.Query)
		} else {
			f.exprs(x.List)
		}
		f.print(")")
	}
	f.print(")")
}

func (f *formatter) cast(x *Cast) {
	if c, ok := x.X.(*Const); ok && x.Literal {
		t := *x.Type
		t.Fields = ""
		fields := x.Type.Fields
		if fields != "" {
			t.Mods = nil
		}
		f.typeName(&t)
		f.print(" ", quoteString(c.Text))
		if fields != "" {
			f.print(" ", fields)
			f.when(len(x.Type.Mods) > 0, "(", modText(x.Type.Mods), ")")
		}
		return
	}
	f.print("CAST(")
	f.expr(x.X)
	f.print(" AS ")
	f.typeName(x.Type)
	f.print(")")
}

func modText(mods []TypeMod) string {
	if len(mods) == 0 {
		return ""
	}
	return mods[0].Text
}

func (f *formatter) caseExpr(x *Case) {
	f.print("CASE")
	if x.Arg != nil {
		f.print(" ")
		f.expr(x.Arg)
	}
	for _, w := range x.Whens {
		f.print(" WHEN ")
		f.expr(w.Cond)
		f.print(" THEN ")
		f.expr(w.Result)
	}
	if x.Else != nil {
		f.print(" ELSE ")
		f.expr(x.Else)
	}
	f.print(" END")
}

func (f *formatter) subscript(x *Subscript) {
	if inner, ok := x.X.(*Subscript); ok && x.More {
		f.subscript(inner)
	} else {
		f.print("(")
		f.expr(x.X)
		f.print(")")
	}
	f.print("[")
	switch {
	case !x.Slice:
		f.expr(x.Index)
	default:
		if x.Lower != nil {
			f.expr(x.Lower)
		}
		f.print(":")
		if x.Upper != nil {
			f.expr(x.Upper)
		}
	}
	f.print("]")
}

// specialWords gives for the standard's forms of calls the words before each argument.
var specialWords = map[string][]string{
	"extract":   {"EXTRACT(", " FROM "},
	"substring": {"SUBSTRING(", " FROM ", " FOR "},
	"overlay":   {"OVERLAY(", " PLACING ", " FROM ", " FOR "},
	"btrim":     {"TRIM(BOTH FROM ", ", "},
	"ltrim":     {"TRIM(LEADING FROM ", ", "},
	"rtrim":     {"TRIM(TRAILING FROM ", ", "},
}

func (f *formatter) specialCall(x *FuncCall) bool {
	arg := func(k int) { f.expr(x.Args[k].Value) }
	switch x.Name {
	case "position":
		f.print("POSITION(")
		arg(1)
		f.print(" IN ")
		arg(0)
		f.print(")")
		return true
	case "normalize":
		f.print("NORMALIZE(")
		arg(0)
		f.print(", ", x.Args[1].Value.(*Const).Text, ")")
		return true
	case "overlaps":
		f.print("((")
		arg(0)
		f.print(", ")
		arg(1)
		f.print(") OVERLAPS (")
		arg(2)
		f.print(", ")
		arg(3)
		f.print("))")
		return true
	}
	words, ok := specialWords[x.Name]
	if !ok {
		return false
	}
	for k := range x.Args {
		f.print(words[min(k, len(words)-1)])
		arg(k)
	}
	f.print(")")
	return true
}

func (f *formatter) call(x *FuncCall) {
	if x.Special && f.specialCall(x) {
		return
	}
	if x.Schema != "" {
		f.print(quoteIdent(x.Schema), ".")
	}
	switch x.Name {
	case "substring", "overlay": // the only keywords that ordinary calls may have for names
		f.print(x.Name)
	default:
		f.print(quoteIdent(x.Name))
	}
	f.print("(")
	f.when(x.Star, "*")
	f.when(x.Distinct, "DISTINCT ")
	f.each(len(x.Args), func(k int) {
		a := x.Args[k]
		f.when(a.Variadic, "VARIADIC ")
		if a.Name != "" {
			f.print(quoteIdent(a.Name), " => ")
		}
		f.expr(a.Value)
	})
	f.when(x.WithinGroup, ") WITHIN GROUP (")
	f.when(len(x.OrderBy) > 0 && !x.WithinGroup, " ")
	f.orderBy(x.OrderBy)
	f.print(")")
	if x.Filter != nil {
		f.print(" FILTER (WHERE ")
		f.expr(x.Filter)
		f.print(")")
	}
	if x.Over != nil {
		f.print(" OVER ")
		f.window(x.Over)
	}
}

func (f *formatter) orderBy(list []SortBy) {
	if len(list) == 0 {
		return
	}
	f.print("ORDER BY ")
	f.each(len(list), func(k int) {
		s := list[k]
		f.expr(s.Expr)
		f.when(s.Desc, " DESC")
		f.when(s.Using != "", " USING ", s.Using)
		f.print([...]string{"", " NULLS FIRST", " NULLS LAST"}[s.Nulls])
	})
}

func (f *formatter) window(w *Window) {
	if w.Bare {
		f.print(quoteIdent(w.Ref))
		return
	}
	f.print("(")
	sep := ""
	if w.Ref != "" {
		f.print(quoteIdent(w.Ref))
		sep = " "
	}
	if len(w.PartitionBy) > 0 {
		f.list(sep+"PARTITION BY ", w.PartitionBy, "")
		sep = " "
	}
	if len(w.OrderBy) > 0 {
		f.print(sep)
		f.orderBy(w.OrderBy)
		sep = " "
	}
	if w.Frame != nil {
		f.print(sep)
		f.frame(w.Frame)
	}
	f.print(")")
}

func (f *formatter) frame(x *Frame) {
	f.print([...]string{"RANGE", "ROWS", "GROUPS"}[x.Mode], " BETWEEN ")
	f.bound(x.Start)
	f.print(" AND ")
	f.bound(x.End)
	f.print([...]string{"", " EXCLUDE CURRENT ROW", " EXCLUDE GROUP", " EXCLUDE TIES"}[x.Exclude])
}

func (f *formatter) bound(b Bound) {
	if b.Offset != nil {
		f.expr(b.Offset)
		f.print(" ")
	}
	f.print([...]string{"UNBOUNDED PRECEDING", "PRECEDING", "CURRENT ROW", "FOLLOWING", "UNBOUNDED FOLLOWING"}[b.Kind])
}
