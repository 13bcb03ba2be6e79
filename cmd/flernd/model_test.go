package main

import (
	"bufio"
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/compile/crt"
)

const testModels = "../../testdata/models/"

// TestModelCommand registers files on a server and in a data directory, and lists them.
func TestModelCommand(t *testing.T) {
	if _, err := crt.Executor("baseline"); err != nil {
		t.Skip(err)
	}
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	dir := filepath.Join(t.TempDir(), "db")
	server := flernd(ctx, "serve", "--data-dir", dir, "--listen", "127.0.0.1:0")
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	_, port, ready := strings.Cut(strings.TrimSpace(line), "ready on 127.0.0.1:")
	if !ready {
		t.Fatalf("the server said %q, %v", line, err)
	}
	at := func(args ...string) string {
		out, err := flernd(ctx, append([]string{"model"}, args...)...).Output()
		var failed *exec.ExitError
		if errors.As(err, &failed) {
			return string(failed.Stderr)
		}
		return string(out)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"put", "c", testModels + "classifier.onnx", "--port", port}, "CREATE MODEL\n"},
		{[]string{"put", "A \"b\"", testModels + "sql/external.onnx", "--port", port}, "CREATE MODEL\n"},
		{[]string{"put", "c", testModels + "make.py", "--port", port}, "ERROR:  model \"c\":"},
		{[]string{"put", "c", testModels + "sql/escape.onnx", "--port", port}, "escapes"},
		{[]string{"put", "c", "nowhere.onnx", "--port", port}, "no such file"},
		{[]string{"put", "c", "nowhere.onnx", "--port", port, "--data-dir", dir}, "no such file"},
		{[]string{"list", "--port", port, "--data-dir", dir}, "do not go with it"},
		{[]string{"list", "--port", port}, " A \"b\" |       1 |        1 | onnx   |      3 |       1 |   128 |          4 |"},
		{[]string{"list", "--data-dir", dir}, "in use by another flernd"},
	} {
		if got := at(c.args...); !strings.Contains(got, c.want) {
			t.Errorf("%v: got %q, want %q", c.args, got, c.want)
		}
	}
	_ = server.Process.Kill()
	_ = server.Wait()
	if got := at("put", "c", testModels+"classifier.onnx", "--data-dir", dir); got != "CREATE MODEL\n" {
		t.Error(got)
	}
	if got := at("list", "--data-dir", dir); !strings.Contains(got, " c     |       2 |        2 |") || !strings.Contains(got, "(2 rows)") {
		t.Error(got)
	}
}
