package xgboost

import (
	"strconv"
	"strings"

	"github.com/flernd/flernd/internal/ml/forest"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Bounds on what a small file may ask for.
const (
	maxFeatures = 1 << 16
	maxTargets  = 1 << 12
)

// Model is an imported file.
type Model struct {
	Graph *graph.Graph
	// Features are the names of the features; XGBoost's default names f0, f1 … where the file has none.
	Features []string
	// Producer names the program that wrote the file.
	Producer string
}

// Is reports whether a file starts like a model of XGBoost, in either format.
func Is(file []byte) bool { return open(file) != nil }

// open tells the formats apart by what follows the first brace: a quote, or the length of a key.
func open(file []byte) source {
	rest := strings.TrimLeft(string(file[:min(len(file), 256)]), " \n\r\t")
	if !strings.HasPrefix(rest, "{") {
		return nil
	}
	if rest = rest[1:]; rest != "" && strings.IndexByte("iUIlL$#", rest[0]) >= 0 {
		return newUBJSON(file)
	}
	return newJSON(file)
}

// Import reads a model. Every feature is one of which NaN is a missing value.
func Import(file []byte) (*Model, error) {
	s := open(file)
	if s == nil {
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "file is not a model of XGBoost")
	}
	d := &document{s: s, forest: forest.New(), budget: minBudget + len(file)/8}
	if err := d.read(); err != nil {
		return nil, err
	}
	g, err := d.graph()
	if err != nil {
		e := *sqlstate.Of(err)
		e.Message = d.producer() + " model: " + e.Message
		return nil, &e
	}
	if err := g.Verify(); err != nil {
		return nil, sqlstate.Wrap(err, sqlstate.InternalError, "importer made a broken graph")
	}
	return &Model{Graph: g, Features: d.featureNames(), Producer: d.producer()}, nil
}

// document is what a prediction needs of a file.
type document struct {
	s       source
	version []int64

	names, types []string
	booster      string // gbtree, dart or gblinear
	baseScores   []float64
	numFeature   int
	numClass     int // 0 or 1 but for classes that have trees of their own
	numTarget    int
	objective    string
	gaveModel    bool

	// Of gbtree and dart.
	forest    *forest.Forest
	first     []int32 // the first leaf of each tree
	treeInfo  []int64 // the target of each tree
	drop      []float32
	encodings []encoding // of each feature, or none
	// budget is how many words of categories' sets trees may have yet.
	budget int

	weights []float32 // of gblinear
}

func (d *document) read() error {
	s := d.s
	err := members(s, map[string]func() error{
		"version": listInto(s, &d.version, s.integer),
		"learner": d.learner,
	})
	if err == nil {
		err = s.end()
	}
	return err
}

func (d *document) learner() error {
	s := d.s
	return members(s, map[string]func() error{
		"feature_names":       listInto(s, &d.names, s.text),
		"feature_types":       listInto(s, &d.types, s.text),
		"gradient_booster":    d.gradientBooster,
		"learner_model_param": d.modelParam,
		"objective": func() error {
			return members(s, map[string]func() error{"name": into(&d.objective, s.text)})
		},
	})
}

// modelParam reads numbers that are written as strings.
func (d *document) modelParam() error {
	return members(d.s, map[string]func() error{
		"base_score":  d.readBaseScores,
		"num_class":   d.count(&d.numClass, maxTargets),
		"num_feature": d.count(&d.numFeature, maxFeatures),
		"num_target":  d.count(&d.numTarget, maxTargets),
	})
}

func (d *document) count(v *int, most int) func() error {
	return func() error {
		text, err := d.s.text()
		if err != nil {
			return err
		}
		if *v, err = strconv.Atoi(text); err != nil || *v < 0 {
			return d.invalid("%q is no number of anything", limited(text))
		}
		if *v > most {
			return d.s.fail(sqlstate.ProgramLimitExceeded, "%d is more than the %d allowed", *v, most)
		}
		return nil
	}
}

// readBaseScores reads "5E-1", and what XGBoost 3 writes: "[5E-1,2E-1]".
func (d *document) readBaseScores() error {
	text, err := d.s.text()
	if err != nil {
		return err
	}
	list, isList := strings.CutPrefix(text, "[")
	if isList {
		list = strings.TrimSuffix(list, "]")
	}
	for part := range strings.SplitSeq(list, ",") {
		v, err := strconv.ParseFloat(strings.TrimSpace(part), 32)
		if err != nil || len(d.baseScores) == maxTargets {
			return d.invalid("%q is no base score", limited(text))
		}
		d.baseScores = append(d.baseScores, v)
	}
	return nil
}

func (d *document) gradientBooster() error {
	s := d.s
	var dropped bool
	err := members(s, map[string]func() error{
		"name":  into(&d.booster, s.text),
		"model": d.model,
		// A dart keeps its trees in a gbtree.
		"gbtree": func() error {
			return members(s, map[string]func() error{"model": d.model})
		},
		"weight_drop": func() error {
			dropped = true
			return listInto(s, &d.drop, s.float)()
		},
	})
	if err == nil && dropped != (d.booster == "dart") {
		err = d.invalid("a booster named %q with or without a weight_drop", limited(d.booster))
	}
	return err
}

func (d *document) model() error {
	s := d.s
	if d.gaveModel {
		return d.invalid("the model is given twice")
	}
	d.gaveModel = true
	return members(s, map[string]func() error{
		"tree_info": listInto(s, &d.treeInfo, s.integer),
		"trees":     d.trees,
		"weights":   listInto(s, &d.weights, s.float),
		"cats":      d.readCategories,
	})
}

func (d *document) invalid(format string, args ...any) error {
	return d.s.fail(sqlstate.InvalidParameterValue, format, args...)
}

// targets is how many margins a prediction has.
func (d *document) targets() int { return max(1, d.numClass, d.numTarget) }

// check compares the parts of the document with one another.
func (d *document) check() error {
	switch {
	case !d.gaveModel:
		return unfit("there is no learner.gradient_booster.model")
	case d.numFeature == 0:
		return unfit("learner.learner_model_param.num_feature is missing or 0")
	case len(d.names) != 0 && len(d.names) != d.numFeature:
		return unfit("%d feature_names for %d features", len(d.names), d.numFeature)
	case len(d.baseScores) == 0:
		return unfit("learner.learner_model_param.base_score is missing")
	case len(d.baseScores) > 1 && len(d.baseScores) != d.targets():
		return unfit("%d base scores for %d targets", len(d.baseScores), d.targets())
	case len(d.encodings) != 0 && len(d.encodings) != d.numFeature:
		return unfit("cats.enc has %d entries for %d features", len(d.encodings), d.numFeature)
	case d.numClass > 1 && d.numTarget > 1:
		return sqlstate.Unsupported("a model with %d classes for each of %d targets", d.numClass, d.numTarget)
	}
	return forest.CheckNames(d.names)
}

func unfit(format string, args ...any) error {
	return sqlstate.New(sqlstate.InvalidParameterValue, format, args...)
}

func (d *document) graph() (*graph.Graph, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	o, ok := objectives[d.objective]
	if !ok {
		return nil, sqlstate.Unsupported("objective %q", limited(d.objective))
	}
	base, err := d.margins(o)
	if err != nil {
		return nil, err
	}
	b := &graph.Builder{Graph: graph.New("xgboost")}
	x := d.inputs(b)
	var y *graph.Value
	switch d.booster {
	case "gbtree", "dart":
		y = d.ensemble(b, x, base)
	case "gblinear":
		y = d.linear(b, x, base)
	default:
		return nil, sqlstate.Unsupported("booster %q", limited(d.booster))
	}
	if b.Err != nil {
		return nil, b.Err
	}
	y = o.transform(b, y)
	b.Graph.Output(o.output, y)
	return b.Graph, b.Err
}

// featureNames are the file's, or what XGBoost calls features without a name.
func (d *document) featureNames() []string {
	if len(d.names) > 0 {
		return d.names
	}
	names := make([]string, d.numFeature)
	for i := range names {
		names[i] = "f" + strconv.Itoa(i)
	}
	return names
}

func (d *document) producer() string {
	name := "XGBoost"
	for i, v := range d.version[:min(3, len(d.version))] {
		name += " ."[min(i, 1):min(i, 1)+1] + strconv.FormatInt(v, 10)
	}
	return name
}
