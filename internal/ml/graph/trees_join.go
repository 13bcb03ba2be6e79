package graph

// JoinTrees is ensembles over the same features as one, whose targets are theirs one after another. They are sums.
func JoinTrees(os []*TreeEnsemble) *TreeEnsemble {
	all := &TreeEnsemble{Features: os[0].Features, Out: os[0].Out, Leaves: []int32{0}}
	for _, o := range os {
		nodes, leaves, values := int32(len(all.Nodes)), int32(len(all.Leaves)-1), int32(len(all.Values))
		child := func(c int32) int32 {
			if c < 0 {
				return ^(^c + leaves)
			}
			return c + nodes
		}
		for _, r := range o.Roots {
			all.Roots = append(all.Roots, child(r))
		}
		for _, n := range o.Nodes {
			n.Yes, n.No = child(n.Yes), child(n.No)
			all.Nodes = append(all.Nodes, n)
		}
		for _, end := range o.Leaves[1:] {
			all.Leaves = append(all.Leaves, end+values)
		}
		for _, v := range o.Values {
			all.Values = append(all.Values, LeafValue{v.Target + int32(all.Targets), v.Weight})
		}
		all.Base = append(all.Base, o.Base...)
		all.Targets += o.Targets
	}
	return all
}
