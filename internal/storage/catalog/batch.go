package catalog

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"

	"go.etcd.io/bbolt"
)

// Batch is a list of changes that are made together.
type Batch struct {
	changes []func(tx *bbolt.Tx) error
}

func (b *Batch) put(bucket, k []byte, encode func() ([]byte, error)) {
	b.changes = append(b.changes, func(tx *bbolt.Tx) error {
		v, err := encode()
		if err != nil {
			return err
		}
		return tx.Bucket(bucket).Put(k, v)
	})
}

// PutTable adds a definition.
func (b *Batch) PutTable(t *Table) {
	b.put(tableBucket, key(t.ID), func() ([]byte, error) { return encodeTable(t) })
}

// DropTable removes a table and all that belongs to it.
func (b *Batch) DropTable(id uint64) {
	b.changes = append(b.changes, func(tx *bbolt.Tx) error {
		if err := tx.Bucket(tableBucket).Delete(key(id)); err != nil {
			return err
		}
		for _, bucket := range [][]byte{segmentBucket, dictBucket, logBucket} {
			if err := deletePrefix(tx.Bucket(bucket), id); err != nil {
				return err
			}
		}
		return nil
	})
}

func deletePrefix(bucket *bbolt.Bucket, id uint64) error {
	var keys [][]byte
	err := forPrefix(bucket, id, func(n uint64, _ []byte) error {
		keys = append(keys, key(id, n))
		return nil
	})
	for _, k := range keys {
		if err == nil {
			err = bucket.Delete(k)
		}
	}
	return err
}

// AddSegment adds a segment to a table.
func (b *Batch) AddSegment(table uint64, s SegmentRecord) {
	b.put(segmentBucket, key(table, s.ID), func() ([]byte, error) { return encodeSegment(s) })
}

// RemoveSegment removes a segment from a table.
func (b *Batch) RemoveSegment(table, id uint64) {
	b.changes = append(b.changes, func(tx *bbolt.Tx) error { return tx.Bucket(segmentBucket).Delete(key(table, id)) })
}

// PutDict adds or replaces a column's dictionary.
func (b *Batch) PutDict(table uint64, d DictRecord) {
	b.put(dictBucket, key(table, uint64(d.Ordinal)), func() ([]byte, error) { return json.Marshal(d) })
}

// AddLog adds a small commit's rows.
func (b *Batch) AddLog(table uint64, r LogRecord) {
	b.put(logBucket, key(table, r.Number), func() ([]byte, error) {
		return append(binary.BigEndian.AppendUint32(nil, crc32.Checksum(r.Rows, castagnoli)), r.Rows...), nil
	})
}

// ClearLog removes all logged rows of a table, which have become a segment.
func (b *Batch) ClearLog(table uint64) {
	b.changes = append(b.changes, func(tx *bbolt.Tx) error { return deletePrefix(tx.Bucket(logBucket), table) })
}

// PutModel adds a version of a model.
func (b *Batch) PutModel(m ModelRecord) {
	b.put(modelBucket, key(m.ID), func() ([]byte, error) { return json.Marshal(m) })
}

// DropModel removes a version of a model.
func (b *Batch) DropModel(id uint64) {
	b.changes = append(b.changes, func(tx *bbolt.Tx) error { return tx.Bucket(modelBucket).Delete(key(id)) })
}

// ErrUncertain is the cause of Apply's error when the batch may or may not survive a restart.
var ErrUncertain = errors.New("the catalog's last commit is uncertain")

// Apply makes the changes, and nextID, durable. After an error nothing has changed, unless it is ErrUncertain: then nothing
// must be committed until the catalog has been opened again.
func (s *Store) Apply(b *Batch, nextID uint64) error {
	err := s.db.Update(func(tx *bbolt.Tx) error {
		for _, change := range b.changes {
			if err := change(tx); err != nil {
				return err
			}
		}
		meta := tx.Bucket(metaBucket)
		if err := meta.Put(commitKey, key(s.commits+1)); err != nil {
			return err
		}
		return meta.Put(nextIDKey, key(nextID))
	})
	if err == nil {
		s.commits++
		s.seen.set(s.commits)
		return nil
	}
	if s.reached(s.commits + 1) {
		return storeError(errors.Join(ErrUncertain, err), "could not commit")
	}
	return storeError(err, "could not commit")
}

// reached reports whether the file, as the operating system has it, holds that commit.
func (s *Store) reached(commit uint64) bool {
	reached := true // if even this fails, do not trust it
	err := s.db.View(func(tx *bbolt.Tx) error {
		reached = number(tx.Bucket(metaBucket).Get(commitKey)) >= commit
		return nil
	})
	return err != nil || reached
}
