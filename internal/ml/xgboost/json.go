package xgboost

import (
	"encoding/json"
	"math"
	"strconv"
	"unicode/utf8"
	"unsafe"
)

// jsonSource reads JSON, where XGBoost has NaN and Infinity too.
type jsonSource struct{ place }

func newJSON(file []byte) *jsonSource { return &jsonSource{place{format: "JSON", file: file}} }

// peek passes over white space; 0 is the end of the file.
func (s *jsonSource) peek() byte {
	for ; s.at < len(s.file); s.at++ {
		if c := s.file[s.at]; c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return c
		}
	}
	return 0
}

func (s *jsonSource) expect(c byte) error {
	if s.peek() != c {
		return s.unexpected("'" + string(c) + "'")
	}
	s.at++
	return nil
}

func (s *jsonSource) unexpected(wanted string) error {
	if s.at >= len(s.file) {
		return s.truncated()
	}
	return s.broken("%q is not the %s that is expected", s.file[s.at], wanted)
}

// list reads what stands between brackets, separated by commas.
func (s *jsonSource) list(open, shut byte, item func() error) error {
	if err := s.expect(open); err != nil {
		return err
	}
	if err := s.enter(); err != nil {
		return err
	}
	if s.peek() == shut {
		s.at++
		s.depth--
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		switch s.peek() {
		case ',':
			s.at++
		case shut:
			s.at++
			s.depth--
			return nil
		default:
			return s.unexpected("',' or '" + string(shut) + "'")
		}
	}
}

func (s *jsonSource) object(member func(key string) error) error {
	return s.list('{', '}', func() error {
		key, err := s.text()
		if err != nil {
			return err
		}
		if err := s.expect(':'); err != nil {
			return err
		}
		return s.inside(key, func() error { return member(key) })
	})
}

func (s *jsonSource) array(element func() error) error { return s.list('[', ']', element) }

func (s *jsonSource) text() (string, error) {
	if err := s.expect('"'); err != nil {
		return "", err
	}
	start, escaped := s.at, false
	for ; ; s.at++ {
		switch {
		case s.at >= len(s.file):
			return "", s.truncated()
		case s.file[s.at] == '\\':
			escaped = true
			s.at++
			continue
		case s.file[s.at] < ' ':
			return "", s.broken("a control character in a string")
		case s.file[s.at] != '"':
			continue
		}
		break
	}
	raw := s.file[start:s.at]
	s.at++
	if !utf8.Valid(raw) {
		return "", s.broken("a string is not valid UTF-8")
	}
	if !escaped {
		return string(raw), nil
	}
	var v string
	if err := json.Unmarshal(s.file[start-1:s.at], &v); err != nil {
		return "", s.broken("a string with a malformed escape")
	}
	return v, nil
}

// word reads a number or one of the words that stand for values.
func (s *jsonSource) word() ([]byte, error) {
	s.peek()
	start := s.at
	for s.at < len(s.file) && isWord[s.file[s.at]] {
		s.at++
	}
	if s.at == start {
		return nil, s.unexpected("number")
	}
	return s.file[start:s.at], nil
}

var isWord = func() (table [256]bool) {
	for c := range table {
		table[c] = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '+' || c == '-' || c == '.'
	}
	return table
}()

func (s *jsonSource) float() (float32, error) {
	v, err := s.number(32)
	return float32(v), err
}

func (s *jsonSource) double() (float64, error) { return s.number(64) }

func (s *jsonSource) number(bits int) (float64, error) {
	word, err := s.word()
	if err != nil {
		return 0, err
	}
	switch string(word) {
	case "NaN":
		return math.NaN(), nil
	case "Infinity":
		return math.Inf(1), nil
	case "-Infinity":
		return math.Inf(-1), nil
	}
	v, err := strconv.ParseFloat(unsafe.String(&word[0], len(word)), bits)
	if c := word[len(word)-1]; err != nil || c > '9' && c != '.' || word[0] == '+' {
		return 0, s.broken("%q is no number", limited(string(word)))
	}
	return v, nil
}

func (s *jsonSource) integer() (int64, error) {
	word, err := s.word()
	if err != nil {
		return 0, err
	}
	switch string(word) {
	case "true":
		return 1, nil
	case "false":
		return 0, nil
	}
	v, err := strconv.ParseInt(unsafe.String(&word[0], len(word)), 10, 64)
	if err != nil {
		return 0, s.broken("%q is no integer", limited(string(word)))
	}
	return v, nil
}

func (s *jsonSource) skip() error {
	switch s.peek() {
	case '{':
		return s.object(func(string) error { return s.skip() })
	case '[':
		return s.array(s.skip)
	case '"':
		_, err := s.text()
		return err
	}
	_, err := s.word()
	return err
}

func (s *jsonSource) end() error {
	if s.peek() != 0 || s.at < len(s.file) {
		return s.broken("something follows the end of the document")
	}
	return nil
}
