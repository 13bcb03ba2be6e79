package staged

// Body is a list of statements in one scope.
type Body struct {
	Stmts  []Stmt
	Parent *Body
	Depth  int
	cse    map[key]*Node
}

// Stmt is a statement.
type Stmt interface{ stmt() }

// The statements. Reduce, StoreLanes and RaiseIf work on lanes and fuse with their neighbours.
type (
	// Let places a scalar node.
	Let struct{ Node *Node }
	// Declare introduces a mutable variable.
	Declare struct{ Var, Init *Node }
	// Assign sets a mutable variable.
	Assign struct{ Var, Value *Node }
	// Store writes a scalar to memory.
	Store struct {
		To    Place
		Value *Node
	}
	// If branches on a scalar.
	If struct {
		Cond       *Node
		Then, Else *Body
	}
	// For counts Var from From to below To.
	For struct {
		Var, From, To, Step *Node
		Body                *Body
	}
	// Forever loops until Break, Turns times at most (0: nobody knows).
	Forever struct {
		Turns int
		Body  *Body
	}
	// Break leaves the innermost loop.
	Break struct{}
	// Continue starts the innermost loop's next turn.
	Continue struct{}
	// Return leaves the function.
	Return struct{ Value *Node }
	// CallStmt calls for the effect.
	CallStmt struct{ Node *Node }
	// Rows runs Body for each row of the mask, with Var as its number in the block.
	Rows struct {
		Mask, Var *Node
		Body      *Body
	}
	// KernelStmt places a kernel call that has an effect or may raise.
	KernelStmt struct{ Node *Node }
	// Reduce combines Value over the mask's rows into a scalar in memory: op is sum, sumn (the total fits 32 bits), sumw (the
	// total of 64 rows does), field (the sum of the Bits bits from Shift on of a value that packs several small ones; 64 of
	// them do not overflow their bits), count, min, max, or.
	Reduce struct {
		Op          string
		Value, Mask *Node
		Into        Place
		Shift, Bits int
	}
	// StoreLanes writes a lane value to memory, one element a row.
	StoreLanes struct{ Ptr, Value *Node }
	// RaiseIf ends the query when a row of the mask is set.
	RaiseIf struct {
		Mask     *Node
		SQLState string
		Position int
		Message  string
	}
	// Comment is for people who read the C text.
	Comment struct{ Text string }
)

func (*Let) stmt()        {}
func (*Declare) stmt()    {}
func (*Assign) stmt()     {}
func (*Store) stmt()      {}
func (*If) stmt()         {}
func (*For) stmt()        {}
func (*Forever) stmt()    {}
func (*Break) stmt()      {}
func (*Continue) stmt()   {}
func (*Return) stmt()     {}
func (*CallStmt) stmt()   {}
func (*Rows) stmt()       {}
func (*KernelStmt) stmt() {}
func (*Reduce) stmt()     {}
func (*StoreLanes) stmt() {}
func (*RaiseIf) stmt()    {}
func (*Comment) stmt()    {}

// Place is a scalar in memory: field Field of the struct at Ptr (Index nil), element Index of the array at Ptr (Field
// ""), or the mutable variable Var.
type Place struct {
	Ptr   *Node
	Field string
	Index *Node
	Var   *Node
}

// Type is the type of what lies there.
func (p Place) Type() *Type {
	switch {
	case p.Var != nil:
		return p.Var.Type
	case p.Field != "":
		return p.Ptr.Type.To.Struct.Field(p.Field)
	}
	return p.Ptr.Type.To
}

// Func is a function of the program.
type Func struct {
	Name    string
	Doc     string
	Params  []*Node
	Returns *Type
	Body    *Body
	Static  bool
	NextID  int
}
