package session

import (
	"encoding/binary"

	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Programs print every type as text, and those of engineBinary in binary too. Values of other types that a client asks
// for in binary are printed as text by the program and turned over here, row by row: a path for drivers that ask for
// binary dates and numerics, not for bulk.

// engineBinary tells the types that programs print in binary.
func engineBinary(t sqltype.Type) bool {
	switch t.Kind {
	case sqltype.Bool, sqltype.Int2, sqltype.Int4, sqltype.Int8, sqltype.Float4, sqltype.Float8,
		sqltype.Text, sqltype.Varchar, sqltype.Char, sqltype.Vector:
		return true
	case sqltype.Array:
		return engineBinary(t.Element())
	}
	return false
}

// canBinary tells the types that may be asked for in binary.
func canBinary(t sqltype.Type) bool {
	switch t.Kind {
	case sqltype.Numeric, sqltype.Date, sqltype.Timestamp, sqltype.Interval:
		return true
	case sqltype.Array:
		return canBinary(t.Element())
	}
	return engineBinary(t)
}

// transcoding stands between the engine and the client where some columns have to be turned over.
type transcoding struct {
	formats []int16 // what to ask the engine for
	rows    func(messages []byte, n int64) error

	columns []Column
	turn    []bool // columns that come as text and go as binary
	buffer  []byte
}

// transcoder prepares the way of rows of these columns to next.
func transcoder(columns []Column, next func([]byte, int64) error) *transcoding {
	t := &transcoding{rows: next, columns: columns, turn: make([]bool, len(columns))}
	needed := false
	for i, column := range columns {
		if !column.Binary {
			continue
		}
		if t.formats == nil {
			t.formats = make([]int16, len(columns))
		}
		if engineBinary(column.Type) {
			t.formats[i] = 1
		} else {
			t.turn[i], needed = true, true
		}
	}
	if needed {
		t.rows = func(messages []byte, n int64) error {
			if err := t.translate(messages); err != nil {
				return err
			}
			return next(t.buffer, n)
		}
	}
	return t
}

// translate writes messages to t.buffer with the values of some columns turned over.
func (t *transcoding) translate(messages []byte) error {
	t.buffer = t.buffer[:0]
	for at := 0; at < len(messages); {
		end := at + 1 + int(binary.BigEndian.Uint32(messages[at+1:]))
		start := len(t.buffer)
		t.buffer = append(t.buffer, messages[at:at+7]...)
		at += 7
		for i := range t.columns {
			size := int32(binary.BigEndian.Uint32(messages[at:]))
			value := messages[at+4 : at+4+max(0, int(size))]
			if t.turn[i] && size >= 0 {
				if err := t.value(t.columns[i].Type, value); err != nil {
					return err
				}
			} else {
				t.buffer = append(t.buffer, messages[at:at+4+len(value)]...)
			}
			at += 4 + len(value)
		}
		if at != end {
			return sqlstate.New(sqlstate.InternalError, "a row of the program does not have the columns of its plan")
		}
		binary.BigEndian.PutUint32(t.buffer[start+1:], uint32(len(t.buffer)-start-1))
	}
	return nil
}

// value appends a value's length and binary form.
func (t *transcoding) value(typ sqltype.Type, text []byte) error {
	datum, err := sqltype.Parse(typ, string(text))
	if err != nil {
		return err
	}
	at := len(t.buffer)
	t.buffer, err = sqltype.AppendBinary(append(t.buffer, 0, 0, 0, 0), typ, datum)
	if err != nil {
		return err
	}
	binary.BigEndian.PutUint32(t.buffer[at:], uint32(len(t.buffer)-at-4))
	return nil
}
