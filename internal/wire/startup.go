package wire

import (
	"crypto/rand"
	"encoding/binary"
	"io"
	"sort"
	"strings"
	"time"

	"github.com/flernd/flernd/internal/wire/sqlstate"
	"github.com/jackc/pgproto3/v2"
)

// Codes in place of a protocol version in the packet that opens a connection.
const (
	codeCancel = 80877102
	codeSSL    = 80877103
	codeGSS    = 80877104
)

// open reads startup packets until the client is admitted and has a session. It returns false when the connection is to
// end: refused, gone, or a cancel request that was served.
func (c *conn) open() bool {
	if err := c.net.SetDeadline(time.Now().Add(c.server.config.StartupTimeout)); err != nil {
		return false
	}
	client, err := c.greet()
	if err == nil && client != nil {
		err = c.admit(client)
	}
	if err != nil {
		c.refuse(err)
		return false
	}
	return client != nil
}

// refuse tells why the connection ends; to a client that is gone there is nothing to tell.
func (c *conn) refuse(err error) {
	var coded *sqlstate.Error
	if as(err, &coded) {
		c.sendError(severityFatal, coded)
		c.flush()
	}
}

// greet handles what comes before the startup message, and that. A nil client asked for a cancel.
func (c *conn) greet() (*Client, error) {
	for askedSSL, askedGSS := false, false; ; {
		packet, err := c.in.startup()
		if err != nil {
			return nil, err
		}
		switch code := binary.BigEndian.Uint32(packet); {
		case code == codeCancel:
			var request pgproto3.CancelRequest
			if err := decode(&request, packet); err != nil {
				return nil, err
			}
			c.server.cancel(request.ProcessID, request.SecretKey)
			return nil, nil
		case code == codeSSL && !askedSSL:
			askedSSL = true
		case code == codeGSS && !askedGSS:
			askedGSS = true
		default:
			return c.startupMessage(packet)
		}
		// Neither TLS nor GSSAPI is offered: the client goes on in the clear or leaves.
		if _, err := c.net.Write([]byte{'N'}); err != nil {
			return nil, io.ErrUnexpectedEOF
		}
	}
}

// startupMessage reads the startup message proper. A newer minor version, and protocol options (_pq_.*), are negotiated
// down as the protocol says.
func (c *conn) startupMessage(packet []byte) (*Client, error) {
	version := binary.BigEndian.Uint32(packet)
	major, minor := version>>16, version&0xffff
	if major != 3 {
		return nil, sqlstate.New(sqlstate.FeatureNotSupported,
			"unsupported frontend protocol %d.%d: server supports 3.0 to 3.0", major, minor)
	}
	binary.BigEndian.PutUint32(packet, pgproto3.ProtocolVersionNumber)
	var message pgproto3.StartupMessage
	if err := decode(&message, packet); err != nil {
		return nil, protocolError("invalid startup packet layout: expected terminator as last byte")
	}
	client := &Client{Settings: make(map[string]string)}
	var unknown []string
	for name, value := range message.Parameters {
		switch {
		case name == "user":
			client.User = value
		case name == "database":
			client.Database = value
		case name == "replication":
			if on := strings.ToLower(value); on != "false" && on != "off" && on != "no" && on != "0" {
				return nil, sqlstate.Unsupported("a replication connection")
			}
		case name == "options":
			if err := commandLine(value, client.Settings); err != nil {
				return nil, err
			}
		case strings.HasPrefix(name, "_pq_."):
			unknown = append(unknown, name)
		}
	}
	for name, value := range message.Parameters { // after options, which they override
		switch name {
		case "user", "database", "replication", "options":
		default:
			if !strings.HasPrefix(name, "_pq_.") {
				client.Settings[name] = value
			}
		}
	}
	if client.User == "" {
		return nil, sqlstate.New(sqlstate.InvalidAuthorization, "no PostgreSQL user name specified in startup packet")
	}
	if client.Database == "" {
		client.Database = client.User
	}
	if minor > 0 || len(unknown) > 0 {
		sort.Strings(unknown)
		c.send(negotiate(unknown))
	}
	return client, nil
}

// negotiate is NegotiateProtocolVersion, which pgproto3 lacks: the newest minor version, and the options not known.
type negotiate []string

// Encode implements encoder.
func (n negotiate) Encode(dst []byte) ([]byte, error) {
	body := binary.BigEndian.AppendUint32(nil, 0)
	body = binary.BigEndian.AppendUint32(body, uint32(len(n)))
	for _, option := range n {
		body = append(append(body, option...), 0)
	}
	dst = append(dst, 'v')
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(body)+4))
	return append(dst, body...), nil
}

// commandLine reads the startup parameter "options": -c name=value and --name=value, a backslash escaping a blank.
func commandLine(text string, settings map[string]string) error {
	words := splitOptions(text)
	for i := 0; i < len(words); i++ {
		word := words[i]
		assignment, long := strings.CutPrefix(word, "--")
		if !long {
			var short bool
			if assignment, short = strings.CutPrefix(word, "-c"); !short {
				return sqlstate.New(sqlstate.SyntaxError, "invalid command-line argument for server process: %s", word)
			}
			if assignment == "" {
				if i++; i == len(words) {
					return sqlstate.New(sqlstate.SyntaxError, "invalid command-line argument for server process: %s", word)
				}
				assignment = words[i]
			}
		}
		name, value, ok := strings.Cut(assignment, "=")
		if !ok {
			return sqlstate.New(sqlstate.SyntaxError, "-c %s requires a value", assignment)
		}
		if long {
			name = strings.ReplaceAll(name, "-", "_")
		}
		settings[name] = value
	}
	return nil
}

func splitOptions(text string) []string {
	var words []string
	var word []byte
	inWord := false
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case b == '\\' && i+1 < len(text):
			i++
			word, inWord = append(word, text[i]), true
		case b == ' ' || b == '\t' || b == '\n' || b == '\r' || b == '\f' || b == '\v':
			if inWord {
				words = append(words, string(word))
			}
			word, inWord = word[:0], false
		default:
			word, inWord = append(word, b), true
		}
	}
	if inWord {
		words = append(words, string(word))
	}
	return words
}

// admit lets the client in: authentication, a session, the settings it follows, the key to cancel with.
func (c *conn) admit(client *Client) error {
	if err := c.server.config.Admit(c.net.RemoteAddr(), client.User, client.Database); err != nil {
		return err
	}
	if c.stopping() {
		return sqlstate.New(sqlstate.CannotConnectNow, "the database system is shutting down")
	}
	if err := c.server.enter(); err != nil {
		return err
	}
	c.entered = true
	opened, err := c.server.config.NewSession(*client)
	if err != nil {
		return err
	}
	c.session = opened
	var secret [4]byte
	if _, err := rand.Read(secret[:]); err != nil {
		return err
	}
	c.secret = binary.BigEndian.Uint32(secret[:])
	c.send(&pgproto3.AuthenticationOk{})
	c.sendSettings()
	c.send(&pgproto3.BackendKeyData{ProcessID: c.process, SecretKey: c.secret})
	c.ready.Store(true)
	if err := c.net.SetDeadline(time.Time{}); err != nil {
		return err
	}
	if c.stopping() { // the deadline that stop set may just have been taken back
		return errShutdown
	}
	c.readyForQuery()
	return nil
}
