package lightgbm

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/flernd/flernd/internal/ml/forest"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// inputs declares the features: one vector; or each on its own if some were categories of a data frame, which the model knows
// by their codes. One that training did not see is a missing value.
func (f *reader) inputs(b *graph.Builder) (*graph.Value, error) {
	lists, err := f.categories()
	if err != nil {
		return nil, at(err, "pandas_categorical")
	}
	if len(lists) == 0 {
		return b.Input("x", graph.Of(graph.F64, f.features)), nil
	}
	columns := make([]*graph.Value, f.features)
	for i := range columns {
		list := lists[i]
		if list == nil {
			columns[i] = b.Input(f.names[i], graph.Of(graph.F64))
			continue
		}
		columns[i] = b.Add(forest.Codes(list, graph.F64), b.Input(f.names[i], graph.Of(list.Elem)))
	}
	return b.Add(&graph.Concat{}, columns...), nil
}

// categories are those of the features that were categorical columns of a data frame, by feature. The file lists them in
// the order of the columns, but only the parameters tell which columns these were.
func (f *reader) categories() (map[int]*graph.Tensor, error) {
	if f.frame == "" || f.frame == "null" {
		return nil, nil
	}
	var lists [][]any
	if err := json.Unmarshal([]byte(f.frame), &lists); err != nil {
		return nil, invalid("%s is no list of categories", quote(f.frame))
	}
	if len(lists) == 0 {
		return nil, nil
	}
	columns := strings.Split(f.parameters["categorical_feature"], ",")
	if len(columns) != len(lists) {
		return nil, sqlstate.Unsupported("%d categorical columns of which categorical_feature names %d", len(lists), len(columns))
	}
	out := map[int]*graph.Tensor{}
	for i, list := range lists {
		feature, err := strconv.Atoi(columns[i])
		if err != nil || feature < 0 || feature >= f.features || out[feature] != nil {
			return nil, invalid("categorical_feature names feature %s", quote(columns[i]))
		}
		if out[feature], err = keys(list); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// keys are a column's categories: strings or numbers.
func keys(list []any) (*graph.Tensor, error) {
	var names []string
	var numbers []float64
	for _, v := range list {
		switch v := v.(type) {
		case string:
			names = append(names, v)
		case float64:
			numbers = append(numbers, v)
		default:
			return nil, sqlstate.Unsupported("a category that is neither a string nor a number")
		}
	}
	switch {
	case len(names) == len(list):
		return graph.StringsOf(names...), nil
	case len(numbers) == len(list):
		return graph.FloatsOf(graph.F64, numbers, len(numbers)), nil
	}
	return nil, sqlstate.Unsupported("strings and numbers as categories of one column")
}
