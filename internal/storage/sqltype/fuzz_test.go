package sqltype

import (
	"encoding/hex"
	"fmt"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

func hexOf(b []byte) string { return hex.EncodeToString(b) }

func errorText(err error) string {
	e := sqlstate.Of(err)
	return fmt.Sprintf("ERROR %s: %s", e.Code, e.Message)
}

var fuzzMoment = time.Date(2024, 2, 29, 12, 34, 56, 789e6, time.UTC)

// checkFixpoint: a text that parses must format to a text that parses to the same text, and errors must be coded.
func checkFixpoint(t *testing.T, typ Type, s string) {
	d, err := ParseAt(typ, s, fuzzMoment)
	if err != nil {
		if sqlstate.Of(err).Code == sqlstate.InternalError {
			t.Fatalf("%s %q: uncoded error %v", typ, s, err)
		}
		return
	}
	once := Format(typ, d)
	again, err := ParseAt(typ, once, fuzzMoment)
	if err != nil {
		t.Fatalf("%s %q formats as %q, which does not parse: %v", typ, s, once, err)
	}
	if twice := Format(typ, again); twice != once {
		t.Fatalf("%s %q formats as %q, then as %q", typ, s, once, twice)
	}
	checkPacked(t, typ, d)
	b, err := AppendBinary(nil, typ, d)
	if err != nil {
		t.Fatal(err)
	}
	back, err := ParseBinary(typ, b)
	if err != nil || Format(typ, back) != once {
		t.Fatalf("%s %q: binary form %x does not read back: %v", typ, once, b, err)
	}
}

func fuzzTypes(f *testing.F, seeds []string, types ...Type) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 1000 {
			return
		}
		for _, typ := range types {
			checkFixpoint(t, typ, s)
		}
	})
}

func FuzzParseNumber(f *testing.F) {
	fuzzTypes(f, []string{"1", "-1.5e10", "NaN", "0x1p3", "1e-16383", "1e23", "Infinity"}, Of(Bool), Of(Int2), Of(Int4), Of(Int8),
		Of(Float4), Of(Float8), Of(Numeric), NumericOf(15, 2), NumericOf(3, -2))
}

func FuzzParseText(f *testing.F) {
	fuzzTypes(f, []string{"abc  ", "äöü", "\xff", "{a,\"b\",NULL}"}, Of(Text), Type{Kind: Varchar, Mod: 3}, Type{Kind: Char, Mod: 3},
		Of(Char))
}

func FuzzParseArray(f *testing.F) {
	fuzzTypes(f, []string{"{a,\"b\",NULL}", "{1,NULL,3}", "{t, f}", "{\\,,\"\"}", "[1,2.5]"}, ArrayOf(Text, 0), ArrayOf(Bool, 0), ArrayOf(Int2, 0),
		ArrayOf(Int4, 0), ArrayOf(Int8, 0), ArrayOf(Float4, 0), ArrayOf(Float8, 0), Of(Vector), VectorOf(2))
}

// checkPacked: what an array is packed into is sound, and reads back.
func checkPacked(t *testing.T, typ Type, d Datum) {
	switch typ.Kind {
	case Array:
		b := AppendPackedArray(nil, typ.Elem, d.A)
		if !CheckPackedArray(typ.Elem, b) || Format(typ, Datum{A: UnpackArray(typ.Elem, b)}) != Format(typ, d) {
			t.Fatalf("%s %s is packed as %x", typ, Format(typ, d), b)
		}
	case Vector:
		if b := AppendVector(nil, d.A); Format(typ, Datum{A: UnpackVector(b)}) != Format(typ, d) {
			t.Fatalf("%s %s is packed as %x", typ, Format(typ, d), b)
		}
	}
}

// FuzzUnpackArray: bytes that pass for a packed array can be read, whatever they are.
func FuzzUnpackArray(f *testing.F) {
	for _, k := range []Kind{Text, Int4, Bool} {
		f.Add(uint8(k), AppendPackedArray(nil, k, []Datum{{I: 1, S: "ab"}, NullDatum}))
	}
	f.Fuzz(func(t *testing.T, k uint8, b []byte) {
		if kind := Kind(k); StorableElement(kind) && len(b) < 1000 && CheckPackedArray(kind, b) {
			AppendPackedArray(nil, kind, UnpackArray(kind, b))
		}
	})
}

func FuzzBinaryArray(f *testing.F) {
	b, _ := AppendBinary(nil, ArrayOf(Int4, 0), Datum{A: []Datum{{I: 1}, NullDatum}})
	f.Add(b)
	b, _ = AppendBinary(nil, Of(Vector), Datum{A: []Datum{{F: 1}, {F: -2}}})
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, typ := range []Type{ArrayOf(Int4, 0), ArrayOf(Text, 0), Of(Vector)} {
			if d, err := ParseBinary(typ, b); err == nil && len(b) < 1000 {
				checkFixpoint(t, typ, Format(typ, d))
			}
		}
	})
}

func FuzzParseDate(f *testing.F) {
	fuzzTypes(f, []string{"2020-01-01 10:00:00.5+02", "Jan 2 99 BC", "J2451187.5", "20200101T101010", "infinity", "today"},
		Of(Date), Of(Timestamp), Type{Kind: Timestamp, Mod: 2})
}

func FuzzParseInterval(f *testing.F) {
	fuzzTypes(f, []string{"1 year 2 mons -3 days 04:05:06.7 ago", "P1Y2M3DT4H5M6S", "1-2 3 4:05", "P0001-02-03T04:05:06"},
		Of(Interval), IntervalOf(IntervalMinute|IntervalSecond, 2), IntervalOf(IntervalYear|IntervalMonth, IntervalFullPrecision))
}

func FuzzBinaryNumeric(f *testing.F) {
	f.Add([]byte{0, 1, 0, 0, 0, 0, 0, 2, 0, 5})
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 200 {
			return
		}
		d, err := ParseBinary(Of(Numeric), b)
		if err == nil {
			checkFixpoint(t, Of(Numeric), Format(Of(Numeric), d))
		}
		Unpack(b)
	})
}
