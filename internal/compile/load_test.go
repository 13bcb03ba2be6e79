package compile

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

// TestLoadBeyondMemory: what a statement loads may exceed the memory limit by far, since segments become files as they
// come. Rows of more than a kilobyte have blocks of more than a megabyte.
func TestLoadBeyondMemory(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2, MemoryLimit: 96 << 20})
	d.must("CREATE TABLE n (a bigint, b double precision)")
	_, result, err := d.run("INSERT INTO n SELECT i, random() FROM generate_series(1, 12000000) i", "") // 144 MB
	if err != nil {
		t.Fatal(err)
	}
	if result.PeakMemory > 96<<20 {
		t.Errorf("the load took %d bytes", result.PeakMemory)
	}
	if got := d.must("SELECT count(*), min(a), max(a), sum(a) FROM n"); got != "12000000|1|12000000|72000006000000\n" {
		t.Errorf("got %s", got)
	}

	d.must("CREATE TABLE w (a integer, b text, c text)")
	const rows = 100_000
	i := 0
	d.opt.In = func() ([]byte, error) {
		if i == rows {
			return nil, io.EOF
		}
		i++
		return fmt.Appendf(nil, "%d,%s,%s\n", i, strings.Repeat(fmt.Sprint("k", i), 100), strings.Repeat(fmt.Sprint("v", i), 200)), nil
	}
	if _, _, err := d.run("COPY w FROM STDIN (FORMAT csv)", ""); err != nil { // 190 MB
		t.Fatal(err)
	}
	if got := d.must("SELECT count(*), sum(length(b)), sum(length(c)) FROM w"); got != "100000|58889500|117779000\n" {
		t.Errorf("got %s", got)
	}
}
