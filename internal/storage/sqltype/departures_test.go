package sqltype

import (
	"math"
	"testing"
)

// Where PostgreSQL 15 wraps around in silence, flernd raises an error; where it loses digits, flernd keeps them.
func TestDeparturesFromPostgres(t *testing.T) {
	for _, c := range []struct {
		op   string
		args []string
		want string
	}{
		{"timestamp_diff", []string{"294276-12-31 23:59:59.999999", "1970-01-01"}, "ERROR 22008: interval out of range"},
		{"timestamp_sub", []string{"294276-12-31 23:59:59.999999", "-9223372036854775808 us"}, "ERROR 22008: timestamp out of range"},
		{"extract_timestamp", []string{"epoch", "294276-12-31 23:59:59.999999"}, "9224318015999.999999"},
		{"parse", []string{"timestamp(0)", "294276-12-31 23:59:59.9"}, "ERROR 22008: timestamp out of range"},
		{"parse", []string{"interval(0)", "9223372036854775807 us"}, "ERROR 22008: interval out of range"},
	} {
		if got := answer(c.op, c.args); got != c.want {
			t.Errorf("%s %q: got %s, want %s", c.op, c.args, got, c.want)
		}
	}
}

func TestArrays(t *testing.T) {
	for _, c := range []struct {
		elem     Kind
		in, want string
	}{
		{Int4, "{1,2,NULL}", "{1,2,NULL}"},
		{Int4, " { 1 , 2 , null } ", "{1,2,NULL}"},
		{Int4, "{}", "{}"},
		{Float4, "{0.1,NaN,-Infinity}", "{0.1,NaN,-Infinity}"},
		{Text, `{a,"b c","",\"x,"NULL","q\"\\"}`, `{a,"b c","","\"x","NULL","q\"\\"}`},
		{Int4, "{1,}", `ERROR 22P02: malformed array literal: "{1,}"`},
		{Int4, "{1", `ERROR 22P02: malformed array literal: "{1"`},
		{Int4, "1}", `ERROR 22P02: malformed array literal: "1}"`},
		{Text, `{"a}`, `ERROR 22P02: malformed array literal: "{"a}"`},
		{Int4, "{x}", `ERROR 22P02: invalid input syntax for type integer: "x"`},
	} {
		typ := ArrayOf(c.elem, 3)
		got := ""
		if d, err := Parse(typ, c.in); err != nil {
			got = errorText(err)
		} else {
			got = Format(typ, d)
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.in, got, c.want)
		}
	}
}

func TestEncodePhysical(t *testing.T) {
	for _, c := range []struct {
		t    Type
		text string
		want string
	}{
		{Of(Int4), "-2", "feffffffffffffff"},
		{Of(Bool), "t", "0100000000000000"},
		{NumericOf(15, 2), "1.5", "9600000000000000"},
		{NumericOf(38, 2), "-1.5", "6affffffffffffffffffffffffffffff"},
		{Of(Numeric), "1.5", "020000000000010001008813"},
		{Of(Date), "2000-01-02", "0100000000000000"},
		{Of(Interval), "1 mon 2 days 00:00:03", "c0c62d00000000000200000001000000"},
	} {
		d, err := Parse(c.t, c.text)
		if err != nil {
			t.Fatal(err)
		}
		got, err := EncodePhysical(nil, c.t, d)
		if err != nil || hexOf(got) != c.want {
			t.Errorf("%s %s: got %x %v, want %s", c.t, c.text, got, err, c.want)
		}
	}
	if _, err := UnscaledInt64(NewDecimal(math.MaxInt64, 0), 1); err == nil {
		t.Error("an unscaled value past int64 is no error")
	}
	for _, s := range []string{"0", "-1", "170141183460469231731687303715884105727", "-18446744073709551616", "-170141183460469231731687303715884105727"} {
		d, _ := ParseDecimal(s)
		b, err := AppendInt128(nil, d.Unscaled)
		if err != nil || Int128(b).Cmp(d.Unscaled) != 0 {
			t.Errorf("int128 %s: %x %v", s, b, err)
		}
	}
}
