package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/compile/crt"
	"github.com/jackc/pgx/v5"
)

// TestKilledDuringLoads kills the server at random moments of a stream of COPYs, small ones, large ones and several in a
// transaction, while segments are rewritten all the time, and starts it again on what is left: everything that was
// acknowledged is there, whole; of the transaction under way all or nothing; nothing else. With FLERND_SLOW it does so for
// long.
func TestKilledDuringLoads(t *testing.T) {
	if _, err := crt.Executor("baseline"); err != nil {
		t.Skip(err)
	}
	kills, patience := 6, time.Minute
	if os.Getenv("FLERND_SLOW") != "" {
		kills, patience = 100, 10*time.Minute
	}
	ctx, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	l := &loader{T: t, ctx: ctx, random: rand.New(rand.NewSource(seed)), dir: filepath.Join(t.TempDir(), "db"), kept: map[int]batch{}}
	l.start()
	l.exec(createTable)
	for n := range kills {
		l.killWhileLoading()
		l.start()
		l.check()
		if n%10 == 9 { // so that checking does not take ever longer
			l.exec("drop table t; " + createTable)
			clear(l.kept)
		}
	}
	t.Logf("%d batches were loaded, %d transactions were cut short", l.next, l.cut)
	l.exec("drop table t")
	l.kill()
	l.start()
	defer l.kill()
	if left, err := os.ReadDir(filepath.Join(l.dir, "data")); err != nil || len(left) > 0 {
		t.Errorf("after the table was dropped %d data files are left, %v", len(left), err)
	}
}

const createTable = "create table t (batch int4 not null, n int4 not null, s text, v numeric(10,2))"

// loader is a client with a server of its own.
type loader struct {
	*testing.T
	ctx    context.Context
	random *rand.Rand
	dir    string
	server *exec.Cmd
	client *pgx.Conn

	next    int           // batch
	kept    map[int]batch // acknowledged, or found to be there
	pending map[int]batch // of the transaction under way
	cut     int
}

// batch is what a COPY brought, as the query of check sums it up.
type batch struct {
	rows, numbers, texts, length int64
}

// start starts a server and connects to it.
func (l *loader) start() {
	l.Helper()
	if l.client != nil {
		_ = l.client.Close(l.ctx)
	}
	l.server = flernd(l.ctx, "serve", "--data-dir", l.dir, "--listen", "127.0.0.1:0", "--threads", "2", "--rewrite-after", "3ms")
	l.server.Stderr = os.Stderr
	out, err := l.server.StdoutPipe()
	if err != nil {
		l.Fatal(err)
	}
	if err := l.server.Start(); err != nil {
		l.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	_, address, ready := strings.Cut(strings.TrimSpace(line), "ready on ")
	if !ready {
		l.Fatalf("the server said %q, %v", line, err)
	}
	if l.client, err = pgx.Connect(l.ctx, "postgres://flern@"+address+"/flern"); err != nil {
		l.Fatal(err)
	}
}

func (l *loader) kill() {
	_ = l.server.Process.Kill()
	_ = l.server.Wait()
}

func (l *loader) exec(sql string) {
	l.Helper()
	if _, err := l.client.Exec(l.ctx, sql); err != nil {
		l.Fatal(err)
	}
}

// killWhileLoading loads until the server is killed, after a third of a second at most.
func (l *loader) killWhileLoading() {
	killed := make(chan struct{})
	delay := time.Duration(l.random.Int63n(int64(300 * time.Millisecond)))
	time.AfterFunc(delay, func() {
		defer close(killed)
		l.kill()
	})
	for l.transaction() == nil {
		for number, b := range l.pending {
			l.kept[number] = b
		}
		l.pending = nil
	}
	<-killed
}

// transaction loads one to three batches, which l.pending keeps until it is acknowledged. Some are rolled back.
func (l *loader) transaction() error {
	l.pending = map[int]batch{}
	if l.random.Intn(3) > 0 {
		return l.copy()
	}
	if _, err := l.client.Exec(l.ctx, "begin"); err != nil {
		return err
	}
	for range 1 + l.random.Intn(3) {
		if err := l.copy(); err != nil {
			return err
		}
	}
	if l.random.Intn(4) == 0 {
		l.pending = map[int]batch{}
		_, err := l.client.Exec(l.ctx, "rollback")
		return err
	}
	_, err := l.client.Exec(l.ctx, "commit")
	return err
}

func (l *loader) copy() error {
	rows := 1 + l.random.Intn(20)
	switch l.random.Intn(6) {
	case 0:
		rows = 1 + l.random.Intn(3000)
	case 1:
		rows = 1 + l.random.Intn(80000) // beyond what goes to the table's tail
	}
	l.next++
	var data bytes.Buffer
	var b batch
	for n := range int64(rows) {
		b.rows, b.numbers = b.rows+1, b.numbers+n
		text := "\\N"
		if n%7 != 0 {
			text = strings.Repeat("t", int(n%23))
			b.texts, b.length = b.texts+1, b.length+n%23
		}
		fmt.Fprintf(&data, "%d\t%d\t%s\t%d.25\n", l.next, n, text, n%1000)
	}
	l.pending[l.next] = b
	_, err := l.client.PgConn().CopyFrom(l.ctx, &data, "copy t from stdin")
	return err
}

// check compares what is there with what must be.
func (l *loader) check() {
	l.Helper()
	rows, err := l.client.Query(l.ctx, "select batch, count(*), sum(n), count(s), coalesce(sum(length(s)), 0), count(distinct n), "+
		"sum(v) = sum(n % 1000) + count(*) * 0.25 from t group by batch")
	if err != nil {
		l.Fatal(err)
	}
	found := map[int]batch{}
	for rows.Next() {
		var number int
		var b batch
		var distinct int64
		var values bool
		if err := rows.Scan(&number, &b.rows, &b.numbers, &b.texts, &b.length, &distinct, &values); err != nil {
			l.Fatal(err)
		}
		if found[number] = b; distinct != b.rows || !values {
			l.Errorf("batch %d has %d rows with %d numbers, values right: %v", number, b.rows, distinct, values)
		}
	}
	if err := rows.Err(); err != nil {
		l.Fatal(err)
	}
	survived := 0
	for number := range l.pending {
		if _, ok := found[number]; ok {
			survived++
		}
	}
	if survived != 0 && survived != len(l.pending) {
		l.Errorf("%d of %d batches of a transaction are there", survived, len(l.pending))
	}
	if survived == 0 {
		l.cut++
	} else {
		for number, b := range l.pending {
			l.kept[number] = b
		}
	}
	l.pending = nil
	for number, b := range l.kept {
		if found[number] != b {
			l.Errorf("batch %d is %+v, want %+v", number, found[number], b)
		}
	}
	if len(found) != len(l.kept) {
		l.Errorf("%d batches are there, %d were kept", len(found), len(l.kept))
	}
	if l.Failed() {
		l.FailNow()
	}
}
