package compile

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/regex"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// TestTokens compares counts of tokens, and what else models do with texts, with the interpreter, over texts that have everything
// separators and classes can stumble over.
func TestTokens(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2})
	r := rand.New(rand.NewPCG(7, 7))
	texts := []string{"a", "", "É", "ıİſK Ⱥ", "the the the", "a-b--c", "\x02\x03", strings.Repeat("ab ", 3000), "日本", "😀 😀"}
	letters := []rune("aabbc  -.éÉßΣσς日😀1_\n")
	for range 90 {
		s := make([]rune, r.IntN(30))
		for i := range s {
			s[i] = letters[r.IntN(len(letters))]
		}
		texts = append(texts, string(s))
	}
	d.must("CREATE TABLE t (id int4, x text, y text)")
	for i, s := range texts {
		d.must(fmt.Sprintf("INSERT INTO t VALUES (%d, %s, %s)", i, quoteText(s), quoteText(fmt.Sprint(i, s))))
	}
	pool := graph.StringsOf("\x02", "\x03", " ", "a", "ab", "b", "bb", "c", "é", "σ", "日", "😀")
	dfa := func(pattern string) *regex.DFA {
		a, err := regex.Compile(pattern)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	ops := []graph.Op{
		&graph.Recase{}, &graph.Recase{Upper: true}, &graph.Recase{ASCII: true}, &graph.Recase{Upper: true, ASCII: true},
		&graph.Matches{Of: dfa(`(?i)[a-cé ]*`)}, &graph.Matches{Of: dfa(`.*\b`)}, &graph.Hash{}, &graph.Hash{Seed: 0xfedcba98},
	}
	for _, tok := range []*graph.Tokenizer{{MinChars: 1}, {MinChars: 1, Mark: true}, {MinChars: 1, Match: dfa(`\pL+`)}, {MinChars: 2, Match: dfa(`[ab]+|.`), Mark: true},
		{MinChars: 1, Match: dfa(`\b[ab]*\b`)}, {MinChars: 1, Separators: []*regex.DFA{dfa(" ")}}, {MinChars: 1, Separators: []*regex.DFA{dfa(`\s+`), dfa("-*"), dfa("[é.]")}},
		{MinChars: 2, Separators: []*regex.DFA{dfa(`[^ab]`)}, Mark: true}} {
		for n := range 4 {
			ops = append(ops, randomVectorize(r, tok, pool, graph.Weighting(n%3), 1+n))
		}
	}
	for _, d.opt.Tier = range []string{"fast", "best"} {
		for i, op := range ops {
			if d.opt.Tier == "best" && i%9 != 0 {
				continue
			}
			comparesTexts(t, d, op, texts, uint64(i))
		}
	}
}

func quoteText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// randomVectorize counts some sequences of the pool's tokens.
func randomVectorize(r *rand.Rand, tok *graph.Tokenizer, pool *graph.Tensor, w graph.Weighting, longest int) *graph.Vectorize {
	o := &graph.Vectorize{Tokenizer: tok, Pool: pool, Shortest: 1 + r.IntN(longest), Longest: longest, MaxSkip: r.IntN(4), Weighting: w}
	seen := map[string]bool{}
	for range 40 {
		g := make([]int32, o.Shortest+r.IntN(longest-o.Shortest+1))
		for i := range g {
			g[i] = int32(r.IntN(pool.Size()))
		}
		if !seen[fmt.Sprint(g)] {
			seen[fmt.Sprint(g)] = true
			o.Grams, o.Columns = append(o.Grams, g), append(o.Columns, int32(r.IntN(30)))
		}
	}
	o.Size = 30
	if w != graph.Counts {
		o.Weights = graph.NewTensor(graph.F32, o.Size)
		for i := range o.Weights.F32 {
			o.Weights.F32[i] = float32(i) / 4
		}
	}
	return o
}

// comparesTexts runs a model of one operator over the table's column x, of few distinct texts, and y.
func comparesTexts(t *testing.T, d *database, op graph.Op, texts []string, id uint64) {
	t.Helper()
	b := &graph.Builder{Graph: graph.New("m")}
	x := b.Input("x", graph.Of(graph.String))
	y := b.Add(op, x)
	if b.Err != nil {
		t.Fatal(b.Err)
	}
	b.Graph.Output("y", y)
	v := registry.Flat(b.Graph)
	v.Outputs[0].Type = map[bool]sqltype.Type{true: sqltype.ArrayOf(sqltype.Float4, 30), false: sqltype.Of(map[graph.Elem]sqltype.Kind{
		graph.String: sqltype.Text, graph.Bool: sqltype.Bool, graph.I32: sqltype.Int4, graph.F32: sqltype.Float4}[y.Type.Elem])}[y.Type.Rank() == 1]
	d.models["m"] = sqlModel(v, 1000+id)
	for k, column := range []string{"x", "y"} {
		got, _, err := d.run("SELECT m("+column+") FROM t ORDER BY id", "")
		if err != nil || len(got) != len(texts) {
			t.Fatalf("%s: %d rows, %v", op.Name(), len(got), err)
		}
		for i, s := range texts {
			if k == 1 {
				s = fmt.Sprint(i, s)
			}
			out, err := interp.Run(b.Graph, []*graph.Tensor{graph.StringsOf(s).Reshaped()}, interp.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if want := textOf(out[0]); got[i][0] != want {
				t.Errorf("%s of %.40q, %s: got %s, want %s", op.Name(), s, graphText(b.Graph), got[i][0], want)
				return
			}
		}
	}
}

func graphText(g *graph.Graph) string { return strings.Join(strings.Fields(g.String()), " ") }

// textOf is what SQL shows of a result.
func textOf(t *graph.Tensor) string {
	switch {
	case t.Elem == graph.String:
		return t.Str[0]
	case t.Elem == graph.Bool && t.Bool[0]:
		return "t"
	case t.Elem == graph.Bool:
		return "f"
	case t.Elem == graph.I32:
		return strconv.Itoa(int(t.I32[0]))
	}
	parts := make([]string, len(t.F32))
	for i, x := range t.F32 {
		parts[i] = strconv.FormatFloat(float64(x), 'g', -1, 32)
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// TestTokensBounded: an expression that looks far ahead from every place of a long text is an error, not a stall.
func TestTokensBounded(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	d.opt.Tier = "fast"
	far, err := regex.Compile("[a-z]+@")
	if err != nil {
		t.Fatal(err)
	}
	o := &graph.Vectorize{Tokenizer: &graph.Tokenizer{Match: far, MinChars: 1}, Pool: graph.StringsOf("a@"), Grams: [][]int32{{0}}, Columns: []int32{0},
		Size: 1, Shortest: 1, Longest: 1}
	b := &graph.Builder{Graph: graph.New("m")}
	b.Graph.Output("y", b.Add(o, b.Input("x", graph.Of(graph.String))))
	v := registry.Flat(b.Graph)
	d.models["m"] = sqlModel(v, 1)
	if got := d.must("SELECT m(repeat('a', 100) || ' a@')"); got != "{1}\n" {
		t.Errorf("a short text: %s", got)
	}
	if _, _, err := d.run("SELECT m(repeat('a', 1000000))", ""); err == nil || sqlstate.Of(err).Code != "54000" {
		t.Errorf("a long text: %v", err)
	}
}
