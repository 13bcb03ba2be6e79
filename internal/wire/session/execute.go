package session

import (
	"context"
	"errors"
	"time"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// invocation is one run of one statement.
type invocation struct {
	stmt dialect.Stmt
	out  Output
	// params are the values of $1, $2 …, of the types in paramTypes.
	params     []sqltype.Datum
	paramTypes []sqltype.Type
	// binary tells the result columns to send in binary; nil for text.
	binary []bool
	// alone tells that the statement is all of its query string.
	alone bool
	// columns, if set, are what the client was told the result to be.
	columns []Column
}

// statement runs a statement in the transaction and returns its command tag.
func (s *Session) statement(ctx context.Context, call *invocation) (tag string, err error) {
	if control, ok := call.stmt.(*dialect.Transaction); ok {
		if s.failed() && control.Kind != dialect.Commit && control.Kind != dialect.Rollback {
			return "", errInFailed()
		}
		return s.transactionStatement(control, call.out)
	}
	if s.failed() {
		return "", errInFailed()
	}
	s.ensure()
	ctx, stop := s.statementTimeout(ctx)
	defer stop()
	tag, err = s.dispatch(ctx, call)
	return tag, causeOf(ctx, err)
}

func (s *Session) failed() bool { return s.tx != nil && s.tx.failed }

// dispatch calls what runs a statement's kind.
func (s *Session) dispatch(ctx context.Context, call *invocation) (tag string, err error) {
	switch stmt := call.stmt.(type) {
	case *dialect.SelectStmt:
		return s.selectStatement(ctx, call, stmt)
	case *dialect.Insert:
		return s.insert(ctx, call, stmt)
	case *dialect.Copy:
		return s.copy(ctx, call, stmt)
	case *dialect.CreateTable:
		return stmt.Tag(), s.createTable(ctx, call, stmt)
	case *dialect.CreateTableAs:
		return s.createTableAs(ctx, call, stmt)
	case *dialect.DropTable:
		return stmt.Tag(), s.dropTable(ctx, call, stmt)
	case *dialect.CreateModel:
		return stmt.Tag(), s.createModel(ctx, call, stmt)
	case *dialect.AlterModel:
		return stmt.Tag(), s.alterModel(ctx, call, stmt)
	case *dialect.DropModel:
		return stmt.Tag(), s.dropModel(ctx, call, stmt)
	case *dialect.Explain:
		return stmt.Tag(), s.explain(ctx, call, stmt)
	case *dialect.Set:
		return stmt.Tag(), s.set(stmt, call.out)
	case *dialect.SetTransaction:
		return stmt.Tag(), s.setTransaction(stmt, call.out)
	case *dialect.Reset:
		return stmt.Tag(), s.reset(stmt)
	case *dialect.Show:
		return stmt.Tag(), s.show(call, stmt)
	case *dialect.Prepare:
		return stmt.Tag(), s.prepare(ctx, stmt)
	case *dialect.Execute:
		return s.executePrepared(ctx, call, stmt)
	case *dialect.Deallocate:
		return stmt.Tag(), s.deallocate(stmt)
	case *dialect.Discard:
		return stmt.Tag(), s.discard(call, stmt)
	case *dialect.Unsupported:
		return "", sqlstate.Unsupported("%s", stmt.What).At(stmt.Pos())
	}
	return "", sqlstate.Unsupported("%s", call.stmt.Tag()).At(call.stmt.Pos())
}

var (
	errStatementTimeout = sqlstate.New(sqlstate.QueryCanceled, "canceling statement due to statement timeout")
	errLockTimeout      = sqlstate.New(sqlstate.LockNotAvailable, "canceling statement due to lock timeout")
)

// statementTimeout bounds ctx as the setting says.
func (s *Session) statementTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	return bound(ctx, s.settings.duration("statement_timeout"), errStatementTimeout)
}

func (s *Session) lockTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	return bound(ctx, s.settings.duration("lock_timeout"), errLockTimeout)
}

func bound(ctx context.Context, limit time.Duration, why error) (context.Context, context.CancelFunc) {
	if limit <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, limit, why)
}

// causeOf names why a statement was stopped, where err only says that it was.
func causeOf(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	stopped := errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) ||
		sqlstate.Of(err).Code == sqlstate.QueryCanceled
	var why *sqlstate.Error
	if stopped && errors.As(context.Cause(ctx), &why) {
		return why
	}
	return err
}
