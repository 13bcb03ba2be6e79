package planner

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/plantest"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

var postgres = flag.String("postgres", "", "connection string of a PostgreSQL 15 with the tables of plantest (see "+
	"TestPostgresSchema): asks it for the answers in testdata/postgres and rewrites them")

const answersFile = "testdata/postgres/answers.txt"

// TestPostgresAnswers compares what PostgreSQL says when it prepares a statement with what we say: the names and types of
// the result's columns and the types of the parameters, or the error with its code, position, message, detail and hint.
func TestPostgresAnswers(t *testing.T) {
	src, err := os.ReadFile(answersFile)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(_ string, recorded string) string { return recorded }
	if *postgres != "" {
		ask = askPostgres(t)
	}
	env := plantest.Env(plantest.New())
	var out strings.Builder
	for _, block := range strings.Split(strings.TrimSpace(string(src)), "\n\n") {
		sql, recorded, _ := strings.Cut(block, "\n")
		want := ask(sql, recorded)
		if got := answer(sql, env); got != want {
			t.Errorf("%s\nours:     %s\npostgres: %s", sql, got, want)
		}
		out.WriteString(sql + "\n" + want + "\n\n")
	}
	if *postgres != "" {
		if err := os.WriteFile(answersFile, []byte(strings.TrimRight(out.String(), "\n")+"\n"), 0o644); err != nil {
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

func askPostgres(t *testing.T) func(sql, recorded string) string {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, *postgres)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(ctx) })
	return func(sql, _ string) string {
		st, err := conn.Prepare(ctx, "", sql)
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
}

// TestPostgresSchema prints the tables that -postgres needs, with -v.
func TestPostgresSchema(t *testing.T) {
	for _, s := range plantest.New().DDL() {
		t.Log(s)
	}
}
