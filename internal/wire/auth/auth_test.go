package auth

import (
	"net"
	"testing"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

func TestTrust(t *testing.T) {
	local := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 4000}
	for _, c := range []struct {
		name, user, database string
		from                 net.Addr
		want                 sqlstate.Code
	}{
		{"loopback", "flern", "flern", local, ""},
		{"loopback of IPv6", "flern", "flern", &net.TCPAddr{IP: net.IPv6loopback}, ""},
		{"mapped loopback", "flern", "flern", &net.TCPAddr{IP: net.ParseIP("::ffff:127.0.0.1")}, ""},
		{"Unix socket", "flern", "flern", &net.UnixAddr{Name: "/tmp/s", Net: "unix"}, ""},
		{"other host", "flern", "flern", &net.TCPAddr{IP: net.IPv4(10, 0, 0, 7)}, sqlstate.InvalidAuthorization},
		{"other role", "postgres", "flern", local, sqlstate.InvalidAuthorization},
		{"other database", "flern", "postgres", local, sqlstate.InvalidCatalogName},
		{"neither", "a", "b", local, sqlstate.InvalidAuthorization},
	} {
		err := Trust(c.from, c.user, c.database)
		if c.want == "" && err != nil || c.want != "" && (err == nil || sqlstate.Of(err).Code != c.want) {
			t.Errorf("%s: %v, want code %q", c.name, err, c.want)
		}
	}
}
