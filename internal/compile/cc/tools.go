package cc

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// common are the flags of gcc and clang in both tiers. Programs are freestanding; the executor's loader reads the SysV hash
// table; contraction is off so that tiers agree bit for bit.
var common = []string{"-std=gnu11", "-x", "c", "-shared", "-fPIC", "-nostdlib", "-ffreestanding", "-fvisibility=default",
	"-fno-stack-protector", "-fno-asynchronous-unwind-tables", "-fno-strict-aliasing", "-fwrapv", "-fno-math-errno",
	"-ffp-contract=off", "-w", "-Wl,--hash-style=sysv,-z,noexecstack,--build-id=none", "-pipe"}

// march is the instruction set of the best tier; the tuning is not the host's, so that the text decides the code.
var march = map[string][]string{
	"baseline": {"-march=x86-64"},
	"avx2":     {"-march=x86-64-v3"},
	"avx512":   {"-march=x86-64-v4", "-mprefer-vector-width=512"},
}

func (c *Compiler) findTools() error {
	flags, ok := march[c.opt.ISA]
	if !ok {
		return sqlstate.New(sqlstate.InvalidParameterValue, "unknown instruction set %q", c.opt.ISA)
	}
	optimiser, err := find(c.opt.Optimiser, "FLERND_CC", "gcc", "clang", "cc")
	if err != nil {
		return sqlstate.New(sqlstate.UndefinedFile, "no C compiler was found").
			WithHint("Install gcc or clang (Debian: apt install gcc), or name one in FLERND_CC.")
	}
	version, err := versionOf(optimiser)
	if err != nil {
		return sqlstate.Wrap(err, sqlstate.SystemError, "the C compiler %s does not work", optimiser)
	}
	env := environment()
	identity := optimiser + "\n" + version
	best := append(append([]string{"-O3"}, flags...), common...)
	c.tools[Best] = tool{path: optimiser, identity: identity, env: env, args: best}
	quick := append(append([]string{"-O0"}, flags...), common...)
	c.tools[Fast] = tool{path: optimiser, identity: identity, env: env, args: quick}
	if tcc, err := find(c.opt.Quick, "FLERND_TCC", "tcc"); err == nil {
		if version, err := versionOf(tcc); err == nil {
			c.tools[Fast] = tool{path: tcc, identity: tcc + "\n" + version, env: env,
				args: []string{"-shared", "-nostdlib", "-nostdinc", "-w"}}
		}
	}
	return nil
}

// Describe names the compilers in use, for the log and `flernd version`.
func (c *Compiler) Describe() string {
	return fmt.Sprintf("fast: %s, best: %s", firstOf(c.tools[Fast].identity), firstOf(c.tools[Best].identity))
}

// firstOf is the version line of an identity.
func firstOf(identity string) string {
	_, version, _ := strings.Cut(identity, "\n")
	return version
}

// find returns the path of the compiler asked for, or of the first of names that is installed.
func find(asked, variable string, names ...string) (string, error) {
	if asked == "" {
		asked = os.Getenv(variable)
	}
	if asked != "" {
		names = []string{asked}
	}
	var err error
	for _, name := range names {
		var path string
		if path, err = exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", err
}

// versionOf runs the compiler's version option; tcc has its own spelling.
func versionOf(path string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	option := "--version"
	if strings.HasSuffix(path, "tcc") {
		option = "-v"
	}
	cmd := exec.CommandContext(ctx, path, option)
	cmd.Env = environment()
	out, err := cmd.Output()
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(out), "\n")
	return strings.TrimSpace(line), nil
}

// environment is what compilers see of ours: enough to find their parts, nothing that changes their output.
func environment() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TMPDIR=" + os.TempDir(), "SOURCE_DATE_EPOCH=0"}
}
