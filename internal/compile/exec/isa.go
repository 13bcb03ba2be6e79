package exec

import (
	"slices"

	"golang.org/x/sys/cpu"

	"github.com/flernd/flernd/internal/compile/crt"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// DetectISA returns the widest instruction set that this machine has and that does not go beyond most ("" or "auto": no
// bound). An instruction set that the machine lacks is an error if it was asked for.
func DetectISA(most string) (string, error) {
	widest := hostISA()
	if most == "" || most == "auto" {
		return widest, nil
	}
	asked, have := slices.Index(crt.ISAs, most), slices.Index(crt.ISAs, widest)
	if asked < 0 {
		return "", sqlstate.New(sqlstate.InvalidParameterValue, "unknown instruction set %q", most).
			WithHint("Known are auto, baseline, avx2 and avx512.")
	}
	if asked > have {
		return "", sqlstate.New(sqlstate.FeatureNotSupported, "this machine has no %s", most).
			WithHint("The widest it has is %s.", widest)
	}
	return most, nil
}

// hostISA is by the levels x86-64-v3 and x86-64-v4, which the executor is built for.
func hostISA() string {
	x := &cpu.X86
	v3 := x.HasAVX2 && x.HasBMI1 && x.HasBMI2 && x.HasFMA && x.HasPOPCNT && x.HasOSXSAVE
	v4 := v3 && x.HasAVX512F && x.HasAVX512BW && x.HasAVX512CD && x.HasAVX512DQ && x.HasAVX512VL
	switch {
	case v4:
		return "avx512"
	case v3:
		return "avx2"
	}
	return "baseline"
}
