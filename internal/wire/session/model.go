package session

import (
	"context"
	"io"

	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// createModel runs CREATE MODEL.
func (s *Session) createModel(ctx context.Context, call *invocation, stmt *dialect.CreateModel) error {
	if err := checkModelName(stmt.Name); err != nil {
		return err
	}
	if planner.IsBuiltIn(stmt.Name.Name) {
		return sqlstate.New(sqlstate.DuplicateFunction, "function \"%s\" already exists", stmt.Name.Name).At(stmt.Name.Pos()).
			WithHint("A call of this name is one of the built-in function. Give the model another name.")
	}
	if len(stmt.Options) > 0 {
		option := stmt.Options[0]
		return sqlstate.New(sqlstate.SyntaxError, "unrecognized option \"%s\" of CREATE MODEL", option.Name).At(option.Pos())
	}
	view, err := s.tx.writer(ctx, stmt.Tag())
	if err != nil {
		return err
	}
	if view.HasModel(stmt.Name.Name) && !stmt.OrReplace {
		if !stmt.IfNotExists {
			return sqlstate.New(sqlstate.DuplicateObject, "model \"%s\" already exists", stmt.Name.Name)
		}
		return s.notice(call.out, "NOTICE", sqlstate.New(sqlstate.DuplicateObject,
			"model \"%s\" already exists, skipping", stmt.Name.Name))
	}
	file, err := s.modelFile(stmt.File)
	if err != nil {
		return sqlstate.Of(err).At(stmt.FileLoc.Pos())
	}
	return view.CreateModel(stmt.Name.Name, file)
}

// checkModelName refuses a schema: models are in none but public.
func checkModelName(name dialect.QualifiedName) error {
	if name.Schema != "" && name.Schema != publicSchema {
		return sqlstate.New(sqlstate.InvalidSchemaName, "schema \"%s\" does not exist", name.Schema).At(name.Pos())
	}
	return nil
}

// modelFile reads a file of the model directory.
func (s *Session) modelFile(name string) ([]byte, error) {
	if s.config.ModelDir == "" {
		return nil, sqlstate.New(sqlstate.ObjectNotInState, "the server has no model directory").
			WithHint("Start flernd with --model-dir; files of models are named relative to it.")
	}
	file, err := openUnder(s.config.ModelDir, name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, sqlstate.Wrap(err, sqlstate.IOError, "could not read file \"%s\"", name)
	}
	if info.Size() > registry.MaxFile {
		return nil, sqlstate.New(sqlstate.ProgramLimitExceeded, "file \"%s\" is larger than %d bytes, the limit of a model",
			name, registry.MaxFile)
	}
	content := make([]byte, info.Size())
	if _, err := io.ReadFull(file, content); err != nil {
		return nil, sqlstate.Wrap(err, sqlstate.IOError, "could not read file \"%s\"", name)
	}
	return content, nil
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
		if view.HasModel(name.Name) {
			if err := view.DropModel(name.Name); err != nil {
				return err
			}
			continue
		}
		if !stmt.IfExists {
			return sqlstate.New(sqlstate.UndefinedObject, "model \"%s\" does not exist", name.Name)
		}
		if err := s.notice(call.out, "NOTICE", sqlstate.New(sqlstate.SuccessfulCompletion,
			"model \"%s\" does not exist, skipping", name.Name)); err != nil {
			return err
		}
	}
	return nil
}
