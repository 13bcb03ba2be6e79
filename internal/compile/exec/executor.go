package exec

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/flernd/flernd/internal/compile/crt"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Options of an Executor.
type Options struct {
	ISA         string // baseline, avx2, avx512; empty: the widest
	CPUs        []int  // one worker each, pinned to it (-1: not pinned)
	MemoryLimit int64  // over all queries, at first; 0: none
	Log         io.Writer
	// Binary, for tests, takes the place of the embedded executor: one built with a sanitizer, which needs more of the
	// system than the sandbox grants.
	Binary []byte
}

// Executor is the data plane: a process that runs programs, and is started again when it dies.
type Executor struct {
	opt    Options
	binary *os.File
	ids    atomic.Uint64

	mu       sync.Mutex
	process  *process      // nil while it is being started again
	changed  chan struct{} // closed when process or stopped changes
	stopped  bool
	startErr error // why it could not be started again
	restarts int

	stopping   chan struct{} // closed by Close
	supervised chan struct{} // closed when no process will be started any more

	limit atomic.Int64 // on memory, over all queries; 0: none

	gate       *gate
	quarantine *quarantine
}

// Start starts the executor.
func Start(ctx context.Context, opt Options) (*Executor, error) {
	if len(opt.CPUs) == 0 || len(opt.CPUs) > 1024 {
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "the executor needs 1 to 1024 workers")
	}
	isa, err := DetectISA(opt.ISA)
	if err != nil {
		return nil, err
	}
	opt.ISA = isa
	if opt.Log == nil {
		opt.Log = os.Stderr
	}
	image := opt.Binary
	if image == nil {
		if image, err = crt.Executor(isa); err != nil {
			return nil, sqlstate.Wrap(err, sqlstate.SystemError, "could not start the executor")
		}
	}
	e := &Executor{opt: opt, changed: make(chan struct{}), stopping: make(chan struct{}),
		supervised: make(chan struct{}), gate: newGate(), quarantine: newQuarantine()}
	e.limit.Store(opt.MemoryLimit)
	if e.binary, err = executable(image); err != nil {
		return nil, sqlstate.Wrap(err, sqlstate.SystemError, "could not start the executor")
	}
	p, err := startProcess(e.binary, &e.opt)
	if err != nil {
		e.binary.Close()
		return nil, err
	}
	e.process = p
	go e.supervise(p)
	return e, nil
}

// ISA is the instruction set that the executor was built for.
func (e *Executor) ISA() string { return e.opt.ISA }

// Workers is the number of workers.
func (e *Executor) Workers() int { return len(e.opt.CPUs) }

// Pid is the number of the executor's process, 0 while it is being started again.
func (e *Executor) Pid() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.process == nil {
		return 0
	}
	return e.process.cmd.Process.Pid
}

// Restarts is how often the executor has been started again.
func (e *Executor) Restarts() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.restarts
}

// executable keeps the binary in memory under a descriptor high enough that starting a process does not put another in
// its place.
func executable(image []byte) (*os.File, error) {
	fd, err := unix.MemfdCreate("flernd-executor", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, os.NewSyscallError("memfd_create", err)
	}
	low := os.NewFile(uintptr(fd), "executor")
	defer low.Close()
	if _, err := io.Copy(low, bytes.NewReader(image)); err != nil {
		return nil, err
	}
	if _, err := unix.FcntlInt(low.Fd(), unix.F_ADD_SEALS, unix.F_SEAL_WRITE|unix.F_SEAL_SHRINK|unix.F_SEAL_GROW); err != nil {
		return nil, os.NewSyscallError("fcntl", err)
	}
	// Opened anew for reading: a file that is open for writing cannot be executed.
	rd, err := unix.Open(fmt.Sprintf("/proc/self/fd/%d", fd), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, os.NewSyscallError("open", err)
	}
	defer unix.Close(rd)
	high, err := unix.FcntlInt(uintptr(rd), unix.F_DUPFD_CLOEXEC, 100)
	if err != nil {
		return nil, os.NewSyscallError("fcntl", err)
	}
	return os.NewFile(uintptr(high), "executor"), nil
}

// Close ends the executor. Runs in flight fail.
func (e *Executor) Close() {
	e.mu.Lock()
	p, again := e.process, e.stopped
	if !again {
		e.stopped, e.process = true, nil
		close(e.stopping)
		close(e.changed)
		e.changed = make(chan struct{})
	}
	e.mu.Unlock()
	if p != nil {
		_ = p.cmd.Process.Kill() // it may have died by itself
	}
	<-e.supervised
	e.binary.Close()
}

// current waits for a process that lives.
func (e *Executor) current(ctx context.Context) (*process, error) {
	for {
		e.mu.Lock()
		p, changed, stopped, err := e.process, e.changed, e.stopped, e.startErr
		e.mu.Unlock()
		switch {
		case stopped:
			return nil, sqlstate.New(sqlstate.AdminShutdown, "the server is shutting down")
		case err != nil:
			return nil, err
		case p != nil:
			select {
			case <-p.dead: // supervise is about to notice
			default:
				p.mu.Lock()
				gone := p.gone
				p.mu.Unlock()
				if !gone {
					return p, nil
				}
			}
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, canceled()
		}
	}
}

// supervise keeps an executor alive until Close.
func (e *Executor) supervise(p *process) {
	defer close(e.supervised)
	for p != nil {
		<-p.ended
		go func(old *process) {
			old.users.Wait()
			old.close()
		}(p)
		e.set(nil, nil)
		p = e.restart(p)
	}
}

func (e *Executor) set(p *process, err error) (ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopped {
		return false
	}
	e.process, e.startErr = p, err
	close(e.changed)
	e.changed = make(chan struct{})
	return true
}

// restart starts the next process; while that fails, requests are answered with the reason and it is tried again.
func (e *Executor) restart(old *process) *process {
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, 5*time.Second) {
		e.mu.Lock()
		stopped := e.stopped
		e.restarts++
		e.mu.Unlock()
		if stopped {
			return nil
		}
		fmt.Fprintf(e.opt.Log, "executor died (%s), starting it again\n", old.describe())
		p, err := startProcess(e.binary, &e.opt)
		if !e.set(p, err) {
			if p != nil {
				_ = p.cmd.Process.Kill()
				<-p.ended
				p.close()
			}
			return nil
		}
		if err == nil {
			e.tellLimit()
			return p
		}
		select {
		case <-time.After(pause):
		case <-e.stopping:
		}
	}
}

// describe tells what is known of the death, for the log.
func (p *process) describe() string {
	switch p.fault.kind {
	case faultSignal:
		object := "the executor"
		if p.fault.inProgram {
			object = "the program"
		}
		return fmt.Sprintf("%v in %q, address %#x, at %#x in %s", syscall.Signal(p.fault.signal), p.fault.where, p.fault.address,
			p.fault.pc, object)
	case faultHung:
		return fmt.Sprintf("%q did not stop", p.fault.where)
	}
	if p.waitErr != nil {
		return p.waitErr.Error()
	}
	return "it ended"
}

// Forget gives up the mappings of segments and dictionaries that will not be read again, so that their memory and their
// files' space is given back: of those that a run still reads, with the last such run.
func (e *Executor) Forget(ids ...uint64) {
	keys := make([]key, 0, 2*len(ids))
	for _, id := range ids {
		keys = append(keys, key{keySegment, id}, key{keyDict, id})
	}
	e.forget(keys...)
}

// LimitMemory changes the memory limit over all queries. Those in flight keep what they have.
func (e *Executor) LimitMemory(bytes int64) {
	e.limit.Store(bytes)
	e.tellLimit()
}

func (e *Executor) tellLimit() {
	e.tell(func(p *process) {
		if limit := e.limit.Load(); limit != p.limit {
			p.limit = limit
			_ = p.send(head{kind: mLimit}, words(uint64(limit)), nil) // a dead executor needs none
		}
	})
}

// Unload gives up programs, each now or with the last run that uses it. A later run may load them again.
func (e *Executor) Unload(objects ...*Object) {
	e.tell(func(p *process) {
		for _, o := range objects {
			if h, givenUp := p.programs.doom(o.Hash); givenUp {
				p.unload(h)
			}
		}
	})
}

func (e *Executor) forget(keys ...key) {
	e.tell(func(p *process) {
		for _, k := range keys {
			p.forget(k)
		}
	})
}

// tell does something with the process of the moment. If there is none, the next one holds nothing yet.
func (e *Executor) tell(what func(*process)) {
	e.mu.Lock()
	p := e.process
	e.mu.Unlock()
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	what(p)
}
