package storage

import (
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// limits decide between the tail and files.
type limits struct {
	// An append of fewer rows and bytes than these goes to the tail and the log.
	smallRows, smallBytes int64
	// A tail that has reached one of these becomes a segment's file.
	sealRows, sealBytes int64
}

func (l limits) small(rows, bytes int64) bool { return rows < l.smallRows && bytes < l.smallBytes }

var defaultLimits = limits{smallRows: 65536, smallBytes: 8 << 20, sealRows: 4 * 65536, sealBytes: 32 << 20}

// Append adds a statement's rows to a table and closes their shared memory. After an error the transaction must be rolled
// back.
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
}

func (op *appender) run() error {
	defer op.a.Close()
	rows, size, stored := int64(0), int64(0), false
	for i := range op.a.Segments {
		img := &op.a.Segments[i]
		if err := checkImage(op.t, img); err != nil {
			return err
		}
		rows += img.Rows
		size += imageBytes(img)
		stored = stored || img.Stored != nil
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
		if !stored && op.tx.store.limits.small(rows, size) {
			return op.appendToTail()
		}
		return op.appendToFiles()
	})
}

// appendToFiles makes the images parts of the table; those that are not in files yet are written, several at a time.
func (op *appender) appendToFiles() error {
	if err := op.growDicts(); err != nil {
		return err
	}
	images := op.a.Segments
	errs := make([]error, len(images))
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range images {
		if images[i].Stored != nil {
			continue
		}
		slots <- struct{}{}
		wait.Add(1)
		go func() {
			defer func() { <-slots; wait.Done() }()
			errs[i] = op.tx.storeImage(op.t, &images[i])
		}()
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	for i := range images {
		op.tx.adopt(op.t, images[i].Stored)
	}
	return op.checkLayouts()
}

// badAppend is the error for an image that breaks the contract of table.Append.
func badAppend(t *tableState, err error) error {
	return sqlstate.Wrap(err, sqlstate.InternalError, "bad rows for table \"%s\"", t.def.Name)
}

// checkImage looks at where an image's columns lie. That their values are sound is known: storage/load has looked at each.
func checkImage(t *tableState, img *table.Image) error {
	if img.Rows < 0 || img.Rows > segment.MaxRows {
		return badAppend(t, fmt.Errorf("%d rows in an image", img.Rows))
	}
	if len(img.Cols) != len(t.def.Columns) {
		return badAppend(t, fmt.Errorf("%d columns instead of %d", len(img.Cols), len(t.def.Columns)))
	}
	for i, c := range img.Cols {
		err := segment.CheckPlaces(img.Rows, c, img.Size)
		if err == nil && !table.Fits(t.def.Columns[i], c.Layout) {
			err = fmt.Errorf("it cannot have layout %v", c.Layout)
		}
		if err != nil {
			return badAppend(t, fmt.Errorf("column \"%s\": %w", t.def.Columns[i].Name, err))
		}
	}
	return nil
}

// imageBytes is what the values of an image take.
func imageBytes(img *table.Image) (size int64) {
	for _, c := range img.Cols {
		size += c.Data.Length
	}
	return size
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
	s, err := tx.writeSegment(t, t.tailRows, t.tail.Columns(), t.tail.Mem())
	if err != nil {
		return err
	}
	tx.adopt(t, s)
	tx.emptyTail(t)
	return nil
}

// emptyTail starts a new tail: the rows of the old one are in a file.
func (tx *Tx) emptyTail(t *tableState) {
	tx.batch.ClearLog(t.def.ID)
	t.tail, t.tailRows, t.tailView, t.logged = table.NewTail(t.def, tx.store.newID), 0, nil, 0
	tx.tails = append(tx.tails, t.tail)
}

// checkLayouts refuses more combinations of layouts than a table may have. Sinks are told which there are.
func (op *appender) checkLayouts() error {
	if n := len(table.Layouts(op.t.def, op.t.all())); n > table.MaxLayouts {
		return badAppend(op.t, fmt.Errorf("%d combinations of layouts", n))
	}
	return nil
}

// adopt makes a file that the transaction wrote a part of the table, with the commit.
func (tx *Tx) adopt(t *tableState, s *table.Segment) {
	n := tx.written[s.ID]
	n.record.Position = s.ID
	t.addSegment(n.file, s.ID, s)
	tx.batch.AddSegment(t.def.ID, n.record)
}

// fieldsOf describes the table's columns to readers of the file.
func fieldsOf(t *tableState) []segment.Field {
	fields := make([]segment.Field, len(t.def.Columns))
	for i, c := range t.def.Columns {
		fields[i] = segment.Field{Name: c.Name, Type: c.Type, Dictionary: dictName(t, i)}
	}
	return fields
}
