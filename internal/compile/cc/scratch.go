package cc

import (
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

const scratchPrefix = "flernd-cc-"

// scratchDir makes a private folder for compilations, in memory where there is such a place: an object of the fast tier is
// compiled in less time than a disk takes to answer. The lock tells others that the folder is in use; folders whose owner
// was killed are removed.
func scratchDir() (dir string, lock *os.File, err error) {
	root := "/dev/shm"
	if dir, err = os.MkdirTemp(root, scratchPrefix); err != nil {
		root = os.TempDir()
		if dir, err = os.MkdirTemp(root, scratchPrefix); err != nil {
			return "", nil, err
		}
	}
	if lock, err = os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600); err == nil {
		err = unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	}
	if err != nil {
		os.RemoveAll(dir)
		return "", nil, err
	}
	removeStale(root)
	return dir, lock, nil
}

// removeStale removes folders that nobody holds. A young one may be between its creation and its lock.
func removeStale(root string) {
	dirs, _ := filepath.Glob(filepath.Join(root, scratchPrefix+"*")) // the pattern is a good one
	for _, dir := range dirs {
		info, err := os.Lstat(dir)
		if err != nil || !info.IsDir() || time.Since(info.ModTime()) < time.Minute {
			continue
		}
		lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR, 0)
		if err != nil {
			continue // somebody else's
		}
		if unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil {
			os.RemoveAll(dir)
		}
		lock.Close()
	}
}
