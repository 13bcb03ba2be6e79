package session

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// TestStatements plays scripts: each line is a query string and what must come out, the transaction's state last.
func TestStatements(t *testing.T) {
	for name, script := range map[string][][2]string{
		"autocommit": {
			{"", "empty I"},
			{" ; ;", "empty I"},
			{"select 1", "T1 D1 SELECT 1 I"},
			{"create table t (a int4)", "CREATE TABLE I"},
			{"insert into t values (1)", "INSERT 0 2 I"},
			{"select * from t", "T1 D2 SELECT 2 I"},
			{"copy t from stdin", "G1 COPY 5 I"},
			{"select * from t", "T1 D3 D3 D1 SELECT 7 I"},
			{"create table u as select * from t", "SELECT 2 I"},
			{"create table v as select * from t with no data", "CREATE TABLE AS I"},
			{"drop table t, u, v", "DROP TABLE I"},
			{"select nowhere", "42703 I"},
			{"selec 1", "42601 I"},
			{"delete from t", "0A000 I"},
		},
		"block": {
			{"begin", "BEGIN T"},
			{"begin", "WARNING 25001 BEGIN T"},
			{"create table t (a int4)", "CREATE TABLE T"},
			{"insert into t values (1)", "INSERT 0 2 T"},
			{"select * from t", "T1 D2 SELECT 2 T"},
			{"rollback", "ROLLBACK I"},
			{"drop table t", "42P01 I"},
			{"rollback", "WARNING 25P01 ROLLBACK I"},
			{"commit", "WARNING 25P01 COMMIT I"},
		},
		"failed block": {
			{"create table t (a int4)", "CREATE TABLE I"},
			{"begin", "BEGIN T"},
			{"insert into t values (1)", "INSERT 0 2 T"},
			{"select nowhere", "42703 E"},
			{"select 1", "25P02 E"},
			{"set application_name = 'x'", "25P02 E"},
			{"begin", "25P02 E"},
			{"selec", "42601 E"},
			{"", "empty E"},
			{"commit", "ROLLBACK I"},
			{"select * from t", "T1 SELECT 0 I"},
		},
		"several statements are one transaction": {
			{"create table t (a int4)", "CREATE TABLE I"},
			{"insert into t values (1); select nowhere; insert into t values (2)", "INSERT 0 2 42703 I"},
			{"select * from t", "T1 SELECT 0 I"},
			{"insert into t values (1); commit; select nowhere", "INSERT 0 2 WARNING 25P01 COMMIT 42703 I"},
			{"select * from t", "T1 D2 SELECT 2 I"},
			{"insert into t values (1); begin; insert into t values (1)", "INSERT 0 2 BEGIN INSERT 0 2 T"},
			{"rollback; select * from t", "ROLLBACK T1 D2 SELECT 2 I"},
			{"begin; select nowhere", "BEGIN 42703 E"},
			{"rollback", "ROLLBACK I"},
		},
		"modes": {
			{"begin read only; select 1", "BEGIN T1 D1 SELECT 1 T"},
			{"create table t (a int4)", "25006 E"},
			{"rollback and chain", "ROLLBACK T"},
			{"create table t (a int4)", "25006 E"},
			{"rollback", "ROLLBACK I"},
			{"begin isolation level serializable", "0A000 I"},
			{"savepoint a", "0A000 I"},
			{"set transaction read only", "WARNING 25P01 SET I"},
			{"set session characteristics as transaction read only", "SET I"},
			{"create table t (a int4)", "25006 I"},
		},
		"tables": {
			{"create table t (a int4, a int4)", "42701 I"},
			{"create table t (a nosuch)", "42704 I"},
			{"create table t (a int4 primary key, b int4 primary key)", "42P16 I"},
			{"create table t (a int4, primary key (b))", "42703 I"},
			{"create table t (a int4 null not null)", "42601 I"},
			{"create table t (a int4 unique)", "0A000 I"},
			{"create table t (a interval)", "0A000 I"},
			{"create temp table t (a int4)", "0A000 I"},
			{"create table nosuch.t (a int4)", "3F000 I"},
			{"create table t (a int4 primary key)", "CREATE TABLE I"},
			{"create table t (a int4)", "42P07 I"},
			{"create table if not exists t (a int4)", "NOTICE 42P07 CREATE TABLE I"},
			{"create table t as select 1", "42P07 I"},
			{"create table if not exists t as select 1", "NOTICE 42P07 CREATE TABLE AS I"},
			{"drop table if exists t, u", "NOTICE 00000 DROP TABLE I"},
			{"set client_min_messages = warning; drop table if exists t", "SET DROP TABLE I"},
			{"set search_path = nosuch; drop table t", "SET 42P01 I"},
		},
		"explain": {
			{"explain select 1", "T1 D1 EXPLAIN I"},
			{"explain (nonsense) select 1", "42601 I"},
			{"explain (format xml) select 1", "0A000 I"},
			{"explain (timing) select 1", "22023 I"},
			{"create table t (a int4); explain analyze insert into t values (1)", "CREATE TABLE T1 D4 EXPLAIN I"},
			{"select * from t", "T1 D2 SELECT 2 I"},
		},
		"prepare": {
			{"prepare p as select $1", "PREPARE I"},
			{"prepare p as select 1", "42P05 I"},
			{"execute p", "42601 I"},
			{"execute q", "26000 I"},
			{"deallocate p", "DEALLOCATE I"},
			{"deallocate p", "26000 I"},
			{"prepare p as select 1; execute p; deallocate all; execute p", "PREPARE T1 D1 SELECT 1 DEALLOCATE ALL 26000 I"},
			{"begin; discard all", "BEGIN 25001 E"},
			{"rollback", "ROLLBACK I"},
			{"discard all", "DISCARD ALL I"},
		},
		"models": {
			{"create model m from 'm.onnx'", "55000 I"},
			{"drop model m", "42704 I"},
			{"drop model if exists m", "NOTICE 00000 DROP MODEL I"},
		},
		"copy": {
			{"copy t from stdin", "42P01 I"},
			{"create table t (a int4)", "CREATE TABLE I"},
			{"copy t from '/etc/passwd'", "42501 I"},
			{"copy t to stdout", "0A000 I"},
			{"copy t from program 'true'", "0A000 I"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			for _, line := range script {
				if got := f.query(line[0]); got != line[1] {
					t.Errorf("%s\n got %s\nwant %s", line[0], got, line[1])
				}
			}
			f.Close()
			if f.store.open != 0 {
				t.Errorf("%d transactions of the store are open", f.store.open)
			}
		})
	}
}

func TestOneWriter(t *testing.T) {
	f := newFixture(t)
	f.query("create table t (a int4)")
	f.query("begin; insert into t values (1)")
	other := f.another()
	if got := run(other, "select * from t"); got != "T1 SELECT 0 I" {
		t.Errorf("another session saw what was not committed: %s", got)
	}
	if got := run(other, "set lock_timeout = 10; insert into t values (1)"); got != "SET 55P03 I" {
		t.Errorf("second writer: %s", got)
	}
	if got := run(other, "set lock_timeout = 0; set statement_timeout = '10ms'; insert into t values (1)"); got != "SET SET 57014 I" {
		t.Errorf("second writer: %s", got)
	}
	f.query("commit")
	if got := run(other, "set statement_timeout to default; insert into t values (1); select * from t"); got != "SET INSERT 0 2 T1 D3 D1 SELECT 4 I" {
		t.Errorf("after the first ended: %s", got)
	}
}

func TestFailedCommit(t *testing.T) {
	f := newFixture(t)
	f.store.commit = sqlstate.New(sqlstate.DiskFull, "no space left on device")
	if got := f.query("create table t (a int4)"); got != "53100 I" {
		t.Errorf("got %s", got)
	}
	if got := f.query("create table t (a int4)"); got != "CREATE TABLE I" {
		t.Errorf("got %s", got)
	}
}

func TestCancel(t *testing.T) {
	f := newFixture(t)
	ctx, cancel := context.WithCancelCause(context.Background())
	why := sqlstate.New(sqlstate.QueryCanceled, "as asked")
	blocks := 0
	out := &recorder{rows: func() {
		if blocks++; blocks == 3 {
			cancel(why)
		}
	}}
	if err := f.Query(ctx, "select * from forever", out); err != why {
		t.Errorf("got %v", err)
	}
	if got := f.query("set statement_timeout = 20; select * from forever"); !strings.HasSuffix(got, " 57014 I") {
		t.Errorf("got %.100s", got)
	}
}

func TestSettings(t *testing.T) {
	f := newFixture(t)
	show := func(name string) string {
		_, value, err := f.settings.lookup(name)
		if err != nil {
			return string(sqlstate.Of(err).Code)
		}
		return value
	}
	if changed := f.Changed(); len(changed) != len(reportedSettings) {
		t.Errorf("reported at first: %v", changed)
	}
	for _, line := range [][4]string{
		{"set application_name = 'a b'", "SET I", "application_name", "a b"},
		{"set flern.threads = 3", "SET I", "flern.threads", "3"},
		{"set flern.threads = -1", "22023 I", "flern.threads", "3"},
		{"set flern.tier = 'best'", "SET I", "flern.tier", "best"},
		{"set flern.tier = 'none'", "22023 I", "flern.tier", "best"},
		{"reset flern.tier", "RESET I", "flern.tier", "auto"},
		{"set flern.nonsense = 1", "42602 I", "flern.nonsense", "42704"},
		{"set my.own = 'x'", "SET I", "my.own", "x"},
		{"set nonsense = 1", "42704 I", "nonsense", "42704"},
		{"set statement_timeout = '2min'", "SET I", "statement_timeout", "2min"},
		{"set statement_timeout = 1500", "SET I", "statement_timeout", "1500ms"},
		{"set statement_timeout = 'x'", "22023 I", "statement_timeout", "1500ms"},
		{"set datestyle = 'ISO, MDY'", "SET I", "DateStyle", "ISO, MDY"},
		{"set datestyle = german", "0A000 I", "datestyle", "ISO, MDY"},
		{"set extra_float_digits = 3", "SET I", "extra_float_digits", "3"},
		{"set extra_float_digits = 0", "0A000 I", "extra_float_digits", "3"},
		{"set client_encoding = 'utf-8'", "SET I", "client_encoding", "UTF8"},
		{"set client_encoding = 'latin1'", "0A000 I", "client_encoding", "UTF8"},
		{"set time zone 'Europe/Berlin'", "SET I", "timezone", "Europe/Berlin"},
		{"set time zone 'Nowhere/Else'", "22023 I", "timezone", "Europe/Berlin"},
		{"set server_version = '1'", "55P02 I", "server_encoding", "UTF8"},
		{"set search_path = a, \"B\", public", "SET I", "search_path", "a, \"B\", public"},
		{"set standard_conforming_strings = off", "22023 I", "standard_conforming_strings", "on"},
		{"set local application_name = 'c'", "WARNING 25P01 SET I", "application_name", "a b"},
		{"begin; set local application_name = 'c'", "BEGIN SET T", "application_name", "c"},
		{"commit", "COMMIT I", "application_name", "a b"},
		{"begin; set application_name = 'd'", "BEGIN SET T", "application_name", "d"},
		{"rollback", "ROLLBACK I", "application_name", "a b"},
		{"set application_name = 'e'; select nowhere", "SET 42703 I", "application_name", "a b"},
		{"show application_name", "T1 D1 SHOW I", "application_name", "a b"},
		{"show nonsense", "42704 I", "application_name", "a b"},
		{"reset all", "RESET I", "application_name", ""},
	} {
		if got := f.query(line[0]); got != line[1] {
			t.Errorf("%s: got %s, want %s", line[0], got, line[1])
		}
		if got := show(line[2]); got != line[3] {
			t.Errorf("after %s: %s is %q, want %q", line[0], line[2], got, line[3])
		}
	}
	f.query("set application_name = 'z'")
	if changed := f.Changed(); len(changed) == 0 || changed[0] != [2]string{"application_name", "z"} {
		t.Errorf("reported: %v", changed)
	}
	if changed := f.Changed(); changed != nil {
		t.Errorf("reported twice: %v", changed)
	}
	if _, err := New(f.config, "flern", "flern", map[string]string{"datestyle": "german"}); err == nil {
		t.Error("a startup setting was not checked")
	}
}

func TestSizes(t *testing.T) {
	for text, want := range map[string]int64{"0": 0, "123": 123, "4kB": 4096, "1.5GB": 3 << 29, " 2 MB ": 2 << 20, "1T": 1 << 40,
		"": -1, "x": -1, "1XB": -1, "-1": -1, "1e300": -1, "NaN": -1, "99999999TB": -1} {
		got, err := ParseSize(text)
		if want < 0 && err == nil || want >= 0 && (err != nil || got != want) {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
}

// extended runs the usual messages for one statement.
func (f *fixture) extended(sql string, maxRows int64, params ...string) string {
	out := &recorder{}
	err := f.Parse(context.Background(), "", sql, nil)
	if err == nil {
		b := Binding{}
		for _, p := range params {
			b.Params = append(b.Params, []byte(p))
		}
		err = f.Bind(context.Background(), b)
	}
	for more := err == nil; more && err == nil; {
		more, err = f.Execute(context.Background(), "", maxRows, out)
		if more {
			out.log = append(out.log, "s")
		}
	}
	if err != nil {
		out.log = append(out.log, string(sqlstate.Of(err).Code))
	}
	if err := f.Sync(context.Background()); err != nil {
		out.log = append(out.log, string(sqlstate.Of(err).Code))
	}
	return strings.Join(out.log, " ") + " " + string(f.Status())
}

func TestExtended(t *testing.T) {
	f := newFixture(t)
	for _, line := range []struct {
		sql    string
		rows   int64
		params []string
		want   string
	}{
		{"", 0, nil, "empty I"},
		{"select 1; select 2", 0, nil, "42601 I"},
		{"select * from series", 0, nil, "T1 D3 D3 D3 D1 SELECT 10 I"},
		{"select * from series", 2, nil, "D2 s D1 D1 s D2 s D2 s D1 D1 s SELECT 0 I"},
		{"select * from series", 4, nil, "D3 D1 s D2 D2 s D1 D1 SELECT 2 I"},
		{"select * from series", 100, nil, "D3 D3 D3 D1 SELECT 10 I"},
		{"select $1", 0, []string{"5"}, "T1 D1 SELECT 1 I"},
		{"select $1", 0, []string{"x"}, "22P02 I"},
		{"select $1", 0, nil, "08P01 I"},
		{"create table t (a int4)", 1, nil, "CREATE TABLE I"},
		{"insert into t values ($1)", 0, []string{"1"}, "INSERT 0 2 I"},
		{"begin", 0, nil, "BEGIN T"},
		{"select nowhere", 0, nil, "42703 E"},
		{"select 1", 0, nil, "25P02 E"},
		{"rollback", 0, nil, "ROLLBACK I"},
	} {
		if got := f.extended(line.sql, line.rows, line.params...); got != line.want {
			t.Errorf("%s by %d\n got %s\nwant %s", line.sql, line.rows, got, line.want)
		}
	}
	f.Close()
	if f.store.open != 0 {
		t.Errorf("%d transactions of the store are open", f.store.open)
	}
}

// TestPipelineIsOneTransaction: what runs between two Syncs is undone together.
func TestPipelineIsOneTransaction(t *testing.T) {
	f := newFixture(t)
	f.query("create table t (a int4)")
	ctx := context.Background()
	step := func(sql string) error {
		if err := f.Parse(ctx, "", sql, nil); err != nil {
			return err
		}
		if err := f.Bind(ctx, Binding{}); err != nil {
			return err
		}
		_, err := f.Execute(ctx, "", 0, &recorder{})
		return err
	}
	if err := step("insert into t values (1)"); err != nil {
		t.Fatal(err)
	}
	if err := step("select nowhere"); err == nil {
		t.Fatal("no error")
	}
	if err := f.Sync(ctx); err != nil {
		t.Fatal(err)
	}
	if got := f.query("select * from t"); got != "T1 SELECT 0 I" {
		t.Errorf("got %s", got)
	}
}

// TestSuspendedPortal: other statements run beside it, and the end of the transaction ends it.
func TestSuspendedPortal(t *testing.T) {
	f := newFixture(t)
	ctx := context.Background()
	f.query("begin")
	if err := f.Parse(ctx, "s", "select * from forever", nil); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b"} {
		if err := f.Bind(ctx, Binding{Portal: name, Statement: "s"}); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			out := &recorder{}
			more, err := f.Execute(ctx, name, 5, out)
			if err != nil || !more {
				t.Fatalf("%v, %v", more, err)
			}
		}
	}
	if err := f.Bind(ctx, Binding{Portal: "a", Statement: "s"}); sqlstate.Of(err).Code != sqlstate.DuplicateCursor {
		t.Errorf("second portal of a name: %v", err)
	}
	if got := f.query("select 1"); got != "25P02 E" {
		t.Errorf("got %s", got)
	}
	f.query("rollback")
	if _, err := f.Execute(ctx, "a", 1, &recorder{}); err == nil || sqlstate.Of(err).Code != sqlstate.InvalidCursorName {
		t.Errorf("a portal outlived its transaction: %v", err)
	}
	f.Close()
	if f.store.open != 0 {
		t.Errorf("%d transactions of the store are open", f.store.open)
	}
}

func TestSuspendedPortalIsCancelled(t *testing.T) {
	f := newFixture(t)
	if err := f.Parse(context.Background(), "", "select * from forever", nil); err != nil {
		t.Fatal(err)
	}
	if err := f.Bind(context.Background(), Binding{}); err != nil {
		t.Fatal(err)
	}
	if more, err := f.Execute(context.Background(), "", 5, &recorder{}); err != nil || !more {
		t.Fatal(more, err)
	}
	why := sqlstate.New(sqlstate.QueryCanceled, "as asked")
	ctx, cancel := context.WithCancelCause(context.Background())
	out := &recorder{rows: func() { cancel(why) }}
	if _, err := f.Execute(ctx, "", 0, out); err != why {
		t.Errorf("got %v", err)
	}
}

func TestParameters(t *testing.T) {
	types := []sqltype.Type{sqltype.Of(sqltype.Int4), sqltype.Of(sqltype.Text), sqltype.Of(sqltype.Bool)}
	now := time.Now()
	values, err := paramValues(&Binding{ParamFormats: []int16{1, 0, 0},
		Params: [][]byte{binary.BigEndian.AppendUint32(nil, 7), []byte("x"), nil}}, types, now)
	if err != nil || values[0].I != 7 || values[1].S != "x" || !values[2].Null {
		t.Errorf("%+v, %v", values, err)
	}
	for name, c := range map[string]struct {
		b    Binding
		code sqlstate.Code
	}{
		"too few":        {Binding{Params: [][]byte{nil}}, sqlstate.ProtocolViolation},
		"formats":        {Binding{Params: [][]byte{nil, nil, nil}, ParamFormats: []int16{0, 1}}, sqlstate.ProtocolViolation},
		"format code":    {Binding{Params: [][]byte{nil, nil, nil}, ParamFormats: []int16{2}}, sqlstate.InvalidParameterValue},
		"short binary":   {Binding{Params: [][]byte{{1}, nil, nil}, ParamFormats: []int16{1}}, sqlstate.ProtocolViolation},
		"bad text":       {Binding{Params: [][]byte{[]byte("seven"), nil, nil}}, sqlstate.InvalidTextRepresentation},
		"not UTF-8":      {Binding{Params: [][]byte{nil, {0xff}, nil}}, sqlstate.CharacterNotInRepertoire},
		"zero character": {Binding{Params: [][]byte{nil, {0}, nil}}, sqlstate.CharacterNotInRepertoire},
	} {
		if _, err := paramValues(&c.b, types, now); err == nil || sqlstate.Of(err).Code != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	if _, err := declaredTypes([]uint32{0, 705, 23, 1043}); err != nil {
		t.Error(err)
	}
	if _, err := declaredTypes([]uint32{600}); err == nil {
		t.Error("a type that flernd lacks was accepted")
	}
}

func TestTranscode(t *testing.T) {
	columns := []Column{{Type: sqltype.Of(sqltype.Int4)}, {Type: sqltype.Of(sqltype.Date), Binary: true}, {Type: sqltype.Of(sqltype.Text), Binary: true}}
	var got []byte
	tr := transcoder(columns, func(messages []byte, n int64) error {
		got = append(got, messages...)
		return nil
	})
	if tr.formats[0] != 0 || tr.formats[1] != 0 || tr.formats[2] != 1 {
		t.Errorf("asked of the engine: %v", tr.formats)
	}
	rows := appendRow(appendRow(nil, "1", "2000-01-03", "x"), "2", "1999-12-31", "")
	if err := tr.rows(rows, 2); err != nil {
		t.Fatal(err)
	}
	want := appendRow(appendRow(nil, "1", "\x00\x00\x00\x02", "x"), "2", "\xff\xff\xff\xff", "")
	if string(got) != string(want) {
		t.Errorf("got %q, want %q", got, want)
	}
	plain := transcoder([]Column{{Type: sqltype.Of(sqltype.Int4)}}, func([]byte, int64) error { return nil })
	if plain.formats != nil {
		t.Error("text needs no formats")
	}
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	models := filepath.Join(dir, "models")
	for path, content := range map[string]string{"models/m.onnx": "x", "models/sub/n.onnx": "y", "secret": "s"} {
		full := filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../secret", filepath.Join(models, "link")); err != nil {
		t.Fatal(err)
	}
	for name, code := range map[string]sqlstate.Code{
		"m.onnx": "", "sub/n.onnx": "", filepath.Join(models, "m.onnx"): "", "sub/../m.onnx": "",
		"none":                       sqlstate.UndefinedFile,
		"../secret":                  sqlstate.InsufficientPrivilege,
		filepath.Join(dir, "secret"): sqlstate.InsufficientPrivilege,
		"link":                       sqlstate.InsufficientPrivilege,
		"sub":                        sqlstate.WrongObjectType,
		"":                           sqlstate.InsufficientPrivilege,
		"m.onnx\x00":                 sqlstate.IOError,
	} {
		file, err := openUnder(models, name)
		if code == "" {
			if err != nil {
				t.Errorf("%q: %v", name, err)
				continue
			}
			file.Close()
		} else if err == nil || sqlstate.Of(err).Code != code {
			t.Errorf("%q: %v, want %s", name, err, code)
		}
	}
}

// TestOwnQueries runs one of the session's own queries: it does not wait for the best program, whatever the client set.
func TestOwnQueries(t *testing.T) {
	f := newFixture(t)
	f.query("set flern.tier = 'best'")
	f.query("prepare p as select $1")
	if got := f.query("execute p(7)"); got != "T1 D1 SELECT 1 I" || f.engine.tier != "best" {
		t.Errorf("got %s in tier %s", got, f.engine.tier)
	}
	stmts, err := parse("select 1")
	if err != nil {
		t.Fatal(err)
	}
	f.ensure()
	view, err := f.tx.reader(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer view.close()
	row, err := f.firstRow(context.Background(), &invocation{}, stmts[0], view)
	if err != nil || len(row) != 1 || *row[0] != "0" || f.engine.tier != "auto" {
		t.Errorf("got %v, %v in tier %s", row, err, f.engine.tier)
	}
}

func TestModels(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{"m.onnx": "good", "bad.onnx": "bad", "partly.onnx": "partly"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f := newFixture(t)
	huge := filepath.Join(dir, "huge.onnx")
	if err := errors.Join(os.WriteFile(huge, nil, 0o644), os.Truncate(huge, registry.MaxFile+1)); err != nil {
		t.Fatal(err)
	}
	f.config.ModelDir, f.config.CopyDir = dir, dir
	for _, line := range [][2]string{
		{"create model m from 'm.onnx'", "CREATE MODEL I"},
		{"create model m from 'm.onnx'", "42710 I"},
		{"create or replace model m from 'm.onnx'", "CREATE MODEL I"},
		{"create model if not exists m from 'm.onnx'", "NOTICE 42710 CREATE MODEL I"},
		{"create model sum from 'm.onnx'", "42723 I"},
		{"create model \"substr\" from 'm.onnx'", "42723 I"},
		{"create model now from 'm.onnx'", "42723 I"},
		{"create model rank from 'm.onnx'", "CREATE MODEL I"},
		{"create model n from 'bad.onnx'", "22023 I"},
		{"create model partly from 'partly.onnx'", "NOTICE 00000 CREATE MODEL I"},
		{"create model n from 'none.onnx'", "58P01 I"},
		{"create model n from '../m.onnx'", "42501 I"},
		{"create model n from 'huge.onnx'", "54000 I"},
		{"begin; drop model m", "BEGIN DROP MODEL T"},
		{"rollback; drop model m", "ROLLBACK DROP MODEL I"},
		{"drop model m", "42704 I"},
		{"create table t (a int4); copy t from 'm.onnx'", "CREATE TABLE COPY 6 I"},
	} {
		if got := f.query(line[0]); got != line[1] {
			t.Errorf("%s\n got %s\nwant %s", line[0], got, line[1])
		}
	}
}

// TestImporterFault checks that a fault of the importer is an error of its statement alone: the model is named, the log has the
// stack, the transaction is undone and its lock given back.
func TestImporterFault(t *testing.T) {
	f := newFixture(t)
	f.config.ModelDir = t.TempDir()
	if err := os.WriteFile(filepath.Join(f.config.ModelDir, "m.onnx"), []byte("fault"), 0o644); err != nil {
		t.Fatal(err)
	}
	f.query("create table t (a int4)")
	err := f.Query(context.Background(), "create model m from 'm.onnx'", &recorder{})
	if e := sqlstate.Of(err); e.Code != sqlstate.InternalError || e.Message != `model "m": the importer failed` {
		t.Errorf("got %v", err)
	}
	if log := f.log.String(); !strings.Contains(log, "model=m") || !strings.Contains(log, "index out of range") || !strings.Contains(log, "fakeStore") {
		t.Errorf("the log says %q", log)
	}
	for _, line := range [][2]string{
		{"begin; insert into t values (1); create model m from 'm.onnx'", "BEGIN INSERT 0 2 XX000 E"},
		{"select * from t", "25P02 E"},
		{"rollback", "ROLLBACK I"},
		{"select * from t", "T1 SELECT 0 I"},
		{"drop model m", "42704 I"},
	} {
		if got := f.query(line[0]); got != line[1] {
			t.Errorf("%s\n got %s\nwant %s", line[0], got, line[1])
		}
	}
	if got := run(f.another(), "set lock_timeout = 10; insert into t values (1)"); got != "SET INSERT 0 2 I" {
		t.Errorf("another session writes: %s", got)
	}
	if f.store.open != 0 {
		t.Errorf("%d transactions are open", f.store.open)
	}
}

// TestImportLetsOthersWrite: while a file is imported others write, and may take the name; a cancelled import ends.
func TestImportLetsOthersWrite(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"m.onnx", "slow.onnx"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.TrimSuffix(name, ".onnx")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f := newFixture(t)
	f.config.ModelDir = dir
	for _, c := range []struct{ sql, meanwhile, want string }{
		{"create model a from 'slow.onnx'", "create table u (a int4)", "CREATE MODEL I"},
		{"create model b from 'slow.onnx'", "create model b from 'm.onnx'", "42710 I"},
		{"create model if not exists c from 'slow.onnx'", "create model c from 'm.onnx'", "NOTICE 42710 CREATE MODEL I"},
		{"create or replace model d from 'slow.onnx'", "create model d from 'm.onnx'", "CREATE MODEL I"},
		{"set statement_timeout = 10; create model e from 'slow.onnx'", "", "SET 57014 I"},
	} {
		answer := make(chan string)
		s, other := f.another(), f.another()
		s.config.ModelDir, other.config.ModelDir = dir, dir
		go func() { answer <- run(s, c.sql) }()
		<-f.store.importing
		if c.meanwhile != "" {
			if got := run(other, c.meanwhile); !strings.HasPrefix(got, "CREATE") {
				t.Errorf("while %s, %s: %s", c.sql, c.meanwhile, got)
			}
			f.store.importing <- struct{}{}
		}
		if got := <-answer; got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.sql, got, c.want)
		}
	}
}

func TestStartupSettings(t *testing.T) {
	f := newFixture(t)
	for range 20 {
		_, err := New(f.config, "flern", "flern", map[string]string{"timezone": "Nowhere", "datestyle": "bad", "flern.tier": "none", "extra_float_digits": "x"})
		if err == nil || !strings.Contains(err.Error(), "DateStyle") && !strings.Contains(err.Error(), "datestyle") {
			t.Fatalf("not the first bad one: %v", err)
		}
	}
	s, err := New(f.config, "flern", "flern", map[string]string{"timezone": "Europe/Berlin"})
	if err != nil {
		t.Fatal(err)
	}
	first := s.settings.zone()
	if first.String() != "Europe/Berlin" || s.settings.zone() != first {
		t.Errorf("zone %v, then %v", first, s.settings.zone())
	}
	if got := run(s, "set timezone = 'Asia/Tokyo'"); got != "SET I" || s.settings.zone().String() != "Asia/Tokyo" {
		t.Errorf("%s, zone %v", got, s.settings.zone())
	}
	if got := run(s, "reset timezone"); got != "RESET I" || s.settings.zone().String() != "Europe/Berlin" {
		t.Errorf("%s, zone %v", got, s.settings.zone())
	}
}

// TestExplainCodegen checks that EXPLAIN (CODEGEN) answers with a program, a row a line.
func TestExplainCodegen(t *testing.T) {
	f := newFixture(t)
	defer f.Close()
	if got := f.query("explain (codegen) select 1"); !regexp.MustCompile(`^T1 D\d\d+ EXPLAIN I$`).MatchString(got) {
		t.Error(got)
	}
}
