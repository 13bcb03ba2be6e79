package segment

import (
	"encoding/binary"
	"os"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Corrupted is the error for a file that is not as it was written.
func Corrupted(name, format string, args ...any) error {
	return sqlstate.New(sqlstate.DataCorrupted, "file \"%s\" is damaged: "+format, append([]any{name}, args...)...)
}

// Verify checks a file against its catalog entry: size, both magics, footer length, spans and their padding. It reads
// little, so that it can be done for every file at the start; what the spans hold is Unread's to check.
func Verify(f *os.File, size int64, spans []Span) error {
	name := f.Name()
	if err := VerifySize(f, size); err != nil {
		return err
	}
	if size < 32 {
		return Corrupted(name, "it is no Arrow file")
	}
	var head, tail [16]byte
	_, err := f.ReadAt(head[:], 0)
	if err == nil {
		_, err = f.ReadAt(tail[:], size-16)
	}
	if err != nil {
		return sqlstate.Wrap(err, sqlstate.IOError, "could not read file \"%s\"", name)
	}
	if string(head[:6]) != magic || string(tail[10:]) != magic {
		return Corrupted(name, "it is no Arrow file")
	}
	foot := int64(binary.LittleEndian.Uint32(tail[6:]))
	if foot > size-26 {
		return Corrupted(name, "its footer of %d bytes does not fit", foot)
	}
	for _, s := range spans {
		if s == (Span{}) {
			continue
		}
		if s.Length < 0 || s.Offset%alignment != 0 || !(Span{Offset: s.Offset, Length: s.Length + padding}).holds(0, size-10-foot) {
			return Corrupted(name, "a buffer of %d bytes at %d lies outside", s.Length, s.Offset)
		}
	}
	return nil
}

// VerifySize checks that a file has as many bytes as its catalog entry says.
func VerifySize(f *os.File, size int64) error {
	info, err := f.Stat()
	if err != nil {
		return sqlstate.Wrap(err, sqlstate.IOError, "could not stat file \"%s\"", f.Name())
	}
	if info.Size() != size {
		return Corrupted(f.Name(), "it has %d bytes instead of %d", info.Size(), size)
	}
	return nil
}

// Spans lists all spans of a segment's columns.
func Spans(cols []Column) []Span {
	spans := make([]Span, 0, 3*len(cols))
	for _, c := range cols {
		spans = append(spans, c.Data, c.Valid, c.Offsets)
	}
	return spans
}
