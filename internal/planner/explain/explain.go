// Package explain prints physical plans as EXPLAIN does: PostgreSQL's tree style, or JSON with PostgreSQL's keys.
//
// It knows physical plans and the syntax of expressions; it neither plans nor runs anything.
package explain

import (
	"fmt"
	"strings"
	"time"

	"github.com/flernd/flernd/internal/planner/physical"
)

// Format is an output format of EXPLAIN.
type Format uint8

// The formats.
const (
	Text Format = iota
	JSON
)

// Options choose what is printed.
type Options struct {
	Format Format
	// Costs prints estimates; without them the text is a stable form of the plan.
	Costs bool
	// Verbose adds each operator's output columns.
	Verbose bool
	// Analysis is what a run of the plan measured, nil if it was not run.
	Analysis *Analysis
}

// Analysis is what EXPLAIN ANALYZE adds.
type Analysis struct {
	Planning, Compilation, Execution time.Duration
	// Counters are rows produced, by operator ID.
	Counters []int64
}

// Plan prints a plan: one string a line of text, or one string that is a JSON document.
func Plan(root physical.Node, opt Options) []string {
	p := &printer{opt: opt, root: root, names: newNamer(root)}
	if opt.Format == JSON {
		return []string{p.json(root)}
	}
	p.text(root, 0)
	if a := opt.Analysis; a != nil {
		p.lines = append(p.lines, "Planning Time: "+millis(a.Planning)+" ms", "Compilation Time: "+millis(a.Compilation)+" ms",
			"Execution Time: "+millis(a.Execution)+" ms")
	}
	return p.lines
}

func millis(d time.Duration) string { return fmt.Sprintf("%.3f", float64(d.Nanoseconds())/1e6) }

type printer struct {
	opt   Options
	root  physical.Node
	names *namer
	lines []string
}

// text prints an operator and those below it; operators that are not shown stand for their input.
func (p *printer) text(n physical.Node, level int) {
	if !physical.Shown(n) {
		for _, in := range physical.Children(n) {
			p.text(in, level)
		}
		return
	}
	d := p.describe(n)
	indent := ""
	if level > 0 {
		indent = strings.Repeat(" ", level*6-4) + "->  "
	}
	p.lines = append(p.lines, indent+d.title()+p.estimates(n))
	detail := strings.Repeat(" ", level*6+2)
	for _, pr := range d.props {
		p.lines = append(p.lines, detail+pr.key+": "+pr.text())
	}
	for _, in := range physical.Children(n) {
		p.text(in, level+1)
	}
}

func (p *printer) estimates(n physical.Node) string {
	b := n.Base()
	s := ""
	if p.opt.Costs {
		s = fmt.Sprintf("  (cost=%.2f..%.2f rows=%.0f width=%d)", b.StartupCost, b.TotalCost, b.Rows, b.Width)
	}
	if rows, ok := p.actual(b); ok {
		if s == "" {
			s = " "
		}
		s += fmt.Sprintf(" (actual rows=%d loops=1)", rows)
	}
	return s
}

// actual is the number of rows that the operator produced, if it was run and counted.
func (p *printer) actual(b *physical.Common) (int64, bool) {
	if a := p.opt.Analysis; a != nil && b.ID < len(a.Counters) {
		return a.Counters[b.ID], true
	}
	return 0, false
}
