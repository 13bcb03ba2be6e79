// Package cgen prints staged programs as C: the only package that does.
//
// It schedules lane values (schedule.go), prints them fused into vector loops for the best tier (vector.go) or as kernel
// calls for the fast tier (kernel.go), and prints scalar code alike for both (scalar.go, stmt.go). Same program, same text:
// names come from hints and from the order of building. It must not know SQL, plans or models; text of users reaches C
// only through escape.go.
package cgen
