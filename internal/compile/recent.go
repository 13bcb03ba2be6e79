package compile

import "container/list"

// recent is a map that keeps what was used last, within a bound on its size. What is in use is not given up.
type recent[K comparable, V any] struct {
	limit, size int64
	byKey       map[K]*list.Element
	order       *list.List // front: used last
	busy        func(V) bool
	dropped     func(V)
}

type recentEntry[K comparable, V any] struct {
	key   K
	value V
	size  int64
}

func newRecent[K comparable, V any](limit int64, busy func(V) bool, dropped func(V)) *recent[K, V] {
	return &recent[K, V]{limit: limit, byKey: map[K]*list.Element{}, order: list.New(), busy: busy, dropped: dropped}
}

func (r *recent[K, V]) get(k K) (v V, ok bool) {
	e := r.byKey[k]
	if e == nil {
		return v, false
	}
	r.order.MoveToFront(e)
	return e.Value.(*recentEntry[K, V]).value, true
}

func (r *recent[K, V]) put(k K, v V, size int64) {
	r.byKey[k] = r.order.PushFront(&recentEntry[K, V]{k, v, size})
	r.size += size
}

// remove gives up what is kept under a key.
func (r *recent[K, V]) remove(k K) {
	e := r.byKey[k]
	entry := e.Value.(*recentEntry[K, V])
	r.order.Remove(e)
	delete(r.byKey, k)
	r.size -= entry.size
	r.dropped(entry.value)
}

// grow adds to the size of what is kept under a key.
func (r *recent[K, V]) grow(k K, size int64) {
	r.byKey[k].Value.(*recentEntry[K, V]).size += size
	r.size += size
}

// trim gives up what was not used for longest until the rest is within the bound.
func (r *recent[K, V]) trim() {
	for e := r.order.Back(); e != nil && r.size > r.limit; {
		entry, before := e.Value.(*recentEntry[K, V]), e.Prev()
		if !r.busy(entry.value) {
			r.remove(entry.key)
		}
		e = before
	}
}
