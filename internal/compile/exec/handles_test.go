package exec

import "testing"

func TestHandles(t *testing.T) {
	table := newHandles(4) // numbers 1 to 3
	get := func(name string) (*handle, bool, *handle) { return table.acquire(name) }
	a, fresh, _ := get("a")
	if !fresh || a.id == 0 {
		t.Fatalf("first: %+v, %v", a, fresh)
	}
	if again, fresh, _ := get("a"); again != a || fresh || a.refs != 2 {
		t.Fatalf("again: %+v, %v", again, fresh)
	}
	b, _, _ := get("b")
	c, _, _ := get("c")
	if d, _, _ := get("d"); d != nil {
		t.Fatal("a number too many")
	}
	table.release(b)
	table.release(c)
	table.release(a) // one reference is left
	d, fresh, evicted := get("d")
	if !fresh || evicted != b || d.id != b.id {
		t.Fatalf("the least recently used one was not given up: %+v", evicted)
	}
	if again, fresh, _ := get("c"); again != c || fresh {
		t.Fatal("the other one was")
	}
	if e, _, _ := get("e"); e != nil {
		t.Fatal("a handle in use was given up")
	}
	if h, givenUp := table.doom("d"); h != d || givenUp {
		t.Fatal("a handle in use was given up")
	}
	if !table.release(d) {
		t.Fatal("a doomed handle was kept after its last use")
	}
	if h, givenUp := table.doom("c"); h != c || givenUp {
		t.Fatal("a handle in use was given up")
	}
	if h, _ := table.doom("nothing"); h != nil {
		t.Fatal("a handle of no name")
	}
	if e, fresh, evicted := get("e"); e == nil || !fresh || evicted != nil || e.id != d.id {
		t.Fatal("a forgotten number is not used again")
	}
}
