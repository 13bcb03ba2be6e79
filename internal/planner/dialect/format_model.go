package dialect

import "strconv"

func (f *formatter) createModel(x *CreateModel) {
	if x.Copy {
		f.print("COPY MODEL ")
	} else {
		f.print("CREATE ")
		f.when(x.OrReplace, "OR REPLACE ")
		f.print("MODEL ")
		f.when(x.IfNotExists, "IF NOT EXISTS ")
	}
	f.qualified(x.Name)
	switch x.Source {
	case ModelFile:
		f.print(" FROM ", quoteString(x.File))
	case ModelParam:
		f.print(" FROM $", strconv.Itoa(x.Param))
	case ModelStdin:
		f.print(" FROM STDIN")
	}
	f.modelReturns(x.Returns)
	f.tableOptions(x.Options, "")
}

func (f *formatter) modelReturns(list []ModelReturn) {
	switch {
	case len(list) == 0:
	case list[0].Name == "":
		f.print(" RETURNS ")
		f.typeName(list[0].Type)
	default:
		f.print(" RETURNS (")
		f.each(len(list), func(k int) {
			f.print(quoteIdent(list[k].Name), " ")
			f.typeName(list[k].Type)
		})
		f.print(")")
	}
}

func (f *formatter) alterModel(x *AlterModel) {
	f.print("ALTER MODEL ")
	f.when(x.IfExists, "IF EXISTS ")
	f.qualified(x.Name)
	if x.Version == nil {
		f.print(" RENAME TO ", quoteIdent(x.NewName.Text))
		return
	}
	f.print(" SET VERSION ", strconv.FormatInt(x.Version.Number, 10))
}

func (f *formatter) dropModel(x *DropModel) {
	f.print("DROP MODEL ")
	f.when(x.IfExists, "IF EXISTS ")
	f.each(len(x.Names), func(k int) { f.qualified(x.Names[k]) })
	if x.Version != nil {
		f.print(" VERSION ", strconv.FormatInt(x.Version.Number, 10))
	}
	f.when(x.Cascade, " CASCADE")
}
