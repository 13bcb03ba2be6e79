package instance

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// TestArrivingModels: files of models that come in together are bounded, and their bytes are given back when their statements end.
func TestArrivingModels(t *testing.T) {
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	s := serveWith(t, Options{DataDir: filepath.Join(t.TempDir(), "db"), MemoryLimit: 32 << 20})
	defer s.end()
	send := func(in io.Reader) string {
		_, err := s.connect(ctx).PgConn().CopyFrom(ctx, in, "copy model m from stdin")
		var refused *pgconn.PgError
		if !errors.As(err, &refused) {
			t.Fatalf("a file of zeros: %v", err)
		}
		return refused.Code
	}
	zeros := func(n int) []byte { return make([]byte, n) }
	const noModel = "22023"
	if got := send(bytes.NewReader(zeros(15 << 20))); got != noModel {
		t.Errorf("15 MB alone: %s", got)
	}
	if got := send(bytes.NewReader(zeros(17 << 20))); got != "53200" {
		t.Errorf("17 MB alone: %s", got)
	}
	in, out := io.Pipe()
	first := make(chan string)
	go func() { first <- send(in) }()
	if _, err := out.Write(zeros(12 << 20)); err != nil {
		t.Fatal(err)
	}
	held := func(most int64) bool {
		s.store.arriving.mu.Lock()
		defer s.store.arriving.mu.Unlock()
		return s.store.arriving.held <= most
	}
	for held(11 << 20) {
		time.Sleep(time.Millisecond)
	}
	if got := send(bytes.NewReader(zeros(8 << 20))); got != "53200" {
		t.Errorf("8 MB beside 12: %s", got)
	}
	if got := send(bytes.NewReader(zeros(1 << 20))); got != noModel {
		t.Errorf("1 MB beside 12: %s", got)
	}
	out.Close()
	if got := <-first; got != noModel {
		t.Errorf("12 MB: %s", got)
	}
	for !held(0) {
		time.Sleep(time.Millisecond)
	}
}
