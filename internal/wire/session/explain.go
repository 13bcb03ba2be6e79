package session

import (
	"context"
	"strings"

	"github.com/flernd/flernd/internal/compile"
	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/explain"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// explainColumns are the columns of EXPLAIN's answer.
func explainColumns() []Column { return textColumns("QUERY PLAN") }

// explain runs EXPLAIN of a query or an INSERT. With ANALYZE it runs too, and what it writes stays.
func (s *Session) explain(ctx context.Context, call *invocation, stmt *dialect.Explain) error {
	options, err := readExplainOptions(stmt.Options)
	if err != nil {
		return err
	}
	inner := *call
	inner.stmt, inner.binary, inner.columns = stmt.Stmt, nil, nil
	if execute, ok := stmt.Stmt.(*dialect.Execute); ok {
		bound, err := s.bindExecute(ctx, call, execute)
		if err != nil {
			return err
		}
		inner.stmt, inner.params, inner.paramTypes = bound.stmt, bound.params, bound.paramTypes
	}
	var lines []string
	switch target := inner.stmt.(type) {
	case *dialect.SelectStmt:
		lines, err = s.explainSelect(ctx, &inner, target, options)
	case *dialect.Insert:
		lines, err = s.explainInsert(ctx, &inner, target, options)
	default:
		return sqlstate.Unsupported("EXPLAIN of %s", inner.stmt.Tag()).At(stmt.Stmt.Pos())
	}
	if err != nil {
		return err
	}
	if err := call.out.Columns(explainColumns()); err != nil {
		return err
	}
	var messages []byte
	for _, line := range lines {
		messages = appendRow(messages, line)
	}
	return call.out.Rows(messages, int64(len(lines)))
}

func (s *Session) explainSelect(ctx context.Context, call *invocation, stmt *dialect.SelectStmt, options explainOptions) ([]string, error) {
	view, err := s.tx.reader(ctx)
	if err != nil {
		return nil, err
	}
	defer view.close()
	plan, err := s.plan(call, stmt, view)
	if err != nil {
		return nil, err
	}
	var run *compile.RunResult
	if options.analyze {
		how := s.runOptions()
		how.Out = func([]byte, int64) error { return nil }
		if run, err = s.config.Engine.Run(ctx, plan.Root, call.params, how); err != nil {
			return nil, err
		}
	}
	return s.printed(plan, options, run)
}

func (s *Session) explainInsert(ctx context.Context, call *invocation, stmt *dialect.Insert, options explainOptions) ([]string, error) {
	if options.analyze {
		plan, run, err := s.append(ctx, call, stmt, nil)
		if err != nil {
			return nil, err
		}
		return s.printed(plan, options, run)
	}
	view, err := s.tx.reader(ctx)
	if err != nil {
		return nil, err
	}
	defer view.close()
	plan, err := s.plan(call, stmt, view)
	if err != nil {
		return nil, err
	}
	return s.printed(plan, options, nil)
}

// printed is the text of a plan: its tree, with what its run measured if there was one, or its C line by line.
func (s *Session) printed(plan *planned, options explainOptions, run *compile.RunResult) ([]string, error) {
	if options.codegen {
		text, err := compile.CText(plan.Root)
		if err != nil {
			return nil, err
		}
		return strings.Split(strings.TrimRight(text, "\n"), "\n"), nil
	}
	how := explain.Options{Format: options.format, Costs: options.costs, Verbose: options.verbose}
	if run != nil {
		how.Analysis = &explain.Analysis{Planning: plan.took + run.Planning, Compilation: run.Compilation,
			Execution: run.Execution, Counters: run.Counters}
	}
	return planner.Explain(plan.Root, how), nil
}

// explainOptions are the options of EXPLAIN.
type explainOptions struct {
	analyze, verbose, costs, codegen bool
	format                           explain.Format
}

// readExplainOptions reads them. What an option would change in the output and flernd does not measure is refused.
func readExplainOptions(list []dialect.Option) (options explainOptions, err error) {
	options.costs = true
	timing, summary := option{}, option{}
	for _, o := range list {
		switch o.Name {
		case "analyze":
			options.analyze, err = optionBool(o)
		case "verbose":
			options.verbose, err = optionBool(o)
		case "costs":
			options.costs, err = optionBool(o)
		case "timing":
			timing.given = true
			timing.on, err = optionBool(o)
		case "summary":
			summary.given = true
			summary.on, err = optionBool(o)
		case "codegen":
			options.codegen, err = optionBool(o)
		case "format":
			options.format, err = explainFormat(o)
		case "buffers", "wal", "settings":
			on := true
			if on, err = optionBool(o); on && err == nil {
				err = sqlstate.Unsupported("EXPLAIN option %s", strings.ToUpper(o.Name)).At(o.Pos())
			}
		default:
			err = sqlstate.New(sqlstate.SyntaxError, "unrecognized EXPLAIN option \"%s\"", o.Name).At(o.Pos())
		}
		if err != nil {
			return options, err
		}
	}
	switch {
	case timing.on && !options.analyze:
		return options, sqlstate.New(sqlstate.InvalidParameterValue, "EXPLAIN option TIMING requires ANALYZE")
	case summary.given && summary.on != options.analyze:
		return options, sqlstate.Unsupported("EXPLAIN option SUMMARY %s ANALYZE", map[bool]string{true: "without", false: "off with"}[summary.on])
	case options.codegen && options.analyze:
		return options, sqlstate.New(sqlstate.InvalidParameterValue, "EXPLAIN options CODEGEN and ANALYZE cannot be used together")
	}
	return options, nil
}

// option is a truth value that may have been given.
type option struct{ given, on bool }

// optionBool reads a truth value; a bare name means true.
func optionBool(o dialect.Option) (bool, error) {
	if !o.HasValue {
		return true, nil
	}
	switch strings.ToLower(o.Value) {
	case "true", "on", "1":
		return true, nil
	case "false", "off", "0":
		return false, nil
	}
	return false, sqlstate.New(sqlstate.SyntaxError, "%s requires a Boolean value", o.Name).At(o.Pos())
}

func explainFormat(o dialect.Option) (explain.Format, error) {
	switch strings.ToLower(o.Value) {
	case "text":
		return explain.Text, nil
	case "json":
		return explain.JSON, nil
	case "xml", "yaml":
		return explain.Text, sqlstate.Unsupported("EXPLAIN format %s", strings.ToUpper(o.Value)).At(o.Pos())
	}
	return explain.Text, sqlstate.New(sqlstate.InvalidParameterValue, "unrecognized value for EXPLAIN option \"%s\": \"%s\"", o.Name, o.Value).
		At(o.Pos())
}
