package storage

import (
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/storage/vfs"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// limits decide between the tail and files.
type limits struct {
	// An append of fewer rows and bytes than these goes to the tail and the log.
	smallRows, smallBytes int64
	// A tail that has reached one of these becomes a segment's file.
	sealRows, sealBytes int64
}

var defaultLimits = limits{smallRows: 65536, smallBytes: 8 << 20, sealRows: 4 * 65536, sealBytes: 32 << 20}

// maxLayouts is how many combinations of layouts a table's segments may have. One of them is the wide one, which every
// image can be turned into.
const maxLayouts = 4

// Append adds a statement's rows to a table. After an error the transaction must be rolled back.
func (tx *Tx) Append(def *catalog.Table, a *table.Append) error {
	if err := tx.writable(); err != nil {
		return err
	}
	t, err := tx.own(def)
	if err != nil {
		return err
	}
	op := appender{tx: tx, t: t, a: a}
	return op.run()
}

// appender is one Append at work.
type appender struct {
	tx    *Tx
	t     *tableState
	a     *table.Append
	dicts []dictionary // by ordinal, with the statement's own strings
	ids   sync.Mutex
}

func (op *appender) run() error {
	rows, size := int64(0), int64(0)
	for _, img := range op.a.Segments {
		if img.Rows < 0 || img.Rows > segment.MaxRows {
			return badAppend(op.t, fmt.Errorf("%d rows in an image", img.Rows))
		}
		rows += img.Rows
		for _, c := range img.Cols {
			size += c.Data.Length
		}
		if len(img.Cols) != len(op.t.def.Columns) {
			return badAppend(op.t, fmt.Errorf("%d columns instead of %d", len(img.Cols), len(op.t.def.Columns)))
		}
	}
	if rows == 0 {
		return nil
	}
	maps, err := op.dictMaps()
	if err != nil {
		return err
	}
	return withMaps(maps, func() error {
		if err := op.openDicts(); err != nil {
			return err
		}
		if l := op.tx.store.limits; rows < l.smallRows && size < l.smallBytes {
			return op.appendToTail()
		}
		return op.appendToFiles()
	})
}

// appendToFiles writes a file for each image, several at a time.
func (op *appender) appendToFiles() error {
	if err := op.growDicts(); err != nil {
		return err
	}
	images := op.a.Segments
	keep := op.keepLayouts()
	written := make([][]newSegment, len(images))
	errs := make([]error, len(images))
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range images {
		slots <- struct{}{}
		wait.Add(1)
		go func() {
			defer func() { <-slots; wait.Done() }()
			errs[i] = segment.WithMap(images[i].File, images[i].Size, func(mem []byte) (err error) {
				written[i], err = op.writeImage(&images[i], mem, keep[i])
				return err
			})
		}()
	}
	wait.Wait()
	for _, segments := range written {
		for _, n := range segments {
			op.tx.adopt(op.t, n)
		}
	}
	return errors.Join(errs...)
}

// badAppend is the error for an image that breaks the contract of table.Append.
func badAppend(t *tableState, err error) error {
	return sqlstate.Wrap(err, sqlstate.InternalError, "bad rows for table \"%s\"", t.def.Name)
}

func (op *appender) check(img *table.Image, mem []byte) error {
	for i, c := range img.Cols {
		err := segment.CheckColumn(img.Rows, c, mem, op.dicts[i].count)
		if err == nil && !table.Fits(op.t.def.Columns[i], c.Layout) {
			err = fmt.Errorf("it cannot have layout %v", c.Layout)
		}
		if err != nil {
			return badAppend(op.t, fmt.Errorf("column \"%s\": %w", op.t.def.Columns[i].Name, err))
		}
	}
	return nil
}

func (op *appender) strings() []table.Strings {
	s := make([]table.Strings, len(op.dicts))
	for i := range op.dicts {
		s[i] = op.dicts[i].at
	}
	return s
}

// appendToTail puts the rows into the table's tail.
func (op *appender) appendToTail() error {
	t := op.t
	if t.tail.Rows() != t.tailRows { // rows of a transaction that was rolled back
		tail, err := t.tail.Copy(t.tailRows)
		if err != nil {
			return err
		}
		op.tx.tails = append(op.tx.tails, tail)
		t.tail = tail
	}
	for i := range op.a.Segments {
		img := &op.a.Segments[i]
		err := segment.WithMap(img.File, img.Size, func(mem []byte) error {
			if err := op.check(img, mem); err != nil {
				return err
			}
			end, err := t.tail.AppendImage(img, mem, op.strings(), 0, img.Rows)
			if err == nil && end < img.Rows {
				err = badAppend(t, fmt.Errorf("more than %d bytes in a column", table.MaxTailBytes))
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	t.tailRows = t.tail.Rows()
	t.tailView = t.tail.View(op.tx.store.newID())
	op.tx.views = append(op.tx.views, t.tailView)
	op.tx.appended[t.def.ID] = t
	if l := op.tx.store.limits; t.tailRows >= l.sealRows || t.tail.Bytes() >= l.sealBytes {
		return op.tx.seal(t)
	}
	return nil
}

// seal writes the tail to a segment's file and starts a new one.
func (tx *Tx) seal(t *tableState) error {
	n, err := tx.store.writeSegment(t, tx.store.newID(), t.tailRows, t.tail.Columns(), t.tail.Mem())
	if err != nil {
		return err
	}
	tx.adopt(t, n)
	tx.batch.ClearLog(t.def.ID)
	t.tail, t.tailRows, t.tailView, t.logged = table.NewTail(t.def, tx.store.newID), 0, nil, 0
	tx.tails = append(tx.tails, t.tail)
	return nil
}

// writeImage writes an image to a file: as it is, or turned into the wide layout, which may take several. It returns what
// was written even with an error.
func (op *appender) writeImage(img *table.Image, mem []byte, keep bool) (written []newSegment, err error) {
	if err := op.check(img, mem); err != nil {
		return nil, err
	}
	if keep {
		n, err := op.tx.store.writeSegment(op.t, op.newID(), img.Rows, img.Cols, mem)
		if err != nil {
			return nil, err
		}
		return []newSegment{n}, nil
	}
	for row := int64(0); row < img.Rows; {
		wide := table.NewTail(op.t.def, op.newID)
		end, err := wide.AppendImage(img, mem, op.strings(), row, img.Rows)
		if err == nil && end == row {
			err = badAppend(op.t, fmt.Errorf("more than %d bytes in a row", table.MaxTailBytes))
		}
		var n newSegment
		if err == nil {
			n, err = op.tx.store.writeSegment(op.t, op.newID(), wide.Rows(), wide.View(0).Cols, wide.Mem())
		}
		wide.Discard()
		if err != nil {
			return written, err
		}
		written = append(written, n)
		row = end
	}
	return written, nil
}

// newID is Store.newID for several writers of one Append.
func (op *appender) newID() uint64 {
	op.ids.Lock()
	defer op.ids.Unlock()
	return op.tx.store.newID()
}

// keepLayouts tells for each image whether it may keep its layouts, so that the table does not get more combinations than
// maxLayouts. The wide combination, which the tail has, always may live.
func (op *appender) keepLayouts() []bool {
	wide := make([]segment.Column, len(op.t.def.Columns))
	for i, c := range op.t.def.Columns {
		wide[i].Layout = table.WideLayout(c)
	}
	live := map[string]bool{layoutKey(wide): true}
	for _, s := range op.t.segments {
		live[layoutKey(s.Cols)] = true
	}
	keep := make([]bool, len(op.a.Segments))
	for i, img := range op.a.Segments {
		key := layoutKey(img.Cols)
		if keep[i] = live[key] || len(live) < maxLayouts; keep[i] {
			live[key] = true
		}
	}
	return keep
}

func layoutKey(cols []segment.Column) string {
	layouts := make([]segment.Layout, len(cols))
	for i, c := range cols {
		layouts[i] = c.Layout
	}
	return fmt.Sprint(layouts)
}

// newSegment is a segment's file that no table has yet.
type newSegment struct {
	file   *storedFile
	record catalog.SegmentRecord
}

// writeSegment writes rows to a new file. It changes nothing but the disk.
func (s *Store) writeSegment(t *tableState, id uint64, rows int64, cols []segment.Column, mem []byte) (newSegment, error) {
	var written segment.Written
	f, err := s.writeFile(segmentFile, id, func(w vfs.File) (int64, uint32, error) {
		var err error
		written, err = segment.Write(w, fieldsOf(t), rows, cols, mem)
		return written.Size, written.CRC, err
	})
	if err != nil {
		return newSegment{}, err
	}
	return newSegment{f, catalog.SegmentRecord{ID: id, Rows: rows, Size: f.size, CRC: f.crc, Cols: written.Cols}}, nil
}

// adopt makes a file a part of the table, with the commit.
func (tx *Tx) adopt(t *tableState, n newSegment) {
	tx.created = append(tx.created, n.file)
	r := n.record
	t.addSegment(n.file, &table.Segment{ID: r.ID, Memory: r.ID, Rows: r.Rows, Cols: r.Cols, File: n.file.file, Size: r.Size})
	tx.batch.AddSegment(t.def.ID, r)
}

// fieldsOf describes the table's columns to readers of the file.
func fieldsOf(t *tableState) []segment.Field {
	fields := make([]segment.Field, len(t.def.Columns))
	for i, c := range t.def.Columns {
		fields[i] = segment.Field{Name: c.Name, Type: c.Type, Dictionary: dictName(t, i)}
	}
	return fields
}
