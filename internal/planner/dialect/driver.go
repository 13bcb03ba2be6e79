package dialect

import (
	"fmt"
	"io"

	"github.com/pingcap/tidb/pkg/parser/ast"
	"github.com/pingcap/tidb/pkg/parser/format"
)

// The value driver of TiDB's parser: what makes its literal nodes. Generated text holds no literals (see unit), so a value
// keeps its text and nothing ever computes with it. TiDB's own driver for tests would panic on long numbers.

func init() {
	ast.NewValueExpr = func(v any, _, _ string) ast.ValueExpr { return &literal{v: v} }
	ast.NewParamMarkerExpr = func(offset int) ast.ParamMarkerExpr { return &paramMarker{literal{v: offset}} }
	ast.NewDecimal = func(s string) (any, error) { return s, nil }
	ast.NewHexLiteral = func(s string) (any, error) { return s, nil }
	ast.NewBitLiteral = func(s string) (any, error) { return s, nil }
}

type literal struct {
	ast.TexprNode
	v          any
	projection int
}

func (l *literal) SetValue(v any)            { l.v = v }
func (l *literal) GetValue() any             { return l.v }
func (l *literal) GetString() string         { return fmt.Sprint(l.v) }
func (l *literal) GetDatumString() string    { return l.GetString() }
func (l *literal) GetProjectionOffset() int  { return l.projection }
func (l *literal) SetProjectionOffset(i int) { l.projection = i }
func (l *literal) Format(w io.Writer)        { fmt.Fprint(w, l.v) }
func (l *literal) Restore(c *format.RestoreCtx) error {
	c.WritePlain(l.GetString())
	return nil
}

func (l *literal) Accept(v ast.Visitor) (ast.Node, bool) {
	n, _ := v.Enter(l)
	return v.Leave(n)
}

type paramMarker struct{ literal }

func (p *paramMarker) SetOrder(int) {}

func (p *paramMarker) Accept(v ast.Visitor) (ast.Node, bool) {
	n, _ := v.Enter(p)
	return v.Leave(n)
}
