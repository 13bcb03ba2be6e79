package gen

import (
	"fmt"

	"github.com/flernd/flernd/internal/storage/sqltype"
)

// guarded is an expression of the kind that would raise an error for some values if a CASE did not keep them from it; "" if
// there is none.
func (s *scope) guarded(k sqltype.Kind) string {
	g := s.g
	t, i := s.leaf(sqltype.Text, false), s.leaf(sqltype.Int4, false)
	switch k {
	case sqltype.Text:
		if g.chance(50) {
			return fmt.Sprintf("CASE WHEN length(%s) > 2 THEN substring(%s, 1, length(%s) - 3) ELSE 'short' END", t, t, t)
		}
		return fmt.Sprintf("CASE WHEN %s >= 0 THEN substring(%s, 2, %s) END", i, t, i)
	case sqltype.Int4:
		if g.chance(50) {
			return fmt.Sprintf("CASE WHEN %s <> '' THEN 6 / length(%s) ELSE -1 END", t, t)
		}
		return fmt.Sprintf("CASE WHEN %s BETWEEN -1000 AND 1000 THEN %s * 2000000 END", i, i)
	case sqltype.Int8:
		return fmt.Sprintf("CASE WHEN %s <> 0 THEN 1000000007::bigint / %s ELSE 0 END", i, i)
	case sqltype.Int2:
		return fmt.Sprintf("CASE WHEN abs(%s::bigint) < 32768 THEN %s::smallint END", i, i)
	case sqltype.Float8:
		f := s.leaf(k, false)
		return fmt.Sprintf("CASE WHEN abs(%s) BETWEEN 1e-9 AND 1e9 THEN 1 / %s END", f, f)
	case sqltype.Numeric:
		n := s.leaf(k, false)
		return fmt.Sprintf("CASE WHEN abs(%s) < 900 THEN (%s)::numeric(5,2) ELSE 0.00 END", n, n)
	}
	return ""
}
