package graph

import "testing"

func TestBuilder(t *testing.T) {
	b := &Builder{Graph: New("g")}
	x := b.Input("x", Of(F64, 2))
	y := b.Binary(Mul, b.Unary(Neg, x), b.Like(x, 2))
	if b.Err != nil || !y.Type.Equal(x.Type) || len(b.Graph.Values) != 4 {
		t.Fatalf("%v\n%s", b.Err, b.Graph)
	}
	if z := b.Binary(Add, x, b.Constant(F32Of(1))); z != nil || b.Err == nil {
		t.Error("f64 and f32 are added")
	}
	first := b.Err
	if b.Input("y", Of(F64)) != nil || b.Like(nil, 1) != nil || b.Err != first || len(b.Graph.Inputs) != 1 {
		t.Error("something is added after an error")
	}
}
