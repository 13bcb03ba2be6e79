package console

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// maxFile bounds a file of SQL, which is parsed whole.
const maxFile = 64 << 20

// RunFile runs the statements of a file one by one, each a transaction of its own unless they say otherwise; "-" is the
// input. The first that fails ends it.
func (c *Console) RunFile(ctx context.Context, path string) error {
	in := c.in
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err != nil {
		return err
	}
	if len(text) > maxFile {
		return fmt.Errorf("%s is larger than %d bytes", path, maxFile)
	}
	from := source{file: path, text: string(text)}
	if path == "-" {
		from.file = "<stdin>"
	}
	stmts, err := dialect.Parse(from.text)
	if err != nil {
		return c.failed(err, from)
	}
	for _, stmt := range stmts {
		from.offset = stmt.Pos() - 1
		if err := c.run(ctx, stmt.SQL(), from); err != nil {
			return err
		}
	}
	return nil
}

// StatementError is a statement's failure that was printed.
type StatementError struct{ error }

func (e *StatementError) Unwrap() error { return e.error }

// failed prints an error and marks it as printed.
func (c *Console) failed(err error, from source) error {
	fmt.Fprint(c.err, from.describe(sqlstate.Of(err)))
	return &StatementError{err}
}
