package exec

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// process is one incarnation of the executor.
type process struct {
	cmd    *exec.Cmd
	conn   *net.UnixConn
	raw    syscall.RawConn
	page   []byte // where the executor notes who was at fault
	chunks []byte // result chunks

	inbox []byte      // of receive
	hello chan []byte // the body of M_HELLO

	// The listener takes this lock and never mu: whoever holds mu may wait for the executor to read, which may wait for the
	// listener.
	runsMu sync.Mutex
	runs   map[uint64]*Running // in flight, by run

	mu       sync.Mutex // sending, handles, slots; taken before runsMu
	mappings *handles
	programs *handles
	streams  uint64
	scratch  []byte   // of encode
	outbox   []byte   // of write
	slots    []uint32 // free ones
	nextSlot uint32
	gone     bool
	limit    int64 // on memory, as the executor knows it

	killed  *Running       // whom the control plane killed the executor for, under runsMu
	users   sync.WaitGroup // runs that may still read chunks
	dead    chan struct{}  // closed when the process has been waited for
	ended   chan struct{}  // closed when in addition all it had said has been handed on
	fault   fault          // valid after dead
	waitErr error
}

// fault is what is known of an executor's death.
type fault struct {
	kind, signal uint32
	run          uint64
	address, pc  uint64
	inProgram    bool
	where        string
}

// startProcess starts an executor from a memory file that holds its binary, and waits until it is ready.
func startProcess(binary *os.File, opt *Options) (*process, error) {
	p := &process{limit: opt.MemoryLimit, mappings: newHandles(maxMappings), programs: newHandles(maxPrograms), runs: map[uint64]*Running{},
		dead: make(chan struct{}), ended: make(chan struct{}),
		inbox: make([]byte, receiveSize), hello: make(chan []byte, 1)}
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, os.NewSyscallError("socketpair", err)
	}
	ours, theirs := os.NewFile(uintptr(pair[0]), "executor"), os.NewFile(uintptr(pair[1]), "flernd")
	defer ours.Close()
	defer theirs.Close()
	for _, fd := range pair {
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, 1<<20) // a smaller one works too
	}
	conn, err := net.FileConn(ours)
	if err != nil {
		return nil, err
	}
	p.conn = conn.(*net.UnixConn)
	if p.raw, err = p.conn.SyscallConn(); err != nil {
		p.conn.Close()
		return nil, err
	}
	page, err := memfd("flernd-page", 4096)
	if err != nil {
		p.conn.Close()
		return nil, err
	}
	defer page.Close()
	chunks, err := memfd("flernd-chunks", chunkSize*chunkCount)
	if err != nil {
		p.conn.Close()
		return nil, err
	}
	defer chunks.Close()
	if p.page, err = unix.Mmap(int(page.Fd()), 0, 4096, unix.PROT_READ, unix.MAP_SHARED); err == nil {
		p.chunks, err = unix.Mmap(int(chunks.Fd()), 0, chunkSize*chunkCount, unix.PROT_READ, unix.MAP_SHARED|unix.MAP_NORESERVE)
	}
	if err != nil {
		p.close()
		return nil, os.NewSyscallError("mmap", err)
	}
	if err := p.launch(binary, opt, []*os.File{theirs, page, chunks}); err != nil {
		p.close()
		return nil, err
	}
	theirs.Close() // its end is noticed only when nobody but the executor holds it
	if err := p.handshake(opt.Log); err != nil {
		_ = p.cmd.Process.Kill()
		<-p.ended
		p.close()
		return nil, err
	}
	return p, nil
}

// launch starts the process. The kernel kills it when the thread that started it ends, so one goroutine keeps that thread
// until the process has ended.
func (p *process) launch(binary *os.File, opt *Options, files []*os.File) error {
	cpus := make([]string, len(opt.CPUs))
	for i, c := range opt.CPUs {
		cpus[i] = strconv.Itoa(c)
	}
	limit := strconv.FormatInt(opt.MemoryLimit, 10)
	if opt.MemoryLimit <= 0 {
		limit = strconv.FormatUint(1<<62, 10)
	}
	sandbox := "1"
	if opt.Binary != nil {
		sandbox = "0"
	}
	p.cmd = &exec.Cmd{
		Path:        fmt.Sprintf("/proc/self/fd/%d", binary.Fd()),
		Args:        []string{"flernd: executor", strings.Join(cpus, ","), limit, sandbox},
		Env:         []string{"ASAN_OPTIONS=" + os.Getenv("ASAN_OPTIONS"), "TSAN_OPTIONS=" + os.Getenv("TSAN_OPTIONS")},
		Stderr:      opt.Log,
		ExtraFiles:  files,
		SysProcAttr: &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true},
	}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			p.waitErr = p.cmd.Wait()
			p.readFault()
			close(p.dead)
		}
	}()
	if err := <-started; err != nil {
		return sqlstate.Wrap(err, sqlstate.SystemError, "could not start the executor")
	}
	// When memory runs out, the kernel should take the executor, which can be restarted, rather than flernd.
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/oom_score_adj", p.cmd.Process.Pid), []byte("500"), 0)
	return nil
}

func (p *process) handshake(log io.Writer) error {
	go p.listen()
	select {
	case body := <-p.hello:
		if len(body) < 24 || binary.LittleEndian.Uint64(body) != protocolVersion ||
			binary.LittleEndian.Uint64(body[8:]) != abiVersion {
			return sqlstate.New(sqlstate.SystemError, "the executor is of another version: run make build")
		}
		for _, w := range sandboxWarnings(binary.LittleEndian.Uint64(body[16:])) {
			fmt.Fprintln(log, w)
		}
		return nil
	case <-p.ended:
		return sqlstate.New(sqlstate.SystemError, "the executor ended at its start: %s", p.describe())
	case <-time.After(10 * time.Second):
		return sqlstate.New(sqlstate.SystemError, "the executor does not answer")
	}
}

// sandboxWarnings tells what the executor's sandbox lacks.
func sandboxWarnings(missing uint64) (warnings []string) {
	if missing&noSeccomp != 0 {
		warnings = append(warnings, "warning: the executor runs without a filter of system calls: seccomp is refused here")
	}
	if missing&noLandlock != 0 {
		warnings = append(warnings, "warning: the executor runs without Landlock, which this kernel or container lacks")
	}
	return warnings
}

func (p *process) readFault() {
	le := binary.LittleEndian
	p.fault = fault{kind: le.Uint32(p.page), signal: le.Uint32(p.page[4:]), run: le.Uint64(p.page[8:]),
		address: le.Uint64(p.page[16:]), pc: le.Uint64(p.page[24:]), inProgram: le.Uint64(p.page[32:]) != 0}
	where := p.page[40:104]
	for i, c := range where {
		if c == 0 {
			where = where[:i]
			break
		}
	}
	p.fault.where = strings.ToValidUTF8(string(where), "?")
}

// close frees what this side holds of a process that has ended.
func (p *process) close() {
	p.conn.Close()
	if p.page != nil {
		_ = unix.Munmap(p.page)
	}
	if p.chunks != nil {
		_ = unix.Munmap(p.chunks)
	}
}

// send sends a message, in order with all others. Called with p.mu held.
func (p *process) send(h head, body []byte, f *os.File) error {
	if p.gone {
		return errGone
	}
	h.body = uint64(len(body))
	var fds []int
	if len(body) > inlineBody {
		shared, err := memfdOf("flernd-message", body, 0)
		if err != nil {
			return sqlstate.Wrap(err, sqlstate.OutOfMemory, "no shared memory")
		}
		defer shared.Close()
		fds = append(fds, int(shared.Fd()))
		h.shared, body = true, nil
	}
	if f != nil {
		raw, err := f.SyscallConn()
		if err != nil {
			return sqlstate.Wrap(err, sqlstate.InternalError, "a file to be read is closed")
		}
		// A closed file must not turn into whatever has its number now, so the message is sent while it is held.
		var sendErr error
		if err := raw.Control(func(fd uintptr) { sendErr = p.write(h, body, append(fds, int(fd))) }); err != nil {
			return sqlstate.Wrap(err, sqlstate.InternalError, "a file to be read is closed")
		}
		return sendErr
	}
	return p.write(h, body, fds)
}

func (p *process) write(h head, body []byte, fds []int) error {
	message := append(p.outbox[:0], make([]byte, headSize)...)
	h.put(message)
	message = append(message, body...)
	p.outbox = message
	var rights []byte
	if len(fds) > 0 {
		rights = unix.UnixRights(fds...)
	}
	if _, _, err := p.conn.WriteMsgUnix(message, rights, nil); err != nil {
		p.gone = true
		return errGone
	}
	return nil
}

// receive takes a message if there is one; the body lies in p.inbox or in memory of its own. Called by the listener only.
func (p *process) receive(fd int) (h head, body []byte, files []*os.File, err error) {
	var rights [64]byte
	n, nr, flags, _, err := unix.Recvmsg(fd, p.inbox, rights[:], unix.MSG_DONTWAIT|unix.MSG_CMSG_CLOEXEC)
	if err != nil {
		return head{}, nil, nil, err
	}
	if files, err = filesOf(rights[:nr]); err != nil {
		return head{}, nil, nil, err
	}
	if n == 0 {
		return head{}, nil, files, io.EOF
	}
	if n < headSize || flags&unix.MSG_TRUNC != 0 {
		return head{}, nil, files, io.ErrUnexpectedEOF
	}
	h = readHead(p.inbox)
	body = p.inbox[headSize:n]
	if h.shared {
		if len(files) == 0 || h.body > 1<<30 {
			return head{}, nil, files, io.ErrUnexpectedEOF
		}
		body = make([]byte, h.body)
		_, err = files[0].ReadAt(body, 0)
		files[0].Close()
		files = files[1:]
	}
	return h, body, files, err
}

// dispatch hands the messages that are there to their runs; an error other than EAGAIN says that none will come any more.
func (p *process) dispatch(fd int) error {
	for {
		h, body, files, err := p.receive(fd)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			closeAll(files)
			return err
		}
		p.runsMu.Lock()
		r := p.runs[h.run]
		if h.kind == mDone {
			delete(p.runs, h.run)
		}
		p.runsMu.Unlock()
		if h.kind == mHello {
			select {
			case p.hello <- append([]byte(nil), body...):
			default:
			}
		} else if r == nil || !r.deliver(h, body, files) {
			closeAll(files)
		}
	}
}

func filesOf(rights []byte) ([]*os.File, error) {
	if len(rights) == 0 {
		return nil, nil
	}
	messages, err := unix.ParseSocketControlMessage(rights)
	if err != nil {
		return nil, err
	}
	var files []*os.File
	for i := range messages {
		fds, err := unix.ParseUnixRights(&messages[i])
		if err != nil {
			continue
		}
		for _, fd := range fds {
			unix.CloseOnExec(fd)
			files = append(files, os.NewFile(uintptr(fd), "flernd-image"))
		}
	}
	return files, nil
}

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}

// listen hands the executor's messages to the runs until it dies, and returns then. It never waits for a run.
func (p *process) listen() {
	for {
		var err error
		readErr := p.raw.Read(func(fd uintptr) bool {
			err = p.dispatch(int(fd))
			return err != unix.EAGAIN
		})
		if readErr != nil || err != nil {
			break
		}
	}
	// Nothing more will come, so the process has ended or must.
	_ = p.cmd.Process.Kill()
	<-p.dead
	p.mu.Lock()
	p.gone = true
	p.mu.Unlock()
	close(p.ended)
}

// has says whether the run has not ended as far as the executor has told.
func (p *process) has(id uint64) bool {
	p.runsMu.Lock()
	defer p.runsMu.Unlock()
	return p.runs[id] != nil
}

// kill ends the executor because a run does not obey. It does not take mu, whose holder may wait for that executor.
func (p *process) kill(culprit *Running) {
	p.runsMu.Lock()
	defer p.runsMu.Unlock()
	if p.runs[culprit.id] == culprit {
		p.killed = culprit
		_ = p.cmd.Process.Kill() // it may have died by itself
	}
}
