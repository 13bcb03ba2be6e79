package main

import (
	"fmt"
	"log/slog"
	"os"

	"github.com/flernd/flernd/internal/wire/instance"
	"github.com/flernd/flernd/internal/wire/session"
	"github.com/spf13/cobra"
)

// instanceFlags adds the flags of the commands that run queries.
func instanceFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.String("data-dir", "", "`directory` of the tables, the models and the code cache; made if it is not there")
	flags.Int("threads", 0, "workers that run queries (0: one for each core the process may use)")
	flags.String("memory-limit", "0", "`size` that the memory of all queries may reach, e.g. 4GB (0: three quarters of the machine's)")
	flags.String("model-dir", "", "`directory` that the files of CREATE MODEL are named relative to")
	flags.String("isa", "", "widest instruction set to use: baseline, avx2 or avx512 (default: what the CPU has)")
	flags.String("log-level", "warn", "least severity that is logged: debug, info, warn or error")
}

// instanceOptions reads those flags.
func instanceOptions(cmd *cobra.Command) (instance.Options, error) {
	flags := cmd.Flags()
	var options instance.Options
	var err error
	get := func(name string) string {
		value, problem := flags.GetString(name)
		if problem != nil && err == nil {
			err = problem
		}
		return value
	}
	options.DataDir, options.ModelDir, options.ISA = get("data-dir"), get("model-dir"), get("isa")
	memory, level := get("memory-limit"), get("log-level")
	if err != nil {
		return options, err
	}
	if options.Threads, err = flags.GetInt("threads"); err != nil {
		return options, err
	}
	if options.Threads < 0 || options.Threads > 1024 {
		return options, &usageError{fmt.Errorf("--threads=%d is not between 0 and 1024", options.Threads)}
	}
	if options.MemoryLimit, err = session.ParseSize(memory); err != nil {
		return options, &usageError{err}
	}
	var least slog.Level
	if err := least.UnmarshalText([]byte(level)); err != nil {
		return options, &usageError{err}
	}
	options.Logger = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: least}))
	return options, nil
}
