package rewrite

import "github.com/flernd/flernd/internal/ml/graph"

// manyPoints is how many numbers the points of a Distance have from which on a layer is faster.
const manyPoints = 256

// spread bounds c·|q|² below: what the terms of the layer cancel of each other stays some 1e-5 of a result.
const spread = 64

// radialBasis makes exp(-c·d), d the squared distances to many points, a Dense and an exponential, which go through memory
// together with the layer behind them. With z = x-m and q = p-m around the points' mean m, -c·|z-q|² is 2c·q·z - c·|z|² - c·|q|².
// Infinite features are taken for great ones: the result is 0 for both.
func radialBasis(p *pass, v *graph.Value) *graph.Value {
	if exp := match[graph.Unary](v); exp == nil || exp.Fn != graph.Exp || v.Type.Rank() != 1 {
		return nil
	}
	distances, scale := scaled(p, v.Args[0])
	d := match[graph.Distance](distances)
	if d == nil || d.Power != 2 || d.Points.Size() < manyPoints || !(scale < 0) {
		return nil
	}
	layer, mean := radialLayer(d.Points, -scale)
	if layer == nil {
		return nil
	}
	e := d.Points.Elem
	z := p.add(&graph.Binary{Fn: graph.Sub}, p.image[distances.Args[0].ID], p.constant(mean))
	z = p.add(&graph.Binary{Fn: graph.Max}, z, p.constant(graph.Scalar(e, -1e15)))
	z = p.add(&graph.Binary{Fn: graph.Min}, z, p.constant(graph.Scalar(e, 1e15)))
	square := p.add(&graph.Reduce{Fn: graph.ReduceSum}, p.add(&graph.Binary{Fn: graph.Mul}, z, z))
	return p.add(v.Op, p.add(layer, p.add(&graph.Concat{}, z, square)))
}

// scaled looks through the constant factors of v, as far as each product has no other use.
func scaled(p *pass, v *graph.Value) (*graph.Value, float64) {
	for scale := 1.0; ; v = v.Args[0] {
		u, b := match[graph.Unary](v), match[graph.Binary](v)
		switch {
		case !p.only(v) || u == nil && b == nil:
			return v, scale
		case u != nil && u.Fn == graph.Neg:
			scale = -scale
		case b != nil && (b.Fn == graph.Mul || b.Fn == graph.Div):
			c := v.Args[1].Constant()
			if c == nil || c.Size() != 1 {
				return v, scale
			}
			if b.Fn == graph.Mul {
				scale *= c.Float(0)
			} else {
				scale /= c.Float(0)
			}
		default:
			return v, scale
		}
	}
}

// radialLayer gives the layer for [z, |z|²], and the mean; nil if the points lie too far apart for it.
func radialLayer(points *graph.Tensor, c float64) (*graph.Dense, *graph.Tensor) {
	count, features := points.Dims[0], points.Dims[1]
	mean := graph.NewTensor(points.Elem, features)
	for i := range features {
		sum := 0.0
		for j := range count {
			sum += points.Float(j*features + i)
		}
		mean.SetFloat(i, sum/float64(count))
	}
	w, b := graph.NewTensor(points.Elem, features+1, count), graph.NewTensor(points.Elem, count)
	for j := range count {
		square := 0.0
		for i := range features {
			q := points.Float(j*features+i) - mean.Float(i)
			square += q * q
			w.SetFloat(i*count+j, 2*c*q)
		}
		if !(c*square <= spread) {
			return nil, nil
		}
		w.SetFloat(features*count+j, -c)
		b.SetFloat(j, -c*square)
	}
	return &graph.Dense{W: w, B: b}, mean
}
