package graph

import (
	"unicode"

	"github.com/flernd/flernd/internal/ml/regex"
)

// Recase changes the case of a text's letters: character by character, as Unicode's simple mappings have it, or of ASCII's alone.
type Recase struct{ Upper, ASCII bool }

// Name is lower or upper.
func (o *Recase) Name() string {
	if o.Upper {
		return "upper"
	}
	return "lower"
}

func (o *Recase) attrs() string {
	if o.ASCII {
		return "ascii"
	}
	return ""
}

// Infer keeps the type.
func (o *Recase) Infer(args []Type) (Type, error) { return ofText(args, String) }

// Rune is a character in the other case, if it has one.
func (o *Recase) Rune(r rune) rune {
	switch {
	case o.ASCII && r > unicode.MaxASCII:
		return r
	case o.Upper:
		return unicode.ToUpper(r)
	}
	return unicode.ToLower(r)
}

// Join puts the second text behind the first, elementwise; shapes broadcast.
type Join struct{}

func (o *Join) Name() string  { return "join" }
func (o *Join) attrs() string { return "" }

// Infer broadcasts.
func (o *Join) Infer(args []Type) (Type, error) {
	if err := arity(args, 2); err != nil {
		return Type{}, err
	}
	if args[0].Elem != String || args[1].Elem != String {
		return Type{}, invalid("arguments %s and %s are no texts", args[0], args[1])
	}
	dims, err := Broadcast(args[0].Dims, args[1].Dims)
	return Type{Elem: String, Dims: dims}, err
}

// Matches tells which texts match a regular expression as a whole.
type Matches struct{ Of *regex.DFA }

func (o *Matches) Name() string  { return "matches" }
func (o *Matches) attrs() string { return StringsOf(o.Of.Pattern).text() }

// Infer gives bools.
func (o *Matches) Infer(args []Type) (Type, error) { return ofText(args, Bool) }

// Hash is MurmurHash3 (32 bits, little endian) of a text's bytes, as an i32.
type Hash struct{ Seed uint32 }

func (o *Hash) Name() string  { return "murmur3" }
func (o *Hash) attrs() string { return Scalar(U32, float64(o.Seed)).text() }

// Infer gives integers.
func (o *Hash) Infer(args []Type) (Type, error) { return ofText(args, I32) }

// ofText is the type of an elementwise function of one text.
func ofText(args []Type, to Elem) (Type, error) {
	if err := arity(args, 1); err != nil {
		return Type{}, err
	}
	if args[0].Elem != String {
		return Type{}, invalid("argument %s is no text", args[0])
	}
	return Type{Elem: to, Dims: args[0].Dims}, nil
}
