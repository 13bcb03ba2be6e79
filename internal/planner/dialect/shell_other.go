package dialect

import "strings"

// objects are the kinds of objects that CREATE, DROP and ALTER take and that flernd has no tree for.
var objects = []string{
	"access method", "aggregate", "cast", "collation", "conversion", "database", "default privileges", "domain",
	"event trigger", "extension", "foreign data wrapper", "foreign table", "function", "group", "index", "language",
	"large object", "materialized view", "operator class", "operator family", "operator", "owned", "policy", "procedure",
	"publication", "role", "routine", "rule", "schema", "sequence", "server", "statistics", "subscription", "system",
	"table", "tablespace", "text search configuration", "text search dictionary", "text search parser",
	"text search template", "transform", "trigger", "type", "user mapping", "user", "view",
}

// objectPrefixes are words that may stand between CREATE and the kind of object, which messages leave out.
var objectPrefixes = []string{"unique", "recursive", "constraint", "trusted", "procedural", "temp", "temporary", "default"}

// object reads a kind of object after CREATE, DROP or ALTER, and returns the statement's name.
func (p *parser) object(verb string, i int) (what string, next int, ok bool) {
	for k := 0; k < 2; k++ {
		begun := false
		for _, o := range objects {
			words := strings.Fields(o)
			if p.kw(i, words...) {
				return verb + " " + upper(o), i + len(words), true
			}
			begun = begun || p.kw(i, words[0])
		}
		if begun {
			p.syntax(i + 1)
		}
		if !p.oneOf(i, objectPrefixes...) {
			break
		}
		i++
	}
	return "", i, false
}

// otherWords are the statements without tree that their first words tell.
var otherWords = []string{
	"analyze", "analyse", "call", "checkpoint", "close", "cluster", "comment", "declare", "delete", "do", "fetch", "grant",
	"import foreign schema", "listen", "load", "lock", "merge", "move", "notify", "reassign owned",
	"refresh materialized view", "reindex", "revoke", "security label", "unlisten", "update", "vacuum",
}

// otherStatement reads the first words of a statement that has no tree, and returns its name.
func (p *parser) otherStatement(i int) (what string, next int, ok bool) {
	for _, o := range otherWords {
		words := strings.Fields(o)
		switch {
		case p.kw(i, words...):
			what = upper(o)
			if what == "ANALYSE" {
				what = "ANALYZE"
			}
			return what, i + len(words), true
		case p.kw(i, words[0]):
			p.syntax(i + 1)
		}
	}
	return "", i, false
}
