// Package stats estimates rows, distinct values and selectivities of logical plans from the statistics of table snapshots.
//
// Estimates choose plans; they never decide what a plan means. The package knows logical plans and snapshots, not operators
// that run or what they cost.
package stats

import (
	"math"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// What is assumed where nothing is known; the values are those PostgreSQL users know.
const (
	defaultRange     = 1.0 / 3
	defaultEqual     = 0.005
	defaultLike      = 0.02
	defaultDistinct  = 200
	defaultSeries    = 1000
	defaultCopyRows  = 1_000_000
	unknownBoolean   = 0.5
	leastSelectivity = 1e-10
)

// column is what is known of a column.
type column struct {
	rows     float64 // of its table
	distinct float64 // 0 if unknown
	nulls    float64 // fraction
	bounded  bool
	low      float64 // as the statistics hold them: unscaled numerics, days, microseconds
	high     float64
	scale    int // of a numeric
	kind     sqltype.Kind
}

// Estimator holds the statistics of the tables of one plan, and remembers estimates.
type Estimator struct {
	cols map[logical.ColID]column
	rows map[logical.Node]float64
}

// New makes an estimator for a plan and everything that rules make of it.
func New(root logical.Node) *Estimator {
	e := &Estimator{cols: map[logical.ColID]column{}, rows: map[logical.Node]float64{}}
	logical.WalkPlan(root, func(n logical.Node) {
		if s, ok := n.(*logical.Scan); ok {
			e.addScan(s)
		}
	})
	return e
}

func (e *Estimator) addScan(s *logical.Scan) {
	if s.Snapshot == nil {
		return
	}
	rows := float64(s.Snapshot.Rows)
	for i, c := range s.Cols {
		info := column{rows: rows, kind: c.Type.Kind}
		if o := s.Ordinals[i]; o < len(s.Snapshot.Stats) {
			st := s.Snapshot.Stats[o]
			if rows > 0 {
				info.nulls = float64(st.NullCount) / rows
			}
			info.distinct = math.Min(float64(st.Distinct), rows)
			info.bounded = st.HasBounds
			info.low, info.high = float64(st.MinInt), float64(st.MaxInt)
			if c.Type.Kind.IsFloat() {
				info.low, info.high = st.MinFloat, st.MaxFloat
			}
			if c.Type.Kind.IsString() || c.Type.Kind == sqltype.Interval {
				info.bounded = false
			}
			if _, scale, ok := c.Type.PrecisionScale(); ok {
				info.scale = scale
			} else if c.Type.Kind == sqltype.Numeric {
				info.bounded = false
			}
			info.limitDistinct()
		}
		if info.distinct == 0 && len(s.Table.PrimaryKey) == 1 && s.Table.PrimaryKey[0] == s.Ordinals[i] {
			info.distinct = rows
		}
		e.cols[c.ID] = info
	}
}

// limitDistinct bounds the number of distinct values of whole numbers by their range.
func (c *column) limitDistinct() {
	if !c.bounded || c.kind.IsFloat() {
		return
	}
	if span := c.high - c.low + 1; span > 0 && (c.distinct == 0 || span < c.distinct) && span <= c.rows {
		c.distinct = span
	}
}

// Rows estimates the rows of an operator.
func (e *Estimator) Rows(n logical.Node) float64 {
	if r, ok := e.rows[n]; ok {
		return r
	}
	r := Clamp(e.estimate(n))
	e.rows[n] = r
	return r
}

func (e *Estimator) estimate(n logical.Node) float64 {
	switch n := n.(type) {
	case *logical.Scan:
		if n.Snapshot == nil {
			return 1
		}
		return float64(n.Snapshot.Rows)
	case *logical.Filter:
		return atLeastOne(e.Rows(n.Input) * e.Selectivity(n.Conds))
	case *logical.Join:
		return e.joinRows(n)
	case *logical.Aggregate:
		return e.Groups(n, e.Rows(n.Input))
	case *logical.Sort:
		return limited(e.Rows(n.Input), n.Limit, n.Offset)
	case *logical.Limit:
		return limited(e.Rows(n.Input), n.Count, n.Offset)
	case *logical.Values:
		return float64(len(n.Rows))
	case *logical.GenerateSeries:
		return seriesRows(n)
	case *logical.CSVSource:
		return defaultCopyRows
	}
	return e.Rows(n.Inputs()[0])
}

// maxRows keeps estimates finite, whatever is multiplied.
const maxRows = 1e100

// Clamp brings an estimate of rows into the range of numbers that can be worked with.
func Clamp(rows float64) float64 {
	if !(rows >= 0) { // NaN too
		return 0
	}
	return math.Min(rows, maxRows)
}

func atLeastOne(v float64) float64 { return math.Max(1, math.Round(v)) }

// Groups estimates the groups that an aggregate makes of some rows.
func (e *Estimator) Groups(n *logical.Aggregate, rows float64) float64 {
	if len(n.Keys) == 0 {
		return 1
	}
	groups := 1.0
	for _, k := range n.Keys {
		groups *= e.Distinct(k.Expr)
	}
	return atLeastOne(math.Min(groups, rows))
}

func limited(rows float64, count, offset logical.Expr) float64 {
	if v, ok := number(offset); ok {
		rows = math.Max(0, rows-v)
	}
	if v, ok := number(count); ok {
		rows = math.Min(rows, v)
	} else if count != nil {
		rows = math.Max(1, rows/10)
	}
	return math.Max(1, rows)
}

// number is the value of an integer constant.
func number(e logical.Expr) (float64, bool) {
	c, ok := e.(*logical.Const)
	if !ok || c.Value.Null {
		return 0, false
	}
	return value(c, 0)
}

func seriesRows(n *logical.GenerateSeries) float64 {
	start, ok1 := number(n.Start)
	stop, ok2 := number(n.Stop)
	step, ok3 := number(n.Step)
	if !ok1 || !ok2 || !ok3 || step == 0 {
		return defaultSeries
	}
	return math.Max(1, math.Floor((stop-start)/step)+1)
}

// Distinct estimates the distinct values of an expression.
func (e *Estimator) Distinct(x logical.Expr) float64 {
	switch x := x.(type) {
	case *logical.Const, *logical.Param:
		return 1
	case *logical.Ref:
		if c, ok := e.cols[x.Col.ID]; ok && c.distinct > 0 {
			return c.distinct
		}
		if x.Col.Type.Kind == sqltype.Bool {
			return 2
		}
		return defaultDistinct
	case *logical.Call:
		if x.Func == logical.Extract || x.Func == logical.DatePart {
			return e.distinctField(x)
		}
	case *logical.Cast:
		return e.Distinct(x.Arg)
	}
	if x.Type().Kind == sqltype.Bool {
		return 2
	}
	d := 1.0
	logical.Walk(x, func(y logical.Expr) bool {
		if r, ok := y.(*logical.Ref); ok {
			d *= e.Distinct(r)
		}
		return true
	})
	return math.Max(1, d)
}

// distinctField estimates the values of a field of a date.
func (e *Estimator) distinctField(x *logical.Call) float64 {
	field, ok := x.Args[0].(*logical.Const)
	if !ok {
		return defaultDistinct
	}
	switch field.Value.S {
	case "month":
		return 12
	case "day":
		return 31
	case "hour":
		return 24
	case "minute":
		return 60
	case "dow", "isodow":
		return 7
	case "quarter":
		return 4
	case "year", "isoyear":
		if r, ok := x.Args[1].(*logical.Ref); ok {
			if c := e.cols[r.Col.ID]; c.bounded {
				days := c.high - c.low
				if c.kind == sqltype.Timestamp {
					days /= 86400e6
				}
				return math.Max(1, math.Floor(days/365.25)+1)
			}
		}
		return 10
	}
	return defaultDistinct
}

// Width estimates the bytes of a value of a type.
func Width(t sqltype.Type) int {
	if s := t.Size(); s > 0 {
		return int(s)
	}
	if n := int(t.Mod); (t.Kind == sqltype.Varchar || t.Kind == sqltype.Char) && n > 0 {
		switch {
		case n <= 32 || t.Kind == sqltype.Char:
			return n
		case n < 1000:
			return 32 + (n-32)/2
		}
		return 516
	}
	if p, _, ok := t.PrecisionScale(); ok {
		return 8 + p/4*2
	}
	if t.Kind == sqltype.Array {
		return 24 + int(t.Len)*Width(sqltype.Of(t.Elem))
	}
	return 32
}
