package refexec

import (
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// series yields Start, Start+Step … up to Stop; a null bound or step yields nothing.
func (e *executor) series(n *physical.GenerateSeries) ([]Row, error) {
	s := e.scope(nil)
	t := n.Col.Type
	v := [3]sqltype.Datum{2: {I: 1, N: sqltype.DecimalFromInt(1)}}
	for i, x := range []logical.Expr{n.Start, n.Stop, n.Step} {
		if x == nil {
			continue
		}
		d, err := s.eval(x, nil)
		if err != nil || d.Null {
			return nil, err
		}
		v[i] = d
	}
	zero := sqltype.Datum{N: sqltype.DecimalFromInt(0)}
	up := sqltype.Compare(t, v[2], zero)
	if up == 0 {
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "step size cannot equal zero")
	}
	var out []Row
	for at := v[0]; sqltype.Compare(t, at, v[1])*up <= 0; {
		out = append(out, Row{at})
		next, err := plus(t.Kind, at, v[2])
		if err != nil {
			break // past the type's range
		}
		at = next
	}
	return out, nil
}

func plus(k sqltype.Kind, a, b sqltype.Datum) (sqltype.Datum, error) {
	if k == sqltype.Numeric {
		d, err := a.N.Add(b.N)
		return sqltype.Datum{N: d}, err
	}
	r := a.I + b.I
	if (r > a.I) != (b.I > 0) {
		return a, sqltype.OutOfRange(k)
	}
	r, err := sqltype.CheckInteger(k, r)
	return sqltype.Datum{I: r}, err
}
