package graph

import (
	"math"
	"testing"
)

// TestHalf rounds every f16 and bf16, what lies between two of them, and what lies just beside the middle.
func TestHalf(t *testing.T) {
	for _, e := range []Elem{F16, BF16} {
		for bits := range uint16(0x7f7f) {
			x, next := float64(HalfBits(e, bits)), float64(HalfBits(e, bits+1))
			if math.IsNaN(next) || math.IsInf(next, 0) {
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
	}
	if got := NarrowFloat(F16, 65520); !math.IsInf(got, 1) {
		t.Errorf("65520 becomes %v", got)
	}
	if got := NarrowFloat(F16, math.NaN()); !math.IsNaN(got) {
		t.Errorf("NaN becomes %v", got)
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		e       Elem
		v, want int64
	}{{I8, 128, -128}, {U8, -1, 255}, {U8, 256, 0}, {I16, 1 << 15, -1 << 15}, {U16, -1, 65535}, {U32, -1, 1<<32 - 1}, {I32, 1 << 31, -1 << 31}, {U64, -1, -1}} {
		if got := WrapInt(c.e, c.v); got != c.want {
			t.Errorf("%d as %s is %d, want %d", c.v, c.e, got, c.want)
		}
	}
}
