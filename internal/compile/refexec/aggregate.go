package refexec

import (
	"encoding/binary"
	"math"
	"math/big"
	"strconv"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// appendKey appends bytes that are the same for values that compare equal, and only for these.
func appendKey(b []byte, t sqltype.Type, v sqltype.Datum) []byte {
	if v.Null {
		return append(b, 0)
	}
	b = append(b, 1)
	switch t.Kind {
	case sqltype.Float4, sqltype.Float8:
		f := v.F
		if f == 0 {
			f = 0 // -0 too
		}
		if math.IsNaN(f) {
			f = math.NaN()
		}
		return binary.LittleEndian.AppendUint64(b, math.Float64bits(f))
	case sqltype.Numeric:
		return appendText(b, canonical(v.N))
	case sqltype.Interval:
		return appendText(b, sqltype.IntervalMicros(v.Iv).String())
	case sqltype.Char:
		return appendText(b, sqltype.CharToText(v.S))
	case sqltype.Text, sqltype.Varchar, sqltype.Unknown:
		return appendText(b, v.S)
	case sqltype.Array, sqltype.Vector:
		b = binary.LittleEndian.AppendUint64(b, uint64(len(v.A)))
		for _, x := range v.A {
			b = appendKey(b, elementType(t), x)
		}
		return b
	}
	return binary.LittleEndian.AppendUint64(b, uint64(v.I))
}

func appendText(b []byte, s string) []byte {
	return append(binary.LittleEndian.AppendUint64(b, uint64(len(s))), s...)
}

// canonical is a numeric without the zeros at its end.
func canonical(d *sqltype.Decimal) string {
	if d.Special != sqltype.Finite {
		return d.String()
	}
	u, scale, ten := new(big.Int).Set(d.Unscaled), d.Scale, big.NewInt(10)
	for q, r := new(big.Int), new(big.Int); scale > 0; scale-- {
		if q.QuoRem(u, ten, r); r.Sign() != 0 {
			break
		}
		u.Set(q)
	}
	return u.String() + "e" + strconv.Itoa(int(scale))
}

type group struct {
	keys   Row
	states []aggState
}

// aggregate groups in the order in which groups first occur.
func (e *executor) aggregate(n *physical.HashAggregate) ([]Row, error) {
	rows, err := e.run(n.Input)
	if err != nil {
		return nil, err
	}
	s := e.scope(n.Input.Columns())
	groups := map[string]*group{}
	var order []*group
	if len(n.Keys) == 0 {
		g := &group{states: make([]aggState, len(n.Aggs))}
		groups[""], order = g, []*group{g}
	}
	for _, r := range rows {
		var key []byte
		keys := make(Row, len(n.Keys))
		for i, k := range n.Keys {
			if keys[i], err = s.eval(k.Expr, r); err != nil {
				return nil, err
			}
			key = appendKey(key, k.Expr.Type(), keys[i])
		}
		g := groups[string(key)]
		if g == nil {
			g = &group{keys: keys, states: make([]aggState, len(n.Aggs))}
			groups[string(key)] = g
			order = append(order, g)
		}
		for i := range n.Aggs {
			if err := s.accumulate(&g.states[i], n.Aggs[i].Agg, r); err != nil {
				return nil, err
			}
		}
	}
	out := make([]Row, len(order))
	for i, g := range order {
		out[i] = g.keys
		for k := range n.Aggs {
			v, err := g.states[k].result(n.Aggs[k].Agg)
			if err != nil {
				return nil, err
			}
			out[i] = append(out[i], v)
		}
	}
	return out, nil
}

type aggState struct {
	count int64
	value sqltype.Datum // sum, least, greatest or truth so far
	float floatSum
	parts []floatSum // of a vector's elements
	seen  map[string]bool
}

func (s *scope) accumulate(st *aggState, a *logical.Agg, r Row) error {
	if a.Func == logical.CountStar {
		st.count++
		return nil
	}
	v, err := s.eval(a.Arg, r)
	if err != nil || v.Null {
		return err
	}
	if a.Distinct {
		key := string(appendKey(nil, a.Arg.Type(), v))
		if st.seen[key] {
			return nil
		}
		if st.seen == nil {
			st.seen = map[string]bool{}
		}
		st.seen[key] = true
	}
	st.count++
	return st.add(a, v)
}

func (st *aggState) add(a *logical.Agg, v sqltype.Datum) (err error) {
	t := a.Arg.Type()
	switch a.Func {
	case logical.Sum, logical.Avg:
		return st.addTo(a, t.Kind, v)
	case logical.Min, logical.Max:
		order := 0
		if st.count > 1 {
			order = sqltype.Compare(t, v, st.value)
		}
		if st.count == 1 || a.Func == logical.Min && order < 0 || a.Func == logical.Max && order > 0 {
			st.value = v
		}
	case logical.BoolAnd:
		if st.count == 1 || v.I == 0 {
			st.value = v
		}
	case logical.BoolOr:
		if st.count == 1 || v.I != 0 {
			st.value = v
		}
	}
	return nil
}

// addTo sums. Integers sum as numerics of unlimited size; whether the result fits is seen at the end.
func (st *aggState) addTo(a *logical.Agg, k sqltype.Kind, v sqltype.Datum) (err error) {
	if k.IsFloat() {
		st.float.add(v.F)
		return nil
	}
	if k == sqltype.Vector {
		return st.addVector(a, v)
	}
	if k.IsInteger() {
		v.N = sqltype.DecimalFromInt(v.I)
	}
	if st.count == 1 {
		st.value = v
		return nil
	}
	switch k {
	case sqltype.Interval:
		st.value.Iv, err = sqltype.IntervalAdd(st.value.Iv, v.Iv)
	default:
		st.value.N, err = st.value.N.Add(v.N)
	}
	return err
}

func (st *aggState) result(a *logical.Agg) (sqltype.Datum, error) {
	if a.Func == logical.CountStar || a.Func == logical.Count {
		return sqltype.Datum{I: st.count}, nil
	}
	if st.count == 0 {
		return sqltype.NullDatum, nil
	}
	v, k := st.value, a.Arg.Type().Kind
	var err error
	switch {
	case a.Func == logical.Sum && k.IsInteger() && a.Typ.Kind != sqltype.Numeric:
		if v.I, err = v.N.ToInteger(a.Typ.Kind); err != nil {
			err = sqlstate.New(sqlstate.NumericValueOutOfRange, "%s out of range", a.Typ.Kind)
		}
	case k.IsFloat() && (a.Func == logical.Sum || a.Func == logical.Avg):
		v.F, err = st.float.value(k == sqltype.Float4 && a.Func == logical.Sum)
		if a.Func == logical.Avg {
			v.F /= float64(st.count)
		}
	case k == sqltype.Vector && (a.Func == logical.Sum || a.Func == logical.Avg):
		return st.vector(a)
	case a.Func != logical.Avg:
	case k == sqltype.Interval:
		v.Iv, err = sqltype.IntervalDiv(v.Iv, float64(st.count))
	default:
		v.N, err = v.N.Div(sqltype.DecimalFromInt(st.count))
	}
	return v, err
}
