package exec

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// images hands a run's images to Request.Image, several at a time and beside the run's other events: writing them to files
// takes long. The executor waits when too many are on their way.
type images struct {
	r      *Running
	slots  chan struct{}
	going  sync.WaitGroup
	failed chan error  // the first error
	ended  atomic.Bool // the run has failed: what is left is closed
}

func (r *Running) newImages() *images {
	return &images{r: r, slots: make(chan struct{}, runtime.GOMAXPROCS(0)), failed: make(chan error, 1)}
}

// hand passes an image on; when that has been taken over, its memory does not count against the run any more.
func (i *images) hand(image Image) {
	i.going.Add(1)
	go func() {
		defer i.going.Done()
		i.slots <- struct{}{}
		defer func() { <-i.slots }()
		if i.ended.Load() {
			image.File.Close()
			return
		}
		if err := i.r.req.Image(image); err != nil {
			select {
			case i.failed <- err:
			default:
			}
		}
		i.r.send(mImageAck, words(uint64(image.Size)))
	}()
}

// wait returns when Request.Image will not be called again, with its error unless that was taken from failed.
func (i *images) wait() error {
	i.going.Wait()
	select {
	case err := <-i.failed:
		return err
	default:
		return nil
	}
}
