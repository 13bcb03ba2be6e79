package segment

import (
	"encoding/binary"
	"hash/crc32"
	"io"

	"github.com/flernd/flernd/internal/storage/sqltype"
)

const (
	alignment = 64
	// padding is how many bytes after a buffer's end can be read.
	padding = 128
	// magic starts and ends the file.
	magic = "ARROW1"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Written says where a file's writer put things.
type Written struct {
	Size int64
	Cols []Column
}

// Write writes rows of columns as an Arrow file. The spans of cols lie in mem, which holds what CheckColumn accepts; the
// result's spans lie in the file.
func Write(w io.Writer, fields []Field, rows int64, cols []Column, mem []byte) (Written, error) {
	placed := append([]Column(nil), cols...)
	var nodes, places [][2]int64
	var sources []Span
	var spans []*Span // of placed, where sources go
	body := int64(0)
	place := func(to *Span, s Span) {
		places = append(places, [2]int64{body, s.Length})
		sources, spans = append(sources, s), append(spans, to)
		if s.Length > 0 {
			body += (s.Length + padding + alignment - 1) / alignment * alignment
		}
	}
	for i := range placed {
		c := &placed[i]
		c.Layout = c.Layout.normal()
		want := exactSpans(rows, *c, mem)
		nodes = append(nodes, [2]int64{rows, c.Stats.NullCount})
		place(&c.Valid, want.Valid)
		if c.Layout.Encoding == Bytes {
			place(&c.Offsets, want.Offsets)
		} else {
			c.Offsets = Span{}
		}
		place(&c.Data, want.Data)
	}
	if body == 0 {
		body = alignment
	}
	f := fileWriter{w: w}
	f.write([]byte(magic + "\x00\x00"))
	f.message(schemaMessage(fields, placed), 8)
	batchAt := f.at
	f.message(batchMessage(rows, nodes, places, body), alignment)
	bodyAt := f.at
	for i, s := range sources {
		f.padTo(bodyAt + places[i][0])
		*spans[i] = f.span(mem[s.Offset : s.Offset+s.Length])
	}
	f.padTo(bodyAt + body)
	f.write([]byte{0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0}) // end of the stream
	foot := footer(fields, placed, batchAt, int32(bodyAt-batchAt), body)
	f.write(foot)
	f.write(binary.LittleEndian.AppendUint32(nil, uint32(len(foot))))
	f.write([]byte(magic))
	return Written{Size: f.at, Cols: placed}, f.err
}

// normal is the layout without what has no meaning for its encoding, so that equal layouts are equal values.
func (l Layout) normal() Layout {
	if l.Encoding != Scaled {
		l.Divisor, l.HasBase = 1, false
	}
	if l.Encoding != Fixed {
		l.Count = 0
	}
	return l
}

// exactSpans cuts the column's spans to the bytes that the rows fill.
func exactSpans(rows int64, c Column, mem []byte) Column {
	if c.Layout.Nullable {
		c.Valid.Length = (rows + 7) / 8
	} else {
		c.Valid = Span{}
	}
	if c.Layout.Encoding != Bytes {
		c.Data.Length = rows * c.Layout.Stride()
		return c
	}
	c.Offsets.Length = (rows + 1) * 4
	c.Data.Length = int64(binary.LittleEndian.Uint32(mem[c.Offsets.Offset+rows*4:]))
	return c
}

// dictField is the one column of a dictionary's file.
func dictField(name string) Field { return Field{Name: name, Type: sqltype.Of(sqltype.Text)} }

// WriteDict writes a dictionary: count strings, of which mem holds count+1 offsets from 0 and the bytes.
func WriteDict(w io.Writer, name string, count int64, offsets, data Span, mem []byte) (Written, error) {
	c := Column{Layout: Layout{Encoding: Bytes, Divisor: 1}, Offsets: offsets, Data: data}
	return Write(w, []Field{dictField(name)}, count, []Column{c}, mem)
}

// fileWriter counts and remembers the first error.
type fileWriter struct {
	w   io.Writer
	at  int64
	err error
}

func (f *fileWriter) write(b []byte) {
	if f.err == nil {
		f.at += int64(len(b))
		_, f.err = f.w.Write(b)
	}
}

// span writes a column's bytes, in pieces small enough to be still in the cache when they are written after they were
// summed. A span of no bytes lies nowhere.
func (f *fileWriter) span(b []byte) Span {
	const piece = 1 << 20
	if len(b) == 0 {
		return Span{}
	}
	s := Span{Offset: f.at, Length: int64(len(b))}
	for len(b) > 0 && f.err == nil {
		p := b[:min(len(b), piece)]
		b = b[len(p):]
		s.CRC = crc32.Update(s.CRC, castagnoli, p)
		f.write(p)
	}
	return s
}

var zeros [4096]byte

func (f *fileWriter) padTo(at int64) {
	for f.at < at && f.err == nil {
		f.write(zeros[:min(at-f.at, int64(len(zeros)))])
	}
}

// message writes an encapsulated message so that what follows lies at a multiple of align.
func (f *fileWriter) message(meta []byte, align int64) {
	end := (f.at + 8 + int64(len(meta)) + align - 1) / align * align
	head := binary.LittleEndian.AppendUint32([]byte{0xFF, 0xFF, 0xFF, 0xFF}, uint32(end-f.at-8))
	f.write(head)
	f.write(meta)
	f.padTo(end)
}
