package translate

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
)

// TestKernelSignatures has a C compiler compare staged.Kernels with the runtime's headers: each kernel is declared again, and
// what a second declaration changes is an error.
func TestKernelSignatures(t *testing.T) {
	var c strings.Builder
	for _, h := range []string{"fl.h", "kernels.h", "support.h", "flv.h"} {
		fmt.Fprintf(&c, "#include %q\n", h)
	}
	for _, name := range slices.Sorted(maps.Keys(staged.Kernels)) {
		var params []string
		for _, p := range staged.Kernels[name].Params {
			params = append(params, declared(p))
		}
		fmt.Fprintf(&c, "void (*const check_%s)(%s) = %s;\n", name, strings.Join(params, ", "), name)
	}
	for _, compiler := range checkers(t) {
		if compiler.name != "gcc" {
			continue // tcc compares no signatures
		}
		if err := compiler.check(c.String()); err != nil {
			t.Error(err)
		}
	}
	for _, kernels := range []map[logical.Func]string{floatKernels, numericKernels, textKernels} {
		for f, name := range kernels {
			if staged.Kernels[name] == nil {
				t.Errorf("%s of %s has no signature", name, f)
			}
		}
	}
}

// declared is a parameter's type in C.
func declared(p staged.Param) string {
	of := "void"
	if p.Type != nil {
		of = typeName(p.Type)
	}
	switch p.Kind {
	case staged.ParamWorker:
		return "fl_worker *"
	case staged.ParamRows:
		return "u64 *"
	case staged.ParamPos:
		return "i32"
	case staged.ParamNone, staged.ParamN:
		return "u32"
	case staged.ParamScalar:
		return of
	case staged.ParamOutList, staged.ParamList:
		return of + " **"
	}
	return of + " *"
}

func typeName(t *staged.Type) string {
	switch {
	case t.Kind == staged.StructKind:
		return t.Struct.Name
	case t.Kind == staged.Pointer:
		return typeName(t.To) + " *"
	case t == staged.TMask:
		return "u64"
	case t == staged.TI128, t == staged.TStr, t == staged.TInterval:
		return "fl_" + t.Suffix()
	}
	return t.Suffix()
}
