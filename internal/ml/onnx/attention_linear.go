package onnx

import (
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
)

// maxSteps bounds the steps of a linear attention, which are unrolled.
const maxSteps = 256

// linearAttention lets a state [batch, heads, keys, values] take in a key and a value each step, and reads it by the query.
func linearAttention(n *node) {
	n.ignore("chunk_size")
	q, k, v := n.arg(0), n.arg(1), n.arg(2)
	if q.batched || k.batched || v.batched || q.rank() != 3 || k.rank() != 3 || v.rank() != 3 {
		n.unsupported("attention of %s, %s and %s", q, k, v)
	}
	out, steps := q.elem(), q.row()[1]
	if steps > maxSteps {
		n.unsupported("an attention of %d steps (%d are possible)", steps, maxSteps)
	}
	heads, states := int(n.smallInt("q_num_heads", 0)), int(n.smallInt("kv_num_heads", 0))
	if heads < 1 || states < 1 || heads%states != 0 {
		n.fail("%d heads of queries for %d of keys", heads, states)
	}
	e := out.Held()
	q, k, v = n.split3(n.cast(e, q), heads), n.split3(n.cast(e, k), states), n.split3(n.cast(e, v), states)
	batch, keys, values := q.row()[0], k.row()[3], v.row()[3]
	if q.row()[3] != keys || k.row()[0] != batch || v.row()[0] != batch || k.row()[2] != steps || v.row()[2] != steps {
		n.fail("attention of %s, %s and %s", n.arg(0), n.arg(1), n.arg(2))
	}
	scale := n.floatAttr("scale", 0)
	if scale == 0 {
		scale = 1 / math.Sqrt(float64(keys))
	}
	rule := n.stringAttr("update_rule", "gated_delta")
	gated, delta := rule == "gated" || rule == "gated_delta", rule == "delta" || rule == "gated_delta"
	if !gated && !delta && rule != "linear" {
		n.fail("attribute update_rule has the unknown value %s", quote(rule))
	}
	state, stateElem := n.constantOf(graph.NewTensor(e, batch, states, keys, values)), out
	if n.has(3) {
		stateElem = n.arg(3).elem()
		state = n.cast(e, n.arg(3))
		if state.batched || sizeOf(state.row()) != batch*states*keys*values {
			n.fail("a state of type %s", n.arg(3))
		}
	}
	// perHead is input i as [batch, heads, steps, one or a number a key].
	perHead := func(i int) value {
		x := n.cast(e, n.arg(i))
		if x.batched || x.rank() != 3 || x.row()[0] != batch || x.row()[1] != steps {
			n.fail("%s of type %s", n.argName(i), x)
		}
		if x.row()[2] == 1 {
			return n.reshape(x, batch, 1, steps, 1)
		}
		return n.split3(x, states)
	}
	var decay, rate value
	if gated {
		decay = n.unary(graph.Exp, perHead(4))
	}
	if delta {
		rate = perHead(5)
	}
	var read []value
	for t := range steps {
		at := func(x value) value { return n.take(x, 2, []int{t}) } // [batch, heads, 1, …]
		key, value := at(k), at(v)
		if gated {
			state = n.binary(graph.Mul, state, n.transpose(at(decay), []int{0, 1, 3, 2}))
		}
		if delta {
			value = n.binary(graph.Mul, n.binary(graph.Sub, value, n.matMul(key, state)), at(rate))
		}
		state = n.binary(graph.Add, state, n.binary(graph.Mul, n.transpose(key, []int{0, 1, 3, 2}), value))
		queries := n.reshape(at(q), batch, states, heads/states, keys)
		y := n.times(n.matMul(queries, state), scale)
		read = append(read, n.reshape(y, batch, 1, heads*values))
	}
	if steps == 0 {
		n.fail("attention without steps")
	}
	n.set(0, n.cast(out, n.join(read, 1)))
	n.set(1, n.cast(stateElem, state))
}

// causalConv is a convolution of each channel by itself that looks at elements past only; the last ones are kept as a state.
func causalConv(n *node) {
	x, w := n.arg(0), n.arg(1)
	if x.batched || w.batched || x.rank() != 3 || w.rank() != 3 || w.row()[1] != 1 || w.row()[0] != x.row()[1] || w.row()[2] < 1 {
		n.unsupported("a convolution of %s by %s", x, w)
	}
	batch, channels, length, window := x.row()[0], x.row()[1], x.row()[2], w.row()[2]
	if window > maxSteps {
		n.unsupported("a window of %d elements (%d are possible)", window, maxSteps)
	}
	past := n.constantOf(graph.NewTensor(x.elem(), batch, channels, window-1))
	if n.has(3) {
		past = n.arg(3)
	}
	if past.batched || past.rank() != 3 {
		n.fail("a state of type %s", past)
	}
	all := n.join([]value{past, x}, 2)
	if all.row()[2] != length+window-1 {
		n.fail("a state of type %s for a window of %d elements", past, window)
	}
	e := x.elem().Held() // what is narrow is rounded once
	var y value
	if n.has(2) {
		y = n.cast(e, n.reshape(n.arg(2), channels, 1))
	}
	for j := range window {
		from := make([]int, length)
		for i := range from {
			from[i] = i + j
		}
		tap := n.cast(e, n.reshape(n.take(w, 2, []int{j}), channels, 1))
		y = n.both(y, n.binary(graph.Mul, n.cast(e, n.take(all, 2, from)), tap), graph.Add)
	}
	switch act := n.stringAttr("activation", "none"); act {
	case "none":
	case "silu", "swish":
		y = n.binary(graph.Mul, y, n.unary(graph.Sigmoid, y))
	default:
		n.fail("attribute activation has the unknown value %s", quote(act))
	}
	n.set(0, n.cast(x.elem(), y))
	n.set(1, n.take(all, 2, sequence(length + window - 1)[length:]))
}
