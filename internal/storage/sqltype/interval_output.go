package sqltype

import "strconv"

// appendInterval writes an interval in PostgreSQL's own style: "1 year 2 mons -3 days +04:05:06".
func appendInterval(dst []byte, v IntervalValue) []byte {
	start := len(dst)
	negativeBefore := false
	part := func(n int64, unit string) {
		if n == 0 {
			return
		}
		if len(dst) > start {
			dst = append(dst, ' ')
		}
		if negativeBefore && n > 0 {
			dst = append(dst, '+')
		}
		dst = strconv.AppendInt(dst, n, 10)
		dst = append(append(dst, ' '), unit...)
		if n != 1 {
			dst = append(dst, 's')
		}
		negativeBefore = n < 0
	}
	part(int64(v.Months/12), "year")
	part(int64(v.Months%12), "mon")
	part(int64(v.Days), "day")
	if v.Micros == 0 && len(dst) > start {
		return dst
	}
	if len(dst) > start {
		dst = append(dst, ' ')
	}
	magnitude := uint64(v.Micros)
	if v.Micros < 0 {
		dst = append(dst, '-')
		magnitude = -magnitude
	} else if negativeBefore {
		dst = append(dst, '+')
	}
	dst = appendPadded(dst, int64(magnitude/microsPerHour), 2)
	dst = appendPadded(append(dst, ':'), int64(magnitude/microsPerMinute%60), 2)
	return appendSeconds(append(dst, ':'), int64(magnitude/microsPerSecond%60), int64(magnitude%microsPerSecond))
}
