package planner

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/planner/plantest"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

var postgres = flag.String("postgres", "", "connection string of a PostgreSQL 15 with the tables of plantest (see "+
	"TestPostgresSchema): asks it for the answers in testdata/postgres and rewrites them")

const (
	answersFile   = "testdata/postgres/answers.txt"
	constantsFile = "testdata/postgres/constants.txt"
)

// TestPostgresAnswers compares what PostgreSQL says when it prepares a statement with what we say: the names and types of
// the result's columns and the types of the parameters, or the error with its code, position, message, detail and hint.
func TestPostgresAnswers(t *testing.T) { compare(t, answersFile, answer, describe) }

// TestPostgresConstants compares the values of constant expressions as PostgreSQL computes them with those that folding
// does. An expression that raises an error must stay in the plan.
func TestPostgresConstants(t *testing.T) { compare(t, constantsFile, folded, execute) }

// compare runs the statements of a file: each with PostgreSQL's answer in the line after it.
func compare(t *testing.T, file string, ours func(string, Env) string, theirs func(*testing.T, *pgx.Conn, string) string) {
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var conn *pgx.Conn
	if *postgres != "" {
		if conn, err = pgx.Connect(context.Background(), *postgres); err != nil {
			t.Fatal(err)
		}
		defer conn.Close(context.Background())
	}
	env := plantest.Env(plantest.New())
	var out strings.Builder
	for _, block := range strings.Split(strings.TrimSpace(string(src)), "\n\n") {
		sql, want, _ := strings.Cut(block, "\n")
		if conn != nil {
			want = theirs(t, conn, sql)
		}
		if got := ours(sql, env); got != want {
			t.Errorf("%s\nours:     %s\npostgres: %s", sql, got, want)
		}
		out.WriteString(sql + "\n" + want + "\n\n")
	}
	if conn != nil {
		if err := os.WriteFile(file, []byte(strings.TrimRight(out.String(), "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func answer(sql string, env Env) string {
	stmts, err := dialect.Parse(sql)
	if err != nil {
		return refusal(sqlstate.Of(err))
	}
	p, err := Plan(stmts[0], env)
	if err != nil {
		return refusal(sqlstate.Of(err))
	}
	var cols, params []string
	for _, c := range p.Columns {
		cols = append(cols, fmt.Sprintf("%s:%d", c.Name, c.Type.OID()))
	}
	for _, t := range p.ParamTypes {
		params = append(params, fmt.Sprint(t.OID()))
	}
	return description(cols, params)
}

func description(cols, params []string) string {
	return strings.TrimSpace("columns " + strings.Join(cols, " ") + " parameters " + strings.Join(params, " "))
}

func refusal(e *sqlstate.Error) string {
	return fmt.Sprintf("error %s at %d: %s|%s|%s", e.Code, e.Position, e.Message, e.Detail, e.Hint)
}

// describe asks PostgreSQL to prepare a statement.
func describe(t *testing.T, conn *pgx.Conn, sql string) string {
	st, err := conn.Prepare(context.Background(), "", sql)
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return refusal(&sqlstate.Error{Code: sqlstate.Code(pe.Code), Position: int(pe.Position), Message: pe.Message,
			Detail: pe.Detail, Hint: pe.Hint})
	}
	if err != nil {
		t.Fatal(err)
	}
	var cols, params []string
	for _, f := range st.Fields {
		oid := f.DataTypeOID
		if oid == 19 {
			oid = 25 // name: we have text only
		}
		cols = append(cols, fmt.Sprintf("%s:%d", f.Name, oid))
	}
	for _, p := range st.ParamOIDs {
		params = append(params, fmt.Sprint(p))
	}
	return description(cols, params)
}

// notFolded stands for a value that is left to the running query.
const notFolded = "raises an error"

// folded is the text of the constants that the outputs of a SELECT without FROM became.
func folded(sql string, env Env) string {
	stmts, err := dialect.Parse(sql)
	if err != nil {
		return err.Error()
	}
	p, err := Plan(stmts[0], env)
	if err != nil {
		return err.Error()
	}
	var out []string
	for _, e := range p.Root.(*physical.Result).Exprs {
		k, ok := e.Expr.(*logical.Const)
		switch {
		case !ok:
			return notFolded
		case k.Value.Null:
			out = append(out, "NULL")
		default:
			out = append(out, sqltype.Format(k.Typ, k.Value))
		}
	}
	return strings.Join(out, " | ")
}

// TestNowIsLocal asks for the time, in a zone where it is already tomorrow.
func TestNowIsLocal(t *testing.T) {
	env := plantest.Env(plantest.New())
	env.Now = env.Now.In(time.FixedZone("east", 13*3600))
	got := folded("select now(), current_timestamp(0), localtimestamp(2), current_date, timestamp 'now', date 'today'", env)
	want := "2026-03-15 04:09:26.535897 | 2026-03-15 04:09:27 | 2026-03-15 04:09:26.54 | 2026-03-15 | 2026-03-15 04:09:26.535897 | 2026-03-15"
	if got != want {
		t.Errorf("got %s", got)
	}
}

// execute asks PostgreSQL for the row of a SELECT without FROM.
func execute(_ *testing.T, conn *pgx.Conn, sql string) string {
	r := conn.PgConn().ExecParams(context.Background(), sql, nil, nil, nil, nil).Read()
	if r.Err != nil || len(r.Rows) != 1 {
		return notFolded
	}
	var out []string
	for _, v := range r.Rows[0] {
		if v == nil {
			out = append(out, "NULL")
		} else {
			out = append(out, string(v))
		}
	}
	return strings.Join(out, " | ")
}

// TestPostgresSchema prints the tables that -postgres needs, with -v.
func TestPostgresSchema(t *testing.T) {
	for _, s := range plantest.New().DDL() {
		t.Log(s)
	}
}
