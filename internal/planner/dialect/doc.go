// Package dialect turns PostgreSQL text into flernd's own syntax tree.
//
// A statement passes through four steps, each in files of its own:
//
//   - lexer*.go reads PostgreSQL's tokens exactly (quoting, comments, operators, numbers, positions in characters);
//   - shell*.go is a recursive-descent parser for the outer form of statements (COPY, SET, CREATE TABLE, EXPLAIN …), which
//     hands the queries and expressions inside them to the next step;
//   - rewrite*.go walks the structure of queries and expressions and generates text for TiDB's parser. The text consists of
//     keywords, operators and numbered placeholders only: no identifier, literal or comment of the user's reaches that
//     parser. What its grammar lacks is carried by placeholder calls; what it has (the ladder of infix operators, SELECT,
//     joins, set operations, WITH) it parses;
//   - lower*.go replaces TiDB's tree at once by ours, filling each placeholder in (tidb.go holds its parsers, driver.go what
//     they need to make literals).
//
// tree_*.go declares that tree: the only thing that leaves the package. No type of TiDB's parser does. format*.go writes it as
// SQL again, in the normal form that tests compare. The module in oracle compares it with PostgreSQL's own grammar.
//
// The package knows the grammar and nothing else: neither which tables, types, functions or settings exist, nor what
// flernd can plan. It answers what PostgreSQL's parser answers: 42601 with PostgreSQL's message and the position of the
// offending token. Valid statements that flernd has no tree for become [Unsupported], or an error of code 0A000 when the
// construct lies inside a statement.
package dialect
