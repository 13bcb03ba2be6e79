package segment

import (
	"fmt"
	"os"
	"runtime/debug"

	"golang.org/x/sys/unix"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// WithMap calls use with size bytes of the file mapped for reading. The mapping ends with the call. A page that cannot be
// read (the file shrank, the disk failed) is an error, not the end of the process.
func WithMap(f *os.File, size int64, use func(mem []byte) error) (err error) {
	if size == 0 {
		return use(nil)
	}
	info, err := f.Stat()
	if err == nil && (size < 0 || info.Size() < size) {
		err = fmt.Errorf("it has %d bytes instead of %d", info.Size(), size)
	}
	var mem []byte
	if err == nil {
		mem, err = unix.Mmap(int(f.Fd()), 0, int(size), unix.PROT_READ, unix.MAP_SHARED)
	}
	if err != nil {
		return sqlstate.Wrap(err, sqlstate.IOError, "could not map file \"%s\"", f.Name())
	}
	defer Unmap(mem)
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			if _, fault := r.(interface{ Addr() uintptr }); !fault {
				panic(r)
			}
			err = sqlstate.New(sqlstate.IOError, "could not read file \"%s\": a mapped page is missing", f.Name())
		}
	}()
	return use(mem)
}

// SharedMemory makes a file of size bytes in memory, all of them reserved, and maps it for writing.
func SharedMemory(name string, size int64) (*os.File, []byte, error) {
	fd, err := unix.MemfdCreate(name, unix.MFD_CLOEXEC)
	if err != nil {
		return nil, nil, outOfSharedMemory(err, size)
	}
	f := os.NewFile(uintptr(fd), name)
	if err := unix.Fallocate(fd, 0, 0, size); err != nil {
		f.Close()
		return nil, nil, outOfSharedMemory(err, size)
	}
	mem, err := unix.Mmap(fd, 0, int(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		f.Close()
		return nil, nil, outOfSharedMemory(err, size)
	}
	return f, mem, nil
}

func outOfSharedMemory(err error, size int64) error {
	return sqlstate.Wrap(err, sqlstate.OutOfMemory, "could not allocate %d bytes of shared memory", size)
}

// Unmap undoes the mapping of SharedMemory. Nothing may use the bytes afterwards.
func Unmap(mem []byte) {
	if mem != nil {
		_ = unix.Munmap(mem) // fails only for an address that was never mapped
	}
}
