// Package crashfs is a file system for tests: it works on real files, remembers which of their contents and names are
// durable, shows what a crash would leave, and fails operations on demand.
package crashfs

import (
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/flernd/flernd/internal/storage/vfs"
)

// FS wraps the operating system's file system under one directory.
type FS struct {
	// Before is asked before each operation that changes something; its error becomes the operation's. Operations are
	// "mkdir", "create", "write", "sync", "remove" and "syncdir".
	Before func(op, name string) error

	root string
	mu   sync.Mutex
	// synced holds each file's durable contents, by its path.
	synced map[string][]byte
	// durable are the paths that directories durably hold; volatile ones have been created since the last SyncDir.
	durable map[string]bool
	managed map[string]bool // files made through this FS
}

// New returns a file system for paths under root.
func New(root string) *FS {
	return &FS{root: root, synced: map[string][]byte{}, durable: map[string]bool{}, managed: map[string]bool{}}
}

func (f *FS) before(op, name string) error {
	if f.Before != nil {
		return f.Before(op, name)
	}
	return nil
}

// MkdirAll implements vfs.FS.
func (f *FS) MkdirAll(dir string) error {
	if err := f.before("mkdir", dir); err != nil {
		return err
	}
	return vfs.OS.MkdirAll(dir)
}

type file struct {
	vfs.File
	fs   *FS
	name string
}

// Create implements vfs.FS.
func (f *FS) Create(name string) (vfs.File, error) {
	if err := f.before("create", name); err != nil {
		return nil, err
	}
	w, err := vfs.OS.Create(name)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.managed[name] = true
	return &file{File: w, fs: f, name: name}, nil
}

// Write implements io.Writer; a failure leaves half of the bytes written, as a full disk does.
func (w *file) Write(b []byte) (int, error) {
	if err := w.fs.before("write", w.name); err != nil {
		n, _ := w.File.Write(b[:len(b)/2])
		return n, err
	}
	return w.File.Write(b)
}

// Sync implements vfs.File.
func (w *file) Sync() error {
	if err := w.fs.before("sync", w.name); err != nil {
		return err
	}
	b, err := os.ReadFile(w.name)
	if err != nil {
		return err
	}
	w.fs.mu.Lock()
	defer w.fs.mu.Unlock()
	w.fs.synced[w.name] = b
	return nil
}

// Open implements vfs.FS.
func (f *FS) Open(name string) (*os.File, error) { return vfs.OS.Open(name) }

// Remove implements vfs.FS.
func (f *FS) Remove(name string) error {
	if err := f.before("remove", name); err != nil {
		return err
	}
	return vfs.OS.Remove(name)
}

// List implements vfs.FS.
func (f *FS) List(dir string) ([]string, error) { return vfs.OS.List(dir) }

// SyncDir implements vfs.FS.
func (f *FS) SyncDir(dir string) error {
	if err := f.before("syncdir", dir); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for name := range f.managed {
		if filepath.Dir(name) != filepath.Clean(dir) {
			continue
		}
		if _, err := os.Stat(name); err == nil {
			f.durable[name] = true
		} else {
			delete(f.durable, name)
			delete(f.managed, name)
			delete(f.synced, name)
		}
	}
	return nil
}

// Lock implements vfs.FS.
func (f *FS) Lock(name string) (io.Closer, error) { return vfs.OS.Lock(name) }

// Crash writes into the directory to what would be left of root after a loss of power: durable names with their synced
// contents. Files that did not come through this FS (a database with its own syncs) are copied as they are, so the caller
// must see to it that none is being written.
func (f *FS) Crash(to string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	err := filepath.WalkDir(f.root, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(f.root, path)
		if err != nil {
			return err
		}
		if e.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o700)
		}
		if f.managed[path] {
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), b, 0o600)
	})
	if err != nil {
		return err
	}
	for name := range f.durable {
		rel, err := filepath.Rel(f.root, name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, rel), f.synced[name], 0o600); err != nil {
			return err
		}
	}
	return nil
}

// Kill writes into the directory to what is left when only the process dies: everything written.
func (f *FS) Kill(to string) error { return os.CopyFS(to, os.DirFS(f.root)) }
