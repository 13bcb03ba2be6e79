package lower

import (
	"archive/zip"
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"math/rand"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/ml/mltest"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

var (
	damaged     = flag.Int("damaged", 600, "files that TestDamaged makes")
	damagedSeed = flag.Int64("damagedseed", 1, "of what TestDamaged does to them")
	damagedOf   = flag.String("damagedof", "", "a directory of further cases (NAME/model.onnx) for TestDamaged")
)

// Registering a small file takes no more of the processors' time, and allocates no more bytes.
const (
	longest = 5 * time.Second
	most    = 1 << 30
)

// register does with arbitrary bytes what CREATE MODEL and COPY MODEL do, and tells what is wrong with how that went: an error
// that a user can read has to come of them, or a model whose code can be built, and neither may take long or much.
func register(file []byte) (registered bool, wrong error) {
	defer func() {
		if problem := recover(); problem != nil {
			wrong = fmt.Errorf("%v\n%s", problem, debug.Stack())
		}
	}()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := processorTime()
	v, err := registry.Import("m", file)
	if err == nil {
		err = Check(v.Graph)
	}
	took := processorTime() - start
	runtime.ReadMemStats(&after)
	allocated := after.TotalAlloc - before.TotalAlloc
	switch {
	case err != nil && sqlstate.Of(err).Code == sqlstate.InternalError:
		return false, err
	case took > longest || allocated > most:
		return false, fmt.Errorf("it took %s and allocated %d MB (%v)", took, allocated>>20, err)
	}
	return err == nil, nil
}

// processorTime is what the process has used, which does not depend on what else the machine does.
func processorTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func FuzzRegister(f *testing.F) {
	for _, x := range mltest.Operators(f) {
		f.Add(x.File)
	}
	for _, name := range []string{"classifier.onnx", "trees/xgb_linear.json", "trees/xgb_linear_multi.ubj"} {
		file, err := os.ReadFile(filepath.Join(mltest.Dir(), name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		if _, wrong := register(file); wrong != nil {
			t.Error(wrong)
		}
	})
}

// TestDamaged registers models with a few bytes damaged each, which unlike most of a fuzzer's files are read to their ends. As the
// fuzzer does, it keeps what it fails with as a seed of FuzzRegister.
func TestDamaged(t *testing.T) {
	files := smallModels(t)
	r := rand.New(rand.NewSource(*damagedSeed))
	registered := 0
	for i := range *damaged {
		file := damage(r, files[r.Intn(len(files))])
		ok, wrong := register(file)
		if wrong != nil {
			seed := filepath.Join("testdata", "fuzz", "FuzzRegister", fmt.Sprintf("damaged_%d_%d", *damagedSeed, i))
			t.Errorf("%s: %v", seed, wrong)
			if err := os.WriteFile(seed, fmt.Appendf(nil, "go test fuzz v1\n[]byte(%q)\n", file), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if ok {
			registered++
		}
	}
	t.Logf("%d of %d files register", registered, *damaged)
	if registered == 0 {
		t.Error("no file registers")
	}
}

// smallModels are the models that TestDamaged damages: those of one operator each, the suite's, and ensembles of trees.
func smallModels(t *testing.T) [][]byte {
	var all [][]byte
	for _, x := range mltest.Operators(t) {
		all = append(all, x.File)
	}
	for _, x := range mltest.TreeFixtures(t, ".json", ".ubj", ".txt") {
		all = append(all, x.File)
	}
	cases, err := zip.OpenReader(mltest.BackendCases())
	if err != nil {
		t.Fatal(err)
	}
	defer cases.Close()
	trees := []fs.FS{cases}
	if *damagedOf != "" {
		trees = append(trees, os.DirFS(*damagedOf))
	}
	for _, tree := range trees {
		names, err := fs.Glob(tree, "*/model.onnx")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			file, err := fs.ReadFile(tree, name)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, file)
		}
	}
	return slices.DeleteFunc(all, func(file []byte) bool { return len(file) == 0 || len(file) > 1<<14 })
}

var (
	digits   = regexp.MustCompile(`-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?`)
	extremes = strings.Fields("0 -0 1 -1 2 3 7 64 65 255 256 4096 4097 65535 65536 65537 1000000 2147483647 2147483648 -2147483648 4294967295 9223372036854775807 -9223372036854775808 99999999999999999999 0.5 1.5 -2.5 1e-45 1e38 1e39 -1e39 1e308 1e309 nan NaN inf -inf Infinity -Infinity")
)

// damage changes up to four places: a bit, a byte to anything or to an edge of numbers, two bytes that change places, or a number
// that is written with digits.
func damage(r *rand.Rand, file []byte) []byte {
	b := bytes.Clone(file)
	for range 1 + r.Intn(4) {
		i := r.Intn(len(b))
		switch r.Intn(5) {
		case 0:
			b[i] ^= 1 << r.Intn(8)
		case 1:
			b[i] = byte(r.Intn(256))
		case 2:
			b[i] = []byte{0, 1, 127, 128, 255}[r.Intn(5)]
		case 3:
			j := r.Intn(len(b))
			b[i], b[j] = b[j], b[i]
		case 4:
			if at := digits.FindIndex(b[i:]); at != nil {
				b = slices.Concat(b[:i+at[0]], []byte(extremes[r.Intn(len(extremes))]), b[i+at[1]:])
			}
		}
	}
	return b
}
