package onnx

import (
	"context"
	"strings"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Versions of the format and of its operator sets whose meaning this importer knows.
const (
	minIR, maxIR       = 3, 14
	minOpset, maxOpset = 7, 28
	maxMLOpset         = 5
)

// minBudget is importer.budget for an empty file. An element of it is worth foldOps operations.
const (
	minBudget = 1 << 25
	foldOps   = 4
)

// mostOperators bounds what the nodes come to: some are hundreds of operators. A program has far fewer (lower.maxNodes).
const mostOperators = 1 << 18

// Model is an imported file.
type Model struct {
	Graph *graph.Graph
	// Metadata is the file's free-form properties.
	Metadata map[string]string
	// Producer names the program that wrote the file.
	Producer string
}

// Import reads an ONNX file. The graph is as the operators' importers made it: only what is constant is folded. A model none
// of whose inputs has an open first dimension is evaluated whole for each row, unless it is one for batches of one row.
func Import(file []byte) (*Model, error) { return ImportSized(context.Background(), file, nil) }

// importModel imports a decoded file until ctx ends; bindings are not nil for a model that is evaluated whole.
func importModel(ctx context.Context, p *onnxpb.ModelProto, size int, bindings map[string]*Binding) (*Model, error) {
	imp := &importer{ctx: ctx, scope: newScope(nil), frame: &frame{opset: map[string]int64{}}, functions: map[functionKey]*onnxpb.FunctionProto{},
		tensors: map[*onnxpb.TensorProto]*graph.Tensor{}, met: map[*onnxpb.NodeProto]bool{}, g: graph.New(p.Graph.Name), origins: map[*graph.Value]*graph.Value{}, bindings: bindings,
		budget: minBudget + size, work: foldOps * int64(minBudget+8*size)}
	if err := imp.model(p); err != nil {
		if len(imp.wanted) > 0 {
			err = &ConstantWanted{Inputs: imp.wanted, Weights: imp.weights, Err: err}
		}
		return nil, err
	}
	if err := imp.g.Verify(); err != nil {
		return nil, sqlstate.Wrap(err, sqlstate.InternalError, "importer made a broken graph")
	}
	m := &Model{Graph: imp.g, Metadata: map[string]string{}, Producer: strings.TrimSpace(p.ProducerName + " " + p.ProducerVersion)}
	for _, e := range p.MetadataProps {
		m.Metadata[e.Key] = e.Value
	}
	return m, nil
}

// importer is the state of one import.
type importer struct {
	ctx context.Context
	g   *graph.Graph // that nodes are added to
	// scope and frame are where the nodes stand that are being imported.
	scope     *scope
	frame     *frame
	functions map[functionKey]*onnxpb.FunctionProto
	// nested counts the subgraphs and functions around the nodes, steps the nodes imported so far.
	nested, steps int
	computed      int // operators emitted so far, of which there may be mostOperators
	// tensors are the file's constants that are converted; met has the nodes that are imported, or were once.
	tensors map[*onnxpb.TensorProto]*graph.Tensor
	met     map[*onnxpb.NodeProto]bool
	// origins tells of inputs of a subgraph's own graph what they are around it.
	origins map[*graph.Value]*graph.Value
	// bindings are set for a model that is evaluated whole: no tensor has a batch.
	bindings map[string]*Binding
	// wanted names the inputs that an operator needs as constants, if that ended the import; weights tells that they are some.
	wanted  []string
	weights bool
	// read has every name that something in the file reads.
	read map[string]bool
	// batchName is what the inputs call their batch, if they give it one name.
	batchName string
	// oneRow is set if an input's batch is fixed at 1: then a leading 1 of a constant or a shape is the batch too.
	oneRow bool
	// budget is how many more elements of constants and indices the import may compute: some for any file, and more for
	// one with many weights, which may have to be transposed.
	budget int
	// work is how many more operations the folding of constants may take.
	work int64
}

func (imp *importer) model(p *onnxpb.ModelProto) error {
	if p.IrVersion < minIR || p.IrVersion > maxIR {
		return sqlstate.Unsupported("ONNX IR version %d (%d to %d are known), which the file is written in,", p.IrVersion, minIR, maxIR)
	}
	if err := imp.opsets(p.OpsetImport); err != nil {
		return err
	}
	if err := imp.declare(p.Functions); err != nil {
		return err
	}
	g := p.Graph
	if len(g.Node) > maxNodes {
		return sqlstate.New(sqlstate.ProgramLimitExceeded, "ONNX graph has %d nodes, more than the %d allowed", len(g.Node), maxNodes)
	}
	if len(g.SparseInitializer) > 0 {
		return sqlstate.Unsupported("a sparse initializer")
	}
	if err := imp.initializers(g.Initializer); err != nil {
		return err
	}
	if err := imp.inputs(g.Input); err != nil {
		return err
	}
	imp.read = namesRead(p)
	if err := imp.nodes(g.Node); err != nil {
		return err
	}
	return imp.outputs(g.Output)
}

func (imp *importer) opsets(list []*onnxpb.OperatorSetIdProto) error {
	for _, o := range list {
		domain := canonicalDomain(o.Domain)
		if v, twice := imp.frame.opset[domain]; twice && v != o.Version {
			return invalid("the operator set %s is given with versions %d and %d", quote(domain), v, o.Version)
		}
		imp.frame.opset[domain] = o.Version
		switch {
		case domain == "" && (o.Version < minOpset || o.Version > maxOpset):
			return sqlstate.Unsupported("ONNX operator set version %d (%d to %d are known), which the file uses,", o.Version, minOpset, maxOpset)
		case domain == mlDomain && (o.Version < 1 || o.Version > maxMLOpset):
			return sqlstate.Unsupported("version %d of operator set %s (1 to %d are known), which the file uses,", o.Version, mlDomain, maxMLOpset)
		}
	}
	if len(list) == 0 {
		return invalid("ONNX file names no operator set")
	}
	return nil
}

const mlDomain = "ai.onnx.ml"

// canonicalDomain gives the default domain its short name.
func canonicalDomain(d string) string {
	if d == "ai.onnx" {
		return ""
	}
	return d
}

func (imp *importer) initializers(list []*onnxpb.TensorProto) error {
	for _, p := range list {
		if err := imp.fresh("initializer", p.Name); err != nil {
			return err
		}
		t, err := imp.tensor(p)
		if err != nil {
			return at(err, "initializer %s", quote(p.Name))
		}
		v, err := imp.g.Constant(t)
		if err != nil {
			return at(err, "initializer %s", quote(p.Name))
		}
		v.Name = p.Name
		imp.scope.values[p.Name] = value{v: v}
	}
	return nil
}

// tensor converts a constant of the file. Loops and functions meet the same one again and again: it is converted once.
func (imp *importer) tensor(p *onnxpb.TensorProto) (*graph.Tensor, error) {
	if t := imp.tensors[p]; t != nil {
		return t, nil
	}
	t, err := tensorOf(p)
	if err == nil {
		imp.tensors[p] = t
	}
	return t, err
}

// fresh reports a name that is empty or taken.
func (imp *importer) fresh(what, name string) error {
	if name == "" {
		return invalid("%s has no name", what)
	}
	if _, taken := imp.scope.values[name]; taken {
		return invalid("%s %s: the name is used twice", what, quote(name))
	}
	return nil
}

// inputs declares the tensors that rows bring. Files of old versions list the initializers as inputs too.
func (imp *importer) inputs(list []*onnxpb.ValueInfoProto) error {
	seen := map[string]bool{}
	imp.batchName = nameOfBatch(list)
	for _, p := range list {
		if seen[p.Name] {
			return invalid("input %s: the name is used twice", quote(p.Name))
		}
		seen[p.Name] = true
		if _, initialized := imp.scope.values[p.Name]; initialized {
			continue
		}
		if err := imp.fresh("input", p.Name); err != nil {
			return err
		}
		x, err := imp.input(p)
		if err != nil {
			return at(err, "input %s", quote(p.Name))
		}
		imp.scope.values[p.Name] = x
	}
	if len(imp.g.Inputs) == 0 && imp.bindings == nil {
		return invalid("ONNX graph has no inputs")
	}
	return nil
}

func (imp *importer) input(p *onnxpb.ValueInfoProto) (value, error) {
	if imp.bindings != nil {
		return imp.wholeInput(p)
	}
	t, at, err := imp.inputType(p.Name, p.Type)
	if err != nil {
		return value{}, err
	}
	v, err := imp.g.Input(p.Name, t)
	return value{v: v, batched: true, layout: layout{at: at}}, err
}

// inputType is the type of one row of an input, and the dimension that is the batch: open, or the first and fixed at 1.
func (imp *importer) inputType(name string, p *onnxpb.TypeProto) (t graph.Type, at int, err error) {
	tensor := p.GetTensorType()
	if tensor == nil {
		return t, 0, sqlstate.Unsupported("an input that is no tensor")
	}
	e, err := elemOf(tensor.ElemType)
	if err != nil {
		return t, 0, err
	}
	if tensor.Shape == nil || len(tensor.Shape.Dim) == 0 {
		return t, 0, sqlstate.Unsupported("an input without a batch dimension").
			WithHint("Export the model with inputs of shape [N, …] and the batch dimension N dynamic.")
	}
	if at = batchDimension(tensor.Shape.Dim, imp.batchName); at < 0 {
		return t, 0, sqlstate.Unsupported("a batch fixed at %d rows", tensor.Shape.Dim[0].GetDimValue()).
			WithHint("Export the model with a dynamic batch dimension.")
	}
	var dims []int
	for i, d := range tensor.Shape.Dim {
		switch size := d.GetDimValue(); {
		case i == at:
			imp.oneRow = imp.oneRow || isFixed(d)
		case !isFixed(d):
			return t, 0, openDimension(name, i, d)
		case size > maxRowElements:
			return t, 0, invalid("dimension %d has size %d", i, size)
		default:
			dims = append(dims, int(size))
		}
	}
	t = graph.Of(e, dims...)
	if err := graph.CheckDims(dims); err != nil {
		return t, at, err
	}
	return t, at, checkRow(t)
}

// batchDimension is the one that is the batch, -1 if none is: the first, if it is open; else one with the given name, else the only
// open one behind a first that is not 1; else a first that is 1.
func batchDimension(dims []*onnxpb.TensorShapeProto_Dimension, name string) int {
	first, open := dims[0], -1
	count := 0
	for i, d := range dims {
		switch {
		case isFixed(d):
		case i == 0 || name != "" && d.GetDimParam() == name:
			return i
		default:
			open = i
			count++
		}
	}
	switch {
	case first.GetDimValue() == 1:
		return 0
	case count == 1:
		return open
	}
	return -1
}

// nameOfBatch is what the inputs call their batch, "" if nothing or no one thing.
func nameOfBatch(list []*onnxpb.ValueInfoProto) (name string) {
	for _, p := range list {
		dims := p.Type.GetTensorType().GetShape().GetDim()
		if len(dims) == 0 {
			continue
		}
		at := batchDimension(dims, "")
		if at < 0 || isFixed(dims[at]) {
			continue
		}
		own := dims[at].GetDimParam()
		if name != "" && own != name {
			return ""
		}
		name = own
	}
	return name
}

// isFixed tells a known size. The converters write an open dimension as a name, as nothing, or as 0 or -1.
func isFixed(d *onnxpb.TensorShapeProto_Dimension) bool { return d.GetDimValue() > 0 }

// maxRowElements bounds the elements one row may have of anything computed.
const maxRowElements = 1 << 24

func checkRow(t graph.Type) error {
	if t.Size() > maxRowElements {
		return sqlstate.New(sqlstate.ProgramLimitExceeded, "a row of %s has more than the %d elements allowed", t, maxRowElements)
	}
	return nil
}

func (imp *importer) nodes(list []*onnxpb.NodeProto) error {
	imp.scope.produced = map[string]*onnxpb.NodeProto{}
	for _, p := range list {
		for _, name := range p.Output {
			imp.scope.produced[name] = p
		}
	}
	for i, p := range list {
		n := &node{imp: imp, p: p, index: i}
		if err := n.run(); err != nil {
			return at(err, "%s", n.title())
		}
	}
	return nil
}

func (imp *importer) outputs(list []*onnxpb.ValueInfoProto) error {
	if len(list) == 0 {
		return invalid("ONNX graph has no outputs")
	}
	seen := map[string]bool{}
	for _, p := range list {
		x, ok := imp.scope.values[p.Name]
		if !ok {
			return invalid("output %s is not computed by any node", quote(p.Name))
		}
		if err := imp.output(p.Name, x, seen); err != nil {
			return err
		}
	}
	return nil
}

// output declares an output; of a sequence each element is one.
func (imp *importer) output(name string, x value, seen map[string]bool) error {
	switch {
	case seen[name]:
		return invalid("output %s: the name is used twice", quote(name))
	case x.kind == sequenceKind:
		for i, e := range x.seq {
			if err := imp.output(ElementName(name, i), e, seen); err != nil {
				return err
			}
		}
		return nil
	case x.kind == absentKind:
		return sqlstate.Unsupported("output %s, an optional without a value,", quote(name))
	case x.kind == tokensKind:
		return sqlstate.Unsupported("output %s, the tokens of a text,", quote(name))
	case x.kind == numbersKind:
		return sqlstate.Unsupported("output %s, which depends on the number of the row in its batch,", quote(name))
	case imp.bindings != nil && x.v != nil:
	case x.v == nil || !x.batched:
		return sqlstate.Unsupported("output %s of type %s, which has no batch,", quote(name), x)
	case x.folded != 0:
		return sqlstate.Unsupported("output %s of type %s, which has several entries a row,", quote(name), x)
	}
	seen[name] = true
	imp.g.Output(name, x.v)
	return nil
}

// at puts the place before an error's message and keeps everything else of it.
func at(err error, format string, args ...any) error {
	e := *sqlstate.Of(err)
	e.Message = sqlstate.New(e.Code, format, args...).Message + ": " + e.Message
	return &e
}
