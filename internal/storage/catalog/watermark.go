package catalog

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// watermark is the number of the last commit, in a file beside the catalog. It tells a catalog that is lost, or older than
// its directory, from one after a crash: to both the directory's newest files are unknown, but only a crash leaves files
// that nobody will miss. It is written after each commit and never synced: at worst it lags behind.
type watermark struct{ file *os.File }

// watermarkSuffix makes the watermark's name from the catalog's.
const watermarkSuffix = ".commits"

func openWatermark(path string) (*watermark, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, storeError(err, "could not open file \"%s\"", path)
	}
	return &watermark{f}, nil
}

// check refuses a catalog with fewer commits than the directory has seen.
func (w *watermark) check(path string, commits uint64) error {
	seen := w.get()
	if seen <= commits {
		return nil
	}
	return sqlstate.New(sqlstate.DataCorrupted, "catalog \"%s\" has %d commits, but its data directory has had %d", path, commits, seen).
		WithDetail("The catalog is missing, or is an older copy. Data files that it does not name would be removed.").
		WithHint("Put the latest catalog back. To keep this one and lose the rest, remove \"%s\".", w.file.Name())
}

// get is the last commit's number; 0 when it is not known.
func (w *watermark) get() uint64 {
	var b [32]byte
	n, _ := w.file.ReadAt(b[:], 0)
	seen, _ := strconv.ParseUint(strings.TrimSpace(string(b[:n])), 10, 64)
	return seen
}

// set overwrites the number in place. A failure is no commit's failure: the next one tries again.
func (w *watermark) set(commits uint64) {
	_, _ = w.file.WriteAt(fmt.Appendf(nil, "%020d\n", commits), 0)
}
