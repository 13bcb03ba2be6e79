// Package storage is the store of a data directory: transactions over tables and models, from files, a catalog and the
// tails in shared memory.
//
// A data directory holds LOCK, catalog.db (package catalog) and data/ with the files of segments, dictionaries and models.
// Files are written and synced first; then one commit of the catalog makes them part of the store. Files that no commit
// refers to are removed when the store is opened. There is one writer at a time; readers see the state that was last
// committed when they began. The package knows nothing of plans, SQL text or the protocol.
package storage
