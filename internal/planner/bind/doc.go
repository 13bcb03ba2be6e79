// Package bind turns a syntax tree into a logical plan: it resolves names against the catalog, gives every expression its
// type by PostgreSQL's rules, inserts the coercions and raises PostgreSQL's errors with their positions.
//
// It knows the dialect's syntax tree, the catalog and logical plans. It must not know how a plan is improved
// (planner/rules), costed or run. What it leaves out it refuses with 0A000 at the place in the text.
//
// One file a topic: casts.go (which type converts to which), coerce.go, resolve.go (choosing among candidates),
// operators.go and functions.go (the candidates), scope.go (names), expr.go and its neighbours (expressions), from.go,
// select.go, group.go, insert.go, copy.go (statements).
package bind
