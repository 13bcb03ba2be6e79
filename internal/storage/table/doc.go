// Package table holds what a table's contents are made of: snapshots that statements read, appended rows on their way into
// the table, and the tail, the segment in shared memory that gathers small commits.
//
// It knows segments and definitions; it knows nothing of transactions, files' names or the catalog's store.
package table
