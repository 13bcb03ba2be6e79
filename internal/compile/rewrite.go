package compile

import (
	"context"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/table"
)

// Rewrite writes segments of a snapshot, from … to-1, again: the result's Append holds them, rows in the same order.
func (e *Engine) Rewrite(ctx context.Context, snap *table.Snapshot, from, to int, into table.Rewriting, opt RunOptions) (*RunResult, error) {
	return e.Run(ctx, rewritePlan(snap, from, to, into), nil, opt)
}

// rewritePlan reads all columns of the segments and hands them to a table sink.
func rewritePlan(snap *table.Snapshot, from, to int, into table.Rewriting) physical.Node {
	part := snap.Part(from, to)
	scan := &physical.Scan{Common: physical.Common{ID: 2, Rows: float64(part.Rows)}, Table: snap.Table, Snapshot: part, Alias: snap.Table.Name}
	sink := &physical.TableSink{Common: physical.Common{ID: 1}, Input: scan, Table: snap.Table, Snapshot: snap, Rewriting: &into}
	for i, c := range snap.Table.Columns {
		col := logical.Column{ID: logical.ColID(i + 1), Name: c.Name, Table: scan.Alias, Type: c.Type, Nullable: !c.NotNull}
		scan.Cols, scan.Ordinals = append(scan.Cols, col), append(scan.Ordinals, i)
		sink.Exprs = append(sink.Exprs, &logical.Ref{Col: col})
	}
	return sink
}
