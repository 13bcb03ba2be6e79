// Package segment defines how a table's rows lie in a file: layouts of columns, the Arrow IPC file that holds a segment or
// a dictionary, the checksums of its columns, and the checks that make a damaged file an error instead of a wrong answer.
//
// A file has one record batch whose buffers lie uncompressed at multiples of 64 bytes, each followed by at least 128
// readable bytes, so that programs map the file and load whole vectors past the end of a column. Columns whose values are
// encoded (base, divisor, dictionary) carry an Arrow extension type that says how. The package knows nothing of catalogs,
// transactions or of who fills the buffers.
package segment
