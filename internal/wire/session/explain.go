package session

import (
	"context"
	"strings"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// explainColumns are the columns of EXPLAIN's answer.
func explainColumns() []Column { return textColumns("QUERY PLAN") }

// explain runs EXPLAIN of a query or an INSERT. With ANALYZE it runs too, and what it writes stays.
func (s *Session) explain(ctx context.Context, call *invocation, stmt *dialect.Explain) error {
	options, codegen, err := explainOptions(stmt.Options)
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
		lines, err = s.explainSelect(ctx, &inner, target, options, codegen)
	case *dialect.Insert:
		lines, err = s.explainInsert(ctx, &inner, target, options, codegen)
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

func (s *Session) explainSelect(ctx context.Context, call *invocation, stmt *dialect.SelectStmt, options ExplainOptions, codegen bool) ([]string, error) {
	view, done, err := s.tx.view(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	plan, err := s.plan(call, stmt, view)
	if err != nil {
		return nil, err
	}
	if codegen {
		return s.generated(plan)
	}
	var run *Run
	if options.Analyze {
		how := s.runOptions()
		how.Analyze = true
		how.Out = func([]byte, int64) error { return nil }
		if run, err = s.config.Engine.Run(ctx, plan.Root, call.params, how); err != nil {
			return nil, err
		}
	}
	return s.config.Planner.Explain(plan, options, run)
}

func (s *Session) explainInsert(ctx context.Context, call *invocation, stmt *dialect.Insert, options ExplainOptions, codegen bool) ([]string, error) {
	if options.Analyze && !codegen {
		var plan *Plan
		run, err := s.append(ctx, call, stmt, appending{analyze: true, planned: func(p *Plan) { plan = p }})
		if err != nil {
			return nil, err
		}
		return s.config.Planner.Explain(plan, options, run)
	}
	view, done, err := s.tx.view(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	plan, err := s.plan(call, stmt, view)
	if err != nil {
		return nil, err
	}
	if codegen {
		return s.generated(plan)
	}
	return s.config.Planner.Explain(plan, options, nil)
}

// generated is the C text of a plan, line by line.
func (s *Session) generated(plan *Plan) ([]string, error) {
	text, err := s.config.Engine.CText(plan.Root)
	if err != nil {
		return nil, err
	}
	return strings.Split(strings.TrimRight(text, "\n"), "\n"), nil
}

// explainOptions reads the options of EXPLAIN.
func explainOptions(list []dialect.Option) (options ExplainOptions, codegen bool, err error) {
	options = ExplainOptions{Costs: true}
	timing, summary := option{}, option{}
	for _, o := range list {
		switch o.Name {
		case "analyze":
			options.Analyze, err = optionBool(o)
		case "verbose":
			options.Verbose, err = optionBool(o)
		case "costs":
			options.Costs, err = optionBool(o)
		case "timing":
			timing.given = true
			timing.on, err = optionBool(o)
		case "summary":
			summary.given = true
			summary.on, err = optionBool(o)
		case "codegen":
			codegen, err = optionBool(o)
		case "format":
			options.JSON, err = explainFormat(o)
		case "buffers", "wal", "settings", "generic_plan", "memory", "serialize":
			on := true
			if on, err = optionBool(o); on && err == nil {
				err = sqlstate.Unsupported("EXPLAIN option %s", strings.ToUpper(o.Name)).At(o.Pos())
			}
		default:
			err = sqlstate.New(sqlstate.SyntaxError, "unrecognized EXPLAIN option \"%s\"", o.Name).At(o.Pos())
		}
		if err != nil {
			return options, false, err
		}
	}
	if timing.on && !options.Analyze {
		return options, false, sqlstate.New(sqlstate.InvalidParameterValue, "EXPLAIN option TIMING requires ANALYZE")
	}
	options.Timing = timing.or(options.Analyze)
	options.Summary = summary.or(options.Analyze)
	return options, codegen, nil
}

// option is a truth value that may have been given.
type option struct{ given, on bool }

func (o option) or(otherwise bool) bool {
	if o.given {
		return o.on
	}
	return otherwise
}

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

func explainFormat(o dialect.Option) (json bool, err error) {
	switch strings.ToLower(o.Value) {
	case "text":
		return false, nil
	case "json":
		return true, nil
	case "xml", "yaml":
		return false, sqlstate.Unsupported("EXPLAIN format %s", strings.ToUpper(o.Value)).At(o.Pos())
	}
	return false, sqlstate.New(sqlstate.InvalidParameterValue, "unrecognized value for EXPLAIN option \"%s\": \"%s\"", o.Name, o.Value).
		At(o.Pos())
}
