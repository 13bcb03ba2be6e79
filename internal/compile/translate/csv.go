package translate

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/load"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// csv is the source of COPY data: a morsel is a chunk of the stream, parsed to text lanes (crt/src/csv.h). The casts to the
// columns' types are the plan's.
type csv struct{ n *physical.CSVSource }

var csvReader = staged.External("fl_csv_reader")

// format is COPY's options as the runtime reads them.
func (s *csv) format(l *line) *load.CSVFormat {
	o := s.n.Format
	f := &load.CSVFormat{Text: o.Text, Delimiter: o.Delimiter, Quote: o.Quote, Escape: o.Escape, Null: o.Null,
		Header: o.Header, ForceNull: o.ForceNull, ForceNotNull: o.ForceNotNull}
	if sink, ok := l.p.Sink.(*physical.TableSink); ok {
		f.Table = sink.Table.Name
	}
	for _, c := range s.n.Cols {
		f.Columns = append(f.Columns, c.Name)
	}
	return f
}

func (s *csv) open(l *line) {
	l.flags["FL_STREAM"] = true
	l.t.prog.C.Includes = append(l.t.prog.C.Includes, "csv.h")
	l.t.prog.Input = s.format(l).CutState()
}

func (s *csv) produce(l *line, f *fn, consume func(*fn, *row)) {
	b := f.b
	format := f.blob(l.t.addBlob(s.format(l).Encode()))
	reader := b.Cast(csvReader.Type().Ptr(), b.Call(staged.TVoid.Ptr(), "fl_alloc", f.w, staged.Sizeof(csvReader.Type())))
	b.Call(staged.TVoid, "fl_csv_open", f.w, reader, format, b.Fixed(f.w, "chunk", staged.TU8.Ptr()), b.Fixed(f.w, "chunk_len", staged.TU64),
		b.Fixed(f.w, "chunk_row", staged.TU64))
	b.Loop(0, func() {
		f.nextBlock()
		blk := b.NewBlock(nil) // as long as the reader will say
		r := &row{blk: blk, sel: blk.Head, cols: map[logical.ColID]Value{}}
		var text, valid []*staged.Node
		for _, c := range s.n.Cols {
			v := Value{Rep: RStr, Type: sqltype.Of(sqltype.Text), N: b.Scratch(blk, staged.TStr, hint(s.n.ID, c.Name)),
				Valid: b.Scratch(blk, staged.TMask, hint(s.n.ID, c.Name)+"_valid")}
			text, valid = append(text, b.Array(v.N)), append(valid, b.Array(v.Valid))
			r.cols[c.ID] = v
		}
		blk.N = b.Call(staged.TU32, "fl_csv_block", reader, b.Addresses(text), b.Addresses(valid), staged.Int(staged.TU32, int64(len(s.n.Cols)))).Named("n")
		b.If(b.Scalar("not", staged.TI32, blk.N), func() { b.Emit(&staged.Break{}) }, nil)
		consume(f, r)
	})
	b.Call(staged.TVoid, "fl_free", f.w, reader, staged.Sizeof(csvReader.Type()))
}
