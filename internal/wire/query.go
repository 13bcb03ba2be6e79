package wire

import (
	"context"

	"github.com/jackc/pgproto3/v2"
)

// query runs a simple query: any number of statements, then ReadyForQuery.
func (c *conn) query(body []byte) {
	var message pgproto3.Query
	if err := decode(&message, body); err != nil {
		c.session.Fail()
		c.report(err)
		c.readyForQuery()
		return
	}
	out := &answer{conn: c}
	err := c.during(func(ctx context.Context) error {
		defer func() { out.copied.unwatch() }()
		return c.session.Query(ctx, message.String, out)
	})
	c.report(err)
	out.abandonCopy()
	c.readyForQuery()
}
