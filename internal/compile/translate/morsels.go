package translate

import (
	"github.com/flernd/flernd/internal/ml/lower"
	"github.com/flernd/flernd/internal/ml/registry"
)

// usualMorsel is how many rows a morsel has (FL_MORSEL).
const usualMorsel = 65536

// A morsel is to take some milliseconds, so that all workers have their part of a few rows that cost much each; and a block, which a
// morsel has one of at least, is not to take much memory where models give large arrays.
const (
	morselFLOPs  = 1e8 // aimed at, in whole blocks
	longestFLOPs = 4e9 // what one block may take before morsels become parts of blocks
	blockBytes   = 64 << 20
)

// The least rows of a morsel: vectors' lanes, and what kernels that read weights for many rows at a time want.
const (
	leastMorsel = 16
	usualLeast  = 64
)

// modelWork is what the models of a query take a row: operations, and bytes of what they give.
type modelWork struct{ flops, bytes int64 }

func (w *modelWork) add(o modelWork) { w.flops, w.bytes = w.flops+o.flops, w.bytes+o.bytes }

// most is as much as either takes.
func (w modelWork) most(o modelWork) modelWork {
	return modelWork{max(w.flops, o.flops), max(w.bytes, o.bytes)}
}

// morselRows is how many rows a morsel of a query has whose models compute at most so many rows at a time (0 if that is not known).
func (w modelWork) morselRows(together int) int {
	row, rows := float64(max(w.flops, 1)), usualMorsel
	switch {
	case row*usualMorsel <= morselFLOPs:
	case row*blockRows <= longestFLOPs:
		rows = blockRows * int(max(morselFLOPs/(row*blockRows), 1))
	default:
		least := usualLeast
		if together > 0 {
			least = min((together+leastMorsel-1)/leastMorsel*leastMorsel, usualLeast)
		}
		rows = least * int(max(longestFLOPs/(row*float64(least)), 1))
	}
	if w.bytes*blockRows > blockBytes {
		rows = min(rows, leastMorsel*int(max(blockBytes/(w.bytes*leastMorsel), 1)))
	}
	return rows
}

// Shared is how many rows morsels of a program have over so many rows, so that all workers have their part of few rows that cost much
// each: then kernels may read weights for fewer rows at a time than they want to.
func Shared(morsel int, rows, workers int64) int {
	if morsel == 0 || morsel >= blockRows || rows == 0 {
		return morsel
	}
	part := (rows + workers - 1) / workers
	return int(min(int64(morsel), (part+leastMorsel-1)/leastMorsel*leastMorsel))
}

// workOf is what a part of a version takes.
func workOf(p *registry.Part) modelWork {
	w := modelWork{flops: p.FLOPs}
	for _, o := range p.Graph.Outputs {
		w.bytes += int64(o.Value.Type.Size()) * int64(lower.LaneType(o.Value.Type.Elem).Size())
	}
	return w
}
