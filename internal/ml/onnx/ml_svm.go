package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// svmRegressor is a weighted sum of kernels between the row and the support vectors.
func svmRegressor(n *node) {
	x := n.features(n.arg(0))
	n.onlyPost("NONE") // others have no effect in ONNX Runtime
	rho := n.floatsAttr("rho")
	if len(rho) != 1 {
		n.fail("attribute rho has %d numbers, not 1", len(rho))
	}
	count := int(n.smallInt("n_supports", 0))
	kernels := n.svmKernels(x, count)
	coefficients := n.floatsAttr("coefficients")
	if len(coefficients) != kernels.row()[0] {
		n.fail("%d coefficients do not fit %d support vectors", len(coefficients), kernels.row()[0])
	}
	w := graph.F32Of(coefficients...).Reshaped(len(coefficients), 1)
	y := n.emit(&graph.Dense{W: w, B: graph.F32Of(rho...)}, kernels)
	if n.flag("one_class", false) {
		inside := n.compare(graph.Gt, y, n.scalar(y, 0))
		y = n.emit(&graph.Where{}, inside, n.scalar(y, 1), n.scalar(y, -1))
	}
	n.set(0, y)
}

// svmKernels is the kernel of the row with each of count support vectors; the row itself if there are none.
func (n *node) svmKernels(x value, count int) value {
	kind, vectors := n.stringAttr("kernel_type", "LINEAR"), n.floatsAttr("support_vectors")
	gamma, coef0, degree := n.kernelParams()
	if count == 0 {
		return x
	}
	features := x.row()[0]
	if count < 0 || len(vectors) != count*features || features == 0 {
		n.fail("%d numbers are not %d support vectors of %d features", len(vectors), count, features)
	}
	if kind == "RBF" {
		points := graph.F32Of(vectors...).Reshaped(count, features)
		d := n.emit(&graph.Distance{Points: points, Power: 2}, x)
		return n.unary(graph.Exp, n.binary(graph.Mul, d, n.scalar(d, -gamma)))
	}
	scale, bias := float32(gamma), float32(coef0)
	if kind == "LINEAR" {
		scale, bias = 1, 0
	}
	w, b := graph.NewTensor(graph.F32, features, count), graph.NewTensor(graph.F32, count)
	for j := range count {
		b.F32[j] = bias
		for i := range features {
			w.F32[i*count+j] = scale * vectors[j*features+i]
		}
	}
	dot := n.emit(&graph.Dense{W: w, B: b}, x)
	switch kind {
	case "POLY":
		return n.power(dot, degree)
	case "SIGMOID":
		return n.unary(graph.Tanh, dot)
	case "LINEAR":
		return dot
	}
	n.fail("attribute kernel_type has the unknown value %s", quote(kind))
	return value{}
}

func (n *node) kernelParams() (gamma, coef0 float64, degree int) {
	p := n.floatsAttr("kernel_params")
	if len(p) == 0 {
		return 0, 0, 0
	}
	if len(p) != 3 {
		n.fail("attribute kernel_params has %d numbers, not 3", len(p))
	}
	return float64(p[0]), float64(p[1]), int(p[2])
}

// power multiplies x with itself, by squaring.
func (n *node) power(x value, degree int) value {
	if degree < 0 || degree > 64 {
		n.unsupported("a polynomial kernel of degree %d", degree)
	}
	y, have := value{}, false
	for square := x; degree > 0; degree /= 2 {
		if degree%2 == 1 && have {
			y = n.binary(graph.Mul, y, square)
		} else if degree%2 == 1 {
			y, have = square, true
		}
		if degree > 1 {
			square = n.binary(graph.Mul, square, square)
		}
	}
	if !have {
		return n.binary(graph.Add, n.binary(graph.Mul, x, n.scalar(x, 0)), n.scalar(x, 1))
	}
	return y
}

// onlyPost refuses other values of post_transform.
func (n *node) onlyPost(known ...string) string {
	post := n.stringAttr("post_transform", "NONE")
	if !slices.Contains(known, post) {
		n.unsupported("post_transform %s", quote(post))
	}
	return post
}

// svmClassifier lets every pair of classes vote. Scores are those of the pairs, or from them the classes' probabilities.
func svmClassifier(n *node) {
	x := n.features(n.arg(0))
	labels := n.classLabels("classlabels_ints")
	classes := labels.Size()
	perClass := n.smallInts("vectors_per_class")
	count := 0
	for _, c := range perClass {
		if c < 0 || c > graph.MaxElements {
			n.fail("a class has %d support vectors", c)
		}
		count += c
	}
	kernels := n.svmKernels(x, count)
	if count == 0 {
		n.linearSVM(kernels, labels)
		return
	}
	if classes < 2 || len(perClass) != classes {
		n.fail("%d labels do not fit the support vectors of %d classes", classes, len(perClass))
	}
	pairs := n.emit(n.pairwise(perClass, count), kernels)
	n.set(0, n.emit(&graph.Lookup{Table: labels}, n.emit(&graph.ArgExtreme{}, n.votes(pairs, classes))))
	n.set(1, n.svmScores(pairs, classes))
}

// linearSVM has no support vectors but one function a class.
func (n *node) linearSVM(x value, labels *graph.Tensor) {
	rho := n.floatsAttr("rho")
	if len(rho) == 0 {
		n.fail("it has no rho")
	}
	n.ignore("prob_a", "prob_b")
	scores := n.linearRows(x, labels.Size(), slices.Repeat(rho[:1], labels.Size()))
	if labels.Size() < 2 {
		n.unsupported("a linear classifier of %d classes", labels.Size())
	}
	n.set(0, n.emit(&graph.Lookup{Table: labels}, n.emit(&graph.ArgExtreme{}, scores)))
	n.set(1, n.transform(scores))
}

// pairwise is the layer that makes of the kernels a score for each pair of classes i < j, greater than 0 for i: the
// coefficients against j of the vectors of i, and those against i of the vectors of j.
func (n *node) pairwise(perClass []int, count int) *graph.Dense {
	coefficients, rho := n.floatsAttr("coefficients"), n.floatsAttr("rho")
	classes := len(perClass)
	pairs := classes * (classes - 1) / 2
	if len(coefficients) != (classes-1)*count || len(rho) != pairs {
		n.fail("%d coefficients and %d rho do not fit %d support vectors of %d classes", len(coefficients), len(rho), count, classes)
	}
	n.spend(pairs * count)
	start := make([]int, classes+1)
	for i, c := range perClass {
		start[i+1] = start[i] + c
	}
	w := graph.NewTensor(graph.F32, count, pairs)
	pair := 0
	for i := range classes {
		for j := i + 1; j < classes; j++ {
			for v := start[i]; v < start[i+1]; v++ {
				w.F32[v*pairs+pair] = coefficients[(j-1)*count+v]
			}
			for v := start[j]; v < start[j+1]; v++ {
				w.F32[v*pairs+pair] = coefficients[i*count+v]
			}
			pair++
		}
	}
	return &graph.Dense{W: w, B: graph.F32Of(rho...)}
}

// votes counts for each class the pairs that it wins.
func (n *node) votes(pairs value, classes int) value {
	first := n.cast(graph.F32, n.compare(graph.Gt, pairs, n.scalar(pairs, 0)))
	count := first.row()[0]
	w, b := graph.NewTensor(graph.F32, count, classes), graph.NewTensor(graph.F32, classes)
	pair := 0
	for i := range classes {
		for j := i + 1; j < classes; j++ {
			w.F32[pair*classes+i] = 1
			w.F32[pair*classes+j] = -1
			b.F32[j]++
			pair++
		}
	}
	return n.emit(&graph.Dense{W: w, B: b}, first)
}

// svmScores is the classes' probabilities if the file has the parameters of their sigmoids, else the pairs' scores; the one
// of two classes is given with both signs.
func (n *node) svmScores(pairs value, classes int) value {
	a, b := n.floatsAttr("prob_a"), n.floatsAttr("prob_b")
	if len(a) == 0 {
		if classes == 2 {
			pairs = n.join([]value{n.unary(graph.Neg, pairs), pairs}, 0)
		}
		return n.transform(pairs)
	}
	if count := pairs.row()[0]; len(a) != count || len(b) != count {
		n.fail("%d prob_a and %d prob_b do not fit %d pairs of classes", len(a), len(b), count)
	}
	if classes > graph.MaxCouple {
		n.unsupported("probabilities of %d classes (at most %d)", classes, graph.MaxCouple)
	}
	z := n.binary(graph.Add, n.binary(graph.Mul, pairs, n.constantOf(graph.F32Of(a...))), n.constantOf(graph.F32Of(b...)))
	p := n.unary(graph.Sigmoid, n.unary(graph.Neg, z))
	p = n.binary(graph.Min, n.binary(graph.Max, p, n.scalar(p, 1e-7)), n.scalar(p, 1-1e-7))
	return n.transform(n.emit(&graph.Couple{Classes: classes}, p))
}
