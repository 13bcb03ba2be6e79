package dialect

import "github.com/flernd/flernd/internal/wire/sqlstate"

// Text from a client is hostile: each limit keeps the time and memory of Parse, and the depth of the recursions of every
// later step over the tree, within bounds that no real statement meets.
const (
	// maxTextBytes bounds the text of one call of Parse.
	maxTextBytes = 64 << 20
	// maxTokens bounds its tokens; a token costs about as much memory as ten characters of text.
	maxTokens = 8 << 20
	// maxDepth bounds the nesting of parentheses, subqueries, prefix operators, joins and statements.
	maxDepth = 1500
	// maxHeight bounds the height of trees, ours and TiDB's, which recursions walk: a chain like 1+1+… makes a tree as high
	// as it is long, without any nesting in the text. A node adds nodeHeight; a step of a chain that is flat in our tree
	// (AND, OR, the tables of FROM) adds flatHeight, since in TiDB's it is not.
	maxHeight  = 150_000
	nodeHeight = 20
	flatHeight = 1
	// maxIdentifierBytes is PostgreSQL's NAMEDATALEN - 1: longer identifiers are cut there, longer operators refused.
	maxIdentifierBytes = 63
)

func tooDeep(pos int) *sqlstate.Error {
	return sqlstate.New(sqlstate.StatementTooComplex, "stack depth limit exceeded").
		WithHint("Write the statement with less nesting.").At(pos)
}

func tooLong(what string, limit int) *sqlstate.Error {
	return sqlstate.New(sqlstate.ProgramLimitExceeded, "statement is too long").
		WithDetail("One query string may have at most %d %s.", limit, what)
}
