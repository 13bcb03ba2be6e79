package xgboost

import (
	"fmt"
	"strings"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// source is a document that is read from its beginning to its end. Each method reads one value whole; an error names its place.
type source interface {
	// object calls member for each member, which reads the value.
	object(member func(key string) error) error
	// array calls element for each element, which reads it.
	array(element func() error) error
	float() (float32, error)
	double() (float64, error)
	// integer reads true and false as 1 and 0 too.
	integer() (int64, error)
	text() (string, error)
	// skip passes over a value of any kind.
	skip() error
	// end reports what follows the document.
	end() error
	// fail is an error at the value that is read or was read last.
	fail(code sqlstate.Code, format string, args ...any) error
}

// maxDepth bounds the nesting of a document; XGBoost's have 8 levels.
const maxDepth = 32

// place is where a source is in its file.
type place struct {
	format string
	file   []byte
	at     int
	depth  int
	path   []string // of the members that enclose what is read; an element of an array has a number
}

func (p *place) fail(code sqlstate.Code, format string, args ...any) error {
	where := ""
	if len(p.path) > 0 {
		where = ", in " + strings.Join(p.path, ".")
	}
	return sqlstate.New(code, "%s file of XGBoost, byte %d%s: %s", p.format, p.at, where, fmt.Sprintf(format, args...))
}

func (p *place) broken(format string, args ...any) error {
	return p.fail(sqlstate.InvalidParameterValue, format, args...)
}

func (p *place) truncated() error {
	p.at = len(p.file)
	return p.broken("the file ends in the middle of the document")
}

// enter starts an object or array.
func (p *place) enter() error {
	if p.depth++; p.depth > maxDepth {
		return p.broken("the document is nested more than %d deep", maxDepth)
	}
	return nil
}

// inside runs read with a name on the path.
func (p *place) inside(name string, read func() error) error {
	p.path = append(p.path, limited(name))
	if err := read(); err != nil {
		return err
	}
	p.path = p.path[:len(p.path)-1]
	return nil
}

// limited cuts a name of the file for a message.
func limited(name string) string {
	if len(name) > 40 {
		name = name[:40] + "…"
	}
	return strings.ToValidUTF8(strings.Map(printable, name), "?")
}

func printable(r rune) rune {
	if r < ' ' || r == 0x7f {
		return '?'
	}
	return r
}

// members reads an object: each member that is listed once at most, by its function; others are passed over.
func members(s source, list map[string]func() error) error {
	seen := map[string]bool{}
	return s.object(func(key string) error {
		read := list[key]
		if read == nil {
			return s.skip()
		}
		if seen[key] {
			return s.fail(sqlstate.InvalidParameterValue, "the member is given twice")
		}
		seen[key] = true
		return read()
	})
}

// into makes a function that reads one value and keeps it.
func into[T any](v *T, read func() (T, error)) func() error {
	return func() (err error) {
		*v, err = read()
		return err
	}
}

// listInto makes a function that reads an array, into the memory of *list.
func listInto[T any](s source, list *[]T, read func() (T, error)) func() error {
	return func() error {
		*list = (*list)[:0]
		return s.array(func() error {
			v, err := read()
			*list = append(*list, v)
			return err
		})
	}
}
