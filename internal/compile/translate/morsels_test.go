package translate

import "testing"

func TestMorselRows(t *testing.T) {
	for flops, want := range map[int64]int{0: usualMorsel, 32: usualMorsel, 1525: usualMorsel, 1526: 63 * 1024, 12_500: 7 * 1024, 800_000: 1024,
		3_900_000: 1024, 4_000_000: 960, 8_000_000_000: 64, 1 << 60: 64} {
		if got := (modelWork{flops: flops}).morselRows(0); got != want {
			t.Errorf("%d operations a row: morsels of %d rows, want %d", flops, got, want)
		}
	}
	for together, want := range map[int]int{1: 16, 16: 16, 17: 32, 50: 64, 256: 64} {
		if got := (modelWork{flops: 1 << 40}).morselRows(together); got != want {
			t.Errorf("%d rows at a time: morsels of %d rows, want %d", together, got, want)
		}
	}
	if got := (modelWork{flops: 100_000_000}).morselRows(3); got != 32 {
		t.Errorf("short rows: morsels of %d rows", got)
	}
	for bytes, want := range map[int64]int{4: usualMorsel, 64 << 10: usualMorsel, 65 << 10: 1008, 602_112: 96, 1 << 40: 16} {
		if got := (modelWork{bytes: bytes}).morselRows(0); got != want {
			t.Errorf("%d bytes a row: morsels of %d rows, want %d", bytes, got, want)
		}
	}
}

func TestShared(t *testing.T) {
	for _, c := range []struct {
		morsel        int
		rows, workers int64
		want          int
	}{{0, 10, 2, 0}, {1024, 100, 2, 1024}, {64, 32, 2, 16}, {64, 33, 2, 32},
		{64, 200, 2, 64}, {960, 300, 4, 80}, {64, 0, 2, 64}, {64, 5, 8, 16}} {
		if got := Shared(c.morsel, c.rows, c.workers); got != c.want {
			t.Errorf("morsels of %d over %d rows, %d workers: %d, want %d", c.morsel, c.rows, c.workers, got, c.want)
		}
	}
}
