// Package demo shows flernd on a real sample: a table, a model trained on it, queries over both, the plan and the C they
// become. It runs plain SQL on a session of this process and knows nothing below that.
package demo

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/flernd/flernd/internal/wire/console"
	"github.com/flernd/flernd/internal/wire/session"
)

// The sample is scikit-learn's iris, and a linear model with an argmax trained on it; both are copies of the fixtures in
// testdata/models, which testdata/models/make.py makes.
var (
	//go:embed sample/iris.csv
	iris []byte
	//go:embed sample/classifier.onnx
	classifier []byte
)

// bigRows is how many rows the large table gets.
const bigRows = 10_000_000

const grouped = `SELECT real_class,
       sum(CASE WHEN class = 0 THEN 1 ELSE 0 END) AS class0,
       sum(CASE WHEN class = 1 THEN 1 ELSE 0 END) AS class1,
       sum(CASE WHEN class = 2 THEN 1 ELSE 0 END) AS class2
FROM (SELECT real_class, classifier(c1, c2, c3, c4) AS class FROM %s) t
GROUP BY real_class
ORDER BY real_class`

// step is a statement of the tour.
type step struct {
	say   string
	sql   string
	timed bool   // run it again and tell the times
	file  string // name of the file that its generated C is written to
}

func tour() []step {
	small, big := fmt.Sprintf(grouped, "data"), fmt.Sprintf(grouped, "big")
	columns := "(id int8 PRIMARY KEY, real_class int4, c1 real, c2 real, c3 real, c4 real)"
	return []step{
		{say: "A table, and 150 flowers for it: scikit-learn's iris."},
		{sql: "CREATE TABLE data " + columns},
		{sql: "COPY data FROM STDIN WITH (FORMAT csv, HEADER)"},
		{say: "A model trained on them, from an ONNX file: a linear layer and an argmax."},
		{sql: "CREATE MODEL classifier FROM 'classifier.onnx'"},
		{say: "How often is it right? The model is called like any function."},
		{sql: small, timed: true, file: "grouped.c"},
		{sql: "SELECT count(*) FROM data WHERE classifier(c1 => c1, c2 => c2, c3 => c3, c4 => c4) = 2 AND c1 > 5.0", timed: true, file: "filtered.c"},
		{say: fmt.Sprintf("The same over %d million rows, made on the spot.", bigRows/1_000_000)},
		{sql: "CREATE TABLE big " + columns},
		{sql: fmt.Sprintf("INSERT INTO big SELECT i, i %% 3, 4.3 + i %% 37 / 10.0, 2.0 + i %% 25 / 10.0, 1.0 + i %% 60 / 10.0, 0.1 + i %% 25 / 10.0\n"+
			"FROM generate_series(1, %d) i", bigRows)},
		{sql: big, timed: true, file: "grouped-big.c"},
		{say: "What it does, and how long each part takes in the executor."},
		{sql: "EXPLAIN " + big},
		{sql: "EXPLAIN ANALYZE " + big},
	}
}

// Options are how the demo runs.
type Options struct {
	// Dir is where the sample's files and the generated C are written.
	Dir string
	Out io.Writer
	Err io.Writer
}

// Prepare writes the sample's files, so that CREATE MODEL and \copy find them.
func Prepare(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, content := range map[string][]byte{"iris.csv": iris, "classifier.onnx": classifier} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Run runs the tour on a session.
func Run(ctx context.Context, s console.Runner, options Options) error {
	screen := console.New(s, bytes.NewReader(iris), options.Out, options.Err, console.Options{})
	for _, clean := range []string{"DROP TABLE IF EXISTS data, big", "DROP MODEL IF EXISTS classifier"} {
		quiet := console.New(s, nil, io.Discard, io.Discard, console.Options{})
		if err := quiet.Run(ctx, clean); err != nil {
			return err
		}
	}
	for _, step := range tour() {
		if step.say != "" {
			fmt.Fprintf(options.Out, "-- %s\n\n", step.say)
			continue
		}
		if err := step.run(ctx, s, screen, options); err != nil {
			return err
		}
	}
	return nil
}

func (step step) run(ctx context.Context, s console.Runner, screen *console.Console, options Options) error {
	fmt.Fprintf(options.Out, "flern=> %s;\n", strings.ReplaceAll(step.sql, "\n", "\nflern-> "))
	started := time.Now()
	if err := screen.Run(ctx, step.sql); err != nil {
		return err
	}
	first := time.Since(started)
	if !step.timed {
		fmt.Fprintf(options.Out, "Time: %s\n\n", milliseconds(first))
		return nil
	}
	warm, err := step.warm(ctx, s)
	if err != nil {
		return err
	}
	fmt.Fprintf(options.Out, "Time: %s at first, planned and compiled; %s once the optimised program is there\n",
		milliseconds(first), milliseconds(warm))
	path, err := step.writeCode(ctx, s, options.Dir)
	if err != nil {
		return err
	}
	fmt.Fprintf(options.Out, "The C it became: %s\n\n", path)
	return nil
}

// warm is the best time of some runs with the optimised program.
func (step step) warm(ctx context.Context, s console.Runner) (time.Duration, error) {
	quiet := console.New(s, nil, io.Discard, io.Discard, console.Options{})
	if err := quiet.Run(ctx, "SET flern.tier = 'best'"); err != nil {
		return 0, err
	}
	best := time.Duration(0)
	for run := range 5 {
		started := time.Now()
		if err := quiet.Run(ctx, step.sql); err != nil {
			return 0, err
		}
		if took := time.Since(started); run == 0 || took < best {
			best = took
		}
	}
	return best, quiet.Run(ctx, "SET flern.tier = 'auto'")
}

// writeCode writes the generated C of the step's query to a file.
func (step step) writeCode(ctx context.Context, s console.Runner, dir string) (string, error) {
	var code bytes.Buffer
	lines := &lineCollector{out: &code}
	if err := s.Query(ctx, "EXPLAIN (CODEGEN) "+step.sql, lines); err != nil {
		return "", err
	}
	path := filepath.Join(dir, step.file)
	return path, os.WriteFile(path, code.Bytes(), 0o644)
}

// lineCollector writes the first column of every row as a line.
type lineCollector struct {
	session.Output
	out *bytes.Buffer
}

func (l *lineCollector) Columns([]session.Column) error { return nil }
func (l *lineCollector) Complete(string) error          { return nil }
func (l *lineCollector) Rows(messages []byte, _ int64) error {
	for row := range console.Values(messages) {
		l.out.Write(row[0])
		l.out.WriteByte('\n')
	}
	return nil
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.3f ms", float64(d.Nanoseconds())/1e6)
}
