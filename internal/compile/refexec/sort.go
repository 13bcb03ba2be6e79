package refexec

import (
	"sort"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/sqltype"
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
	value := func(x logical.Expr) (sqltype.Datum, error) {
		if x == nil {
			return sqltype.NullDatum, nil
		}
		return s.eval(x, nil)
	}
	skip, err := value(offset)
	if err != nil {
		return nil, err
	}
	keep, err := value(count)
	if err == nil {
		err = logical.CheckLimit(keep, skip)
	}
	if err != nil {
		return nil, err
	}
	if !skip.Null {
		rows = rows[min(skip.I, int64(len(rows))):]
	}
	if !keep.Null {
		rows = rows[:min(keep.I, int64(len(rows)))]
	}
	return rows, nil
}
