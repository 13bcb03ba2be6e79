package instance

import (
	"sync"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// arriving counts the bytes of models' files that sessions hold while they register them: half of the memory limit for all together.
type arriving struct {
	mu         sync.Mutex
	held, most int64 // most 0: no bound
}

// HoldFile implements session.Store.
func (s *store) HoldFile(bytes int64) error {
	a := &s.arriving
	a.mu.Lock()
	defer a.mu.Unlock()
	if bytes > 0 && a.most > 0 && a.held+bytes > a.most {
		return sqlstate.New(sqlstate.OutOfMemory, "out of memory").
			WithDetail("Files of models that are being registered take more than %d MB together, half of the server's memory limit.", a.most>>20).
			WithHint("Register fewer models at a time, or start flernd with a larger --memory-limit.")
	}
	a.held += bytes
	return nil
}
