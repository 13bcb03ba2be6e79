// Package client is a client of PostgreSQL's protocol, for the commands that talk to a server: it answers a query string as
// a session of this process does, so that what prints one prints the other.
//
// It knows the simple query protocol without authentication, and nothing of what statements mean.
package client

import (
	"context"
	"io"
	"net"

	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/auth"
	"github.com/flernd/flernd/internal/wire/session"
	"github.com/flernd/flernd/internal/wire/sqlstate"
	"github.com/jackc/pgproto3/v2"
)

// copyPiece is how much COPY data a message holds at most.
const copyPiece = 1 << 20

// Client is a connection. One query runs at a time.
type Client struct {
	conn net.Conn
	*pgproto3.Frontend
}

// Connect opens a connection to a server's address.
func Connect(ctx context.Context, address string) (*Client, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, sqlstate.Wrap(err, sqlstate.ConnectionFailure, "could not connect to the server at %s", address)
	}
	c := &Client{conn, pgproto3.NewFrontend(pgproto3.NewChunkReader(conn), conn)}
	err = c.Send(&pgproto3.StartupMessage{ProtocolVersion: pgproto3.ProtocolVersionNumber,
		Parameters: map[string]string{"user": auth.User, "database": auth.Database, "application_name": "flernd"}})
	if err == nil {
		err = c.until(ctx, nil)
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return c, nil
}

// Close ends the connection.
func (c *Client) Close() error {
	_ = c.Send(&pgproto3.Terminate{}) // the server sees the socket's end too
	return c.conn.Close()
}

// Query runs a query string. An error of the server is a *sqlstate.Error.
func (c *Client) Query(ctx context.Context, sql string, out session.Output) error {
	if err := c.Send(&pgproto3.Query{String: sql}); err != nil {
		return lost(err)
	}
	return c.until(ctx, out)
}

func lost(err error) error {
	return sqlstate.Wrap(err, sqlstate.ConnectionFailure, "the connection to the server was lost")
}

// until handles messages up to the one that says that the server is ready.
func (c *Client) until(ctx context.Context, out session.Output) error {
	defer context.AfterFunc(ctx, func() { c.conn.Close() })()
	var failed error // the first error: what follows it is read and dropped
	for {
		message, err := c.Receive()
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil && failed != nil:
			return failed
		case err != nil:
			return lost(err)
		}
		switch m := message.(type) {
		case *pgproto3.ReadyForQuery:
			return failed
		case *pgproto3.ErrorResponse:
			err = errorOf(m)
		case *pgproto3.AuthenticationOk, *pgproto3.ParameterStatus, *pgproto3.BackendKeyData:
		default:
			if failed == nil {
				err = c.handle(ctx, message, out)
			}
		}
		if failed == nil {
			failed = err
		}
	}
}

// handle passes a message on.
func (c *Client) handle(ctx context.Context, message pgproto3.BackendMessage, out session.Output) error {
	if out == nil {
		return sqlstate.Unsupported("a server that asks for %T", message)
	}
	switch m := message.(type) {
	case *pgproto3.RowDescription:
		return out.Columns(columns(m))
	case *pgproto3.DataRow:
		row, err := m.Encode(nil)
		if err != nil {
			return err
		}
		return out.Rows(row, 1)
	case *pgproto3.CommandComplete:
		return out.Complete(string(m.CommandTag))
	case *pgproto3.EmptyQueryResponse:
		return out.Empty()
	case *pgproto3.NoticeResponse:
		e := pgproto3.ErrorResponse(*m)
		return out.Notice(&session.Notice{Severity: m.Severity, Error: errorOf(&e)})
	case *pgproto3.CopyInResponse:
		return c.copyIn(ctx, m, out)
	}
	return sqlstate.New(sqlstate.ProtocolViolation, "the server sent %T", message)
}

// copyIn sends what out has for a COPY; of a failure to read it the server is told.
func (c *Client) copyIn(ctx context.Context, ask *pgproto3.CopyInResponse, out session.Output) error {
	in, err := out.CopyIn(ctx, len(ask.ColumnFormatCodes), ask.OverallFormat == 1)
	for err == nil {
		var data []byte
		data, err = in()
		for len(data) > 0 && err == nil {
			n := min(len(data), copyPiece)
			if err := c.Send(&pgproto3.CopyData{Data: data[:n]}); err != nil {
				return lost(err)
			}
			data = data[n:]
		}
	}
	if err == io.EOF {
		return c.Send(&pgproto3.CopyDone{})
	}
	if sent := c.Send(&pgproto3.CopyFail{Message: err.Error()}); sent != nil {
		return lost(sent)
	}
	return err
}

func columns(m *pgproto3.RowDescription) []session.Column {
	all := make([]session.Column, len(m.Fields))
	for i, f := range m.Fields {
		all[i] = session.Column{Name: string(f.Name), Type: sqltype.Of(sqltype.Text)}
		for k := sqltype.Bool; k <= sqltype.Interval; k++ {
			if t := sqltype.Of(k); t.OID() == f.DataTypeOID {
				all[i].Type = t
			}
		}
	}
	return all
}

func errorOf(m *pgproto3.ErrorResponse) *sqlstate.Error {
	e := sqlstate.New(sqlstate.Code(m.Code), "%s", m.Message)
	if m.Detail != "" {
		e = e.WithDetail("%s", m.Detail)
	}
	if m.Hint != "" {
		e = e.WithHint("%s", m.Hint)
	}
	return e.At(int(m.Position))
}
