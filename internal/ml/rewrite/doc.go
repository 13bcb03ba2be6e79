// Package rewrite makes model graphs smaller and faster without changing what they compute, but for rounding.
//
// A rule looks at one value of the graph and the values it is made of, and builds a replacement; there is one rule a
// file. Normalize applies all rules until none applies, and then a pass over the whole graph that moves the channels of
// images behind their places (channels_last.go); what holds then is in the package comment of ml/graph.
package rewrite
