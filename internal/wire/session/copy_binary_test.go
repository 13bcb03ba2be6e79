package session

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

var copiedColumns = []catalog.Column{{Name: "i", Type: sqltype.Of(sqltype.Int4)}, {Name: "t", Type: sqltype.Of(sqltype.Text)},
	{Name: "a", Type: sqltype.ArrayOf(sqltype.Text, 0)}, {Name: "v", Type: sqltype.VectorOf(1)}, {Name: "n", Type: sqltype.Of(sqltype.Numeric)}}

// turned is what becomes of data that comes in pieces of a size: the text, and the error's code and context.
func turned(data []byte, piece int) (text, problem string) {
	next := textOfBinary(func() ([]byte, error) {
		n := min(piece, len(data))
		out := data[:n]
		if data = data[n:]; n == 0 {
			return nil, io.EOF
		}
		return out, nil
	}, "t", copiedColumns)
	var out bytes.Buffer
	for {
		rows, err := next()
		out.Write(rows)
		if err == io.EOF {
			return out.String(), ""
		}
		if err != nil {
			e := sqlstate.Of(err)
			return out.String(), string(e.Code) + " " + e.Message + " " + e.Context
		}
	}
}

// FuzzCopyBinary: whatever the data is, it is turned over or refused, the same in pieces of any size, in lines of as many fields as
// there are columns.
func FuzzCopyBinary(f *testing.F) {
	be := binary.BigEndian
	header := append([]byte(copySignature), make([]byte, 8)...)
	row := be.AppendUint16(nil, uint16(len(copiedColumns)))
	for i, d := range []sqltype.Datum{{I: -7}, {S: "a\tb\\\n"}, {A: []sqltype.Datum{{S: "x,y"}, sqltype.NullDatum}}, {A: []sqltype.Datum{{F: 0.5}}},
		{N: sqltype.DecimalFromInt(12)}} {
		value, err := sqltype.AppendBinary(nil, copiedColumns[i].Type, d)
		if err != nil {
			f.Fatal(err)
		}
		row = append(be.AppendUint32(row, uint32(len(value))), value...)
	}
	whole := bytes.Join([][]byte{header, row, row, {0xff, 0xff}}, nil)
	if text, problem := turned(whole, 1<<20); problem != "" || text != strings.Repeat("-7\ta\\tb\\\\\\n\t{\"x,y\",NULL}\t[0.5]\t12\n", 2) {
		f.Fatalf("%q %s", text, problem)
	}
	f.Add(whole, 1)
	f.Add(whole[:len(whole)-5], 7)
	f.Add(whole[:30], 100)
	f.Fuzz(func(t *testing.T, data []byte, piece int) {
		piece = max(1, piece&0xff)
		text, problem := turned(data, 1<<30)
		pieces, again := turned(data, piece)
		if problem == "" && (text != pieces || again != "") || again != problem {
			t.Fatalf("whole %q %s, in pieces %q %s", text, problem, pieces, again)
		}
		for _, line := range bytes.SplitAfter([]byte(text), []byte("\n")) {
			if len(line) > 0 && (bytes.Count(line, []byte("\t")) != len(copiedColumns)-1 || line[len(line)-1] != '\n') {
				t.Fatalf("line %q", line)
			}
		}
	})
}
