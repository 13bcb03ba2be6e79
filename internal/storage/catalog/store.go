package catalog

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"runtime/debug"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// formatVersion is the version of the catalog's file. Version 1 had a checksum a file; 2 has one for each span of a column.
const formatVersion = 2

var (
	metaBucket    = []byte("meta")
	tableBucket   = []byte("tables")   // id → definition
	segmentBucket = []byte("segments") // table id, segment id → SegmentRecord
	dictBucket    = []byte("dicts")    // table id, ordinal → DictRecord
	logBucket     = []byte("log")      // table id, number → checksum, rows
	modelBucket   = []byte("models")   // model id → ModelRecord
	buckets       = [][]byte{metaBucket, tableBucket, segmentBucket, dictBucket, logBucket, modelBucket}

	formatKey = []byte("format")
	nextIDKey = []byte("next_id")
	commitKey = []byte("commit") // number of batches applied
)

// Store is the catalog's file.
type Store struct {
	db      *bbolt.DB
	seen    *watermark
	commits uint64
}

// Options are for tests.
type Options struct {
	// MaxSize bounds the catalog's file in bytes; 0 is no bound.
	MaxSize int
}

// Exists tells whether there is a catalog; an empty file is none yet.
func Exists(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Size() > 0
}

// Open opens or makes the catalog's file and reads its contents. The caller holds the data directory's lock.
func Open(path string, opt Options) (*Store, *Contents, error) {
	seen, err := openWatermark(path + watermarkSuffix)
	if err != nil {
		return nil, nil, err
	}
	s, c, err := open(path, opt, seen)
	if err != nil {
		return nil, nil, errors.Join(err, seen.file.Close())
	}
	seen.set(s.commits)
	return s, c, nil
}

func open(path string, opt Options, seen *watermark) (s *Store, c *Contents, err error) {
	if !Exists(path) { // a lost catalog is not replaced by an empty one
		if err := seen.check(path, 0); err != nil {
			return nil, nil, err
		}
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // bbolt maps its file, which may be cut off
	defer func() {
		if r := recover(); r != nil { // bbolt's answer to a damaged page
			s, c, err = nil, nil, sqlstate.New(sqlstate.DataCorrupted, "catalog \"%s\" is damaged: %v", path, r)
		}
	}()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: 5 * time.Second, FreelistType: bbolt.FreelistMapType, MaxSize: opt.MaxSize})
	if err != nil {
		return nil, nil, storeError(err, "could not open catalog \"%s\"", path)
	}
	s = &Store{db: db, seen: seen}
	if err = s.initialize(path); err == nil {
		c, err = s.load()
	}
	if err == nil {
		err = seen.check(path, s.commits)
	}
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return s, c, nil
}

func (s *Store) initialize(path string) error {
	fresh := false
	err := s.db.View(func(tx *bbolt.Tx) error {
		meta := tx.Bucket(metaBucket)
		if meta == nil {
			fresh = true
			return nil
		}
		if v := number(meta.Get(formatKey)); v != formatVersion {
			return sqlstate.New(sqlstate.ObjectNotInState, "catalog \"%s\" has format version %d; this program reads version %d",
				path, v, formatVersion).
				WithHint("Load the data into another directory with --data-dir, or use the program that wrote this one.")
		}
		return nil
	})
	if err != nil || !fresh {
		return err
	}
	err = s.db.Update(func(tx *bbolt.Tx) error {
		for _, b := range buckets {
			if _, err := tx.CreateBucketIfNotExists(b); err != nil {
				return err
			}
		}
		return tx.Bucket(metaBucket).Put(formatKey, key(formatVersion))
	})
	if err != nil {
		return storeError(err, "could not make catalog \"%s\"", path)
	}
	return nil
}

// Close closes the files.
func (s *Store) Close() error { return errors.Join(s.db.Close(), s.seen.file.Close()) }

// key joins numbers so that keys sort as the numbers do.
func key(parts ...uint64) []byte {
	var k []byte
	for _, p := range parts {
		k = binary.BigEndian.AppendUint64(k, p)
	}
	return k
}

func number(b []byte) uint64 {
	if len(b) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(b)
}

// Contents is what a catalog holds when it is opened.
type Contents struct {
	NextID uint64
	Tables []TableContents
	Models []ModelRecord
}

// TableContents is a table with everything that makes up its rows.
type TableContents struct {
	Table    *Table
	Segments []SegmentRecord
	Dicts    []DictRecord
	Log      []LogRecord
}

// LogRecord is the rows of one small commit.
type LogRecord struct {
	Number uint64
	Rows   []byte
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func (s *Store) load() (*Contents, error) {
	c := &Contents{}
	err := s.db.View(func(tx *bbolt.Tx) error {
		for _, b := range buckets {
			if tx.Bucket(b) == nil {
				return fmt.Errorf("bucket %s is missing", b)
			}
		}
		meta := tx.Bucket(metaBucket)
		c.NextID, s.commits = number(meta.Get(nextIDKey)), number(meta.Get(commitKey))
		err := tx.Bucket(tableBucket).ForEach(func(k, v []byte) error {
			t, err := loadTable(tx, v)
			c.Tables = append(c.Tables, t)
			return err
		})
		if err != nil {
			return err
		}
		return tx.Bucket(modelBucket).ForEach(func(k, v []byte) error {
			var m ModelRecord
			err := json.Unmarshal(v, &m)
			c.Models = append(c.Models, m)
			return err
		})
	})
	if err != nil {
		return nil, sqlstate.Wrap(err, sqlstate.DataCorrupted, "catalog \"%s\" is damaged", s.db.Path())
	}
	return c, nil
}

func loadTable(tx *bbolt.Tx, definition []byte) (c TableContents, err error) {
	if c.Table, err = decodeTable(definition); err != nil {
		return c, err
	}
	id := c.Table.ID
	err = forPrefix(tx.Bucket(segmentBucket), id, func(_ uint64, v []byte) error {
		r, err := decodeSegment(v)
		if err == nil && len(r.Cols) != len(c.Table.Columns) {
			err = fmt.Errorf("segment %d of table %q has %d columns", r.ID, c.Table.Name, len(r.Cols))
		}
		c.Segments = append(c.Segments, r)
		return err
	})
	if err != nil {
		return c, err
	}
	err = forPrefix(tx.Bucket(dictBucket), id, func(_ uint64, v []byte) error {
		var d DictRecord
		err := json.Unmarshal(v, &d)
		if err == nil && (d.Ordinal < 0 || d.Ordinal >= len(c.Table.Columns)) {
			err = fmt.Errorf("table %q has no column %d for a dictionary", c.Table.Name, d.Ordinal)
		}
		c.Dicts = append(c.Dicts, d)
		return err
	})
	if err != nil {
		return c, err
	}
	return c, forPrefix(tx.Bucket(logBucket), id, func(n uint64, v []byte) error {
		if len(v) < 4 || crc32.Checksum(v[4:], castagnoli) != binary.BigEndian.Uint32(v) {
			return fmt.Errorf("logged rows %d of table %q have a wrong checksum", n, c.Table.Name)
		}
		c.Log = append(c.Log, LogRecord{Number: n, Rows: append([]byte(nil), v[4:]...)})
		return nil
	})
}

// forPrefix visits the entries of one table in order of the second number of their keys.
func forPrefix(b *bbolt.Bucket, id uint64, visit func(n uint64, v []byte) error) error {
	prefix := key(id)
	c := b.Cursor()
	for k, v := c.Seek(prefix); len(k) == 16 && number(k[:8]) == id; k, v = c.Next() {
		if err := visit(number(k[8:]), v); err != nil {
			return err
		}
	}
	return nil
}

// storeError codes an error of the catalog's file.
func storeError(err error, format string, args ...any) error {
	code := sqlstate.IOError
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, bolterrors.ErrMaxSizeReached) {
		code = sqlstate.DiskFull
	}
	return sqlstate.Wrap(err, code, format, args...)
}
