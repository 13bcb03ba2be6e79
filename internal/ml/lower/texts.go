package lower

import (
	"encoding/binary"
	"sync"
	"unicode"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
)

// text returns what computes an elementwise operator over texts.
func (l *lowering) text(op graph.Op) func(x []*staged.Node) *staged.Node {
	switch o := op.(type) {
	case *graph.Recase:
		table := l.data.Table(*o, func() []byte { return casesOf(*o) })
		upper := int64(0)
		if o.Upper {
			upper = 1
		}
		return func(x []*staged.Node) *staged.Node {
			return l.kernel("flk_recase", l.spread(x[0]), table, staged.Int(staged.TU32, upper))
		}
	case *graph.Matches:
		table := l.data.Table(o.Of, o.Of.Table)
		return func(x []*staged.Node) *staged.Node { return l.kernel("flk_matches", l.spread(x[0]), table) }
	case *graph.Hash:
		return func(x []*staged.Node) *staged.Node {
			return l.kernel("flk_murmur3", l.spread(x[0]), staged.Int(staged.TU32, int64(o.Seed)))
		}
	}
	return func(x []*staged.Node) *staged.Node { return l.kernel("flk_concat", l.spread(x[0]), l.spread(x[1])) }
}

// casesOf is the table of flk_recase, made when it is first asked for: it takes a look at each of Unicode's characters.
func casesOf(o graph.Recase) []byte {
	if made, ok := caseTables.Load(o); ok {
		return made.([]byte)
	}
	made, _ := caseTables.LoadOrStore(o, cases(o))
	return made.([]byte)
}

var caseTables sync.Map // graph.Recase, of which there are four, to []byte

// cases is the table: how many letters past ASCII have another case, these in ascending order, their other cases.
func cases(o graph.Recase) []byte {
	var from, to []byte
	for r := rune(unicode.MaxASCII + 1); r <= unicode.MaxRune && !o.ASCII; r++ {
		if c := o.Rune(r); c != r {
			from = binary.LittleEndian.AppendUint32(from, uint32(r))
			to = binary.LittleEndian.AppendUint32(to, uint32(c))
		}
	}
	return append(append(binary.LittleEndian.AppendUint32(nil, uint32(len(from)/4)), from...), to...)
}

// vectorize counts the tokens of lanes of texts, or of a buffer of integers.
func (a *arrays) vectorize(v *graph.Value) {
	o, x := v.Op.(*graph.Vectorize), v.Args[0]
	table := a.data.Tokens(o)
	length := x.Type.Last()
	lists := x.Type.Size() / max(1, length)
	if x.Type.Elem == graph.String {
		a.call("flk_arr_tokens_str", a.of(v), a.texts[x], a.int(lists), a.int(length), table, a.at, a.band)
		return
	}
	a.call("flk_arr_tokens_i64", a.of(v), a.of(x), a.int(length), table, a.times(lists))
}
