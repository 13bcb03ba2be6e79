// Package compile runs physical plans: it translates a plan to C, compiles that in two tiers, and has the executor run it.
//
// The order of these steps, the choice of the tier and the making of a run's inputs are here; each step is a package below.
// It must not know SQL text, the protocol, or how data is stored beyond snapshots.
package compile
