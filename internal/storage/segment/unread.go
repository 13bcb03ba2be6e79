package segment

import (
	"context"
	"hash/crc32"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Unread knows which columns of a file have not been read through since the process began: before its values are used, a
// column's bytes are compared with their checksums, once. nil stands for a file that this process wrote and for shared
// memory, which need no check.
type Unread struct {
	file   *os.File
	cols   []Column
	read   []reading
	damage error // what is wrong with the file as a whole: no column of it is ever sound
}

// reading is a column's check: once is held by who reads; sound is set for ever when all was as it was written.
type reading struct {
	sound atomic.Bool
	once  sync.Mutex
}

// NewUnread is for a file with these columns.
func NewUnread(f *os.File, cols []Column) *Unread {
	return &Unread{file: f, cols: cols, read: make([]reading, len(cols))}
}

// Damaged is for a file of which nothing can be used: it is the answer to who wants one of its columns.
func Damaged(damage error, cols []Column) *Unread {
	return &Unread{damage: damage, cols: cols, read: make([]reading, len(cols))}
}

// Has reports whether the column is still to be checked.
func (u *Unread) Has(column int) bool { return u != nil && !u.read[column].sound.Load() }

// Check reads a column's spans, unless that was done before. Its error has the code DataCorrupted when they differ from what
// was written; other callers find the same then.
func (u *Unread) Check(ctx context.Context, column int) error {
	if !u.Has(column) {
		return nil
	}
	if u.damage != nil {
		return u.damage
	}
	r, c := &u.read[column], &u.cols[column]
	r.once.Lock()
	defer r.once.Unlock()
	if r.sound.Load() {
		return nil
	}
	for _, part := range []struct {
		name string
		Span
	}{{"validity bitmap", c.Valid}, {"offsets", c.Offsets}, {"data", c.Data}} {
		crc, err := u.sum(ctx, part.Span)
		if err != nil {
			return err
		}
		if crc != part.CRC {
			return Corrupted(u.file.Name(), "the checksum of its %s at %d is %08x instead of %08x", part.name, part.Offset, crc, part.CRC)
		}
	}
	r.sound.Store(true)
	return nil
}

// buffers are small enough to be still in the cache when they are summed.
var buffers = sync.Pool{New: func() any { return new([256 << 10]byte) }}

// sum reads a span and returns its checksum.
func (u *Unread) sum(ctx context.Context, s Span) (crc uint32, err error) {
	buffer := buffers.Get().(*[256 << 10]byte)
	defer buffers.Put(buffer)
	for at, end := s.Offset, s.Offset+s.Length; at < end; {
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
		n, err := u.file.ReadAt(buffer[:min(end-at, int64(len(buffer)))], at)
		if err == io.EOF && n == 0 {
			return 0, Corrupted(u.file.Name(), "it ends at %d", at)
		}
		if err != nil && err != io.EOF {
			return 0, sqlstate.Wrap(err, sqlstate.IOError, "could not read file \"%s\"", u.file.Name())
		}
		crc = crc32.Update(crc, castagnoli, buffer[:n])
		at += int64(n)
	}
	return crc, nil
}
