package session

import (
	"context"

	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Output takes what a statement answers, in the order of the protocol. Its methods fail only when the client is gone; a
// statement that sees such a failure ends.
type Output interface {
	// Columns announces the rows of a statement.
	Columns(columns []Column) error
	// Rows takes n whole DataRow messages. The bytes belong to the caller again when it returns; it blocks while the
	// client does not read.
	Rows(messages []byte, n int64) error
	// Complete ends a statement with its command tag.
	Complete(tag string) error
	// Empty answers a query string without a statement.
	Empty() error
	// Notice tells the client something that is no error.
	Notice(notice *Notice) error
	// CopyIn asks the client for COPY data of that many columns, as text or as bytes, and returns where to read it. Reading
	// ends when ctx does.
	CopyIn(ctx context.Context, columns int, binary bool) (CopyData, error)
}

// CopyData yields COPY data in pieces of any size, io.EOF at the end. A piece is valid until the next call.
type CopyData func() ([]byte, error)

// Column describes a result column.
type Column struct {
	Name string
	Type sqltype.Type
	// Binary is the format its values are sent in: text otherwise.
	Binary bool
}

// TypeModifier is pg_attribute.atttypmod: the modifier as the protocol tells it.
func (c Column) TypeModifier() int32 {
	if !c.Type.HasMod() {
		return -1
	}
	switch c.Type.Kind {
	case sqltype.Numeric, sqltype.Varchar, sqltype.Char:
		return c.Type.Mod + 4 // PostgreSQL counts the length word of a varlena in
	}
	return c.Type.Mod
}

// Notice is a message of a severity below error.
type Notice struct {
	Severity string // NOTICE, WARNING, INFO, LOG or DEBUG
	*sqlstate.Error
}

// Statement is what the client may learn of a prepared statement: its parameters' type OIDs and its result columns, nil
// when it returns no rows.
type Statement struct {
	Params  []uint32
	Columns []Column
}

// Binding is what Bind asks for.
type Binding struct {
	Portal, Statement string
	// ParamFormats and ResultFormats hold a format code a value, one for all, or none for text.
	ParamFormats, ResultFormats []int16
	Params                      [][]byte // nil for NULL; valid during the call
}

// TransactionStatus is the state ReadyForQuery tells.
type TransactionStatus byte

// The states of a session.
const (
	Idle    TransactionStatus = 'I' // in no transaction block
	Active  TransactionStatus = 'T' // in a transaction block
	Aborted TransactionStatus = 'E' // in a transaction block that failed
)
