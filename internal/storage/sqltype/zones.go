package sqltype

import (
	"os"
	"path/filepath"
	"sync"
)

// zoneNames is the set of time zone names (lower case) of the system's database. A timestamp without time zone accepts a
// zone and ignores it, so only the names matter.
var zoneNames = sync.OnceValue(func() map[string]bool {
	const root = "/usr/share/zoneinfo"
	names := map[string]bool{"utc": true, "gmt": true}
	err := filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return filepath.SkipDir
		}
		name, _ := filepath.Rel(root, path)
		if e.IsDir() && (name == "posix" || name == "right") {
			return filepath.SkipDir
		}
		if !e.IsDir() {
			names[lowerASCII(name)] = true
		}
		return nil
	})
	if err != nil {
		return map[string]bool{"utc": true, "gmt": true}
	}
	return names
})
