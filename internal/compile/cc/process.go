package cc

import (
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// guard runs a compiler, $1 and what follows, under limits that it and all it starts have from their first instruction on:
// $0 is the memory of one process in KiB. The kernel sends the guard a SIGTERM when flernd dies, and it takes the whole
// group with it: gcc's own processes would not hear of that. (What runs in a shell's background has no standard input but
// what it is given.)
const guard = `trap 'kill -9 0' TERM; ulimit -v "$0"; ulimit -c 0; ulimit -f 2097152; exec 3<&0; "$@" <&3 3<&- & wait $!`

// runGuarded runs a compiler to its end. Cancelling kills it with the processes it started, and so does flernd's end,
// however it comes.
func runGuarded(cmd *exec.Cmd, background bool, memory int64) (started bool, err error) {
	cmd.Args = append([]string{"sh", "-c", guard, strconv.FormatInt(memory>>10, 10), cmd.Path}, cmd.Args[1:]...)
	cmd.Path = "/bin/sh"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	// To the kernel, the parent whose death counts is the thread that started the process.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		return false, err
	}
	if background {
		_ = unix.Setpriority(unix.PRIO_PGRP, cmd.Process.Pid, 10) // fails only if it has ended
	}
	return true, cmd.Wait()
}
