package logical

import (
	"testing"

	"github.com/flernd/flernd/internal/storage/sqltype"
)

func TestFoldLike(t *testing.T) {
	for _, c := range []struct {
		f                Func
		s, pattern, want string // t, f, or "" for what is left to the query
	}{
		{Like, "churn_eu", "churn%", "t"}, {Like, "churn", "churn_", "f"}, {Like, "churn_", "churn\\_", "t"}, {Like, "churnx", "churn\\_", "f"},
		{Like, "", "", "t"}, {Like, "", "%%", "t"}, {Like, "", "_", "f"}, {Like, "abcabd", "%ab_", "t"}, {Like, "aaab", "a%a%b%c", "f"},
		{Like, "xaybzab", "x%b_a%b", "t"}, {Like, "größe", "gr__e", "t"}, {Like, "a%", "a\\%", "t"}, {Like, "a", "a\\", ""},
		{NotLike, "a", "b", "t"}, {ILike, "Churn", "cHURN", "t"}, {ILike, "Ä", "ä", "f"}, {NotILike, "A", "a", "f"},
	} {
		text := func(s string) Expr { return &Const{Typ: sqltype.Of(sqltype.Text), Value: sqltype.Datum{S: s}} }
		got, ok := Fold(&Call{Func: c.f, Args: []Expr{text(c.s), text(c.pattern), text("\\")}, Typ: sqltype.Of(sqltype.Bool)})
		is := ""
		if ok {
			is = map[bool]string{true: "t", false: "f"}[got.Value.I != 0]
		}
		if is != c.want {
			t.Errorf("%q %v %q: %q, want %q", c.s, c.f, c.pattern, is, c.want)
		}
	}
}
