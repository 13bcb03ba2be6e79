package console

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// table prints the rows in columns that line up, as psql does.
func (c *Console) table() {
	widths := make([]int, len(c.columns))
	for i, column := range c.columns {
		widths[i] = utf8.RuneCountInString(column.Name)
	}
	cells := make([][][]string, len(c.rows))
	for r, row := range c.rows {
		cells[r] = make([][]string, len(row))
		for i, value := range row {
			lines := strings.Split(string(value), "\n")
			cells[r][i] = lines
			for _, line := range lines {
				widths[i] = max(widths[i], utf8.RuneCountInString(line))
			}
		}
	}
	c.heading(widths)
	for _, row := range cells {
		c.tableRow(row, widths)
	}
	if len(c.rows) == 1 {
		fmt.Fprint(c.out, "(1 row)\n\n")
	} else {
		fmt.Fprintf(c.out, "(%d rows)\n\n", len(c.rows))
	}
}

func (c *Console) heading(widths []int) {
	for i, column := range c.columns {
		if i > 0 {
			c.out.WriteByte('|')
		}
		free := widths[i] - utf8.RuneCountInString(column.Name)
		fmt.Fprintf(c.out, " %s%s%s ", strings.Repeat(" ", free/2), column.Name, strings.Repeat(" ", free-free/2))
	}
	c.out.WriteByte('\n')
	for i, width := range widths {
		if i > 0 {
			c.out.WriteByte('+')
		}
		c.out.WriteString(strings.Repeat("-", width+2))
	}
	c.out.WriteByte('\n')
}

// tableRow prints one row; a value of several lines takes several, marked with a plus where it goes on.
func (c *Console) tableRow(row [][]string, widths []int) {
	height := 1
	for _, lines := range row {
		height = max(height, len(lines))
	}
	for line := range height {
		for i, lines := range row {
			if i > 0 {
				c.out.WriteByte('|')
			}
			text := ""
			if line < len(lines) {
				text = lines[line]
			}
			mark := byte(' ')
			if line < len(lines)-1 {
				mark = '+'
			}
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text))
			last := i == len(row)-1
			switch {
			case c.columns[i].Type.Kind.IsNumber():
				c.out.WriteString(" " + pad + text)
			case last && mark == ' ':
				c.out.WriteString(" " + text)
			default:
				c.out.WriteString(" " + text + pad)
			}
			if !last || mark != ' ' {
				c.out.WriteByte(mark)
			}
		}
		c.out.WriteByte('\n')
	}
}

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
