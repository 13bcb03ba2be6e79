"""What the benchmarks share: flernd as a server measured from outside, peers in processes of their own, a table of figures.

flernd is measured through psql: at the client by \\timing, in the executor by EXPLAIN (ANALYZE, FORMAT JSON). Server, peers and
reference are confined to the same cores; every figure is the best of several runs, and every answer is compared with the
peer's before it is timed.
"""
import atexit, json, os, shutil, socket, subprocess, sys, tempfile, time

SCRATCH = os.path.abspath(sys.argv[1])
THREADS = [int(a) for a in sys.argv[2:] if a] or [1, 2]


def pinned(threads, *command):
    return ["taskset", "-c", f"0-{threads - 1}", *command]


def run(*command, **kw):
    r = subprocess.run(command, text=True, capture_output=True, **kw)
    if r.returncode:
        sys.exit(f"{' '.join(command)[:200]}\n{r.stderr[-2000:]}")
    return r.stdout


class Server:
    def __init__(self, threads, models):
        self.dir = tempfile.mkdtemp(prefix="flernd-bench-")
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = str(s.getsockname()[1])
        start = time.perf_counter()
        self.process = subprocess.Popen(
            pinned(threads, "bin/flernd", "serve", "--data-dir", self.dir + "/db", "--listen", "127.0.0.1:" + self.port,
                   "--threads", str(threads), "--model-dir", models), stdout=subprocess.PIPE, text=True)
        atexit.register(self.close)
        if "ready" not in self.process.stdout.readline():
            sys.exit("flernd did not start")
        self.psql("select 1")
        self.start_s = time.perf_counter() - start

    def psql(self, *statements):
        args = [a for s in statements for a in ("-c", s)]
        return run("psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", self.port, "-U", "flern", "-d",
                   "flern", *args)

    def rows(self, sql):
        return [l.split("|") for l in self.psql("set flern.tier = 'best'", sql).splitlines()]

    def client_ms(self, *queries, before=()):
        out = self.psql(*before, "\\timing on", *queries)
        return [float(l.split()[1]) for l in out.splitlines() if l.startswith("Time: ")][-len(queries):]

    def explain(self, sql, before="set flern.tier = 'best'"):
        return json.loads(self.psql(before, "explain (analyze, format json) " + sql))[0]

    def peak_mb(self):
        pids = [self.process.pid] + [int(p) for p in run("pgrep", "-P", str(self.process.pid)).split()]
        total = 0
        for pid in pids:
            with open(f"/proc/{pid}/status") as f:
                total += sum(int(l.split()[1]) for l in f if l.startswith("VmHWM:"))
        return total / 1024

    def close(self):
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.dir, ignore_errors=True)


def python(cores, code, **values):
    source = "\n".join(f"{k} = {v!r}" for k, v in values.items()) + "\n" + code
    return run(*pinned(cores, sys.executable, "-c", source))


def check(name, got, want):
    """Ends the run if an answer is not the peer's: a figure of a wrong answer is none."""
    if len(got) != len(want) or not all(len(g) == len(w) and all(map(alike, g, w)) for g, w in zip(got, want)):
        sys.exit(f"{name}: flernd answers {got}, the peer {want}")


def alike(a, b):
    try:
        return a == b or abs(float(a) - float(b)) <= max(0.005, 1e-9 * abs(float(b)))  # the peer's avg is a double
    except ValueError:
        return False


def line(name, flernd, c="", peer="", note=""):
    print(f"{name:<34}{flernd:>14}{c:>14}{peer:>14}  {note}", flush=True)


def ms(v):
    return f"{v:.2f} ms"
