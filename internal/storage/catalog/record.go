package catalog

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// SegmentRecord is a segment's file as the catalog knows it.
type SegmentRecord struct {
	ID uint64
	// Position is the segment's place among those of its table: its ID, or the position of a segment that it replaced.
	Position uint64
	Rows     int64
	Size     int64
	Cols     []segment.Column
}

// DictRecord is a dictionary's file.
type DictRecord struct {
	ID            uint64
	Ordinal       int
	Count         int64
	Size          int64
	Offsets, Data segment.Span
}

// ModelRecord is a model version's file.
type ModelRecord struct {
	ID      uint64
	Name    string
	Version int
	Created time.Time
	Size    int64
	CRC     uint32
	// Current is set on the version that a call of the model means (in catalogs of old on none: then it is the latest).
	Current bool `json:",omitempty"`
	// Last, on the current version, is the highest version number that the name has had: numbers are not used again.
	Last int `json:",omitempty"`
	// About is what the registry wants to know of the version without reading its file.
	About json.RawMessage `json:",omitempty"`
}

// The JSON forms below are the format of the catalog's file. Kinds and encodings are written as words, so that their
// numbers may change.

type tableJSON struct {
	ID         uint64       `json:"id"`
	Schema     string       `json:"schema"`
	Name       string       `json:"name"`
	Columns    []columnJSON `json:"columns"`
	PrimaryKey []int        `json:"primary_key,omitempty"`
	KeyName    string       `json:"key_name,omitempty"`
}

type columnJSON struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	Element  string `json:"element,omitempty"` // of an array
	Modifier int32  `json:"modifier"`
	NotNull  bool   `json:"not_null,omitempty"`
}

func encodeTable(t *Table) ([]byte, error) {
	j := tableJSON{ID: t.ID, Schema: t.Schema, Name: t.Name, PrimaryKey: t.PrimaryKey, KeyName: t.KeyName}
	for _, c := range t.Columns {
		k := columnJSON{Name: c.Name, Type: c.Type.Kind.String(), Modifier: c.Type.Mod, NotNull: c.NotNull}
		if c.Type.Kind == sqltype.Array {
			k.Element = c.Type.Elem.String()
		}
		j.Columns = append(j.Columns, k)
	}
	return json.Marshal(j)
}

func decodeTable(b []byte) (*Table, error) {
	var j tableJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return nil, err
	}
	t := &Table{ID: j.ID, Schema: j.Schema, Name: j.Name, PrimaryKey: j.PrimaryKey, KeyName: j.KeyName}
	for _, c := range j.Columns {
		typ, err := c.typ()
		if err != nil {
			return nil, err
		}
		t.Columns = append(t.Columns, Column{Name: c.Name, Type: typ, NotNull: c.NotNull})
	}
	for _, o := range t.PrimaryKey {
		if o < 0 || o >= len(t.Columns) {
			return nil, fmt.Errorf("no column %d for the primary key", o)
		}
	}
	return t, nil
}

func (c columnJSON) typ() (sqltype.Type, error) {
	kind, ok := sqltype.KindNamed(c.Type)
	ok = ok && storable(kind)
	t := sqltype.Type{Kind: kind, Mod: c.Modifier}
	switch kind {
	case sqltype.Array:
		t.Elem, _ = sqltype.KindNamed(c.Element)
		ok = ok && sqltype.StorableElement(t.Elem)
	case sqltype.Vector:
		ok = ok && c.Modifier <= sqltype.MaxDimensions && c.Modifier != 0
	}
	if !ok {
		return t, fmt.Errorf("no type %q %q", c.Type, c.Element)
	}
	return t, nil
}

// storable reports whether a table's column may have the kind.
func storable(k sqltype.Kind) bool { return k >= sqltype.Bool && k <= sqltype.Array }

var encodingNames = [...]string{segment.Scaled: "scaled", segment.Wide: "wide", segment.Float: "float",
	segment.Dictionary: "dictionary", segment.Bytes: "bytes",
	segment.Fixed: "fixed"}

func encodingNamed(name string) (segment.Encoding, bool) {
	for e, n := range encodingNames {
		if n == name {
			return segment.Encoding(e), true
		}
	}
	return 0, false
}

type segmentJSON struct {
	ID       uint64              `json:"id"`
	Position uint64              `json:"position,omitempty"` // 0: the ID
	Rows     int64               `json:"rows"`
	Size     int64               `json:"size"`
	Columns  []segmentColumnJSON `json:"columns"`
}

type segmentColumnJSON struct {
	Encoding  string       `json:"encoding"`
	Width     uint8        `json:"width,omitempty"`
	Count     uint16       `json:"count,omitempty"`
	Nullable  bool         `json:"nullable,omitempty"`
	HasBase   bool         `json:"has_base,omitempty"`
	Base      int64        `json:"base,omitempty"`
	Divisor   int64        `json:"divisor,omitempty"`
	Data      segment.Span `json:"data"`
	Valid     segment.Span `json:"valid"`
	Offsets   segment.Span `json:"offsets"`
	NullCount int64        `json:"null_count,omitempty"`
	HasBounds bool         `json:"has_bounds,omitempty"`
	MinInt    int64        `json:"min_int,omitempty"`
	MaxInt    int64        `json:"max_int,omitempty"`
	MinFloat  uint64       `json:"min_float,omitempty"` // bits, since JSON has no infinities
	MaxFloat  uint64       `json:"max_float,omitempty"`
	Distinct  int64        `json:"distinct,omitempty"`
	Sketch    []byte       `json:"sketch,omitempty"`
}

func encodeSegment(s SegmentRecord) ([]byte, error) {
	j := segmentJSON{ID: s.ID, Rows: s.Rows, Size: s.Size}
	if s.Position != s.ID {
		j.Position = s.Position
	}
	for _, c := range s.Cols {
		j.Columns = append(j.Columns, segmentColumnJSON{Encoding: encodingNames[c.Layout.Encoding], Width: c.Layout.Width, Count: c.Layout.Count,
			Nullable: c.Layout.Nullable, HasBase: c.Layout.HasBase, Base: c.Base, Divisor: c.Layout.Divisor, Data: c.Data, Valid: c.Valid,
			Offsets: c.Offsets, NullCount: c.Stats.NullCount, HasBounds: c.Stats.HasBounds, MinInt: c.Stats.MinInt,
			MaxInt: c.Stats.MaxInt, MinFloat: math.Float64bits(c.Stats.MinFloat), MaxFloat: math.Float64bits(c.Stats.MaxFloat),
			Distinct: c.Stats.Distinct, Sketch: c.Stats.Sketch})
	}
	return json.Marshal(j)
}

func decodeSegment(b []byte) (SegmentRecord, error) {
	var j segmentJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return SegmentRecord{}, err
	}
	s := SegmentRecord{ID: j.ID, Position: cmp.Or(j.Position, j.ID), Rows: j.Rows, Size: j.Size}
	for _, c := range j.Columns {
		e, ok := encodingNamed(c.Encoding)
		if !ok {
			return s, fmt.Errorf("no encoding %q", c.Encoding)
		}
		s.Cols = append(s.Cols, segment.Column{
			Layout: segment.Layout{Encoding: e, Width: c.Width, Count: c.Count, Nullable: c.Nullable, HasBase: c.HasBase, Divisor: c.Divisor},
			Base:   c.Base, Data: c.Data, Valid: c.Valid, Offsets: c.Offsets,
			Stats: segment.Stats{NullCount: c.NullCount, HasBounds: c.HasBounds, MinInt: c.MinInt, MaxInt: c.MaxInt,
				MinFloat: math.Float64frombits(c.MinFloat), MaxFloat: math.Float64frombits(c.MaxFloat), Distinct: c.Distinct,
				Sketch: c.Sketch}})
	}
	return s, nil
}
