package numa

import (
	"fmt"
	"math"
	"sort"
	"strings"
)

// Plan says which CPU each worker runs on: worker i on CPUs[i], which belongs to node Nodes[i].
type Plan struct {
	CPUs  []int
	Nodes []int
}

// Plan places n workers (0: one for each core, within the control groups' bound on CPU time). Workers come node by node, so
// that those with neighbouring numbers share a node's memory; within a node every core gets one before any core's second
// thread does. With fewer workers than CPUs the nodes are filled one after another: a query on few workers stays near its
// memory. With more than CPUs, several share one.
func (t *Topology) Plan(n int) Plan {
	order := t.order()
	if n <= 0 {
		n = t.cores()
		if t.Quota > 0 {
			n = min(n, max(1, int(math.Ceil(t.Quota))))
		}
	}
	var p Plan
	use := order[:min(n, len(order))]
	sort.SliceStable(use, func(i, j int) bool { return use[i].Node < use[j].Node })
	for i := 0; i < n; i++ {
		c := use[i*len(use)/n]
		p.CPUs = append(p.CPUs, c.ID)
		p.Nodes = append(p.Nodes, c.Node)
	}
	return p
}

// order is the order in which CPUs get workers: all cores before any second thread of one; node by node within that.
func (t *Topology) order() []CPU {
	threads := map[int]int{}               // by core: CPUs met so far
	turn := make(map[int]int, len(t.CPUs)) // which thread of its core a CPU is
	for _, c := range t.CPUs {
		turn[c.ID] = threads[c.Core]
		threads[c.Core]++
	}
	order := append([]CPU(nil), t.CPUs...)
	sort.SliceStable(order, func(i, j int) bool {
		a, b := order[i], order[j]
		if turn[a.ID] != turn[b.ID] {
			return turn[a.ID] < turn[b.ID]
		}
		if a.Node != b.Node {
			return a.Node < b.Node
		}
		return a.ID < b.ID
	})
	return order
}

func (t *Topology) cores() int {
	seen := map[int]bool{}
	for _, c := range t.CPUs {
		seen[c.Core] = true
	}
	return len(seen)
}

// String is what `flernd numa` prints of the machine.
func (t *Topology) String() string {
	var b strings.Builder
	sockets := map[int]bool{}
	byNode := map[int][]CPU{}
	for _, c := range t.CPUs {
		sockets[c.Socket] = true
		byNode[c.Node] = append(byNode[c.Node], c)
	}
	fmt.Fprintf(&b, "%s, %s, %s, %s (%d online)\n", count(len(sockets), "socket"), count(len(byNode), "node"),
		count(t.cores(), "core"), count(len(t.CPUs), "CPU"), t.Online)
	if t.Quota > 0 {
		fmt.Fprintf(&b, "CPU time of the control group: %.2f CPUs\n", t.Quota)
	}
	nodes := make([]int, 0, len(byNode))
	for n := range byNode {
		nodes = append(nodes, n)
	}
	sort.Ints(nodes)
	for _, n := range nodes {
		fmt.Fprintf(&b, "node %d", n)
		if m := t.NodeMemory[n]; m > 0 {
			fmt.Fprintf(&b, " (%.1f GiB)", float64(m)/(1<<30))
		}
		b.WriteString("\n")
		for _, s := range socketsOf(byNode[n]) {
			ids := []int{}
			for _, c := range byNode[n] {
				if c.Socket == s {
					ids = append(ids, c.ID)
				}
			}
			fmt.Fprintf(&b, "  socket %d: CPUs %s\n", s, FormatList(ids))
		}
	}
	return b.String()
}

// String is what `flernd numa` prints of a plan.
func (p Plan) String() string {
	var b strings.Builder
	for i := 0; i < len(p.CPUs); {
		j := i
		for j < len(p.CPUs) && p.Nodes[j] == p.Nodes[i] {
			j++
		}
		fmt.Fprintf(&b, "workers %d-%d: node %d, CPUs %s\n", i, j-1, p.Nodes[i], listInOrder(p.CPUs[i:j]))
		i = j
	}
	return b.String()
}

func listInOrder(ids []int) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = fmt.Sprint(id)
	}
	return strings.Join(parts, ",")
}

func socketsOf(cpus []CPU) []int {
	seen := map[int]bool{}
	var list []int
	for _, c := range cpus {
		if !seen[c.Socket] {
			seen[c.Socket] = true
			list = append(list, c.Socket)
		}
	}
	sort.Ints(list)
	return list
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// FormatList writes a sorted list in the kernel's notation: "0-3,8".
func FormatList(ids []int) string {
	var parts []string
	for i := 0; i < len(ids); {
		j := i
		for j+1 < len(ids) && ids[j+1] == ids[j]+1 {
			j++
		}
		if j > i {
			parts = append(parts, fmt.Sprintf("%d-%d", ids[i], ids[j]))
		} else {
			parts = append(parts, fmt.Sprint(ids[i]))
		}
		i = j + 1
	}
	return strings.Join(parts, ",")
}
