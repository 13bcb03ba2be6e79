package exec

import (
	"encoding/binary"
	"math/rand/v2"
	"os"
	"sync/atomic"
	"time"

	"github.com/flernd/flernd/internal/compile/cc"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Object is a compiled program.
type Object = cc.Object

// ColumnInput is one column's place in a segment. A Span of length 0 is absent, except that Data may be empty.
type ColumnInput struct {
	Data, Valid, Offsets segment.Span
	Base                 int64 // scaled layouts
	Min, Max             int64 // physical domain; floats: bits of the float64
	HasBounds            bool
	NullCount            int64
}

// SegmentInput is a segment of a scan: the columns in the scan's order.
type SegmentInput struct {
	ID     uint64 // names the memory: segments with the same ID lie in the same File
	File   *os.File
	Size   int64
	Rows   int64
	Layout uint32 // which of the program's layouts for this scan
	Cols   []ColumnInput
}

// TableInput is a scan's input.
type TableInput struct {
	Segments []SegmentInput
	Dicts    []*table.Dict // one a column; nil for columns without a dictionary
}

// Rows is how many rows the segments have.
func (t *TableInput) Rows() (rows int64) {
	for i := range t.Segments {
		rows += t.Segments[i].Rows
	}
	return rows
}

// Blob is read-only data of a run, 64-byte aligned for the program: bytes that are copied with every run, or shared memory
// that stays mapped between runs.
type Blob struct {
	Bytes  []byte
	Shared *Shared
}

// Shared is read-only data in shared memory: weights of a model. It stays mapped in the executor between runs, until
// Executor.Drop.
type Shared struct {
	id   uint64
	file *os.File
	size int64
}

var sharedIDs atomic.Uint64

// NewShared copies b to shared memory.
func NewShared(b []byte) (*Shared, error) {
	f, err := memfdOf("flernd-shared", b, 64)
	if err != nil {
		return nil, sqlstate.Wrap(err, sqlstate.OutOfMemory, "no shared memory")
	}
	return &Shared{id: sharedIDs.Add(1), file: f, size: int64(len(b)) + 64}, nil
}

// Image is shared memory that a program has filled: the contents of a new file of a table's.
type Image struct {
	File *os.File // the receiver closes it
	Size int64
	Meta []byte
}

// Request is one run of a program.
type Request struct {
	Object *Object
	Params []byte
	Tables []TableInput
	Blobs  []Blob
	// Threads is the most workers that work on it at a time; 0: all.
	Threads int
	// MemoryLimit in bytes; 0: only the executor's own.
	MemoryLimit int64
	// Out gets whole DataRow messages in order (of a row longer than 256 KB, one part after another, counted with the
	// last). The bytes are valid until it returns. Its error ends the run.
	Out func(rows []byte, n int64) error
	// In gives the bytes of the input stream in any pieces, and io.EOF at its end. It is called from another goroutine
	// than Out, one call at a time; Wait returns after the last call has.
	In func() ([]byte, error)
	// InState is the cutter (fl_csv_cutter in csv.h, as load.CSVFormat.CutState makes it) that cuts the stream into
	// rows; nil: rows are lines.
	InState []byte
	// Image takes an image over as soon as it is done, several at a time; nil: they are gathered in the reply, and count against the
	// memory limit until then.
	Image func(Image) error
	// ReadOnly says that running it twice does no harm: it is run again when another query has crashed the executor.
	ReadOnly bool
	// MorselRows is how many rows a morsel has, a multiple of 16; 0: the usual number.
	MorselRows int
	// Alternate, for tests, is a program that takes turns with Object morsel by morsel.
	Alternate *Object
}

// Reply is the outcome of a run.
type Reply struct {
	Execution  time.Duration // in the executor: from accepted to finished
	Counters   []uint64      // rows that left each operator, by its EXPLAIN number
	Images     []Image
	PeakMemory int64
	RowsOut    int64
}

// streamBuffers is how many buffers of the input stream a run has.
func streamBuffers(threads int) int { return min(2*threads+2, 64) }

// input is what a run holds in the executor besides its programs.
type input struct {
	handles []*handle
	stream  *handle
	buffers []byte // the mapping of the stream's buffers
	count   int
}

// encode makes the body of M_RUN; what the executor does not hold yet is sent to it on the way. Called with p.mu held.
func (p *process) encode(req *Request, program, alternate *handle, threads int) (b []byte, in *input, err error) {
	in = &input{}
	defer func() {
		if err != nil {
			p.drop(in)
		}
	}()
	limit := uint64(req.MemoryLimit)
	if req.MemoryLimit <= 0 {
		limit = 1 << 62
	}
	le := binary.LittleEndian
	b = p.scratch[:0]
	b = le.AppendUint32(b, program.id)
	b = le.AppendUint32(b, alternate.idOrNone())
	b = le.AppendUint32(b, uint32(threads))
	b = le.AppendUint32(b, uint32(len(req.Tables)))
	b = le.AppendUint32(b, uint32(len(req.Blobs)))
	if req.In != nil {
		if err := p.openStream(in, streamBuffers(threads)); err != nil {
			return nil, in, err
		}
	}
	b = le.AppendUint32(b, in.stream.idOrNone())
	b = le.AppendUint32(b, uint32(in.count))
	b = le.AppendUint32(b, uint32(req.MorselRows))
	b = le.AppendUint64(b, bufferSize)
	b = le.AppendUint64(b, limit)
	b = le.AppendUint64(b, rand.Uint64())
	b = le.AppendUint64(b, uint64(len(req.Params)))
	b = le.AppendUint64(b, uint64(len(req.InState)))
	b = appendPadded(b, req.Params)
	b = appendPadded(b, req.InState)
	for i := range req.Tables {
		if b, err = p.encodeTable(b, in, &req.Tables[i]); err != nil {
			return nil, in, err
		}
	}
	if b, err = p.encodeBlobs(b, in, req.Blobs); err != nil {
		return nil, in, err
	}
	p.scratch = b
	return b, in, nil
}

func appendPadded(b, data []byte) []byte {
	b = append(b, data...)
	return append(b, make([]byte, -len(data)&63)...)
}

func (p *process) encodeTable(b []byte, in *input, t *TableInput) ([]byte, error) {
	le := binary.LittleEndian
	ncols := len(t.Dicts)
	var rows int64
	for i := range t.Segments {
		s := &t.Segments[i]
		rows += s.Rows
		if ncols = max(ncols, len(s.Cols)); len(s.Cols) != ncols || s.Rows < 0 || s.Rows > 1<<40 {
			return nil, sqlstate.New(sqlstate.InternalError, "a segment does not have its scan's columns")
		}
	}
	b = le.AppendUint64(b, uint64(rows))
	b = le.AppendUint32(b, uint32(len(t.Segments)))
	b = le.AppendUint32(b, uint32(ncols))
	for i := 0; i < ncols; i++ {
		var d *table.Dict
		if i < len(t.Dicts) {
			d = t.Dicts[i]
		}
		if d == nil {
			b = append(b, make([]byte, 32)...)
			continue
		}
		h, err := p.mapFile(in, key{keyDict, d.ID}, d.File, d.Size)
		if err != nil {
			return nil, err
		}
		if !within(d.Offsets, d.Size) || !within(d.Data, d.Size) || d.Offsets.Length/4 < d.Count+1 {
			return nil, corrupted("a dictionary")
		}
		b = le.AppendUint64(b, uint64(d.Count))
		b = le.AppendUint64(b, uint64(d.Offsets.Offset))
		b = le.AppendUint64(b, uint64(d.Data.Offset))
		b = le.AppendUint32(b, h.id)
		b = le.AppendUint32(b, 0)
	}
	for i := range t.Segments {
		var err error
		if b, err = p.encodeSegment(b, in, &t.Segments[i]); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (p *process) encodeSegment(b []byte, in *input, s *SegmentInput) ([]byte, error) {
	le := binary.LittleEndian
	var id uint32
	if len(s.Cols) > 0 {
		h, err := p.mapFile(in, key{keySegment, s.ID}, s.File, s.Size)
		if err != nil {
			return nil, err
		}
		id = h.id
	}
	b = le.AppendUint64(b, uint64(s.Rows))
	b = le.AppendUint64(b, s.ID)
	b = le.AppendUint32(b, s.Layout)
	b = le.AppendUint32(b, id)
	for i := range s.Cols {
		c := &s.Cols[i]
		if !within(c.Data, s.Size) || !within(c.Valid, s.Size) || !within(c.Offsets, s.Size) ||
			c.Valid.Length > 0 && c.Valid.Length < (s.Rows+7)/8 || c.Offsets.Length > 0 && c.Offsets.Length/4 < s.Rows+1 {
			return nil, corrupted("a segment")
		}
		b = le.AppendUint64(b, uint64(c.Data.Offset))
		b = le.AppendUint64(b, offsetOf(c.Valid))
		b = le.AppendUint64(b, offsetOf(c.Offsets))
		b = le.AppendUint64(b, uint64(c.Base))
		b = le.AppendUint64(b, uint64(c.Min))
		b = le.AppendUint64(b, uint64(c.Max))
		var bounds uint32
		if c.HasBounds {
			bounds = 1
		}
		b = le.AppendUint32(b, bounds)
		b = le.AppendUint32(b, uint32(c.NullCount))
	}
	return b, nil
}

func (p *process) encodeBlobs(b []byte, in *input, blobs []Blob) ([]byte, error) {
	le := binary.LittleEndian
	at := len(b) + 24*len(blobs)
	for _, x := range blobs {
		if x.Shared != nil {
			h, err := p.mapFile(in, key{keyShared, x.Shared.id}, x.Shared.file, x.Shared.size)
			if err != nil {
				return nil, err
			}
			b = le.AppendUint64(b, 0)
			b = le.AppendUint64(b, uint64(x.Shared.size))
			b = le.AppendUint32(b, h.id)
		} else {
			b = le.AppendUint64(b, uint64(at))
			b = le.AppendUint64(b, uint64(len(x.Bytes)))
			b = le.AppendUint32(b, 0)
			at += len(x.Bytes)
		}
		b = le.AppendUint32(b, 0)
	}
	for _, x := range blobs {
		if x.Shared == nil {
			b = append(b, x.Bytes...)
		}
	}
	return b, nil
}

func within(s segment.Span, size int64) bool {
	return s.Offset >= 0 && s.Length >= 0 && s.Offset <= size && s.Length <= size-s.Offset
}

func offsetOf(s segment.Span) uint64 {
	if s.Length == 0 {
		return nowhere
	}
	return uint64(s.Offset)
}

func corrupted(what string) error {
	return sqlstate.New(sqlstate.DataCorrupted, "%s does not lie within its file", what)
}
