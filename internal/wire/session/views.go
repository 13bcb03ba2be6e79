package session

import (
	"slices"
	"strings"
	"time"

	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// systemSchema is the schema of the views that show what the server keeps.
const systemSchema = "flern"

// systemViews are the views of systemSchema: their columns, and what makes their rows.
var systemViews = map[string]struct {
	columns []logical.Column
	rows    func(v *view) [][]sqltype.Datum
}{
	"models": {viewColumns("name text", "version integer", "versions integer", "format text", "inputs integer", "outputs integer",
		"bytes bigint", "parameters bigint", "nulls text", "created timestamp", "producer text", "precision text",
		"resident bigint"), modelRows},
	"model_versions": {viewColumns("name text", "version integer", "current boolean", "format text", "inputs integer",
		"outputs integer", "bytes bigint", "parameters bigint", "nulls text", "created timestamp", "producer text",
		"sha256 text", "precision text"), versionRows},
	"model_signature": {viewColumns("model text", "version integer", "current boolean", "direction text", "position integer",
		"name text", "type text", "nulls text", "shape integer[]", "written text"), signatureRows},
}

// viewColumns reads "name type"; all columns may be null.
func viewColumns(list ...string) []logical.Column {
	kinds := map[string]sqltype.Kind{"text": sqltype.Text, "integer": sqltype.Int4, "bigint": sqltype.Int8,
		"boolean": sqltype.Bool, "timestamp": sqltype.Timestamp}
	columns := make([]logical.Column, len(list))
	for i, c := range list {
		name, kind, _ := strings.Cut(c, " ")
		element, array := strings.CutSuffix(kind, "[]")
		columns[i] = logical.Column{Name: name, Type: sqltype.Of(kinds[element]), Nullable: true}
		if array {
			columns[i].Type = sqltype.ArrayOf(kinds[element], 0)
		}
	}
	return columns
}

// system is planner.Env's View.
func (v *view) system(schema, name string) *planner.View {
	found, ok := systemViews[name]
	if !ok || schema != systemSchema && (schema != "" || !v.settings.searches(systemSchema)) {
		return nil
	}
	return &planner.View{Columns: found.columns, Rows: found.rows(v)}
}

func text(s string) sqltype.Datum { return sqltype.Datum{S: s} }

func integer[N int | int64](n N) sqltype.Datum { return sqltype.Datum{I: int64(n)} }

func truth(b bool) sqltype.Datum {
	if b {
		return sqltype.Datum{I: 1}
	}
	return sqltype.Datum{}
}

// moment is an instant as the session's clock showed it.
func (v *view) moment(t time.Time) sqltype.Datum {
	const epoch = 946684800 // 2000-01-01 in Unix time
	_, east := t.In(v.settings.zone()).Zone()
	return sqltype.Datum{I: t.UnixMicro() + (int64(east)-epoch)*1_000_000}
}

// policy is what WITH (nulls = …) said, or "default".
func policy(a *registry.About) sqltype.Datum {
	if a.Options.Nulls == registry.NullsDefault {
		return text("default")
	}
	return text(string(a.Options.Nulls))
}

// precision is what WITH (precision = …) said, or "model".
func precision(a *registry.About) sqltype.Datum {
	if a.Options.Precision == registry.PrecisionOfModel {
		return text("model")
	}
	return text(string(a.Options.Precision))
}

// eachVersion visits the versions of all models, by name and number.
func (v *view) eachVersion(visit func(r catalog.ModelRecord, a *registry.About)) {
	for _, name := range v.Models() {
		for _, r := range v.ModelVersions(name) {
			about := v.AboutModel(r)
			visit(r, &about)
		}
	}
}

func modelRows(v *view) (rows [][]sqltype.Datum) {
	v.eachVersion(func(r catalog.ModelRecord, a *registry.About) {
		if r.Current {
			rows = append(rows, []sqltype.Datum{text(r.Name), integer(r.Version), integer(len(v.ModelVersions(r.Name))), text(a.Format),
				integer(len(a.Inputs)), integer(len(a.Outputs)), integer(a.Bytes), integer(a.Parameters), policy(a),
				v.moment(r.Created), text(a.Producer), precision(a), integer(a.Resident)})
		}
	})
	return rows
}

func versionRows(v *view) (rows [][]sqltype.Datum) {
	v.eachVersion(func(r catalog.ModelRecord, a *registry.About) {
		rows = append(rows, []sqltype.Datum{text(r.Name), integer(r.Version), truth(r.Current), text(a.Format),
			integer(len(a.Inputs)), integer(len(a.Outputs)), integer(a.Bytes), integer(a.Parameters), policy(a),
			v.moment(r.Created), text(a.Producer), text(a.Hash), precision(a)})
	})
	return rows
}

// shape is the dimensions of a field that is an array.
func shape(f registry.Field) sqltype.Datum {
	d := sqltype.Datum{Null: f.Shape == nil}
	for _, n := range f.Shape {
		d.A = append(d.A, integer(n))
	}
	return d
}

func signatureRows(v *view) (rows [][]sqltype.Datum) {
	v.eachVersion(func(r catalog.ModelRecord, a *registry.About) {
		for i, f := range slices.Concat(a.Inputs, a.Outputs) {
			direction, position, nulls := "in", i+1, text(f.Nulls)
			if i >= len(a.Inputs) {
				direction, position, nulls = "out", i+1-len(a.Inputs), sqltype.NullDatum
			}
			rows = append(rows, []sqltype.Datum{text(r.Name), integer(r.Version), truth(r.Current), text(direction),
				integer(position), text(f.Name), text(f.Type), nulls, shape(f), written(f)})
		}
	})
	return rows
}

// written is the name that the file has for an argument, where it is another.
func written(f registry.Field) sqltype.Datum {
	if f.Written == "" {
		return sqltype.NullDatum
	}
	return text(f.Written)
}
