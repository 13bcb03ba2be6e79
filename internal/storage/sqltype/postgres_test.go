package sqltype

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// TestAgainstPostgres compares with PostgreSQL 15's answers, which testdata/expect.py wrote into the files.
func TestAgainstPostgres(t *testing.T) {
	files, err := filepath.Glob("testdata/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test files: %v", err)
	}
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			lines := bufio.NewScanner(f)
			lines.Buffer(nil, 1<<20)
			for n := 1; lines.Scan(); n++ {
				var c []string
				if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
					t.Fatalf("line %d: %v", n, err)
				}
				op, args, want := c[0], c[1:len(c)-1], c[len(c)-1]
				if got := answer(op, args); got != want {
					t.Errorf("line %d: %s %q:\n got %s\nwant %s", n, op, args, short(got), short(want))
				}
			}
		})
	}
}

func short(s string) string {
	if len(s) > 300 {
		return s[:300] + "…"
	}
	return s
}

func answer(op string, args []string) string {
	s, err := evaluate(op, args)
	if err == nil {
		return s
	}
	var e *sqlstate.Error
	if !errors.As(err, &e) {
		return "uncoded error: " + err.Error()
	}
	s = fmt.Sprintf("ERROR %s: %s", e.Code, e.Message)
	if e.Detail != "" {
		s += " DETAIL " + e.Detail
	}
	if e.Hint != "" {
		s += " HINT " + e.Hint
	}
	return s
}

func typeNamed(name string) Type {
	if elem, isArray := strings.CutSuffix(name, "[]"); isArray {
		return ArrayOf(typeNamed(elem).Kind, 0)
	}
	for k := Bool; k <= Interval; k++ {
		if k.String() == name {
			return Of(k)
		}
	}
	base, rest, hasMod := strings.Cut(name, "(")
	mod := strings.Split(strings.TrimSuffix(rest, ")"), ",")
	n, _ := strconv.Atoi(mod[0])
	switch {
	case base == "timestamp" && !hasMod:
		return Of(Timestamp)
	case base == "timestamp":
		return Type{Kind: Timestamp, Mod: int32(n)}
	case base == "numeric":
		s, _ := strconv.Atoi(mod[1])
		return NumericOf(n, s)
	case base == "character varying":
		return Type{Kind: Varchar, Mod: int32(n)}
	case base == "character":
		return Type{Kind: Char, Mod: int32(n)}
	case strings.HasPrefix(base, "interval"):
		fields, precision := IntervalAllFields, IntervalFullPrecision
		for f, q := range intervalQualifiers {
			if "interval"+q == base {
				fields = f
			}
		}
		if hasMod {
			precision = n
		}
		return IntervalOf(fields, precision)
	}
	panic("no type " + name)
}

func mustParse(k Kind, s string) (Datum, error) { return ParseAt(Of(k), s, time.Now()) }

// evaluate runs an operation; arguments that do not parse are its error, as in SQL.
func evaluate(op string, args []string) (string, error) {
	if op == "parse" {
		typ := typeNamed(args[0])
		d, err := ParseAt(typ, args[1], time.Now())
		if err != nil {
			return "", err
		}
		return Format(typ, d), nil
	}
	for prefix, f := range map[string]func(string, []string) (string, error){"interval_": intervalOp, "timestamp_": timestampOp,
		"date_": dateOp, "extract_": extractOp, "trunc_": truncOp, "numeric_": numericCast} {
		if rest, ok := strings.CutPrefix(op, prefix); ok {
			return f(rest, args)
		}
	}
	if k, ok := map[string]Kind{"float4_numeric": Float4, "float8_numeric": Float8}[op]; ok {
		d, err := mustParse(k, args[0])
		if err != nil {
			return "", err
		}
		return DecimalFromFloat(k, d.F).String(), nil
	}
	return decimalOp(op, args)
}

func decimalOp(op string, args []string) (string, error) {
	a, err := ParseDecimal(args[0])
	if err != nil {
		return "", err
	}
	text := func(d *Decimal, err error) (string, error) {
		if err != nil {
			return "", err
		}
		return d.String(), nil
	}
	switch op {
	case "floor":
		return text(a.Floor(), nil)
	case "ceil":
		return text(a.Ceil(), nil)
	case "round", "trunc":
		n, _ := strconv.Atoi(args[1])
		if op == "round" {
			return text(a.Round(n))
		}
		return text(a.Trunc(n), nil)
	}
	b, err := ParseDecimal(args[1])
	if err != nil {
		return "", err
	}
	switch op {
	case "add":
		return text(a.Add(b))
	case "sub":
		return text(a.Sub(b))
	case "mul":
		return text(a.Mul(b))
	case "div":
		return text(a.Div(b))
	case "mod":
		return text(a.Mod(b))
	case "cmp":
		c := a.Cmp(b)
		return strconv.Itoa(cmpOrdered(c, 0)), nil
	}
	panic("no operation " + op)
}

func numericCast(to string, args []string) (string, error) {
	a, err := ParseDecimal(args[0])
	if err != nil {
		return "", err
	}
	switch k := map[string]Kind{"int2": Int2, "int4": Int4, "int8": Int8, "float4": Float4, "float8": Float8}[to]; k {
	case Float4, Float8:
		f, err := a.ToFloat(k)
		return string(appendFloat(nil, k, f)), err
	case Unknown:
		b, err := AppendBinary(nil, Of(Numeric), Datum{N: a})
		if err != nil {
			return "", err
		}
		back, err := ParseBinary(Of(Numeric), b)
		if err != nil || back.N.String() != a.String() {
			return fmt.Sprintf("binary round trip: %v %v", back.N, err), nil
		}
		if u, ok := Unpack(AppendPacked(nil, a)); !ok || u.String() != a.String() {
			return fmt.Sprintf("packed round trip: %v", u), nil
		}
		return hex.EncodeToString(b), nil
	default:
		v, err := a.ToInteger(k)
		return strconv.FormatInt(v, 10), err
	}
}

func intervalOp(op string, args []string) (string, error) {
	a, err := mustParse(Interval, args[0])
	if err != nil {
		return "", err
	}
	text := func(v IntervalValue, err error) (string, error) { return Format(Of(Interval), Datum{Iv: v}), err }
	switch op {
	case "neg":
		return text(IntervalNeg(a.Iv))
	case "mul", "div":
		f, err := mustParse(Float8, args[1])
		if err != nil {
			return "", err
		}
		if op == "mul" {
			return text(IntervalMul(a.Iv, f.F))
		}
		return text(IntervalDiv(a.Iv, f.F))
	}
	b, err := mustParse(Interval, args[1])
	if err != nil {
		return "", err
	}
	switch op {
	case "add":
		return text(IntervalAdd(a.Iv, b.Iv))
	case "sub":
		return text(IntervalSub(a.Iv, b.Iv))
	}
	return strconv.Itoa(IntervalCmp(a.Iv, b.Iv)), nil
}

func timestampOp(op string, args []string) (string, error) {
	a, err := mustParse(Timestamp, args[0])
	if err != nil {
		return "", err
	}
	text := func(v int64, err error) (string, error) { return Format(Of(Timestamp), Datum{I: v}), err }
	switch op {
	case "date":
		v, err := TimestampToDate(a.I)
		return Format(Of(Date), Datum{I: v}), err
	case "diff":
		b, err := mustParse(Timestamp, args[1])
		if err != nil {
			return "", err
		}
		v, err := TimestampDiff(a.I, b.I)
		return Format(Of(Interval), Datum{Iv: v}), err
	}
	b, err := mustParse(Interval, args[1])
	if err != nil {
		return "", err
	}
	if op == "add" {
		return text(TimestampAdd(a.I, b.Iv))
	}
	return text(TimestampSub(a.I, b.Iv))
}

func dateOp(op string, args []string) (string, error) {
	a, err := mustParse(Date, args[0])
	if err != nil {
		return "", err
	}
	switch op {
	case "timestamp":
		v, err := DateToTimestamp(a.I)
		return Format(Of(Timestamp), Datum{I: v}), err
	case "add":
		n, _ := strconv.ParseInt(args[1], 10, 64)
		v, err := DateAddDays(a.I, n)
		return Format(Of(Date), Datum{I: v}), err
	}
	b, err := mustParse(Date, args[1])
	if err != nil {
		return "", err
	}
	v, err := DateDiff(a.I, b.I)
	return strconv.FormatInt(v, 10), err
}

func extractOp(kind string, args []string) (string, error) {
	k := map[string]Kind{"date": Date, "timestamp": Timestamp, "interval": Interval}[kind]
	d, err := mustParse(k, args[1])
	if err != nil {
		return "", err
	}
	v, null, err := Extract(args[0], k, d)
	if err != nil {
		return "", err
	}
	if null {
		return "NULL", nil
	}
	return v.String(), nil
}

func truncOp(kind string, args []string) (string, error) {
	if kind == "interval" {
		d, err := mustParse(Interval, args[1])
		if err != nil {
			return "", err
		}
		v, err := TruncInterval(args[0], d.Iv)
		return Format(Of(Interval), Datum{Iv: v}), err
	}
	d, err := mustParse(Timestamp, args[1])
	if err != nil {
		return "", err
	}
	v, err := TruncTimestamp(args[0], d.I)
	return Format(Of(Timestamp), Datum{I: v}), err
}
