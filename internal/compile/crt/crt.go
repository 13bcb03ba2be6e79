// Package crt carries the C runtime inside flernd: the executor's binaries, built by build.sh for each instruction set, and
// the headers that generated programs include. It knows nothing of what is done with them.
//
// The C sources lie in src, a folder without Go files, so that a Go build with cgo enabled does not compile them.
package crt

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

// bin holds at least its README, so that the package compiles before the executor is built.
//
//go:embed bin/*
var binaries embed.FS

//go:embed src/*.h src/*.def
var headers embed.FS

// ISAs are the instruction sets that the executor is built for, narrowest first.
var ISAs = []string{"baseline", "avx2", "avx512"}

// Executor returns the executor's binary for an instruction set.
func Executor(isa string) ([]byte, error) {
	b, err := binaries.ReadFile("bin/executor-" + isa)
	if err != nil {
		return nil, fmt.Errorf("this flernd was built without its executor for %q: run make build", isa)
	}
	return b, nil
}

// Headers returns the text of the headers of programs by file name: fl.h and those that only the best tier includes. The
// executor's own header is not among them.
func Headers() map[string][]byte {
	entries, err := fs.ReadDir(headers, "src")
	if err != nil {
		panic(err) // embedded at build time
	}
	all := make(map[string][]byte, len(entries))
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "executor") {
			continue
		}
		text, err := headers.ReadFile("src/" + e.Name())
		if err != nil {
			panic(err)
		}
		all[e.Name()] = text
	}
	return all
}
