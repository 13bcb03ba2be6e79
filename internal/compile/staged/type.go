package staged

// Kind is the kind of a type.
type Kind uint8

// The kinds. Mask is one truth value a row; the wide ones are structs in memory.
const (
	Void Kind = iota
	Mask
	U8
	U16
	U32
	I32
	I64
	U64
	F32
	F64
	I128
	Str
	Interval
	Pointer
	StructKind
)

// Type is a type of the generated program. Types are compared by pointer.
type Type struct {
	Kind   Kind
	To     *Type   // Pointer
	Struct *Struct // StructKind
	ptr    *Type
}

// The types without parts.
var (
	TVoid     = &Type{Kind: Void}
	TMask     = &Type{Kind: Mask}
	TU8       = &Type{Kind: U8}
	TU16      = &Type{Kind: U16}
	TU32      = &Type{Kind: U32}
	TI32      = &Type{Kind: I32}
	TI64      = &Type{Kind: I64}
	TU64      = &Type{Kind: U64}
	TF32      = &Type{Kind: F32}
	TF64      = &Type{Kind: F64}
	TI128     = &Type{Kind: I128}
	TStr      = &Type{Kind: Str}
	TInterval = &Type{Kind: Interval}
)

var kindNames = [...]string{"void", "m", "u8", "u16", "u32", "i32", "i64", "u64", "f32", "f64", "i128", "str", "interval",
	"ptr", "struct"}

// Suffix is the type's name in primitives and kernels ("i64" in add_i64).
func (t *Type) Suffix() string { return kindNames[t.Kind] }

// Ptr returns the type of pointers to t.
func (t *Type) Ptr() *Type {
	if t.ptr == nil {
		t.ptr = &Type{Kind: Pointer, To: t}
	}
	return t.ptr
}

// IsInt reports whether t is an integer type.
func (t *Type) IsInt() bool { return t.Kind >= U8 && t.Kind <= U64 }

// IsFloat reports whether t is a floating-point type.
func (t *Type) IsFloat() bool { return t.Kind == F32 || t.Kind == F64 }

// InRegister reports whether vectors of t exist: the other types live in memory only and are worked on by kernels.
func (t *Type) InRegister() bool { return t.Kind >= Mask && t.Kind <= F64 && t.Kind != U64 }

// Size is the bytes of one value in a lane array; masks have none.
func (t *Type) Size() int {
	switch t.Kind {
	case U8:
		return 1
	case U16:
		return 2
	case U32, I32, F32:
		return 4
	case I64, U64, F64, Pointer:
		return 8
	case I128, Str, Interval:
		return 16
	}
	return 0
}

// Struct is a record of the generated program, or (External) one of the runtime's.
type Struct struct {
	Name     string
	External bool
	Fields   []StructField
	typ      *Type
}

// StructField is a field; Count > 0 makes it an array.
type StructField struct {
	Name  string
	Type  *Type
	Count int
}

// Type returns the struct as a type.
func (s *Struct) Type() *Type {
	if s.typ == nil {
		s.typ = &Type{Kind: StructKind, Struct: s}
	}
	return s.typ
}

// Add appends a field and returns its name.
func (s *Struct) Add(name string, t *Type) string { return s.AddArray(name, t, 0) }

// AddArray appends a field of count elements and returns its name.
func (s *Struct) AddArray(name string, t *Type, count int) string {
	s.Fields = append(s.Fields, StructField{Name: name, Type: t, Count: count})
	return name
}

// Field returns the type of a field, nil if there is none.
func (s *Struct) Field(name string) *Type {
	for i := range s.Fields {
		if s.Fields[i].Name == name {
			return s.Fields[i].Type
		}
	}
	return nil
}

// External returns a struct that the runtime defines.
func External(name string) *Struct { return &Struct{Name: name, External: true} }

// The runtime's structs that programs name.
var (
	Worker  = External("fl_worker")
	Query   = External("fl_query")
	Table   = External("fl_table")
	Segment = External("fl_segment")
	ColData = External("fl_column")
	Dict    = External("fl_dict")
	Vec     = External("fl_vec")
	// FloatSum is an exact sum of floats (crt/src/fsum.h).
	FloatSum = func() *Struct {
		s := External("fl_fsum")
		s.Add("odd", TU64)
		return s
	}()
)
