package catalog

import "time"

// Model is a version of a registered model. It is immutable.
type Model struct {
	ID      uint64
	Name    string
	Version int // from 1
	Created time.Time
	// Blob is the encoded model, which the registry understands.
	Blob []byte
}
