package explain

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/flernd/flernd/internal/planner/physical"
)

// json prints the document: an array of one object, in PostgreSQL's layout.
func (p *printer) json(root physical.Node) string {
	w := &jsonWriter{}
	w.WriteString("[\n  {\n    \"Plan\": ")
	p.jsonNode(w, shownRoot(root), 4, "")
	if a := p.opt.Analysis; a != nil {
		fmt.Fprintf(w, ",\n    \"Planning Time\": %s,\n    \"Compilation Time\": %s,\n    \"Execution Time\": %s",
			millis(a.Planning), millis(a.Compilation), millis(a.Execution))
	}
	w.WriteString("\n  }\n]")
	return w.String()
}

// shownRoot is the first operator that EXPLAIN prints.
func shownRoot(n physical.Node) physical.Node {
	for !physical.Shown(n) {
		in := physical.Children(n)
		if len(in) == 0 {
			return n
		}
		n = in[0]
	}
	return n
}

func (p *printer) jsonNode(w *jsonWriter, n physical.Node, indent int, relationship string) {
	d := p.describe(n)
	b := n.Base()
	o := w.object(indent)
	o.field("Node Type", d.node)
	if relationship != "" {
		o.field("Parent Relationship", relationship)
	}
	for _, pr := range d.json {
		o.field(pr.key, pr.value)
	}
	if p.opt.Costs {
		o.field("Startup Cost", cents(b.StartupCost))
		o.field("Total Cost", cents(b.TotalCost))
		o.field("Plan Rows", math.Round(b.Rows))
		o.field("Plan Width", b.Width)
	}
	if rows, ok := p.actual(b); ok {
		o.field("Actual Rows", rows)
		o.field("Actual Loops", 1)
	}
	for _, pr := range merged(d.props) {
		o.field(pr.key, pr.value)
	}
	p.jsonPlans(o, w, n, indent)
	o.end()
}

func (p *printer) jsonPlans(o *jsonObject, w *jsonWriter, n physical.Node, indent int) {
	first := true
	for i, in := range physical.Children(n) {
		if !physical.Shown(in) {
			continue
		}
		if first {
			o.key("Plans")
			w.WriteString("[\n")
		} else {
			w.WriteString(",\n")
		}
		first = false
		w.WriteString(strings.Repeat(" ", indent+4))
		p.jsonNode(w, in, indent+4, [2]string{"Outer", "Inner"}[i])
	}
	if !first {
		w.WriteString("\n" + strings.Repeat(" ", indent+2) + "]")
	}
}

// merged makes one list of the values of properties with the same key: of several models of an operator each has its own.
func merged(props []prop) []prop {
	var out []prop
	place := map[string]int{}
	for _, pr := range props {
		at, again := place[pr.key]
		if !again {
			place[pr.key] = len(out)
			out = append(out, pr)
			continue
		}
		first := &out[at]
		list, ok := first.value.(several)
		if !ok {
			list = several{first.text()}
		}
		first.value, first.words = append(list, pr.text()), ""
	}
	for i, pr := range out {
		if list, ok := pr.value.(several); ok {
			out[i].value = []string(list)
		}
	}
	return out
}

// several are the values of a property that occurs more than once.
type several []string

type cents float64

type jsonWriter struct{ strings.Builder }

type jsonObject struct {
	w      *jsonWriter
	indent int
	any    bool
}

func (w *jsonWriter) object(indent int) *jsonObject {
	w.WriteByte('{')
	return &jsonObject{w: w, indent: indent}
}

func (o *jsonObject) key(key string) {
	if o.any {
		o.w.WriteByte(',')
	}
	o.any = true
	o.w.WriteString("\n" + strings.Repeat(" ", o.indent+2) + jsonString(key) + ": ")
}

func (o *jsonObject) field(key string, value any) {
	o.key(key)
	switch v := value.(type) {
	case string:
		o.w.WriteString(jsonString(v))
	case []string:
		quoted := make([]string, len(v))
		for i, s := range v {
			quoted[i] = jsonString(s)
		}
		o.w.WriteString("[" + strings.Join(quoted, ", ") + "]")
	case cents:
		o.w.WriteString(strconv.FormatFloat(float64(v), 'f', 2, 64))
	case float64:
		o.w.WriteString(strconv.FormatFloat(v, 'f', 0, 64))
	default:
		fmt.Fprint(o.w, v)
	}
}

func (o *jsonObject) end() { o.w.WriteString("\n" + strings.Repeat(" ", o.indent) + "}") }

func jsonString(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(s) != nil {
		return `""`
	}
	return strings.TrimSuffix(b.String(), "\n")
}
