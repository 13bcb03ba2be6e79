package translate

import (
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/dialect"
)

// TestTablesOfPredicates: predicates over a dictionary share a table if and only if they say the same.
func TestTablesOfPredicates(t *testing.T) {
	for _, c := range []struct {
		where  string
		tables int
	}{
		{"l_shipmode in ('MAIL', 'SHIP') and l_linenumber = 1 or l_shipmode in ('MAIL', 'SHIP') and l_quantity = 2", 1},
		{"l_shipmode in ('MAIL', 'SHIP') and l_linenumber = 1 or l_shipmode in ('MAIL', 'AIR') and l_quantity = 2", 2},
		{"l_shipmode = 'MAIL' and l_linenumber = 1 or l_shipinstruct = 'MAIL' and l_quantity = 2", 2},
		{"l_linenumber > 3 and left(l_shipmode, 2) = 'MA'", 1},
		{"l_linenumber > 3 and 6 / length(l_shipmode) = 2", 0},
		{"l_linenumber > 3 and l_shipmode like 'MA\\'", 0},
		{"l_linenumber > 3 and coalesce(l_shipmode, 'x') = 'x'", 0},
	} {
		stmts, err := dialect.Parse("select count(*) from lineitem where " + c.where)
		if err != nil {
			t.Fatal(err)
		}
		p, err := planner.Plan(stmts[0], newCatalog(t).env())
		if err != nil {
			t.Fatal(err)
		}
		prog, err := Translate(p.Root, Options{})
		if err != nil {
			t.Fatal(err)
		}
		tables := 0
		for _, f := range prog.C.State.Fields {
			if strings.HasPrefix(f.Name, "table_") {
				tables++
			}
		}
		if tables != c.tables {
			t.Errorf("%s: %d tables, want %d", c.where, tables, c.tables)
		}
	}
}
