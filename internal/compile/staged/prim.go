package staged

// Prim is the signature of a lane primitive. The C side of the table is crt/src/flv.h (inline) and kernels.c (a block).
type Prim struct {
	Result *Type
	Args   []*Type
}

// Prims maps a primitive's name ("add_i64") to its signature.
var Prims = primTable()

func primTable() map[string]Prim {
	t := map[string]Prim{}
	def := func(op string, on *Type, result *Type, args ...*Type) { t[op+"_"+on.Suffix()] = Prim{result, args} }
	same := func(n int, ops []string, types ...*Type) {
		for _, op := range ops {
			for _, ty := range types {
				args := make([]*Type, n)
				for i := range args {
					args[i] = ty
				}
				def(op, ty, ty, args...)
			}
		}
	}
	numbers := []*Type{TI32, TI64, TF32, TF64}
	floats := []*Type{TF32, TF64}
	same(2, []string{"add", "sub", "mul", "min", "max"}, numbers...)
	same(1, []string{"abs", "neg"}, numbers...)
	same(2, []string{"div"}, floats...)
	same(1, []string{"sqrt", "floor", "ceil", "trunc", "rint"}, floats...)
	same(3, []string{"fma"}, floats...)
	same(1, []string{"exp", "log", "tanh", "sigmoid", "erf", "softplus", "sin", "cos"}, TF32)
	same(2, []string{"and", "or", "xor"}, TI32, TI64, TU8, TU32)
	same(1, []string{"not"}, TI32, TI64)
	same(2, []string{"shl", "shr"}, TI32, TI64)
	def("mulw", TI32, TI64, TI32, TI32)
	for _, op := range []string{"addo", "subo", "mulo"} {
		for _, ty := range []*Type{TI32, TI64} {
			def(op, ty, TMask, ty, ty)
		}
	}
	cvt := func(to *Type, from ...*Type) {
		for _, f := range from {
			t["cvt_"+to.Suffix()+"_"+f.Suffix()] = Prim{to, []*Type{f}}
		}
	}
	cvt(TI32, TU8, TU16, TU32, TI64, TF32, TF64)
	cvt(TI64, TU8, TU16, TU32, TI32, TF64, TF32)
	cvt(TU8, TI32, TI64)
	cvt(TU16, TI32, TI64)
	cvt(TU32, TI32, TI64)
	cvt(TF32, TU8, TU16, TI32, TI64, TF64)
	cvt(TF64, TU8, TU16, TI32, TI64, TF32)
	for _, ty := range []*Type{TU8, TU16, TU32, TI32, TI64, TF32, TF64} {
		for _, op := range []string{"eq", "ne", "lt", "le", "gt", "ge"} {
			def(op, ty, TMask, ty, ty)
			if ty.IsFloat() && op != "ne" {
				def("o"+op, ty, TMask, ty, ty)
			}
		}
		t["sel_"+ty.Suffix()] = Prim{ty, []*Type{TMask, ty, ty}}
	}
	for _, ty := range floats {
		def("isnan", ty, TMask, ty)
		def("isinf", ty, TMask, ty)
	}
	for _, op := range []string{"and", "or", "xor", "andnot"} {
		def(op, TMask, TMask, TMask, TMask)
	}
	def("not", TMask, TMask, TMask)
	for _, ty := range []*Type{TU8, TI32, TI64} {
		t["mk_"+ty.Suffix()] = Prim{ty, []*Type{TMask}}
	}
	return t
}
