package wire

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// TestPgx drives the server with a client that others wrote.
func TestPgx(t *testing.T) {
	ts := startServer(t, nil)
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	defer stop()
	c, err := pgx.Connect(ctx, fmt.Sprintf("postgres://flern@%s/flern?application_name=test&sslmode=prefer", ts.address))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	if v := c.PgConn().ParameterStatus("server_version"); v != "15.0" {
		t.Errorf("server_version %q", v)
	}
	results, err := c.PgConn().Exec(ctx, "rows 42").ReadAll()
	if err != nil || len(results) != 1 || string(results[0].Rows[0][0]) != "42" || results[0].CommandTag.String() != "SELECT 1" {
		t.Errorf("simple query: %+v, %v", results, err)
	}
	result := c.PgConn().ExecParams(ctx, "rows 7", [][]byte{[]byte("1")}, nil, nil, nil).Read()
	if result.Err != nil || len(result.Rows) != 1 || string(result.Rows[0][0]) != "7" {
		t.Errorf("extended query: %+v", result)
	}
	_, err = c.PgConn().Exec(ctx, "error").ReadAll()
	var problem *pgconn.PgError
	if !errors.As(err, &problem) || problem.Code != "42601" || problem.Position != 7 {
		t.Errorf("error: %v", err)
	}
	tag, err := c.PgConn().CopyFrom(ctx, strings.NewReader(strings.Repeat("1,2\n", 100_000)), "copy")
	if err != nil || tag.String() != "COPY 1" || ts.copied.Load() != 400_000 {
		t.Errorf("copy: %v, %v, %d bytes", tag, err, ts.copied.Load())
	}
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	if _, err := c.PgConn().Exec(short, "wait").ReadAll(); err == nil {
		t.Error("a statement outlived its context")
	}
}
