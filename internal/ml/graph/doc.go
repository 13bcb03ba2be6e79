// Package graph is the typed graph of tensor operators that a model is, whatever file it came from.
//
// # The row-wise contract
//
// A graph says what a model computes for ONE row. The batch dimension of the original file is gone: every Value is a
// tensor of static shape that exists once per row (an ONNX tensor [N,4] is a Value of shape [4], a tensor [N] is a
// scalar, shape []), and no operator mixes rows. A Constant is the same tensor in every row. Tensors are dense and row
// major, so a Value of n elements is n scalars in a fixed order; Reshape never moves one, Pick only moves, repeats or
// drops them.
//
// # What a consumer has to know
//
// A Value has one operator, its arguments precede it in Graph.Values, and its Type was inferred by the operator itself.
// The operators are few; importers decompose everything else into them:
//
//	Input       column tensor Index of the model's inputs
//	Constant    a tensor known at import
//	Dense       last axis times weights [in,out], plus bias [out]
//	MatMul      product of the last two axes of two computed tensors; axes before them broadcast
//	Attention   softmax of products of queries and keys, times values, by head
//	Conv        convolution of [channels, spatial…] with weights [out, in/groups, window…], plus bias [out]
//	Pool        greatest element, or mean, of the windows of each channel of [channels, spatial…]
//	            (both [spatial…, channels] with Window.ChannelsLast, which Normalize sets)
//	Recurrent   LSTM, GRU or RNN over the steps of [steps, in], in one or two directions
//	Gather      entries of an axis at computed indices
//	Unary       Relu, Tanh, Exp …, elementwise
//	Binary      Add, Sub, Mul, Div, Min, Max, Pow, And …, elementwise; shapes broadcast as in numpy
//	Compare     Eq, Lt …, elementwise to bool (IEEE: any comparison with NaN but Ne is false); shapes broadcast
//	Where       bool ? a : b, elementwise; shapes broadcast
//	Softmax     over the last axis; Log for the logarithm of it
//	ArgExtreme  index (i64) of the greatest or least element of the last axis, which is removed
//	Reduce      sum, mean, max, min, product of the last axis, which is removed
//	Normalize   last axis divided by its l1, l2 or max norm
//	LayerNorm   last axis standardised, scaled and shifted
//	Concat      the flat elements of the arguments one after another; shape [sum]
//	JoinLast    the vectors along the arguments' last axes one after another
//	Pick        flat element i of the result is flat element Index[i] of the argument
//	Reshape     same flat elements, another shape
//	Cast        to another element type
//	BitCast     the same bits as another element type
//	Lookup      element at a computed index (always in range) of a constant table: class index to label
//	TreeEnsemble  decision trees over a vector, their leaves combined
//	Distance    of a vector to each of constant points
//	TopK        the greatest or least elements of the last axis, or their places
//	Couple      probabilities of classes from those of pairs of classes
//	Require     the argument itself; an error of the row where a condition is false
//	Recase, Join, Matches, Hash  of texts, elementwise: letters' case, concatenation, regular expressions, a hash
//	Vectorize   how often sequences of tokens stand in a text, or in the last axis
//	If          one of two graphs is evaluated
//	Loop        a graph is evaluated once a turn
//	Result      one of the results of an If or Loop
//	Map         value of the matching key of a constant table, or a default (label encoders)
//
// A model without a batch is evaluated whole: a row brings its input tensors as they are, and every Value has all of its
// dimensions. Elements of narrow types (f16, i8 …) are held in those of wider ones (Elem.Held).
//
// After ml/rewrite.Normalize no argument list is all constant, no Value is dead, a constant operand of a commutative
// Binary stands second, and Reshape, Pick and Cast that change nothing are gone. An output may still be an Input or a
// Constant itself.
//
// # Numbers
//
// Arithmetic is done and rounded in the Value's element type. Dense and Conv accumulate bias first, then inputs in ascending
// order; with fused multiply-add where the kernels use it (ml/interp can do either). Reduce and Softmax add in ascending
// order. Integers wrap. Min and Max give NaN if either operand is NaN. Each operator's comment says the rest.
//
// The package knows neither SQL, nor any model file format, nor how a graph is run.
package graph
