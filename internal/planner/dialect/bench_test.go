package dialect

import (
	"os"
	"strings"
	"testing"
)

func benchmark(b *testing.B, sql string) {
	b.ReportAllocs()
	b.SetBytes(int64(len(sql)))
	for b.Loop() {
		if _, err := Parse(sql); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseQ1(b *testing.B) {
	sql, err := os.ReadFile("../../../testdata/tpch/queries/q01.sql")
	if err != nil {
		b.Fatal(err)
	}
	benchmark(b, string(sql))
}

func BenchmarkParseSmall(b *testing.B) { benchmark(b, "SELECT a FROM t WHERE id = $1") }

func BenchmarkParseInsert(b *testing.B) {
	benchmark(b, "INSERT INTO t VALUES (1,'a',-2.5,NULL)"+strings.Repeat(",(1,'a',-2.5,NULL)", 9_999))
}
