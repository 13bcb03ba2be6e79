package main

import (
	"context"
	"errors"
	"os"

	"github.com/flernd/flernd/internal/wire/console"
	"github.com/flernd/flernd/internal/wire/instance"
	"github.com/spf13/cobra"
)

func sqlCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sql --data-dir DIR (-c SQL | -f FILE)",
		Short: "Run SQL on a data directory without a server",
		Long: `Run SQL on a data directory that no server has open, and print the answers.

Each -c is one query string: its statements are one transaction. The statements of a file are run one by one. An
error ends the run with exit status 1. COPY ... FROM 'file' reads local files, COPY ... FROM STDIN the input.`,
		Example: `  flernd sql --data-dir db -c 'CREATE TABLE t (a int4, b text)' -c "COPY t FROM 't.csv' WITH (FORMAT csv)"
  flernd sql --data-dir db --csv -c 'SELECT * FROM t' > t.csv
  flernd sql --data-dir db -f queries.sql`,
		Args: cobra.NoArgs,
		RunE: runSQL,
	}
	instanceFlags(cmd)
	cmd.Flags().StringArrayP("command", "c", nil, "`SQL` to run; may be given several times")
	cmd.Flags().StringP("file", "f", "", "`file` of SQL to run, - for the input")
	cmd.Flags().Bool("csv", false, "print results as CSV")
	return cmd
}

func runSQL(cmd *cobra.Command, _ []string) error {
	flags := cmd.Flags()
	commands, err := flags.GetStringArray("command")
	if err != nil {
		return err
	}
	file, err := flags.GetString("file")
	if err != nil {
		return err
	}
	csv, err := flags.GetBool("csv")
	if err != nil {
		return err
	}
	options, err := instanceOptions(cmd)
	if err != nil {
		return err
	}
	switch {
	case options.DataDir == "":
		return &usageError{errors.New("sql needs --data-dir")}
	case (len(commands) == 0) == (file == ""):
		return &usageError{errors.New("sql needs either -c or -f")}
	}
	options.CopyDir = "/"
	if options.ModelDir == "" {
		options.ModelDir = "."
	}
	running, err := instance.Open(options)
	if err != nil {
		return err
	}
	return errors.Join(runTexts(cmd.Context(), running, commands, file, console.Options{CSV: csv}), running.Close())
}

// runTexts runs the commands, or the file.
func runTexts(ctx context.Context, running *instance.Instance, commands []string, file string, how console.Options) error {
	local, err := running.LocalSession()
	if err != nil {
		return err
	}
	defer local.Close()
	screen := console.New(local, os.Stdin, os.Stdout, os.Stderr, how)
	if file != "" {
		err = screen.RunFile(ctx, file)
	}
	for _, command := range commands {
		if err = screen.Run(ctx, command); err != nil {
			break
		}
	}
	var failed *console.StatementError
	if errors.As(err, &failed) {
		return &toldError{status: 1}
	}
	return err
}
