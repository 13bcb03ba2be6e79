package sqltype

import (
	"testing"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

func TestBytea(t *testing.T) {
	for in, want := range map[string]string{`\x`: "", `\x00fF10`: "\x00\xff\x10", "\\x 00\nff\t": "\x00\xff", "": "", "abc": "abc",
		`a\\b`: `a\b`, `\000\377`: "\x00\xff", "größe": "größe"} {
		if got, err := Parse(Of(Bytea), in); err != nil || got.S != want {
			t.Errorf("%q: got %q, %v", in, got.S, err)
		}
	}
	for in, want := range map[string]sqlstate.Code{`\x0`: sqlstate.InvalidParameterValue, `\x0g`: sqlstate.InvalidParameterValue,
		`\`: sqlstate.InvalidTextRepresentation, `\400`: sqlstate.InvalidTextRepresentation, `\18`: sqlstate.InvalidTextRepresentation,
		`\x\`: sqlstate.InvalidParameterValue} {
		if got, err := Parse(Of(Bytea), in); sqlstate.Of(err).Code != want {
			t.Errorf("%q: got %q, %v", in, got.S, err)
		}
	}
	if got, err := ParseBinary(Of(Bytea), []byte("\x00\xff")); err != nil || got.S != "\x00\xff" {
		t.Errorf("binary: %q, %v", got.S, err)
	}
}
