package graph

import (
	"strings"
	"testing"
)

// TestAlone cuts a one-hot code and a number of a text: the wide code is cut before it is spread out.
func TestAlone(t *testing.T) {
	b := &Builder{Graph: New("m")}
	x, n := b.Input("x", Of(F32)), b.Input("text", Of(String))
	place := b.Add(NewMap(StringsOf("b", "a"), I64Of(1, 0), Scalar(I64, -1)), n)
	hot := b.Add(&Cast{To: F32}, b.Add(&Compare{Fn: Eq}, place, b.Constant(I64Of(0, 1, 2))))
	b.Graph.Output("y", b.Binary(Mul, x, hot))
	b.Graph.Output("place", place)
	b.Graph.Output("x", x)
	if b.Err != nil {
		t.Fatal(b.Err)
	}
	for most, want := range map[int]string{0: "", 1: "1", 3: "1 3", 4: "3 1"} {
		alone, rest := b.Graph.Alone(1, most)
		if want == "" || alone == nil {
			if want != "" || alone != nil {
				t.Errorf("%d: %v", most, alone)
			}
			continue
		}
		if err := alone.Verify(); err != nil || len(alone.Inputs) != 1 {
			t.Errorf("%d: %v, %s", most, err, alone)
		}
		if err := rest.Verify(); err != nil || len(rest.Inputs) != 2+len(alone.Outputs) || len(rest.Outputs) != 3 {
			t.Errorf("%d: %v, %s", most, err, rest)
		}
		if most != 3 && strings.Contains(rest.String(), "map") {
			t.Errorf("%d: the text is searched for each row: %s", most, rest)
		}
	}
	if alone, _ := b.Graph.Alone(0, 10); alone != nil {
		t.Errorf("of x alone nothing is computed: %s", alone)
	}
}
