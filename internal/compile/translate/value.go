package translate

import (
	"fmt"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// Rep is how a SQL value lies in a block.
type Rep uint8

// The representations.
const (
	RBool     Rep = iota // mask
	RInt                 // i32 or i64 lanes: int2/4/8, date, timestamp; as narrow as the range allows
	RDec                 // i32 or i64 lanes: numeric, unscaled, of fixed scale
	RDec128              // fl_i128 lanes: likewise
	RNum                 // fl_str lanes of fl_num: numeric of any scale
	RF32                 // f32 lanes
	RF64                 // f64 lanes
	RStr                 // fl_str lanes
	RCode                // codes into a table column's dictionary: u8, u16 or u32 lanes
	RInterval            // fl_interval lanes
	RArray               // Elems: an array of so many elements
	RPacked              // fl_str lanes of fl_array: an array of any number of elements
	RVector              // fl_str lanes of f32s: a vector
	RRecord              // Elems
)

// Value is a SQL value, one a row of a block, or (N is no lane value) the same for all rows.
type Value struct {
	Rep   Rep
	Type  sqltype.Type
	Scale int          // RDec, RDec128
	N     *staged.Node // the values; nil for Null, RArray and RRecord
	Valid *staged.Node // mask of rows that have a value; nil: all
	Null  bool         // NULL in every row
	Elems []Value
	Dict  *dictRef // RCode
	// Long tells of a summand (scales.go) which rows show Scale digits after the point; the others show Less. nil: all do.
	Long *staged.Node
	Less int
	// Keep tells that text lies where it outlives the block (a segment, a dictionary, the query's arena).
	Keep bool
}

// null is NULL of a type.
func null(t sqltype.Type) Value { return Value{Type: t, Null: true} }

// row is a block with its selection and the columns known in it.
type row struct {
	blk  *staged.Block
	sel  *staged.Node // mask of the rows that are still there; never nil
	cols map[logical.ColID]Value
}

func (r *row) with(sel *staged.Node) *row { return &row{blk: r.blk, sel: sel, cols: r.cols} }

// extend returns a row with more columns.
func (r *row) extend(cols map[logical.ColID]Value) *row {
	all := make(map[logical.ColID]Value, len(r.cols)+len(cols))
	for k, v := range r.cols {
		all[k] = v
	}
	for k, v := range cols {
		all[k] = v
	}
	return &row{blk: r.blk, sel: r.sel, cols: all}
}

// hint is a value's name in generated code: n<node>_<column>.
func hint(node int, name string) string { return fmt.Sprintf("n%d_%s", node, name) }

// intBounds are the values of SQL's integer types.
func intBounds(k sqltype.Kind) staged.Range {
	switch k {
	case sqltype.Int2:
		return staged.RangeOf(-1<<15, 1<<15-1)
	case sqltype.Int4, sqltype.Date:
		return staged.Full(staged.TI32)
	}
	return staged.Full(staged.TI64)
}
