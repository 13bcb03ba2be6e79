package catalog

import (
	"errors"
	"io/fs"
	"os"
)

// Copy copies a catalog, with its watermark, that nobody has open.
func Copy(from, to string) error {
	for _, suffix := range []string{"", watermarkSuffix} {
		content, err := os.ReadFile(from + suffix)
		if errors.Is(err, fs.ErrNotExist) && suffix != "" {
			continue // Open makes one
		}
		if err == nil {
			err = os.WriteFile(to+suffix, content, 0o600)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
