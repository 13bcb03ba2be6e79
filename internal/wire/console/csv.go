package console

import "bytes"

// csvRow prints one row as psql --csv does: null is nothing, quotes only where needed.
func (c *Console) csvRow(row [][]byte) error {
	for i, value := range row {
		if i > 0 {
			c.out.WriteByte(',')
		}
		if len(value) == 2 && string(value) == `\.` || bytes.ContainsAny(value, "\",\r\n") {
			c.out.WriteByte('"')
			c.out.Write(bytes.ReplaceAll(value, []byte(`"`), []byte(`""`)))
			c.out.WriteByte('"')
		} else {
			c.out.Write(value)
		}
	}
	return c.out.WriteByte('\n')
}
