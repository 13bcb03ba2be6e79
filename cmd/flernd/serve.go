package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/flernd/flernd/internal/wire/instance"
	"github.com/spf13/cobra"
)

// maxConnections is PostgreSQL's limit of max_connections, though the descriptors of a process run out before.
const maxConnections = 262143

func serveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve --data-dir DIR [--listen HOST:PORT]",
		Short: "Serve SQL over PostgreSQL's protocol",
		Long: `Serve SQL over PostgreSQL's protocol to clients of this machine, as database flern and role flern.

It prints one line with "ready" when it accepts connections. SIGTERM or SIGINT ends it: running statements are
cancelled and clients are told.`,
		Example: `  flernd serve --data-dir db --listen 127.0.0.1:5433 --model-dir models
  psql -h 127.0.0.1 -p 5433 -U flern flern`,
		Args: cobra.NoArgs,
		RunE: serve,
	}
	instanceFlags(cmd)
	cmd.Flags().String("listen", "127.0.0.1:5433", "`address` to accept connections on")
	cmd.Flags().Int("max-connections", 0, "most clients at a time (0: 100)")
	cmd.Flags().Duration("rewrite-after", time.Second, "`time` without statements after which tables' small segments and differing layouts are rewritten (0: never)")
	cmd.Flags().String("copy-dir", "", "`directory` whose files COPY FROM 'file' may read (default: none)")
	return cmd
}

func serve(cmd *cobra.Command, _ []string) error {
	options, err := instanceOptions(cmd)
	if err != nil {
		return err
	}
	if options.DataDir == "" {
		return &usageError{errors.New("serve needs --data-dir")}
	}
	if options.CopyDir, err = cmd.Flags().GetString("copy-dir"); err != nil {
		return err
	}
	if options.MaxConnections, err = cmd.Flags().GetInt("max-connections"); err != nil {
		return err
	}
	if options.MaxConnections < 0 || options.MaxConnections > maxConnections {
		return &usageError{fmt.Errorf("--max-connections=%d is not between 0 and %d", options.MaxConnections, maxConnections)}
	}
	if options.RewriteAfter, err = cmd.Flags().GetDuration("rewrite-after"); err != nil {
		return err
	}
	address, err := cmd.Flags().GetString("listen")
	if err != nil {
		return err
	}
	running, err := instance.Open(options)
	if err != nil {
		return err
	}
	err = running.Serve(cmd.Context(), address, func(bound string) {
		fmt.Fprintf(cmd.OutOrStdout(), "flernd is ready on %s\n", bound)
	})
	return errors.Join(err, running.Close())
}
