package logical

// Func is a scalar function or operator. The meaning is PostgreSQL's for the (coerced) argument types; where one name has
// several meanings (date + integer, timestamp + interval), the argument types tell them apart.
type Func uint8

// The functions. The comment gives the argument types.
const (
	Add Func = iota // (T,T)→T for int2/4/8, float4/8, numeric, interval, vector; (date,int4)→date; (date|timestamp,interval)→timestamp
	Sub             // as Add; (date,date)→int4; (timestamp,timestamp)→interval
	Mul             // numbers, vectors; (interval,float8)→interval
	Div             // numbers
	Mod             // int2/4/8, numeric
	Pow             // float8, numeric
	Neg             // numbers, interval
	Abs             // numbers
	BitAnd
	BitOr
	BitXor
	BitNot
	ShiftLeft
	ShiftRight

	Eq // T,T → bool, any comparable T
	Ne
	Lt
	Le
	Gt
	Ge
	And // two or more bool: chains are flat
	Or  // likewise
	Not
	IsNull
	IsNotNull
	IsTrue
	IsNotTrue
	IsFalse
	IsNotFalse
	IsDistinct
	IsNotDistinct

	Like    // text, pattern, escape ("\\" by default; "" for none)
	ILike   // likewise
	NotLike // likewise
	NotILike

	Concat    // ||: text, text
	Length    // characters of text
	Upper     // text
	Lower     // text
	Substring // text, start[, length]
	Trim      // text, set of characters: both ends
	LTrim
	RTrim
	Left     // text, int4
	Right    // text, int4
	Replace  // text, from, to
	Position // text, part → int4
	Repeat   // text, int4
	StartsWith

	Extract   // Const text field, then date|timestamp|interval → numeric
	DatePart  // likewise → float8
	DateTrunc // Const text field, timestamp → timestamp

	Round // float8 | numeric | numeric,int4
	Trunc // likewise
	Floor
	Ceil
	Sqrt
	Exp
	Ln
	Log10
	Sign
	Sin
	Cos
	Tan
	Asin
	Acos
	Atan
	Atan2
	Tanh

	MakeArray   // any number of T → T[], null elements and all
	ArrayLength // array,int4 → int4, null unless the dimension is 1 and there are elements
	Cardinality // array | vector → int4
	// The functions of arrays look for elements that they are given as arrays of one, which may be null.
	ArrayConcat    // T[], T[] → T[]: the other where one is null
	ArraySlice     // T[], int4, int4 → T[]
	TrimArray      // T[], int4 → T[]
	ArrayRemove    // T[], T[1] → T[]
	ArrayReplace   // T[], T[1], T[1] → T[]
	ArrayPosition  // T[], T[1], int4 → int4, null if it is not there
	ArrayPositions // T[], T[1] → int4[]
	ArrayContains  // T[], T[] → bool
	ArrayOverlaps  // T[], T[] → bool
	ArrayToString  // T[], text, text that may be null → text
	StringToArray  // text, text that may be null, text that may be null → text[]

	L2Distance // vector, vector of as many dimensions → float8
	L1Distance
	CosineDistance
	NegativeInnerProduct
	InnerProduct
	VectorNorm // vector → float8
	Normalize  // vector → vector of length 1

	Coalesce // any number of T
	NullIf   // T,T
	Greatest // any number of T
	Least
	Random // () → float8, one draw a row
	// Required (T, Const text message) → T: its argument, which must not be null
	Required
	// Sized (array | vector, Const text subject, Const text policies) → the same: an argument of a model, which must have one
	// element for each policy. Those that are null make the whole null, stay, or are an error, as their policy says.
	Sized

	funcCount
)

var funcNames = [funcCount]string{Add: "+", Sub: "-", Mul: "*", Div: "/", Mod: "%", Pow: "^", Neg: "-", Abs: "abs",
	BitAnd: "&", BitOr: "|", BitXor: "#", BitNot: "~", ShiftLeft: "<<", ShiftRight: ">>",
	Eq: "=", Ne: "<>", Lt: "<", Le: "<=", Gt: ">", Ge: ">=", And: "AND", Or: "OR", Not: "NOT",
	IsNull: "IS NULL", IsNotNull: "IS NOT NULL", IsTrue: "IS TRUE", IsNotTrue: "IS NOT TRUE", IsFalse: "IS FALSE",
	IsNotFalse: "IS NOT FALSE", IsDistinct: "IS DISTINCT FROM", IsNotDistinct: "IS NOT DISTINCT FROM",
	Like: "~~", ILike: "~~*", NotLike: "!~~", NotILike: "!~~*", Concat: "||", Length: "length", Upper: "upper",
	Lower: "lower", Substring: "substring", Trim: "btrim", LTrim: "ltrim", RTrim: "rtrim", Left: "left", Right: "right",
	Replace: "replace", Position: "position", Repeat: "repeat", StartsWith: "starts_with", Extract: "extract",
	DatePart: "date_part", DateTrunc: "date_trunc", Round: "round", Trunc: "trunc", Floor: "floor", Ceil: "ceil",
	Sqrt: "sqrt", Exp: "exp", Ln: "ln", Log10: "log", Sign: "sign", Sin: "sin", Cos: "cos", Tan: "tan", Asin: "asin",
	Acos: "acos", Atan: "atan", Atan2: "atan2", Tanh: "tanh", Coalesce: "COALESCE", NullIf: "NULLIF",
	MakeArray: "ARRAY", ArrayLength: "array_length", Cardinality: "cardinality", ArrayConcat: "||", ArraySlice: "slice",
	TrimArray: "trim_array", ArrayRemove: "array_remove", ArrayReplace: "array_replace", ArrayPosition: "array_position",
	ArrayPositions: "array_positions", ArrayContains: "@>", ArrayOverlaps: "&&", ArrayToString: "array_to_string",
	StringToArray: "string_to_array",
	L2Distance:    "<->", L1Distance: "<+>", CosineDistance: "<=>", NegativeInnerProduct: "<#>", InnerProduct: "inner_product",
	VectorNorm: "vector_norm", Normalize: "l2_normalize",
	Greatest: "GREATEST", Least: "LEAST", Random: "random", Required: "required", Sized: "sized"}

// String is the name EXPLAIN prints.
func (f Func) String() string { return funcNames[f] }

// nullability tells the functions whose result is null, or never null, whatever the arguments.
func (f Func) nullability() (nullable, fixed bool) {
	switch f {
	case IsNull, IsNotNull, IsTrue, IsNotTrue, IsFalse, IsNotFalse, IsDistinct, IsNotDistinct, MakeArray, Random, Required:
		return false, true
	case NullIf, ArrayLength, ArrayConcat, ArrayPosition, Sized:
		return true, true
	}
	return false, false
}

// Volatile reports whether two calls with the same arguments may differ, so that a rule may not copy, move or drop one.
func (f Func) Volatile() bool { return f == Random }
