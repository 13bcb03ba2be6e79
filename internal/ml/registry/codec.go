package registry

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// The encoding is: magic, format version, checksum of the rest, version number, length of the name, name, model file. The
// file is imported again on decoding, so that the graph always is what this program's importer makes of it.
const (
	magic         = "FLMV"
	formatVersion = 1
	headerBytes   = len(magic) + 1 + sha256.Size
	maxName       = 1 << 10
)

// Encode is the version, of the file that it was imported from, as bytes for the catalog: the file, which may be large, and
// what comes before it.
func (v *Version) Encode(file []byte) (head, rest []byte) {
	body := binary.LittleEndian.AppendUint64(nil, uint64(v.Version))
	body = binary.LittleEndian.AppendUint32(body, uint32(len(v.Name)))
	body = append(body, v.Name...)
	sum := sha256.New()
	sum.Write(body)
	sum.Write(file)
	head = sum.Sum(append([]byte(magic), formatVersion))
	return append(head, body...), file
}

// Decode is the inverse of Encode.
func Decode(b []byte) (*Version, error) {
	if len(b) < headerBytes+12 || string(b[:len(magic)]) != magic {
		return nil, corrupted("it does not start like one")
	}
	if f := b[len(magic)]; f != formatVersion {
		return nil, sqlstate.Unsupported("format %d of stored models (this program reads %d)", f, formatVersion)
	}
	body := b[headerBytes:]
	if sum := sha256.Sum256(body); string(sum[:]) != string(b[len(magic)+1:headerBytes]) {
		return nil, corrupted("its checksum %s… does not match", hex.EncodeToString(b[len(magic)+1:len(magic)+5]))
	}
	number, size := binary.LittleEndian.Uint64(body), binary.LittleEndian.Uint32(body[8:])
	body = body[12:]
	if size > maxName || int(size) > len(body) {
		return nil, corrupted("its name is %d bytes long", size)
	}
	v, err := Import(string(body[:size]), body[size:])
	if err != nil {
		return nil, err
	}
	v.Version = int64(number)
	return v, nil
}

func corrupted(format string, args ...any) error {
	e := sqlstate.New(sqlstate.DataCorrupted, format, args...)
	e.Message = "stored model is damaged: " + e.Message
	return e
}
