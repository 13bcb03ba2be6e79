package main

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/compile/crt"
	"github.com/spf13/cobra"
)

// TestMain lets the test binary be flernd, for tests of the process.
func TestMain(m *testing.M) {
	if os.Getenv("FLERND_TEST_MAIN") != "" {
		os.Exit(run())
	}
	os.Exit(m.Run())
}

// TestPrecedence: a flag wins over the environment, the environment over the file, the file over the default.
func TestPrecedence(t *testing.T) {
	file := filepath.Join(t.TempDir(), "flernd.toml")
	if err := os.WriteFile(file, []byte("threads = 2\nisa = \"avx2\"\nmodel-dir = \"from-file\"\nlisten = \"127.0.0.1:1\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("FLERND_ISA", "baseline")
	t.Setenv("FLERND_MODEL_DIR", "from-environment")
	got := map[string]string{}
	root := rootCommand()
	for _, command := range root.Commands() {
		if command.Name() == "serve" {
			command.RunE = func(cmd *cobra.Command, _ []string) error {
				for _, name := range []string{"threads", "isa", "model-dir", "listen", "memory-limit"} {
					got[name] = cmd.Flags().Lookup(name).Value.String()
				}
				return nil
			}
		}
	}
	root.SetArgs([]string{"serve", "--config", file, "--model-dir", "from-flag"})
	if err := root.Execute(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"threads": "2", "isa": "baseline", "model-dir": "from-flag", "listen": "127.0.0.1:1",
		"memory-limit": "0"} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
}

func TestUsageErrors(t *testing.T) {
	dir := t.TempDir()
	unknown, nested, config := filepath.Join(dir, "unknown.toml"), filepath.Join(dir, "nested.toml"), filepath.Join(dir, "config.toml")
	for path, text := range map[string]string{unknown: "nonsense = 1\n", nested: "threads = [1]\n", config: "config = \"x\"\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ args, want string }{
		{"serve", "--data-dir"},
		{"serve --nonsense", "unknown flag"},
		{"serve --threads x", "invalid argument"},
		{"serve --data-dir d --memory-limit 1XB", "invalid size"},
		{"serve --config " + unknown, "unknown option \"nonsense\""},
		{"serve --config " + config, "unknown option \"config\""},
		{"serve --data-dir d --max-connections -5", "not between 0 and"},
		{"serve --config " + nested, "must be a string"},
		{"serve --config " + filepath.Join(dir, "none.toml"), "no such file"},
		{"sql --data-dir d", "either -c or -f"},
		{"compile --emit=wasm x", "none of plan"},
	} {
		root := rootCommand()
		root.SetArgs(strings.Fields(c.args))
		err := root.Execute()
		var usage *usageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want a usage error with %q", c.args, err, c.want)
		}
	}
}

// flernd starts this program with arguments as a process of its own.
func flernd(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), "FLERND_TEST_MAIN=1")
	return cmd
}

func TestServeEndsOnSIGTERM(t *testing.T) {
	if _, err := crt.Executor("baseline"); err != nil {
		t.Skip(err)
	}
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	server := flernd(ctx, "serve", "--data-dir", filepath.Join(t.TempDir(), "db"), "--listen", "127.0.0.1:0")
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() || !strings.Contains(lines.Text(), "ready") {
		t.Fatalf("first line %q, %v", lines.Text(), lines.Err())
	}
	if err := server.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if lines.Scan() {
		t.Errorf("more than one line: %q", lines.Text())
	}
	if err := server.Wait(); err != nil {
		t.Errorf("the server ended with %v", err)
	}
}

func TestSQLCommand(t *testing.T) {
	if _, err := crt.Executor("baseline"); err != nil {
		t.Skip(err)
	}
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	dir := filepath.Join(t.TempDir(), "db")
	script := filepath.Join(t.TempDir(), "script.sql")
	if err := os.WriteFile(script, []byte("-- a table\ncreate table t (a int4);\ninsert into t values (1), (2);\nselect sum(a) from t;"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := flernd(ctx, "sql", "--data-dir", dir, "-f", script).Output()
	if want := "CREATE TABLE\nINSERT 0 2\n sum \n-----\n   3\n(1 row)\n\n"; err != nil || string(out) != want {
		t.Errorf("got %q, %v", out, err)
	}
	out, err = flernd(ctx, "sql", "--data-dir", dir, "--csv", "-c", "select a, 'x,y' as b from t order by a").Output()
	if want := "a,b\n1,\"x,y\"\n2,\"x,y\"\n"; err != nil || string(out) != want {
		t.Errorf("got %q, %v", out, err)
	}
	var failed *exec.ExitError
	_, err = flernd(ctx, "sql", "--data-dir", dir, "-c", "select nowhere").Output()
	if !errors.As(err, &failed) || failed.ExitCode() != 1 || !strings.Contains(string(failed.Stderr), "LINE 1: select nowhere") {
		t.Errorf("a statement that fails: %v", err)
	}
	_, err = flernd(ctx, "sql").Output()
	if !errors.As(err, &failed) || failed.ExitCode() != 2 {
		t.Errorf("no data directory: %v", err)
	}
}

// TestMissingDirectories: a directory that is not there is told at the start, and nothing is made for it.
func TestMissingDirectories(t *testing.T) {
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	dir := t.TempDir()
	data, file, none := filepath.Join(dir, "db"), filepath.Join(dir, "file"), filepath.Join(dir, "none")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"serve", "--data-dir", data, "--listen", "127.0.0.1:0", "--model-dir", none}, "model directory \"" + none + "\""},
		{[]string{"serve", "--data-dir", data, "--listen", "127.0.0.1:0", "--model-dir", file}, "\"" + file + "\" is not a directory"},
		{[]string{"serve", "--data-dir", data, "--listen", "127.0.0.1:0", "--copy-dir", none}, "copy directory \"" + none + "\""},
		{[]string{"compile", "--data-dir", none, "select 1"}, "\"" + none + "\" is not a data directory"},
	} {
		var failed *exec.ExitError
		_, err := flernd(ctx, c.args...).Output()
		if !errors.As(err, &failed) || failed.ExitCode() != 1 || !strings.Contains(string(failed.Stderr), c.want) {
			t.Errorf("%v: %v, want %s", c.args, err, c.want)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("made %v, %v", left, err)
	}
}

// TestCompileChangesNothing: what --setup makes is seen by the query, and is not in the data directory afterwards.
func TestCompileChangesNothing(t *testing.T) {
	if _, err := crt.Executor("baseline"); err != nil {
		t.Skip(err)
	}
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	dir, setup := filepath.Join(t.TempDir(), "db"), filepath.Join(t.TempDir(), "setup.sql")
	if err := os.WriteFile(setup, []byte("create table u as select a from t; drop table t;"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := flernd(ctx, "sql", "--data-dir", dir, "-c", "create table t as select 1 as a").Output(); err != nil {
		t.Fatal(string(out), err)
	}
	for range 2 {
		out, err := flernd(ctx, "compile", "--emit=plan", "--data-dir", dir, "--setup", setup, "select a from u").Output()
		if err != nil || !strings.Contains(string(out), "Seq Scan on u ") {
			t.Errorf("got %q, %v", out, err)
		}
	}
	out, err := flernd(ctx, "sql", "--data-dir", dir, "--csv", "-c", "select a from t").Output()
	if err != nil || string(out) != "a\n1\n" {
		t.Errorf("got %q, %v", out, err)
	}
}
