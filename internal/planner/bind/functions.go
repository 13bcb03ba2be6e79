package bind

import "github.com/flernd/flernd/internal/planner/logical"

// scalarFunctions are the candidates of each function name. COALESCE, NULLIF, GREATEST and LEAST are syntax, aggregates
// are in aggregates.go, functions of the session in system.go.
var scalarFunctions = makeScalarFunctions()

func makeScalarFunctions() map[string][]*candidate {
	fs := map[string][]*candidate{}
	add := func(name string, fn logical.Func, result kind, args ...kind) {
		fs[name] = append(fs[name], &candidate{args: args, result: result, fn: fn})
	}
	lacks := func(name, what string, result kind, args ...kind) {
		fs[name] = append(fs[name], &candidate{args: args, result: result, lacks: what})
	}
	addMathFunctions(add)
	addTextFunctions(add, lacks)
	addTimeFunctions(add, lacks)
	addBuilt(fs)
	return fs
}

type (
	addFunction func(name string, fn logical.Func, result kind, args ...kind)
	addLacking  func(name, what string, result kind, args ...kind)
)

func addMathFunctions(add addFunction) {
	for _, k := range []kind{int2, int4, int8, float4, float8, numeric} {
		add("abs", logical.Abs, k, k)
	}
	for _, k := range []kind{int2, int4, int8, numeric} {
		add("mod", logical.Mod, k, k, k)
	}
	for _, k := range []kind{float8, numeric} {
		add("round", logical.Round, k, k)
		add("trunc", logical.Trunc, k, k)
		add("floor", logical.Floor, k, k)
		add("ceil", logical.Ceil, k, k)
		add("ceiling", logical.Ceil, k, k)
		add("sqrt", logical.Sqrt, k, k)
		add("exp", logical.Exp, k, k)
		add("ln", logical.Ln, k, k)
		add("log", logical.Log10, k, k)
		add("log10", logical.Log10, k, k)
		add("sign", logical.Sign, k, k)
		add("power", logical.Pow, k, k, k)
		add("pow", logical.Pow, k, k, k)
	}
	add("round", logical.Round, numeric, numeric, int4)
	add("trunc", logical.Trunc, numeric, numeric, int4)
	for name, fn := range map[string]logical.Func{"sin": logical.Sin, "cos": logical.Cos, "tan": logical.Tan,
		"asin": logical.Asin, "acos": logical.Acos, "atan": logical.Atan, "tanh": logical.Tanh} {
		add(name, fn, float8, float8)
	}
	add("atan2", logical.Atan2, float8, float8, float8)
	add("random", logical.Random, float8)
	add("array_length", logical.ArrayLength, int4, array, int4)
	add("cardinality", logical.Cardinality, int4, array)
	addVectorFunctions(add)
}

func addVectorFunctions(add addFunction) {
	add("vector_dims", logical.Cardinality, int4, vector)
	for name, fn := range map[string]logical.Func{"l2_distance": logical.L2Distance, "l1_distance": logical.L1Distance,
		"cosine_distance": logical.CosineDistance, "inner_product": logical.InnerProduct,
		"vector_negative_inner_product": logical.NegativeInnerProduct} {
		add(name, fn, float8, vector, vector)
	}
	add("l2_normalize", logical.Normalize, vector, vector)
	add("vector_norm", logical.VectorNorm, float8, vector)
	add("l2_norm", logical.VectorNorm, float8, vector)
}

func addTextFunctions(add addFunction, lacks addLacking) {
	for _, name := range []string{"length", "char_length", "character_length"} {
		add(name, logical.Length, int4, text)
	}
	add("upper", logical.Upper, text, text)
	add("lower", logical.Lower, text, text)
	for _, name := range []string{"substring", "substr"} {
		add(name, logical.Substring, text, text, int4)
		add(name, logical.Substring, text, text, int4, int4)
	}
	lacks("substring", "substring by a regular expression", text, text, text)
	lacks("substring", "substring by a regular expression", text, text, text, text)
	for name, fn := range map[string]logical.Func{"btrim": logical.Trim, "ltrim": logical.LTrim, "rtrim": logical.RTrim} {
		add(name, fn, text, text, text)
	}
	add("left", logical.Left, text, text, int4)
	add("right", logical.Right, text, text, int4)
	add("replace", logical.Replace, text, text, text, text)
	add("position", logical.Position, int4, text, text)
	add("strpos", logical.Position, int4, text, text)
	add("repeat", logical.Repeat, text, text, int4)
	add("starts_with", logical.StartsWith, boolean, text, text)
	add("textcat", logical.Concat, text, text, text)
}

func addTimeFunctions(add addFunction, lacks addLacking) {
	for name, result := range map[string]kind{"extract": numeric, "date_part": float8} {
		fn := logical.Extract
		if name == "date_part" {
			fn = logical.DatePart
		}
		add(name, fn, result, text, date)
		add(name, fn, result, text, timestamp)
		add(name, fn, result, text, interval)
		lacks(name, "timestamp with time zone", result, text, timestampTZ)
	}
	add("date_trunc", logical.DateTrunc, timestamp, text, timestamp)
	lacks("date_trunc", "date_trunc of timestamp with time zone", timestampTZ, text, timestampTZ)
	lacks("date_trunc", "date_trunc of interval", interval, text, interval)
}

// addBuilt adds the functions that are bound to something else than one call.
func addBuilt(fs map[string][]*candidate) {
	for _, name := range []string{"length", "char_length", "character_length"} {
		fs[name] = append(fs[name], &candidate{args: []kind{bpchar}, to: []kind{text}, result: int4, fn: logical.Length})
	}
	add := func(name string, result kind, build func(*binder, *candidate, []logical.Expr, int) (logical.Expr, error), args ...kind) {
		fs[name] = append(fs[name], &candidate{args: args, result: result, build: build})
	}
	for name, fn := range map[string]logical.Func{"btrim": logical.Trim, "ltrim": logical.LTrim, "rtrim": logical.RTrim} {
		add(name, text, trimBlanks(fn), text)
	}
	add("pi", float8, buildPi)
	add("date", date, buildCastTo(date), timestamp)
	for _, name := range []string{"int2", "int4", "int8", "float4", "float8", "numeric"} {
		to := castFunctions[name]
		for _, from := range []kind{int2, int4, int8, float4, float8, numeric} {
			if from != to {
				add(name, to, buildCastTo(to), from)
			}
		}
	}
	for _, from := range []kind{bpchar, varchar} {
		add("text", text, buildCastTo(text), from)
	}
}

var castFunctions = map[string]kind{"int2": int2, "int4": int4, "int8": int8, "float4": float4, "float8": float8,
	"numeric": numeric}
