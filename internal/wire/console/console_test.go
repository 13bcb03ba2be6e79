package console

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/session"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// script is a Runner that plays an answer.
type script func(out session.Output) error

func (s script) Query(_ context.Context, _ string, out session.Output) error { return s(out) }

func row(values ...any) []byte {
	body := binary.BigEndian.AppendUint16(nil, uint16(len(values)))
	for _, value := range values {
		if value == nil {
			body = append(body, 0xff, 0xff, 0xff, 0xff)
			continue
		}
		text := value.(string)
		body = append(binary.BigEndian.AppendUint32(body, uint32(len(text))), text...)
	}
	return append(binary.BigEndian.AppendUint32([]byte{'D'}, uint32(len(body)+4)), body...)
}

var columns = []session.Column{{Name: "id", Type: sqltype.Of(sqltype.Int4)}, {Name: "what", Type: sqltype.Of(sqltype.Text)},
	{Name: "n", Type: sqltype.Of(sqltype.Numeric)}}

func answer(out session.Output) error {
	if err := out.Columns(columns); err != nil {
		return err
	}
	messages := append(row("1", "a \"b\",\nsecond", "1.50"), row("1000", nil, nil)...)
	if err := out.Rows(messages, 2); err != nil {
		return err
	}
	return out.Complete("SELECT 2")
}

func TestPrint(t *testing.T) {
	for _, c := range []struct {
		name    string
		options Options
		play    script
		want    string
	}{
		{"table", Options{}, answer, "" +
			"  id  |  what  |  n   \n" +
			"------+--------+------\n" +
			"    1 | a \"b\",+| 1.50\n" +
			"      | second |     \n" +
			" 1000 |        |     \n" +
			"(2 rows)\n\n"},
		{"CSV", Options{CSV: true}, answer, "id,what,n\n1,\"a \"\"b\"\",\nsecond\",1.50\n1000,,\n"},
		{"tag", Options{}, func(out session.Output) error { return out.Complete("CREATE TABLE") }, "CREATE TABLE\n"},
		{"quiet", Options{Quiet: true}, func(out session.Output) error { return out.Complete("CREATE TABLE") }, ""},
	} {
		var out, errors bytes.Buffer
		if err := New(c.play, nil, &out, &errors, c.options).Run(context.Background(), ""); err != nil {
			t.Fatal(err)
		}
		if out.String() != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, out.String(), c.want)
		}
	}
}

func TestErrorPointsAtItsPlace(t *testing.T) {
	var out, errors bytes.Buffer
	play := script(func(session.Output) error {
		return sqlstate.New(sqlstate.UndefinedColumn, "column \"é\" does not exist").At(10).WithHint("look again")
	})
	if err := New(play, nil, &out, &errors, Options{}).Run(context.Background(), "select\n\té, x"); err == nil {
		t.Fatal("no error")
	}
	want := "ERROR:  column \"é\" does not exist\nLINE 2:  é, x\n          ^\nHINT:  look again\n"
	if errors.String() != want {
		t.Errorf("got\n%swant\n%s", errors.String(), want)
	}
}

func TestCopyReadsTheInput(t *testing.T) {
	var got bytes.Buffer
	play := script(func(out session.Output) error {
		in, err := out.CopyIn(context.Background(), 1, false)
		for err == nil {
			var piece []byte
			piece, err = in()
			got.Write(piece)
		}
		if err != io.EOF {
			return err
		}
		return out.Complete("COPY 2")
	})
	var out bytes.Buffer
	if err := New(play, strings.NewReader("a\nb\n"), &out, io.Discard, Options{}).Run(context.Background(), ""); err != nil {
		t.Fatal(err)
	}
	if got.String() != "a\nb\n" || out.String() != "COPY 2\n" {
		t.Errorf("data %q, answer %q", got.String(), out.String())
	}
}

// TestLongTable prints a result of many rows: they come out before the result ends, the wide one at the end as it is.
func TestLongTable(t *testing.T) {
	var out bytes.Buffer
	play := script(func(to session.Output) error {
		if err := to.Columns(columns[:2]); err != nil {
			return err
		}
		for range 100 {
			if err := to.Rows(bytes.Repeat(row("1", strings.Repeat("x", 100)), 100), 100); err != nil {
				return err
			}
		}
		if out.Len() < 500_000 {
			t.Errorf("only %d bytes were printed before the end", out.Len())
		}
		if err := to.Rows(row("123456789", "y"), 1); err != nil {
			return err
		}
		return to.Complete("SELECT 10001")
	})
	if err := New(play, nil, &out, io.Discard, Options{}).Run(context.Background(), ""); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.HasPrefix(got, " id |") || !strings.HasSuffix(got, "xx\n 123456789 | y\n(10001 rows)\n\n") ||
		strings.Count(got, "\n") != 10001+4 {
		t.Errorf("it begins with %.20q and ends with %q", got, got[len(got)-40:])
	}
}

// TestErrorInFile names the file and the line in it.
func TestErrorInFile(t *testing.T) {
	for _, c := range []struct {
		position int
		want     string
	}{
		{8, "FILE:4: ERROR:  it failed\nLINE 4: select b;\n               ^\n"},
		{0, "FILE:4: ERROR:  it failed\n"},
	} {
		path := filepath.Join(t.TempDir(), "some.sql")
		if err := os.WriteFile(path, []byte("-- é\nselect a;\n\nselect b;\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		runs := 0
		play := script(func(out session.Output) error {
			if runs++; runs == 1 {
				return out.Complete("SELECT 0")
			}
			e := sqlstate.New(sqlstate.UndefinedColumn, "it failed")
			if c.position > 0 {
				return e.At(c.position)
			}
			return e
		})
		var errors bytes.Buffer
		if err := New(play, nil, io.Discard, &errors, Options{}).RunFile(context.Background(), path); err == nil {
			t.Fatal("no error")
		}
		if got := strings.ReplaceAll(errors.String(), path, "FILE"); got != c.want {
			t.Errorf("got\n%swant\n%s", got, c.want)
		}
	}
}
