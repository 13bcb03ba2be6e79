package exec

// Drop gives up shared data that no run reads.
func (e *Executor) Drop(s *Shared) {
	e.forget(key{keyShared, s.id})
	s.file.Close()
}
