package translate

// usualMorsel is how many rows a morsel has (FL_MORSEL).
const usualMorsel = 65536

// A morsel is to take some milliseconds, so that all workers have their part of a few rows that cost much each.
const (
	morselFLOPs  = 1e8 // aimed at, in whole blocks
	longestFLOPs = 4e9 // what one block may take before morsels become parts of blocks
)

// The least rows of a morsel: vectors' lanes, and what kernels that read weights for many rows at a time want.
const (
	leastMorsel = 16
	usualLeast  = 64
)

// morselRows is how many rows a morsel of a query has whose models take so many operations a row, and compute at most so many rows at a
// time (0 if that is not known).
func morselRows(flops int64, together int) int {
	row := float64(max(flops, 1))
	switch {
	case row*usualMorsel <= morselFLOPs:
		return usualMorsel
	case row*1024 <= longestFLOPs:
		return 1024 * int(max(morselFLOPs/(row*1024), 1))
	}
	least := usualLeast
	if together > 0 {
		least = min((together+leastMorsel-1)/leastMorsel*leastMorsel, usualLeast)
	}
	return least * int(max(longestFLOPs/(row*float64(least)), 1))
}
