package wire

import (
	"context"

	"github.com/flernd/flernd/internal/wire/session"
	"github.com/jackc/pgproto3/v2"
)

// extended runs a message of the extended protocol; after an error the following ones are dropped up to Sync.
func (c *conn) extended(handler func(ctx context.Context, body []byte) error, body []byte) {
	err := c.during(func(ctx context.Context) error { return handler(ctx, body) })
	if err != nil {
		c.report(err)
		c.skipping = true
	}
}

// refused decodes a message, failing the transaction if it cannot be.
func (c *conn) refused(message pgproto3.Message, body []byte) error {
	err := decode(message, body)
	if err != nil {
		c.session.Fail()
	}
	return err
}

func (c *conn) parse(ctx context.Context, body []byte) error {
	var message pgproto3.Parse
	if err := c.refused(&message, body); err != nil {
		return err
	}
	if err := c.session.Parse(ctx, message.Name, message.Query, message.ParameterOIDs); err != nil {
		return err
	}
	c.send(&pgproto3.ParseComplete{})
	return nil
}

func (c *conn) bind(ctx context.Context, body []byte) error {
	var message pgproto3.Bind
	if err := c.refused(&message, body); err != nil {
		return err
	}
	if err := c.session.Bind(ctx, session.Binding{
		Portal:        message.DestinationPortal,
		Statement:     message.PreparedStatement,
		ParamFormats:  message.ParameterFormatCodes,
		Params:        message.Parameters,
		ResultFormats: message.ResultFormatCodes,
	}); err != nil {
		return err
	}
	c.send(&pgproto3.BindComplete{})
	return nil
}

func (c *conn) describe(ctx context.Context, body []byte) error {
	var message pgproto3.Describe
	if err := c.refused(&message, body); err != nil {
		return err
	}
	var columns []session.Column
	switch message.ObjectType {
	case 'S':
		statement, err := c.session.DescribeStatement(ctx, message.Name)
		if err != nil {
			return err
		}
		c.send(&pgproto3.ParameterDescription{ParameterOIDs: statement.Params})
		columns = statement.Columns
	case 'P':
		described, err := c.session.DescribePortal(ctx, message.Name)
		if err != nil {
			return err
		}
		columns = described
	default:
		c.session.Fail()
		return protocolError("invalid DESCRIBE message subtype %d", message.ObjectType)
	}
	if columns == nil {
		c.send(&pgproto3.NoData{})
	} else {
		c.send(rowDescription(columns))
	}
	return nil
}

func (c *conn) execute(ctx context.Context, body []byte) error {
	var message pgproto3.Execute
	if err := c.refused(&message, body); err != nil {
		return err
	}
	limit := int64(int32(message.MaxRows))
	if limit < 0 { // PostgreSQL takes any limit that is not positive for none
		limit = 0
	}
	out := &answer{conn: c, silent: true}
	suspended, err := c.session.Execute(ctx, message.Portal, limit, out)
	if err != nil {
		out.abandonCopy()
		return err
	}
	if suspended {
		c.send(&pgproto3.PortalSuspended{})
	}
	return nil
}

func (c *conn) closeNamed(_ context.Context, body []byte) error {
	var message pgproto3.Close
	if err := c.refused(&message, body); err != nil {
		return err
	}
	switch message.ObjectType {
	case 'S':
		c.session.CloseStatement(message.Name)
	case 'P':
		c.session.ClosePortal(message.Name)
	default:
		c.session.Fail()
		return protocolError("invalid CLOSE message subtype %d", message.ObjectType)
	}
	c.send(&pgproto3.CloseComplete{})
	return nil
}

// sync ends a cycle of the extended protocol.
func (c *conn) sync() {
	c.skipping = false
	c.report(c.during(c.session.Sync))
	c.readyForQuery()
}
