package session

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// createModel runs CREATE MODEL and COPY MODEL. Every check of the statement comes before the client is asked for data, and the
// file is read and imported before the statement writes, which others wait for.
func (s *Session) createModel(ctx context.Context, call *invocation, stmt *dialect.CreateModel) error {
	if err := checkModelName(stmt.Name); err != nil {
		return err
	}
	if err := checkNoFunction(stmt.Name.Name, stmt.Name.Pos()); err != nil {
		return err
	}
	options, err := modelOptions(stmt)
	if err != nil {
		return err
	}
	if err := s.tx.mayWrite(stmt.Tag()); err != nil {
		return err
	}
	reader, err := s.tx.reader(ctx)
	if err != nil {
		return err
	}
	taken := reader.HasModel(stmt.Name.Name)
	reader.close()
	if taken && !stmt.OrReplace {
		return s.modelTaken(call, stmt)
	}
	arriving := &arrivingModel{store: s.config.Store}
	defer arriving.end()
	file, err := s.modelSource(ctx, call, stmt, arriving)
	if err != nil {
		return sqlstate.Of(err).At(stmt.SourceLoc.Pos())
	}
	version, notices, err := s.importModel(ctx, stmt.Name.Name, file, options)
	if err != nil {
		return causeOf(ctx, err)
	}
	view, err := s.tx.writer(ctx, stmt.Tag())
	if err != nil {
		return err
	}
	if !stmt.OrReplace && view.HasModel(stmt.Name.Name) { // made since
		return s.modelTaken(call, stmt)
	}
	for _, n := range notices {
		if err := s.notice(call.out, "NOTICE", n); err != nil {
			return err
		}
	}
	return view.CreateModel(version, file)
}

// importModel hands a file to the importer. A fault that its bytes bring about there is the statement's error: nothing of the
// session was touched, and the transaction is undone as after any error. What is known of it goes to the log.
func (s *Session) importModel(ctx context.Context, name string, file []byte, options registry.Options) (v *registry.Version, notices []*sqlstate.Error, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			s.config.Logger.Error("importing a model panicked", "model", name, "bytes", len(file), "sha256", fmt.Sprintf("%x", sha256.Sum256(file)),
				"problem", problem, "stack", string(debug.Stack()))
			err = sqlstate.New(sqlstate.InternalError, "model \"%s\": the importer failed", name).
				WithDetail("The server's log describes the fault.")
		}
	}()
	return s.config.Store.ImportModel(ctx, name, file, options)
}

// modelTaken tells that there is a model of the name.
func (s *Session) modelTaken(call *invocation, stmt *dialect.CreateModel) error {
	if !stmt.IfNotExists {
		return sqlstate.New(sqlstate.DuplicateObject, "model \"%s\" already exists", stmt.Name.Name).
			WithHint("CREATE OR REPLACE MODEL registers a new version of it.")
	}
	return s.notice(call.out, "NOTICE", sqlstate.New(sqlstate.DuplicateObject,
		"model \"%s\" already exists, skipping", stmt.Name.Name))
}

// checkModelName refuses a schema: models are in none but public.
func checkModelName(name dialect.QualifiedName) error {
	if name.Schema != "" && name.Schema != publicSchema {
		return sqlstate.New(sqlstate.InvalidSchemaName, "schema \"%s\" does not exist", name.Schema).At(name.Pos())
	}
	return nil
}

// checkNoFunction refuses the names of built-in functions.
func checkNoFunction(name string, pos int) error {
	if !planner.IsBuiltIn(name) {
		return nil
	}
	return sqlstate.New(sqlstate.DuplicateFunction, "function \"%s\" already exists", name).At(pos).
		WithHint("A call of this name means the built-in function. Give the model another name.")
}

// modelSource is the file of a model: the server's, a parameter's bytes, or what the client sends.
func (s *Session) modelSource(ctx context.Context, call *invocation, stmt *dialect.CreateModel, arriving *arrivingModel) ([]byte, error) {
	switch stmt.Source {
	case dialect.ModelParam:
		return modelParam(call, stmt, arriving)
	case dialect.ModelStdin:
		return modelData(ctx, call.out, arriving)
	}
	return s.modelFile(stmt.File, arriving)
}

// arrivingModel counts the bytes of a model's file from where they come in to the statement's end.
type arrivingModel struct {
	store Store
	held  int64
}

// hold is called before memory is taken for the bytes.
func (a *arrivingModel) hold(bytes int64) error {
	if err := a.store.HoldFile(bytes); err != nil {
		return err
	}
	a.held += bytes
	return nil
}

func (a *arrivingModel) end() { _ = a.store.HoldFile(-a.held) }

// modelParam is the value of $n.
func modelParam(call *invocation, stmt *dialect.CreateModel, arriving *arrivingModel) ([]byte, error) {
	if stmt.Param < 1 || stmt.Param > len(call.params) {
		return nil, sqlstate.New(sqlstate.UndefinedParameter, "there is no parameter $%d", stmt.Param)
	}
	value := call.params[stmt.Param-1]
	if value.Null {
		return nil, sqlstate.New(sqlstate.NullValueNotAllowed, "the file of a model must not be NULL")
	}
	if err := arriving.hold(int64(len(value.S))); err != nil {
		return nil, err
	}
	return []byte(value.S), nil
}

// modelParams are the types of the parameters of CREATE MODEL.
func modelParams(stmt *dialect.CreateModel, declared []sqltype.Type) ([]sqltype.Type, error) {
	if stmt.Source != dialect.ModelParam {
		return declared, nil
	}
	bytea := sqltype.Of(sqltype.Bytea)
	if stmt.Param != 1 || len(declared) > 1 {
		return nil, sqlstate.New(sqlstate.UndefinedParameter, "CREATE MODEL has one parameter, $1").At(stmt.SourceLoc.Pos())
	}
	if len(declared) == 1 && declared[0].Kind != sqltype.Unknown && declared[0] != bytea {
		return nil, sqlstate.New(sqlstate.DatatypeMismatch, "the file of a model is of type bytea, but parameter $1 is of type %s",
			declared[0]).At(stmt.SourceLoc.Pos())
	}
	return []sqltype.Type{bytea}, nil
}

// modelData reads the file that the client sends as COPY data.
func modelData(ctx context.Context, out Output, arriving *arrivingModel) ([]byte, error) {
	in, err := out.CopyIn(ctx, 1, true)
	if err != nil {
		return nil, err
	}
	in = interruptible(ctx, in)
	var file []byte
	for {
		piece, err := in()
		switch {
		case err == io.EOF:
			return file, nil
		case err != nil:
			return nil, err
		case len(file)+len(piece) > registry.MaxFile:
			return nil, tooLargeModel("the file")
		}
		if err := arriving.hold(int64(len(piece))); err != nil {
			return nil, err
		}
		file = append(file, piece...)
	}
}

func tooLargeModel(what string) error {
	return sqlstate.New(sqlstate.ProgramLimitExceeded, "%s is larger than %d bytes, the limit of a model", what, registry.MaxFile)
}

// alterModel runs ALTER MODEL.
func (s *Session) alterModel(ctx context.Context, call *invocation, stmt *dialect.AlterModel) error {
	if err := checkModelName(stmt.Name); err != nil {
		return err
	}
	view, err := s.tx.writer(ctx, stmt.Tag())
	if err != nil {
		return err
	}
	name := stmt.Name.Name
	if stmt.IfExists && !view.HasModel(name) {
		return s.skipModel(call, "model \"%s\" does not exist, skipping", name)
	}
	if stmt.Version != nil {
		version, err := versionNumber(name, stmt.Version)
		if err != nil {
			return err
		}
		return withVersions(view, name, view.SetModelVersion(name, version), stmt.Version)
	}
	if err := checkNoFunction(stmt.NewName.Text, stmt.NewName.Pos()); err != nil {
		return err
	}
	return view.RenameModel(name, stmt.NewName.Text)
}

// dropModel runs DROP MODEL.
func (s *Session) dropModel(ctx context.Context, call *invocation, stmt *dialect.DropModel) error {
	view, err := s.tx.writer(ctx, stmt.Tag())
	if err != nil {
		return err
	}
	for _, name := range stmt.Names {
		if err := checkModelName(name); err != nil {
			return err
		}
		switch {
		case stmt.IfExists && !view.HasModel(name.Name):
			err = s.skipModel(call, "model \"%s\" does not exist, skipping", name.Name)
		case stmt.Version != nil:
			err = s.dropVersion(call, view, stmt)
		default:
			err = view.DropModel(name.Name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// dropVersion runs DROP MODEL … VERSION. The current version stays: what calls would mean then is for a human to say.
func (s *Session) dropVersion(call *invocation, view *view, stmt *dialect.DropModel) error {
	name := stmt.Names[0].Name
	version, err := versionNumber(name, stmt.Version)
	if err != nil {
		return err
	}
	err = view.DropModelVersion(name, version)
	if e := sqlstate.Of(err); err != nil && e.Code == sqlstate.ObjectInUse {
		if len(view.ModelVersions(name)) == 1 {
			return e.WithHint("DROP MODEL %s drops the model.", name).At(stmt.Version.Pos())
		}
		return e.WithHint("Make another version current before (ALTER MODEL %s SET VERSION …), or drop all versions (DROP MODEL %s).",
			name, name).At(stmt.Version.Pos())
	}
	if stmt.IfExists && err != nil && sqlstate.Of(err).Code == sqlstate.UndefinedObject {
		return s.skipModel(call, "model \"%s\" has no version %d, skipping", name, version)
	}
	return withVersions(view, name, err, stmt.Version)
}

// skipModel tells that there was nothing to do.
func (s *Session) skipModel(call *invocation, format string, args ...any) error {
	return s.notice(call.out, "NOTICE", sqlstate.New(sqlstate.SuccessfulCompletion, format, args...))
}

// versionNumber refuses numbers that no version has.
func versionNumber(name string, v *dialect.ModelVersion) (int, error) {
	const most = 1<<31 - 1
	if v.Number < 1 || v.Number > most {
		return 0, sqlstate.New(sqlstate.UndefinedObject, "model \"%s\" has no version %d", name, v.Number).At(v.Pos())
	}
	return int(v.Number), nil
}

// withVersions adds to an error about a version which versions there are.
func withVersions(view *view, name string, err error, v *dialect.ModelVersion) error {
	versions := view.ModelVersions(name)
	if err == nil || len(versions) == 0 {
		return err
	}
	list := ""
	for i, r := range versions {
		switch {
		case i == 0:
		case i == maxListed:
			return sqlstate.Of(err).WithHint("Its versions are %s, … See flern.model_versions.", list).At(v.Pos())
		default:
			list += ", "
		}
		list += fmt.Sprint(r.Version)
	}
	return sqlstate.Of(err).WithHint("Its versions are %s.", list).At(v.Pos())
}

// maxListed bounds how many versions a hint lists.
const maxListed = 20
