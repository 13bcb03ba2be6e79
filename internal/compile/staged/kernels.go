package staged

import (
	"fmt"
	"strings"
)

// Signature is what a block kernel takes, in the order of its C parameters, and what calls of it mean.
type Signature struct {
	Params []Param
	// Raises tells that the kernel may end the query, for rows of the mask it is told.
	Raises bool
	// Effect tells that it adds to something outside of its outputs.
	Effect bool
}

// Param is a parameter of a kernel. Type is that of the lanes, the scalar or what a pointer points to; nil for any of 16 bytes.
type Param struct {
	Kind ParamKind
	Type *Type
}

// ParamKind tells who supplies a parameter: operands come from the caller, the rest follows from the call.
type ParamKind uint8

// The kinds.
const (
	ParamWorker  ParamKind = iota
	ParamOut               // an output's array
	ParamLanes             // operand: lanes
	ParamScalar            // operand: one value for all rows
	ParamPointer           // operand: an address
	ParamRows              // the mask of the rows that count; NULL for all
	ParamPos               // the position in the statement that errors name
	ParamNone              // which operands are one value for all rows: none
	ParamN                 // the block's number of rows
	ParamOutList           // all outputs' arrays
	ParamList              // operand: a list of lanes
)

// Kernels has the signatures of all block kernels that programs call by name, but for those of primitives.
var Kernels = kernelTable()

// kernelTexts are lines of parameters and the kernels that have them:
//
//	w worker   >i64 output   i64 lanes   =i64 scalar   *i64 address   [i64] list   [>i64] outputs
//	rows mask  pos position  bc scalars among the operands  n number of rows
//
// What is told a position raises; others that do have a ! before their parameters. What has no output, and does not raise, has an effect.
const kernelTexts = `
>f32 f32 bc n: flk_exp_f32 flk_log_f32 flk_tanh_f32 flk_sigmoid_f32 flk_erf_f32 flk_softplus_f32 flk_sin_f32 flk_cos_f32
>f64 f64 bc n: flk_exp_f64 flk_log_f64 flk_tanh_f64 flk_sigmoid_f64 flk_erf_f64 flk_softplus_f64 flk_sin_f64 flk_cos_f64
>any m any any bc n: flk_sel_16
>u64 m bc n: flk_hash_m
>u64 u8 bc n: flk_hash_u8
>u64 u16 bc n: flk_hash_u16
>u64 u32 bc n: flk_hash_u32
>u64 i32 bc n: flk_hash_i32
>u64 i64 bc n: flk_hash_i64
>u64 f32 bc n: flk_hash_f32
>u64 f64 bc n: flk_hash_f64
>u64 i128 bc n: flk_hash_i128
>u64 str rows bc n: flk_hash_str flk_hash_num
>u64 interval bc n: flk_hash_interval
>u64 u64 u64 n: flk_hashmix
>m i128 i128 rows bc n: flk_eq_i128 flk_ne_i128 flk_lt_i128 flk_le_i128 flk_gt_i128 flk_ge_i128
>m str str rows bc n: flk_eq_num flk_ne_num flk_lt_num flk_le_num flk_gt_num flk_ge_num flk_eq_str flk_ne_str flk_lt_str
    flk_le_str flk_gt_str flk_ge_str
>m interval interval rows bc n: flk_eq_interval flk_ne_interval flk_lt_interval flk_le_interval flk_gt_interval flk_ge_interval
w >i64 i64 i64 rows pos n: flk_intdiv flk_intmod
>i128 i64 n: flk_i128_i64
>i128 i32 n: flk_i128_i32
>i128 i64 i64 n: flk_mulw_i64
>i128 i128 i128 n: flk_add_i128 flk_sub_i128 flk_mul_i128
>i128 i128 n: flk_neg_i128 flk_abs_i128
>i64 i64 =i32 n: flk_rescale_i64
>i128 i128 =i32 n: flk_rescale_i128
w i64 =i32 =i32 rows pos n: flk_typmod_i64
w *i128 i128 rows n: flk_sum_i128
*i128 i64 rows n: flk_sumw_i64
>f64 i64 =i32 n: flk_f64_dec64
w >str i64 =i32 rows n: flk_num_dec64
w >str i128 =i32 rows n: flk_num_dec128
w >str f32 rows n: flk_num_f32
w >str f64 rows n: flk_num_f64
w >str str str rows pos n: flk_add_num flk_sub_num flk_mul_num flk_div_num flk_mod_num flk_concat
w >str str rows n: flk_neg_num flk_abs_num flk_sign_num flk_floor_num flk_ceil_num flk_upper flk_lower
w >str str i32 rows n: flk_round_num flk_trunc_num flk_substr
w >str str =i32 =i32 rows pos n: flk_typmod_num flk_varchar_str flk_char_str
w >i64 str =i32 =i32 rows pos n: flk_dec64_num flk_dec64_str
w >i128 str =i32 =i32 rows pos n: flk_dec128_num flk_dec128_str
w >i64 str =i32 rows pos n: flk_int_num flk_int_str
w >i64 i128 =i32 =i32 rows pos n: flk_int_dec128
w >f64 str rows pos n: flk_f64_num flk_f64_str
w >f32 str rows pos n: flk_f32_num flk_f32_str
! w >str i128 =i32 i64 rows n: flk_avg_i128
! w >str str i64 rows n: flk_avg_num
w *str str rows n: flk_sum_num
w *str str =u32 rows n: flk_sum_vector
w >str str str rows pos n: flk_vector_add flk_vector_sub flk_vector_mul
w >str str f64 rows pos n: flk_vector_normalize
w >str str i64 =u32 rows pos n: flk_vector_of_sum
w >i64 f64 =i32 rows pos n: flk_int_f64
w >i64 f32 =i32 rows pos n: flk_int_f32
w >f32 f64 rows pos n: flk_f32_f64
w >m str rows pos n: flk_bool_str
w >str str rows pos n: flk_num_str
w >i32 str rows pos n: flk_date_str
w >i64 str rows pos n: flk_timestamp_str
w >interval str rows pos n: flk_interval_str
w >str *fl_vec rows n: flk_str_any
>str *i32 *u8 =u64 n: flk_bytes_str
>str *u8 =u64 =u64 n: flk_vector_at
w >str *fl_vec =u32 rows n: flk_pack_array
w >str str =u32 rows pos n: flk_array_str
w >str str =u32 =u32 rows pos n: flk_cast_array
>m str str =u32 rows n: flk_eq_array
>i32 str str =u32 rows n: flk_compare_array
>u64 str =u32 rows n: flk_hash_array
>i32 str =u32 rows n: flk_array_count
w >str str str m m =u32 rows pos n: flk_array_concat
w >str str i32 i32 =u32 rows pos n: flk_array_slice
w >str str i32 =u32 rows pos n: flk_array_trim
w >str str str =u32 rows pos n: flk_array_remove flk_array_positions
w >str str str str =u32 rows pos n: flk_array_replace
>i32 >m str str i32 =u32 rows n: flk_array_position
w >m str str =u32 rows n: flk_array_contains flk_array_overlaps
w >str str str str m =u32 rows pos n: flk_array_to_string
w >str str str str m m rows pos n: flk_string_to_array
w >f64 str str rows pos n: flk_l2_distance flk_l1_distance flk_inner_product flk_cosine_distance
>f64 str rows n: flk_vector_norm
>m >m i64 m str =u32 =u32 =i32 rows n: flk_quantified_i64
>m >m f64 m str =u32 =u32 =i32 rows n: flk_quantified_f64
>m >m str m str =u32 =u32 =i32 rows n: flk_quantified_str
>i32 >m str i32 =u32 rows n: flk_element_i32
>i64 >m str i32 =u32 rows n: flk_element_i64
>f32 >m str i32 =u32 rows n: flk_element_f32
>f64 >m str i32 =u32 rows n: flk_element_f64
>str >m str i32 =u32 rows n: flk_element_str
w >m str =u32 *u8 rows pos n: flk_array_fits
w str =u32 =i64 =i64 *u8 rows pos n: flk_array_within
[>i32] str =u32 =u32 rows n: flk_unpack_i32
[>i64] str =u32 =u32 rows n: flk_unpack_i64
[>f32] str =u32 =u32 rows n: flk_unpack_f32
[>f64] str =u32 =u32 rows n: flk_unpack_f64
[>str] str =u32 =u32 rows n: flk_unpack_str
w >str str =i32 rows pos n: flk_vector_str flk_vector_dims
w >str str =u32 =i32 rows pos n: flk_vector_array
w >str str rows n: flk_array_vector
>str *fl_dict u8 rows n: flk_dict_str_u8
>str *fl_dict u16 rows n: flk_dict_str_u16
>str *fl_dict u32 rows n: flk_dict_str_u32
>str *fl_dict =u64 n: flk_dict_entries
>i32 str rows n: flk_length flk_length_char
w >str str i32 i32 rows pos n: flk_substr_len
>str str str rows n: flk_btrim flk_ltrim flk_rtrim
>str str rows n: flk_trim_char
>str str i32 rows n: flk_left flk_right
w >str str str str rows pos n: flk_replace
>i32 str str rows n: flk_position
w >str str i32 rows pos n: flk_repeat
>m str str rows n: flk_starts_with flk_same_str
w >m str *fl_like rows pos n: flk_like
w >m str str str =u32 rows pos n: flk_like_each
w >i64 >m i32 =u32 rows pos n: flk_extract_date
w >i64 >m i64 =u32 rows pos n: flk_extract_timestamp
w >i64 interval =u32 rows pos n: flk_extract_interval
w >i64 i64 =u32 rows pos n: flk_trunc_timestamp
w >interval interval =u32 rows pos n: flk_trunc_interval
w >i32 i32 i32 rows pos n: flk_date_add_int flk_date_sub_int flk_date_sub_date
w >i64 i32 rows pos n: flk_timestamp_date
w >i32 i64 rows pos n: flk_date_timestamp
w >i64 i64 interval rows pos n: flk_timestamp_add_interval flk_timestamp_sub_interval
w >interval i64 i64 rows pos n: flk_timestamp_sub
w >interval interval interval rows pos n: flk_add_interval flk_sub_interval
! w >interval interval rows n: flk_neg_interval
w >interval interval f64 rows pos n: flk_mul_interval flk_div_interval
w >f64 f64 rows pos n: flk_math_sqrt flk_math_exp flk_math_ln flk_math_log10 flk_math_sin flk_math_cos flk_math_tan
    flk_math_asin flk_math_acos flk_math_atan flk_math_tanh flk_math_sign
w >f64 f64 f64 rows pos n: flk_math_atan2 flk_math_power
>f64 =u64 =u64 =u64 =u64 n: flk_random
w [>f32] [f32] *u8 rows n: flk_network_f32 flk_network_bf16
w [>f64] [f64] *u8 rows n: flk_network_f64
w [>f64] [f32] *u8 rows n: flk_trees_f32
w [>f64] [f64] *u8 rows n: flk_trees_f64
[>f32] [f32] *f32 =u32 =u32 =u32 n: flk_distance_f32
[>f64] [f64] *f64 =u32 =u32 =u32 n: flk_distance_f64
[>f32] [f32] =u32 =u32 =u32 n: flk_top_f32
[>f64] [f64] =u32 =u32 =u32 n: flk_top_f64
[>i64] [i64] =u32 =u32 =u32 n: flk_top_i64
w [>i32] [f32] =u32 =u32 =u32 n: flk_top_index_f32
w [>i32] [f64] =u32 =u32 =u32 n: flk_top_index_f64
w [>i32] [i64] =u32 =u32 =u32 n: flk_top_index_i64
w [>f32] [f32] *f32 =u32 =u32 =u32 =u32 n: flk_nearest_f32
w [>f64] [f64] *f64 =u32 =u32 =u32 =u32 n: flk_nearest_f64
w [>i32] [f32] *f32 =u32 =u32 =u32 =u32 n: flk_nearest_index_f32
w [>i32] [f64] *f64 =u32 =u32 =u32 =u32 n: flk_nearest_index_f64
[>f32] [f32] =u32 n: flk_couple_f32
>u32 i64 *i64 =u32 n: flk_find_i64
>u32 str *u8 rows n: flk_find_str
w >i32 str *u8 *i32 rows pos n: flk_choose
>i64 f64 n: flk_order_f64
>i64 i64 =i64 n: flk_quo_i64 flk_rem_i64 flk_mod_i64
>f64 f64 f64 n: flk_rem_f64 flk_pow
>f32 f32 n: flk_f16_f32 flk_bf16_f32 flk_f8e4m3fn_f32 flk_f8e4m3fnuz_f32 flk_f8e5m2_f32 flk_f8e5m2fnuz_f32 flk_f8e8m0_f32 flk_f4e2m1_f32
>f32 i32 n: flk_bits_f32_i32
>i32 f32 n: flk_bits_i32_f32
>f64 i64 n: flk_bits_f64_i64
>i64 f64 n: flk_bits_i64_f64
>f64 f64 n: flk_tan_f64 flk_asin_f64 flk_acos_f64 flk_atan_f64 flk_sinh_f64 flk_cosh_f64 flk_asinh_f64 flk_acosh_f64
    flk_atanh_f64
w >i64 i64 i64 =u32 rows pos n: flk_divide_i64 flk_divide_u64
>i32 =i64 =i64 =u64 n: flk_series_i32
>i64 =i64 =i64 =u64 n: flk_series_i64
>any *any n: flk_fill_16
>u64 u64 m n: flk_hash_where
>u16 >u32 rows n: flk_indices_of
>str *u8 i32 n: flk_label_str
w: flk_obey
w *u8 *str =u64 =u32 *u16 =u64 pos: flk_band_arrays
*f32 **f32 =u64 *u16 =u64: flk_band_in_f32
*f64 **f64 =u64 *u16 =u64: flk_band_in_f64
*i32 **i32 =u64 *u16 =u64: flk_band_in_i32
*i64 **i64 =u64 *u16 =u64: flk_band_in_i64
*u8 **u64 =u64 *u16 =u64: flk_band_in_m
**f32 *f32 =u64 *u16 =u64: flk_band_out_f32
**f64 *f64 =u64 *u16 =u64: flk_band_out_f64
**i32 *i32 =u64 *u16 =u64: flk_band_out_i32
**i64 *i64 =u64 *u16 =u64: flk_band_out_i64
**u64 *u8 =u64 *u16 =u64: flk_band_out_m
*u8 *u8 =u64 =u64 =u64 =u64 =u64: flk_arr_part
*u8 *u8 *i64 =u64 =u64 =u64 =u64: flk_arr_copy flk_arr_pick
*str n: flk_no_arrays
w *str *u8 =u64 =u32 *u16 =u64: flk_band_out_arrays
w *u8 *u8 *i32 =u64 =u64 =u64 =u64 =u64 =u64 =u64 pos: flk_arr_gather_i32
w *u8 *u8 *i64 =u64 =u64 =u64 =u64 =u64 =u64 =u64 pos: flk_arr_gather_i64
*f32 *f32 =u32 =u64 =u64: flk_arr_reduce_f32 flk_arr_softmax_f32 flk_arr_normalize_f32
*f64 *f64 =u32 =u64 =u64: flk_arr_reduce_f64 flk_arr_softmax_f64 flk_arr_normalize_f64
*i32 *i32 =u32 =u64 =u64: flk_arr_reduce_i32
*i64 *i64 =u32 =u64 =u64: flk_arr_reduce_i64 flk_arr_argextreme_i64
*i64 *f32 =u32 =u64 =u64: flk_arr_argextreme_f32
*i64 *f64 =u32 =u64 =u64: flk_arr_argextreme_f64
*i64 *i32 =u32 =u64 =u64: flk_arr_argextreme_i32
*f32 *f32 *f32 *f32 =f32 =u64 =u64: flk_arr_layer_norm_f32
*f64 *f64 *f64 *f64 =f64 =u64 =u64: flk_arr_layer_norm_f64
w *f32 *f32 *f32 *f32 *u8 =u32 =f32 =f32 *i64 =u64: flk_arr_attention_f32
w *f64 *f64 *f64 *f64 *u8 =u32 =f64 =f64 *i64 =u64: flk_arr_attention_f64
w *f32 *f32 *f32 *i64 =u64 =u64 =u64 =u64 =u64 =u64 =u64: flk_arr_matmul_f32
w *f64 *f64 *f64 *i64 =u64 =u64 =u64 =u64 =u64 =u64 =u64: flk_arr_matmul_f64
w *f32 *f32 *f32 *f32 *i64 *i64 =u64: flk_conv_f32 flk_conv_depth_f32 flk_conv_winograd_f32
w *f32 *f32 *u8 *f32 *i64 *i64 =u64: flk_conv_bf16
w *f64 *f64 *f64 *f64 *i64 *i64 =u64: flk_conv_f64 flk_conv_depth_f64
w *f32 *f32 *f32 *f32 *i32 *f32 *f32 *f32 *f32 *i64 =u64 pos: flk_recurrent_f32
w *f64 *f64 *f64 *f64 *i32 *f64 *f64 *f64 *f64 *i64 =u64 pos: flk_recurrent_f64
w *f32 *f32 *i64 =u64: flk_pool_f32
w *f64 *f64 *i64 =u64: flk_pool_f64
>m i64 *u8 rows n: flk_in_i64
w >str str *u8 =u32 rows pos n: flk_recase
>m str *u8 rows n: flk_matches
>i32 str =u32 rows n: flk_murmur3
w *f32 **str =u64 =u64 *u8 *u16 =u64 pos: flk_arr_tokens_str
w >u32 >u32 *u32 =u32 u8 rows n: flk_new_codes_u8
w >u32 >u32 *u32 =u32 u16 rows n: flk_new_codes_u16
w >u32 >u32 *u32 =u32 u32 rows n: flk_new_codes_u32
*u8 *u32 m n: flk_remember_m
*i64 *u32 i64 n: flk_remember_i64
*f32 *u32 f32 n: flk_remember_f32
*f64 *u32 f64 n: flk_remember_f64
*u32 *u32 =u32: flk_remembered
w *f32 *i64 =u64 *u8 =u64: flk_arr_tokens_i64
>m str *u8 rows n: flk_in_str
`

func kernelTable() map[string]*Signature {
	table := map[string]*Signature{}
	var sig *Signature
	for line := range strings.Lines(strings.TrimSpace(kernelTexts)) {
		names := line
		if params, rest, ok := strings.Cut(line, ":"); ok {
			sig, names = parseSignature(params), rest
		}
		for _, name := range strings.Fields(names) {
			table[name] = sig
		}
	}
	return table
}

func parseSignature(params string) *Signature {
	sig := &Signature{}
	outs := false
	for _, word := range strings.Fields(params) {
		if word == "!" {
			sig.Raises = true
			continue
		}
		p := parseParam(word)
		outs = outs || p.Kind == ParamOut || p.Kind == ParamOutList
		sig.Raises = sig.Raises || p.Kind == ParamPos
		sig.Params = append(sig.Params, p)
	}
	sig.Effect = !outs && !sig.Raises
	return sig
}

var paramWords = map[string]ParamKind{"w": ParamWorker, "rows": ParamRows, "pos": ParamPos, "bc": ParamNone, "n": ParamN}

func parseParam(word string) Param {
	if kind, ok := paramWords[word]; ok {
		return Param{Kind: kind}
	}
	switch {
	case word[0] == '>':
		return Param{ParamOut, typeNamed(word[1:])}
	case word[0] == '=':
		return Param{ParamScalar, typeNamed(word[1:])}
	case word[0] == '*':
		return Param{ParamPointer, typeNamed(word[1:])}
	case strings.HasPrefix(word, "[>"):
		return Param{ParamOutList, typeNamed(word[2 : len(word)-1])}
	case word[0] == '[':
		return Param{ParamList, typeNamed(word[1 : len(word)-1])}
	}
	return Param{ParamLanes, typeNamed(word)}
}

func typeNamed(name string) *Type {
	if name == "any" {
		return nil
	}
	if name[0] == '*' {
		return typeNamed(name[1:]).Ptr()
	}
	for _, t := range []*Type{TMask, TU8, TU16, TU32, TI32, TI64, TU64, TF32, TF64, TI128, TStr, TInterval} {
		if t.Suffix() == name {
			return t
		}
	}
	if !strings.HasPrefix(name, "fl_") {
		panic("staged: no type " + name)
	}
	return External(name).Type()
}

// takes reports whether an operand of type t may stand where p is. Structs of the runtime are the same if their names are.
func (p Param) takes(t *Type) bool {
	if p.Kind == ParamPointer {
		return t.Kind == Pointer && (p.Type == nil || typeText(t.To) == typeText(p.Type))
	}
	if p.Type == nil {
		return t.Size() == 16
	}
	return t == p.Type
}

// Site is what a kernel is told beside its operands: the rows that count (nil for all), and the position of errors.
type Site struct {
	Rows *Node
	Pos  int
}

// Run calls a kernel of Kernels with its operands, in order, and returns its outputs.
func (b *Builder) Run(blk *Block, name string, site Site, operands ...*Node) []*Node {
	sig := Kernels[name]
	if sig == nil {
		panic("staged: no kernel " + name)
	}
	k := &Kernel{Func: name, Raises: sig.Raises, Effect: sig.Effect}
	if k.Raises {
		k.Mask = site.Rows
	}
	operand := func(i int) *Node {
		if len(operands) == 0 {
			panic("staged: " + name + " takes more operands")
		}
		n := operands[0]
		operands = operands[1:]
		if p := sig.Params[i]; !p.takes(n.Type) || (p.Kind == ParamLanes) != n.Lanes {
			panic(fmt.Sprintf("staged: parameter %d of %s is given %s", i, name, typeText(n.Type)))
		}
		return n
	}
	var wide *Type // the type of operands of any type, and so of the output
	for i, p := range sig.Params {
		switch p.Kind {
		case ParamWorker:
			k.Args = append(k.Args, W)
		case ParamOut:
			k.Args = append(k.Args, Out(len(k.Outs)))
			k.Outs = append(k.Outs, p.Type)
		case ParamLanes, ParamScalar, ParamPointer:
			n := operand(i)
			if wide = n.Type; p.Type == nil && p.Kind == ParamPointer {
				wide = n.Type.To
			}
			k.Args = append(k.Args, A(n))
		case ParamRows:
			k.Args = append(k.Args, A(site.Rows))
		case ParamPos:
			k.Args = append(k.Args, A(Int(TI32, int64(site.Pos))))
		case ParamNone:
			k.Args = append(k.Args, Imm(0))
		case ParamN:
			k.Args = append(k.Args, N)
		default:
			panic("staged: " + name + " takes lists")
		}
	}
	if len(operands) > 0 {
		panic("staged: " + name + " takes fewer operands")
	}
	for i, t := range k.Outs {
		if t == nil {
			k.Outs[i] = wide
		}
	}
	return b.Kernel(blk, k)
}

// called checks a call of a kernel against its signature.
func (v *verifier) called(n *Node) {
	k := n.Kernel
	sig := Kernels[k.Func]
	v.check(sig != nil, "there is no kernel %s", k.Func)
	v.check(sig.Raises == k.Raises && sig.Effect == k.Effect, "%s raises or has an effect, or it does not, and the call says otherwise", n)
	v.check(len(sig.Params) == len(k.Args), "%s takes %d arguments, not %d", n, len(sig.Params), len(k.Args))
	for i, p := range sig.Params {
		v.check(p.given(k, k.Args[i]), "argument %d of %s is not what the kernel takes", i, n)
	}
}

// given reports whether an argument of a call is what the parameter stands for.
func (p Param) given(k *Kernel, a Arg) bool {
	one := a.Mark == ArgNode && a.Node != nil
	switch p.Kind {
	case ParamWorker:
		return a.Mark == ArgWorker
	case ParamN:
		return a.Mark == ArgN
	case ParamOut:
		return a.Mark == ArgOut && a.Out < len(k.Outs) && p.takes(k.Outs[a.Out])
	case ParamOutList:
		return a.Mark == ArgOutList
	case ParamRows:
		return a.Mark == ArgNull || one && a.Node.Lanes && a.Node.Type == TMask
	case ParamPos:
		return one && a.Node.Op == OpConst && a.Node.Type == TI32
	case ParamNone:
		return one && a.Node.IsConst(0)
	case ParamList:
		for _, n := range a.List {
			if !n.Lanes || n.Type != p.Type {
				return false
			}
		}
		return a.Mark == ArgList
	}
	return one && a.Node.Lanes == (p.Kind == ParamLanes) && p.takes(a.Node.Type)
}
