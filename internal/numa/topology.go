// Package numa finds out which CPUs, cores, sockets and memory nodes the machine has for this process, and plans which
// worker runs where. It reads sysfs and procfs through an fs.FS, so that tests show it machines that are not there.
//
// It must not know what workers do.
package numa

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"sort"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// CPU is one logical processor that this process may use.
type CPU struct {
	ID     int
	Core   int // the number of its first thread's CPU
	Socket int
	Node   int // of memory; 0 where the kernel knows of none
}

// Topology is what this process may use of the machine.
type Topology struct {
	CPUs   []CPU // by ID
	Online int   // logical processors of the machine, whether or not this process may use them
	// NodeMemory is the bytes of memory of each node that has a CPU here, by node; 0 where unknown.
	NodeMemory map[int]int64
	// Quota is how many CPUs' worth of time the control groups grant; 0: no bound.
	Quota float64
}

// Host reads the topology of this machine, for the CPUs that this process was started on.
func Host() (*Topology, error) {
	allowed, err := affinity()
	if err != nil {
		return nil, os.NewSyscallError("sched_getaffinity", err)
	}
	return Read(os.DirFS("/"), allowed)
}

// affinity reads the process's mask. unix.CPUSet holds 1,024 CPUs, and the kernel refuses a mask shorter than its own.
func affinity() (cpus []int, err error) {
	mask := make([]uint64, maxCPU/64)
	n, _, errno := unix.RawSyscall(unix.SYS_SCHED_GETAFFINITY, 0, uintptr(8*len(mask)), uintptr(unsafe.Pointer(&mask[0])))
	if errno != 0 {
		return nil, errno
	}
	for cpu := 0; cpu < 8*int(n); cpu++ {
		if mask[cpu/64]>>(cpu%64)&1 != 0 {
			cpus = append(cpus, cpu)
		}
	}
	return cpus, nil
}

// Read reads the topology from a file system that holds /sys and /proc. allowed is the process's affinity mask; nil: all.
// Offline CPUs and those outside the process's control group are left out.
func Read(root fs.FS, allowed []int) (*Topology, error) {
	online, err := readList(root, "sys/devices/system/cpu/online")
	if err != nil {
		return nil, fmt.Errorf("could not read which CPUs are online: %w", err)
	}
	t := &Topology{Online: len(online), NodeMemory: map[int]int64{}}
	may := setOf(online)
	if allowed != nil {
		may = intersect(may, setOf(allowed))
	}
	group := groupPath(root)
	if cpus, ok := cpuset(root, group); ok {
		may = intersect(may, cpus)
	}
	nodes := nodeOfCPU(root)
	for _, id := range online {
		if !may[id] {
			continue
		}
		dir := fmt.Sprintf("sys/devices/system/cpu/cpu%d/topology/", id)
		cpu := CPU{ID: id, Core: id}
		cpu.Node = nodes[id]
		// core_id would not do: it is unique only within a die, and often not beyond.
		if threads, err := readList(root, dir+"thread_siblings_list"); err == nil && len(threads) > 0 {
			cpu.Core = threads[0]
		}
		if socket, ok := readInt(root, dir+"physical_package_id"); ok && socket >= 0 {
			cpu.Socket = socket
		}
		t.CPUs = append(t.CPUs, cpu)
		if _, ok := t.NodeMemory[cpu.Node]; !ok {
			t.NodeMemory[cpu.Node] = nodeMemory(root, cpu.Node)
		}
	}
	if len(t.CPUs) == 0 {
		return nil, fmt.Errorf("this process may use none of the %d CPUs online", len(online))
	}
	sort.Slice(t.CPUs, func(i, j int) bool { return t.CPUs[i].ID < t.CPUs[j].ID })
	t.Quota = quota(root, group)
	return t, nil
}

func nodeOfCPU(root fs.FS) map[int]int {
	of := map[int]int{}
	dirs, err := fs.Glob(root, "sys/devices/system/node/node[0-9]*")
	if err != nil {
		return of // the pattern is a good one
	}
	for _, dir := range dirs {
		node, err := strconv.Atoi(strings.TrimPrefix(path.Base(dir), "node"))
		if err != nil {
			continue
		}
		cpus, err := readList(root, dir+"/cpulist")
		if err != nil {
			continue
		}
		for _, cpu := range cpus {
			of[cpu] = node
		}
	}
	return of
}

func nodeMemory(root fs.FS, node int) int64 {
	text, err := fs.ReadFile(root, fmt.Sprintf("sys/devices/system/node/node%d/meminfo", node))
	if err != nil {
		return 0
	}
	for _, line := range strings.Split(string(text), "\n") {
		f := strings.Fields(line) // Node 0 MemTotal: 24000000 kB
		if len(f) >= 4 && f[2] == "MemTotal:" {
			kb, err := strconv.ParseInt(f[3], 10, 64)
			if err == nil && kb >= 0 && kb < 1<<50 {
				return kb << 10
			}
		}
	}
	return 0
}

func readInt(root fs.FS, name string) (int, bool) {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return 0, false
	}
	v, err := strconv.Atoi(strings.TrimSpace(string(text)))
	return v, err == nil
}

func readList(root fs.FS, name string) ([]int, error) {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return nil, err
	}
	return ParseList(string(text))
}

// maxCPU bounds the numbers in a list, so that a malformed one costs no memory.
const maxCPU = 1 << 16

// ParseList reads the kernel's notation of sets: "0-3,8,10-11".
func ParseList(text string) ([]int, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, nil
	}
	seen := map[int]bool{}
	for _, part := range strings.Split(text, ",") {
		first, last, isRange := strings.Cut(part, "-")
		lo, err := strconv.Atoi(first)
		hi := lo
		if err == nil && isRange {
			hi, err = strconv.Atoi(last)
		}
		if err != nil || lo < 0 || hi < lo || hi >= maxCPU {
			return nil, fmt.Errorf("malformed list of CPUs %q", text)
		}
		for i := lo; i <= hi; i++ {
			seen[i] = true
		}
	}
	list := make([]int, 0, len(seen))
	for i := range seen {
		list = append(list, i)
	}
	sort.Ints(list)
	return list, nil
}

func setOf(list []int) map[int]bool {
	set := make(map[int]bool, len(list))
	for _, i := range list {
		set[i] = true
	}
	return set
}

func intersect(a, b map[int]bool) map[int]bool {
	both := map[int]bool{}
	for i := range a {
		if b[i] {
			both[i] = true
		}
	}
	return both
}
