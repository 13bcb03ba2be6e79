package dialect

// constants reads a list of constants in parentheses, which TiDB's parser need not see: such lists may be long. It returns
// nil if there is anything else.
func (p *parser) constants(i int) ([]Expr, int) {
	if !p.is(i, "(") {
		return nil, i
	}
	var list []Expr
	for {
		e, next := p.constant(i + 1)
		if e == nil {
			return nil, i
		}
		list = append(list, e)
		switch {
		case p.is(next, ")"):
			return list, next + 1
		case !p.is(next, ","):
			return nil, i
		}
		i = next
	}
}

// constant reads a literal without type, a number with its sign, or DEFAULT.
func (p *parser) constant(i int) (Expr, int) {
	t := &p.t[i]
	switch t.kind {
	case tokNumber:
		return &Const{Loc: p.loc(i), Kind: NumberConst, Text: t.s}, i + 1
	case tokString:
		return &Const{Loc: p.loc(i), Kind: StringConst, Text: t.s}, i + 1
	case tokParam:
		return p.param(i), i + 1
	case tokOp:
		if t.s == "-" && p.t[i+1].kind == tokNumber {
			return &Const{Loc: p.loc(i), Kind: NumberConst, Text: "-" + p.t[i+1].s}, i + 2
		}
	case tokIdent:
		switch t.s {
		case "null":
			return &Const{Loc: p.loc(i), Kind: NullConst}, i + 1
		case "true", "false":
			return &Const{Loc: p.loc(i), Kind: BoolConst, Text: t.s}, i + 1
		case "default":
			return &Default{Loc: p.loc(i)}, i + 1
		}
	}
	return nil, i
}

// constList carries a list of constants through the lowering of expressions.
type constList struct {
	Loc
	items []Expr
}

func (*constList) isExpr() {}
