package exec

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// errGone says that the executor died; it never reaches a caller.
var errGone = errors.New("the executor is gone")

// obeyTime is how long a cancelled run may take to end before the executor is killed; the executor itself gives up a
// little earlier.
const obeyTime = 3 * time.Second

// Running is a run that has been sent to the executor. Wait must be called.
type Running struct {
	e   *Executor
	ctx context.Context
	req *Request

	// of the present attempt
	p        *process
	id       uint64
	slot     uint32
	in       *input
	programs []*handle // under p.mu
	attempts int
	pass     *pass

	suspicion suspicion // that the next attempt is made under

	object     *Object // runs now: the request's or what it was changed to; under mu
	hasChanged bool    // under mu
	left       bool    // a byte has left for the client
	images     []Image

	mu      sync.Mutex
	queue   []event
	over    bool // no more events are taken
	notify  chan struct{}
	changed chan bool
	closed  chan struct{} // with over

	changing sync.Mutex // one ChangeTo at a time
}

// event is what the executor said about a run.
type event struct {
	kind        uint32
	arg         uint32
	bytes, rows uint64
	meta        []byte
	file        *os.File
	done        *done
}

// Begin sends a run to the executor.
func (e *Executor) Begin(ctx context.Context, req *Request) (*Running, error) {
	if err := ctx.Err(); err != nil {
		return nil, canceled()
	}
	r := &Running{e: e, ctx: ctx, req: req, object: req.Object}
	if err := r.start(); err != nil {
		return nil, err
	}
	return r, nil
}

// Run runs a program and returns when it has ended.
func (e *Executor) Run(ctx context.Context, req *Request) (*Reply, error) {
	r, err := e.Begin(ctx, req)
	if err != nil {
		return nil, err
	}
	return r.Wait()
}

func canceled() error {
	return sqlstate.New(sqlstate.QueryCanceled, "canceling statement due to user request")
}

// start sends the run to the process of the moment.
func (r *Running) start() error {
	if err := r.e.quarantine.check(r.object, r.req.Alternate); err != nil {
		return err
	}
	pass, err := r.e.gate.enter(r.ctx, r.suspicion)
	if err != nil {
		return err
	}
	r.pass = pass
	for {
		p, err := r.e.current(r.ctx)
		if err == nil {
			err = r.submit(p)
		}
		if err == nil {
			pass.probe(r.attempts)
			return nil
		}
		if err != errGone {
			pass.leave()
			return err
		}
	}
}

// submit sends the run to a process, and all that the run needs before it.
func (r *Running) submit(p *process) (err error) {
	r.mu.Lock()
	object := r.object
	r.queue, r.over = nil, false
	r.notify, r.changed, r.closed = make(chan struct{}, 1), make(chan bool, 1), make(chan struct{})
	r.mu.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone {
		return errGone
	}
	if len(p.slots) == 0 && p.nextSlot == maxRuns {
		return sqlstate.New(sqlstate.ConfigurationLimit, "more than %d queries are running", maxRuns)
	}
	r.programs = nil
	defer func() {
		if err != nil {
			r.releasePrograms(p)
		}
	}()
	program, err := r.hold(p, object)
	if err != nil {
		return err
	}
	alternate, err := r.hold(p, r.req.Alternate)
	if err != nil {
		return err
	}
	threads := len(r.e.opt.CPUs)
	if r.req.Threads > 0 {
		threads = min(threads, r.req.Threads)
	}
	body, in, err := p.encode(r.req, program, alternate, threads)
	if err != nil {
		return err
	}
	slot := p.nextSlot
	if n := len(p.slots); n > 0 {
		slot, p.slots = p.slots[n-1], p.slots[:n-1]
	} else {
		p.nextSlot++
	}
	r.mu.Lock()
	r.p, r.in, r.id, r.slot = p, in, r.e.ids.Add(1), slot
	r.mu.Unlock()
	p.runsMu.Lock()
	p.runs[r.id] = r
	p.runsMu.Unlock()
	p.users.Add(1)
	if err := p.send(head{kind: mRun, arg: r.slot, run: r.id}, body, nil); err != nil {
		p.runsMu.Lock()
		delete(p.runs, r.id)
		p.runsMu.Unlock()
		p.users.Done()
		p.drop(in)
		return err
	}
	return nil
}

// hold makes the executor hold a program for as long as the run lasts. Called with p.mu held.
func (r *Running) hold(p *process, o *Object) (*handle, error) {
	h, err := p.hold(o)
	if h != nil {
		r.programs = append(r.programs, h)
	}
	return h, err
}

func (r *Running) releasePrograms(p *process) {
	for _, h := range r.programs {
		if p.programs.release(h) {
			p.unload(h)
		}
	}
	r.programs = nil
}

// deliver takes an event for Wait; false: it is not wanted any more.
func (r *Running) deliver(h head, body []byte, files []*os.File) bool {
	ev := event{kind: h.kind, arg: h.arg}
	le := binary.LittleEndian
	switch h.kind {
	case mRows:
		if len(body) < 16 {
			return false
		}
		ev.bytes, ev.rows = le.Uint64(body), le.Uint64(body[8:])
		if h.arg >= chunkCount || ev.bytes > chunkSize {
			return false
		}
	case mImage:
		if len(body) < 8 || len(files) != 1 {
			return false
		}
		ev.bytes, ev.meta, ev.file = le.Uint64(body), append([]byte(nil), body[8:]...), files[0]
	case mDone:
		d, err := readDone(body)
		if err != nil {
			return false
		}
		ev.done = d
	case mChanged:
		select {
		case r.changed <- h.arg == 1:
		default:
		}
		return true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.over {
		return false
	}
	r.queue = append(r.queue, ev)
	select {
	case r.notify <- struct{}{}:
	default:
	}
	return true
}

// take returns the events that have come.
func (r *Running) take() []event {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := r.queue
	r.queue = nil
	return q
}

// Wait hands on what the run gives and returns when it has ended.
func (r *Running) Wait() (*Reply, error) {
	defer func() { r.pass.leave() }()
	for {
		reply, err := r.attempt()
		if err != errGone {
			if err != nil {
				closeImages(r.images)
			}
			return reply, err
		}
		closeImages(r.images)
		r.images = nil
		again, err := r.afterDeath()
		if !again {
			return nil, err
		}
		r.pass.leave()
		r.attempts++
		if err := r.start(); err != nil {
			return nil, err
		}
	}
}

func closeImages(images []Image) {
	for _, i := range images {
		i.File.Close()
	}
}

// attempt sees the run through in one process.
func (r *Running) attempt() (*Reply, error) {
	p := r.p
	pump, images := r.startPump(), r.newImages()
	cancel := r.ctx.Done()
	var kill *time.Timer
	stop := func() {
		r.send(mCancel, nil)
		if kill == nil {
			kill = time.AfterFunc(obeyTime, func() { p.kill(r) })
		}
	}
	var reply *Reply
	var outcome, ours error // ours: why this side ended the run
	fail := func(err error) {
		if ours == nil {
			ours = err
			images.ended.Store(true)
			stop()
		}
	}
	ended := false
	for reply == nil && outcome == nil {
		select {
		case <-r.notify:
		case <-cancel:
			cancel = nil
			stop()
		case err := <-pump.failed:
			if err != nil {
				fail(err)
			}
		case err := <-images.failed:
			fail(err)
		case <-p.ended:
			ended = true
		}
		for _, ev := range r.take() {
			if ev.kind == mDone {
				reply, outcome = r.finish(ev.done, ours)
				continue
			}
			if err := r.handle(ev, pump, images, ours != nil); err != nil {
				fail(err)
			}
		}
		if ended && reply == nil && outcome == nil {
			outcome = errGone
			if ours != nil {
				outcome = ours
			}
		}
	}
	if kill != nil {
		kill.Stop()
	}
	pump.stop()
	if outcome != nil {
		images.ended.Store(true)
	}
	if err := images.wait(); err != nil && outcome == nil {
		reply, outcome = nil, err
	}
	r.close()
	return reply, outcome
}

// close gives up what the attempt held.
func (r *Running) close() {
	r.mu.Lock()
	r.over = true
	close(r.closed)
	rest := r.queue
	r.queue = nil
	r.mu.Unlock()
	for _, ev := range rest {
		if ev.file != nil {
			ev.file.Close()
		}
	}
	p := r.p
	p.mu.Lock()
	p.drop(r.in)
	p.slots = append(p.slots, r.slot)
	r.releasePrograms(p)
	p.mu.Unlock()
	p.users.Done()
}

// send sends a message about the run; a dead executor is noticed elsewhere.
func (r *Running) send(kind uint32, body []byte) {
	r.p.mu.Lock()
	defer r.p.mu.Unlock()
	_ = r.p.send(head{kind: kind, arg: r.slot, run: r.id}, body, nil)
}

// handle does what an event asks for; skip: the outcome is settled, only give back.
func (r *Running) handle(ev event, pump *pump, images *images, skip bool) (err error) {
	switch ev.kind {
	case mRows:
		if !skip {
			at := uint64(ev.arg) * chunkSize
			err = r.out(r.p.chunks[at:at+ev.bytes], ev.rows)
		}
		r.send(mRelease, binary.LittleEndian.AppendUint32(nil, ev.arg))
	case mImage:
		image := Image{File: ev.file, Size: int64(ev.bytes), Meta: ev.meta}
		switch {
		case skip:
			ev.file.Close()
		case r.req.Image == nil:
			r.images = append(r.images, image)
		default:
			r.left = true
			images.hand(image)
		}
	case mInputFree:
		pump.freed(ev.arg)
	}
	return err
}

func (r *Running) out(rows []byte, n uint64) error {
	if r.req.Out == nil {
		return sqlstate.New(sqlstate.InternalError, "a program that was to return no rows returned some")
	}
	r.left = true
	if r.pass.alone { // from here on it waits for its client: no reason to keep others out
		r.pass.leave()
	}
	return r.req.Out(rows, int64(n))
}

// finish makes the reply of M_DONE.
func (r *Running) finish(d *done, ours error) (*Reply, error) {
	if ours != nil {
		return nil, ours
	}
	if d.code != "" {
		e := sqlstate.New(sqlstate.Code(d.code), "%s", strings.ToValidUTF8(d.message, "?")).At(d.position)
		if d.context != "" {
			e = e.WithContext("%s", strings.ToValidUTF8(d.context, "?"))
		}
		if d.detail != "" {
			e = e.WithDetail("%s", strings.ToValidUTF8(d.detail, "?"))
		}
		return nil, e
	}
	if len(d.inlined) > 0 {
		if err := r.out(d.inlined, d.inlinedRows); err != nil {
			return nil, err
		}
	}
	return &Reply{Execution: time.Duration(d.executionNS), Counters: d.counters, Images: r.images,
		PeakMemory: int64(d.peak), RowsOut: int64(d.rows)}, nil
}

// ChangeTo makes the run go on with another program from the next morsel on. The programs must agree on the layout of
// their state. A run that has ended needs no change: no error.
func (r *Running) ChangeTo(o *Object) error {
	r.changing.Lock()
	defer r.changing.Unlock()
	if err := r.e.quarantine.check(o, nil); err != nil {
		return err
	}
	r.mu.Lock()
	p, id, slot, answer, closed, over := r.p, r.id, r.slot, r.changed, r.closed, r.over
	r.mu.Unlock()
	if over {
		return nil
	}
	p.mu.Lock()
	if !p.has(id) {
		p.mu.Unlock()
		return nil
	}
	h, err := r.hold(p, o)
	if err == nil && h != nil {
		err = p.send(head{kind: mChange, arg: slot, run: id}, words(uint64(h.id)), nil)
	}
	p.mu.Unlock()
	if err == errGone {
		return nil
	}
	if err != nil {
		return err
	}
	select {
	case ok := <-answer:
		if !ok {
			return sqlstate.New(sqlstate.InternalError, "the programs of the two tiers do not fit together")
		}
		r.mu.Lock()
		r.object, r.hasChanged = o, true
		r.mu.Unlock()
	case <-closed:
	case <-p.ended:
	}
	return nil
}

// Changed tells whether the run has gone over to another program.
func (r *Running) Changed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.hasChanged
}
