package storage

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/storage/vfs"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// dictionary is a column's strings as an Append sees them: those of the table and those the statement adds.
type dictionary struct {
	used                 bool // by an image's layout
	needed               bool // by a value
	stored               *table.Dict
	delta                *table.DictDelta
	storedMem, deltaMem  []byte
	base, count          int64 // strings of the table, and of both
	old, added           table.Strings
	oldBytes, addedBytes []byte
}

// at finds the string with that code.
func (d *dictionary) at(code int64) []byte {
	if code < d.base {
		return d.old(code)
	}
	return d.added(code - d.base)
}

func dictName(t *tableState, ordinal int) string {
	return t.def.Schema + "." + t.def.Name + "." + t.def.Columns[ordinal].Name
}

// dictMaps lists the files of the dictionaries that the images' codes refer to, and of what the statement adds to them.
func (op *appender) dictMaps() ([]mapping, error) {
	op.dicts = make([]dictionary, len(op.t.def.Columns))
	for _, img := range op.a.Segments {
		for i, c := range img.Cols {
			if c.Layout.Encoding == segment.Dictionary {
				op.dicts[i].used = true
				op.dicts[i].needed = op.dicts[i].needed || c.Stats.NullCount < img.Rows
			}
		}
	}
	var files []mapping
	for i := range op.dicts {
		d := &op.dicts[i]
		if stored := op.t.dicts[i]; stored != nil && d.used {
			if err := stored.Unread.Check(context.Background(), 0); err != nil {
				return nil, err
			}
			d.stored, d.base, d.count = stored.Dict, stored.Count, stored.Count
			files = append(files, mapping{stored.File, stored.Size, &d.storedMem})
		}
	}
	for i := range op.a.Dicts {
		delta := &op.a.Dicts[i]
		if delta.Ordinal < 0 || delta.Ordinal >= len(op.dicts) || !op.t.def.Columns[delta.Ordinal].Type.Kind.IsString() ||
			delta.Count < 0 || delta.Count > math.MaxInt32 {
			return nil, badAppend(op.t, fmt.Errorf("%d strings for the dictionary of column %d", delta.Count, delta.Ordinal))
		}
		d := &op.dicts[delta.Ordinal]
		if !d.used || delta.Count == 0 {
			continue
		}
		if d.base != delta.Base || d.delta != nil {
			return nil, sqlstate.New(sqlstate.SerializationFailure, "could not append to table \"%s\": the dictionary of column \"%s\" "+
				"has %d strings, not %d as when the statement was planned", op.t.def.Name, op.t.def.Columns[delta.Ordinal].Name, d.base,
				delta.Base)
		}
		d.delta, d.count = delta, d.base+delta.Count
		files = append(files, mapping{delta.File, delta.Size, &d.deltaMem})
	}
	return files, nil
}

// openDicts makes the dictionaries' strings readable, when their files are mapped.
func (op *appender) openDicts() error {
	for i := range op.dicts {
		d := &op.dicts[i]
		if d.needed && d.count == 0 {
			return badAppend(op.t, fmt.Errorf("column \"%s\" has codes and no dictionary", op.t.def.Columns[i].Name))
		}
		if d.stored != nil {
			d.old = table.DictStrings(d.stored.Offsets, d.stored.Data, d.storedMem)
			d.oldBytes = d.storedMem[d.stored.Data.Offset:][:d.stored.Data.Length]
		}
		if d.delta == nil {
			continue
		}
		if err := segment.CheckDict(d.delta.Count, d.delta.Offsets, d.delta.Data, d.deltaMem); err != nil {
			return badAppend(op.t, fmt.Errorf("dictionary of column \"%s\": %w", op.t.def.Columns[i].Name, err))
		}
		d.added = table.DictStrings(d.delta.Offsets, d.delta.Data, d.deltaMem)
		used := binary.LittleEndian.Uint32(d.deltaMem[d.delta.Offsets.Offset+d.delta.Count*4:])
		d.addedBytes = d.deltaMem[d.delta.Data.Offset:][:used]
	}
	return nil
}

// growDicts writes the dictionaries that grew to new files. Their strings keep their codes. A small append needs none of
// it: its strings go to the tail as they are.
func (op *appender) growDicts() error {
	for i := range op.dicts {
		if op.dicts[i].delta == nil {
			continue
		}
		if err := op.growDict(i); err != nil {
			return err
		}
	}
	return nil
}

func (op *appender) growDict(ordinal int) error {
	d, t, s := &op.dicts[ordinal], op.t, op.tx.store
	if int64(len(d.oldBytes))+int64(len(d.addedBytes)) > math.MaxInt32 {
		return sqlstate.New(sqlstate.ProgramLimitExceeded, "the dictionary of column \"%s\" of table \"%s\" would exceed 2 GB",
			t.def.Columns[ordinal].Name, t.def.Name)
	}
	mem := make([]byte, 0, (d.count+1)*4+int64(len(d.oldBytes)+len(d.addedBytes)))
	end := uint32(0)
	for code := int64(0); code <= d.count; code++ {
		mem = binary.LittleEndian.AppendUint32(mem, end)
		if code < d.count {
			end += uint32(len(d.at(code)))
		}
	}
	offsets := segment.Span{Length: int64(len(mem))}
	mem = append(append(mem, d.oldBytes...), d.addedBytes...)
	data := segment.Span{Offset: offsets.Length, Length: int64(len(mem)) - offsets.Length}

	id := s.newID()
	var written segment.Written
	f, err := s.writeFile(dictionaryFile, id, func(w vfs.File) (int64, error) {
		var err error
		written, err = segment.WriteDict(w, dictName(t, ordinal), d.count, offsets, data, mem)
		return written.Size, err
	})
	if err != nil {
		return err
	}
	op.tx.created = append(op.tx.created, f)
	if old := t.dicts[ordinal]; old != nil {
		op.tx.garbage = append(op.tx.garbage, old.file)
	}
	at := written.Cols[0]
	t.dicts[ordinal] = &storedDict{file: f, Dict: &table.Dict{ID: id, Count: d.count, File: f.file, Size: f.size, Offsets: at.Offsets,
		Data: at.Data}}
	op.tx.batch.PutDict(t.def.ID, catalog.DictRecord{ID: id, Ordinal: ordinal, Count: d.count, Size: f.size,
		Offsets: at.Offsets, Data: at.Data})
	return nil
}
