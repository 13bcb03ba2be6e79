package translate

import (
	"encoding/binary"
	"math"
	"testing"
)

// TestIntTable reads lists back as flk_in_i64 does, and holds that the bitmap is taken where it is no longer.
func TestIntTable(t *testing.T) {
	le := binary.LittleEndian
	for name, c := range map[string]struct {
		all    []int64
		bitmap bool
	}{
		"none":     {nil, false},
		"one":      {[]int64{math.MinInt64}, true},
		"dense":    {[]int64{-3, -1, 0, 5, 124, 380}, true},
		"just":     {[]int64{10, 10 + 127}, true},
		"just not": {[]int64{10, 10 + 128}, false},
		"ends":     {[]int64{math.MinInt64, 0, math.MaxInt64}, false},
		"high":     {[]int64{math.MaxInt64 - 70, math.MaxInt64}, true},
	} {
		b := intTable(c.all)
		span, second, rest := le.Uint64(b), le.Uint64(b[8:]), b[16:]
		if (span > 0) != c.bitmap {
			t.Errorf("%s: span %d", name, span)
		}
		var got []int64
		for at := range span {
			if rest[at/8]>>(at%8)&1 == 1 {
				got = append(got, int64(second+at))
			}
		}
		for i := 0; span == 0 && i < int(second); i++ {
			got = append(got, int64(le.Uint64(rest[8*i:])))
		}
		if len(got) != len(c.all) {
			t.Fatalf("%s: %v", name, got)
		}
		for i := range got {
			if got[i] != c.all[i] {
				t.Errorf("%s: %d is %d", name, i, got[i])
			}
		}
	}
}
