package registry

import "reflect"

// Size is about how many bytes the version takes in memory: its graph with all constants, ensembles, automata and texts.
func (v *Version) Size() int64 {
	v.sized.Do(func() {
		s := sizing{seen: map[place]bool{}}
		v.size = s.behind(reflect.ValueOf(v.Graph)) + s.behind(reflect.ValueOf(v.Metadata))
		for len(s.todo) > 0 {
			next := s.todo[len(s.todo)-1]
			s.todo = s.todo[:len(s.todo)-1]
			v.size += s.behind(next)
		}
	})
	return v.size
}

// sizing adds up memory that is reached by pointers. What is reached on several ways counts once.
type sizing struct {
	seen map[place]bool
	todo []reflect.Value // what pointers lead to: chains of them may be long
}

type place struct {
	at uintptr
	of reflect.Type
}

// behind is the size of what a value points to, besides the value itself; what its pointers lead to is left to do.
func (s *sizing) behind(v reflect.Value) (size int64) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() || s.known(v.Pointer(), v.Type()) {
			return 0
		}
		s.todo = append(s.todo, v.Elem())
		return int64(v.Type().Elem().Size())
	case reflect.Interface:
		if v.IsNil() {
			return 0
		}
		if e := v.Elem(); e.Kind() != reflect.Pointer {
			size = int64(e.Type().Size())
		}
		return size + s.behind(v.Elem())
	case reflect.String:
		return int64(v.Len())
	case reflect.Slice:
		if v.IsNil() || s.known(v.Pointer(), v.Type()) {
			return 0
		}
		return int64(v.Cap())*int64(v.Type().Elem().Size()) + s.elements(v)
	case reflect.Array:
		return s.elements(v)
	case reflect.Struct:
		for i := range v.NumField() {
			size += s.behind(v.Field(i))
		}
	case reflect.Map:
		each := int64(v.Type().Key().Size() + v.Type().Elem().Size())
		for at := v.MapRange(); at.Next(); {
			size += each + s.behind(at.Key()) + s.behind(at.Value())
		}
	}
	return size
}

func (s *sizing) elements(v reflect.Value) (size int64) {
	if flat(v.Type().Elem()) {
		return 0
	}
	for i := range v.Len() {
		size += s.behind(v.Index(i))
	}
	return size
}

func (s *sizing) known(at uintptr, of reflect.Type) bool {
	p := place{at, of}
	if s.seen[p] {
		return true
	}
	s.seen[p] = true
	return false
}

// flat tells types that point to nothing.
func flat(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.String, reflect.Slice, reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return false
	case reflect.Array:
		return flat(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if !flat(t.Field(i).Type) {
				return false
			}
		}
	}
	return true
}
