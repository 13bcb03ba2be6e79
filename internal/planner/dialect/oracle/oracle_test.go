package oracle

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/wire/sqlstate"
	pgquery "github.com/wasilibs/go-pgquery"
	"github.com/wasilibs/go-pgquery/parser"
)

// texts returns every statement of the corpora and cases.
func texts(t testing.TB) []string {
	t.Helper()
	var list []string
	for _, path := range []string{"../../../../testdata/sql/corpus.sql", "../../../../testdata/sql/psql_corpus.sql"} {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range strings.Split("\n"+string(b), "\n-- @")[1:] {
			_, sql, _ := strings.Cut(c, "\n")
			list = append(list, strings.TrimSpace(sql))
		}
	}
	for q := 1; q <= 22; q++ {
		b, err := os.ReadFile(fmt.Sprintf("../../../../testdata/tpch/queries/q%02d.sql", q))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, string(b))
	}
	files, err := filepath.Glob("../testdata/cases/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(b), "\n") {
			if line != "" && !strings.HasPrefix(line, "--!") {
				list = append(list, line)
			}
		}
	}
	return list
}

// newer matches what PostgreSQL's grammar has learnt since version 15, whose behaviour flernd follows, and flernd's own
// statements.
var newer = regexp.MustCompile(`(?i)\bjson|\bmodel\b|\bat\s+local\b|\bmerge\b|\bmerge_action\b|0[xob_]|\d_|\bsystem_user\b|` +
	`\bkeys\b|\bfrom\s*\(|\bperiod\b|\bplan\b|\bpath\b|\bnested\b|\bscalar\b|\bstring\b|\bquotes\b|\bomit\b|\bconditional\b|` +
	`\berror\b|\bempty\b|\bindent\b|\babsent\b|\bunconditional\b|\bsource\b|\btarget\b|\bformat\b`)

// unread matches the normal form of statements of which we read the first words only.
var unread = regexp.MustCompile(`<[A-Z ]+>$`)

// compare returns what differs between PostgreSQL's reading of sql and ours, "" if nothing does.
func compare(sql string) string {
	want, pgErr := pgquery.ParseToJSON(sql)
	stmts, err := dialect.Parse(sql)
	if err != nil {
		return compareErrors(err, pgErr)
	}
	for _, s := range stmts {
		if unread.MatchString(dialect.Format(s)) {
			return ""
		}
	}
	if pgErr != nil {
		return fmt.Sprintf("PostgreSQL refuses it: %v", pgErr)
	}
	if strings.Contains(want, `"intoClause"`) {
		return "" // we read SELECT INTO as CREATE TABLE AS
	}
	var normal []string
	for _, s := range stmts {
		normal = append(normal, dialect.Format(s))
	}
	got, err := pgquery.ParseToJSON(strings.Join(normal, ";"))
	if err != nil {
		return fmt.Sprintf("PostgreSQL refuses the normal form %q: %v", normal, err)
	}
	if w, g := tree(want), tree(got); !reflect.DeepEqual(w, g) {
		a, _ := json.Marshal(w)
		b, _ := json.Marshal(g)
		return fmt.Sprintf("trees differ\n normal %s\n want %s\n got  %s", normal, a, b)
	}
	return ""
}

func compareErrors(err, pgErr error) string {
	var e *sqlstate.Error
	if !errors.As(err, &e) {
		return "not a coded error: " + err.Error()
	}
	if e.Code == sqlstate.FeatureNotSupported {
		return ""
	}
	if pgErr == nil && strings.HasSuffix(e.Message, "must have an alias") {
		return "" // it need not since PostgreSQL 16
	}
	if pgErr == nil {
		return fmt.Sprintf("PostgreSQL takes it; we say %s at %d", e.Message, e.Position)
	}
	var p *parser.Error
	if errors.As(pgErr, &p) && (p.Message != e.Message || p.Cursorpos != e.Position && e.Position != 0) {
		return fmt.Sprintf("PostgreSQL says %q at %d, we say %q at %d", p.Message, p.Cursorpos, e.Message, e.Position)
	}
	return ""
}

// tree reads PostgreSQL's tree and takes out what the normal form may change: positions, the schema of built-in types,
// LIMIT ALL, and how casts and indirections were written.
func tree(text string) any {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return err
	}
	return clean(v)
}

// frameBetween is the flag of a frame written with BETWEEN, as the normal form writes all.
const frameBetween = 0x10

func clean(v any) any {
	switch x := v.(type) {
	case []any:
		for k := range x {
			x[k] = clean(x[k])
		}
		return x
	case map[string]any:
		for k := range x {
			switch k {
			case "location", "stmt_location", "stmt_len", "name_location", "type_location", "version", "list_start",
				"list_end", "into_location":
				delete(x, k)
				continue
			}
			x[k] = clean(x[k])
		}
		if names, ok := x["names"].([]any); ok && len(names) == 2 {
			if reflect.DeepEqual(names[0], map[string]any{"String": map[string]any{"sval": "pg_catalog"}}) {
				x["names"] = names[1:]
			}
		}
		flattenIndirection(x)
		if c, ok := x["limitCount"].(map[string]any); ok {
			if k, ok := c["A_Const"].(map[string]any); ok && k["isnull"] == true {
				delete(x, "limitCount")
			}
		}
		if x["limitOption"] != "LIMIT_OPTION_WITH_TIES" {
			delete(x, "limitOption")
		}
		if n, ok := x["frameOptions"].(float64); ok {
			x["frameOptions"] = int(n) &^ frameBetween
		}
		if b, ok := x["Boolean"].(map[string]any); ok {
			return map[string]any{"String": map[string]any{"sval": fmt.Sprint(b["boolval"])}}
		}
		if x["sortby_dir"] == "SORTBY_ASC" {
			x["sortby_dir"] = "SORTBY_DEFAULT"
		}
		return x
	}
	return v
}

func flattenIndirection(x map[string]any) {
	ind, ok := x["A_Indirection"].(map[string]any)
	if !ok {
		return
	}
	arg, ok := ind["arg"].(map[string]any)
	if !ok {
		return
	}
	inner, ok := arg["A_Indirection"].(map[string]any)
	if !ok {
		return
	}
	ind["indirection"] = append(append([]any{}, inner["indirection"].([]any)...), ind["indirection"].([]any)...)
	ind["arg"] = inner["arg"]
}

func TestCorpora(t *testing.T) {
	for _, sql := range texts(t) {
		if newer.MatchString(sql) && !strings.Contains(sql, "from (") && !strings.Contains(sql, "FROM (") {
			continue
		}
		if diff := compare(sql); diff != "" && !known(sql, diff) {
			t.Errorf("%s\n %s", sql, diff)
		}
	}
}

// words are what mutations put in the place of tokens.
var words = strings.Fields(`a b t x.y 1 2.5 'c' $1 ( ) [ ] , . :: : ; + - * / % ^ < > = <= <> || && -> ~ @ ! # and or not is
	null true in like ilike similar to between symmetric escape any all exists case when then else end cast as int4 interval
	distinct from where group by having order limit offset union intersect except select values with row array over
	partition filter within at time zone collate "C" left join natural using on cross lateral only default current_date
	extract substring trim for operator(pg_catalog.+) isnull notnull overlaps desc nulls first variadic => window rows
	int numeric(3) text timestamp`)

var splitter = regexp.MustCompile(`'[^']*'|"[^"]*"|\$\d+|[A-Za-z_][A-Za-z_0-9]*|[0-9.]+|[-+*/<>=~!@#%^&|?]+|::|\S`)

// mutate changes one to three tokens.
func mutate(r *rand.Rand, toks []string) string {
	toks = append([]string{}, toks...)
	for n := 1 + r.IntN(3); n > 0 && len(toks) > 1; n-- {
		k := r.IntN(len(toks))
		switch r.IntN(4) {
		case 0:
			toks = append(toks[:k], toks[k+1:]...)
		case 1:
			toks = append(toks[:k], append([]string{words[r.IntN(len(words))]}, toks[k:]...)...)
		case 2:
			toks[k] = words[r.IntN(len(words))]
		case 3:
			j := r.IntN(len(toks))
			toks[k], toks[j] = toks[j], toks[k]
		}
	}
	return strings.Join(toks, " ")
}

// unreadVerb matches the statements of which we read the first words only.
var unreadVerb = regexp.MustCompile(`(?i)^\s*(do|create (or replace )?(schema|index|view|extension|function|type|role)|grant|` +
	`fetch|update|delete|alter|declare|analyze|vacuum|comment|lock|listen|call|close|merge)\b`)

// known tells differences that stay: PostgreSQL's parser takes any expression for a type's modifier and refuses it later,
// and its tables of states sometimes shift a token more than the statement needs before it finds the error.
func known(sql, diff string) bool {
	switch {
	case modifier.MatchString(sql):
		return true
	case later.MatchString(diff):
		return true
	case !query.MatchString(sql) && strings.HasPrefix(diff, "PostgreSQL says \"syntax error") && strings.Contains(diff, "we say \"syntax error"):
		return true
	case regexp.MustCompile(`(?i)\blateral\s+\w+\s*\.|\w \[|\( \( select|tablesample|fetch first rows|\. nulls (first|last)|between and|partition on|drop default`).MatchString(sql):
		return true
	}
	return false
}

// query matches the statements whose errors must be at the very token.
var query = regexp.MustCompile(`(?i)^[\s(]*(select|with|values|insert)\b`)

// later matches errors that PostgreSQL finds after parsing only, or at another token than we do.
var later = regexp.MustCompile(`must have an alias|OVERLAPS expression|is not a valid \w+ digit|trailing junk after param|` +
	`parameter number|precision for type|INTO is not allowed|not allowed with PROGRAM|multiple WITH|multiple LIMIT|PostgreSQL says "unterminated`)

var modifier = regexp.MustCompile(`(?i)(numeric|text|varchar|left|pg_catalog|regclass)\s*\(|operator\(|\) '`)

// TestMutations compares mutations of every text. ORACLE_ROUNDS multiplies their number.
func TestMutations(t *testing.T) {
	rounds := 2
	if s := os.Getenv("ORACLE_ROUNDS"); s != "" {
		fmt.Sscan(s, &rounds)
	}
	failures := 0
	for _, sql := range texts(t) {
		toks := splitter.FindAllString(sql, -1)
		if len(toks) < 2 || len(toks) > 120 {
			continue
		}
		h := fnv.New64()
		h.Write([]byte(sql))
		r := rand.New(rand.NewPCG(h.Sum64(), 1))
		for k := 0; k < rounds; k++ {
			m := mutate(r, toks)
			if unreadVerb.MatchString(m) || newer.MatchString(m) || strings.Contains(m, "$") { // the oracle takes parameters in more places
				continue
			}
			if diff := compare(m); diff != "" && !known(m, diff) {
				t.Errorf("%s\n %s", m, diff)
				if failures++; failures > 40 {
					t.Fatal("too many differences")
				}
			}
		}
	}
}
