package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/flernd/flernd/internal/wire/demo"
	"github.com/flernd/flernd/internal/wire/instance"
	"github.com/spf13/cobra"
)

func demoCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "demo [--once]",
		Short: "Show flernd on a sample, then leave a server to connect to",
		Long: `Make a table of scikit-learn's iris, register a model trained on it, run queries over both, show their plans, their
times and the C they become. Afterwards a server stays to connect to, until it is interrupted; --once ends it.

Without --data-dir the data lies in a new directory that is removed at the end.`,
		Args: cobra.NoArgs,
		RunE: runDemo,
	}
	instanceFlags(cmd)
	cmd.Flags().String("listen", "127.0.0.1:5433", "`address` to accept connections on")
	cmd.Flags().Bool("once", false, "end after the tour")
	return cmd
}

func runDemo(cmd *cobra.Command, _ []string) (err error) {
	options, err := instanceOptions(cmd)
	if err != nil {
		return err
	}
	once, err := cmd.Flags().GetBool("once")
	if err != nil {
		return err
	}
	address, err := cmd.Flags().GetString("listen")
	if err != nil {
		return err
	}
	if options.DataDir == "" {
		made, err := os.MkdirTemp("", "flernd-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(made)
		options.DataDir = filepath.Join(made, "db")
	}
	files := filepath.Join(filepath.Dir(filepath.Clean(options.DataDir)), "demo-files")
	if options.ModelDir == "" {
		options.ModelDir = files
	}
	if err := demo.Prepare(options.ModelDir); err != nil {
		return err
	}
	running, err := instance.Open(options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, running.Close()) }()
	if err := tourOn(cmd, running, options.ModelDir); err != nil || once {
		return err
	}
	return stay(cmd.Context(), cmd, running, address, options.ModelDir)
}

// tourOn runs the tour on a session of its own.
func tourOn(cmd *cobra.Command, running *instance.Instance, dir string) error {
	local, err := running.LocalSession()
	if err != nil {
		return err
	}
	defer local.Close()
	return demo.Run(cmd.Context(), local, demo.Options{Dir: dir, Out: cmd.OutOrStdout(), Err: cmd.ErrOrStderr()})
}

// stay serves until the command is interrupted.
func stay(ctx context.Context, cmd *cobra.Command, running *instance.Instance, address, dir string) error {
	return running.Serve(ctx, address, func(bound string) {
		host, port, err := net.SplitHostPort(bound)
		if err != nil {
			host, port = bound, ""
		}
		fmt.Fprintf(cmd.OutOrStdout(), `flernd is ready on %s. In another terminal:

    psql -h %s -p %s -U flern flern

The sample's files and the generated C lie in %s. Ctrl-C ends the server.
`, bound, host, port, dir)
	})
}
