package bind

import "github.com/flernd/flernd/internal/wire/sqlstate"

// maxDistance is how far a column's name may be from the one written to be proposed.
const maxDistance = 3

// withSimilar adds the hint that names one or two columns like the missing one, as PostgreSQL does: the nearest by edit
// distance, with the distance between the qualifiers added, unless more than half of the name differs.
func withSimilar(err *sqlstate.Error, s *scope, alias, name string) *sqlstate.Error {
	best := maxDistance + 1
	var first, second *item
	for _, r := range s.relations {
		penalty := 0
		if alias != "" {
			penalty = editDistance(alias, r.alias)
		}
		for i := range r.items {
			d := editDistance(name, r.items[i].name)
			if d > len(name)/2 {
				continue
			}
			switch d += penalty; {
			case d > best || d > maxDistance:
			case d < best:
				best, first, second = d, &r.items[i], nil
			case second != nil:
				first, second = nil, nil // too many: none is proposed until a nearer one comes
			case first != nil:
				second = &r.items[i]
			}
		}
	}
	switch {
	case second != nil:
		return err.WithHint("Perhaps you meant to reference the column \"%s.%s\" or the column \"%s.%s\".", first.rel.alias,
			first.name, second.rel.alias, second.name)
	case first != nil:
		return err.WithHint("Perhaps you meant to reference the column \"%s.%s\".", first.rel.alias, first.name)
	}
	return err
}

// editDistance is Levenshtein's distance in bytes.
func editDistance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return maxDistance + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 0; i < len(a); i++ {
		diagonal := row[0]
		row[0] = i + 1
		for j := 0; j < len(b); j++ {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
