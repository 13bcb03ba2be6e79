package session

import (
	"context"
	"time"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// transaction is what is open between the first statement and the end: of a block (BEGIN), or of a query string or a cycle
// of the extended protocol, which are transactions of their own.
type transaction struct {
	session *Session
	start   time.Time
	block   bool // begun by BEGIN
	failed  bool // a block after an error: only its end is accepted
	// write is the store's transaction from the first statement that writes on; statements that only read have one each.
	write    Tx
	readOnly bool
	settings savedSettings
}

// ensure starts a transaction if none is open.
func (s *Session) ensure() *transaction {
	if s.tx == nil {
		s.tx = &transaction{
			session:  s,
			start:    s.config.Now(),
			settings: s.settings.save(),
			readOnly: s.settings.bool("default_transaction_read_only"),
		}
	}
	return s.tx
}

// reader opens what a statement that reads sees. The statement closes it.
func (t *transaction) reader(ctx context.Context) (*view, error) {
	if t.write != nil {
		return &view{Tx: t.write, settings: t.session.settings}, nil
	}
	tx, err := t.session.config.Store.Begin(ctx, false)
	if err != nil {
		return nil, err
	}
	return &view{Tx: tx, settings: t.session.settings, end: tx.Rollback}, nil
}

// writer opens what a statement that writes sees, and writes to: one transaction of the store for the whole block.
func (t *transaction) writer(ctx context.Context, tag string) (*view, error) {
	if err := t.mayWrite(tag); err != nil {
		return nil, err
	}
	if t.write == nil {
		ctx, stop := t.session.lockTimeout(ctx)
		defer stop()
		tx, err := t.session.config.Store.Begin(ctx, true)
		if err != nil {
			return nil, causeOf(ctx, err)
		}
		t.write = tx
	}
	return &view{Tx: t.write, settings: t.session.settings}, nil
}

// mayWrite refuses statements that write in a transaction that only reads.
func (t *transaction) mayWrite(tag string) error {
	if t.readOnly {
		return sqlstate.New(sqlstate.ReadOnlySQLTransaction, "cannot execute %s in a read-only transaction", tag)
	}
	return nil
}

// abandon undoes what was written; others may write from now on.
func (t *transaction) abandon() {
	if t.write != nil {
		t.write.Rollback()
		t.write = nil
	}
}

// commit ends the transaction and keeps its work. After an error it is undone, as after any.
func (s *Session) commit() error {
	t := s.tx
	if t == nil {
		return nil
	}
	s.closePortals()
	s.tx = nil
	if t.write != nil {
		if err := t.write.Commit(); err != nil {
			s.settings.restore(t.settings)
			return err
		}
	}
	s.settings.endTransaction()
	return nil
}

// rollback ends the transaction and undoes its work.
func (s *Session) rollback() {
	t := s.tx
	if t == nil {
		return
	}
	s.closePortals()
	t.abandon()
	s.tx = nil
	s.settings.restore(t.settings)
}

// endImplicit commits what no BEGIN began.
func (s *Session) endImplicit() error {
	if s.tx == nil || s.tx.block {
		return nil
	}
	return s.commit()
}

// transactionStatement runs BEGIN, COMMIT, ROLLBACK and their kin.
func (s *Session) transactionStatement(stmt *dialect.Transaction, out Output) (tag string, err error) {
	switch stmt.Kind {
	case dialect.Begin, dialect.StartTransaction:
		return stmt.Tag(), s.begin(stmt, out)
	case dialect.Commit:
		return s.end(stmt, out, true)
	case dialect.Rollback:
		return s.end(stmt, out, false)
	}
	return "", sqlstate.Unsupported("%s", stmt.Tag()).At(stmt.Pos())
}

func (s *Session) begin(stmt *dialect.Transaction, out Output) error {
	t := s.ensure()
	if t.failed {
		return errInFailed()
	}
	if t.block {
		if err := s.notice(out, "WARNING", sqlstate.New(sqlstate.ActiveSQLTransaction,
			"there is already a transaction in progress")); err != nil {
			return err
		}
	}
	if err := s.setModes(t, stmt.Modes, stmt.Pos()); err != nil {
		return err
	}
	t.block = true
	return nil
}

// setModes applies transaction modes. Statements of one transaction may see what others committed in between, so only
// the levels that allow it are offered.
func (s *Session) setModes(t *transaction, modes dialect.TransactionModes, pos int) error {
	switch modes.Isolation {
	case "", "read committed", "read uncommitted":
	default:
		return sqlstate.Unsupported("isolation level %s", modes.Isolation).At(pos)
	}
	if modes.ReadOnly != nil {
		t.readOnly = *modes.ReadOnly
	}
	return nil
}

// end is COMMIT and ROLLBACK. Outside a block they end the transaction of the query string, with a warning.
func (s *Session) end(stmt *dialect.Transaction, out Output, keep bool) (tag string, err error) {
	t := s.tx
	if t == nil || !t.block {
		if stmt.Chain {
			return "", sqlstate.New(sqlstate.NoActiveSQLTransaction, "%s AND CHAIN can only be used in transaction blocks", stmt.Tag())
		}
		if err := s.notice(out, "WARNING", sqlstate.New(sqlstate.NoActiveSQLTransaction,
			"there is no transaction in progress")); err != nil {
			return "", err
		}
	}
	readOnly := t != nil && t.readOnly
	tag = "COMMIT"
	if !keep || t != nil && t.failed {
		tag = "ROLLBACK"
		s.rollback()
	} else if err := s.commit(); err != nil {
		return "", err
	}
	if stmt.Chain {
		next := s.ensure()
		next.block, next.readOnly = true, readOnly
	}
	return tag, nil
}

// setTransaction is SET TRANSACTION and SET SESSION CHARACTERISTICS.
func (s *Session) setTransaction(stmt *dialect.SetTransaction, out Output) error {
	if stmt.Snapshot != "" {
		return sqlstate.Unsupported("SET TRANSACTION SNAPSHOT").At(stmt.Pos())
	}
	if stmt.Session {
		if err := s.setModes(&transaction{}, stmt.Modes, stmt.Pos()); err != nil {
			return err
		}
		if readOnly := stmt.Modes.ReadOnly; readOnly != nil {
			return s.settings.set("default_transaction_read_only", onOff(*readOnly), false)
		}
		return nil
	}
	if !s.tx.block {
		return s.notice(out, "WARNING", sqlstate.New(sqlstate.NoActiveSQLTransaction,
			"SET TRANSACTION can only be used in transaction blocks"))
	}
	return s.setModes(s.tx, stmt.Modes, stmt.Pos())
}

func errInFailed() error {
	return sqlstate.New(sqlstate.InFailedSQLTransaction,
		"current transaction is aborted, commands ignored until end of transaction block")
}
