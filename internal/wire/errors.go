package wire

import (
	"strings"

	"github.com/flernd/flernd/internal/wire/session"
	"github.com/flernd/flernd/internal/wire/sqlstate"
	"github.com/jackc/pgproto3/v2"
)

// Severities of an ErrorResponse.
const (
	severityError = "ERROR"
	severityFatal = "FATAL" // the connection ends
)

// sendError queues an ErrorResponse.
func (c *conn) sendError(severity string, err error) {
	c.send(response(severity, sqlstate.Of(err)))
}

func (c *conn) sendNotice(notice *session.Notice) {
	message := pgproto3.NoticeResponse(*response(notice.Severity, notice.Error))
	c.send(&message)
}

func response(severity string, e *sqlstate.Error) *pgproto3.ErrorResponse {
	return &pgproto3.ErrorResponse{
		Severity:            severity,
		SeverityUnlocalized: severity,
		Code:                string(e.Code),
		Message:             clean(e.Message),
		Detail:              clean(e.Detail),
		Hint:                clean(e.Hint),
		Position:            int32(e.Position),
		Where:               clean(e.Context),
	}
}

// clean takes out what would end a field early: messages quote what clients sent.
func clean(text string) string {
	if strings.IndexByte(text, 0) < 0 {
		return text
	}
	return strings.ReplaceAll(text, "\x00", "")
}

// protocolError says that a message cannot be what it claims to be.
func protocolError(format string, args ...any) *sqlstate.Error {
	return sqlstate.New(sqlstate.ProtocolViolation, format, args...)
}
