package staged

import (
	"strings"
	"testing"
)

// TestString prints a function with one of each: a value used twice is shown once, one shown in a scope is not known
// behind it.
func TestString(t *testing.T) {
	a := &Node{Op: OpVar, Type: TI64, Name: "a"}
	p := &Node{Op: OpVar, Type: TI64.Ptr(), Name: "p"}
	two := &Node{Op: OpConst, Type: TI64, Imm: 2}
	sum := &Node{Op: OpScalar, Type: TI64, Name: "add", Args: []*Node{a, two}, ID: 5, Hint: "n1_sum"}
	mask := &Node{Op: OpPrim, Type: TMask, Lanes: true, Name: "gt_i64", Args: []*Node{sum, a}, ID: 7}
	f := &Func{Name: "f", Params: []*Node{a, p}, Returns: TI64, Body: &Body{Stmts: []Stmt{
		&If{Cond: a, Then: &Body{Stmts: []Stmt{&Store{To: Place{Ptr: p, Index: two}, Value: sum}}}},
		&RaiseIf{Mask: mask, SQLState: "22012", Message: "division by zero"},
		&Return{Value: sum},
	}}}
	want := strings.TrimPrefix(`
func f(a i64, p *i64) i64 {
  if a {
    v5 i64 = add(a, 2)  // n1_sum
    p[2] = v5
  }
  v5 i64 = add(a, 2)  // n1_sum
  v7 mask[] = gt_i64(v5, a)
  raise 22012 "division by zero" at 0 where v7
  return v5
}
`, "\n")
	if got := f.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
