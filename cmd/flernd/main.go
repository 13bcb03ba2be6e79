// Command flernd is a SQL server that compiles each query, with the models it calls, to native code. This package holds
// the commands and their flags; what they do lies in internal.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	_ "time/tzdata" // SET TIME ZONE works on machines without the database

	"github.com/flernd/flernd/internal/version"
	"github.com/flernd/flernd/internal/wire/sqlstate"
	"github.com/spf13/cobra"
)

func main() { os.Exit(run()) }

// run is main with an exit status: 0, 1 for what failed, 2 for a command line that makes no sense.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := rootCommand()
	err := root.ExecuteContext(ctx)
	var told *toldError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &told):
		return told.status
	}
	fmt.Fprintf(os.Stderr, "flernd: %v\n", err)
	var coded *sqlstate.Error
	if errors.As(err, &coded) {
		for _, line := range []string{coded.Detail, coded.Hint} {
			if line != "" {
				fmt.Fprintln(os.Stderr, line)
			}
		}
	}
	var usage *usageError
	if errors.As(err, &usage) {
		return 2
	}
	return 1
}

// toldError ends the process where everything was said already.
type toldError struct{ status int }

func (*toldError) Error() string { return "failed" }

// usageError is a mistake on the command line, in the environment or in the configuration file.
type usageError struct{ error }

func (e *usageError) Unwrap() error { return e.error }

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "flernd",
		Short: "A SQL server that compiles each query, with the models it calls, to native code",
		Long: `flernd speaks PostgreSQL's protocol, keeps columnar tables, registers machine-learning models with
CREATE MODEL, and turns every query, together with the models it calls, into one native program.

Every option can be given as a flag, as an environment variable (--data-dir is FLERND_DATA_DIR), or in a TOML
file named by --config or FLERND_CONFIG (data-dir = "/var/lib/flernd"). A flag wins over the environment, the
environment over the file.`,
		Example: `  flernd demo                                          a tour: a table, a model, queries, generated code
  flernd serve --data-dir db --listen 127.0.0.1:5433   a server; then: psql -h 127.0.0.1 -p 5433 -U flern flern
  flernd sql --data-dir db -c 'SELECT 1 + 1'           a statement without a server`,
		Version:           version.Stamp,
		SilenceErrors:     true,
		SilenceUsage:      true,
		PersistentPreRunE: configure,
	}
	root.PersistentFlags().String("config", "", "TOML `file` with options")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(serveCommand(), sqlCommand(), compileCommand(), modelCommand(), demoCommand(), numaCommand(), versionCommand())
	return root
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "flernd %s (follows PostgreSQL %s)\n", version.Stamp, version.PostgresVersion)
			return err
		},
	}
}
