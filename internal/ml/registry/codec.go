package registry

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// The encoding is: magic, format version, SHA-256 of the model file, model file. The file is imported again on decoding, so
// that the graph always is what this program's importer makes of it. The first format had, between the checksum and the file
// and under the checksum, a version number and a name.
const (
	magic         = "FLMV"
	formatVersion = 2
	headerBytes   = len(magic) + 1 + sha256.Size
)

// Encode is the version, of the file that it was imported from, as bytes for the catalog: the file, which may be large, and
// what comes before it.
func (v *Version) Encode(file []byte) (head, rest []byte) {
	sum, err := hex.DecodeString(v.Hash)
	if err != nil || len(sum) != sha256.Size {
		sum = make([]byte, sha256.Size) // of a version that Import did not make; no decoding accepts it
	}
	return append(append([]byte(magic), formatVersion), sum...), file
}

// Decode is the inverse of Encode, of a version with options.
func Decode(name string, b []byte, o Options) (*Version, error) {
	if len(b) < headerBytes || string(b[:len(magic)]) != magic {
		return nil, corrupted("it does not start like one")
	}
	file := b[headerBytes:]
	sum := sha256.Sum256(file)
	if string(sum[:]) != string(b[len(magic)+1:headerBytes]) {
		return nil, corrupted("its checksum %s… does not match", hex.EncodeToString(b[len(magic)+1:len(magic)+5]))
	}
	switch f := b[len(magic)]; f {
	case formatVersion:
		return importSummed(context.Background(), name, file, sum, o)
	case 1:
		const numbers = 12
		if len(file) < numbers || uint64(len(file)) < numbers+uint64(binary.LittleEndian.Uint32(file[8:])) {
			return nil, corrupted("it ends in its name")
		}
		return ImportWith(context.Background(), name, file[numbers+binary.LittleEndian.Uint32(file[8:]):], o)
	default:
		return nil, sqlstate.Unsupported("format %d of stored models (this program reads 1 and %d)", f, formatVersion)
	}
}

func corrupted(format string, args ...any) error {
	e := sqlstate.New(sqlstate.DataCorrupted, format, args...)
	e.Message = "stored model is damaged: " + e.Message
	return e
}
