package exec

import (
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// TestRaiseLong: texts too long for an error are cut after a whole character.
func TestRaiseLong(t *testing.T) {
	e := newExecutor(t, 1)
	_, err := e.Run(context.Background(), &Request{Object: program(t, single(`
static void work(fl_worker *w, void *s, u64 m) {
  static u8 long_text[6000], short_text[600]; u32 i; fl_str a, b;
  for (i = 0; i < 6000; i += 2) { long_text[i] = 0xc3; long_text[i + 1] = 0xb6; }
  for (i = 0; i < 600; i += 2) { short_text[i] = 0xc3; short_text[i + 1] = 0xb6; }
  a.p = long_text; a.n = 6000; b.p = short_text; b.n = 600;
  fl_context(w, "x%s", &a);
  fl_raise(w, "22P02", 0, "%s\n%s, %s.", &a, &b, &a);
}`, "NULL", "NULL", "NULL", "0"))})
	got := wantCode(t, err, sqlstate.InvalidTextRepresentation)
	for what, c := range map[string]struct {
		text, start string
		length      int
	}{
		"message": {got.Message, "ö", 2047}, "context": {got.Context, "xö", 2046}, "detail": {got.Detail, strings.Repeat("ö", 300) + ", ö", 2047},
	} {
		if !utf8.ValidString(c.text) || !strings.HasPrefix(c.text, c.start) || !strings.HasSuffix(c.text, "ö...") || len(c.text) != c.length {
			t.Errorf("%s: %d bytes: %q", what, len(c.text), c.text)
		}
	}
}
