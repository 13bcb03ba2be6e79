// Package wire serves the PostgreSQL protocol, version 3.0: it turns messages into calls on a Session and what a Session
// answers into messages.
//
// It knows nothing of SQL text, plans, storage or C: a statement is a string, rows are finished DataRow messages. It is the
// only package that imports pgproto3, whose decoders run here behind a reader that bounds what a client may make the server
// hold (reader.go), and behind a recover (a client's bytes end a connection, never the server).
//
// Files by what they do: server.go accepts and shuts down; startup.go opens a connection; conn.go is a connection's loop;
// query.go, extended.go and copy.go are the three ways to run statements; gone.go ends those of clients that left; errors.go and
// output.go print answers.
package wire
