package session

import (
	"context"
	"io"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// copyPiece is how much of a file is read at a time.
const copyPiece = 1 << 20

// copy runs COPY FROM. Every check of the statement comes before the client is asked for data.
func (s *Session) copy(ctx context.Context, call *invocation, stmt *dialect.Copy) (tag string, err error) {
	if !stmt.From {
		return "", sqlstate.Unsupported("COPY TO").At(stmt.Pos())
	}
	var source func(view *view) (CopyData, error)
	switch stmt.Target {
	case dialect.CopyStdin:
		source = func(view *view) (CopyData, error) {
			columns, err := copyColumns(view, stmt)
			if err != nil {
				return nil, err
			}
			in, err := call.out.CopyIn(ctx, len(columns), copiesBinary(stmt))
			return asText(interruptible(ctx, in), stmt, columns), err
		}
	case dialect.CopyFile:
		in, closeFile, err := s.copyFile(ctx, stmt)
		if err != nil {
			return "", err
		}
		defer closeFile()
		source = func(view *view) (CopyData, error) {
			columns, err := copyColumns(view, stmt)
			return asText(in, stmt, columns), err
		}
	default:
		return "", sqlstate.Unsupported("COPY FROM PROGRAM").At(stmt.FileLoc.Pos())
	}
	_, run, err := s.append(ctx, call, stmt, source)
	if err != nil {
		return "", err
	}
	return rowsTag("COPY ", run.Rows), nil
}

// copyColumns are the columns that the data has.
func copyColumns(view *view, stmt *dialect.Copy) ([]catalog.Column, error) {
	t, ok := view.Table(stmt.Table.Schema, stmt.Table.Name)
	if !ok {
		return nil, sqlstate.New(sqlstate.UndefinedTable, "relation \"%s\" does not exist", stmt.Table.String()).At(stmt.Table.Pos())
	}
	if len(stmt.Columns) == 0 {
		return t.Columns, nil
	}
	columns := make([]catalog.Column, 0, len(stmt.Columns))
	for _, name := range stmt.Columns {
		for _, c := range t.Columns {
			if c.Name == name.Text {
				columns = append(columns, c)
			}
		}
	}
	return columns, nil
}

// asText turns data of the statement's format into what programs read.
func asText(in CopyData, stmt *dialect.Copy, columns []catalog.Column) CopyData {
	if copiesBinary(stmt) {
		return textOfBinary(in, stmt.Table.Name, columns)
	}
	return in
}

// interruptible makes a source of data that ends when ctx does.
func interruptible(ctx context.Context, in CopyData) CopyData {
	return func() ([]byte, error) {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return in()
	}
}

// copyFile opens the file of COPY FROM 'file'.
func (s *Session) copyFile(ctx context.Context, stmt *dialect.Copy) (in CopyData, closeFile func(), err error) {
	if s.config.CopyDir == "" {
		return nil, nil, sqlstate.New(sqlstate.InsufficientPrivilege, "COPY from a file of the server is not allowed").
			WithHint("COPY ... FROM STDIN takes the data from the client, as psql's \\copy does; the server's option --copy-dir opens a directory.").
			At(stmt.FileLoc.Pos())
	}
	file, err := openUnder(s.config.CopyDir, stmt.File)
	if err != nil {
		return nil, nil, sqlstate.Of(err).At(stmt.FileLoc.Pos())
	}
	buffer := make([]byte, copyPiece)
	read := func() ([]byte, error) {
		n, err := file.Read(buffer)
		switch {
		case n > 0:
			return buffer[:n], nil
		case err == io.EOF:
			return nil, io.EOF
		case err != nil:
			return nil, sqlstate.Wrap(err, sqlstate.IOError, "could not read from COPY file")
		}
		return nil, nil
	}
	return interruptible(ctx, read), func() { file.Close() }, nil
}
