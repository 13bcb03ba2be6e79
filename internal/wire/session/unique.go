package session

import (
	"context"
	"math/big"
	"strings"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// A primary key is kept by looking for duplicates after the rows of a statement were appended and before the statement is
// acknowledged: a query over what the transaction sees, planned and compiled as any other. Writing transactions are alone,
// so what one sees is what there is, and an error undoes the statement with its transaction. unique_query.go spells the
// queries.
//
// There are two of them, since there is no index. One counts the rows of each key, within the bounds of the keys that were
// appended; it needs a hash table of as many groups as there are rows within the bounds. The other joins the appended
// rows with the table, which takes a hash table of the appended rows only; it is the better one where the bounds leave
// many more rows than were appended, as for texts and keys without order. Either fails with out_of_memory where its hash
// table does not fit, and the statement with it.

// sliceRows is how many rows one run of the counting query should see, and maxSlices how many runs there are at most. A
// hash table of so few groups stays in the caches, which makes eighty runs five times as fast as one over ten million
// rows; and it bounds the memory, unless the keys are crowded in a part of their range.
const (
	sliceRows = 128 << 10
	maxSlices = 256
)

// joinFactor is how many rows within the bounds an appended row stands against before joining is cheaper than counting.
const joinFactor = 4

// appendUnique gives the store the rows of a statement, and fails if the table's primary key is then not unique.
func (s *Session) appendUnique(ctx context.Context, view *view, t *catalog.Table, rows *table.Append) error {
	if len(t.PrimaryKey) == 0 {
		return view.Append(t, rows)
	}
	before, err := view.Snapshot(t)
	if err != nil {
		return err
	}
	if err := view.Append(t, rows); err != nil {
		return err
	}
	after, err := view.Snapshot(t)
	if err != nil {
		return err
	}
	check := keyCheck{session: s, view: view, table: t, before: before, after: after}
	return check.run(ctx, rows)
}

// keyCheck looks for duplicates of a primary key after an append.
type keyCheck struct {
	session *Session
	view    *view
	table   *catalog.Table
	before  *table.Snapshot
	after   *table.Snapshot
	bounds  []keyBounds // of the appended keys, a column of the key each
}

// keyBounds are the least and the greatest appended value of a column of the key, in its physical domain.
type keyBounds struct {
	known  bool
	lo, hi int64
}

func (c *keyCheck) run(ctx context.Context, rows *table.Append) error {
	appended := int64(0)
	for _, image := range rows.Segments {
		appended += image.Rows
	}
	c.bounds = make([]keyBounds, len(c.table.PrimaryKey))
	for i, ordinal := range c.table.PrimaryKey {
		c.bounds[i] = boundsOf(c.table.Columns[ordinal].Type, ordinal, rows)
	}
	if appended == 0 || appended == 1 && c.apart(c.before.Stats, c.before.Rows) {
		return nil
	}
	fresh := c.fresh()
	if c.within()/joinFactor > fresh.Rows {
		return c.join(ctx, fresh)
	}
	return c.count(ctx)
}

// boundsOf merges the bounds of a column over the images. They are known where every image has them and values compare as
// integers do.
func boundsOf(typ sqltype.Type, ordinal int, rows *table.Append) (b keyBounds) {
	switch typ.Kind {
	case sqltype.Int2, sqltype.Int4, sqltype.Int8, sqltype.Date, sqltype.Timestamp, sqltype.Numeric:
	default:
		return keyBounds{}
	}
	for _, image := range rows.Segments {
		if image.Rows == 0 {
			continue
		}
		column := image.Cols[ordinal]
		if column.Layout.Encoding != segment.Scaled || !column.Stats.HasBounds {
			return keyBounds{}
		}
		if !b.known {
			b = keyBounds{true, column.Stats.MinInt, column.Stats.MaxInt}
		}
		b.lo, b.hi = min(b.lo, column.Stats.MinInt), max(b.hi, column.Stats.MaxInt)
	}
	return b
}

// apart tells that none of some rows, by the statistics of their columns, can have an appended key.
func (c *keyCheck) apart(stats []segment.Stats, rows int64) bool {
	if rows == 0 {
		return true
	}
	for i, ordinal := range c.table.PrimaryKey {
		b, s := c.bounds[i], stats[ordinal]
		if b.known && s.HasBounds && (b.hi < s.MinInt || b.lo > s.MaxInt) {
			return true
		}
	}
	return false
}

// within estimates from above how many rows of the table are within the bounds.
func (c *keyCheck) within() int64 {
	rows := int64(0)
	stats := make([]segment.Stats, len(c.table.Columns))
	for _, s := range c.after.Segments {
		for i := range stats {
			stats[i] = s.Cols[i].Stats
		}
		if !c.apart(stats, s.Rows) {
			rows += s.Rows
		}
	}
	return rows
}

// fresh is what the append changed of the table: the segments that were not there before. All appended rows are in it,
// and others may be, which were in the tail.
func (c *keyCheck) fresh() *table.Snapshot {
	old := make(map[uint64]bool)
	for _, s := range c.before.Segments {
		old[s.ID] = true
	}
	var segments []*table.Segment
	var stats table.Stats
	for _, s := range c.after.Segments {
		if !old[s.ID] {
			segments = append(segments, s)
			stats = stats.With(s)
		}
	}
	def := *c.table
	def.ID, def.Schema = 0, appendedSchema // no table's
	return table.NewSnapshot(&def, segments, c.after.Dicts, stats, nil)
}

// join looks for duplicates among the rows that have the key of an appended row.
func (c *keyCheck) join(ctx context.Context, fresh *table.Snapshot) error {
	seen := &view{Tx: appendedTx{c.view.Tx, fresh}, settings: c.view.settings}
	defer seen.close()
	return c.look(ctx, seen, joinQuery(c.table, c.bounds))
}

// count looks for duplicates among the rows within the bounds, a slice of the widest column's range at a time.
func (c *keyCheck) count(ctx context.Context) error {
	widest, width := -1, uint64(0)
	for i, b := range c.bounds {
		if b.known && uint64(b.hi)-uint64(b.lo) >= width {
			widest, width = i, uint64(b.hi)-uint64(b.lo)
		}
	}
	if widest < 0 {
		return c.look(ctx, c.view, countQuery(c.table, c.bounds))
	}
	slices := uint64(min(c.within()/sliceRows+1, maxSlices))
	step := width / slices
	slice, all := &c.bounds[widest], c.bounds[widest]
	for slice.lo = all.lo; ; slice.lo = slice.hi + 1 {
		slice.hi = all.hi
		if uint64(all.hi)-uint64(slice.lo) > step {
			slice.hi = int64(uint64(slice.lo) + step)
		}
		if err := c.look(ctx, c.view, countQuery(c.table, c.bounds)); err != nil || slice.hi == all.hi {
			return err
		}
	}
}

// look runs a query for duplicates; one that it finds is the error.
func (c *keyCheck) look(ctx context.Context, seen *view, query string) error {
	stmts, err := dialect.Parse(query)
	if err != nil {
		return unplaced(err)
	}
	duplicate, err := c.session.firstRow(ctx, &invocation{}, stmts[0], seen)
	if err != nil {
		return unplaced(err)
	}
	if duplicate == nil {
		return nil
	}
	key := make([]string, len(duplicate))
	for i, value := range duplicate {
		key[i] = *value // no column of a key is NULL
	}
	return sqlstate.New(sqlstate.UniqueViolation, "duplicate key value violates unique constraint \"%s\"", keyName(c.table)).
		WithDetail("Key (%s)=(%s) already exists.", strings.Join(keyColumns(c.table, ""), ", "), strings.Join(key, ", "))
}

// unplaced is an error of a query that the client did not write: it has no position in the client's text.
func unplaced(err error) error {
	e := *sqlstate.Of(err)
	e.Position = 0
	return &e
}

// keyName is the name of a table's primary key: the one given to it, or as PostgreSQL makes it, of at most 63 bytes, by
// cutting the table's name between two characters.
func keyName(t *catalog.Table) string {
	if t.KeyName != "" {
		return t.KeyName
	}
	const suffix = "_pkey"
	name := t.Name
	if limit := maxName - len(suffix); len(name) > limit {
		for limit > 0 && name[limit]&0xC0 == 0x80 {
			limit--
		}
		name = name[:limit]
	}
	return name + suffix
}

// maxName is PostgreSQL's limit for a name, in bytes.
const maxName = 63

// appendedSchema is the schema under which the queries find the appended rows. No other table is in it.
const appendedSchema = "pg_appended"

// appendedTx is a transaction that shows the rows of a snapshot as a table of appendedSchema.
type appendedTx struct {
	Tx
	rows *table.Snapshot
}

// Table implements Tx.
func (tx appendedTx) Table(schema, name string) (*catalog.Table, bool) {
	if schema == appendedSchema {
		return tx.rows.Table, name == tx.rows.Table.Name
	}
	return tx.Tx.Table(schema, name)
}

// Snapshot implements Tx.
func (tx appendedTx) Snapshot(t *catalog.Table) (*table.Snapshot, error) {
	if t == tx.rows.Table {
		return tx.rows, nil
	}
	return tx.Tx.Snapshot(t)
}

// datum is a value of a physical domain of integers.
func datum(typ sqltype.Type, value int64) sqltype.Datum {
	if _, scale, ok := typ.PrecisionScale(); ok {
		return sqltype.Datum{N: &sqltype.Decimal{Unscaled: big.NewInt(value), Scale: int32(scale)}}
	}
	return sqltype.Datum{I: value}
}
