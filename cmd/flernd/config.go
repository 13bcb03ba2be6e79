package main

import (
	"fmt"
	"os"
	"sort"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// configure fills the flags that the command line left out from the environment and the configuration file.
func configure(cmd *cobra.Command, _ []string) error {
	path := os.Getenv("FLERND_CONFIG")
	if flag := cmd.Flags().Lookup("config"); flag != nil && flag.Changed {
		path = flag.Value.String()
	}
	file, err := readConfig(cmd, path)
	if err != nil {
		return &usageError{err}
	}
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		if err != nil || flag.Changed || !configurable(flag) {
			return
		}
		source, value, found := variable(flag.Name), "", false
		if value, found = os.LookupEnv(source); !found {
			source = path
			value, found = file[flag.Name]
		}
		if found {
			if problem := cmd.Flags().Set(flag.Name, value); problem != nil {
				err = &usageError{fmt.Errorf("%s: option %s: %w", source, flag.Name, problem)}
			}
		}
	})
	return err
}

// configurable tells the options that the environment and the file may give from those for the command line only.
func configurable(flag *pflag.Flag) bool {
	return flag.Name != "config" && flag.Name != "help" && flag.Name != "version"
}

// variable is the name of a flag in the environment.
func variable(flag string) string {
	return "FLERND_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// readConfig reads the options of a TOML file. One file serves all commands: a key must be an option of some command.
func readConfig(cmd *cobra.Command, path string) (map[string]string, error) {
	if path == "" {
		return nil, nil
	}
	var parsed map[string]any
	if _, err := toml.DecodeFile(path, &parsed); err != nil {
		return nil, fmt.Errorf("configuration file %s: %w", path, err)
	}
	known := make(map[string]bool)
	for _, command := range cmd.Root().Commands() {
		command.Flags().VisitAll(func(flag *pflag.Flag) { known[flag.Name] = known[flag.Name] || configurable(flag) })
	}
	options := make(map[string]string)
	for key, value := range parsed {
		if !known[key] {
			return nil, fmt.Errorf("configuration file %s: unknown option %q (options are: %s)", path, key, names(known))
		}
		switch value := value.(type) {
		case string, int64, bool, float64:
			options[key] = fmt.Sprint(value)
		default:
			return nil, fmt.Errorf("configuration file %s: option %q must be a string, a number or a truth value", path, key)
		}
	}
	return options, nil
}

func names(set map[string]bool) string {
	var list []string
	for name, in := range set {
		if in {
			list = append(list, name)
		}
	}
	sort.Strings(list)
	return strings.Join(list, ", ")
}
