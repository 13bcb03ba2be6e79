package onnx

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Bounds on what a file may ask for.
const (
	// MaxFile is the largest file in bytes.
	MaxFile = 1 << 30
	// maxMessages bounds the structs that decoding allocates: a message of two bytes becomes one of hundreds.
	maxMessages = 1 << 19
	maxDepth    = 64
	maxNodes    = 20000
)

// decode parses the file. It walks the bytes first, so that a broken file is reported with its place and a hostile one
// before anything is allocated for it.
func decode(file []byte) (*onnxpb.ModelProto, error) {
	if len(file) > MaxFile {
		return nil, sqlstate.New(sqlstate.ProgramLimitExceeded, "model file of %d bytes is larger than the %d allowed", len(file), MaxFile)
	}
	m := &onnxpb.ModelProto{}
	if err := decodeInto(file, m); err != nil {
		return nil, err
	}
	if m.Graph == nil || m.IrVersion == 0 {
		return nil, invalid("file is not an ONNX model: it has no %s", missing(m))
	}
	return m, nil
}

// decodeInto parses a message of the format.
func decodeInto(file []byte, m proto.Message) error {
	s := scanner{file: file}
	if err := s.message(m.ProtoReflect().Descriptor(), 0, len(file), nil); err != nil {
		return err
	}
	if err := (proto.UnmarshalOptions{DiscardUnknown: true, RecursionLimit: maxDepth + 4}).Unmarshal(file, m); err != nil {
		// The library sets some of its spaces as U+00A0, at random.
		return invalid("ONNX file is malformed: %s", strings.ReplaceAll(err.Error(), "\u00a0", " "))
	}
	return nil
}

func missing(m *onnxpb.ModelProto) string {
	if m.IrVersion == 0 {
		return "ir_version"
	}
	return "graph"
}

// scanner walks the wire format by the schema without building anything.
type scanner struct {
	file     []byte
	messages int
}

// message walks the bytes [at,end) of one message; path names it for errors.
func (s *scanner) message(d protoreflect.MessageDescriptor, at, end int, path []string) error {
	if s.messages++; s.messages > maxMessages {
		return sqlstate.New(sqlstate.ProgramLimitExceeded, "ONNX file has more than %d parts", maxMessages)
	}
	if len(path) > maxDepth {
		return invalid("ONNX file is nested more than %d deep at byte %d, in %s", maxDepth, at, strings.Join(path, "."))
	}
	for at < end {
		num, kind, n := protowire.ConsumeTag(s.file[at:end])
		if n < 0 {
			return s.broken(at, end, path, n)
		}
		field := d.Fields().ByNumber(num)
		size := protowire.ConsumeFieldValue(num, kind, s.file[at+n:end])
		if size < 0 {
			return s.broken(at, end, named(path, field), size)
		}
		body := at + n
		at = body + size
		if field != nil && field.Kind() == protoreflect.StringKind && kind == protowire.BytesType {
			if text, _ := protowire.ConsumeBytes(s.file[body:at]); !utf8.Valid(text) {
				return invalid("ONNX file is malformed at byte %d: %s is not valid UTF-8", body, strings.Join(named(path, field), "."))
			}
		}
		if field == nil || kind != protowire.BytesType || field.Message() == nil {
			continue
		}
		v, _ := protowire.ConsumeBytes(s.file[body:at])
		if err := s.message(field.Message(), at-len(v), at, named(path, field)); err != nil {
			return err
		}
	}
	return nil
}

func named(path []string, f protoreflect.FieldDescriptor) []string {
	if f == nil {
		return path
	}
	return append(path[:len(path):len(path)], string(f.Name()))
}

func (s *scanner) broken(at, end int, path []string, code int) error {
	where := "the model"
	if len(path) > 0 {
		where = strings.Join(path, ".")
	}
	if end == len(s.file) && strings.Contains(protowire.ParseError(code).Error(), "EOF") {
		return invalid("ONNX file is truncated: it ends at byte %d, in %s, which starts at byte %d", len(s.file), where, at)
	}
	return invalid("ONNX file is malformed at byte %d, in %s", at, where)
}

func invalid(format string, args ...any) *sqlstate.Error {
	return sqlstate.New(sqlstate.InvalidParameterValue, format, args...)
}

// quote shows a name from the file: cut where it is long, with what does not print escaped.
func quote(name string) string {
	if len(name) > 80 {
		name = strings.ToValidUTF8(name[:80], "") + "…"
	}
	return fmt.Sprintf("%q", name)
}
