// Package oracle compares the dialect layer with PostgreSQL's own grammar. It is a module of its own, so that the grammar
// (a WebAssembly build of PostgreSQL's parser) is a dependency of nothing but these tests:
//
//	cd internal/planner/dialect/oracle && CGO_ENABLED=0 go test ./...
//
// A text that both read must mean the same: PostgreSQL's tree of the text and of its normal form (dialect.Format) are
// compared without positions. A text that PostgreSQL refuses must be refused by us at the same place with the same message,
// and the other way round, except for what we answer 0A000. The texts are the corpora under testdata, the cases of the
// dialect package, and mutations of all of them: tokens left out, doubled, swapped, and exchanged for others.
package oracle
