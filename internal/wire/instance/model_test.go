package instance

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// TestModelFromClient sends the file of a model: as a parameter in both formats, and as COPY data.
func TestModelFromClient(t *testing.T) {
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	s := serve(t, filepath.Join(t.TempDir(), "db"))
	defer s.end()
	c := s.connect(ctx)
	file, err := os.ReadFile("../../../testdata/models/classifier.onnx")
	if err != nil {
		t.Fatal(err)
	}
	const bytea, integer = 17, 23
	for i, how := range []struct {
		value  []byte
		format int16
		oids   []uint32
		code   string
	}{
		{file, 1, nil, ""},
		{file, 1, []uint32{bytea}, ""},
		{[]byte(`\x` + hex.EncodeToString(file)), 0, []uint32{0}, ""},
		{file[:50], 1, nil, "22023"},
		{[]byte(`\x0`), 0, nil, "22023"},
		{nil, 1, nil, "22004"},
		{[]byte{0, 0, 0, 1}, 1, []uint32{integer}, "42804"},
		{nil, 1, []uint32{bytea, integer}, "42P02"},
	} {
		result := c.PgConn().ExecParams(ctx, fmt.Sprintf("create model m%d from $1", i), [][]byte{how.value}, how.oids, []int16{how.format}, nil).Read()
		var problem *pgconn.PgError
		if errors.As(result.Err, &problem) != (how.code != "") || problem != nil && problem.Code != how.code {
			t.Errorf("%d: got %v, want %q", i, result.Err, how.code)
		}
		if how.code == "" {
			if got := text(ctx, c, fmt.Sprintf("select m%d(5.1, 3.5, 1.4, 0.2)", i)); got != "0" {
				t.Errorf("m%d: %s", i, got)
			}
		}
	}
	result := c.PgConn().ExecParams(ctx, "select $1", [][]byte{file}, []uint32{bytea}, nil, nil).Read()
	if result.Err == nil {
		t.Error("a parameter of type bytea in a query")
	}
	in, err := os.Open("../../../testdata/models/classifier.onnx")
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	for i, sql := range []string{"copy model m from stdin with (nulls = 'error')", "copy model m from stdin"} {
		if _, err := in.Seek(0, 0); err != nil {
			t.Fatal(err)
		}
		if tag, err := c.PgConn().CopyFrom(ctx, in, sql); err != nil || tag.String() != "CREATE MODEL" {
			t.Fatal(tag, err)
		}
		if got, want := text(ctx, c, "select version, nulls from flern.models where name = 'm'"), []string{"1|error", "2|default"}[i]; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	// What is checked before the client is asked for data leaves the connection in step.
	if _, err := c.PgConn().CopyFrom(ctx, in, "copy model sum from stdin"); err == nil {
		t.Error("a model with the name of a function")
	}
	if got := text(ctx, c, "select m(5.1, 3.5, 1.4, 0.2)"); got != "0" {
		t.Error(got)
	}
}

// TestModelsKept: in memory are the versions that calls mean, and none that was rolled back.
func TestModelsKept(t *testing.T) {
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	s := serve(t, filepath.Join(t.TempDir(), "db"))
	defer s.end()
	c := s.connect(ctx)
	for _, line := range []struct {
		sql  string
		want int
	}{
		{"create model m from 'classifier.onnx'", 1},
		{"create or replace model m from 'classifier.onnx'; create model n from 'classifier.onnx'", 2},
		{"begin; create model o from 'classifier.onnx'; select o(1, 2, 3, 4)", 3},
		{"rollback", 2},
		{"begin; create model o from 'classifier.onnx'; create model o from 'classifier.onnx'", 2},
		{"rollback", 2},
		{"alter model m set version 1", 1},
		{"select m(1, 2, 3, 4)", 2},
		{"alter model m rename to o; select o(1, 2, 3, 4)", 2},
		{"drop model o", 1},
	} {
		text(ctx, c, line.sql)
		s.store.models.mu.Lock()
		got := len(s.store.models.loaded)
		s.store.models.mu.Unlock()
		if got != line.want {
			t.Errorf("after %s: %d models are in memory, want %d", line.sql, got, line.want)
		}
	}
}
