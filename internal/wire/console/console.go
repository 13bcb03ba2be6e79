// Package console runs SQL on a session of this process and prints the answers for people, as psql does, or as CSV.
//
// It knows sessions and their DataRow messages; it knows nothing of the protocol's sockets, of plans or of storage.
package console

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/flernd/flernd/internal/wire/session"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Console prints what statements answer. Make it with New.
type Console struct {
	session Runner
	out     *bufio.Writer
	err     io.Writer
	in      io.Reader
	csv     bool
	quiet   bool // no command tags

	columns []session.Column
	table   table
}

// Runner is the session a console drives.
type Runner interface {
	Query(ctx context.Context, sql string, out session.Output) error
}

// Options are how a console prints.
type Options struct {
	CSV bool
	// Quiet leaves command tags out.
	Quiet bool
}

// New makes a console. COPY FROM STDIN reads in.
func New(s Runner, in io.Reader, out, err io.Writer, options Options) *Console {
	return &Console{session: s, in: in, out: bufio.NewWriterSize(out, 64<<10), err: err,
		csv: options.CSV, quiet: options.Quiet || options.CSV}
}

// Run runs the statements of a text and prints their answers. An error is printed
// and returned as a StatementError.
func (c *Console) Run(ctx context.Context, sql string) error {
	return c.run(ctx, sql, source{text: sql})
}

// run runs the statements of a text that stands in a source.
func (c *Console) run(ctx context.Context, sql string, from source) error {
	err := c.session.Query(ctx, sql, c)
	if flushed := c.out.Flush(); err == nil && flushed != nil {
		err = flushed
	}
	c.columns = nil
	if err != nil {
		return c.failed(err, from)
	}
	return nil
}

// Columns implements session.Output.
func (c *Console) Columns(columns []session.Column) error {
	c.columns, c.table = columns, newTable(columns)
	if c.csv {
		names := make([][]byte, len(columns))
		for i, column := range columns {
			names[i] = []byte(column.Name)
		}
		return c.csvRow(names)
	}
	return nil
}

// Rows implements session.Output.
func (c *Console) Rows(messages []byte, _ int64) error {
	for row := range Values(messages) {
		if c.csv {
			if err := c.csvRow(row); err != nil {
				return err
			}
			continue
		}
		c.table.add(c.out, row)
	}
	return nil
}

// Values iterates over the values of whole DataRow messages: nil for NULL, otherwise bytes of the messages.
func Values(messages []byte) iter.Seq[[][]byte] {
	return func(yield func([][]byte) bool) {
		for len(messages) > 0 {
			size := 1 + int(binary.BigEndian.Uint32(messages[1:]))
			if !yield(decodeRow(messages[:size])) {
				return
			}
			messages = messages[size:]
		}
	}
}

// decodeRow reads the values of one DataRow message.
func decodeRow(message []byte) [][]byte {
	row := make([][]byte, binary.BigEndian.Uint16(message[5:]))
	at := 7
	for i := range row {
		size := int32(binary.BigEndian.Uint32(message[at:]))
		at += 4
		if size >= 0 {
			row[i] = message[at : at+int(size)]
			at += int(size)
		}
	}
	return row
}

// Complete implements session.Output.
func (c *Console) Complete(tag string) error {
	if c.columns != nil {
		if !c.csv {
			c.table.end(c.out)
		}
		c.columns = nil
	} else if !c.quiet {
		fmt.Fprintln(c.out, tag)
	}
	return c.out.Flush()
}

// Empty implements session.Output.
func (c *Console) Empty() error { return nil }

// Notice implements session.Output.
func (c *Console) Notice(notice *session.Notice) error {
	fmt.Fprint(c.err, describe(notice.Severity, notice.Error, ""))
	return nil
}

// CopyIn implements session.Output.
func (c *Console) CopyIn(context.Context, int, bool) (session.CopyData, error) {
	buffer := make([]byte, 1<<20)
	return func() ([]byte, error) {
		n, err := c.in.Read(buffer)
		if n > 0 {
			return buffer[:n], nil
		}
		return nil, err
	}, nil
}

// source is the text that a statement stands in, offset characters behind its start; file is its name, if it is a file's.
type source struct {
	file, text string
	offset     int
}

// Describe words an error as Run prints it.
func Describe(err error, sql string) string { return source{text: sql}.describe(sqlstate.Of(err)) }

// describe words an error with its line in the source.
func (s source) describe(e *sqlstate.Error) string {
	position := s.offset + max(e.Position, 1)
	line, column, text, ok := locate(s.text, position)
	severity, place := "ERROR", ""
	if ok && s.file != "" {
		severity = fmt.Sprintf("%s:%d: ERROR", s.file, line)
	}
	if ok && e.Position > 0 {
		prefix := fmt.Sprintf("LINE %d: ", line)
		place = fmt.Sprintf("%s%s\n%s^\n", prefix, text, strings.Repeat(" ", len(prefix)+column))
	}
	return describe(severity, e, place)
}

// describe words a message as psql does; place shows what it is about.
func describe(severity string, e *sqlstate.Error, place string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:  %s\n%s", severity, e.Message, place)
	for _, field := range []struct{ name, text string }{{"DETAIL", e.Detail}, {"HINT", e.Hint}, {"CONTEXT", e.Context}} {
		if field.text != "" {
			fmt.Fprintf(&b, "%s:  %s\n", field.name, field.text)
		}
	}
	return b.String()
}

// locate finds the line of a 1-based character position, and the position's place in it.
func locate(sql string, position int) (line, column int, text string, ok bool) {
	runes := []rune(sql)
	if position < 1 || position > len(runes)+1 {
		return 0, 0, "", false
	}
	line, start := 1, 0
	for i, r := range runes[:position-1] {
		if r == '\n' {
			line, start = line+1, i+1
		}
	}
	end := position - 1
	for end < len(runes) && runes[end] != '\n' {
		end++
	}
	text = strings.Map(func(r rune) rune {
		if r == '\t' || r == '\r' {
			return ' '
		}
		return r
	}, string(runes[start:end]))
	return line, position - 1 - start, text, true
}
