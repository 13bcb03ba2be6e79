package catalog

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

func everyType() *Table {
	t := &Table{ID: 7, Schema: "public", Name: `odd "name"`, PrimaryKey: []int{1, 0}, KeyName: `a "key"`}
	for k := sqltype.Bool; k <= sqltype.Interval; k++ {
		t.Columns = append(t.Columns, Column{Name: k.String(), Type: sqltype.Of(k), NotNull: k%2 == 0})
	}
	t.Columns = append(t.Columns, Column{Name: "n", Type: sqltype.NumericOf(3, -2)}, Column{Name: "v", Type: sqltype.Type{Kind: sqltype.Varchar, Mod: 25}})
	return t
}

func sampleSegment(id uint64, columns int) SegmentRecord {
	s := SegmentRecord{ID: id, Position: min(id, 100), Rows: 3, Size: 1 << 40}
	for i := range columns {
		s.Cols = append(s.Cols, segment.Column{
			Layout: segment.Layout{Encoding: segment.Encoding(i % 5), Width: 4, Nullable: true, HasBase: true, Divisor: 100},
			Base:   math.MinInt64, Data: segment.Span{Offset: 64, Length: 12}, Valid: segment.Span{Offset: 256, Length: 1},
			Stats: segment.Stats{NullCount: 1, HasBounds: true, MinInt: math.MinInt64, MaxInt: math.MaxInt64, MinFloat: math.Inf(-1),
				MaxFloat: math.MaxFloat64, Distinct: 2, Sketch: []byte{1, 2}}})
	}
	return s
}

func TestContentsSurvive(t *testing.T) {
	path := filepath.Join(t.TempDir(), "catalog.db")
	s, c, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Tables)+len(c.Models) != 0 {
		t.Fatalf("a new catalog holds %+v", c)
	}
	def, other := everyType(), everyType()
	other.ID = 8
	dict := DictRecord{ID: 4, Ordinal: 7, Count: 2, Size: 99, Offsets: segment.Span{Offset: 64, Length: 12, CRC: 0xFFFFFFFF}}
	model := ModelRecord{ID: 5, Name: "m", Version: 2, Created: time.Date(2024, 2, 29, 1, 2, 3, 4, time.UTC), Size: 10, CRC: 6}
	var b Batch
	b.PutTable(def)
	b.PutTable(other)
	b.AddSegment(7, sampleSegment(300, len(def.Columns)))
	b.AddSegment(7, sampleSegment(2, len(def.Columns)))
	b.AddSegment(7, sampleSegment(301, len(def.Columns)))
	b.RemoveSegment(7, 301)
	b.PutDict(7, dict)
	b.AddLog(7, LogRecord{Number: 0, Rows: []byte("a")})
	b.AddLog(7, LogRecord{Number: 1, Rows: []byte("b")})
	b.AddLog(8, LogRecord{Number: 0, Rows: []byte("c")})
	b.PutModel(model)
	b.PutModel(ModelRecord{ID: 6})
	if err := s.Apply(&b, 1000); err != nil {
		t.Fatal(err)
	}
	var second Batch
	second.DropTable(8)
	second.DropModel(6)
	if err := s.Apply(&second, 1001); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, c, err = Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := &Contents{NextID: 1001, Models: []ModelRecord{model}, Tables: []TableContents{{Table: def,
		Segments: []SegmentRecord{sampleSegment(2, len(def.Columns)), sampleSegment(300, len(def.Columns))}, Dicts: []DictRecord{dict},
		Log: []LogRecord{{0, []byte("a")}, {1, []byte("b")}}}}}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got\n%+v\nwant\n%+v", c, want)
	}
	var third Batch
	third.ClearLog(7)
	if err := s.Apply(&third, 1002); err != nil {
		t.Fatal(err)
	}
	if c, err = s.load(); err != nil || len(c.Tables[0].Log) != 0 {
		t.Errorf("after the log was cleared: %+v, %v", c, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAnotherFormatIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "catalog.db")
	s, _, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = s.db.Update(func(tx *bbolt.Tx) error { return tx.Bucket(metaBucket).Put(formatKey, key(formatVersion+1)) })
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err = Open(path, Options{}); sqlstate.Of(err).Code != sqlstate.ObjectNotInState {
		t.Error(err)
	}
}

func TestDamagedCatalogs(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "catalog.db")
	s, _, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = s.db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket(tableBucket).Put(key(1), []byte(`{"columns":[{"type":"box"}]}`))
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.load(); sqlstate.Of(err).Code != sqlstate.DataCorrupted {
		t.Errorf("an unknown type: %v", err)
	}
	err = s.db.Update(func(tx *bbolt.Tx) error {
		b, err := encodeTable(&Table{ID: 1})
		if err != nil {
			return err
		}
		if err := tx.Bucket(tableBucket).Put(key(1), b); err != nil {
			return err
		}
		return tx.Bucket(logBucket).Put(key(1, 0), []byte("12345"))
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.load(); sqlstate.Of(err).Code != sqlstate.DataCorrupted {
		t.Errorf("logged rows with a wrong checksum: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{1, 100, 4096, 5000, 9000, len(good) / 2} {
		cut := filepath.Join(dir, fmt.Sprint("cut", size))
		if err := os.WriteFile(cut, good[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		if s, _, err := Open(cut, Options{}); err == nil {
			s.Close()
			t.Errorf("a catalog cut to %d bytes was opened", size)
		}
	}
}
