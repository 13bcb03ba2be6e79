// Package load is the control plane's side of bulk loading: it describes COPY data and table sinks to the C runtime and
// decodes what sinks produced into table.Append.
//
// The byte layouts are those of internal/compile/crt/src/csv.h and sink.h. What comes back from the executor is checked as
// bytes from outside: nothing in it can make a reader of the table look past a buffer. The package knows nothing of plans,
// SQL text or of how segments become files.
package load
