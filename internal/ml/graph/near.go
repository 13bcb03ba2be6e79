package graph

import "fmt"

// Distance replaces the last axis, a vector of features, by how far it is from each of Points: Σ |x[i]-Points[j,i]|^Power, i
// ascending, with no root taken. Squares are added with one rounding where the kernels fuse.
type Distance struct {
	Points *Tensor // [points,features]
	Power  int     // 1 to MaxPower
}

// MaxPower is the greatest power of a Distance.
const MaxPower = 16

func (o *Distance) Name() string  { return "distance" }
func (o *Distance) attrs() string { return fmt.Sprintf("power=%d points=%s", o.Power, o.Points.text()) }

// Infer replaces the last axis by one of the points.
func (o *Distance) Infer(args []Type) (Type, error) {
	x, err := lastAxis(args, Elem.IsFloat)
	if err == nil {
		err = o.Points.check()
	}
	if err != nil {
		return Type{}, err
	}
	if p := o.Points; p.Elem != x.Elem || p.Rank() != 2 || p.Dims[1] != x.Last() || p.Dims[0] == 0 {
		return Type{}, invalid("argument %s does not fit points %s", x, p.Type)
	}
	if o.Power < 1 || o.Power > MaxPower {
		return Type{}, invalid("a distance of power %d", o.Power)
	}
	return replaceLast(x, x.Elem, o.Points.Dims[0]), nil
}

// TopK replaces the last axis by its K greatest (with Min: least) elements, best first, or with Indices by their places
// (i64). NaN is greater than all else; of equal elements the first comes first.
type TopK struct {
	K            int
	Min, Indices bool
}

// Name is top or bottom, of values or indices.
func (o *TopK) Name() string {
	name := "top"
	if o.Min {
		name = "bottom"
	}
	if o.Indices {
		name += "_index"
	}
	return name
}

func (o *TopK) attrs() string { return fmt.Sprintf("k=%d", o.K) }

// Infer replaces the last axis by one of K.
func (o *TopK) Infer(args []Type) (Type, error) {
	x, err := lastAxis(args, Elem.IsNumber)
	if err != nil {
		return Type{}, err
	}
	if o.K < 1 || o.K > x.Last() {
		return Type{}, invalid("argument %s does not have %d elements to choose", x, o.K)
	}
	if o.Indices {
		return replaceLast(x, I64, o.K), nil
	}
	return replaceLast(x, x.Elem, o.K), nil
}

// Couple makes probabilities of Classes from those of pairs, as support vector machines do (Wu, Lin and Weng's second
// method): the argument has, for i < j in order, the probability of class i if it is i or j. It is found by coordinate
// descent, at most 100 passes or one a class, until no class is off by more than 0.005 of its share.
type Couple struct{ Classes int }

// MaxCouple bounds the classes of a Couple.
const MaxCouple = 64

func (o *Couple) Name() string  { return "couple" }
func (o *Couple) attrs() string { return fmt.Sprintf("classes=%d", o.Classes) }

// Infer replaces the vector of pairs by one of classes.
func (o *Couple) Infer(args []Type) (Type, error) {
	if err := arity(args, 1); err != nil {
		return Type{}, err
	}
	if x := args[0]; o.Classes < 2 || o.Classes > MaxCouple || !x.Equal(Of(F32, o.Classes*(o.Classes-1)/2)) {
		return Type{}, invalid("argument %s is not the pairs of %d classes", x, o.Classes)
	}
	return Of(F32, o.Classes), nil
}
