package cc

import (
	"os/exec"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// confine makes a compiler die with flernd, and makes cancelling kill it with the processes it started.
func confine(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
}

// start starts the compiler with its limits set. They are set from outside as soon as the process exists: what it can use
// up before that is nothing.
func start(cmd *exec.Cmd, background bool, memory int64) error {
	if err := cmd.Start(); err != nil {
		return err
	}
	pid := cmd.Process.Pid
	limit := &unix.Rlimit{Cur: uint64(memory), Max: uint64(memory)}
	// A process that has ended already needs no limits, so the errors say nothing.
	_ = unix.Prlimit(pid, unix.RLIMIT_AS, limit, nil)
	_ = unix.Prlimit(pid, unix.RLIMIT_CORE, &unix.Rlimit{}, nil)
	_ = unix.Prlimit(pid, unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: 1 << 30, Max: 1 << 30}, nil)
	if background {
		_ = unix.Setpriority(unix.PRIO_PGRP, pid, 10)
	}
	return nil
}
