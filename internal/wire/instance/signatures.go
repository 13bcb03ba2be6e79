package instance

import (
	"sync"

	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/catalog"
)

// signatures are versions for the planner as far as the catalog describes them: which models take a call's arguments is known without
// reading any.
type signatures struct {
	mu   sync.Mutex
	made map[uint64]*logical.Model // by the version's ID; nil of a version whose description does not suffice
	kept int                       // columns of those
}

// maxSignatures bounds the columns that are kept. Above it all are made anew.
const maxSignatures = 1 << 18

func (s *signatures) of(record catalog.ModelRecord) *logical.Model {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.made[record.ID]
	if !ok {
		m = describedModel(record)
		if s.kept > maxSignatures || s.made == nil {
			s.made, s.kept = map[uint64]*logical.Model{}, 0
		}
		s.made[record.ID] = m
		if s.kept++; m != nil {
			s.kept += len(m.Inputs) + len(m.Outputs)
		}
	}
	if m == nil || m.Name == record.Name {
		return m
	}
	renamed := *m
	renamed.Name = record.Name
	return &renamed
}

// describedModel is a version by its description in the catalog; nil if that does not suffice.
func describedModel(record catalog.ModelRecord) *logical.Model {
	about, err := registry.DecodeAbout(record.About)
	if err != nil || len(about.Tensors) == 0 {
		return nil
	}
	model := &logical.Model{Name: record.Name, Version: int64(record.Version), ID: record.ID, MissingText: registry.MissingText}
	for _, t := range about.Tensors {
		model.Tensors = append(model.Tensors, logical.Tensor{Name: t.Name, Width: t.Arguments})
	}
	for _, in := range about.Inputs {
		t, ok := in.NativeType()
		if !ok {
			return nil
		}
		model.Inputs = append(model.Inputs, logical.Column{Name: in.Name, Type: t, Nullable: true})
		model.Nulls = append(model.Nulls, nullPolicies[registry.NullPolicy(in.Nulls)])
		model.Written = append(model.Written, in.Written)
	}
	model.Written = orNone(model.Written)
	for i, out := range about.Outputs {
		native, ok := out.NativeType()
		if !ok {
			return nil
		}
		t := native
		if i < len(about.Options.Returns) {
			t = about.Options.Returns[i].Type
		}
		model.Outputs = append(model.Outputs, logical.Column{Name: out.Name, Type: t, Nullable: true})
		model.Native = append(model.Native, native)
	}
	return model
}

// Signature implements session.Tx.
func (t *tx) Signature(name string) (*logical.Model, error) {
	record, ok := t.Tx.Model(name)
	if !ok {
		return nil, nil
	}
	if m := t.store.signatures.of(record); m != nil {
		return m, nil
	}
	return t.Model(name)
}
