package dialect

// ModelSource tells where the bytes of a model come from.
type ModelSource uint8

// The sources.
const (
	ModelFile  ModelSource = iota // FROM 'file', in the server's model directory
	ModelParam                    // FROM $n
	ModelStdin                    // FROM STDIN
)

// CreateModel is CREATE [OR REPLACE] MODEL name FROM source [RETURNS …] [WITH (options)]. COPY MODEL name FROM STDIN is
// one too, with Copy set: it registers the next version, or the first.
type CreateModel struct {
	StmtBase
	Name        QualifiedName
	OrReplace   bool
	IfNotExists bool
	Copy        bool
	Source      ModelSource
	SourceLoc   Loc
	File        string // of ModelFile
	Param       int    // of ModelParam, from 1
	Returns     []ModelReturn
	Options     []Option
}

// ModelReturn is an output as RETURNS declares it. The form RETURNS type has one, without a name.
type ModelReturn struct {
	Loc
	Name string
	Type *TypeName
}

// AlterModel is ALTER MODEL [IF EXISTS] name, SET VERSION n or RENAME TO name.
type AlterModel struct {
	StmtBase
	Name     QualifiedName
	IfExists bool
	Version  *ModelVersion // nil for RENAME
	NewName  Name
}

// ModelVersion is a version as statements name it.
type ModelVersion struct {
	Loc
	Number int64
}

// DropModel is DROP MODEL: of models, or of one version of one model.
type DropModel struct {
	StmtBase
	Names    []QualifiedName
	IfExists bool
	Version  *ModelVersion // nil for all
	Cascade  bool
}

// Tag implements Stmt. COPY MODEL has it too: of a tag that begins with COPY, libpq wants a number of rows.
func (*CreateModel) Tag() string { return "CREATE MODEL" }

// Tag implements Stmt.
func (*AlterModel) Tag() string { return "ALTER MODEL" }

// Tag implements Stmt.
func (*DropModel) Tag() string { return "DROP MODEL" }
