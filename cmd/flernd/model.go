package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/flernd/flernd/internal/compile"
	"github.com/flernd/flernd/internal/compile/modelcheck"
	"github.com/spf13/cobra"
)

func modelCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "model", Short: "Register, list and check machine-learning models"}
	cmd.AddCommand(modelPutCommand(), modelListCommand(), modelCheckCommand())
	return cmd
}

func modelCheckCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check DIR",
		Short: "Run cases of the ONNX backend test suite through compiled programs",
		Long: `Run the cases in DIR, or in folders below it, that have the layout of the ONNX backend test suite: model.onnx
and folders test_data_set_* of input_*.pb and output_*.pb. Each model is imported and compiled as CREATE MODEL
and a query would; its inputs are the arguments of a row. Prints the pass rate of each operator.

The suite comes with the Python package onnx up to 1.22: site-packages/onnx/backend/test/data/node.`,
		Example: `  flernd model check --list-failures venv/lib/python3.11/site-packages/onnx/backend/test/data/node`,
		Args:    cobra.ExactArgs(1),
		RunE:    runModelCheck,
	}
	cmd.Flags().String("tier", "fast", "`tier` of the compiler: fast or best")
	cmd.Flags().Bool("list-failures", false, "print each case that fails, with its reason")
	cmd.Flags().String("format", "text", "`format` of the report: text, json or markdown")
	cmd.Flags().String("isa", "", "widest instruction set to use: baseline, avx2 or avx512 (default: what the CPU has)")
	return cmd
}

func runModelCheck(cmd *cobra.Command, args []string) error {
	flags := cmd.Flags()
	tier, _ := flags.GetString("tier")
	list, _ := flags.GetBool("list-failures")
	format, _ := flags.GetString("format")
	isa, _ := flags.GetString("isa")
	if tier != "fast" && tier != "best" {
		return &usageError{fmt.Errorf("--tier=%s is neither fast nor best", tier)}
	}
	if format != "text" && format != "json" && format != "markdown" {
		return &usageError{fmt.Errorf("--format=%s is none of text, json, markdown", format)}
	}
	engine, err := compile.Open(compile.Options{Threads: 1, ISA: isa, Log: io.Discard})
	if err != nil {
		return err
	}
	defer engine.Close()
	last := time.Now()
	options := modelcheck.Options{Tier: tier, Progress: func(done, total int, _ *modelcheck.Result) {
		if done == total || time.Since(last) > 2*time.Second {
			last = time.Now()
			fmt.Fprintf(os.Stderr, "%d of %d cases\n", done, total)
		}
	}}
	report, err := modelcheck.Run(cmd.Context(), engine, os.DirFS(args[0]), options)
	if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	switch format {
	case "json":
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", " ")
		err = encoder.Encode(report)
	case "markdown":
		report.WriteMarkdown(out)
	default:
		report.WriteText(out, list)
	}
	if err == nil && report.Passed() < len(report.Results) {
		return &toldError{status: 1}
	}
	return err
}
