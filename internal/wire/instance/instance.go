// Package instance puts the parts of one flernd together over a data directory: store, planner, engine, sessions. It is what
// the commands serve, sql, demo and compile start from.
//
// It holds no logic of the parts: its other files fit them to the interfaces that sessions ask for.
package instance

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/flernd/flernd/internal/compile"
	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/wire"
	"github.com/flernd/flernd/internal/wire/auth"
	"github.com/flernd/flernd/internal/wire/session"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Options are how an instance runs.
type Options struct {
	DataDir  string
	ModelDir string // "" if CREATE MODEL may read no files
	CopyDir  string // "" if COPY FROM 'file' may read no files, "/" for all that the process may
	ISA      string // widest instruction set, "" for what the CPU has
	Threads  int    // 0 for one a core
	// MemoryLimit bounds the memory of all queries in bytes; 0 for three quarters of the machine's.
	MemoryLimit    int64
	MaxConnections int // 0 for the default
	// RewriteAfter is how long no statement must have run before Serve rewrites segments; 0: it never does.
	RewriteAfter time.Duration
	Logger       *slog.Logger
}

// Instance is a running flernd. Close it.
type Instance struct {
	options Options
	store   *store
	engine  *activity
	config  session.Config
}

// Open opens a data directory and starts what runs queries.
func Open(options Options) (*Instance, error) {
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	for what, dir := range map[string]string{"model": options.ModelDir, "copy": options.CopyDir} {
		if err := checkDir(what, dir); err != nil {
			return nil, err
		}
	}
	store, err := openStore(options.DataDir, options.Logger)
	if err != nil {
		return nil, err
	}
	memory := options.MemoryLimit
	if memory == 0 {
		memory = defaultMemory()
	}
	engine, err := compile.Open(compile.Options{DataDir: options.DataDir, Threads: options.Threads, MemoryLimit: memory,
		ISA: options.ISA, Log: os.Stderr})
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	store.OnRemove(engine.Forget)
	store.models.engine = engine
	store.arriving.most = memory / 2
	watched := &activity{Engine: engine, since: time.Now()}
	return &Instance{
		options: options,
		store:   store,
		engine:  watched,
		config: session.Config{
			Store:    store,
			Planner:  planning{},
			Engine:   watched,
			ModelDir: options.ModelDir,
			CopyDir:  options.CopyDir,
			Now:      time.Now,
			Logger:   options.Logger,
		},
	}, nil
}

// checkDir refuses a directory of files that is none, before anything is made.
func checkDir(what, dir string) error {
	if dir == "" {
		return nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return sqlstate.Wrap(err, sqlstate.UndefinedFile, "could not open %s directory \"%s\"", what, dir)
	}
	if !info.IsDir() {
		return sqlstate.New(sqlstate.WrongObjectType, "%s directory \"%s\" is not a directory", what, dir)
	}
	return nil
}

// Close stops the executor and closes the data directory. Sessions must have ended.
func (i *Instance) Close() error {
	i.engine.Close()
	return i.store.Close()
}

// planning is the planner as sessions ask for it.
type planning struct{}

// Plan implements session.Planner.
func (planning) Plan(stmt dialect.Stmt, env planner.Env) (*planner.Planned, error) {
	return planner.Plan(stmt, env)
}

// defaultMemory is three quarters of the memory of the machine, or of the process's control group if that is less; 0 (no
// limit) where neither can be told.
func defaultMemory() int64 {
	total := int64(0)
	for _, source := range []struct {
		path  string
		scale int64
	}{{"/proc/meminfo", 1 << 10}, {"/sys/fs/cgroup/memory.max", 1}, {"/sys/fs/cgroup/memory/memory.limit_in_bytes", 1}} {
		content, err := os.ReadFile(source.path)
		if err != nil {
			continue
		}
		fields := strings.Fields(strings.TrimPrefix(string(content), "MemTotal:"))
		if len(fields) == 0 {
			continue
		}
		n, err := strconv.ParseInt(fields[0], 10, 64)
		if err == nil && n > 0 && (total == 0 || n*source.scale < total) {
			total = n * source.scale
		}
	}
	return total / 4 * 3
}

// LocalSession opens a session for this process.
func (i *Instance) LocalSession() (*session.Session, error) {
	return session.New(&i.config, auth.User, auth.Database, nil)
}

// Serve accepts clients at an address until ctx ends. It calls ready with the address once it accepts connections.
func (i *Instance) Serve(ctx context.Context, address string, ready func(bound string)) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := wire.New(wire.Config{
		Admit:          auth.Trust,
		MaxConnections: i.options.MaxConnections,
		Logger:         i.options.Logger,
		NewSession: func(client wire.Client) (wire.Session, error) {
			return session.New(&i.config, client.User, client.Database, client.Settings)
		},
	})
	defer i.rewriting(ctx)()
	ready(listener.Addr().String())
	return server.Serve(ctx, listener)
}

// rewriting starts the rewriting of segments, if it is wanted, and returns what ends it.
func (i *Instance) rewriting(ctx context.Context) (end func()) {
	if i.options.RewriteAfter <= 0 {
		return func() {}
	}
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		newRewriter(i.store, i.engine, i.options.RewriteAfter, i.options.Logger).run(ctx)
	}()
	return func() {
		stop()
		<-ended
	}
}
