package storage

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

func TestModels(t *testing.T) {
	s := withTable(t)
	tx := begin(t, s, true)
	_, err := tx.ReplaceModel("m", nil, []byte("first"))
	must(t, err)
	wantCode(t, tx.DropModel("n"), sqlstate.UndefinedObject)
	must(t, tx.Commit())
	tx = begin(t, s, true)
	_, err = tx.ReplaceModel("m", nil, []byte("second"))
	must(t, err)
	tx.Rollback()
	tx = begin(t, s, true)
	_, err = tx.ReplaceModel("m", []byte(`{"x":1}`), []byte("th"), nil, []byte("ird"))
	must(t, err)
	_, err = tx.ReplaceModel("empty", nil)
	must(t, err)
	must(t, tx.Commit())
	s = reopen(t, s)
	tx = begin(t, s, true)
	r, ok := tx.Model("m")
	if !ok || r.Version != 2 || string(r.About) != `{"x":1}` || !slices.Equal(tx.Models(), []string{"empty", "m"}) {
		t.Fatalf("model %+v of %v", r, tx.Models())
	}
	m, err := tx.ReadModel(r)
	must(t, err)
	if string(m.Blob) != "third" {
		t.Errorf("blob %q", m.Blob)
	}
	must(t, os.WriteFile(s.dataFile(modelFile, r.ID), []byte("thirD"), 0o600))
	_, err = tx.ReadModel(r)
	wantCode(t, err, sqlstate.DataCorrupted)
	must(t, tx.DropModel("m"))
	must(t, tx.DropModel("empty"))
	must(t, tx.Commit())
	if names, _ := os.ReadDir(s.dataDir()); len(names) != 0 {
		t.Errorf("files of dropped models: %v", names)
	}
}

// versionsOf describes a model's versions: the current one in parentheses.
func versionsOf(tx *Tx, name string) string {
	var all []string
	for _, r := range tx.ModelVersions(name) {
		s := fmt.Sprint(r.Version)
		if r.Current {
			s = fmt.Sprintf("(%d of %d)", r.Version, r.Last)
		}
		all = append(all, s)
	}
	return strings.Join(all, " ")
}

func TestModelVersions(t *testing.T) {
	s := withTable(t)
	tx := begin(t, s, true)
	for i := range 3 {
		_, err := tx.ReplaceModel("m", nil, fmt.Appendf(nil, "v%d", i+1))
		must(t, err)
	}
	must(t, tx.Commit())
	reader := begin(t, s, false)

	tx = begin(t, s, true)
	must(t, tx.SetModelVersion("m", 1))
	wantCode(t, tx.SetModelVersion("m", 4), sqlstate.UndefinedObject)
	wantCode(t, tx.SetModelVersion("n", 1), sqlstate.UndefinedObject)
	wantCode(t, tx.DropModelVersion("m", 1), sqlstate.ObjectInUse)
	wantCode(t, tx.DropModelVersion("m", 4), sqlstate.UndefinedObject)
	must(t, tx.DropModelVersion("m", 3))
	if got := versionsOf(tx, "m"); got != "(1 of 3) 2" {
		t.Errorf("in the transaction: %s", got)
	}
	if got := versionsOf(reader, "m"); got != "1 2 (3 of 3)" {
		t.Errorf("beside the transaction: %s", got)
	}
	must(t, tx.Commit())
	old, _ := reader.Model("m")
	if m, err := reader.ReadModel(old); err != nil || string(m.Blob) != "v3" {
		t.Errorf("a reader's version after it was dropped: %v, %v", m, err)
	}
	reader.Rollback()
	if names, _ := os.ReadDir(s.dataDir()); len(names) != 2 {
		t.Errorf("files of two versions: %v", names)
	}

	s = reopen(t, s)
	tx = begin(t, s, true)
	if got := versionsOf(tx, "m"); got != "(1 of 3) 2" {
		t.Errorf("after a restart: %s", got)
	}
	r, err := tx.ReplaceModel("m", nil, []byte("v4"))
	must(t, err)
	if r.Version != 4 || versionsOf(tx, "m") != "1 2 (4 of 4)" {
		t.Errorf("the number of a dropped version is used again: %d, %s", r.Version, versionsOf(tx, "m"))
	}
	_, err = tx.ReplaceModel("n", nil, []byte("other"))
	must(t, err)
	wantCode(t, tx.RenameModel("m", "n"), sqlstate.DuplicateObject)
	wantCode(t, tx.RenameModel("x", "y"), sqlstate.UndefinedObject)
	must(t, tx.RenameModel("m", "o"))
	if _, there := tx.Model("m"); there {
		t.Error("the old name is still there")
	}
	must(t, tx.Commit())
	s = reopen(t, s)
	tx = begin(t, s, false)
	defer tx.Rollback()
	if got := versionsOf(tx, "o"); got != "1 2 (4 of 4)" || !slices.Equal(tx.Models(), []string{"n", "o"}) {
		t.Errorf("after RENAME and a restart: %s, models %v", got, tx.Models())
	}
	r, _ = tx.Model("o")
	if m, err := tx.ReadModel(r); err != nil || string(m.Blob) != "v4" {
		t.Errorf("%v, %v", m, err)
	}
}

// TestModelsWithoutCurrent: catalogs of before versions could be chosen do not say which is current.
func TestModelsWithoutCurrent(t *testing.T) {
	st := &state{models: map[string]*modelState{}}
	for _, n := range []int{2, 1} {
		st.addModel(&storedModel{ModelRecord: catalog.ModelRecord{Name: "m", Version: n}})
	}
	m := st.models["m"]
	if m.complete(); m.current.Version != 2 || m.last() != 2 || m.versions[0].Version != 1 {
		t.Errorf("%+v", m)
	}
}
