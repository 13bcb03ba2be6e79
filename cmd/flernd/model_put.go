package main

import (
	"errors"
	"io"
	"net"
	"strconv"
	"strings"

	"github.com/flernd/flernd/internal/wire/client"
	"github.com/flernd/flernd/internal/wire/console"
	"github.com/flernd/flernd/internal/wire/instance"
	"github.com/spf13/cobra"
)

func modelPutCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "put NAME FILE",
		Short: "Register a model file, on a server or in a data directory",
		Long: `Register the model in FILE (- for the input) under NAME: its first version, or the next one, which becomes current.
Weights that an ONNX file keeps in files beside it are sent with it. The file goes to the server at --host and --port, or,
with --data-dir, into a data directory that no server has open.`,
		Example: `  flernd model put churn churn.onnx
  flernd model put churn churn.onnx --data-dir db`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := instance.ModelFile(args[1], cmd.InOrStdin())
			if err != nil {
				return err
			}
			name := `"` + strings.ReplaceAll(args[0], `"`, `""`) + `"`
			return onDatabase(cmd, file, console.Options{}, "COPY MODEL "+name+" FROM STDIN")
		},
	}
	databaseFlags(cmd)
	return cmd
}

func modelListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the models of a server or a data directory",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return onDatabase(cmd, strings.NewReader(""), console.Options{Quiet: true}, `SELECT name, version, versions, format,
				inputs, outputs, bytes, parameters, created FROM flern.models ORDER BY name`)
		},
	}
	databaseFlags(cmd)
	return cmd
}

// databaseFlags adds the flags that say which database a command works on.
func databaseFlags(cmd *cobra.Command) {
	instanceFlags(cmd)
	cmd.Flags().String("host", "127.0.0.1", "`host` of the server, unless --data-dir is given")
	cmd.Flags().Int("port", 5433, "`port` of the server")
	cmd.Flags().Lookup("data-dir").Usage = "`directory` of tables and models to work on, instead of a server"
}

// onDatabase runs a query string and prints the answer; a COPY in it reads in.
func onDatabase(cmd *cobra.Command, in io.Reader, how console.Options, sql string) (err error) {
	options, err := instanceOptions(cmd)
	if err != nil {
		return err
	}
	host, _ := cmd.Flags().GetString("host")
	port, _ := cmd.Flags().GetInt("port")
	var runner console.Runner
	if options.DataDir != "" {
		if cmd.Flags().Changed("host") || cmd.Flags().Changed("port") {
			return &usageError{errors.New("--data-dir is a database without a server: --host and --port do not go with it")}
		}
		running, err := instance.Open(options)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, running.Close()) }()
		local, err := running.LocalSession()
		if err != nil {
			return err
		}
		defer local.Close()
		runner = local
	} else {
		remote, err := client.Connect(cmd.Context(), net.JoinHostPort(host, strconv.Itoa(port)))
		if err != nil {
			return err
		}
		defer remote.Close()
		runner = remote
	}
	err = console.New(runner, in, cmd.OutOrStdout(), cmd.ErrOrStderr(), how).Run(cmd.Context(), sql)
	var failed *console.StatementError
	if errors.As(err, &failed) {
		return &toldError{status: 1}
	}
	return err
}
