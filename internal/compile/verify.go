package compile

import (
	"context"

	"github.com/flernd/flernd/internal/compile/translate"
)

// verify begins to compare what the program will read with its checksums, where that was not done before; what it returns
// waits for the end. A compiler may run meanwhile.
func verify(ctx context.Context, tables []translate.Table) (wait func() error) {
	done := make(chan error, 1)
	go func() {
		for i := range tables {
			t := &tables[i]
			if err := t.Snapshot.Verify(ctx, t.Ordinals, t.Skips); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	return func() error { return <-done }
}
