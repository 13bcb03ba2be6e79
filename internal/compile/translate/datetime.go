package translate

import (
	"strings"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// dateArith builds arithmetic of dates, timestamps and intervals.
func (f *fn) dateArith(r *row, e *logical.Call, args []Value) Value {
	valid, active := f.valid(args...), f.rows(r, args...)
	kinds := make([]sqltype.Kind, len(args))
	for i := range args {
		kinds[i] = e.Args[i].Type().Kind
		args[i] = f.lanes(r, args[i])
		if args[i].Rep == RInt {
			t := staged.TI32
			if kinds[i] == sqltype.Timestamp {
				t = staged.TI64
			}
			args[i].N = f.b.Cvt(t, f.spread(r, args[i].N))
		}
	}
	run := func(name string, rep Rep, operands ...Value) Value {
		return Value{Rep: rep, Type: e.Typ, Valid: valid, N: f.runAt(r, name, active, e.Pos, nodes(operands)...)}
	}
	if len(args) == 1 && e.Func == logical.Neg {
		n := f.runAt(r, "flk_neg_interval", active, 0, args[0].N)
		return Value{Rep: RInterval, Type: e.Typ, Valid: valid, N: n}
	}
	a, b := kinds[0], kinds[1]
	isInt := func(k sqltype.Kind) bool { return k.IsInteger() }
	op := arithOps[e.Func]
	switch {
	case a == sqltype.Date && isInt(b):
		return run("flk_date_"+op+"_int", RInt, args[0], args[1])
	case isInt(a) && b == sqltype.Date:
		return run("flk_date_add_int", RInt, args[1], args[0])
	case a == sqltype.Date && b == sqltype.Date:
		return run("flk_date_sub_date", RInt, args[0], args[1])
	case a == sqltype.Timestamp && b == sqltype.Timestamp:
		return run("flk_timestamp_sub", RInterval, args[0], args[1])
	case a == sqltype.Interval && b == sqltype.Interval:
		return run("flk_"+op+"_interval", RInterval, args[0], args[1])
	case a == sqltype.Interval && b == sqltype.Float8:
		return run("flk_"+op+"_interval", RInterval, args[0], args[1])
	case a == sqltype.Float8 && b == sqltype.Interval:
		return run("flk_mul_interval", RInterval, args[1], args[0])
	}
	at, iv := 0, 1
	if a == sqltype.Interval {
		at, iv = 1, 0
	}
	if kinds[iv] == sqltype.Interval {
		if kinds[at] == sqltype.Date {
			args[at].N = f.runAt(r, "flk_timestamp_date", active, e.Pos, args[at].N)
		}
		return run("flk_timestamp_"+op+"_interval", RInt, args[at], args[iv])
	}
	fail(sqlstate.Unsupported("operator %s for %s and %s", e.Func, a, b).At(e.Pos))
	return Value{}
}

var extractFields = map[string]struct {
	name  string
	scale int // of extract() from a timestamp or interval
}{
	"microseconds": {"FL_MICROSECONDS", 0}, "milliseconds": {"FL_MILLISECONDS", 3}, "second": {"FL_SECOND", 6}, "minute": {"FL_MINUTE", 0},
	"hour": {"FL_HOUR", 0}, "day": {"FL_DAY", 0}, "week": {"FL_WEEK", 0}, "month": {"FL_MONTH", 0}, "quarter": {"FL_QUARTER", 0},
	"year": {"FL_YEAR", 0}, "decade": {"FL_DECADE", 0}, "century": {"FL_CENTURY", 0}, "millennium": {"FL_MILLENNIUM", 0},
	"isoyear": {"FL_ISOYEAR", 0}, "dow": {"FL_DOW", 0}, "isodow": {"FL_ISODOW", 0}, "doy": {"FL_DOY", 0}, "epoch": {"FL_EPOCH", 6},
}

// extract builds extract(), date_part() and date_trunc(); the field's name is part of the shape.
func (f *fn) extract(r *row, e *logical.Call) Value {
	d := f.t.datum(e.Args[0], e.Func.String()+"()")
	v := f.eval(r, e.Args[1])
	if d.Null || v.Null {
		return null(e.Typ)
	}
	v = f.lanes(r, v)
	k := e.Args[1].Type().Kind
	field, ok := extractFields[strings.ToLower(d.S)]
	if !ok {
		fail(sqlstate.Unsupported("field %q of %s in a compiled query", d.S, k).At(e.Pos))
	}
	active := f.rows(r, v)
	number := staged.Raw(field.name)
	if e.Func == logical.DateTrunc {
		name, rep := "flk_trunc_timestamp", RInt
		if k == sqltype.Interval {
			name, rep = "flk_trunc_interval", RInterval
		} else {
			v.N = f.b.Cvt(staged.TI64, v.N)
		}
		n := f.runAt(r, name, active, e.Pos, v.N, number)
		return Value{Rep: rep, Type: e.Typ, Valid: v.Valid, N: n}
	}
	out := Value{Rep: RDec, Type: e.Typ, Valid: v.Valid, Scale: field.scale}
	switch k {
	case sqltype.Interval:
		out.N = f.runAt(r, "flk_extract_interval", active, e.Pos, v.N, number)
	default:
		name, t := "flk_extract_timestamp", staged.TI64
		if k == sqltype.Date {
			name, t, out.Scale = "flk_extract_date", staged.TI32, 0
		}
		outs := f.b.Run(r.blk, name, staged.Site{Rows: active, Pos: e.Pos}, f.b.Cvt(t, v.N), number)
		out.N = outs[0]
		out.Valid = f.b.And(outs[1], v.Valid)
	}
	if e.Func == logical.DatePart {
		out.N = f.run(r, "flk_f64_dec64", out.N, lit(out.Scale))
		out.Rep, out.Scale = RF64, 0
	}
	return out
}
