package xgboost

import (
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
)

// objective is how a booster's margins become the prediction.
type objective struct {
	output string
	// margin is the inverse of transform, for the base score, which the file has as a prediction.
	margin    func(float64) float64
	transform func(b *graph.Builder, margins *graph.Value) *graph.Value
}

var (
	plain    = objective{"prediction", same, asIs}
	logistic = objective{"probability", logit, unary(graph.Sigmoid)}
	positive = objective{"prediction", math.Log, unary(graph.Exp)}
)

// objectives by name. Those whose name starts alike and that are not here do not exist, or not in a version known.
var objectives = map[string]objective{
	"reg:squarederror": plain, "reg:linear": plain, "reg:squaredlogerror": plain, "reg:pseudohubererror": plain,
	"reg:absoluteerror": plain, "reg:quantileerror": plain, "reg:expectileerror": plain,
	"reg:logistic": {"prediction", logit, unary(graph.Sigmoid)},
	"reg:gamma":    positive, "reg:tweedie": positive, "count:poisson": positive,
	"survival:cox": positive, "survival:aft": positive,
	"rank:pairwise": plain, "rank:ndcg": plain, "rank:map": plain,
	"binary:logistic": logistic,
	"binary:logitraw": {"margin", same, asIs},
	"binary:hinge":    {"class", same, hinge},
	"multi:softprob":  {"probabilities", same, softmax},
	"multi:softmax":   {"class", same, argMax},
}

// margins is the base score of each target, as a margin.
func (d *document) margins(o objective) ([]float64, error) {
	base := make([]float64, d.targets())
	for i := range base {
		score := d.baseScores[min(i, len(d.baseScores)-1)]
		base[i] = float64(float32(o.margin(score)))
		if math.IsNaN(base[i]) || math.IsInf(base[i], 0) {
			return nil, unfit("a base_score of %v is none for the objective %s", score, d.objective)
		}
	}
	return base, nil
}

func same(p float64) float64  { return p }
func logit(p float64) float64 { return -math.Log(1/p - 1) }

func asIs(_ *graph.Builder, y *graph.Value) *graph.Value { return y }

func unary(fn graph.UnaryFn) func(*graph.Builder, *graph.Value) *graph.Value {
	return func(b *graph.Builder, y *graph.Value) *graph.Value { return b.Unary(fn, y) }
}

// hinge is 1 where the margin is positive, else 0.
func hinge(b *graph.Builder, y *graph.Value) *graph.Value {
	over := b.Add(&graph.Compare{Fn: graph.Gt}, y, b.Like(y, 0))
	return b.Add(&graph.Cast{To: graph.F32}, over)
}

func softmax(b *graph.Builder, y *graph.Value) *graph.Value { return b.Add(&graph.Softmax{}, y) }

// argMax is the number of the class with the greatest margin.
func argMax(b *graph.Builder, y *graph.Value) *graph.Value { return b.Add(&graph.ArgExtreme{}, y) }
