package lightgbm

import (
	"math"
	"strconv"
	"strings"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// objective is how scores become the prediction.
type objective struct {
	output    string
	transform func(b *graph.Builder, scores *graph.Value, o options) *graph.Value
}

// options are what follows an objective's name: key:value, or a word alone.
type options map[string]string

var (
	plain    = objective{"prediction", func(_ *graph.Builder, y *graph.Value, _ options) *graph.Value { return y }}
	positive = objective{"prediction", func(b *graph.Builder, y *graph.Value, _ options) *graph.Value { return b.Unary(graph.Exp, y) }}
)

// objectives by the name that files have. One of the user's own has none: the prediction is the score.
var objectives = map[string]objective{
	"regression": {"prediction", squared}, "regression_l1": {"prediction", squared}, "huber": plain, "fair": plain, "quantile": plain,
	"mape": plain, "lambdarank": plain, "rank_xendcg": plain, "custom": plain, "none": plain, "": plain,
	"poisson": positive, "gamma": positive, "tweedie": positive,
	"binary":               {"probability", sigmoid},
	"cross_entropy":        {"probability", sigmoid},
	"cross_entropy_lambda": {"prediction", logOfOnePlusExp},
	"multiclass":           {"probabilities", softmax},
	"multiclassova":        {"probabilities", sigmoid},
}

// squared undoes reg_sqrt, by which the model learnt the square roots of labels.
func squared(b *graph.Builder, y *graph.Value, o options) *graph.Value {
	if _, ok := o["sqrt"]; !ok {
		return y
	}
	return b.Binary(graph.Mul, y, b.Unary(graph.Abs, y))
}

func sigmoid(b *graph.Builder, y *graph.Value, o options) *graph.Value {
	if s, ok := o["sigmoid"]; ok && s != "1" {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(v) {
			b.Err = invalid("sigmoid:%s is no number", quote(s))
			return nil
		}
		y = b.Binary(graph.Mul, y, b.Like(y, v))
	}
	return b.Unary(graph.Sigmoid, y)
}

func softmax(b *graph.Builder, y *graph.Value, _ options) *graph.Value {
	return b.Add(&graph.Softmax{}, y)
}

func logOfOnePlusExp(b *graph.Builder, y *graph.Value, _ options) *graph.Value {
	return b.Unary(graph.Softplus, y)
}

func (f *reader) graph() (*graph.Graph, error) {
	words := strings.Fields(f.header["objective"])
	if len(words) == 0 {
		words = []string{""}
	}
	o, ok := objectives[words[0]]
	if !ok {
		return nil, sqlstate.Unsupported("objective %s", quote(words[0]))
	}
	opts := options{}
	for _, w := range words[1:] {
		key, value, _ := strings.Cut(w, ":")
		opts[key] = value
	}
	b := &graph.Builder{Graph: graph.New("lightgbm")}
	x, err := f.inputs(b)
	if err != nil {
		return nil, err
	}
	y := f.ensemble(b, x)
	if _, average := f.header["average_output"]; average && f.trees > 0 && b.Err == nil {
		y = b.Binary(graph.Div, y, b.Like(y, float64(f.trees/f.perRound)))
	}
	if b.Err == nil {
		y = o.transform(b, y, opts)
	}
	b.Graph.Output(o.output, y)
	return b.Graph, b.Err
}
