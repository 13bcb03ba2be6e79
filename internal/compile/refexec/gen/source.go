package gen

import (
	"fmt"
	"strings"

	"github.com/flernd/flernd/internal/storage/sqltype"
)

// rows is a FROM clause without a table.
func (s *scope) rows() (from string, keys []string) {
	g := s.g
	if g.chance(50) {
		s.cols = []visible{{name: "p.i", kind: sqltype.Int4, safe: true}}
		return fmt.Sprintf(" FROM generate_series(%d, %d, %d) p(i)", g.r.Intn(20)-10, g.r.Intn(900), 1+g.r.Intn(4)), []string{"p.i"}
	}
	kinds := []sqltype.Kind{sqltype.Int4, sqltype.Text, sqltype.Numeric, sqltype.Float8, sqltype.Date}
	s.cols = []visible{{name: "p.id", kind: sqltype.Int8, safe: true}}
	names := []string{"id"}
	for i, k := range kinds {
		names = append(names, fmt.Sprintf("c%d", i))
		s.cols = append(s.cols, visible{name: "p." + names[i+1], kind: k, safe: true})
	}
	rows := make([]string, 1+g.r.Intn(12))
	nothing := scope{g: g}
	for i := range rows {
		row := []string{fmt.Sprintf("%d::bigint", i)}
		for _, k := range kinds {
			row = append(row, nothing.literal(k))
		}
		rows[i] = "(" + strings.Join(row, ", ") + ")"
	}
	return fmt.Sprintf(" FROM (VALUES %s) p(%s)", strings.Join(rows, ", "), strings.Join(names, ", ")), []string{"p.id"}
}
