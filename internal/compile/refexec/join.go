package refexec

import (
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// join pairs each probe row with the build rows of equal keys, in their order. Null keys equal nothing.
func (e *executor) join(n *physical.HashJoin) ([]Row, error) {
	build, err := e.run(n.Build)
	if err != nil {
		return nil, err
	}
	probe, err := e.run(n.Probe)
	if err != nil {
		return nil, err
	}
	table := map[string][]Row{}
	sb := e.scope(n.Build.Columns())
	for _, r := range build {
		key, ok, err := sb.joinKey(n.BuildKeys, r)
		if err != nil {
			return nil, err
		}
		if ok {
			table[key] = append(table[key], r)
		}
	}
	cols := append(append([]logical.Column(nil), n.Probe.Columns()...), n.Build.Columns()...)
	both, sp := e.scope(cols), e.scope(n.Probe.Columns())
	var out []Row
	var pair Row
	for _, r := range probe {
		key, ok, err := sp.joinKey(n.ProbeKeys, r)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		for _, b := range table[key] {
			pair = append(append(pair[:0], r...), b...)
			ok, err := both.allTrue(n.Residual, pair)
			if err != nil {
				return nil, err
			}
			if !ok {
				continue
			}
			row := make(Row, len(n.Out))
			for i, c := range n.Out {
				at, known := both.columns[c.ID]
				if !known {
					return nil, sqlstate.New(sqlstate.InternalError, "join yields column %d, which no side has", c.ID)
				}
				row[i] = pair[at]
			}
			out = append(out, row)
		}
	}
	return out, nil
}

// joinKey is the row's key; ok is false when part of it is null.
func (s *scope) joinKey(keys []logical.Expr, r Row) (key string, ok bool, err error) {
	var b []byte
	for _, k := range keys {
		v, err := s.eval(k, r)
		if err != nil || v.Null {
			return "", false, err
		}
		b = appendKey(b, k.Type(), v)
	}
	return string(b), true, nil
}
