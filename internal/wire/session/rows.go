package session

import (
	"encoding/binary"

	"github.com/flernd/flernd/internal/storage/sqltype"
)

// appendRow appends a DataRow message of text values; it serves the statements that answer without the engine.
func appendRow(dst []byte, values ...string) []byte {
	start := len(dst)
	dst = append(dst, 'D', 0, 0, 0, 0)
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(values)))
	for _, value := range values {
		dst = binary.BigEndian.AppendUint32(dst, uint32(len(value)))
		dst = append(dst, value...)
	}
	binary.BigEndian.PutUint32(dst[start+1:], uint32(len(dst)-start-1))
	return dst
}

// textColumns describes columns of type text.
func textColumns(names ...string) []Column {
	columns := make([]Column, len(names))
	for i, name := range names {
		columns[i] = Column{Name: name, Type: sqltype.Of(sqltype.Text)}
	}
	return columns
}

// firstRows returns how many bytes of messages, which are whole DataRows, the first n take.
func firstRows(messages []byte, n int64) int {
	at := 0
	for ; n > 0 && at < len(messages); n-- {
		at += 1 + int(binary.BigEndian.Uint32(messages[at+1:]))
	}
	return at
}

// rowValues reads the values of the first of some DataRows in text format, nil for NULL.
func rowValues(messages []byte) []*string {
	values := make([]*string, binary.BigEndian.Uint16(messages[5:]))
	at := 7
	for i := range values {
		size := int(int32(binary.BigEndian.Uint32(messages[at:])))
		at += 4
		if size >= 0 {
			value := string(messages[at : at+size])
			values[i] = &value
			at += size
		}
	}
	return values
}
