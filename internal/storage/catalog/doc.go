// Package catalog holds definitions of tables and models, and the transactional store that keeps them together with the
// list of files and logged rows that make up each table's contents.
//
// A Batch is applied atomically and durably or not at all. The package knows nothing of how files are laid out or read; it
// trusts bbolt for its own file (docs/decisions/0002-bbolt.md).
package catalog
