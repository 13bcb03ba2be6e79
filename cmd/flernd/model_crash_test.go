package main

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/compile/crt"
	"github.com/jackc/pgx/v5"
)

// TestKilledDuringModels kills the server at random moments of a stream of model statements and starts it again on what is
// left: models and versions are those of the last statement that was acknowledged, or of the one under way; calls work, and
// no file is left that nobody needs.
func TestKilledDuringModels(t *testing.T) {
	if _, err := crt.Executor("baseline"); err != nil {
		t.Skip(err)
	}
	kills := 5
	if os.Getenv("FLERND_SLOW") != "" {
		kills = 60
	}
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Minute)
	defer stop()
	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	l := &loader{T: t, ctx: ctx, random: rand.New(rand.NewSource(seed)), dir: filepath.Join(t.TempDir(), "db")}
	file, err := os.ReadFile(testModels + "classifier.onnx")
	if err != nil {
		t.Fatal(err)
	}
	l.start()
	known := l.models()
	for range kills {
		killed := make(chan struct{})
		time.AfterFunc(time.Duration(l.random.Int63n(int64(200*time.Millisecond))), func() {
			defer close(killed)
			l.kill()
		})
		var next string
		for {
			sql, wanted := l.modelStatement(known)
			next = wanted
			if sql == "" {
				_, err = l.client.Exec(ctx, "create or replace model m from $1", file)
			} else {
				_, err = l.client.Exec(ctx, sql)
			}
			if err != nil {
				break
			}
			known = next
		}
		<-killed
		l.start()
		found := l.models()
		if found != known && found != next {
			t.Fatalf("found %q, want %q or %q (%v)", found, known, next, err)
		}
		known = found
		files, err := os.ReadDir(filepath.Join(l.dir, "data"))
		if err != nil || len(files) != len(strings.Fields(known)) {
			t.Fatalf("%d files for the versions %q, %v", len(files), known, err)
		}
		for _, name := range []string{"m", "n"} {
			if !strings.Contains(known, name+".") {
				continue
			}
			var class int64
			if err := l.client.QueryRow(ctx, "select "+name+"(5.1, 3.5, 1.4, 0.2)").Scan(&class); err != nil || class != 0 {
				t.Errorf("%s: %d, %v", name, class, err)
			}
		}
	}
	l.kill()
}

// models describes all versions: "m.1 m.2*" with a star at the current one.
func (l *loader) models() string {
	l.Helper()
	rows, err := l.client.Query(l.ctx, "select name || '.' || version || case when current then '*' else '' end from flern.model_versions order by name, version")
	if err != nil {
		l.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		l.Fatal(err)
	}
	return strings.Join(all, " ")
}

// modelStatement chooses a statement that is possible, "" for one that registers the next version of m, and what models says
// after it.
func (l *loader) modelStatement(known string) (sql, after string) {
	versions := strings.Fields(known)
	last, current, other := 0, 0, 0
	for _, v := range versions {
		var n int
		if _, err := fmt.Sscanf(v[2:], "%d", &n); err != nil {
			l.Fatal(err)
		}
		last = max(last, n)
		if strings.HasSuffix(v, "*") {
			current = n
		} else {
			other = n
		}
	}
	plain := strings.ReplaceAll(known, "*", "")
	switch {
	case known == "":
		return "", "m.1*"
	case strings.HasPrefix(known, "n"):
		return "alter model n rename to m", strings.ReplaceAll(known, "n.", "m.")
	case len(versions) > 4 && last == current:
		return fmt.Sprintf("drop model m version %d", other), strings.Join(without(versions, fmt.Sprintf("m.%d", other)), " ")
	}
	switch l.random.Intn(5) {
	case 0:
		return "alter model m rename to n", strings.ReplaceAll(known, "m.", "n.")
	case 1:
		if other > 0 {
			return fmt.Sprintf("alter model m set version %d", other), strings.Replace(plain+" ", fmt.Sprintf("m.%d ", other), fmt.Sprintf("m.%d* ", other), 1)[:len(plain)+1]
		}
	case 2:
		if last == current { // else the number that follows is not known from what is left
			return "drop model m", ""
		}
	}
	if last != current {
		return fmt.Sprintf("alter model m set version %d", last), strings.Replace(plain+" ", fmt.Sprintf("m.%d ", last), fmt.Sprintf("m.%d* ", last), 1)[:len(plain)+1]
	}
	return "", fmt.Sprintf("%s m.%d*", plain, last+1)
}

func without(list []string, what string) (rest []string) {
	for _, s := range list {
		if s != what {
			rest = append(rest, s)
		}
	}
	return rest
}
