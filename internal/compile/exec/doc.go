// Package exec runs compiled programs in the executor, a process of its own: starts it, passes it programs, segments and
// requests, takes rows and images from it, and deals with its death.
//
// It is the control plane's half of the protocol in crt/src/executor_protocol.h. The control plane decides what the executor holds:
// handles of mappings and programs are given out here, so there is one place that knows what is cached where. It must not
// know what a program computes.
package exec
