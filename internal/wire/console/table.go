package console

import (
	"bufio"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/flernd/flernd/internal/wire/session"
)

// measured is how many rows are kept to find how wide the columns are. Later ones are printed as they come: wider values
// stand out of their columns, and a result of any size takes no memory.
const measured = 1000

// table prints rows in columns that line up, as psql does.
type table struct {
	columns []session.Column
	widths  []int
	kept    [][][]string // of each row the lines of its values; nil once the heading is printed
	rows    int64
}

func newTable(columns []session.Column) table {
	t := table{columns: columns, widths: make([]int, len(columns)), kept: make([][][]string, 0, 16)}
	for i, column := range columns {
		t.widths[i] = utf8.RuneCountInString(column.Name)
	}
	return t
}

// add prints a row, now or later. Its bytes are only lent.
func (t *table) add(out *bufio.Writer, row [][]byte) {
	t.rows++
	cells := make([][]string, len(row))
	for i, value := range row {
		cells[i] = strings.Split(string(value), "\n")
	}
	if t.kept == nil {
		t.row(out, cells)
		return
	}
	t.kept = append(t.kept, cells)
	for i, lines := range cells {
		for _, line := range lines {
			t.widths[i] = max(t.widths[i], utf8.RuneCountInString(line))
		}
	}
	if len(t.kept) == measured {
		t.begin(out)
	}
}

// begin prints the heading and the rows that were kept.
func (t *table) begin(out *bufio.Writer) {
	t.heading(out)
	for _, row := range t.kept {
		t.row(out, row)
	}
	t.kept = nil
}

func (t *table) end(out *bufio.Writer) {
	if t.kept != nil {
		t.begin(out)
	}
	if t.rows == 1 {
		fmt.Fprint(out, "(1 row)\n\n")
	} else {
		fmt.Fprintf(out, "(%d rows)\n\n", t.rows)
	}
}

func (t *table) heading(out *bufio.Writer) {
	for i, column := range t.columns {
		if i > 0 {
			out.WriteByte('|')
		}
		free := t.widths[i] - utf8.RuneCountInString(column.Name)
		fmt.Fprintf(out, " %s%s%s ", strings.Repeat(" ", free/2), column.Name, strings.Repeat(" ", free-free/2))
	}
	out.WriteByte('\n')
	for i, width := range t.widths {
		if i > 0 {
			out.WriteByte('+')
		}
		out.WriteString(strings.Repeat("-", width+2))
	}
	out.WriteByte('\n')
}

// row prints one row; a value of several lines takes several, marked with a plus where it goes on.
func (t *table) row(out *bufio.Writer, row [][]string) {
	height := 1
	for _, lines := range row {
		height = max(height, len(lines))
	}
	for line := range height {
		for i, lines := range row {
			if i > 0 {
				out.WriteByte('|')
			}
			text := ""
			if line < len(lines) {
				text = lines[line]
			}
			mark := byte(' ')
			if line < len(lines)-1 {
				mark = '+'
			}
			pad := strings.Repeat(" ", max(t.widths[i]-utf8.RuneCountInString(text), 0))
			last := i == len(row)-1
			switch {
			case t.columns[i].Type.Kind.IsNumber():
				out.WriteString(" " + pad + text)
			case last && mark == ' ':
				out.WriteString(" " + text)
			default:
				out.WriteString(" " + text + pad)
			}
			if !last || mark != ' ' {
				out.WriteByte(mark)
			}
		}
		out.WriteByte('\n')
	}
}
