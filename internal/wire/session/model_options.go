package session

import (
	"strconv"
	"strings"

	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/planner/bind"
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// modelOptions reads WITH (…) and RETURNS of CREATE MODEL.
func modelOptions(stmt *dialect.CreateModel) (options registry.Options, err error) {
	given := map[string]bool{}
	for _, o := range stmt.Options {
		if given[o.Name] {
			return options, sqlstate.New(sqlstate.SyntaxError, "option \"%s\" specified more than once", o.Name).At(o.Pos())
		}
		given[o.Name] = true
		switch o.Name {
		case "nulls":
			options.Nulls, err = nullsOption(o)
		case "dims":
			options.Dims, err = dimsOption(o)
		case "precision":
			if options.Precision = registry.Precision(strings.ToLower(o.Value)); options.Precision != registry.PrecisionBF16 {
				err = sqlstate.New(sqlstate.InvalidParameterValue, "invalid value for option \"precision\": \"%s\"", o.Value).At(o.ValueLoc.Pos()).
					WithHint("Its value is 'bf16'.")
			}
		default:
			err = sqlstate.New(sqlstate.SyntaxError, "unrecognized option \"%s\" of CREATE MODEL", o.Name).At(o.Pos()).
				WithHint("The options are dims, nulls and precision.")
		}
		if err != nil {
			return options, err
		}
	}
	for _, r := range stmt.Returns {
		typ, err := bind.TypeOf(r.Type)
		if err != nil {
			return options, err
		}
		options.Returns = append(options.Returns, registry.Return{Name: r.Name, Type: typ})
	}
	return options, nil
}

func nullsOption(o dialect.Option) (registry.NullPolicy, error) {
	switch policy := registry.NullPolicy(strings.ToLower(o.Value)); policy {
	case registry.NullsNaN, registry.NullsNull, registry.NullsError:
		return policy, nil
	}
	return "", sqlstate.New(sqlstate.InvalidParameterValue, "invalid value for option \"nulls\": \"%s\"", o.Value).At(o.ValueLoc.Pos()).
		WithHint("Its values are 'nan', 'null' and 'error'.")
}

// maxDim bounds the size of a dimension: a row has no more elements.
const maxDim = 1 << 20

// dimsOption reads "name=size, …".
func dimsOption(o dialect.Option) (map[string]int, error) {
	sizes := map[string]int{}
	for _, part := range strings.Split(o.Value, ",") {
		name, value, _ := strings.Cut(part, "=")
		name = strings.TrimSpace(name)
		size, err := strconv.Atoi(strings.TrimSpace(value))
		_, twice := sizes[name]
		if err != nil || name == "" || twice || size < 1 || size > maxDim {
			return nil, sqlstate.New(sqlstate.InvalidParameterValue, "invalid value for option \"dims\": \"%s\"", o.Value).At(o.ValueLoc.Pos()).
				WithHint("It is a list of names of dimensions and their sizes, from 1 to %d, such as 'height=224, width=224'.", maxDim)
		}
		sizes[name] = size
	}
	return sizes, nil
}
