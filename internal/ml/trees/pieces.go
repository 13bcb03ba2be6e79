package trees

// A piece is a tree of at most maxDepth levels, evaluated as if it were complete. What of a tree lies deeper is cut off into
// pieces of its own, which are evaluated for all rows as well: their first level asks whether a row gets there, and the values
// of one that does not are 0.
type piece struct {
	root     int32
	depth    int // levels, that of the entrance included
	entrance *entrance
}

// entrance is the rows that reach a piece: those of the piece above that go the ways told.
type entrance struct {
	above *entrance
	ways  []way
}

type way struct {
	node  int32
	holds bool
}

const maxDepth = 8

// cutter cuts trees into pieces where that costs least.
type cutter struct {
	nodes []node
	width int // bytes of a value
	// values is how many targets leaves have values for.
	values float64
	best   []choice // by node
}

// choice is how far a piece that begins at a node goes, and what it costs with all those below it.
type choice struct {
	height int32 // levels of the tree from here on
	cost   [2]float64
	depth  [2]int8 // of a piece without a entrance and with one; the entrance is not counted
}

// Costs are in instructions on 512 rows.
const (
	costPiece    = 64.0 // to make leaf numbers of the bits
	costEntrance = 12.0
	// costWalk is what a row's step in the other form comes to, for 512 rows.
	costWalk    = 2000.0
	costFeature = 1100.0
	costPlane   = 2.0
)

func (c *cutter) pieceCost(depth int) float64 {
	lookup := 32.0
	if depth > 6 {
		lookup = float64(int(16) << (depth - 6))
	}
	return float64(int(1)<<depth) + costPiece + c.values*float64(c.width)*lookup
}

func cutterOf(n *nodes, width int, values float64) *cutter {
	c := &cutter{nodes: n.all, width: width, values: values, best: make([]choice, len(n.all))}
	var below, next []int32
	for i := len(n.all) - 1; i >= 0; i-- { // children stand behind their parents
		b := &c.best[i]
		for _, k := range n.all[i].next {
			if k >= 0 {
				b.height = max(b.height, c.best[k].height)
			}
		}
		b.height++
		below = append(below[:0], int32(i))
		for depth := 1; depth <= maxDepth && depth <= int(b.height); depth++ {
			below, next = c.children(below, next[:0]), below
			sum := 0.0
			for _, k := range below {
				sum += c.best[k].cost[1] + costEntrance + float64(depth)
			}
			c.consider(b, 0, depth, c.pieceCost(depth)+sum)
			if depth < maxDepth {
				c.consider(b, 1, depth, c.pieceCost(depth+1)+sum)
			}
		}
	}
	return c
}

// children appends the inner nodes one level down.
func (c *cutter) children(of, out []int32) []int32 {
	for _, k := range of {
		for _, next := range c.nodes[k].next {
			if next >= 0 {
				out = append(out, next)
			}
		}
	}
	return out
}

func (c *cutter) consider(b *choice, gated, depth int, cost float64) {
	if b.depth[gated] == 0 || cost < b.cost[gated] {
		b.depth[gated], b.cost[gated] = int8(depth), cost
	}
}

// pieces cuts the tree at a node.
func (c *cutter) pieces(root int32) []piece {
	out := []piece{{root: root, depth: int(c.best[root].depth[0])}}
	for i := 0; i < len(out); i++ {
		p := out[i]
		levels := p.levels()
		c.cutOff(p.root, levels, p.entrance, nil, &out)
	}
	return out
}

// levels is how many levels of the tree the piece has.
func (p piece) levels() int {
	if p.entrance != nil {
		return p.depth - 1
	}
	return p.depth
}

// cutOff adds the pieces that begin so many levels below a node.
func (c *cutter) cutOff(at int32, levels int, above *entrance, ways []way, out *[]piece) {
	if at < 0 {
		return
	}
	if levels == 0 {
		g := &entrance{above: above, ways: append([]way(nil), ways...)}
		*out = append(*out, piece{root: at, depth: int(c.best[at].depth[1]) + 1, entrance: g})
		return
	}
	for holds, next := range c.nodes[at].next {
		c.cutOff(next, levels-1, above, append(ways, way{at, holds == 1}), out)
	}
}

// walkCost is what the other form takes for a tree: its leaves' mean depth.
func (c *cutter) walkCost(root int32) float64 {
	type visit struct {
		at    int32
		depth int
	}
	sum, leaves := 0, 0
	for stack := []visit{{root, 0}}; len(stack) > 0; {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if v.at < 0 {
			sum, leaves = sum+v.depth, leaves+1
			continue
		}
		for _, next := range c.nodes[v.at].next {
			stack = append(stack, visit{next, v.depth + 1})
		}
	}
	return costWalk * float64(sum) / float64(leaves)
}
