package storage

import (
	"os"

	"github.com/flernd/flernd/internal/storage/segment"
)

// mapping asks for a file's bytes.
type mapping struct {
	file *os.File
	size int64
	mem  *[]byte
}

// withMaps calls use with all files mapped.
func withMaps(files []mapping, use func() error) error {
	if len(files) == 0 {
		return use()
	}
	return segment.WithMap(files[0].file, files[0].size, func(mem []byte) error {
		*files[0].mem = mem
		return withMaps(files[1:], use)
	})
}
