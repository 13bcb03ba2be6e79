// Package cc compiles the C text of programs to shared objects: finds the compilers of both tiers, runs them as processes
// within limits, joins identical requests, and keeps what they made in a cache on disk.
//
// It knows C text, headers and compilers; it must not know what a program computes, nor how objects are run.
package cc
