package vfs_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/flernd/flernd/internal/storage/vfs"
	"github.com/flernd/flernd/internal/storage/vfs/crashfs"
)

func TestLockIsExclusive(t *testing.T) {
	name := filepath.Join(t.TempDir(), "LOCK")
	l, err := vfs.OS.Lock(name)
	if err != nil {
		t.Fatal(err)
	}
	_, err = vfs.OS.Lock(name)
	var locked *vfs.LockedError
	if !errors.As(err, &locked) || locked.PID != os.Getpid() {
		t.Fatalf("second lock: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if l, err = vfs.OS.Lock(name); err != nil {
		t.Fatal(err)
	}
	l.Close()
}

func write(t *testing.T, fs vfs.FS, name, text string, sync bool) {
	t.Helper()
	w, err := fs.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if sync {
		if err := w.Sync(); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestCrashKeepsWhatIsDurable(t *testing.T) {
	root := t.TempDir()
	fs := crashfs.New(root)
	path := func(n string) string { return filepath.Join(root, n) }
	write(t, fs, path("durable"), "abc", true)
	write(t, fs, path("unsynced"), "abc", false)
	write(t, fs, path("removed"), "abc", true)
	if err := fs.SyncDir(root); err != nil {
		t.Fatal(err)
	}
	write(t, fs, path("nameless"), "abc", true)
	if err := fs.Remove(path("removed")); err != nil {
		t.Fatal(err)
	}
	left := t.TempDir()
	if err := fs.Crash(left); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	names, _ := vfs.OS.List(left)
	for _, n := range names {
		b, _ := os.ReadFile(filepath.Join(left, n))
		got[n] = string(b)
	}
	if len(got) != 3 || got["durable"] != "abc" || got["unsynced"] != "" || got["removed"] != "abc" {
		t.Fatalf("left after the crash: %q", got)
	}
}

func TestInjectedErrors(t *testing.T) {
	root := t.TempDir()
	fs := crashfs.New(root)
	fs.Before = func(op, name string) error {
		if op == "write" {
			return syscall.ENOSPC
		}
		return nil
	}
	w, err := fs.Create(filepath.Join(root, "f"))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if n, err := w.Write([]byte("abcd")); n != 2 || !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("wrote %d bytes, error %v", n, err)
	}
}
