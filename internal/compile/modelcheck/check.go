package modelcheck

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/flernd/flernd/internal/compile"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Options are how cases are checked.
type Options struct {
	Tier string // fast or best
	// Progress is told of every case that is done.
	Progress func(done, total int, r *Result)
}

// Result is the outcome of one case.
type Result struct {
	Case     string `json:"case"`
	Operator string `json:"operator"`
	Passed   bool   `json:"passed"`
	// Reason is why it failed; Code its SQLSTATE, "" where a result was wrong or the case unreadable.
	Reason string `json:"reason,omitempty"`
	Code   string `json:"code,omitempty"`
	// Constants is the number of inputs that were bound as constants; Folded tells that no input was left.
	Constants int           `json:"constants,omitempty"`
	Folded    bool          `json:"folded,omitempty"`
	Took      time.Duration `json:"took_ns"`
}

// Run checks the cases of a folder. Only a context's end and a folder without cases are errors.
func Run(ctx context.Context, engine *compile.Engine, files fs.FS, opt Options) (*Report, error) {
	dirs, err := find(files)
	if err != nil {
		return nil, err
	}
	report := &Report{}
	for i, d := range dirs {
		began := time.Now()
		r := &Result{Case: d, Operator: "(unreadable)"}
		err := guarded(func() error { return check(ctx, engine, opt, files, d, r) })
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		r.Passed, r.Took = err == nil, time.Since(began)
		if err != nil {
			r.Reason = err.Error()
			var coded *sqlstate.Error
			if errors.As(err, &coded) {
				r.Code = string(coded.Code)
			}
		}
		report.Results = append(report.Results, r)
		if opt.Progress != nil {
			opt.Progress(i+1, len(dirs), r)
		}
	}
	return report, nil
}

// guarded makes a panic the error of its case.
func guarded(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = sqlstate.New(sqlstate.InternalError, "panic: %v", r)
		}
	}()
	return f()
}

func check(ctx context.Context, engine *compile.Engine, opt Options, files fs.FS, dir string, r *Result) error {
	c, err := readCase(files, dir)
	if err != nil {
		return err
	}
	r.Operator = c.operator()
	for _, set := range c.sets {
		if err := checkSet(ctx, engine, opt, c, set, r); err != nil {
			return err
		}
	}
	return nil
}

func checkSet(ctx context.Context, engine *compile.Engine, opt Options, c *testCase, set string, r *Result) error {
	inputs, err := c.data(set, "input", c.description.Inputs)
	if err != nil {
		return err
	}
	want, err := c.data(set, "output", c.description.Outputs)
	if err != nil {
		return err
	}
	g, bound, err := importFor(c, inputs)
	if err != nil {
		return err
	}
	r.Constants, r.Folded = bound, len(g.Inputs) == 0
	rows, err := run(ctx, engine, opt.Tier, g, tensorsOf(c.description.Inputs, inputs))
	if err != nil {
		return err
	}
	expected := tensorsOf(c.description.Outputs, want)
	if len(g.Outputs) != len(expected) {
		return fmt.Errorf("there are %d outputs, not %d", len(g.Outputs), len(expected))
	}
	for _, got := range rows {
		for i, o := range g.Outputs {
			if expected[o.Name] == nil {
				return fmt.Errorf("there is no output %q", o.Name)
			}
			if diff := differs(got[i], expected[o.Name]); diff != "" {
				return fmt.Errorf("output %q: %s", o.Name, strings.ToValidUTF8(diff, "?"))
			}
		}
	}
	return nil
}
