package translate

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
)

// The primitives and kernels behind SQL's functions. What a kernel takes and whether it raises is in staged.Kernels.

// arithOps are names of primitives, and parts of the names of kernels for wide numbers, dates and intervals.
var arithOps = map[logical.Func]string{logical.Add: "add", logical.Sub: "sub", logical.Mul: "mul", logical.Div: "div",
	logical.Neg: "neg", logical.Abs: "abs", logical.BitAnd: "and", logical.BitOr: "or", logical.BitXor: "xor"}

// roundings are primitives on floats.
var roundings = map[logical.Func]string{logical.Floor: "floor", logical.Ceil: "ceil", logical.Trunc: "trunc", logical.Round: "rint"}

// extremeOps are primitives, reductions and parts of the names of scalar functions.
var extremeOps = map[logical.AggFunc]string{logical.Min: "min", logical.Max: "max"}

// wideNames end the names of kernels on values that no register holds.
var wideNames = map[Rep]string{RDec128: "i128", RNum: "num", RStr: "str", RInterval: "interval"}

var floatKernels = map[logical.Func]string{
	logical.Sqrt: "flk_math_sqrt", logical.Exp: "flk_math_exp", logical.Ln: "flk_math_ln", logical.Log10: "flk_math_log10",
	logical.Sin: "flk_math_sin", logical.Cos: "flk_math_cos", logical.Tan: "flk_math_tan", logical.Asin: "flk_math_asin",
	logical.Acos: "flk_math_acos", logical.Atan: "flk_math_atan", logical.Atan2: "flk_math_atan2", logical.Tanh: "flk_math_tanh",
	logical.Sign: "flk_math_sign", logical.Pow: "flk_math_power",
}

// numericKernels work on numerics of variable scale.
var numericKernels = map[logical.Func]string{
	logical.Add: "flk_add_num", logical.Sub: "flk_sub_num", logical.Mul: "flk_mul_num", logical.Div: "flk_div_num", logical.Mod: "flk_mod_num",
	logical.Neg: "flk_neg_num", logical.Abs: "flk_abs_num", logical.Sign: "flk_sign_num",
	logical.Floor: "flk_floor_num", logical.Ceil: "flk_ceil_num", logical.Round: "flk_round_num", logical.Trunc: "flk_trunc_num",
}

var textKernels = map[logical.Func]string{
	logical.Concat: "flk_concat", logical.Upper: "flk_upper", logical.Lower: "flk_lower", logical.Substring: "flk_substr",
	logical.Trim: "flk_btrim", logical.LTrim: "flk_ltrim", logical.RTrim: "flk_rtrim", logical.Left: "flk_left", logical.Right: "flk_right",
	logical.Replace: "flk_replace", logical.Repeat: "flk_repeat", logical.Length: "flk_length", logical.Position: "flk_position",
	logical.StartsWith: "flk_starts_with",
}

// nodes are the operands of a kernel.
func nodes(vs []Value) []*staged.Node {
	ns := make([]*staged.Node, len(vs))
	for i, v := range vs {
		ns[i] = v.N
	}
	return ns
}
