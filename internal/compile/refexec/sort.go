package refexec

import (
	"sort"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// sort is stable: rows that compare equal keep the input's order.
func (e *executor) sort(n *physical.Sort) ([]Row, error) {
	rows, err := e.run(n.Input)
	if err != nil {
		return nil, err
	}
	s := e.scope(n.Input.Columns())
	type keyed struct{ row, keys Row }
	ks := make([]keyed, len(rows))
	for i, r := range rows {
		ks[i] = keyed{r, make(Row, len(n.Keys))}
		for k, key := range n.Keys {
			if ks[i].keys[k], err = s.eval(key.Expr, r); err != nil {
				return nil, err
			}
		}
	}
	sort.SliceStable(ks, func(a, b int) bool { return before(n.Keys, ks[a].keys, ks[b].keys) })
	for i := range ks {
		rows[i] = ks[i].row
	}
	return e.cut(rows, n.Limit, n.Offset)
}

func before(keys []physical.SortKey, a, b Row) bool {
	for i, k := range keys {
		if a[i].Null || b[i].Null {
			if a[i].Null != b[i].Null {
				return a[i].Null == k.NullsFirst
			}
			continue
		}
		c := sqltype.Compare(k.Expr.Type(), a[i], b[i])
		if k.Desc {
			c = -c
		}
		if c != 0 {
			return c < 0
		}
	}
	return false
}

func (e *executor) limit(n *physical.Limit) ([]Row, error) {
	rows, err := e.run(n.Input)
	if err != nil {
		return nil, err
	}
	return e.cut(rows, n.Count, n.Offset)
}

// cut skips offset rows and keeps count of the others; nil and null mean none to skip and all to keep.
func (e *executor) cut(rows []Row, count, offset logical.Expr) ([]Row, error) {
	s := e.scope(nil)
	bound := func(x logical.Expr, code sqlstate.Code, name string, none int64) (int64, error) {
		if x == nil {
			return none, nil
		}
		v, err := s.eval(x, nil)
		if err != nil || v.Null {
			return none, err
		}
		if v.I < 0 {
			return 0, sqlstate.New(code, "%s must not be negative", name)
		}
		return min(v.I, int64(len(rows))), nil
	}
	skip, err := bound(offset, sqlstate.InvalidRowCountInOffset, "OFFSET", 0)
	if err != nil {
		return nil, err
	}
	keep, err := bound(count, sqlstate.InvalidRowCountInLimit, "LIMIT", int64(len(rows)))
	if err != nil {
		return nil, err
	}
	rows = rows[skip:]
	return rows[:min(keep, int64(len(rows)))], nil
}
