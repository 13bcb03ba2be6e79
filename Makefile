# flernd. `make` alone lists the targets.

GO          ?= go
VERSION     ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS     := -s -w -X github.com/flernd/flernd/internal/version.Stamp=$(VERSION)
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
CRT         := internal/compile/crt
PACKAGES    := ./cmd/... ./internal/...
CONCURRENT  := ./cmd/... ./internal/wire/... ./internal/storage/... ./internal/compile/cc ./internal/compile/exec
FUZZTIME    ?= 10s
DEMO_PORT   ?= 5433

export CGO_ENABLED = 0

.DEFAULT_GOAL := help
.PHONY: help deps build executor test test-slow race sanitize lint bench bench-ml demo fuzz clean

help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

deps: ## Install what building and testing need (Debian and its kin: by apt-get; elsewhere: says what)
	@scripts/deps.sh install

build: executor ## Build bin/flernd; installs nothing, but says what is missing
	@mkdir -p bin
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/flernd ./cmd/flernd

executor: # The C executor in its three instruction sets, embedded by the Go build.
	@scripts/deps.sh check
	@$(CRT)/build.sh

test: deps build lint ## Everything that is fast: dependencies, build, lint, Go tests
	$(GO) test $(PACKAGES)

test-slow: deps build sanitize race ## The long tests: many generated queries, crashes; sanitizers, race detector
	FLERND_SLOW=1 $(GO) test -timeout 60m $(PACKAGES)

race: deps build ## The Go tests of what runs concurrently, under Go's race detector
	CGO_ENABLED=1 $(GO) test -race $(CONCURRENT)
	CGO_ENABLED=1 $(GO) test -race ./internal/compile -queries 25

sanitize: deps build ## The C runtime under ASan, UBSan and TSan: its own tests, and compiled queries on executors built with them
	$(CRT)/build.sh asan tsan
	$(CRT)/test/run.sh asan
	FLERND_TEST_EXECUTOR=$(CURDIR)/$(CRT)/build/executor-asan ASAN_OPTIONS=detect_leaks=0 $(GO) test -count=1 ./internal/compile/exec \
		./internal/compile -run 'TestEndToEnd|TestDifferential|TestScan|TestStream|TestOrdered|TestImages'
	@rm -f build/tsan.* && mkdir -p build
	FLERND_TEST_EXECUTOR=$(CURDIR)/$(CRT)/build/executor-tsan TSAN_OPTIONS=log_path=$(CURDIR)/build/tsan $(GO) test -count=1 ./internal/compile/exec \
		./internal/compile -run 'TestEndToEnd|TestDifferential|TestLimit|TestScan|TestStream|TestOrdered|TestImages|TestMany|TestLarge|TestError|TestVery|TestBack|TestCancelW|TestChangeTo'
	@! cat build/tsan.* 2>/dev/null

lint: ## gofmt, go vet and staticcheck (the map of imports is a Go test: internal/imports_test.go)
	@unformatted="$$(gofmt -l cmd internal)"; if [ -n "$$unformatted" ]; then echo "gofmt needed:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet $(PACKAGES)
	$(GO) run $(STATICCHECK) $(PACKAGES)

bench: deps build ## The figures beside their peers and hand-written C (installs the peers in build/bench)
	@scripts/bench.sh

bench-ml: deps build ## The same for models inside queries (installs their libraries in build/bench)
	@scripts/bench-ml.sh

demo: deps build ## Load a sample, register a model, run the queries; leaves a server (ONCE=1: ends)
	@if [ -e build/demo/db/LOCK ] && ! flock -n build/demo/db/LOCK true; then \
		echo "the last demo's server still runs (process $$(cat build/demo/db/LOCK)): stop it first"; exit 1; fi
	@rm -rf build/demo && mkdir -p build/demo
	@bin/flernd demo --data-dir build/demo/db --listen 127.0.0.1:$(DEMO_PORT) $(if $(ONCE),--once)

fuzz: build ## Run every fuzz target for FUZZTIME (default 10s)
	@GO='$(GO)' FUZZTIME='$(FUZZTIME)' scripts/fuzz.sh

clean: ## Remove what was built
	rm -rf bin build $(CRT)/build
	rm -f $(CRT)/bin/executor-*
