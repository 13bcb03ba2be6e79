package graph

import (
	"math"
	"testing"
)

// TestMini rounds every number of the types of 8 and 4 bits, and what lies between two of them.
func TestMini(t *testing.T) {
	for e, f := range minifloats {
		if f.max == 0 {
			continue
		}
		last := math.Copysign(0, -1)
		for bits := range uint8(1<<(f.bits-1) - 1) {
			x, next := float64(MiniBits(e, bits)), float64(MiniBits(e, bits+1))
			if x < last {
				t.Fatalf("%s: %v follows %v", e, x, last)
			}
			last = x
			if math.IsNaN(next) || math.IsInf(next, 0) {
				if x != f.max {
					t.Errorf("%s: %v is the greatest number, not %v", e, x, f.max)
				}
				break
			}
			middle, even := (x+next)/2, x
			if bits&1 == 1 {
				even = next
			}
			for _, c := range [][2]float64{{x, x}, {middle, even}, {math.Nextafter(middle, 0), x}, {-middle, -even}} {
				if c[0] = float64(float32(c[0])); c[0] == middle && c[1] == x && even == next {
					continue // f32 cannot tell it from the middle
				}
				if got := NarrowFloat(e, c[0]); got != c[1] {
					t.Fatalf("%s: %v becomes %v, want %v", e, c[0], got, c[1])
				}
			}
		}
		if got := NarrowFloat(e, math.Inf(-1)); got != -f.max {
			t.Errorf("%s: -Infinity becomes %v", e, got)
		}
		if got := NarrowFloat(e, math.NaN()); math.IsNaN(got) == f.finite {
			t.Errorf("%s: NaN becomes %v", e, got)
		}
		if got := NarrowFloat(e, math.Copysign(0, -1)); math.Signbit(got) == f.unsigned {
			t.Errorf("%s: -0 becomes %v", e, got)
		}
	}
	for e, want := range map[Elem]float64{F8E4M3FN: float64(math.Nextafter32(464, 500)), F8E4M3FNUZ: 248, F8E5M2: 61440} {
		if got := MiniBeyond(e); got != want {
			t.Errorf("%s: %v is too large, not %v", e, got, want)
		}
	}
}

// TestPowers: F8E8M0 has nothing but powers of two, and rounds up.
func TestPowers(t *testing.T) {
	for x, want := range map[float64]float64{0: math.Ldexp(1, -127), 1e-45: math.Ldexp(1, -127), 1: 1, 1.1: 2, 0.124: 0.125, -3: 4, math.Inf(1): math.Ldexp(1, 127),
		3e38: math.Ldexp(1, 127), math.Ldexp(1.5, -127): math.Ldexp(1, -126)} {
		if got := NarrowFloat(F8E8M0, x); got != want {
			t.Errorf("%v becomes %v, want %v", x, got, want)
		}
	}
	for bits := range uint8(255) {
		x := float64(MiniBits(F8E8M0, bits))
		if got := NarrowFloat(F8E8M0, x); got != x || x <= 0 {
			t.Errorf("bits %d are %v, which becomes %v", bits, x, got)
		}
	}
	if x := MiniBits(F8E8M0, 255); x == x {
		t.Errorf("bits 255 are %v", x)
	}
}
