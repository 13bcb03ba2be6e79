// Package sqlstate holds the coded error that every layer of flernd returns to a client.
//
// It is a leaf: it knows nothing of SQL text, plans or the protocol, so that storage, planner, compiler and wire can all
// speak of errors in the same words. Codes are PostgreSQL's (Appendix A of its manual).
package sqlstate

import (
	"errors"
	"fmt"
)

// Code is a five-character SQLSTATE.
type Code string

// The codes flernd raises. Add one here before using it: a code is never spelled at the place that raises it.
const (
	SuccessfulCompletion        Code = "00000"
	Warning                     Code = "01000"
	ConnectionFailure           Code = "08006"
	ProtocolViolation           Code = "08P01"
	FeatureNotSupported         Code = "0A000"
	DataException               Code = "22000"
	StringDataRightTruncation   Code = "22001"
	NumericValueOutOfRange      Code = "22003"
	ArrayElementError           Code = "2202E"
	NullValueNotAllowed         Code = "22004"
	InvalidDatetimeFormat       Code = "22007"
	DatetimeFieldOverflow       Code = "22008"
	InvalidTimeZoneDisplacement Code = "22009"
	SubstringError              Code = "22011"
	IntervalFieldOverflow       Code = "22015"
	DivisionByZero              Code = "22012"
	InvalidEscapeSequence       Code = "22025"
	CharacterNotInRepertoire    Code = "22021"
	InvalidParameterValue       Code = "22023"
	InvalidRowCountInLimit      Code = "2201W"
	InvalidRowCountInOffset     Code = "2201X"
	InvalidTextRepresentation   Code = "22P02"
	BadCopyFileFormat           Code = "22P04"
	InvalidBinaryRepresent      Code = "22P03"
	NotNullViolation            Code = "23502"
	UniqueViolation             Code = "23505"
	ActiveSQLTransaction        Code = "25001"
	NoActiveSQLTransaction      Code = "25P01"
	InFailedSQLTransaction      Code = "25P02"
	ReadOnlySQLTransaction      Code = "25006"
	InvalidSQLStatementName     Code = "26000"
	InvalidAuthorization        Code = "28000"
	InvalidCursorName           Code = "34000"
	InvalidCatalogName          Code = "3D000"
	InvalidSchemaName           Code = "3F000"
	SerializationFailure        Code = "40001"
	InsufficientPrivilege       Code = "42501"
	SyntaxError                 Code = "42601"
	AmbiguousColumn             Code = "42702"
	AmbiguousFunction           Code = "42725"
	AmbiguousParameter          Code = "42P08"
	AmbiguousAlias              Code = "42P09"
	UndefinedColumn             Code = "42703"
	UndefinedTable              Code = "42P01"
	UndefinedParameter          Code = "42P02"
	DuplicateCursor             Code = "42P03"
	DuplicateTable              Code = "42P07"
	DuplicateColumn             Code = "42701"
	DuplicateAlias              Code = "42712"
	DuplicatePreparedStatement  Code = "42P05"
	DuplicateObject             Code = "42710"
	DuplicateFunction           Code = "42723"
	UndefinedObject             Code = "42704"
	UndefinedFunction           Code = "42883"
	GroupingError               Code = "42803"
	WindowingError              Code = "42P20"
	DatatypeMismatch            Code = "42804"
	WrongObjectType             Code = "42809"
	CannotCoerce                Code = "42846"
	IndeterminateDatatype       Code = "42P18"
	InvalidColumnReference      Code = "42P10"
	InvalidTableDefinition      Code = "42P16"
	InvalidName                 Code = "42602"
	InsufficientResources       Code = "53000"
	DiskFull                    Code = "53100"
	OutOfMemory                 Code = "53200"
	TooManyConnections          Code = "53300"
	ConfigurationLimit          Code = "53400"
	ProgramLimitExceeded        Code = "54000"
	StatementTooComplex         Code = "54001"
	TooManyColumns              Code = "54011"
	TooManyArguments            Code = "54023"
	ObjectNotInState            Code = "55000"
	ObjectInUse                 Code = "55006"
	CantChangeRuntimeParam      Code = "55P02"
	LockNotAvailable            Code = "55P03"
	QueryCanceled               Code = "57014"
	AdminShutdown               Code = "57P01"
	CrashShutdown               Code = "57P02"
	CannotConnectNow            Code = "57P03"
	SystemError                 Code = "58000"
	IOError                     Code = "58030"
	UndefinedFile               Code = "58P01"
	InternalError               Code = "XX000"
	DataCorrupted               Code = "XX001"
)

// Error is an error with everything ErrorResponse can carry.
type Error struct {
	Code    Code
	Message string
	Detail  string
	Hint    string
	// Position is the 1-based character offset into the statement's text, 0 when there is none.
	Position int
	// Context tells where data went wrong ("COPY data, line 3, column c1").
	Context string
	cause   error
}

func (e *Error) Error() string { return e.Message }

// Unwrap returns the error that caused this one, if any.
func (e *Error) Unwrap() error { return e.cause }

// New makes an error whose message follows PostgreSQL's style: lower case, no final stop.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Wrap codes err: the message becomes "<format>: <err>".
func Wrap(err error, code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...) + ": " + err.Error(), cause: err}
}

// Unsupported is the one way to say that something is valid SQL which flernd lacks.
func Unsupported(format string, args ...any) *Error {
	return New(FeatureNotSupported, format+" is not supported", args...)
}

// At returns e with its position set, unless it has one.
func (e *Error) At(pos int) *Error {
	if e.Position == 0 {
		e.Position = pos
	}
	return e
}

// WithDetail returns e with its detail line set.
func (e *Error) WithDetail(format string, args ...any) *Error {
	e.Detail = fmt.Sprintf(format, args...)
	return e
}

// WithHint returns e with its hint set.
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint = fmt.Sprintf(format, args...)
	return e
}

// WithContext returns e with its context line set.
func (e *Error) WithContext(format string, args ...any) *Error {
	e.Context = fmt.Sprintf(format, args...)
	return e
}

// Of returns err as a coded error; one without a code becomes an internal error.
func Of(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Code: InternalError, Message: err.Error(), cause: err}
}
