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
	// maxChain bounds the operators in one chain like 1+1+…, whose tree is as deep as the chain is long.
	maxChain = 5000
	// maxBoolChain bounds chains of AND and OR, which are flat in our tree but not in TiDB's.
	maxBoolChain = 100_000
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
