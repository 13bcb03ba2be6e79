package exec

import (
	"encoding/binary"
	"io"
	"math"
	"os"

	"golang.org/x/sys/unix"
)

// What follows mirrors crt/src/executor_protocol.h, which asserts the places of fields.

const (
	protocolVersion = 3
	abiVersion      = 5 // FL_ABI

	mMap      = 1
	mUnmap    = 2
	mLoad     = 3
	mUnload   = 4
	mRun      = 5
	mCancel   = 6
	mChange   = 7
	mRelease  = 8
	mInput    = 9
	mImageAck = 10
	mLimit    = 11

	mHello     = 101
	mRows      = 102
	mDone      = 103
	mImage     = 104
	mInputFree = 105
	mChanged   = 106

	headSize    = 32
	inlineBody  = 48 << 10
	receiveSize = 128 << 10

	chunkSize   = 256 << 10
	chunkCount  = 8192
	maxPrograms = 1024
	maxMappings = 32768
	maxRuns     = 4096

	nowhere    = math.MaxUint64
	headroom   = 64 << 10
	bufferSize = headroom + 1<<20

	noLandlock = 1
	noSeccomp  = 2

	faultSignal = 1
	faultHung   = 2
)

// head begins every message.
type head struct {
	kind, arg uint32
	run       uint64
	body      uint64
	shared    bool
}

func (h *head) put(b []byte) {
	le := binary.LittleEndian
	le.PutUint32(b[0:], h.kind)
	le.PutUint32(b[4:], h.arg)
	le.PutUint64(b[8:], h.run)
	le.PutUint64(b[16:], h.body)
	le.PutUint64(b[24:], 0)
	if h.shared {
		b[24] = 1
	}
}

func readHead(b []byte) head {
	le := binary.LittleEndian
	return head{kind: le.Uint32(b[0:]), arg: le.Uint32(b[4:]), run: le.Uint64(b[8:]), body: le.Uint64(b[16:]),
		shared: le.Uint32(b[24:]) != 0}
}

// words is a body of u64s.
func words(w ...uint64) []byte {
	b := make([]byte, 0, 8*len(w))
	for _, x := range w {
		b = binary.LittleEndian.AppendUint64(b, x)
	}
	return b
}

// memfd makes shared memory of the given size.
func memfd(name string, size int64) (*os.File, error) {
	fd, err := unix.MemfdCreate(name, unix.MFD_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("memfd_create", err)
	}
	f := os.NewFile(uintptr(fd), name)
	if err := f.Truncate(size); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// memfdOf makes shared memory that holds b, and so many zero bytes behind it.
func memfdOf(name string, b []byte, padding int) (*os.File, error) {
	f, err := memfd(name, int64(len(b)+padding))
	if err != nil {
		return nil, err
	}
	if _, err := f.WriteAt(b, 0); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// done is the fixed part of M_DONE.
type done struct {
	code                     string
	position                 int
	message, context, detail string
	counters                 []uint64
	executionNS              uint64
	peak                     uint64
	rows                     uint64
	inlined                  []byte
	inlinedRows              uint64
}

const doneSize = 72

// readDone decodes M_DONE; the strings and the inlined rows are copies.
func readDone(b []byte) (*done, error) {
	if len(b) < doneSize {
		return nil, io.ErrUnexpectedEOF
	}
	le := binary.LittleEndian
	d := &done{position: int(int32(le.Uint32(b[8:]))), executionNS: le.Uint64(b[32:]), peak: le.Uint64(b[40:]),
		rows: le.Uint64(b[48:]), inlinedRows: le.Uint64(b[64:])}
	for i := 0; i < 8 && b[i] != 0; i++ {
		d.code = string(b[:i+1])
	}
	lengths := [3]uint64{uint64(le.Uint32(b[12:])), uint64(le.Uint32(b[16:])), uint64(le.Uint32(b[20:]))}
	ncounters, inlined := uint64(le.Uint32(b[24:])), le.Uint64(b[56:])
	rest := b[doneSize:]
	if inlined > uint64(len(rest)) || 8*ncounters+lengths[0]+lengths[1]+lengths[2]+inlined > uint64(len(rest)) {
		return nil, io.ErrUnexpectedEOF
	}
	d.counters = make([]uint64, ncounters)
	for i := range d.counters {
		d.counters[i] = le.Uint64(rest[8*i:])
	}
	rest = rest[8*ncounters:]
	for i, s := range []*string{&d.message, &d.context, &d.detail} {
		*s, rest = string(rest[:lengths[i]]), rest[lengths[i]:]
	}
	if inlined > 0 {
		d.inlined = append([]byte(nil), rest[:inlined]...)
	}
	return d, nil
}
