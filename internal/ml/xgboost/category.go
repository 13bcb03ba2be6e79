package xgboost

import (
	"unicode"

	"github.com/flernd/flernd/internal/ml/forest"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// encoding is what the codes of a feature stand for, in the order of the codes, in models that were trained on a data frame:
// strings, cut from values, which are their bytes, at offsets; or numbers. It is empty for a feature whose codes are what a
// prediction is given, and for one that is not categorical.
type encoding struct {
	offsets []int64
	values  []float64
	numbers bool
}

func (d *document) readCategories() error {
	s := d.s
	return members(s, map[string]func() error{"enc": func() error {
		return s.array(func() error {
			var e encoding
			err := members(s, map[string]func() error{
				"offsets": listInto(s, &e.offsets, s.integer),
				"values":  listInto(s, &e.values, s.double),
				"type": func() error {
					e.numbers = true
					return s.skip()
				},
			})
			d.encodings = append(d.encodings, e)
			return err
		})
	}})
}

// inputs declares the features: one vector; or each on its own if categories come as what they are.
func (d *document) inputs(b *graph.Builder) *graph.Value {
	encoded := false
	for _, e := range d.encodings {
		encoded = encoded || len(e.values) > 0
	}
	if !encoded {
		return b.Input("x", graph.Of(graph.F32, d.numFeature))
	}
	names := d.featureNames()
	columns := make([]*graph.Value, d.numFeature)
	for i := range columns {
		columns[i] = d.column(b, names[i], d.encodings[i])
	}
	return b.Add(&graph.Concat{}, columns...)
}

// column declares one feature. XGBoost refuses a category that it has not seen; here it is a missing value.
func (d *document) column(b *graph.Builder, name string, e encoding) *graph.Value {
	if len(e.values) == 0 {
		return b.Input(name, graph.Of(graph.F32))
	}
	keys, err := e.keys()
	if err != nil {
		e := *sqlstate.Of(err)
		e.Message = "the categories of feature " + limited(name) + ": " + e.Message
		b.Err = &e
		return nil
	}
	return b.Add(forest.Codes(keys, graph.F32), b.Input(name, graph.Of(keys.Elem)))
}

// keys are the categories, by code.
func (e *encoding) keys() (*graph.Tensor, error) {
	if e.numbers {
		t := graph.FloatsOf(graph.F32, e.values, len(e.values))
		for i, v := range e.values {
			if t.Float(i) != v {
				return nil, sqlstate.New(sqlstate.InvalidParameterValue, "%v is not exact in single precision", v)
			}
		}
		return t, nil
	}
	raw := make([]byte, len(e.values))
	for i, v := range e.values {
		raw[i] = byte(int(v))
		if raw[i] > unicode.MaxASCII { // XGBoost 3 counts characters as bytes there, and loses some
			return nil, sqlstate.Unsupported("a name that is not ASCII")
		}
	}
	var names []string
	for i := 1; i < len(e.offsets); i++ {
		from, to := e.offsets[i-1], e.offsets[i]
		if from < 0 || from > to || to > int64(len(raw)) {
			return nil, sqlstate.New(sqlstate.InvalidParameterValue, "number %d is no string", i-1)
		}
		names = append(names, string(raw[from:to]))
	}
	return graph.StringsOf(names...), nil
}
