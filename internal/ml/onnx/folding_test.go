package onnx

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// filledConv is a file that convolves two constants of one channel, which take few bytes to tell.
func filledConv(t *testing.T, length, window int64) []byte {
	t.Helper()
	var m onnxpb.ModelProto
	if err := proto.Unmarshal(fixture(t, "classifier"), &m); err != nil {
		t.Fatal(err)
	}
	var added []*onnxpb.NodeProto
	for name, n := range map[string]int64{"long": length, "window": window} {
		m.Graph.Initializer = append(m.Graph.Initializer, &onnxpb.TensorProto{Name: name + "_dims", Dims: []int64{3},
			DataType: int32(onnxpb.TensorProto_INT64), Int64Data: []int64{1, 1, n}})
		added = append(added, &onnxpb.NodeProto{OpType: "ConstantOfShape", Input: []string{name + "_dims"}, Output: []string{name}})
	}
	added = append(added, &onnxpb.NodeProto{OpType: "Conv", Input: []string{"long", "window"}, Output: []string{"folded"}})
	m.Graph.Node = append(added, m.Graph.Node...)
	file, err := proto.Marshal(&m)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// TestFoldingIsBounded: what a small file makes of constants takes little time, however few elements the results have.
func TestFoldingIsBounded(t *testing.T) {
	if _, err := Import(filledConv(t, 1<<10, 1<<9)); err != nil {
		t.Error(err)
	}
	for _, shape := range [][2]int64{{1 << 15, 1 << 14}, {1 << 22, 1 << 21}} {
		start := time.Now()
		_, err := Import(filledConv(t, shape[0], shape[1]))
		if sqlstate.Of(err).Code != sqlstate.ProgramLimitExceeded || !strings.Contains(err.Error(), "too many operations") {
			t.Errorf("%v: got %v", shape, err)
		}
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("%v: it took %s", shape, d)
		}
	}
}

func TestImportEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	why := sqlstate.New(sqlstate.QueryCanceled, "as asked")
	cancel(why)
	if _, err := ImportSized(ctx, fixture(t, "classifier"), nil); sqlstate.Of(err).Code != sqlstate.QueryCanceled || errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
