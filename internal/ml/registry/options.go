package registry

import (
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// NullPolicy says what a NULL argument does.
type NullPolicy string

// The policies. By default NULL goes into an input as NaN if NaN is a missing value to the model, else the call is NULL.
const (
	NullsDefault NullPolicy = ""
	NullsNull    NullPolicy = "null"  // the call is NULL
	NullsNaN     NullPolicy = "nan"   // the model sees NaN, where the input can be one
	NullsError   NullPolicy = "error" // the query ends with an error
)

// Precision is that of the products of a model's weights.
type Precision string

// The precisions. Unless asked for, products are as the model has them.
const (
	PrecisionOfModel Precision = ""
	PrecisionBF16    Precision = "bf16" // of real networks: weights and what they multiply are rounded to bf16, sums are real
)

// Options are what the one who registers a version says of it, beyond its file.
type Options struct {
	Nulls     NullPolicy `json:"nulls,omitempty"`
	Precision Precision  `json:"precision,omitempty"`
	// Dims has the sizes of open dimensions, by name.
	Dims map[string]int `json:"dims,omitempty"`
	// Returns declares the outputs: their types, and their names if the first is not empty.
	Returns []Return `json:"returns,omitempty"`
}

// BF16 reports whether products of bf16 are asked for.
func (o Options) BF16() bool { return o.Precision == PrecisionBF16 }

// Return is an output as it is declared.
type Return struct {
	Name string       `json:"name,omitempty"`
	Type sqltype.Type `json:"type"`
}

// setOptions applies options to a version that nobody uses yet.
func (v *Version) setOptions(o Options) error {
	switch o.Nulls {
	case NullsDefault, NullsNull, NullsNaN, NullsError:
	default:
		return sqlstate.New(sqlstate.InvalidParameterValue, "invalid value for option \"nulls\": \"%s\"", string(o.Nulls)).
			WithHint("Its values are \"nan\", \"null\" and \"error\".")
	}
	if o.Precision != PrecisionOfModel && o.Precision != PrecisionBF16 {
		return sqlstate.New(sqlstate.InvalidParameterValue, "invalid value for option \"precision\": \"%s\"", string(o.Precision)).
			WithHint("Its value is \"bf16\".")
	}
	if len(o.Returns) > len(v.Outputs) || len(o.Returns) > 0 && o.Returns[0].Name != "" && len(o.Returns) < len(v.Outputs) {
		return sqlstate.New(sqlstate.DatatypeMismatch, "RETURNS declares %d outputs, but the model has %d", len(o.Returns), len(v.Outputs))
	}
	v.Options = o
	taken := map[string]bool{}
	for i, r := range o.Returns {
		if r.Name != "" {
			v.Outputs[i].Name = r.Name
		}
	}
	for _, out := range v.Outputs {
		if taken[out.Name] {
			return sqlstate.New(sqlstate.DuplicateColumn, "output \"%s\" specified more than once", out.Name)
		}
		taken[out.Name] = true
	}
	return nil
}

// NullsOf is the policy of an argument, never the default.
func (v *Version) NullsOf(a Argument) NullPolicy {
	switch {
	case v.Options.Nulls == NullsError:
		return NullsError
	case (a.Type.Kind.IsFloat() || a.Type.Kind == sqltype.Array && a.Type.Elem.IsFloat()) && (v.Options.Nulls == NullsNaN || v.Options.Nulls == NullsDefault && a.MissingAsNaN):
		return NullsNaN
	case a.Type.Kind == sqltype.Text && a.MissingAsNaN && v.Options.Nulls != NullsNull:
		return NullsNaN
	}
	return NullsNull
}

// Returns is the type of an output in SQL: as declared, or as the model computes it.
func (v *Version) Returns(output int) sqltype.Type {
	if output < len(v.Options.Returns) {
		return v.Options.Returns[output].Type
	}
	return v.Outputs[output].Type
}
