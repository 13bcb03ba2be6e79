package refexec

import (
	"math/rand"
	"testing"

	"github.com/flernd/flernd/internal/storage/sqltype"
)

// TestCompareFloats compares rows of floats that lie close together, in another order and a little changed: the same. With
// one of them replaced by its neighbour they are not.
func TestCompareFloats(t *testing.T) {
	types := []sqltype.Type{sqltype.Of(sqltype.Float8), sqltype.Of(sqltype.Float8)}
	r := rand.New(rand.NewSource(1))
	var want, got [][]sqltype.Datum
	for i := range 500 {
		x := 1e6 + float64(i%250)
		want = append(want, []sqltype.Datum{{F: x}, {F: float64(i)}})
		got = append(got, []sqltype.Datum{{F: x * (1 + r.Float64()*1e-10)}, {F: float64(i)}})
	}
	r.Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
	if diff := Compare(types, want, got, false); diff != "" {
		t.Error(diff)
	}
	got[7] = got[8]
	if Compare(types, want, got, false) == "" {
		t.Error("a row too many and one too few are not noticed")
	}
}
