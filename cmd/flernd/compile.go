package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/flernd/flernd/internal/storage"
	"github.com/flernd/flernd/internal/wire/console"
	"github.com/flernd/flernd/internal/wire/instance"
	"github.com/spf13/cobra"
)

func compileCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "compile --emit=plan|pipelines|ir|c [--data-dir DIR] SQL",
		Short: "Print what a query becomes on its way to native code",
		Long: `Print what a query becomes, without a server and without running it:

  plan       the physical plan
  pipelines  the plan cut at its pipeline breakers
  ir         the staged code of each pipeline
  c          the C that the compiler gets

Without --data-dir the database is an empty one. --setup runs a file of SQL in it first. A data directory that exists is
read, never changed: what --setup does to it is gone afterwards.`,
		Example: `  flernd compile --emit=c --data-dir db 'SELECT count(*) FROM data WHERE c1 > 5'
  flernd compile --emit=plan --setup schema.sql 'SELECT sum(a * b) FROM t WHERE c < 3'`,
		Args: cobra.ExactArgs(1),
		RunE: runCompile,
	}
	instanceFlags(cmd)
	cmd.Flags().Lookup("data-dir").Usage = "`directory` of tables and models, which is left as it is (default: an empty database)"
	cmd.Flags().String("emit", "c", "`stage` to print: plan, pipelines, ir or c")
	cmd.Flags().String("setup", "", "`file` of SQL to run first")
	return cmd
}

func runCompile(cmd *cobra.Command, args []string) (err error) {
	options, err := instanceOptions(cmd)
	if err != nil {
		return err
	}
	stage, err := cmd.Flags().GetString("emit")
	if err != nil {
		return err
	}
	setup, err := cmd.Flags().GetString("setup")
	if err != nil {
		return err
	}
	if !instance.CanEmit(stage) {
		return &usageError{fmt.Errorf("--emit=%s is none of plan, pipelines, ir, c", stage)}
	}
	made, err := os.MkdirTemp("", "flernd-compile-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(made)
	scratch := filepath.Join(made, "db")
	if options.DataDir != "" {
		original, err := storage.Scratch(options.DataDir, scratch)
		if err != nil {
			return err
		}
		defer original.Close()
	}
	options.DataDir = scratch
	options.CopyDir = "/"
	if options.ModelDir == "" {
		options.ModelDir = "."
	}
	running, err := instance.Open(options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, running.Close()) }()
	if setup != "" {
		if err := runTexts(cmd.Context(), running, nil, setup, console.Options{Quiet: true}); err != nil {
			return err
		}
	}
	text, err := running.Emit(cmd.Context(), stage, args[0])
	if err != nil {
		fmt.Fprint(cmd.ErrOrStderr(), console.Describe(err, args[0]))
		return &toldError{status: 1}
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), text)
	return err
}
