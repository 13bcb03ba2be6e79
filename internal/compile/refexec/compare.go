package refexec

import (
	"fmt"
	"math"
	"sort"
	"strings"

	"github.com/flernd/flernd/internal/storage/sqltype"
)

// Tolerance is how far floats may lie apart, relative to the larger one: functions such as exp come from another
// library, and sums take their results up.
const Tolerance = 1e-9

// tolerance4 is the same for float4.
const tolerance4 = 1e-4

// Compare describes the first difference between two results, "" when there is none. Text forms are compared, as clients
// see them, floats as numbers. Without ordered, rows may come in any order.
func Compare(types []sqltype.Type, want, got [][]sqltype.Datum, ordered bool) string {
	if len(want) != len(got) {
		return fmt.Sprintf("%d rows, want %d", len(got), len(want))
	}
	if !ordered {
		want, got = sorted(types, want), sorted(types, got)
	}
	for i := range want {
		if c := difference(types, want[i], got[i]); c >= 0 && (ordered || !swapIn(types, want[i], got[i:])) {
			return fmt.Sprintf("row %d, column %d: %s, want %s\n got %s\nwant %s", i+1, c+1, show(types[c], got[i][c]),
				show(types[c], want[i][c]), showRow(types, got[i]), showRow(types, want[i]))
		}
	}
	return ""
}

// difference is the first column in which two rows are not the same, -1 if there is none.
func difference(types []sqltype.Type, a, b []sqltype.Datum) int {
	for c, t := range types {
		if !Same(t, a[c], b[c]) {
			return c
		}
	}
	return -1
}

// swapIn puts a row that is the same as want to the front: floats that differ a little may have sorted it to another place.
func swapIn(types []sqltype.Type, want []sqltype.Datum, rows [][]sqltype.Datum) bool {
	for i, row := range rows {
		if difference(types, want, row) < 0 {
			rows[0], rows[i] = row, rows[0]
			return true
		}
	}
	return false
}

// Same reports whether two values are the same to a client, but for the tolerance of floats.
func Same(t sqltype.Type, a, b sqltype.Datum) bool {
	if a.Null || b.Null {
		return a.Null == b.Null
	}
	switch t.Kind {
	case sqltype.Float4:
		return near(a.F, b.F, tolerance4)
	case sqltype.Float8:
		return near(a.F, b.F, Tolerance)
	case sqltype.Array, sqltype.Vector:
		if len(a.A) != len(b.A) {
			return false
		}
		for i := range a.A {
			if !Same(elementType(t), a.A[i], b.A[i]) {
				return false
			}
		}
		return true
	}
	return sqltype.Format(t, a) == sqltype.Format(t, b)
}

func near(a, b, tolerance float64) bool {
	if a == b || math.IsNaN(a) && math.IsNaN(b) {
		return true
	}
	if math.IsInf(a, 0) || math.IsInf(b, 0) {
		return false
	}
	return math.Abs(a-b) <= tolerance*math.Max(1, math.Max(math.Abs(a), math.Abs(b)))
}

// sorted orders rows by their exact columns first, so that floats which differ a little change the order little.
func sorted(types []sqltype.Type, rows [][]sqltype.Datum) [][]sqltype.Datum {
	out := append([][]sqltype.Datum(nil), rows...)
	sort.SliceStable(out, func(i, j int) bool {
		for _, floats := range []bool{false, true} {
			for c, t := range types {
				if t.Kind.IsFloat() != floats {
					continue
				}
				if order := orderOf(t, out[i][c], out[j][c]); order != 0 {
					return order < 0
				}
			}
		}
		return false
	})
	return out
}

func orderOf(t sqltype.Type, a, b sqltype.Datum) int {
	switch {
	case a.Null && b.Null:
		return 0
	case a.Null:
		return 1
	case b.Null:
		return -1
	case t.Kind == sqltype.Record || t.Kind == sqltype.Numeric:
		return strings.Compare(show(t, a), show(t, b))
	}
	return sqltype.Compare(t, a, b)
}

func show(t sqltype.Type, v sqltype.Datum) string {
	if v.Null {
		return "NULL"
	}
	return sqltype.Format(t, v)
}

func showRow(types []sqltype.Type, r []sqltype.Datum) string {
	var parts []string
	for i, t := range types {
		parts = append(parts, show(t, r[i]))
	}
	return "(" + strings.Join(parts, ", ") + ")"
}
