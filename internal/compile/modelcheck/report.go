package modelcheck

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Report is the outcome of all cases.
type Report struct {
	Results []*Result `json:"results"`
}

// Passed is how many cases passed.
func (r *Report) Passed() int {
	n := 0
	for _, c := range r.Results {
		if c.Passed {
			n++
		}
	}
	return n
}

// Rate is the outcome of an operator's cases.
type Rate struct {
	Operator      string
	Passed, Total int
	// Reasons are those of its failures, with how often each came, most frequent first.
	Reasons []Reason
}

// Reason is why cases failed.
type Reason struct {
	Text  string
	Count int
}

// Rates are the operators' rates, by name.
func (r *Report) Rates() []Rate {
	byName := map[string]*Rate{}
	reasons := map[string]map[string]int{}
	for _, c := range r.Results {
		rate := byName[c.Operator]
		if rate == nil {
			rate = &Rate{Operator: c.Operator}
			byName[c.Operator], reasons[c.Operator] = rate, map[string]int{}
		}
		rate.Total++
		if c.Passed {
			rate.Passed++
		} else {
			reasons[c.Operator][general(c.Reason)]++
		}
	}
	var out []Rate
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		rate := byName[name]
		for text, n := range reasons[name] {
			rate.Reasons = append(rate.Reasons, Reason{text, n})
		}
		slices.SortFunc(rate.Reasons, func(a, b Reason) int { return cmp.Or(b.Count-a.Count, strings.Compare(a.Text, b.Text)) })
		out = append(out, *rate)
	}
	return out
}

var (
	place   = regexp.MustCompile(`^node [^:]*: `)
	numbers = regexp.MustCompile(`[-+]?\b[0-9][0-9.e+-]*\b`)
	names   = regexp.MustCompile(`"[^"]*"`)
)

// general is a reason without the place and the figures of one case.
func general(reason string) string {
	reason, _, _ = strings.Cut(reason, "\n")
	reason = place.ReplaceAllString(reason, "")
	reason = names.ReplaceAllString(reason, "…")
	return numbers.ReplaceAllString(reason, "n")
}

// WriteText prints the rates as a table, then with list each failure, then a line of totals.
func (r *Report) WriteText(w io.Writer, list bool) {
	for _, rate := range r.Rates() {
		fmt.Fprintf(w, "%-28s %4d of %4d\n", rate.Operator, rate.Passed, rate.Total)
	}
	if list {
		fmt.Fprintln(w)
		for _, c := range r.Results {
			if !c.Passed {
				fmt.Fprintf(w, "FAILED %s (%s): %s\n", c.Case, c.Operator, oneLine(c.Reason))
			}
		}
	}
	fmt.Fprintf(w, "\n%s\n", r.Summary())
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// WriteMarkdown prints the table of docs/models.md.
func (r *Report) WriteMarkdown(w io.Writer) {
	fmt.Fprintf(w, "%s\n\n| operator | passed | of | failures |\n|---|---:|---:|---|\n", r.Summary())
	for _, rate := range r.Rates() {
		var reasons []string
		for i, reason := range rate.Reasons {
			if i == 4 {
				reasons = append(reasons, "…")
				break
			}
			reasons = append(reasons, fmt.Sprintf("%d: %s", reason.Count, strings.ReplaceAll(oneLine(reason.Text), "|", "\\|")))
		}
		fmt.Fprintf(w, "| %s | %d | %d | %s |\n", rate.Operator, rate.Passed, rate.Total, strings.Join(reasons, "; "))
	}
}

// Summary is one line.
func (r *Report) Summary() string {
	unsupported, wrong, bound, folded := 0, 0, 0, 0
	for _, c := range r.Results {
		switch {
		case c.Passed && c.Folded:
			folded++
		case c.Passed && c.Constants > 0:
			bound++
		case !c.Passed && c.Code == "0A000":
			unsupported++
		case !c.Passed && c.Code == "":
			wrong++
		}
	}
	failed := len(r.Results) - r.Passed()
	return fmt.Sprintf("%d of %d cases passed, %d of them with inputs bound as constants and %d with all of them constant; %d failed: "+
		"%d for what is not supported (0A000), %d with a wrong result or unreadable data, %d otherwise.",
		r.Passed(), len(r.Results), bound, folded, failed, unsupported, wrong, failed-unsupported-wrong)
}
