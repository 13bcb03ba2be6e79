package xgboost

import (
	"encoding/binary"
	"math"
	"unicode/utf8"
)

// ubjsonSource reads UBJSON (draft 12), but for its high-precision numbers.
type ubjsonSource struct {
	place
	// typed is the marker of the elements of an array that gives it once for all of them; else 0.
	typed byte
}

func newUBJSON(file []byte) *ubjsonSource {
	return &ubjsonSource{place: place{format: "UBJSON", file: file}}
}

// sizes are the bytes of numbers by marker.
var sizes = [256]uint8{'i': 1, 'U': 1, 'I': 2, 'l': 4, 'L': 8, 'd': 4, 'D': 8}

// marker reads what kind of value follows.
func (s *ubjsonSource) marker() (byte, error) {
	if s.typed != 0 {
		return s.typed, nil
	}
	for s.at < len(s.file) {
		s.at++
		if m := s.file[s.at-1]; m != 'N' {
			return m, nil
		}
	}
	return 0, s.truncated()
}

func (s *ubjsonSource) take(n int) ([]byte, error) {
	if n > len(s.file)-s.at {
		return nil, s.truncated()
	}
	s.at += n
	return s.file[s.at-n : s.at], nil
}

// whole reads the body of an integer; ok is false for another marker.
func (s *ubjsonSource) whole(m byte) (v int64, ok bool, err error) {
	if sizes[m] == 0 || m == 'd' || m == 'D' {
		return 0, false, nil
	}
	b, err := s.take(int(sizes[m]))
	if err != nil {
		return 0, false, err
	}
	switch m {
	case 'i':
		v = int64(int8(b[0]))
	case 'U':
		v = int64(b[0])
	case 'I':
		v = int64(int16(binary.BigEndian.Uint16(b)))
	case 'l':
		v = int64(int32(binary.BigEndian.Uint32(b)))
	case 'L':
		v = int64(binary.BigEndian.Uint64(b))
	}
	return v, true, nil
}

// length reads the integer, with its marker, that tells how long something is: no longer than the rest of the file.
func (s *ubjsonSource) length() (int, error) {
	typed := s.typed
	s.typed = 0
	m, err := s.marker()
	s.typed = typed
	if err != nil {
		return 0, err
	}
	n, ok, err := s.whole(m)
	switch {
	case err != nil:
		return 0, err
	case !ok:
		return 0, s.broken("%q is not the length that is expected", m)
	case n < 0 || n > int64(len(s.file)-s.at):
		return 0, s.broken("a length of %d, of %d bytes that are left", n, len(s.file)-s.at)
	}
	return int(n), nil
}

// list reads the items of a container that started: of which the type, the number, both or none are given first.
func (s *ubjsonSource) list(shut byte, item func() error) error {
	if err := s.enter(); err != nil {
		return err
	}
	outer, typed, count := s.typed, byte(0), -1
	if s.next() == '$' {
		b, err := s.take(2)
		if err != nil {
			return err
		}
		if typed = b[1]; sizes[typed] == 0 && typed != 'S' {
			return s.broken("a list of the type %q", typed)
		}
		if s.next() != '#' {
			return s.broken("a list that gives a type without a number of elements")
		}
	}
	if s.next() == '#' {
		s.at++
		s.typed = 0
		n, err := s.length()
		if err != nil {
			return err
		}
		count = n
	}
	for i := 0; i != count; i++ {
		if count < 0 && s.next() == shut {
			s.at++
			break
		}
		s.typed = typed
		if err := item(); err != nil {
			return err
		}
	}
	s.typed = outer
	s.depth--
	return nil
}

// next is the byte that follows, 0 at the end of the file.
func (s *ubjsonSource) next() byte {
	if s.at < len(s.file) {
		return s.file[s.at]
	}
	return 0
}

func (s *ubjsonSource) expect(want byte, what string) error {
	m, err := s.marker()
	if err == nil && m != want {
		err = s.broken("%q is not the %s that is expected", m, what)
	}
	return err
}

func (s *ubjsonSource) object(member func(key string) error) error {
	if err := s.expect('{', "object"); err != nil {
		return err
	}
	return s.list('}', func() error {
		key, err := s.characters()
		if err != nil {
			return err
		}
		return s.inside(key, func() error { return member(key) })
	})
}

func (s *ubjsonSource) array(element func() error) error {
	if err := s.expect('[', "array"); err != nil {
		return err
	}
	return s.list(']', element)
}

// characters reads a length and so many bytes.
func (s *ubjsonSource) characters() (string, error) {
	n, err := s.length()
	if err != nil {
		return "", err
	}
	raw, err := s.take(n)
	if err == nil && !utf8.Valid(raw) {
		err = s.broken("a string is not valid UTF-8")
	}
	return string(raw), err
}

func (s *ubjsonSource) text() (string, error) {
	if err := s.expect('S', "string"); err != nil {
		return "", err
	}
	return s.characters()
}

func (s *ubjsonSource) float() (float32, error) {
	v, err := s.double()
	return float32(v), err
}

func (s *ubjsonSource) double() (float64, error) {
	m, err := s.marker()
	if err != nil {
		return 0, err
	}
	switch m {
	case 'd', 'D':
		b, err := s.take(int(sizes[m]))
		if err != nil {
			return 0, err
		}
		if m == 'd' {
			return float64(math.Float32frombits(binary.BigEndian.Uint32(b))), nil
		}
		return math.Float64frombits(binary.BigEndian.Uint64(b)), nil
	}
	v, ok, err := s.whole(m)
	if err == nil && !ok {
		err = s.broken("%q is not the number that is expected", m)
	}
	return float64(v), err
}

func (s *ubjsonSource) integer() (int64, error) {
	m, err := s.marker()
	if err != nil {
		return 0, err
	}
	switch m {
	case 'T':
		return 1, nil
	case 'F':
		return 0, nil
	}
	v, ok, err := s.whole(m)
	if err == nil && !ok {
		err = s.broken("%q is not the integer that is expected", m)
	}
	return v, err
}

func (s *ubjsonSource) skip() error {
	m, err := s.marker()
	if err != nil {
		return err
	}
	switch m {
	case '{':
		return s.list('}', func() error {
			key, err := s.characters()
			if err != nil {
				return err
			}
			return s.inside(key, s.skip)
		})
	case '[':
		return s.list(']', s.skip)
	case 'S':
		_, err := s.characters()
		return err
	case 'C':
		_, err := s.take(1)
		return err
	case 'Z', 'T', 'F':
		return nil
	}
	if sizes[m] == 0 {
		return s.broken("%q is no kind of value", m)
	}
	_, err = s.take(int(sizes[m]))
	return err
}

func (s *ubjsonSource) end() error {
	if s.at < len(s.file) {
		return s.broken("something follows the end of the document")
	}
	return nil
}
