package numa

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// machine makes up a sysfs: sockets of cores of threads; CPU numbers go through all cores first and then through their
// second threads, as Linux numbers them.
func machine(sockets, cores, threads int, online string) fstest.MapFS {
	root := fstest.MapFS{"sys/devices/system/cpu/online": {Data: []byte(online + "\n")}}
	nodes := map[int][]int{}
	for th := 0; th < threads; th++ {
		for s := 0; s < sockets; s++ {
			for c := 0; c < cores; c++ {
				id := (th*sockets+s)*cores + c
				dir := fmt.Sprintf("sys/devices/system/cpu/cpu%d/topology/", id)
				var siblings []int
				for k := 0; k < threads; k++ {
					siblings = append(siblings, (k*sockets+s)*cores+c)
				}
				root[dir+"thread_siblings_list"] = &fstest.MapFile{Data: []byte(FormatList(siblings) + "\n")}
				root[dir+"core_id"] = &fstest.MapFile{Data: []byte(fmt.Sprintln(c % 2))} // within a die of two
				root[dir+"physical_package_id"] = &fstest.MapFile{Data: []byte(fmt.Sprintln(s))}
				nodes[s] = append(nodes[s], id)
			}
		}
	}
	for n, cpus := range nodes {
		dir := fmt.Sprintf("sys/devices/system/node/node%d/", n)
		root[dir+"cpulist"] = &fstest.MapFile{Data: []byte(FormatList(cpus) + "\n")}
		root[dir+"meminfo"] = &fstest.MapFile{Data: []byte(fmt.Sprintf("Node %d MemTotal:       %d kB\nNode %d MemFree: 1 kB\n", n, (n+1)<<20, n))}
	}
	return root
}

func with(root fstest.MapFS, files map[string]string) fstest.MapFS {
	for name, text := range files {
		root[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return root
}

func TestPlans(t *testing.T) {
	bare := fstest.MapFS{"sys/devices/system/cpu/online": {Data: []byte("0-1")}}
	for _, c := range []struct {
		name    string
		root    fstest.MapFS
		allowed []int
		workers int
		cpus    string
		nodes   string
	}{
		{"one socket", machine(1, 4, 1, "0-3"), nil, 0, "0 1 2 3", "0 0 0 0"},
		{"one socket, two threads a core", machine(1, 4, 2, "0-7"), nil, 0, "0 1 2 3", "0 0 0 0"},
		{"second threads come last", machine(1, 2, 2, "0-3"), nil, 3, "0 1 2", "0 0 0"},
		{"two sockets", machine(2, 2, 2, "0-7"), nil, 0, "0 1 2 3", "0 0 1 1"},
		{"two sockets, all threads", machine(2, 2, 2, "0-7"), nil, 8, "0 1 4 5 2 3 6 7", "0 0 0 0 1 1 1 1"},
		{"few workers stay on one node", machine(4, 4, 1, "0-15"), nil, 4, "0 1 2 3", "0 0 0 0"},
		{"four sockets", machine(4, 2, 1, "0-7"), nil, 0, "0 1 2 3 4 5 6 7", "0 0 1 1 2 2 3 3"},
		{"offline cores", machine(2, 4, 1, "0-1,3,5-7"), nil, 0, "0 1 3 5 6 7", "0 0 0 1 1 1"},
		{"affinity", machine(2, 4, 1, "0-7"), []int{1, 6, 7, 99}, 0, "1 6 7", "0 1 1"},
		{"more workers than CPUs", machine(1, 2, 1, "0-1"), nil, 4, "0 0 1 1", "0 0 0 0"},
		{"no topology", bare, nil, 0, "0 1", "0 0"},
		{"cpuset, version 2", with(machine(1, 8, 1, "0-7"), map[string]string{
			"proc/self/cgroup":                            "0::/a/b\n",
			"sys/fs/cgroup/a/b/cpuset.cpus.effective":     "\n",
			"sys/fs/cgroup/a/cpuset.cpus.effective":       "2-4\n",
			"sys/fs/cgroup/cpuset.cpus.effective":         "0-7\n",
			"sys/devices/system/node/node0/unrelated.txt": "x",
		}), nil, 0, "2 3 4", "0 0 0"},
		{"cpuset in a container", with(machine(1, 8, 1, "0-7"), map[string]string{
			"proc/self/cgroup":                    "0::/not/visible\n",
			"sys/fs/cgroup/cpuset.cpus.effective": "5,7\n",
		}), nil, 0, "5 7", "0 0"},
		{"cpuset, version 1", with(machine(1, 8, 1, "0-7"), map[string]string{
			"proc/self/cgroup":                          "7:cpu,cpuacct:/d\n4:cpuset:/d\n",
			"sys/fs/cgroup/cpuset/d/cpuset.cpus":        "1,3\n",
			"sys/fs/cgroup/cpuset/cpuset.cpus":          "0-7\n",
			"sys/fs/cgroup/cpu/d/cpu.cfs_quota_us":      "-1\n",
			"sys/fs/cgroup/cpu/d/cpu.cfs_period_us":     "100000\n",
			"sys/fs/cgroup/cpu/unrelated/cpu.cfs_quota": "1\n",
		}), nil, 0, "1 3", "0 0"},
		{"quota", with(machine(1, 8, 1, "0-7"), map[string]string{
			"proc/self/cgroup":          "0::/a\n",
			"sys/fs/cgroup/a/cpu.max":   "250000 100000\n",
			"sys/fs/cgroup/cpu.max":     "max 100000\n",
			"sys/fs/cgroup/cpu/cpu.max": "1 100000\n",
		}), nil, 0, "0 1 2", "0 0 0"},
		{"a quota does not bind who asks for more", with(machine(1, 4, 1, "0-3"), map[string]string{
			"proc/self/cgroup":        "0::/a\n",
			"sys/fs/cgroup/a/cpu.max": "100000 100000\n",
		}), nil, 2, "0 1", "0 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			topology, err := Read(c.root, c.allowed)
			if err != nil {
				t.Fatal(err)
			}
			p := topology.Plan(c.workers)
			if got := strings.Trim(fmt.Sprint(p.CPUs), "[]"); got != c.cpus {
				t.Errorf("CPUs %s, want %s", got, c.cpus)
			}
			if got := strings.Trim(fmt.Sprint(p.Nodes), "[]"); got != c.nodes {
				t.Errorf("nodes %s, want %s", got, c.nodes)
			}
		})
	}
}

func TestNothingAllowed(t *testing.T) {
	if _, err := Read(machine(1, 2, 1, "0-1"), []int{5}); err == nil {
		t.Error("no error")
	}
	if _, err := Read(fstest.MapFS{}, nil); err == nil {
		t.Error("no error without sysfs")
	}
}

func TestString(t *testing.T) {
	topology, err := Read(machine(2, 2, 2, "0-7"), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := `2 sockets, 2 nodes, 4 cores, 8 CPUs (8 online)
node 0 (1.0 GiB)
  socket 0: CPUs 0-1,4-5
node 1 (2.0 GiB)
  socket 1: CPUs 2-3,6-7
`
	if got := topology.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	want = "workers 0-1: node 0, CPUs 0,1\nworkers 2-3: node 1, CPUs 2,3\n"
	if got := topology.Plan(0).String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestHost(t *testing.T) {
	topology, err := Host()
	if err != nil {
		t.Fatal(err)
	}
	if p := topology.Plan(0); len(p.CPUs) == 0 || len(p.CPUs) != len(p.Nodes) {
		t.Errorf("plan %+v for\n%s", p, topology)
	}
}

func FuzzParseList(f *testing.F) {
	for _, s := range []string{"", "0", "0-3,8", "3-1", "-1", "0-99999999999", "1,1", ","} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ParseList(text)
		if err != nil {
			return
		}
		again, err := ParseList(FormatList(list))
		if err != nil || fmt.Sprint(again) != fmt.Sprint(list) {
			t.Errorf("%q: %v then %v (%v)", text, list, again, err)
		}
	})
}
