package cc

import (
	"container/list"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// memoryBytes bounds the objects that stay in memory.
const memoryBytes = 16 << 20

// cache keeps objects: the most recently used in memory, all on disk within a bound. A file is the object's bytes after
// their SHA-256, which is verified when it is read; a file that does not match is removed and compiled anew.
type cache struct {
	dir   string // empty: memory only
	limit int64

	mu    sync.Mutex
	byKey map[[32]byte]*list.Element
	order *list.List // front: most recently used
	held  int64      // bytes in memory
	bytes int64      // on disk, as far as known
}

type entry struct {
	key    [32]byte
	object *Object
}

func openCache(dir string, limit int64) (*cache, error) {
	c := &cache{dir: dir, limit: limit, byKey: map[[32]byte]*list.Element{}, order: list.New()}
	if dir == "" {
		return c, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, sqlstate.Wrap(err, sqlstate.SystemError, "could not create the cache of compiled programs")
	}
	// Objects are code that will be run: nobody else may have put one here.
	if err := os.Chmod(dir, 0o700); err != nil {
		return nil, sqlstate.Wrap(err, sqlstate.SystemError, "could not make the cache of compiled programs private")
	}
	c.evict()
	return c, nil
}

func (c *cache) path(key [32]byte) string {
	return filepath.Join(c.dir, hex.EncodeToString(key[:])+".o")
}

func (c *cache) get(key [32]byte) (*Object, bool) {
	c.mu.Lock()
	if e, ok := c.byKey[key]; ok {
		c.order.MoveToFront(e)
		o := e.Value.(*entry).object
		c.mu.Unlock()
		return o, true
	}
	c.mu.Unlock()
	if c.dir == "" {
		return nil, false
	}
	path := c.path(key)
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, false
	}
	if len(b) < sha256.Size || sha256.Sum256(b[sha256.Size:]) != [32]byte(b[:sha256.Size]) {
		os.Remove(path)
		return nil, false
	}
	o := NewObject(b[sha256.Size:])
	now := time.Now()
	os.Chtimes(path, now, now) // what eviction goes by; if it fails, the object goes earlier
	c.remember(key, o)
	return o, true
}

func (c *cache) remember(key [32]byte, o *Object) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.byKey[key]; ok {
		return
	}
	c.byKey[key] = c.order.PushFront(&entry{key, o})
	c.held += int64(len(o.Bytes))
	for c.held > memoryBytes && c.order.Len() > 1 { // the last one has just been asked for
		last := c.order.Remove(c.order.Back()).(*entry)
		delete(c.byKey, last.key)
		c.held -= int64(len(last.object.Bytes))
	}
}

// put keeps an object. A cache that cannot be written makes nothing wrong, only slower, so there is no error.
func (c *cache) put(key [32]byte, o *Object) {
	c.remember(key, o)
	if c.dir == "" {
		return
	}
	f, err := os.CreateTemp(c.dir, "new-")
	if err != nil {
		return
	}
	_, err = f.Write(append(append(make([]byte, 0, len(o.Bytes)+sha256.Size), o.Hash[:]...), o.Bytes...))
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), c.path(key))
	}
	if err != nil {
		os.Remove(f.Name())
		return
	}
	c.mu.Lock()
	c.bytes += int64(len(o.Bytes))
	full := c.bytes > c.limit
	c.mu.Unlock()
	if full {
		c.evict()
	}
}

// evict removes what a crash left half written, and the least recently used objects down to three quarters of the bound
// once it is passed.
func (c *cache) evict() {
	files, err := os.ReadDir(c.dir)
	if err != nil {
		return
	}
	type kept struct {
		path string
		size int64
		used time.Time
	}
	var all []kept
	var total int64
	for _, f := range files {
		info, err := f.Info()
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		path := filepath.Join(c.dir, f.Name())
		if strings.HasPrefix(f.Name(), "new-") {
			if time.Since(info.ModTime()) > time.Hour {
				os.Remove(path)
			}
			continue
		}
		all = append(all, kept{path, info.Size(), info.ModTime()})
		total += info.Size()
	}
	if total > c.limit {
		sort.Slice(all, func(i, j int) bool { return all[i].used.Before(all[j].used) })
		for _, f := range all {
			if total <= c.limit*3/4 {
				break
			}
			if os.Remove(f.path) == nil {
				total -= f.size
			}
		}
	}
	c.mu.Lock()
	c.bytes = total
	c.mu.Unlock()
}
