package exec

import (
	"encoding/binary"
	"testing"
)

// FuzzReadDone: an executor whose memory is corrupted may send anything.
func FuzzReadDone(f *testing.F) {
	good := make([]byte, doneSize, 200)
	copy(good, "22012")
	le := binary.LittleEndian
	le.PutUint32(good[12:], 2)
	le.PutUint32(good[24:], 1)
	le.PutUint64(good[56:], 3)
	good = append(good, "\x01\x00\x00\x00\x00\x00\x00\x00hirow"...)
	f.Add(good)
	f.Add(good[:50])
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := readDone(b)
		if err == nil && len(d.code) > 8 {
			t.Errorf("code %q", d.code)
		}
	})
	d, err := readDone(good)
	if err != nil || d.code != "22012" || d.message != "hi" || string(d.inlined) != "row" || d.counters[0] != 1 {
		f.Errorf("%+v, %v", d, err)
	}
}
