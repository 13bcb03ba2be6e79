package explain

import (
	"fmt"
	"strings"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
)

// prop is one property of an operator: a string, a list of strings or a number.
type prop struct {
	key   string
	value any
	words string // what text shows instead of the value, if not empty
}

func (p prop) text() string {
	if p.words != "" {
		return p.words
	}
	if list, ok := p.value.([]string); ok {
		return strings.Join(list, ", ")
	}
	return fmt.Sprint(p.value)
}

// description is an operator as EXPLAIN shows it.
type description struct {
	// node is PostgreSQL's node type ("Seq Scan"); label is what text calls it where that differs ("HashAggregate").
	node, label string
	// suffix follows it in text (" on lineitem l").
	suffix string
	// json are the properties that the text has in its title.
	json  []prop
	props []prop
}

func (d *description) title() string {
	if d.label != "" {
		return d.label
	}
	return d.node + d.suffix
}

func (d *description) add(key string, value any) {
	d.props = append(d.props, prop{key: key, value: value})
}

// conds adds a condition property if there are conjuncts.
func (p *printer) conds(d *description, key string, conds []logical.Expr) {
	if len(conds) > 0 {
		d.add(key, p.names.conjunction(conds))
	}
}

// describe tells what an operator is and does.
func (p *printer) describe(n physical.Node) *description {
	d := &description{}
	switch n := n.(type) {
	case *physical.Scan:
		d.node, d.suffix = "Seq Scan", " on "+ident(n.Table.Name)
		alias := p.names.aliases[n]
		if alias != n.Table.Name {
			d.suffix += " " + ident(alias)
		}
		d.json = []prop{{key: "Relation Name", value: n.Table.Name}, {key: "Alias", value: alias}}
		p.conds(d, "Filter", n.Filter)
	case *physical.Filter:
		d.node = "Filter"
		p.conds(d, "Filter", n.Conds)
	case *physical.Project:
		d.node = "Project"
		if !p.opt.Verbose {
			d.add("Output", p.names.named(n.Exprs))
		}
	case *physical.Predict:
		p.predict(d, n)
	case *physical.HashJoin:
		p.hashJoin(d, n)
	case *physical.HashAggregate:
		p.aggregate(d, n)
	case *physical.Sort:
		p.sort(d, n)
	case *physical.Limit:
		d.node = "Limit"
		p.limit(d, n.Count, n.Offset)
	case *physical.Values:
		if len(n.Rows) == 0 {
			d.node = "Result"
			d.add("One-Time Filter", "false")
			break
		}
		d.node, d.suffix = "Values Scan", " on \"*VALUES*\""
	case *physical.GenerateSeries:
		d.node, d.suffix = "Function Scan", " on generate_series"
		if alias := p.names.aliases[n]; alias != "generate_series" && alias != "" {
			d.suffix += " " + ident(alias)
		}
		d.add("Function Call", fmt.Sprintf("generate_series(%s, %s, %s)", p.names.expr(n.Start), p.names.expr(n.Stop), p.names.expr(n.Step)))
	case *physical.CSVSource:
		d.node = "Copy Source"
		d.add("Format", copyFormat(n.Format))
	case *physical.TableSink:
		d.node, d.suffix = "Insert", " on "+ident(n.Table.Name)
		d.json = []prop{{key: "Relation Name", value: n.Table.Name}}
	case *physical.Result:
		d.node = "Result"
	}
	if p.opt.Verbose {
		p.output(d, n)
	}
	return d
}

func copyFormat(f physical.CopyFormat) string {
	name := "csv"
	if f.Text {
		name = "text"
	}
	s := fmt.Sprintf("%s, delimiter %q, null %q", name, string(f.Delimiter), f.Null)
	if f.Header {
		s += ", header"
	}
	return s
}

// output adds the columns an operator passes up. The operator below the hidden root has the root's: the query's outputs.
func (p *printer) output(d *description, n physical.Node) {
	if r, ok := p.root.(*physical.Result); ok && r.Input == n {
		d.add("Output", p.names.named(r.Exprs))
		return
	}
	switch n := n.(type) {
	case *physical.Project:
		d.add("Output", p.names.named(n.Exprs))
		return
	case *physical.Result:
		d.add("Output", p.names.named(n.Exprs))
		return
	case *physical.TableSink:
		d.add("Output", p.names.list(n.Exprs))
		return
	}
	cols := n.Columns()
	if len(cols) == 0 {
		return
	}
	names := make([]string, len(cols))
	for i, c := range cols {
		names[i] = p.names.expr(&logical.Ref{Col: c})
	}
	d.add("Output", names)
}

// predict shows each call as the model's version and its arguments.
func (p *printer) predict(d *description, n *physical.Predict) {
	d.node = "Predict"
	for _, c := range n.Calls {
		if c.Choice != nil {
			p.choice(d, &c)
			continue
		}
		d.add("Model", fmt.Sprintf("%s v%d (%s)", ident(c.Model.Name), c.Model.Version, strings.Join(p.names.list(c.Args), ", ")))
		if c.Model.Inside == nil {
			continue
		}
		outputs := make([]bool, len(c.Outputs))
		for i, o := range c.Outputs {
			outputs[i] = o.ID != 0
		}
		for _, f := range c.Model.Inside.Facts(outputs) {
			d.props = append(d.props, prop{f.Key, f.Value, f.Text})
		}
	}
}

// choice shows a call whose rows name the model: the name, and which models there are to choose from, with the arguments of each
// group that is called alike.
func (p *printer) choice(d *description, c *physical.PredictCall) {
	d.add("Model", p.names.expr(c.Args[0]))
	var names []string
	for i, o := range c.Choice.Candidates {
		names = append(names, fmt.Sprintf("%s v%d", ident(o.Model.Name), o.Model.Version))
		if next := i + 1; next < len(c.Choice.Candidates) && c.Choice.Candidates[next].From == o.From {
			continue
		}
		names[len(names)-1] += " (" + strings.Join(p.names.list(c.Args[o.From:o.To]), ", ") + ")"
	}
	if len(names) == 0 {
		names = []string{"none"}
	}
	d.add("Candidates", names)
}

func (p *printer) hashJoin(d *description, n *physical.HashJoin) {
	d.json = []prop{{key: "Join Type", value: "Inner"}}
	if len(n.BuildKeys) == 0 {
		d.node = "Nested Loop"
	} else {
		d.node = "Hash Join"
		pairs := make([]string, len(n.BuildKeys))
		for i := range pairs {
			pairs[i] = "(" + p.names.expr(n.ProbeKeys[i]) + " = " + p.names.expr(n.BuildKeys[i]) + ")"
		}
		d.add("Hash Cond", all(pairs))
	}
	p.conds(d, "Join Filter", n.Residual)
}

func (p *printer) aggregate(d *description, n *physical.HashAggregate) {
	d.node = "Aggregate"
	d.json = []prop{{key: "Strategy", value: "Plain"}}
	if len(n.Keys) > 0 {
		d.label = "HashAggregate"
		d.json = []prop{{key: "Strategy", value: "Hashed"}}
		keys := make([]logical.Expr, len(n.Keys))
		for i, k := range n.Keys {
			keys[i] = k.Expr
		}
		d.add("Group Key", p.names.list(keys))
	}
	if p.opt.Verbose || !p.opt.Costs {
		aggs := make([]string, len(n.Aggs))
		for i, a := range n.Aggs {
			aggs[i] = p.names.expr(a.Agg)
		}
		if len(aggs) > 0 {
			d.add("Aggregates", aggs)
		}
	}
}

func (p *printer) sort(d *description, n *physical.Sort) {
	d.node = "Sort"
	keys := make([]string, len(n.Keys))
	for i, k := range n.Keys {
		keys[i] = p.names.expr(k.Expr)
		if k.Desc {
			keys[i] += " DESC"
		}
		switch {
		case k.NullsFirst && !k.Desc:
			keys[i] += " NULLS FIRST"
		case !k.NullsFirst && k.Desc:
			keys[i] += " NULLS LAST"
		}
	}
	d.add("Sort Key", keys)
	if n.Limit != nil {
		d.node = "Top-N Sort"
		p.limit(d, n.Limit, n.Offset)
	}
}

func (p *printer) limit(d *description, count, offset logical.Expr) {
	if count != nil {
		d.add("Limit", bare(p.names.expr(count)))
	}
	if offset != nil {
		d.add("Offset", bare(p.names.expr(offset)))
	}
}

// bare is a count without quotes and type: '10'::bigint is 10.
func bare(s string) string {
	if body, ok := strings.CutSuffix(s, "'::bigint"); ok {
		return strings.TrimPrefix(body, "'")
	}
	return s
}
