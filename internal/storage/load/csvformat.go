package load

import "encoding/binary"

// CSVFormat describes COPY data: COPY's options and the names that error messages mention.
type CSVFormat struct {
	Table     string
	Columns   []string
	Text      bool // the text format, else CSV
	Delimiter byte
	Quote     byte
	Escape    byte
	Null      string
	Header    bool
	// ForceNull and ForceNotNull are indexes into Columns.
	ForceNull, ForceNotNull []int
}

const (
	csvMagic        = 0x31435346
	csvHeadSize     = 40
	csvColSize      = 12
	csvForceNull    = 1
	csvForceNotNull = 2
)

// Encode makes the description that fl_csv_open takes (struct fl_csv_format in csv.h).
func (f *CSVFormat) Encode() []byte {
	le := binary.LittleEndian
	b := make([]byte, csvHeadSize+csvColSize*len(f.Columns))
	put := func(at int, s string) {
		le.PutUint32(b[at:], uint32(len(b)))
		le.PutUint32(b[at+4:], uint32(len(s)))
		b = append(b, s...)
	}
	le.PutUint32(b, csvMagic)
	b[8], b[9], b[10], b[11], b[12] = flag(f.Text), f.Delimiter, f.Quote, f.Escape, flag(f.Header)
	le.PutUint32(b[16:], uint32(len(f.Columns)))
	le.PutUint32(b[36:], csvHeadSize)
	put(20, f.Null)
	put(28, f.Table)
	for i, c := range f.Columns {
		put(csvHeadSize+csvColSize*i, c)
	}
	setFlag := func(cols []int, bit byte) {
		for _, c := range cols {
			b[csvHeadSize+csvColSize*c+8] |= bit
		}
	}
	setFlag(f.ForceNull, csvForceNull)
	setFlag(f.ForceNotNull, csvForceNotNull)
	for len(b)%8 != 0 {
		b = append(b, 0)
	}
	le.PutUint32(b[4:], uint32(len(b)))
	return b
}

// CutState makes the cutter that the executor cuts the stream with (struct fl_csv_cutter in csv.h), at
// the start of a stream.
func (f *CSVFormat) CutState() []byte {
	b := make([]byte, 32)
	b[16], b[17] = flag(f.Text), f.Quote
	if f.Escape != f.Quote {
		b[18] = f.Escape
	}
	return b
}

func flag(b bool) byte {
	if b {
		return 1
	}
	return 0
}
