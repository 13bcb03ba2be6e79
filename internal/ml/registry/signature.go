package registry

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// maxArguments bounds a signature, its arguments and its outputs; it is what Postgres allows a target list.
const maxArguments = 1664

// MostScalars is the most elements of an input that are arguments of their own; a larger input is a single argument, an array.
const MostScalars = 1024

// maxIdentifier is the length of the longest identifier in Postgres, in bytes.
const maxIdentifier = 63

var sqlKinds = map[graph.Elem]sqltype.Kind{graph.F32: sqltype.Float4, graph.F64: sqltype.Float8, graph.I64: sqltype.Int8,
	graph.I32: sqltype.Int4, graph.Bool: sqltype.Bool, graph.String: sqltype.Text, graph.F16: sqltype.Float4, graph.BF16: sqltype.Float4,
	graph.F8E4M3FN: sqltype.Float4, graph.F8E4M3FNUZ: sqltype.Float4, graph.F8E5M2: sqltype.Float4, graph.F8E5M2FNUZ: sqltype.Float4,
	graph.F8E8M0: sqltype.Float4, graph.F4E2M1: sqltype.Float4,
	graph.I2: sqltype.Int2, graph.I4: sqltype.Int2, graph.U2: sqltype.Int2, graph.U4: sqltype.Int2,
	graph.I8: sqltype.Int2, graph.U8: sqltype.Int2, graph.I16: sqltype.Int2, graph.U16: sqltype.Int4, graph.U32: sqltype.Int8}

// arguments makes every scalar of the inputs an argument, but for large inputs: those are arrays, unless the file names the
// scalars and there may be so many of them. Names are those that the file gives for all of them; else the
// input's own, numbered from 1 where it has several elements (x1, x2, …).
func arguments(g *graph.Graph, names []string) ([]Argument, error) {
	var args []Argument
	most := MostScalars
	if len(names) > 0 && len(names) <= maxArguments {
		most = maxArguments
	}
	for i, in := range g.Inputs {
		size := in.Type.Size()
		if _, ok := sqlKinds[in.Type.Elem]; !ok {
			return nil, sqlstate.Unsupported("input %q of element type %s, which no SQL type holds,", in.Name, in.Type.Elem)
		}
		if size == 0 {
			return nil, sqlstate.Unsupported("input %q of %s a row, which has no elements,", in.Name, in.Type)
		}
		if size > most {
			args = append(args, Argument{Name: in.Name, Type: sqltype.ArrayOf(sqlKinds[in.Type.Elem], size), Input: i})
			continue
		}
		if len(args)+size > maxArguments {
			return nil, sqlstate.New(sqlstate.TooManyArguments, "the model takes more than %d arguments (input %q of %s)",
				maxArguments, in.Name, in.Type)
		}
		for k := range size {
			name := in.Name
			if size > 1 {
				name = fmt.Sprintf("%s%d", short(in.Name), k+1)
			}
			args = append(args, Argument{Name: name, Type: sqltype.Of(sqlKinds[in.Type.Elem]), Input: i, Element: k})
		}
	}
	if len(names) > 0 && len(names) <= maxArguments {
		if len(names) != len(args) {
			return nil, sqlstate.New(sqlstate.InvalidParameterValue,
				"the file names %d features, but the model has %d arguments", len(names), len(args))
		}
		for i, name := range names {
			args[i].Name = name
		}
	}
	taken := map[string]bool{}
	for i := range args {
		written := args[i].Name
		args[i].Name = unique(identifier(written), taken)
		if written != args[i].Name && len(written) <= maxIdentifier && utf8.ValidString(written) {
			args[i].Written = written
		}
	}
	return args, nil
}

// outputs types the results. One of one element a row is a scalar; one of several is an array of them in row-major order,
// whatever its shape: an array of more than one dimension would be refused everywhere else.
func outputs(g *graph.Graph) ([]Output, error) {
	if len(g.Outputs) > maxArguments {
		return nil, sqlstate.New(sqlstate.TooManyColumns, "the model has %d outputs, more than the %d allowed", len(g.Outputs), maxArguments)
	}
	taken := map[string]bool{}
	out := make([]Output, len(g.Outputs))
	for i, o := range g.Outputs {
		t := o.Value.Type
		kind, ok := sqlKinds[t.Elem]
		if !ok {
			return nil, sqlstate.Unsupported("output %q of element type %s, which no SQL type holds,", o.Name, t.Elem)
		}
		out[i] = Output{Name: unique(identifier(o.Name), taken), Value: o.Value}
		out[i].Type = sqltype.ArrayOf(kind, t.Size())
		if t.Size() == 1 {
			out[i].Type = sqltype.Of(kind)
		}
	}
	return out, nil
}

// identifier makes a name of the file one that SQL can say without quotes: lower case letters, digits and underscores.
func identifier(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(strings.TrimSpace(short(name))) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9' && b.Len() > 0, r >= 0x80 && r != utf8.RuneError:
			b.WriteRune(r)
		case r >= '0' && r <= '9':
			b.WriteByte('_')
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
	}
	if strings.Trim(b.String(), "_") == "" {
		return "value"
	}
	return short(b.String())
}

// short cuts a name so that a number still fits behind it.
func short(name string) string {
	const room = maxIdentifier - 6
	if len(name) <= room {
		return name
	}
	return strings.ToValidUTF8(name[:room], "")
}

// unique appends a number to a name that is taken.
func unique(name string, taken map[string]bool) string {
	fresh := name
	for n := 2; taken[fresh]; n++ {
		fresh = fmt.Sprintf("%s_%d", name, n)
	}
	taken[fresh] = true
	return fresh
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// Flat is a version of a model whose signature is as plain as can be: each element of an input is an argument, but for a large
// one, which is an array, and each output is an array of its elements, whatever their shapes.
func Flat(g *graph.Graph) *Version {
	v := &Version{Name: "model", Version: 1, Graph: g}
	for i, in := range g.Inputs {
		if e := in.Type.Elem; in.Type.Size() > MostScalars && e != graph.U64 {
			v.Inputs = append(v.Inputs, Argument{Name: fmt.Sprintf("i%d", i), Type: sqltype.ArrayOf(flatKind(e), in.Type.Size()), Input: i})
			continue
		}
		for k := range in.Type.Size() {
			v.Inputs = append(v.Inputs, Argument{Name: fmt.Sprintf("i%d_%d", i, k), Type: sqltype.Of(flatKind(in.Type.Elem)), Input: i, Element: k})
		}
	}
	for i, o := range g.Outputs {
		v.Outputs = append(v.Outputs, Output{Name: fmt.Sprintf("o%d", i), Value: o.Value,
			Type: sqltype.ArrayOf(flatKind(o.Value.Type.Elem), o.Value.Type.Size())})
	}
	return v
}

// flatKind is the SQL type of an element; that of u64 holds its bits.
func flatKind(e graph.Elem) sqltype.Kind {
	if e == graph.U64 {
		return sqltype.Int8
	}
	return sqlKinds[e]
}
