package exec

import (
	"slices"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/compile/cc"
)

// handedOut is a program that writes which of its morsels ran, in the order in which they began; DOES is what a morsel does
// besides.
const handedOut = rowWriter + `
#define N 1000
struct state { u64 n; u8 ran[N]; u32 order[2 * N]; };
static u64 morsels(fl_worker *w, void *s) { return N; }
static void work(fl_worker *w, void *s_, u64 m) {
  struct state *s = s_;
  volatile u64 i;
  s->order[__atomic_fetch_add(&s->n, 1, __ATOMIC_RELAXED) % (2 * N)] = m;
  for (i = 0; i < m * 7 % 1000; i++) {}
  DOES
}
static void finish(fl_worker *w, void *s_) {
  struct state *s = s_;
  u64 i;
  for (i = 0; i < s->n; i++) put_row(w, s->order[i]);
}
static const fl_pipeline pipelines[] = {{"p0_test", NULL, morsels, work, finish, 4096, FLAGS, 0, 0}};
const fl_program fl_main = {FL_ABI, 1, 7, sizeof(struct state), pipelines, 4, 0};
`

func morselsRun(t *testing.T, workers int, does, flags string) []int {
	t.Helper()
	var got rows
	mustRun(t, newExecutor(t, workers), &Request{Object: programIn(t, cc.Best, strings.NewReplacer("DOES", does, "FLAGS", flags).Replace(handedOut)), Out: got.out})
	return got.got
}

// TestShares: each morsel runs once, whatever the number of workers, and a single worker has them in order.
func TestShares(t *testing.T) {
	want := make([]int, 1000)
	for i := range want {
		want[i] = i
	}
	for workers := 1; workers <= 5; workers++ {
		got := morselsRun(t, workers, "", "0")
		if workers > 1 {
			slices.Sort(got)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d workers: morsels %v", workers, got)
		}
	}
}

// TestInTurn: when no more morsels are wanted, those that ran in turn are a beginning of the pipeline's.
func TestInTurn(t *testing.T) {
	for workers := 1; workers <= 5; workers++ {
		got := morselsRun(t, workers, "if (m == 300) fl_no_more(w);", "FL_IN_TURN")
		slices.Sort(got)
		if len(got) < 301 || len(got) > 300+64*workers {
			t.Errorf("%d workers: %d morsels ran", workers, len(got))
		}
		for i, m := range got {
			if i != m {
				t.Fatalf("%d workers: morsel %d is missing in %v", workers, i, got)
			}
		}
	}
}
