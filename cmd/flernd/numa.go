package main

import (
	"fmt"

	"github.com/flernd/flernd/internal/numa"
	"github.com/spf13/cobra"
)

func numaCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "numa [--threads N]",
		Short: "Print the machine's topology and where workers would be pinned",
		Long: `Print the sockets, NUMA nodes and CPUs that this process may use, with the bounds of its control group, and the CPU
that each worker of a server started here would be pinned to.`,
		Example: `  flernd numa
  taskset -c 0-3 flernd numa --threads 4`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			threads, err := cmd.Flags().GetInt("threads")
			if err != nil {
				return err
			}
			host, err := numa.Host()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n%s", host, host.Plan(threads))
			return err
		},
	}
	cmd.Flags().Int("threads", 0, "workers that run queries (0: one for each core the process may use)")
	return cmd
}
