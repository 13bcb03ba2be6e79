package cgen

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/compile/staged"
)

// cPrim is a line of crt/src/prims.def.
type cPrim struct{ form, name, result, args string }

// readPrims reads the C side's table of primitives.
func readPrims(t *testing.T) map[string]cPrim {
	f, err := os.Open("../crt/src/prims.def")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string]cPrim{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		form, list, ok := strings.Cut(strings.TrimSuffix(lines.Text(), ")"), "(")
		if !ok || !strings.HasPrefix(form, "P") || strings.HasPrefix(lines.Text(), " *") {
			continue
		}
		a := strings.Split(list, ", ")
		p := cPrim{form: form, name: a[0]}
		switch form {
		case "P1", "P2", "P3", "PLIBM":
			p.result, p.args = a[1], strings.Join(a[2:], " ")
		case "PSEL":
			p.name, p.result, p.args = "sel_"+a[0], a[0], "m "+a[0]+" "+a[0]
		case "PM2":
			p.name, p.result, p.args = a[0]+"_m", "m", "m m"
		case "PMK":
			p.name, p.result, p.args = "mk_"+a[0], a[0], "m"
		case "PLUT", "PLUTN":
			p.result, p.args = a[1], a[2]
		case "PRED":
			p.result, p.args = a[2], a[3] // accumulator, lanes
		default:
			t.Errorf("prims.def: unknown form %s", form)
		}
		if _, twice := out[p.name]; twice {
			t.Errorf("prims.def has %s twice", p.name)
		}
		out[p.name] = p
	}
	if len(out) < 100 {
		t.Fatalf("prims.def has %d primitives", len(out))
	}
	out["not_m"] = cPrim{"PM1", "not_m", "m", "m"} // the one unary operation on masks is not listed
	return out
}

// onlyInC are primitives that no program uses as such: translators call their kernels, as they work a lane at a time.
var onlyInC = strings.Fields("one_f32 one_f64 exp_f64 log_f64 tanh_f64 sigmoid_f64 erf_f64 softplus_f64 sin_f64 cos_f64 mk_f32 mk_f64")

// TestPrims compares the tables of primitives of both sides.
func TestPrims(t *testing.T) {
	c := readPrims(t)
	for name, sig := range staged.Prims {
		p, ok := c[name]
		if !ok {
			t.Errorf("%s is not in prims.def", name)
			continue
		}
		args := make([]string, len(sig.Args))
		for i, a := range sig.Args {
			args[i] = a.Suffix()
		}
		if got := strings.Join(args, " "); got != p.args || sig.Result.Suffix() != p.result {
			t.Errorf("%s: (%s) → %s, in prims.def (%s) → %s", name, got, sig.Result.Suffix(), p.args, p.result)
		}
	}
	for name, p := range c {
		if _, ok := staged.Prims[name]; !ok && p.form != "PRED" && p.form != "PLUT" && p.form != "PLUTN" && !slices.Contains(onlyInC, name) {
			t.Errorf("%s of prims.def is not in staged.Prims", name)
		}
	}
	for _, name := range onlyInC {
		if _, ok := staged.Prims[name]; ok || c[name].name == "" {
			t.Errorf("%s is not in C alone", name)
		}
	}
}

// registerTypes are the types that vectors of lanes have.
var registerTypes = []*staged.Type{staged.TU8, staged.TU16, staged.TU32, staged.TI32, staged.TI64, staged.TF32, staged.TF64}

// TestReductions checks that the C side has the reductions that the verifier lets pass, with the accumulators that the
// printer declares.
func TestReductions(t *testing.T) {
	c := readPrims(t)
	seen := map[string]bool{}
	for _, op := range []string{"sum", "sumn", "sumw", "min", "max", "or"} {
		for _, ty := range registerTypes {
			b := staged.NewFunc("f", staged.TVoid)
			data := b.Param("data", ty.Ptr())
			into := b.Param("into", staged.TI64.Ptr())
			blk := b.NewBlock(b.Param("n", staged.TU32))
			b.Reduce(op, b.Load(blk, data), blk.Head, staged.Place{Ptr: into, Index: staged.Int(staged.TU64, 0)})
			if staged.Verify(b.Func) != nil {
				continue
			}
			r := b.Func.Body.Stmts[len(b.Func.Body.Stmts)-1].(*staged.Reduce)
			name := reduction(r)
			seen[name] = true
			if p, ok := c[name]; !ok || p.form != "PRED" || p.args != ty.Suffix() || p.result != accType(r).Suffix() {
				t.Errorf("%s over %s into %s lanes: prims.def has %+v", name, ty.Suffix(), accType(r).Suffix(), p)
			}
		}
	}
	for name, p := range c {
		if p.form == "PRED" && !seen[name] {
			t.Errorf("%s of prims.def is no reduction of the layer", name)
		}
	}
}

// TestLookups checks that the C side has the table look-ups that the verifier lets pass.
func TestLookups(t *testing.T) {
	c := readPrims(t)
	seen := 0
	for _, codes := range []*staged.Type{staged.TU8, staged.TU16, staged.TU32} {
		for _, ty := range append([]*staged.Type{staged.TMask}, registerTypes...) {
			name := "lut_" + ty.Suffix() + "_" + codes.Suffix()
			p, ok := c[name]
			if !ok {
				continue
			}
			seen++
			form := "PLUTN"
			if codes == staged.TU8 {
				form = "PLUT"
			}
			if p.form != form || p.result != ty.Suffix() || p.args != codes.Suffix() {
				t.Errorf("%s: prims.def has %+v", name, p)
			}
		}
	}
	for _, p := range c {
		if strings.HasPrefix(p.form, "PLUT") {
			seen--
		}
	}
	if seen != 0 {
		t.Errorf("%d look-ups of prims.def are unknown", -seen)
	}
}

// TestScalarOperators checks that the printer knows the scalar operators that the verifier lets pass, and no others.
func TestScalarOperators(t *testing.T) {
	for op, format := range operators {
		args := make([]*staged.Node, strings.Count(strings.ReplaceAll(format, "%%", ""), "%s"))
		for i := range args {
			args[i] = staged.Int(staged.TI64, int64(i)+5)
		}
		b := staged.NewFunc("f", staged.TVoid)
		b.Emit(&staged.Let{Node: &staged.Node{Op: staged.OpScalar, Name: op, Type: staged.TI64, Args: args, ID: 1}})
		if err := staged.Verify(b.Func); err != nil {
			t.Error(err)
		}
	}
}

// TestBlockRows checks that programs and the runtime agree on the rows of a block.
func TestBlockRows(t *testing.T) {
	header, err := os.ReadFile("../crt/src/fl.h")
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("\n#define FL_BLOCK %d ", staged.BlockRows); !strings.Contains(string(header), want) {
		t.Errorf("fl.h has no line %q", want)
	}
}
