// Package session runs the statements of one client: it parses text, keeps the transaction and the settings, asks the
// planner for plans, the engine to run them and the store to keep what they made.
//
// It knows nothing of messages and sockets (wire) and nothing of how plans become programs (compile): the store and the
// engine reach it as the interfaces of deps.go. What it answers goes to an Output.
//
// A family of statements has a file: transaction.go, settings*.go and set.go, query.go (SELECT, INSERT), copy.go, table.go,
// model.go, explain.go, prepared.go. unique*.go keep primary keys. extended.go holds the statements and portals of the
// extended protocol; execute.go is the way of every statement.
package session
