// Package version holds what flernd calls itself. It is a leaf.
package version

// Stamp is set by the linker when make builds a release (git describe).
var Stamp = "dev"

// PostgresVersion is the PostgreSQL release whose behaviour flernd follows; clients read it to learn what they may send.
const PostgresVersion = "15.0"

// Server is the value of the parameter server_version.
func Server() string { return PostgresVersion + " (flernd " + Stamp + ")" }
