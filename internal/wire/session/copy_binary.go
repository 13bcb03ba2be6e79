package session

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"strconv"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Programs read COPY data as text. Data in binary is turned over to the text format here, row by row, as values that clients ask for in
// binary are (transcode.go): a path for drivers that write rows in binary.

// copiesBinary tells of COPY whether its data is binary.
func copiesBinary(stmt *dialect.Copy) bool {
	for _, o := range stmt.Options {
		if o.Name == "format" {
			return o.Value == "binary"
		}
	}
	return false
}

// copySignature begins binary data; flags and the length of an extension follow it.
const (
	copySignature = "PGCOPY\n\xff\r\n\x00"
	copyHeader    = len(copySignature) + 8
)

// mostCopyRow is how many bytes a row of binary data may have.
const mostCopyRow = 1 << 30

// binaryCopy reads binary data and yields the text format.
type binaryCopy struct {
	in      CopyData
	table   string
	columns []catalog.Column

	raw    []byte // read and not yet turned over
	began  bool   // the header is behind
	ended  bool   // so is the trailer
	line   int64  // of the row at the start of raw
	column string // being read, "" for none
	out    []byte
}

func textOfBinary(in CopyData, table string, columns []catalog.Column) CopyData {
	c := &binaryCopy{in: in, table: table, columns: columns, line: 1}
	return c.next
}

// next yields the rows that the next pieces of data complete.
func (c *binaryCopy) next() ([]byte, error) {
	c.out = c.out[:0]
	for len(c.out) == 0 {
		piece, err := c.in()
		if err != nil && err != io.EOF {
			return nil, err
		}
		c.raw = append(c.raw, piece...)
		if e := c.turn(err == io.EOF); e != nil {
			return nil, c.where(e)
		}
		if err == io.EOF && len(c.out) == 0 {
			return nil, io.EOF
		}
	}
	return c.out, nil
}

// where tells an error's row and column.
func (c *binaryCopy) where(err error) error {
	if !c.began {
		return err
	}
	e := *sqlstate.Of(err)
	if c.column == "" {
		return e.WithContext("COPY %s, line %d", c.table, c.line)
	}
	return e.WithContext("COPY %s, line %d, column %s", c.table, c.line, c.column)
}

func badCopy(format string, args ...any) error {
	return sqlstate.New(sqlstate.BadCopyFileFormat, format, args...)
}

// turn turns whole rows over; at the end of the data nothing else may be left.
func (c *binaryCopy) turn(last bool) error {
	at := 0
	if !c.began {
		n, err := c.header(last)
		if err != nil || n == 0 {
			return err
		}
		at, c.began = n, true
	}
	for at < len(c.raw) {
		if c.ended {
			return badCopy("received copy data after EOF marker")
		}
		n, err := c.row(c.raw[at:])
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		if at += n; !c.ended {
			c.line++
		}
	}
	c.raw = c.raw[:copy(c.raw, c.raw[at:])]
	switch {
	case last && len(c.raw) > 0:
		return badCopy("unexpected EOF in COPY data")
	case len(c.raw) > mostCopyRow:
		return sqlstate.New(sqlstate.ProgramLimitExceeded, "a row of COPY data is longer than 1 GB")
	}
	return nil
}

// header checks what comes before the rows and tells its length, 0 if it is not all there yet.
func (c *binaryCopy) header(last bool) (int, error) {
	b := c.raw
	n := min(len(b), len(copySignature))
	if !bytes.Equal(b[:n], []byte(copySignature)[:n]) || last && n < len(copySignature) {
		return 0, badCopy("COPY file signature not recognized")
	}
	if len(b) >= len(copySignature)+4 {
		flags := binary.BigEndian.Uint32(b[len(copySignature):])
		switch {
		case flags&(1<<16) != 0:
			return 0, badCopy("invalid COPY file header (WITH OIDS)")
		case flags>>16 != 0:
			return 0, badCopy("unrecognized critical flags in COPY file header")
		}
	} else if last {
		return 0, badCopy("invalid COPY file header (missing flags)")
	}
	if len(b) < copyHeader {
		if last {
			return 0, badCopy("invalid COPY file header (missing length)")
		}
		return 0, nil
	}
	extension := int64(int32(binary.BigEndian.Uint32(b[copyHeader-4:])))
	switch {
	case extension < 0:
		return 0, badCopy("invalid COPY file header (missing length)")
	case int64(len(b)-copyHeader) >= extension:
		return copyHeader + int(extension), nil
	case last:
		return 0, badCopy("invalid COPY file header (wrong length)")
	}
	return 0, nil
}

// row turns over the row that b starts with, and tells its length, 0 if b does not have all of it.
func (c *binaryCopy) row(b []byte) (int, error) {
	if c.column = ""; len(b) < 2 {
		return 0, nil
	}
	fields := int(int16(binary.BigEndian.Uint16(b)))
	if fields == -1 {
		c.ended = true
		return 2, nil
	}
	if fields != len(c.columns) {
		return 0, badCopy("row field count is %d, expected %d", fields, len(c.columns))
	}
	length, err := c.measure(b)
	if err != nil || length == 0 {
		return 0, err
	}
	at := 2
	for i, col := range c.columns {
		c.column = col.Name
		if i > 0 {
			c.out = append(c.out, '\t')
		}
		size := int(int32(binary.BigEndian.Uint32(b[at:])))
		if at += 4; size < 0 {
			c.out = append(c.out, `\N`...)
			continue
		}
		d, err := sqltype.ParseBinary(col.Type, b[at:at+size])
		if err != nil {
			return 0, err
		}
		c.out = appendCopied(c.out, col.Type, d)
		at += size
	}
	c.out, c.column = append(c.out, '\n'), ""
	return length, nil
}

// measure is the length of the row that b starts with, 0 if b does not have all of it. Nothing is turned over before it is all there,
// so that a row in many pieces is not begun again with each.
func (c *binaryCopy) measure(b []byte) (int, error) {
	at := 2
	for _, col := range c.columns {
		c.column = col.Name
		if len(b)-at < 4 {
			return 0, nil
		}
		size := int(int32(binary.BigEndian.Uint32(b[at:])))
		switch {
		case size < -1:
			return 0, badCopy("invalid field size")
		case size > len(b)-at-4:
			return 0, nil
		}
		at += 4 + max(size, 0)
	}
	return at, nil
}

// appendCopied writes a value. Of floats any digits will do that read back as the same number: the output function's, the shortest
// by PostgreSQL's rules, take ten times as long.
func appendCopied(dst []byte, t sqltype.Type, d sqltype.Datum) []byte {
	switch {
	case t.Kind == sqltype.Vector:
		return append(appendNumbers(append(dst, '['), sqltype.Float4, d.A), ']')
	case t.Kind == sqltype.Array && t.Elem.IsFloat():
		return append(appendNumbers(append(dst, '{'), t.Elem, d.A), '}')
	case t.Kind.IsFloat():
		return appendNumbers(dst, t.Kind, []sqltype.Datum{d})
	}
	return appendCopyText(dst, sqltype.Format(t, d))
}

func appendNumbers(dst []byte, k sqltype.Kind, numbers []sqltype.Datum) []byte {
	bits := 64
	if k == sqltype.Float4 {
		bits = 32
	}
	for i, d := range numbers {
		if i > 0 {
			dst = append(dst, ',')
		}
		switch {
		case d.Null:
			dst = append(dst, "NULL"...)
		case math.IsNaN(d.F) || math.IsInf(d.F, 0):
			dst = sqltype.AppendText(dst, sqltype.Of(k), d)
		default:
			dst = strconv.AppendFloat(dst, d.F, 'g', -1, bits)
		}
	}
	return dst
}

// appendCopyText writes a field of the text format.
func appendCopyText(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			dst = append(dst, `\\`...)
		case '\t':
			dst = append(dst, `\t`...)
		case '\n':
			dst = append(dst, `\n`...)
		case '\r':
			dst = append(dst, `\r`...)
		default:
			dst = append(dst, s[i])
		}
	}
	return dst
}
