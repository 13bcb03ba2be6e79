package storage

import (
	"fmt"
	"os"
	"testing"

	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/table"
)

// BenchmarkCommitOneRow is a transaction of one row into a tail that holds thousands.
func BenchmarkCommitOneRow(b *testing.B) {
	s := withTable(b)
	tx := begin(b, s, true)
	must(b, appendRows(b, tx, "t", 0, 50000, form{8, false}))
	must(b, tx.Commit())
	def, _ := tx.Table("public", "t")
	read := begin(b, s, false)
	snap, err := read.Snapshot(def)
	must(b, err)
	a := rowsOf(b, snap, 7, 8, form{8, false})
	snap.Release()
	read.Rollback()
	for b.Loop() {
		tx := begin(b, s, true)
		must(b, tx.Append(def, a))
		must(b, tx.Commit())
	}
}

// BenchmarkWriteSegment writes a segment of a million rows, checks included.
func BenchmarkWriteSegment(b *testing.B) {
	s := withTable(b)
	read := begin(b, s, false)
	def, _ := read.Table("public", "t")
	snap, err := read.Snapshot(def)
	must(b, err)
	a := rowsOf(b, snap, 0, segment.MaxRows, form{4, true})
	snap.Release()
	read.Rollback()
	b.SetBytes(a.Segments[0].Size)
	open := func(f *os.File) *os.File { // Append closes it
		again, err := os.Open(fmt.Sprintf("/proc/self/fd/%d", f.Fd()))
		must(b, err)
		return again
	}
	for b.Loop() {
		tx := begin(b, s, true)
		img, delta := a.Segments[0], a.Dicts[0]
		img.File, delta.File = open(img.File), open(delta.File)
		must(b, tx.Append(def, &table.Append{Segments: []table.Image{img}, Dicts: []table.DictDelta{delta}}))
		tx.Rollback()
	}
}
