package instance

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

var update = flag.Bool("update", false, "rewrite the expected answers of testdata/logic/*.txt")

// TestLogic runs the files of testdata/logic over the wire. A case is a query string, "----", and the answers up to an empty line;
// lines that start with # before it are comments. "restart" by itself stops the server and starts it on the same data. A
// first line "@name" runs the case on the connection of that name, which is opened at its first use.
func TestLogic(t *testing.T) {
	files, err := filepath.Glob("testdata/logic/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no files in testdata/logic")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { runLogic(t, file) })
	}
}

func runLogic(t *testing.T, file string) {
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(context.Background(), 3*time.Minute)
	defer stop()
	dir := filepath.Join(t.TempDir(), "db")
	s := serve(t, dir)
	defer func() { s.end() }()
	connections := map[string]*pgx.Conn{}
	var out strings.Builder
	for _, block := range strings.Split(strings.TrimSpace(string(content)), "\n\n") {
		head, want, _ := strings.Cut(block+"\n", "\n----\n")
		want = strings.TrimSuffix(want, "\n")
		name, sql := "", ""
		for _, line := range strings.Split(head, "\n") {
			switch {
			case sql == "" && strings.HasPrefix(line, "#"):
			case sql == "" && strings.HasPrefix(line, "@"):
				name = line
			default:
				sql += line + "\n"
			}
		}
		switch sql = strings.TrimSpace(sql); sql {
		case "":
			fmt.Fprintf(&out, "%s\n\n", strings.TrimSpace(head))
			continue
		case "restart":
			s.end()
			s, connections = serve(t, dir), map[string]*pgx.Conn{}
			fmt.Fprintf(&out, "%s\n\n", strings.TrimSpace(head))
			continue
		}
		if connections[name] == nil {
			connections[name] = s.connect(ctx)
		}
		got := answers(ctx, connections[name], sql)
		if got != want && !*update {
			t.Errorf("%s\ngot:\n%s\nwant:\n%s", head, got, want)
		}
		fmt.Fprintf(&out, "%s\n----\n%s\n\n", strings.TrimSpace(head), got)
	}
	if *update {
		if err := os.WriteFile(file, []byte(strings.TrimSpace(out.String())+"\n"), 0o644); err != nil {
			t.Error(err)
		}
	}
}

// answers runs a query string in the simple protocol: the rows and the tag of each result, or the error.
func answers(ctx context.Context, c *pgx.Conn, sql string) string {
	results, err := c.PgConn().Exec(ctx, sql).ReadAll()
	var lines []string
	for _, result := range results {
		if result.Err != nil {
			break
		}
		for _, row := range result.Rows {
			values := make([]string, len(row))
			for i, value := range row {
				values[i] = string(value)
				if value == nil {
					values[i] = "NULL"
				}
			}
			lines = append(lines, strings.Join(values, "|"))
		}
		if len(result.FieldDescriptions) == 0 {
			lines = append(lines, result.CommandTag.String())
		}
	}
	var problem *pgconn.PgError
	if errors.As(err, &problem) {
		lines = append(lines, fmt.Sprintf("ERROR %s at %d: %s", problem.Code, problem.Position, problem.Message))
		for _, more := range [][2]string{{"DETAIL", problem.Detail}, {"HINT", problem.Hint}, {"CONTEXT", problem.Where}} {
			if more[1] != "" {
				lines = append(lines, more[0]+": "+more[1])
			}
		}
	} else if err != nil {
		lines = append(lines, err.Error())
	}
	return strings.Join(lines, "\n")
}
