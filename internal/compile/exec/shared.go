package exec

// Size is how many bytes of memory it takes.
func (s *Shared) Size() int64 { return s.size }

// Drop gives up shared data that no run reads.
func (e *Executor) Drop(s *Shared) {
	e.forget(key{keyShared, s.id})
	s.file.Close()
}
