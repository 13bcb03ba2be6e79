/* tokens.h: what internal/ml/tokens and internal/ml/regex lay out for models over texts. Places are in bytes from the head. */
#ifndef FL_TOKENS_H
#define FL_TOKENS_H
#include "text.h"

/* An automaton over bytes. Its symbols are classes of bytes and, last, the text's end; state 0 is dead. */
typedef struct {
  u32 width, states;
  u32 start[4];          /* the states to begin in, by what lies before: REGEX_OTHER and so on */
  u8 classes[256];
  u32 next[];            /* by state and symbol; REGEX_ENDS: a match ends before the symbol */
} fl_regex;
#define REGEX_ENDS 0x80000000u
enum { REGEX_OTHER, REGEX_NOTHING, REGEX_WORD, REGEX_NEWLINE };

enum { TOKENS_ELEMENTS, TOKENS_CHARACTERS, TOKENS_MATCHES, TOKENS_SEPARATED };
enum { TOKENS_COUNTS, TOKENS_PRESENT, TOKENS_WEIGHTED };
#define TOKENS_SEPARATORS 32

typedef struct {
  u32 kind, least, mark, weighting;      /* least: characters of a token */
  u32 size, shortest, longest, skip;     /* columns; lengths of sequences, and places between neighbours in one */
  u32 tokens, slots, edges, tables;      /* numbers of what follows */
  u32 texts, places, bytes, numbers;     /* hash table of tokens (number + 1; 0: empty), where each begins, their bytes; or sorted i64s */
  u32 first, columns, tree, weights;     /* u32 a token: the node of sequences that begin with it; i32 a node: column or -1; edges; f32 */
  u32 table[TOKENS_SEPARATORS];          /* fl_regex: what tokens are, or the separators */
  u32 begin, end;                        /* the marks' numbers, plus 1 */
} fl_tokens;
typedef struct { u32 from, token, to, pad; } fl_tokens_edge; /* to 0: empty */
#endif
