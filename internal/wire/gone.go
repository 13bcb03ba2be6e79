package wire

import (
	"context"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// goneInterval is how often clients of running statements are looked for, and how long a statement runs undisturbed: a client may
// leave without waiting for what it sent.
const goneInterval = time.Second

// watch ends the statements of clients that have gone away, until ctx ends. Nobody reads from a client while its statement runs,
// which may take long before it writes, or loop in a model without an end.
func (s *Server) watch(ctx context.Context) {
	tick := time.NewTicker(goneInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, c := range s.all() {
			if c.running.longer(goneInterval) && c.gone() {
				c.running.cancel(errGone)
			}
		}
	}
}

// all are the connections.
func (s *Server) all() []*conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*conn, 0, len(s.conns))
	for _, c := range s.conns {
		all = append(all, c)
	}
	return all
}

// gone reports whether the client has closed its end. What it sent before may not have been read.
func (c *conn) gone() bool {
	socket, ok := c.net.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return false
	}
	poll := []unix.PollFd{{Events: unix.POLLRDHUP}}
	err = raw.Control(func(fd uintptr) {
		poll[0].Fd = int32(fd)
		if _, err := unix.Poll(poll, 0); err != nil {
			poll[0].Revents = 0
		}
	})
	return err == nil && poll[0].Revents&(unix.POLLRDHUP|unix.POLLHUP|unix.POLLERR) != 0
}
