package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// gatherElements takes, for each element of the indices, that element of an axis.
func gatherElements(n *node) {
	x, index := n.element(0), n.element(1)
	if x.batched != index.batched || x.layout != index.layout {
		n.unsupported("elements of %s at indices %s", x, index)
	}
	axis := n.axis(x, int(n.smallInt("axis", 0)))
	if !index.elem().IsInt() || len(index.row()) != len(x.row()) {
		n.fail("indices of type %s for %s", index, x)
	}
	for k, d := range index.row() {
		if k != axis && d > x.row()[k] {
			n.fail("indices of type %s for %s", index, x)
		}
	}
	y := n.gatheredElements(x, index, axis)
	y.layout = x.layout
	n.set(0, y)
}

// gatheredElements is gatherElements for rows. Computed indices become places among all elements of a row.
func (n *node) gatheredElements(x, index value, axis int) value {
	length := x.row()[axis]
	if t := index.constant(); t != nil {
		list := n.indices(index, length, make([]int, t.Size()))
		i := -1
		return n.pick(x, index.row(), func(at []int) []int {
			i++
			from := slices.Clone(at)
			from[axis] = list[i]
			return from
		})
	}
	stride := sizeOf(x.row()[axis+1:])
	n.spend(index.v.Type.Size())
	first := make([]int64, index.v.Type.Size())
	coordinates(index.row(), func(i int, at []int) {
		for k, c := range at {
			if k == axis {
				c = 0
			}
			first[i] = first[i]*int64(x.row()[k]) + int64(c)
		}
	})
	index = n.cast(graph.I64, index)
	at, inside := n.inAxis(index, length)
	at = n.binary(graph.Mul, at, n.scalar(at, float64(stride)))
	at = n.binary(graph.Add, at, n.constantOf(graph.I64Of(first...).Reshaped(index.row()...)))
	// A place outside of the axis becomes one outside of all, which Gather tells.
	at = n.emit(&graph.Where{}, inside, at, n.scalar(at, float64(x.v.Type.Size())))
	return n.emit(&graph.Gather{}, n.reshape(x, x.v.Type.Size()), at)
}

// scatterElements replaces elements of an axis, or with a reduction combines them.
func scatterElements(n *node) {
	if index := n.element(1); index.constant() == nil {
		n.set(0, n.scatterComputed(n.element(0), index, n.element(2)))
		return
	}
	x, updates := n.arg(0), n.arg(2)
	t := n.tensor(1)
	axis := n.axis(x, int(n.smallInt("axis", 0)))
	index := n.constantOf(t)
	if !t.Elem.IsInt() || t.Rank() != len(x.row()) || !slices.Equal(t.Dims, updates.row()) {
		n.fail("indices of type %s and updates %s do not fit %s", t.Type, updates, x)
	}
	list := n.indices(index, x.row()[axis], make([]int, t.Size()))
	targets := make([]int, len(list))
	coordinates(t.Dims, func(i int, at []int) {
		flat := 0
		for k, c := range at {
			if k == axis {
				c = list[i]
			}
			if c >= x.row()[k] {
				n.fail("indices of type %s do not fit %s", t.Type, x)
			}
			flat = flat*x.row()[k] + c
		}
		targets[i] = flat
	})
	n.set(0, n.scattered(x, updates, targets))
}

// maxScattered is the most entries of an axis that go to computed places.
const maxScattered = 64

// scatterComputed compares the places of an axis with each of a few indices, which are looked up so that one out of range is told.
func (n *node) scatterComputed(x, index, updates value) value {
	axis := n.axis(x, int(n.smallInt("axis", 0)))
	like := slices.Clone(x.row())
	if len(index.row()) == len(like) {
		like[axis] = index.row()[axis]
	}
	if x.layout != index.layout || x.batched != index.batched || updates.layout != x.layout || updates.batched != x.batched ||
		!slices.Equal(index.row(), like) || !slices.Equal(updates.row(), like) || like[axis] > maxScattered {
		n.orWant(sqlstate.Unsupported("updates %s at computed indices %s of %s", updates, index, x), 1, index)
	}
	if !index.elem().IsInt() || updates.elem() != x.elem() {
		n.fail("indices of type %s and updates %s do not fit %s", index, updates, x)
	}
	fn, reduces := n.reduction()
	length := x.row()[axis]
	dims := slices.Repeat([]int{1}, len(like))
	dims[axis] = length
	places := n.reshape(n.iota(length), dims...)
	from := n.emit(&graph.Gather{}, n.iota(length), n.cast(graph.I64, index))
	y := value{v: x.v, batched: x.batched}
	for k := range like[axis] {
		hit := n.compare(graph.Eq, places, n.take(from, axis, []int{k}))
		update := n.take(updates, axis, []int{k})
		if reduces {
			update = n.binary(fn, y, update)
		}
		y = n.emit(&graph.Where{}, hit, update, y)
	}
	y.layout = x.layout
	return y
}

// reduction is how a scattering combines what is there with what comes, if it does.
func (n *node) reduction() (fn graph.BinaryFn, reduces bool) {
	name := n.stringAttr("reduction", "none")
	fn, reduces = map[string]graph.BinaryFn{"add": graph.Add, "mul": graph.Mul, "min": graph.Min, "max": graph.Max}[name]
	if !reduces && name != "none" {
		n.fail("attribute reduction has the unknown value %s", quote(name))
	}
	return fn, reduces
}

// coordinates walks the elements of a shape.
func coordinates(dims []int, f func(i int, at []int)) {
	at := make([]int, len(dims))
	for i := range sizeOf(dims) {
		f(i, at)
		for k := len(at) - 1; k >= 0; k-- {
			if at[k]++; at[k] < dims[k] {
				break
			}
			at[k] = 0
		}
	}
}

// scatterND replaces slices, or with a reduction combines them, at constant indices.
func scatterND(n *node) {
	x, updates := n.arg(0), n.arg(2)
	t := n.tensor(1)
	if x.batched || updates.batched || !t.Elem.IsInt() || t.Rank() == 0 || t.Last() > x.rank() {
		n.unsupported("indices of type %s into %s", t.Type, x)
	}
	starts, block := n.sliceStarts(x, t)
	if sizeOf(updates.row()) != len(starts)*block {
		n.fail("updates %s do not fit indices %s", updates, t.Type)
	}
	var targets []int
	for _, s := range starts {
		for k := range block {
			targets = append(targets, s+k)
		}
	}
	n.set(0, n.scattered(x, updates, targets))
}

// sliceStarts gives the flat positions of the slices that the last axis of the indices names, and their size.
func (n *node) sliceStarts(x value, t *graph.Tensor) (starts []int, block int) {
	width := t.Last()
	block = sizeOf(x.row()[width:])
	for i := 0; i+width <= t.Size() && width > 0; i += width {
		flat := 0
		for k := range width {
			d := x.row()[k]
			v := t.Int(i + k)
			if v < 0 {
				v += int64(d)
			}
			if v < 0 || v >= int64(d) {
				n.fail("index %d is out of range for length %d", t.Int(i+k), d)
			}
			flat = flat*d + int(v)
		}
		starts = append(starts, flat*block)
	}
	return starts, block
}

// scattered puts update i at the flat position targets[i] of x. Without a reduction the last one counts; with one, updates are
// applied in rounds that touch no position twice.
func (n *node) scattered(x, updates value, targets []int) value {
	if updates.elem() != x.elem() || updates.batched != x.batched && updates.constant() == nil {
		n.fail("updates %s do not fit %s", updates, x)
	}
	fn, known := n.reduction()
	size := sizeOf(x.row())
	for rest := sequence(len(targets)); len(rest) > 0; {
		index := make([]int32, size)
		n.spend(size)
		for i := range index {
			index[i] = int32(i)
		}
		var later []int
		hit := graph.NewTensor(graph.Bool, size)
		for _, u := range rest {
			if t := targets[u]; known && hit.Bool[t] {
				later = append(later, u)
			} else {
				hit.Bool[t], index[t] = true, int32(size+u)
			}
		}
		all := n.emit(&graph.Concat{}, x, updates)
		all.batched = x.batched
		y := n.emit(&graph.Pick{Index: index, Dims: x.row()}, all)
		if known {
			y = n.emit(&graph.Where{}, n.constantOf(hit.Reshaped(x.row()...)), n.binary(fn, x, y), x)
		}
		x, rest = y, later
	}
	return x
}

// compress keeps the entries of an axis, or of the flat tensor, at which a constant condition is true.
func compress(n *node) {
	x, keep := n.arg(0), n.tensor(1)
	if keep.Elem != graph.Bool || keep.Rank() != 1 {
		n.fail("%s of type %s is no condition", n.argName(1), keep.Type)
	}
	axis := 0
	if n.hasAttr("axis") {
		axis = n.axis(x, int(n.smallInt("axis", 0)))
	} else {
		n.used["axis"] = true
		if x.batched {
			n.unsupported("elements of %s flattened, which mixes rows,", x)
		}
		x = n.reshape(x, sizeOf(x.row()))
	}
	var list []int
	for i, k := range keep.Bool {
		if k && i >= x.row()[axis] {
			n.fail("the condition is longer than axis %d", axis)
		}
		if k {
			list = append(list, i)
		}
	}
	n.set(0, n.take(x, axis, list))
}

// reverseSequence reverses the first entries of an axis, as many as constants tell for each entry of another.
func reverseSequence(n *node) {
	x, t := n.arg(0), n.tensor(1)
	time, batch := n.axis(x, int(n.smallInt("time_axis", 0))), n.axis(x, int(n.smallInt("batch_axis", 1)))
	if !t.Elem.IsInt() || t.Rank() != 1 || t.Size() != x.row()[batch] || time == batch {
		n.fail("lengths of type %s do not fit %s", t.Type, x)
	}
	for i := range t.Size() {
		if t.Int(i) < 0 || t.Int(i) > int64(x.row()[time]) {
			n.fail("length %d is out of range", t.Int(i))
		}
	}
	n.set(0, n.pick(x, x.row(), func(at []int) []int {
		from := slices.Clone(at)
		if length := int(t.Int(at[batch])); at[time] < length {
			from[time] = length - 1 - at[time]
		}
		return from
	}))
}

// depthToSpace moves channels into blocks of two spatial axes; spaceToDepth back.
func depthToSpace(n *node) {
	x, b := n.blocks()
	mode := n.stringAttr("mode", "DCR")
	dims := x.row()
	k := len(dims) - 3
	if dims[k]%(b*b) != 0 {
		n.fail("%d channels are no blocks of %d by %d", dims[k], b, b)
	}
	out := slices.Clone(dims)
	out[k], out[k+1], out[k+2] = dims[k]/(b*b), dims[k+1]*b, dims[k+2]*b
	n.set(0, n.pick(x, out, func(at []int) []int {
		from := slices.Clone(at)
		block := at[k+1]%b*b + at[k+2]%b
		from[k] = block*out[k] + at[k]
		if mode == "CRD" {
			from[k] = at[k]*b*b + block
		}
		from[k+1], from[k+2] = at[k+1]/b, at[k+2]/b
		return from
	}))
}

func spaceToDepth(n *node) {
	x, b := n.blocks()
	dims := x.row()
	k := len(dims) - 3
	if dims[k+1]%b != 0 || dims[k+2]%b != 0 {
		n.fail("%s has no blocks of %d by %d", x, b, b)
	}
	out := slices.Clone(dims)
	out[k], out[k+1], out[k+2] = dims[k]*b*b, dims[k+1]/b, dims[k+2]/b
	n.set(0, n.pick(x, out, func(at []int) []int {
		from := slices.Clone(at)
		block := at[k] / dims[k]
		from[k] = at[k] % dims[k]
		from[k+1], from[k+2] = at[k+1]*b+block/b, at[k+2]*b+block%b
		return from
	}))
}

// blocks is an image and the length of its blocks.
func (n *node) blocks() (value, int) {
	x := n.arg(0)
	b := int(n.smallInt("blocksize", 0))
	if x.rank() != 4 || b < 1 || b > 1<<15 {
		n.fail("blocks of %d in %s", b, x)
	}
	return x, b
}
