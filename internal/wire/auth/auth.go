// Package auth decides who may connect. It knows addresses and names, nothing of the protocol or of sessions.
package auth

import (
	"net"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// The one database and the one role of a server.
const (
	Database = "flern"
	User     = "flern"
)

// Trust admits the role to the database from the machine itself, without a password.
func Trust(from net.Addr, user, database string) error {
	if !loopback(from) {
		return sqlstate.New(sqlstate.InvalidAuthorization, "no entry admits host \"%s\", user \"%s\", database \"%s\", no encryption",
			host(from), user, database).WithHint("flernd trusts connections from the machine it runs on and refuses others")
	}
	if user != User {
		return sqlstate.New(sqlstate.InvalidAuthorization, "role \"%s\" does not exist", user)
	}
	if database != Database {
		return sqlstate.New(sqlstate.InvalidCatalogName, "database \"%s\" does not exist", database)
	}
	return nil
}

// loopback reports whether the peer is this machine: a Unix socket, or an address of 127.0.0.0/8 or ::1.
func loopback(from net.Addr) bool {
	switch address := from.(type) {
	case *net.TCPAddr:
		return address.IP.IsLoopback()
	case *net.UnixAddr:
		return true
	}
	return false
}

func host(from net.Addr) string {
	if name, _, err := net.SplitHostPort(from.String()); err == nil {
		return name
	}
	return from.String()
}
