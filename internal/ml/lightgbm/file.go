package lightgbm

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/flernd/flernd/internal/ml/forest"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Bounds on what a small file may ask for.
const (
	maxFeatures = 1 << 16
	maxTargets  = 1 << 12
)

// Model is an imported file.
type Model struct {
	Graph    *graph.Graph
	Features []string
	// Producer names the program that wrote the file.
	Producer string
}

// Is reports whether a file starts like a model of LightGBM.
func Is(file []byte) bool {
	line, _, found := bytes.Cut(file[:min(len(file), 8)], []byte{'\n'})
	return found && string(bytes.TrimRight(line, "\r")) == "tree"
}

// Import reads a model. Every feature is one of which NaN is a missing value.
func Import(file []byte) (*Model, error) {
	f := &reader{rest: file, header: map[string]string{}, forest: forest.New()}
	g, err := f.model()
	if err != nil {
		e := *sqlstate.Of(err)
		e.Message = "LightGBM file, " + f.place() + ": " + e.Message
		return nil, &e
	}
	if err := g.Verify(); err != nil {
		return nil, sqlstate.Wrap(err, sqlstate.InternalError, "importer made a broken graph")
	}
	return &Model{Graph: g, Features: f.names, Producer: "LightGBM " + f.header["version"]}, nil
}

// reader reads a file line by line: a header of key=value lines, the trees, each with such lines, and what follows them.
type reader struct {
	rest   []byte
	line   int
	header map[string]string

	names    []string
	features int
	perRound int // trees of an iteration: a tree for each target

	forest *forest.Forest
	trees  int
	// zeroFrom has the features that have a copy in which 0 is missing, by the place of the copy behind the features.
	zeroFrom []int32
	zeroAt   map[int32]int32
	// parameters are the lines that tell how it was trained; frame is the last line, of the data frame's categories.
	parameters map[string]string
	frame      string
}

func (f *reader) place() string { return "line " + strconv.Itoa(f.line) }

// next is the next line without its end; ok is false at the end of the file.
func (f *reader) next() (line []byte, ok bool) {
	if len(f.rest) == 0 {
		return nil, false
	}
	line, f.rest, _ = bytes.Cut(f.rest, []byte{'\n'})
	f.line++
	return bytes.TrimSuffix(line, []byte{'\r'}), true
}

func (f *reader) model() (*graph.Graph, error) {
	if err := f.readHeader(); err != nil {
		return nil, err
	}
	if err := f.readTrees(); err != nil {
		return nil, err
	}
	f.readTail()
	return f.graph()
}

// readHeader reads up to the line before the first tree.
func (f *reader) readHeader() error {
	if line, _ := f.next(); string(line) != "tree" {
		return invalid("%s is not the tree that is expected", quote(string(line)))
	}
	for {
		if bytes.HasPrefix(f.rest, []byte("Tree=")) || bytes.HasPrefix(f.rest, []byte(endOfTrees)) {
			return f.checkHeader()
		}
		line, ok := f.next()
		if !ok {
			return invalid("the file ends in the header")
		}
		if !utf8.Valid(line) {
			return invalid("the line is not valid UTF-8")
		}
		key, value, _ := strings.Cut(string(line), "=")
		if _, twice := f.header[key]; twice && key != "" {
			return invalid("%s is given twice", quote(key))
		}
		f.header[key] = value
	}
}

const endOfTrees = "end of trees"

func (f *reader) checkHeader() error {
	switch v := f.header["version"]; v {
	case "v2", "v3", "v4":
	default:
		return sqlstate.Unsupported("version %s of the format (v2 to v4 are known)", quote(v))
	}
	last, err := f.headerNumber("max_feature_idx", maxFeatures-1)
	if err != nil {
		return err
	}
	f.features = last + 1
	if f.perRound, err = f.headerNumber("num_tree_per_iteration", maxTargets); err != nil {
		return err
	}
	if f.perRound == 0 {
		return invalid("num_tree_per_iteration is 0")
	}
	f.names = strings.Fields(f.header["feature_names"])
	if len(f.names) != f.features {
		return invalid("%d feature_names for %d features", len(f.names), f.features)
	}
	return forest.CheckNames(f.names)
}

func (f *reader) headerNumber(key string, most int) (int, error) {
	text, ok := f.header[key]
	v, err := strconv.Atoi(text)
	switch {
	case !ok:
		return 0, invalid("%s is missing", key)
	case err != nil || v < 0:
		return 0, invalid("%s=%s is no number of anything", key, quote(text))
	case v > most:
		return 0, sqlstate.New(sqlstate.ProgramLimitExceeded, "%s=%d is more than the %d allowed", key, v, most)
	}
	return v, nil
}

// readTail keeps what follows the trees and matters: parameters in brackets, and the categories of a data frame.
func (f *reader) readTail() {
	f.parameters = map[string]string{}
	for {
		line, ok := f.next()
		if !ok {
			return
		}
		text := string(line)
		if frame, ok := strings.CutPrefix(text, "pandas_categorical:"); ok {
			f.frame = frame
		}
		if key, value, ok := strings.Cut(strings.Trim(text, "[]"), ": "); ok && strings.HasPrefix(text, "[") {
			f.parameters[key] = value
		}
	}
}

// parse reads numbers separated by spaces into the memory of list.
func parse[T any](line []byte, list []T, number func(word string) (T, error)) ([]T, error) {
	list = list[:0]
	for len(line) > 0 {
		end := bytes.IndexByte(line, ' ')
		if end < 0 {
			end = len(line)
		}
		if end > 0 {
			v, err := number(unsafe.String(&line[0], end))
			if err != nil {
				return nil, invalid("%s is no number that fits here", quote(string(line[:end])))
			}
			list = append(list, v)
		}
		line = line[min(end+1, len(line)):]
	}
	return list, nil
}

func parseFloat(word string) (float64, error) { return strconv.ParseFloat(word, 64) }

func parseInt(word string) (int32, error) {
	v, err := strconv.ParseInt(word, 10, 32)
	return int32(v), err
}

func parseBits(word string) (uint32, error) {
	v, err := strconv.ParseUint(word, 10, 32)
	return uint32(v), err
}

func invalid(format string, args ...any) error {
	return sqlstate.New(sqlstate.InvalidParameterValue, format, args...)
}

// quote shows a text of the file: cut where it is long, with what does not print escaped.
func quote(text string) string {
	if len(text) > 60 {
		text = strings.ToValidUTF8(text[:60], "") + "…"
	}
	return fmt.Sprintf("%q", text)
}
