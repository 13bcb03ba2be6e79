package numa

import (
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// group is where the process's control groups lie: version 2's, and those of version 1's cpuset and cpu controllers.
// Paths are relative to the root; empty: none.
type group struct{ unified, cpuset, cpu string }

// groupPath finds the process's control groups.
func groupPath(root fs.FS) (g group) {
	text, err := fs.ReadFile(root, "proc/self/cgroup")
	if err != nil {
		return g
	}
	for _, line := range strings.Split(string(text), "\n") {
		parts := strings.SplitN(line, ":", 3) // 0::/user.slice or 4:cpuset:/a
		if len(parts) != 3 {
			continue
		}
		at := func(base string) string { return path.Clean(base + "/" + path.Clean("/"+parts[2])) }
		if parts[1] == "" {
			g.unified = at("sys/fs/cgroup")
		}
		for _, controller := range strings.Split(parts[1], ",") {
			switch controller {
			case "cpuset":
				g.cpuset = at("sys/fs/cgroup/cpuset")
			case "cpu":
				g.cpu = at("sys/fs/cgroup/cpu")
			}
		}
	}
	return g
}

// upwards calls f with the folder and those above it, down to the mount point of the hierarchy, until f is satisfied.
// Inside a container the group's own path may not be visible: then the mount point stands for it.
func upwards(dir, top string, f func(dir string) bool) {
	for dir != "" && len(dir) >= len(top) {
		if f(dir) {
			return
		}
		dir = path.Dir(dir)
	}
}

// cpuset returns the CPUs that the process's groups grant.
func cpuset(root fs.FS, g group) (set map[int]bool, ok bool) {
	look := func(file string) func(string) bool {
		return func(dir string) bool {
			list, err := readList(root, dir+"/"+file)
			if err == nil && len(list) > 0 {
				set, ok = setOf(list), true
			}
			return ok
		}
	}
	upwards(g.unified, "sys/fs/cgroup", look("cpuset.cpus.effective"))
	if !ok {
		upwards(g.cpuset, "sys/fs/cgroup/cpuset", look("cpuset.effective_cpus"))
	}
	if !ok {
		upwards(g.cpuset, "sys/fs/cgroup/cpuset", look("cpuset.cpus"))
	}
	return set, ok
}

// quota returns the tightest bound on CPU time of the process's groups, in CPUs; 0: none.
func quota(root fs.FS, g group) (cpus float64) {
	tighten := func(limit, period float64) {
		if limit > 0 && period > 0 && (cpus == 0 || limit/period < cpus) {
			cpus = limit / period
		}
	}
	upwards(g.unified, "sys/fs/cgroup", func(dir string) bool {
		text, err := fs.ReadFile(root, dir+"/cpu.max") // "150000 100000" or "max 100000"
		if f := strings.Fields(string(text)); err == nil && len(f) == 2 {
			limit, err1 := strconv.ParseFloat(f[0], 64)
			period, err2 := strconv.ParseFloat(f[1], 64)
			if err1 == nil && err2 == nil {
				tighten(limit, period)
			}
		}
		return false
	})
	upwards(g.cpu, "sys/fs/cgroup/cpu", func(dir string) bool {
		limit, ok1 := readInt(root, dir+"/cpu.cfs_quota_us")
		period, ok2 := readInt(root, dir+"/cpu.cfs_period_us")
		if ok1 && ok2 {
			tighten(float64(limit), float64(period))
		}
		return false
	})
	return cpus
}
