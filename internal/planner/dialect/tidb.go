package dialect

import (
	"fmt"
	"sync"

	"github.com/flernd/flernd/internal/wire/sqlstate"
	tidb "github.com/pingcap/tidb/pkg/parser"
	"github.com/pingcap/tidb/pkg/parser/ast"
	"github.com/pingcap/tidb/pkg/parser/mysql"
)

// tidbParsers holds idle parsers: one is not safe for concurrent use, and making one costs more than parsing most queries.
var tidbParsers = sync.Pool{New: func() any {
	p := tidb.New()
	p.SetSQLMode(mysql.ModeNoBackslashEscapes | mysql.ModeIgnoreSpace)
	return p
}}

// maxPooledTokens keeps parsers whose buffers have grown beyond that of any usual statement out of the pool.
const maxPooledTokens = 1 << 16

// parseGenerated parses the text that u generated and hands the statement to lower. What lower returns must not refer to
// TiDB's tree: the parser is used again.
func parseGenerated[T any](u *unit, lower func(ast.StmtNode) T) T {
	p := tidbParsers.Get().(*tidb.Parser)
	text := u.text()
	stmts, _, err := p.ParseSQL(text)
	if err != nil || len(stmts) != 1 {
		panic(bail{sqlstate.New(sqlstate.InternalError, "generated text was not understood: %v", err).
			WithDetail("%s", cut(text, 2000))})
	}
	t := lower(stmts[0])
	if len(u.out) <= maxPooledTokens {
		p.Reset()
		p.SetSQLMode(mysql.ModeNoBackslashEscapes | mysql.ModeIgnoreSpace)
		tidbParsers.Put(p)
	}
	return t
}

func cut(s string, n int) string {
	if len(s) > n {
		return s[:n] + "…"
	}
	return s
}

// query reads a query that is no part of another.
func (p *parser) query(i int) (*Query, int) {
	u := newUnit(p)
	next := u.query(i)
	return parseGenerated(u, func(s ast.StmtNode) *Query {
		return (&lowering{unit: u}).query(s)
	}), next
}

// onlyWith completes a unit that holds a WITH clause alone, which begins at token i.
func (u *unit) onlyWith(i int) *With {
	frame := u.hole(i, hole{ext: &selectFrame{sel: &Select{}, noFrom: true}})
	u.emit("SELECT")
	u.ref(frame)
	u.emit("FROM")
	u.ref(frame)
	return parseGenerated(u, func(s ast.StmtNode) *With {
		return (&lowering{unit: u}).query(s).With
	})
}

// exprs runs emit, which emits expressions separated by commas into u, and returns them.
func (p *parser) exprs(emit func(u *unit)) []Expr {
	u := newUnit(p)
	u.emit("SELECT")
	emit(u)
	if len(u.out) == 1 {
		return nil
	}
	return parseGenerated(u, func(s ast.StmtNode) []Expr {
		return (&lowering{unit: u}).fields(s.(*ast.SelectStmt))
	})
}

// expr reads one expression that is no part of a query.
func (p *parser) expr(i int) (Expr, int) {
	var next int
	e := p.exprs(func(u *unit) { next = u.expr(i) })
	return e[0], next
}

// unexpected reports a node of TiDB's that generated text can't produce.
func unexpected(n any) *sqlstate.Error {
	return sqlstate.New(sqlstate.InternalError, "unexpected %s in generated text", fmt.Sprintf("%T", n))
}
