package table

import "math"

// A sketch is a HyperLogLog: registers of a byte, indexed by the top bits of a value's hash, hold the greatest place of the
// first 1 below. The C runtime fills them (sink_sketch.c); here they are merged.

// mergeSketches returns the sketch of both sets, nil unless both have one of the same size.
func mergeSketches(a, b []byte) []byte {
	if len(a) == 0 || len(a) != len(b) {
		return nil
	}
	m := make([]byte, len(a))
	for i := range m {
		m[i] = max(a[i], b[i])
	}
	return m
}

// estimate is the number of distinct values that a sketch has seen, as the runtime estimates it.
func estimate(sketch []byte) int64 {
	m, sum, zeros := float64(len(sketch)), 0.0, 0
	for _, r := range sketch {
		sum += math.Ldexp(1, -int(r))
		if r == 0 {
			zeros++
		}
	}
	e := 0.7213 / (1 + 1.079/m) * m * m / sum
	if e <= 2.5*m && zeros > 0 {
		e = m * math.Log(m/float64(zeros))
	}
	return int64(e + 0.5)
}
