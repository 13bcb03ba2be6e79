// Package vfs is the little that storage needs of a file system, so that tests can stand between the store and the disk.
//
// It knows nothing of what the files hold. Package crashfs under it loses unsynced data and injects errors.
package vfs

import (
	"io"
	"os"
)

// FS is a file system. Paths are the operating system's.
type FS interface {
	// MkdirAll makes a directory and its parents, durably.
	MkdirAll(dir string) error
	// Create makes a new file for writing; it is an error if there is one.
	Create(name string) (File, error)
	// Open opens a file for reading. The result is the operating system's own, so that it can be mapped and passed on.
	Open(name string) (*os.File, error)
	// Remove removes a file.
	Remove(name string) error
	// List returns the names in a directory, sorted.
	List(dir string) ([]string, error)
	// SyncDir makes a directory's entries durable: files created or removed in it.
	SyncDir(dir string) error
	// Lock takes an exclusive lock on a file that it makes; the error is a *LockedError if another process holds it.
	Lock(name string) (io.Closer, error)
}

// File is a file being written.
type File interface {
	io.Writer
	// Sync makes the contents durable.
	Sync() error
	Close() error
}

// LockedError says who holds a lock.
type LockedError struct {
	Name string
	PID  int // 0 when unknown
}

func (e *LockedError) Error() string { return e.Name + " is locked by another process" }
