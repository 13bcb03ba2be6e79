// Package rewrite decides which segments of a table are worth writing again, and in which layout: small ones, what was a tail,
// and those in another layout than the rest. The writing itself is a program, the swap a transaction (storage.Rewrite).
//
// It is a pure function of the segments' descriptions; it reads no values and keeps nothing.
package rewrite
