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
	m, pos := staged.A(active), lit(e.Pos)
	run := func(name string, out *staged.Type, rep Rep, order ...int) Value {
		ka := []staged.Arg{staged.W, staged.Out(0)}
		for _, i := range order {
			ka = append(ka, staged.A(args[i].N))
		}
		n := f.raising1(r, name, out, active, append(ka, m, pos, staged.N)...)
		return Value{Rep: rep, Type: e.Typ, Valid: valid, N: n}
	}
	if len(args) == 1 && e.Func == logical.Neg {
		n := f.raising1(r, "flk_neg_interval", staged.TInterval, active, staged.W, staged.Out(0), staged.A(args[0].N), m, staged.N)
		return Value{Rep: RInterval, Type: e.Typ, Valid: valid, N: n}
	}
	a, b := kinds[0], kinds[1]
	isInt := func(k sqltype.Kind) bool { return k.IsInteger() }
	op := map[logical.Func]string{logical.Add: "add", logical.Sub: "sub", logical.Mul: "mul", logical.Div: "div"}[e.Func]
	switch {
	case a == sqltype.Date && isInt(b):
		return run("flk_date_"+op+"_int", staged.TI32, RInt, 0, 1)
	case isInt(a) && b == sqltype.Date:
		return run("flk_date_add_int", staged.TI32, RInt, 1, 0)
	case a == sqltype.Date && b == sqltype.Date:
		return run("flk_date_sub_date", staged.TI32, RInt, 0, 1)
	case a == sqltype.Timestamp && b == sqltype.Timestamp:
		return run("flk_timestamp_sub", staged.TInterval, RInterval, 0, 1)
	case a == sqltype.Interval && b == sqltype.Interval:
		return run("flk_"+op+"_interval", staged.TInterval, RInterval, 0, 1)
	case a == sqltype.Interval && b == sqltype.Float8:
		return run("flk_"+op+"_interval", staged.TInterval, RInterval, 0, 1)
	case a == sqltype.Float8 && b == sqltype.Interval:
		return run("flk_mul_interval", staged.TInterval, RInterval, 1, 0)
	}
	at, iv := 0, 1
	if a == sqltype.Interval {
		at, iv = 1, 0
	}
	if kinds[iv] == sqltype.Interval {
		if kinds[at] == sqltype.Date {
			args[at].N = f.raising1(r, "flk_timestamp_date", staged.TI64, active, staged.W, staged.Out(0), staged.A(args[at].N), m, pos, staged.N)
		}
		return run("flk_timestamp_"+op+"_interval", staged.TI64, RInt, at, iv)
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
	d, _ := f.t.datum(e.Args[0])
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
	number := staged.A(staged.Raw(field.name))
	if e.Func == logical.DateTrunc {
		name, out, rep := "flk_trunc_timestamp", staged.TI64, RInt
		if k == sqltype.Interval {
			name, out, rep = "flk_trunc_interval", staged.TInterval, RInterval
		} else {
			v.N = f.b.Cvt(staged.TI64, v.N)
		}
		n := f.raising1(r, name, out, active, staged.W, staged.Out(0), staged.A(v.N), number, staged.A(active), lit(e.Pos), staged.N)
		return Value{Rep: rep, Type: e.Typ, Valid: v.Valid, N: n}
	}
	out := Value{Rep: RDec, Type: e.Typ, Valid: v.Valid, Scale: field.scale}
	switch k {
	case sqltype.Interval:
		out.N = f.raising1(r, "flk_extract_interval", staged.TI64, active, staged.W, staged.Out(0), staged.A(v.N), number, staged.A(active), lit(e.Pos), staged.N)
	default:
		name, t := "flk_extract_timestamp", staged.TI64
		if k == sqltype.Date {
			name, t, out.Scale = "flk_extract_date", staged.TI32, 0
		}
		outs := f.b.Kernel(r.blk, &staged.Kernel{Func: name, Outs: []*staged.Type{staged.TI64, staged.TMask}, Raises: true, Mask: active,
			Args: []staged.Arg{staged.W, staged.Out(0), staged.Out(1), staged.A(f.b.Cvt(t, v.N)), number, staged.A(active), lit(e.Pos), staged.N}})
		out.N = outs[0]
		out.Valid = f.b.And(outs[1], v.Valid)
	}
	if e.Func == logical.DatePart {
		out.N = f.kernel1(r, "flk_f64_dec64", staged.TF64, staged.Out(0), staged.A(out.N), lit(out.Scale), staged.N)
		out.Rep, out.Scale = RF64, 0
	}
	return out
}
