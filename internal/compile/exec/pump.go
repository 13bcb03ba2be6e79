package exec

import "io"

// pump moves a run's input stream into the buffers it shares with the executor.
type pump struct {
	failed chan error    // nil at the end of the input
	free   chan uint32   // buffers that may be filled
	quit   chan struct{} // closed when the run is over
	done   chan struct{} // closed when In will not be called again
}

func (r *Running) startPump() *pump {
	u := &pump{failed: make(chan error, 1), quit: make(chan struct{}), done: make(chan struct{})}
	if r.req.In == nil {
		close(u.done)
		return u
	}
	u.free = make(chan uint32, r.in.count)
	for i := 0; i < r.in.count; i++ {
		u.free <- uint32(i)
	}
	go func() {
		defer close(u.done)
		u.failed <- r.fill(u)
	}()
	return u
}

func (u *pump) freed(buffer uint32) {
	select {
	case u.free <- buffer:
	default: // more than there are: not from an executor of ours
	}
}

func (u *pump) stop() {
	close(u.quit)
	<-u.done
}

// fill copies the pieces that In gives into one buffer after another.
func (r *Running) fill(u *pump) error {
	var rest []byte
	end := false
	for {
		var index uint32
		select {
		case index = <-u.free:
		case <-u.quit:
			return nil
		}
		buffer := r.in.buffers[int(index)*bufferSize+headroom:][:bufferSize-headroom]
		n := copy(buffer, rest)
		rest = rest[n:]
		for n < len(buffer) && !end {
			select {
			case <-u.quit:
				return nil
			default:
			}
			piece, err := r.req.In()
			if err != nil && err != io.EOF {
				return err
			}
			end = err == io.EOF
			k := copy(buffer[n:], piece)
			n, rest = n+k, piece[k:]
		}
		last := uint64(0)
		if end && len(rest) == 0 {
			last = 1
		}
		r.send(mInput, words(uint64(index), uint64(n), last))
		if last == 1 {
			return nil
		}
	}
}
