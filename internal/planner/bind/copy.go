package bind

import (
	"strings"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// copyFrom binds COPY table FROM: the fields as text, cast to the columns' types by their input functions.
func (b *binder) copyFrom(s *dialect.Copy) (logical.Node, error) {
	switch {
	case !s.From:
		return nil, sqlstate.Unsupported("COPY TO").At(s.Pos())
	case s.Where != nil:
		return nil, sqlstate.Unsupported("COPY FROM ... WHERE").At(s.Where.Pos())
	case s.Target == dialect.CopyProgram:
		return nil, sqlstate.Unsupported("COPY FROM PROGRAM").At(s.FileLoc.Pos())
	}
	t, err := b.table(s.Table)
	if err != nil {
		return nil, err
	}
	snap, err := b.snapshot(t)
	if err != nil {
		return nil, err
	}
	cols, err := insertColumns(t, &dialect.Insert{Columns: copyColumns(s.Columns)})
	if err != nil {
		return nil, err
	}
	format, err := copyFormat(s, t, cols)
	if err != nil {
		return nil, err
	}
	src := &logical.CSVSource{Format: format, Cols: make([]logical.Column, len(cols))}
	sink := &logical.TableSink{Input: src, Table: t, Snapshot: snap, Exprs: make([]logical.Expr, len(t.Columns))}
	for i, c := range t.Columns {
		sink.Exprs[i] = &logical.Const{Value: sqltype.NullDatum, Typ: c.Type}
	}
	for i, o := range cols {
		c := t.Columns[o]
		src.Cols[i] = b.newColumn(c.Name, sqltype.Of(text), true)
		var e logical.Expr = &logical.Ref{Col: src.Cols[i]}
		if c.Type.Kind != text {
			e = &logical.Cast{Arg: e, Typ: c.Type}
		}
		sink.Exprs[o] = e
	}
	return sink, nil
}

func copyColumns(names []dialect.Name) []dialect.InsertColumn {
	if names == nil {
		return nil
	}
	cols := make([]dialect.InsertColumn, len(names))
	for i, n := range names {
		cols[i].Name = n
	}
	return cols
}

// copyOptions are COPY's options while they are read.
type copyOptions struct {
	format                         logical.CopyFormat
	delimiter, quote, escape, null *dialect.Option
	forceNull, forceNotNull        *dialect.Option
	binary                         bool
	seen                           map[string]bool
}

func copyFormat(s *dialect.Copy, t *catalog.Table, cols []int) (logical.CopyFormat, error) {
	o := &copyOptions{format: logical.CopyFormat{Text: true}, seen: map[string]bool{}}
	for i := range s.Options {
		if err := o.read(&s.Options[i]); err != nil {
			return o.format, err
		}
	}
	if err := o.finish(); err != nil {
		return o.format, err
	}
	for _, f := range []struct {
		opt  *dialect.Option
		list *[]int
		name string
	}{{o.forceNull, &o.format.ForceNull, "FORCE_NULL"}, {o.forceNotNull, &o.format.ForceNotNull, "FORCE_NOT_NULL"}} {
		if f.opt == nil {
			continue
		}
		if o.format.Text {
			return o.format, sqlstate.Unsupported("COPY %s outside CSV mode", f.name).At(f.opt.Pos())
		}
		list, err := copyColumnList(f.opt, f.name, t, cols)
		if err != nil {
			return o.format, err
		}
		*f.list = list
	}
	return o.format, nil
}

// copyColumnList resolves the columns of FORCE_NULL and FORCE_NOT_NULL to indexes into the copied columns.
func copyColumnList(opt *dialect.Option, name string, t *catalog.Table, cols []int) ([]int, error) {
	var out []int
	if opt.Star {
		for i := range cols {
			out = append(out, i)
		}
		return out, nil
	}
	for _, n := range opt.List {
		ord, err := tableColumn(t, n)
		if err != nil {
			return nil, err
		}
		at := -1
		for i, c := range cols {
			if c == ord {
				at = i
			}
		}
		if at < 0 {
			return nil, sqlstate.New(sqlstate.InvalidColumnReference, "%s column \"%s\" not referenced by COPY", name, n.Text).At(n.Pos())
		}
		out = append(out, at)
	}
	return out, nil
}

func (o *copyOptions) read(opt *dialect.Option) error {
	if o.seen[opt.Name] {
		return sqlstate.New(sqlstate.SyntaxError, "conflicting or redundant options").At(opt.Pos())
	}
	o.seen[opt.Name] = true
	switch opt.Name {
	case "format":
		switch opt.Value {
		case "text":
		case "csv":
			o.format.Text = false
		case "binary":
			o.binary = true // the session makes it text
		default:
			return sqlstate.New(sqlstate.InvalidParameterValue, "COPY format \"%s\" not recognized", opt.Value).At(opt.Pos())
		}
	case "delimiter":
		o.delimiter = opt
	case "null":
		o.null = opt
	case "quote":
		o.quote = opt
	case "escape":
		o.escape = opt
	case "header":
		return o.readHeader(opt)
	case "force_null":
		o.forceNull = opt
	case "force_not_null":
		o.forceNotNull = opt
	case "force_quote":
		return sqlstate.New(sqlstate.FeatureNotSupported, "COPY force quote only available using COPY TO").At(opt.Pos())
	case "encoding":
		switch strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(opt.Value)) {
		case "utf8", "unicode":
		default:
			return sqlstate.Unsupported("COPY with encoding \"%s\"", opt.Value).At(opt.Pos())
		}
	case "freeze":
		return sqlstate.Unsupported("COPY FREEZE").At(opt.Pos())
	default:
		return sqlstate.New(sqlstate.SyntaxError, "option \"%s\" not recognized", opt.Name).At(opt.Pos())
	}
	return nil
}

func (o *copyOptions) readHeader(opt *dialect.Option) error {
	switch strings.ToLower(opt.Value) {
	case "", "true", "on", "1":
		o.format.Header = true
	case "false", "off", "0":
	case "match":
		return sqlstate.Unsupported("COPY HEADER MATCH").At(opt.Pos())
	default:
		return sqlstate.New(sqlstate.SyntaxError, "header requires a Boolean value or \"match\"").At(opt.Pos())
	}
	return nil
}

// finish applies defaults and checks the options against each other, in PostgreSQL's order.
func (o *copyOptions) finish() error {
	f := &o.format
	csv := !f.Text
	switch {
	case o.binary && o.delimiter != nil:
		return sqlstate.New(sqlstate.SyntaxError, "cannot specify DELIMITER in BINARY mode")
	case o.binary && o.null != nil:
		return sqlstate.New(sqlstate.SyntaxError, "cannot specify NULL in BINARY mode")
	case o.binary && f.Header:
		return sqlstate.New(sqlstate.FeatureNotSupported, "cannot specify HEADER in BINARY mode")
	}
	f.Delimiter, f.Null = '\t', "\\N"
	if csv {
		f.Delimiter, f.Null, f.Quote, f.Escape = ',', "", '"', '"'
	}
	if o.null != nil {
		f.Null = o.null.Value
	}
	if err := oneByte(o.delimiter, "delimiter", sqlstate.FeatureNotSupported, &f.Delimiter); err != nil {
		return err
	}
	switch {
	case f.Delimiter == '\r' || f.Delimiter == '\n':
		return sqlstate.New(sqlstate.InvalidParameterValue, "COPY delimiter cannot be newline or carriage return")
	case strings.ContainsAny(f.Null, "\r\n"):
		return sqlstate.New(sqlstate.InvalidParameterValue, "COPY null representation cannot use newline or carriage return")
	case !csv && strings.IndexByte("\\.abcdefghijklmnopqrstuvwxyz0123456789", f.Delimiter) >= 0:
		return sqlstate.New(sqlstate.InvalidParameterValue, "COPY delimiter cannot be \"%c\"", f.Delimiter)
	case !csv && o.quote != nil:
		return sqlstate.New(sqlstate.FeatureNotSupported, "COPY quote available only in CSV mode")
	case !csv && o.escape != nil:
		return sqlstate.New(sqlstate.FeatureNotSupported, "COPY escape available only in CSV mode")
	}
	if csv {
		if err := o.finishCSV(); err != nil {
			return err
		}
	}
	if strings.IndexByte(f.Null, f.Delimiter) >= 0 {
		return sqlstate.New(sqlstate.FeatureNotSupported, "COPY delimiter must not appear in the NULL specification")
	}
	return nil
}

func (o *copyOptions) finishCSV() error {
	f := &o.format
	if err := oneByte(o.quote, "quote", sqlstate.FeatureNotSupported, &f.Quote); err != nil {
		return err
	}
	f.Escape = f.Quote
	if err := oneByte(o.escape, "escape", sqlstate.FeatureNotSupported, &f.Escape); err != nil {
		return err
	}
	if f.Delimiter == f.Quote {
		return sqlstate.New(sqlstate.InvalidParameterValue, "COPY delimiter and quote must be different")
	}
	if strings.IndexByte(f.Null, f.Quote) >= 0 {
		return sqlstate.New(sqlstate.FeatureNotSupported, "CSV quote character must not appear in the NULL specification")
	}
	return nil
}

func oneByte(opt *dialect.Option, name string, code sqlstate.Code, to *byte) error {
	if opt == nil {
		return nil
	}
	if len(opt.Value) != 1 {
		return sqlstate.New(code, "COPY %s must be a single one-byte character", name).At(opt.Pos())
	}
	*to = opt.Value[0]
	return nil
}
